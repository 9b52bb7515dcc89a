"""Price protection claims, their lines, the lines of requests that explain them, and what was taken back of them."""

from __future__ import annotations

from django.db import models

from lingqu.approvals.models import Approval
from lingqu.catalogue.models import ListPrice, Product
from lingqu.claims.states import ClaimState
from lingqu.credit.models import BatchCredit
from lingqu.orders.models import GoodsReturnLine, OrderLine
from lingqu.organisation.models import Firm, Person


class PriceClaim(models.Model):
    """A document 价格保护申请 (series JB): a partner is made good for copies that it has in stock after a price cut (M-17.1)."""

    number = models.CharField(max_length=30, unique=True)
    key = models.CharField(max_length=64, help_text="made by the sender before sending: the same key is the same claim")
    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False)
    buyer = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="price_claims", db_index=False)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ClaimState])
    note = models.CharField(max_length=400, blank=True, default="")
    copies = models.PositiveIntegerField(help_text="copies that are made good")
    amount = models.DecimalField(max_digits=16, decimal_places=2, help_text="yuan, the sum of the lines")
    window_days = models.PositiveIntegerField(help_text="days before a cut in which copies were shipped, as the regulation said")
    share = models.DecimalField(max_digits=5, decimal_places=2, help_text="percent of the difference, as the regulation said")
    regulation = models.CharField(max_length=60)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    credit = models.OneToOneField(BatchCredit, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    credited_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """A key is used once per person; what is credited has its credit, and nothing else has."""

        constraints = (
            models.UniqueConstraint(fields=("asked_by", "key"), name="priceclaim_key_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="priceclaim_of_something"),
            models.CheckConstraint(
                condition=models.Q(state="credited", credit__isnull=False) | ~models.Q(state="credited") & models.Q(credit__isnull=True),
                name="priceclaim_credited_has_credit",
            ),
        )
        indexes = (
            models.Index(fields=("seller", "-id"), name="priceclaim_of_seller"),
            models.Index(fields=("buyer", "-id"), name="priceclaim_of_buyer"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class PriceClaimLine(models.Model):
    """A title of a claim: its cut, the stock that the partner named, and what is made good of it."""

    claim = models.ForeignKey(PriceClaim, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    price = models.ForeignKey(ListPrice, on_delete=models.PROTECT, related_name="+", help_text="the new price, by which the cut is known")
    old_price = models.DecimalField(max_digits=14, decimal_places=4)
    stock = models.PositiveIntegerField(help_text="copies that the partner has, as it says")
    shipped = models.PositiveIntegerField(help_text="copies shipped in the window that had not come back")
    claimed = models.PositiveIntegerField(help_text="of them named by earlier claims")
    copies = models.PositiveIntegerField(help_text="copies that are made good")
    amount = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        """A line number stands once, and a line is of something."""

        constraints = (
            models.UniqueConstraint(fields=("claim", "line"), name="priceclaimline_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0, copies__gt=0), name="priceclaimline_of_something"),
        )

    def __str__(self) -> str:
        """Return claim and line."""
        return f"{self.claim_id}/{self.line}"


class PriceClaimSource(models.Model):
    """Copies of a line of a request that a claim names, and what a copy of it lost at list price."""

    claim_line = models.ForeignKey(PriceClaimLine, on_delete=models.PROTECT, related_name="sources")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveIntegerField()
    drop = models.DecimalField(max_digits=14, decimal_places=4)
    discount_bp = models.PositiveIntegerField()

    class Meta:
        """A source is of something."""

        constraints = (models.CheckConstraint(condition=models.Q(copies__gt=0, drop__gt=0), name="priceclaimsource_of_something"),)

    def __str__(self) -> str:
        """Return line and copies."""
        return f"{self.order_line_id}: {self.copies}"


class ReliefTakenBack(models.Model):
    """Copies that a claim made good came back: what had been credited for them is taken off their return's credit, yuan. Only added."""

    source = models.ForeignKey(PriceClaimSource, on_delete=models.PROTECT, related_name="taken_back", db_index=False)
    return_line = models.ForeignKey(GoodsReturnLine, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        """Once for a line of a return, and of something."""

        constraints = (
            models.UniqueConstraint(fields=("source", "return_line"), name="relieftakenback_once"),
            models.CheckConstraint(condition=models.Q(copies__gt=0, amount__gte=0), name="relieftakenback_of_something"),
        )

    def __str__(self) -> str:
        """Return source and copies."""
        return f"{self.source_id}: {self.copies}"
