"""Products, their disciplines, the printed list price over time, and special prices."""

from __future__ import annotations

from django.db import models

from lingqu.approvals.models import Approval
from lingqu.catalogue.states import SpecialKind, SpecialState
from lingqu.organisation.models import Firm, Person


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
    isbn = models.CharField(max_length=13, blank=True, default="", help_text="13 digits without dashes; empty without one")

    class Meta:
        """A product number, and an ISBN, is used once by a publisher."""

        constraints = (
            models.UniqueConstraint(fields=("publisher", "code"), name="product_once"),
            models.UniqueConstraint(fields=("publisher", "isbn"), condition=~models.Q(isbn=""), name="product_isbn_once"),
            models.CheckConstraint(condition=models.Q(isbn="") | models.Q(isbn__regex=r"^97[89][0-9]{10}$"), name="product_isbn_digits"),
        )
        indexes = (models.Index(fields=("isbn",), opclasses=("varchar_pattern_ops",), condition=~models.Q(isbn=""), name="product_isbn"),)

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


class SpecialPrice(models.Model):
    """A document 特价: a partner pays less than the rule for one title, from a day to a day, for so many copies at most (M-17.1)."""

    number = models.CharField(max_length=30, unique=True)
    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="special_prices")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in SpecialKind])
    customer = models.CharField(max_length=120, blank=True, default="", help_text="the school or the bid that it is for")
    discount_bp = models.PositiveIntegerField(help_text="basis points of the list price that are paid")
    copies = models.PositiveIntegerField(help_text="greatest number of copies")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=400)
    given_up = models.DecimalField(max_digits=16, decimal_places=2, help_text="yuan below the rule for all copies; chooses the route")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in SpecialState])
    regulation = models.CharField(max_length=60)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """It begins before it ends, and is of something."""

        constraints = (
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="specialprice_days"),
            models.CheckConstraint(condition=models.Q(copies__gt=0), name="specialprice_of_something"),
        )
        indexes = (models.Index(fields=("seller", "buyer", "product"), condition=models.Q(state="granted"), name="specialprice_granted"),)

    def __str__(self) -> str:
        """Return number and state."""
        return f"{self.number} {self.state}"
