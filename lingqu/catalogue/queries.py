"""Read products with the price of a day."""

from __future__ import annotations

from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Replace

from lingqu.base.pinyin import initials_pattern, joined_letters
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
    """Return priced products whose number, name, pinyin (with or without blanks) or initials hold every word typed, the first five."""
    found = priced_products(publisher, on=on).alias(joined=Replace(F("pinyin"), Value(" "), Value("")))
    for word in words.split()[:5]:
        letters = joined_letters(word)
        asked = Q(code__icontains=word) | Q(name__icontains=word) | Q(pinyin__icontains=word)
        if letters:
            asked |= Q(joined__contains=letters)
        if initials_pattern(letters):
            asked |= Q(pinyin__regex=initials_pattern(letters))
        found = found.filter(asked)
    return found
