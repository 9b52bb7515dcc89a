"""Return requests, what they name and what was counted; transfers between two partners; and which papers booked them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest

from lingqu.approvals.models import Approval
from lingqu.catalogue.models import Product
from lingqu.credit.models import BatchCredit
from lingqu.inventory.models import GoodsIn
from lingqu.orders.models import GoodsReturn, Order, OrderLine
from lingqu.organisation.models import Firm, Person
from lingqu.returns.states import REASONS, Condition, Rest, ReturnState, TransferState

RELIEF = "credited for them already when their list price fell, as it stood when they were asked for, yuan"
BY_NUMBER = "numbers of the documents, by blanks"


class ReturnRequest(models.Model):
    """A document 退货申请 (series TS): a partner asks to send goods back, with or without the papers with which they came."""

    number = models.CharField(max_length=30, unique=True)
    key = models.CharField(max_length=64, help_text="made by the sender before sending: the same key is the same request")
    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False)
    buyer = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="return_requests", db_index=False)
    order = models.ForeignKey(
        Order, null=True, on_delete=models.PROTECT, related_name="return_requests", help_text="the request from which they are, when known"
    )  # fmt: skip
    reason = models.CharField(max_length=12, choices=[(reason.value, reason.value) for reason in REASONS])
    note = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ReturnState])
    caps = models.TextField(help_text="the caps as they were judged when it was asked or last sent up, canonical JSON")
    within = models.BooleanField(help_text="all caps were kept")
    copies = models.PositiveIntegerField()
    list_value = models.DecimalField(max_digits=16, decimal_places=2)
    net = models.DecimalField(max_digits=16, decimal_places=2, help_text="what would be credited, yuan")
    regulation = models.CharField(max_length=60)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=400, blank=True, default="", help_text="why it should pass although a cap is not kept")
    agreed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    lapses_on = models.DateField(null=True, help_text="goods that have not come by the day before come too late")
    counted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField(null=True)
    rest = models.CharField(max_length=10, blank=True, default="", choices=[(rest.value, rest.value) for rest in Rest])
    credited = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="what was credited, yuan")
    credit = models.ForeignKey(
        BatchCredit, null=True, on_delete=models.PROTECT, related_name="+", help_text="of copies that no request explains"
    )  # fmt: skip
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """A key is used once per partner; lists read by either firm."""

        constraints = (
            models.UniqueConstraint(fields=("buyer", "key"), name="returnrequest_key_once"),
            models.CheckConstraint(condition=Q(net__gte=0, credited__gte=0), name="returnrequest_not_negative"),
        )
        indexes = (
            models.Index(fields=("seller", "-id"), name="returnrequest_of_seller"),
            models.Index(fields=("buyer", "-id"), name="returnrequest_of_buyer"),
            models.Index(fields=("lapses_on",), condition=Q(state="agreed"), name="returnrequest_to_come"),
            models.Index(Greatest("asked_at", "agreed_at", "counted_at", "ended_at"), name="returnrequest_changed"),
            models.Index(fields=("id",), condition=Q(state__in=("deciding", "sent_back")), name="returnrequest_deciding"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class ReturnLine(models.Model):
    """A title of a return request: copies asked, and as the warehouse counted them; `extra` are those that no request explains."""

    request = models.ForeignKey(ReturnRequest, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveIntegerField()
    condition = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Condition])
    list_price = models.DecimalField(max_digits=14, decimal_places=4, help_text="of the day on which it was asked")
    extra = models.PositiveIntegerField(default=0)
    extra_price = models.DecimalField(
        max_digits=14, decimal_places=4, null=True, help_text="net yuan a copy, proposed by the seller's people"
    )  # fmt: skip
    good = models.PositiveIntegerField(null=True)
    damaged = models.PositiveIntegerField(null=True)
    foreign = models.PositiveIntegerField(null=True, help_text="copies that are not the seller's, or more than agreed")
    accepted = models.PositiveIntegerField(default=0)
    credited = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        """A line number stands once; never more accepted than asked."""

        constraints = (
            models.UniqueConstraint(fields=("request", "line"), name="returnline_once"),
            models.CheckConstraint(condition=Q(copies__gt=0, extra__lte=F("copies")), name="returnline_of_something"),
            models.CheckConstraint(condition=Q(accepted__lte=F("copies")), name="returnline_accepted_within"),
        )

    def __str__(self) -> str:
        """Return request and line."""
        return f"{self.request_id}/{self.line}"


class ReturnSource(models.Model):
    """Copies of a line that a request explains: they were shipped with it, and would be credited to its batch."""

    return_line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="sources", db_index=False)
    place = models.PositiveSmallIntegerField(help_text="1, 2, 3 … the last shipped first")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveIntegerField()
    net = models.DecimalField(max_digits=16, decimal_places=2)
    relief = models.DecimalField(max_digits=16, decimal_places=2, default=0, db_default=0, help_text=RELIEF)
    relief_by = models.CharField(max_length=200, blank=True, default="", db_default="", help_text=BY_NUMBER)
    shipped_on = models.DateField(help_text="when the oldest of them were shipped")

    class Meta:
        """A place stands once."""

        constraints = (
            models.UniqueConstraint(fields=("return_line", "place"), name="returnsource_once"),
            models.CheckConstraint(condition=Q(copies__gt=0), name="returnsource_of_something"),
        )

    def __str__(self) -> str:
        """Return line and copies."""
        return f"{self.order_line_id}: {self.copies}"


class Transfer(models.Model):
    """A document 调货 (series DH): goods that one partner has go to another, with papers (M-16.3.3.2)."""

    number = models.CharField(max_length=30, unique=True)
    key = models.CharField(max_length=64)
    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="transfers")
    giver = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in TransferState])
    copies = models.PositiveIntegerField()
    list_value = models.DecimalField(max_digits=16, decimal_places=2)
    net = models.DecimalField(max_digits=16, decimal_places=2, help_text="what the giver would be credited, yuan")
    regulation = models.CharField(max_length=60)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="absent asker")
    asked_at = models.DateTimeField()
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    order = models.OneToOneField(
        Order, null=True, on_delete=models.PROTECT, related_name="transfer", help_text="the taker's purchase request"
    )  # fmt: skip
    given_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    moved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(null=True)
    credited = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """Between two different partners; a key is used once per seller."""

        constraints = (
            models.UniqueConstraint(fields=("seller", "key"), name="transfer_key_once"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="transfer_between_two"),
        )
        indexes = (
            models.Index(Greatest("asked_at", "given_at", "taken_at", "moved_at", "ended_at"), name="transfer_changed"),
            models.Index(fields=("id",), condition=Q(state__in=("deciding", "sent_back", "agreed", "ordered")), name="transfer_going"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class TransferLine(models.Model):
    """A title of a transfer: copies, and as the giver and the taker counted them."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveIntegerField()
    given = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(null=True)

    class Meta:
        """A line number and a title stand once; nobody counts more than was agreed."""

        constraints = (
            models.UniqueConstraint(fields=("transfer", "line"), name="transferline_once"),
            models.UniqueConstraint(fields=("transfer", "product"), name="transferline_title_once"),
            models.CheckConstraint(condition=Q(copies__gt=0), name="transferline_of_something"),
            models.CheckConstraint(
                condition=(Q(given__isnull=True) | Q(given__lte=F("copies"))) & (Q(taken__isnull=True) | Q(taken__lte=F("copies"))),
                name="transferline_counted_within",
            ),
        )

    def __str__(self) -> str:
        """Return transfer and line."""
        return f"{self.transfer_id}/{self.line}"


class TransferSource(models.Model):
    """Copies of a line that were shipped to the giver with a request, the last shipped first."""

    transfer_line = models.ForeignKey(TransferLine, on_delete=models.PROTECT, related_name="sources", db_index=False)
    place = models.PositiveSmallIntegerField()
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveIntegerField()
    net = models.DecimalField(max_digits=16, decimal_places=2)
    relief = models.DecimalField(max_digits=16, decimal_places=2, default=0, db_default=0, help_text=RELIEF)
    relief_by = models.CharField(max_length=200, blank=True, default="", db_default="", help_text=BY_NUMBER)

    class Meta:
        """A place stands once."""

        constraints = (
            models.UniqueConstraint(fields=("transfer_line", "place"), name="transfersource_once"),
            models.CheckConstraint(condition=Q(copies__gt=0), name="transfersource_of_something"),
        )

    def __str__(self) -> str:
        """Return line and copies."""
        return f"{self.order_line_id}: {self.copies}"


class ReturnPaper(models.Model):
    """Which paper of the warehouse booked a return request or a transfer: goods of a request that came back, or copies that came in."""

    request = models.ForeignKey(ReturnRequest, null=True, on_delete=models.PROTECT, related_name="papers")
    transfer = models.ForeignKey(Transfer, null=True, on_delete=models.PROTECT, related_name="papers")
    goods_return = models.OneToOneField(GoodsReturn, null=True, on_delete=models.PROTECT, related_name="booked_by")
    goods_in = models.OneToOneField(GoodsIn, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """One document, one paper."""

        constraints = (
            models.CheckConstraint(
                condition=Q(request__isnull=False, transfer__isnull=True) | Q(request__isnull=True, transfer__isnull=False),
                name="returnpaper_of_one",
            ),
            models.CheckConstraint(
                condition=Q(goods_return__isnull=False, goods_in__isnull=True) | Q(goods_return__isnull=True, goods_in__isnull=False),
                name="returnpaper_is_one",
            ),
        )

    def __str__(self) -> str:
        """Return what it booked."""
        return f"{self.request_id or self.transfer_id}"
