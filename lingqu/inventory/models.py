"""Where goods lie, and the lots in which they came. Quantities themselves are balances of the ledger; lots say which copies they are."""

from __future__ import annotations

from django.db import models

from lingqu.approvals.models import Approval
from lingqu.catalogue.models import Product
from lingqu.inventory.states import CountState, LotMoveKind
from lingqu.ledger.models import Account
from lingqu.organisation.models import Firm, Person


class Warehouse(models.Model):
    """A place where a firm keeps stock; a firm without one keeps its stock elsewhere, and the stock law does not judge it."""

    firm = models.OneToOneField(Firm, on_delete=models.PROTECT, related_name="warehouse")
    name = models.CharField(max_length=60)
    sink = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", help_text="account to which shipped goods go")

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class StockItem(models.Model):
    """A product in a warehouse, with the ledger account that counts its copies."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="items", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="stock_items")
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """A product stands once in a warehouse."""

        constraints = (models.UniqueConstraint(fields=("warehouse", "product"), name="stockitem_once"),)

    def __str__(self) -> str:
        """Return product and place."""
        return f"{self.product_id} in {self.warehouse_id}"


class GoodsIn(models.Model):
    """Copies came into a warehouse, from the printer or as an opening balance."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="goods_in")
    number = models.CharField(max_length=30, unique=True)
    key = models.CharField(max_length=64, blank=True, default="", help_text="made before sending: the same key is the same paper")
    received_on = models.DateField()
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, default="")
    supplier = models.CharField(max_length=120, blank=True, default="", db_default="", help_text="the printer or whoever sent the goods")
    their_number = models.CharField(max_length=60, blank=True, default="", db_default="", help_text="number of the sender's own paper")

    class Meta:
        """A key is used once per warehouse; a paper without one was not sent by a form."""

        constraints = (models.UniqueConstraint(fields=("warehouse", "key"), condition=~models.Q(key=""), name="goodsin_key_once"),)

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class Lot(models.Model):
    """Copies of a product that came in together 批次库存: first in, first out (M-16.5). The lots of a product add up to its balance."""

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="lots", db_index=False)
    number = models.CharField(max_length=60, help_text="the printer's lot, or the paper with which it came")
    edition = models.CharField(max_length=40, blank=True, default="")
    received_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="last day on which it may be sold, as when a new edition replaces it")
    came = models.PositiveIntegerField(help_text="copies that came in at first")
    remaining = models.PositiveIntegerField()

    class Meta:
        """A lot of a product is one row; those with copies left are found in the order in which they leave."""

        constraints = (models.UniqueConstraint(fields=("item", "received_on", "number", "edition"), name="lot_once"),)
        indexes = (models.Index(fields=("item", "received_on", "number", "id"), condition=models.Q(remaining__gt=0), name="lot_to_pick"),)

    def __str__(self) -> str:
        """Return number and day."""
        return f"{self.number} of {self.received_on}"


class LotMove(models.Model):
    """Copies came into a lot (positive) or left it, by a document. Never changed; a lot is the sum of its moves."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=6, choices=[(kind.value, kind.value) for kind in LotMoveKind])
    copies = models.IntegerField()
    document_kind = models.CharField(max_length=20)
    document_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """Something moved; the moves of a document are found by it."""

        constraints = (models.CheckConstraint(condition=~models.Q(copies=0), name="lotmove_of_something"),)
        indexes = (models.Index(fields=("document_kind", "document_id"), name="lotmove_of_document"),)

    def __str__(self) -> str:
        """Return kind and copies."""
        return f"{self.kind} {self.copies}"


class StockCount(models.Model):
    """A document 盘点单: what lies on the shelves is counted; the differences are booked once they are approved (M-16.5)."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="counts", db_index=False)
    number = models.CharField(max_length=30, unique=True)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in CountState])
    note = models.CharField(max_length=200, blank=True, default="")
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    value = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="list price of all differences, in yuan")
    regulation = models.CharField(max_length=60, blank=True, default="")
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """One at a time in a warehouse, so that no difference is booked twice."""

        constraints = (
            models.UniqueConstraint(
                fields=("warehouse",), condition=models.Q(state__in=("open", "asked", "sent_back")), name="stockcount_one_at_a_time"
            ),
        )
        indexes = (models.Index(fields=("warehouse", "-id"), name="stockcount_of_warehouse"),)

    def __str__(self) -> str:
        """Return number and state."""
        return f"{self.number} {self.state}"


class StockCountLine(models.Model):
    """A title of a count: copies by the books at the moment in which it was counted, and copies on the shelf."""

    count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="lines", db_index=False)
    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="+")
    book = models.PositiveIntegerField(null=True)
    counted = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    counted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField(null=True)

    class Meta:
        """A title stands once in a count; both numbers or none."""

        constraints = (
            models.UniqueConstraint(fields=("count", "item"), name="stockcountline_once"),
            models.CheckConstraint(
                condition=models.Q(book__isnull=True, counted__isnull=True) | models.Q(book__isnull=False, counted__isnull=False),
                name="stockcountline_both",
            ),
        )

    def __str__(self) -> str:
        """Return count and title."""
        return f"{self.count_id}: {self.item_id}"
