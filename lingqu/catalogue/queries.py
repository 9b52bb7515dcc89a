"""Read products with the price of a day."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from lingqu.catalogue.models import ListPrice, Product


def priced_products(publisher: int, *, on: date) -> QuerySet[Product]:
    """Return the publisher's products that have a price on the day, each with `list_price`, by number."""
    price = ListPrice.objects.filter(product=OuterRef("pk"), since__lte=on).order_by("-since").values("amount")[:1]
    return (
        Product.objects.filter(publisher_id=publisher)
        .annotate(list_price=Subquery(price))
        .filter(list_price__isnull=False)
        .select_related("discipline")
        .order_by("code")
    )


def search_products(publisher: int, words: str, *, on: date) -> QuerySet[Product]:
    """Return priced products whose number, name or pinyin holds every word typed."""
    found = priced_products(publisher, on=on)
    for word in words.split()[:5]:
        found = found.filter(Q(code__icontains=word) | Q(name__icontains=word) | Q(pinyin__icontains=word))
    return found
