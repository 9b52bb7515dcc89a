"""Products, their disciplines, and the printed list price over time."""

from __future__ import annotations

from django.db import models

from lingqu.organisation.models import Firm


class Discipline(models.Model):
    """A subject of products 专业, such as structures or electrical; product lines are granted by it."""

    code = models.CharField(max_length=10)
    publisher = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="disciplines", db_index=False)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)

    class Meta:
        """A code is used once by a publisher."""

        constraints = (models.UniqueConstraint(fields=("publisher", "code"), name="discipline_once"),)

    def __str__(self) -> str:
        """Return the Chinese name."""
        return self.name_zh


class Product(models.Model):
    """A title that the publisher sells."""

    publisher = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="products", db_index=False)
    discipline = models.ForeignKey(Discipline, on_delete=models.PROTECT, related_name="products")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=250, db_index=True)
    published_on = models.DateField(null=True)

    class Meta:
        """A product number is used once by a publisher."""

        constraints = (models.UniqueConstraint(fields=("publisher", "code"), name="product_once"),)

    def __str__(self) -> str:
        """Return number and name."""
        return f"{self.code} {self.name}"


class ListPrice(models.Model):
    """The printed price 定价 of a product from a day on, in yuan; four decimals because some sources carry them."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="list_prices", db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    since = models.DateField()

    class Meta:
        """One price a day, never negative."""

        constraints = (
            models.UniqueConstraint(fields=("product", "since"), name="listprice_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="listprice_not_negative"),
        )

    def __str__(self) -> str:
        """Return the price and its first day."""
        return f"{self.amount} since {self.since}"
