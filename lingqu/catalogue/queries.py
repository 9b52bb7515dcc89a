"""Read products with the price of a day, and what is known of them when a table comes in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Replace

from lingqu.base.pinyin import initials_pattern, joined_letters
from lingqu.catalogue.models import Discipline, ListPrice, Product
from lingqu.catalogue.rules import KnownPrice, PricedTitle, isbn_starts, read_isbn
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import ancestors


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
    """Return priced products whose number, name, pinyin (with or without blanks) or initials hold every word typed; five words are read.

    An ISBN, also its old form or only how it begins, with or without dashes, finds its title.
    """
    whole = read_isbn(words)
    if whole:
        return priced_products(publisher, on=on).filter(Q(isbn=whole) | Q(code__iexact=words.strip()))
    found = priced_products(publisher, on=on).alias(joined=Replace(F("pinyin"), Value(" "), Value("")))
    for word in words.split()[:5]:
        letters = joined_letters(word)
        asked = Q(code__icontains=word) | Q(name__icontains=word) | Q(pinyin__icontains=word)
        for start in isbn_starts(word):
            asked |= Q(isbn__startswith=start)
        if letters:
            asked |= Q(joined__contains=letters)
        if initials_pattern(letters):
            asked |= Q(pinyin__regex=initials_pattern(letters))
        found = found.filter(asked)
    return found


def publisher_above(firm: int) -> int:
    """Return the publisher at the root of the firm's branch, whose titles everybody below sells."""
    path = ancestors(firm).last()
    return path.ancestor_id if path else firm


def firm_of(publisher: int) -> Firm:
    """Return the publisher."""
    return Firm.objects.get(pk=publisher)


def disciplines_of(publisher: int) -> QuerySet[Discipline]:
    """Return the publisher's disciplines by code, each with how many titles stand under it (`titles`)."""
    return Discipline.objects.filter(publisher_id=publisher).annotate(titles=Count("products")).order_by("code")


def discipline_names(publisher: int) -> dict[str, int]:
    """Return the publisher's disciplines by code and by both names, with their ids."""
    found = Discipline.objects.filter(publisher_id=publisher).values_list("code", "name_zh", "name_en", "pk")
    return {name: pk for code, zh, en, pk in found for name in (code, zh, en)}


def known_titles(publisher: int, codes: Collection[str]) -> dict[str, PricedTitle]:
    """Return the publisher's titles with these numbers, by number, each with all its prices; two statements, however many."""
    prices: dict[str, list[KnownPrice]] = {}
    found = ListPrice.objects.filter(product__publisher_id=publisher, product__code__in=codes)
    for code, since, amount in found.values_list("product__code", "since", "amount"):
        prices.setdefault(code, []).append(KnownPrice(since, amount))
    titles = Product.objects.filter(publisher_id=publisher, code__in=codes).values_list("code", "name", "isbn")
    return {code: PricedTitle(name, isbn, prices.get(code, [])) for code, name, isbn in titles}


def codes_of_isbns(publisher: int, isbns: Collection[str]) -> dict[str, str]:
    """Return the numbers of the publisher's titles by their ISBN of 13 digits; those that no title has are left out."""
    wanted = {isbn for isbn in isbns if isbn}
    return dict(Product.objects.filter(publisher_id=publisher, isbn__in=wanted).values_list("isbn", "code")) if wanted else {}


def coming_prices(products: Collection[int], *, on: date) -> dict[int, ListPrice]:
    """Return the next list price of products that begins after the day."""
    found = ListPrice.objects.filter(product__in=products, since__gt=on).order_by("product_id", "since").distinct("product_id")
    return {price.product_id: price for price in found}
