"""Purchase requests: one `Order` for every channel, with its lines, decisions, special signatures, deliveries, differences and returns."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest

from lingqu.approvals.models import Approval
from lingqu.catalogue.models import Product, SpecialPrice
from lingqu.credit.models import BatchCredit, Waiver
from lingqu.orders.states import (
    DeliveryState,
    DifferenceAnswer,
    DifferenceKind,
    DifferenceState,
    FreightPayer,
    OrderState,
    ReturnReason,
    Shortage,
    SignatureState,
    Source,
)
from lingqu.organisation.models import Firm, Person


class Order(models.Model):
    """A purchase request 进货申请 and everything that becomes of it. Totals are sums of its rounded lines."""

    number = models.CharField(max_length=30)
    key = models.CharField(max_length=64, help_text="made by the sender before sending: the same key is the same request")
    channel = models.CharField(max_length=10, default="product")
    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="orders_in", db_index=False)
    buyer = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="orders_out", db_index=False)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in OrderState])
    source = models.CharField(max_length=10, choices=[(source.value, source.value) for source in Source])
    shortage = models.CharField(max_length=10, choices=[(choice.value, choice.value) for choice in Shortage])
    delivery_division = models.CharField(max_length=6)
    note = models.CharField(max_length=200, blank=True, default="")
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    submitted_at = models.DateTimeField()
    answer_until = models.DateTimeField(null=True, help_text="end of the answer time and of the hold (M-16.3.1); empty: no clock runs yet")
    needs_contract = models.BooleanField(default=False, help_text="no yearly contract covers it: a stamped one comes with it")
    received_at = models.DateTimeField(null=True, help_text="when request and contract were both there and the clock began")
    late = models.BooleanField(default=False, db_default=False, help_text="an answer time of it ended without an answer")
    escalated_at = models.DateTimeField(null=True, help_text="when its late answer was told to the manager")
    escalated_again_at = models.DateTimeField(null=True, help_text="when it was told to the director, a working day later")
    countersigned = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="how the countersigned contract went back on paper"
    )
    origin = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="descendants", db_index=False,
        help_text="the request from which it was split, or into which it was merged",
    )  # fmt: skip
    titles = models.PositiveIntegerField()
    copies = models.PositiveIntegerField()
    list_value = models.DecimalField(max_digits=16, decimal_places=2)
    net = models.DecimalField(max_digits=16, decimal_places=2)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ship_on = models.DateField(null=True, help_text="ship date promised at acceptance")
    answer = models.CharField(max_length=200, blank=True, default="", help_text="reason of a refusal by a person")
    settled_on = models.DateField(null=True)

    class Meta:
        """A key is used once per buyer; nobody orders from themselves.

        Every index costs each request: those here serve the lists, what they begin with serves the foreign keys too.
        """

        constraints = (
            models.UniqueConstraint(fields=("number",), name="order_number_once"),
            models.UniqueConstraint(fields=("buyer", "key"), name="order_key_once"),
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="order_between_two"),
            models.CheckConstraint(condition=Q(net__gte=0, list_value__gte=0), name="order_not_negative"),
        )
        indexes = (
            models.Index(fields=("seller", "-id"), name="order_of_seller"),
            models.Index(fields=("buyer", "-id"), name="order_of_buyer"),
            models.Index(
                fields=("seller", "state", "id"),
                name="order_waiting",
                condition=Q(state__in=("papers", "held", "review", "expired", "accepted", "part_shipped")),
            ),
            models.Index(
                fields=("seller", "answer_until", "id"), name="order_to_answer", condition=Q(state__in=("held", "review", "expired"))
            ),
            models.Index(fields=("buyer", "state"), name="order_asked_by", condition=Q(state__in=("held", "review", "expired"))),
            models.Index(fields=("seller", "ship_on", "id"), name="order_to_ship", condition=Q(state__in=("accepted", "part_shipped"))),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class OrderLine(models.Model):
    """One title of a request."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="order_lines")
    copies = models.PositiveIntegerField()
    reserved = models.PositiveIntegerField(help_text="copies held in stock for this line")
    shipped = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    special = models.ForeignKey(SpecialPrice, null=True, on_delete=models.PROTECT, related_name="order_lines", db_index=False)
    list_price = models.DecimalField(max_digits=14, decimal_places=4)
    list_value = models.DecimalField(max_digits=16, decimal_places=2)
    discount_bp = models.PositiveIntegerField()
    net = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        """A line number stands once."""

        constraints = (
            models.UniqueConstraint(fields=("order", "line"), name="orderline_once"),
            models.CheckConstraint(condition=Q(shipped__lte=F("copies")), name="orderline_shipped_within"),
            models.CheckConstraint(condition=Q(returned__lte=F("shipped")), name="orderline_returned_within"),
        )
        indexes = (models.Index(fields=("special",), name="orderline_special", condition=Q(special__isnull=False)),)

    def __str__(self) -> str:
        """Return order and line."""
        return f"{self.order_id}/{self.line}"


class StoredDecision(models.Model):
    """A decision as it was made: the facts and the answer, as canonical JSON texts, byte for byte. Never changed."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=10)
    failed = models.CharField(max_length=80, blank=True, default="", help_text="names of the failed laws, separated by blanks")
    regulation = models.CharField(max_length=60)
    facts = models.TextField()
    decision = models.TextField()

    def __str__(self) -> str:
        """Return the verdict."""
        return f"{self.order_id}: {self.verdict}"


class Delivery(models.Model):
    """Goods of a request left the warehouse."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deliveries")
    number = models.CharField(max_length=30, unique=True)
    shipped_at = models.DateTimeField()
    shipped_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    waybill = models.CharField(max_length=60, blank=True, default="", help_text="of its first parcel, as lists show it")
    carrier = models.CharField(max_length=60, blank=True, default="", db_default="")
    payer = models.CharField(
        max_length=10, choices=[(payer.value, payer.value) for payer in FreightPayer], blank=True, default="", db_default="",
        help_text="who pays the carrier; empty: nobody said",
    )  # fmt: skip
    freight = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="yuan paid to the carrier, when known")
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in DeliveryState], default="sent", db_default="sent"
    )
    received_at = models.DateTimeField(null=True, help_text="when the receiver confirmed it, or first reported differences")
    received_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reminded_at = models.DateTimeField(null=True, help_text="when the receiver was reminded that nobody confirmed it")
    late_allowed_at = models.DateTimeField(null=True, help_text="when the manager consented to differences reported late (M-16.3.2)")
    late_allowed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    late_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        """Those that nobody has confirmed are looked for again and again, and other systems ask what changed."""

        indexes = (
            models.Index(fields=("shipped_at",), name="delivery_unconfirmed", condition=Q(state="sent")),
            models.Index(Greatest("shipped_at", "received_at", "late_allowed_at"), name="delivery_changed"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class Parcel(models.Model):
    """One parcel of a delivery 件: number n of m, with the number that the carrier calls it by."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="parcels", db_index=False)
    number = models.PositiveSmallIntegerField()
    waybill = models.CharField(max_length=60, blank=True, default="")
    weight = models.DecimalField(max_digits=8, decimal_places=2, null=True, help_text="kilograms")
    copies = models.PositiveIntegerField(null=True)

    class Meta:
        """A parcel stands once in its delivery, and is found by its waybill."""

        constraints = (models.UniqueConstraint(fields=("delivery", "number"), name="parcel_once"),)
        indexes = (models.Index(fields=("waybill",), name="parcel_waybill", opclasses=("varchar_pattern_ops",), condition=~Q(waybill="")),)

    def __str__(self) -> str:
        """Return number and waybill."""
        return f"{self.number}: {self.waybill}"


class DeliveryLine(models.Model):
    """Copies of one line in a delivery."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="delivered")
    copies = models.PositiveIntegerField()

    class Meta:
        """Something was delivered."""

        constraints = (models.CheckConstraint(condition=Q(copies__gt=0), name="deliveryline_of_something"),)

    def __str__(self) -> str:
        """Return line and copies."""
        return f"{self.order_line_id}: {self.copies}"


class SignatureRequest(models.Model):
    """A document: the representative asks that a request pass although laws fail that may be waived (M-16.3.3.1).

    `laws`, `amount` and `batches` are what the newest decision needs; a chain decides, and what it lets through is a waiver.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="signatures")
    number = models.CharField(max_length=30, unique=True)
    decision = models.ForeignKey(StoredDecision, on_delete=models.PROTECT, related_name="+")
    laws = models.CharField(max_length=80, help_text="names of the laws, separated by blanks")
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="yuan over the limit")
    batches = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in SignatureState])
    regulation = models.CharField(max_length=60)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="absent asker")
    asked_at = models.DateTimeField()
    waiver = models.ForeignKey(Waiver, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """One on its way per request."""

        constraints = (
            models.UniqueConstraint(
                fields=("order",), condition=Q(state__in=("asked", "sent_back")), name="signaturerequest_one_on_its_way"
            ),
        )

    def __str__(self) -> str:
        """Return number and state."""
        return f"{self.number} {self.state}"


class GoodsReturn(models.Model):
    """A document: goods of a request came back, were counted, and are credited at what was paid for them."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    number = models.CharField(max_length=30, unique=True)
    reason = models.CharField(max_length=12, choices=[(reason.value, reason.value) for reason in ReturnReason])
    note = models.CharField(max_length=200, blank=True, default="")
    credit = models.ForeignKey(BatchCredit, null=True, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class GoodsReturnLine(models.Model):
    """Copies of one line that came back, and their original net in yuan; they are credited at it less `relief`."""

    goods_return = models.ForeignKey(GoodsReturn, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="returns")
    copies = models.PositiveIntegerField()
    net = models.DecimalField(max_digits=16, decimal_places=2)
    relief = models.DecimalField(
        max_digits=16, decimal_places=2, default=0, db_default=0,
        help_text="credited for them already when their list price fell, yuan; not credited again",
    )  # fmt: skip
    relief_by = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="numbers of the documents, by blanks")

    class Meta:
        """Something came back, and no more than its net was credited before."""

        constraints = (
            models.CheckConstraint(condition=Q(copies__gt=0), name="goodsreturnline_of_something"),
            models.CheckConstraint(condition=Q(relief__gte=0, relief__lte=models.F("net")), name="goodsreturnline_relief_within"),
        )

    def __str__(self) -> str:
        """Return line and copies."""
        return f"{self.order_line_id}: {self.copies}"


class Difference(models.Model):
    """A document: what the receiver counted differs from the delivery note (M-16.3.2). The warehouse looks, the seller answers."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="differences")
    number = models.CharField(max_length=30, unique=True)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in DifferenceState])
    note = models.CharField(max_length=400, blank=True, default="")
    late = models.BooleanField(default=False, help_text="reported after its time, with the manager's consent")
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    counted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    goods_return = models.ForeignKey(
        GoodsReturn, null=True, on_delete=models.PROTECT, related_name="differences", help_text="by which its copies were credited"
    )

    class Meta:
        """Of a delivery one report at most waits for its answer."""

        constraints = (models.UniqueConstraint(fields=("delivery",), condition=~Q(state="answered"), name="difference_one_open"),)
        indexes = (models.Index(Greatest("reported_at", "counted_at", "answered_at"), name="difference_changed"),)

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class DifferenceLine(models.Model):
    """Copies of one line that differ in one way. `found` are those that the warehouse has, where stock is kept; the rest is lost."""

    difference = models.ForeignKey(Difference, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in DifferenceKind])
    copies = models.PositiveIntegerField()
    found = models.PositiveIntegerField(null=True)
    answer = models.CharField(max_length=12, choices=[(one.value, one.value) for one in DifferenceAnswer], blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        """A line differs once in a way; no more is found than is missing."""

        constraints = (
            models.UniqueConstraint(fields=("difference", "order_line", "kind"), name="differenceline_once"),
            models.CheckConstraint(condition=Q(copies__gt=0), name="differenceline_of_something"),
            models.CheckConstraint(condition=Q(found__isnull=True) | Q(found__lte=F("copies")), name="differenceline_found_within"),
        )

    def __str__(self) -> str:
        """Return line, kind and copies."""
        return f"{self.order_line_id} {self.kind} {self.copies}"
