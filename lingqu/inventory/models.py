"""Where goods lie. Quantities themselves are balances of the ledger."""

from __future__ import annotations

from django.db import models

from lingqu.catalogue.models import Product
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

    class Meta:
        """A key is used once per warehouse; a paper without one was not sent by a form."""

        constraints = (models.UniqueConstraint(fields=("warehouse", "key"), condition=~models.Q(key=""), name="goodsin_key_once"),)

    def __str__(self) -> str:
        """Return its number."""
        return self.number
