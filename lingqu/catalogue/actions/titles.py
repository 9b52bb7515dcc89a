"""Bring titles in from a table: new ones with their first price, and new prices of known ones from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text
from lingqu.catalogue.access import may_bring_titles_in
from lingqu.catalogue.actions.products import NewProduct, check_isbns, enter_products
from lingqu.catalogue.models import Discipline, ListPrice, Product
from lingqu.catalogue.rules import KnownPrice, TitleChange, change_of
from lingqu.organisation.models import Firm, Person
from lingqu.organisation.queries import Acting

MOST_TITLES = 5_000


class NewTitle(msgspec.Struct, frozen=True):
    """A title as a table says it: its price in yuan holds from the day `since` on; an empty ISBN says nothing of it."""

    code: str
    name: str
    discipline: str
    list_price: Decimal
    since: date
    isbn: str = ""


class BroughtIn(msgspec.Struct, frozen=True):
    """How many titles are new, have a new price from a day on, and were so already; and how many known ones have another ISBN now."""

    new: int
    priced: int
    same: int
    numbered: int = 0


@transaction.atomic
def bring_titles_in(publisher: Firm, titles: Sequence[NewTitle], *, by: Acting, at: datetime, on: date) -> BroughtIn:
    """Enter titles that are not known and prices that are new, and return how many; the same table again changes nothing.

    A price of a known title begins today or later: what was sold is never priced anew. An ISBN that a row gives is the title's from
    now on. Refuses people who may not, more than 5,000 titles, an unknown discipline, an ISBN that is none or another title's, and a
    price that `change_of` refuses; nothing is written then.
    """
    if not may_bring_titles_in(by, publisher.pk):
        raise forbidden(Text("品种和定价由市场研究人员或营销主管导入。", "Titles and prices are brought in by research or the manager."))
    if len(titles) > MOST_TITLES:
        raise bad_input("file", Text(f"一次最多 {MOST_TITLES:,} 个品种。", f"At most {MOST_TITLES:,} titles at a time."))
    # Two tables at once wait for each other here, so that a title is entered once. NO KEY: who only names the firm does not wait.
    Firm.objects.select_for_update(no_key=True).get(pk=publisher.pk)
    known = {product.code: product for product in Product.objects.filter(publisher=publisher, code__in=[one.code for one in titles])}
    prices: dict[str, list[KnownPrice]] = {}
    for code, since, amount in ListPrice.objects.filter(product__in=known.values()).values_list("product__code", "since", "amount"):
        prices.setdefault(code, []).append(KnownPrice(since, amount))
    changes = [(one, _change(one, one.code in known, prices.get(one.code, []), on)) for one in titles]
    names = {name: one.code for one in Discipline.objects.filter(publisher=publisher) for name in (one.code, one.name_zh, one.name_en)}
    new = [
        NewProduct(one.code, one.name, names.get(one.discipline, one.discipline), one.list_price, one.since, one.isbn)
        for one, change in changes if change is TitleChange.NEW
    ]  # fmt: skip
    enter_products(publisher, new, by=Person(pk=by.person), at=at)
    priced = [(known[one.code], one) for one, change in changes if change is TitleChange.PRICED]
    ListPrice.objects.bulk_create([ListPrice(product=product, amount=one.list_price, since=one.since) for product, one in priced])
    deeds = [Deed("price", "product", product.pk, {"list_price": str(one.list_price), "since": str(one.since)}) for product, one in priced]
    record(deeds, by=by.person, at=at)
    numbered = _number_anew(publisher, titles, known, by=by, at=at)
    changed = {*(one.code for one in new), *(one.code for _, one in priced), *numbered}
    return BroughtIn(len(new), len(priced), len(titles) - len(changed), len(numbered))


def _number_anew(publisher: Firm, titles: Sequence[NewTitle], known: Mapping[str, Product], *, by: Acting, at: datetime) -> set[str]:
    """Give known titles the ISBN that the table has for them, and return the numbers of those that had none or another."""
    isbns = check_isbns(publisher, {one.code: one.isbn for one in titles if one.isbn and one.code in known})
    changed = {code: isbn for code, isbn in isbns.items() if known[code].isbn != isbn}
    deeds = []
    for code, isbn in changed.items():
        product = known[code]
        deeds.append(Deed("edit", "product", product.pk, {"isbn": isbn}, {"isbn": product.isbn}))
        product.isbn = isbn
    Product.objects.bulk_update([known[code] for code in changed], ["isbn"])
    record(deeds, by=by.person, at=at)
    return set(changed)


def _change(title: NewTitle, known: bool, prices: Sequence[KnownPrice], on: date) -> TitleChange:  # noqa: FBT001 - a fact among facts
    change, why = change_of(title.list_price, title.since, prices if known else None, on=on)
    if why:
        raise Refusal("wrong_price", Text(f"{title.code}：{why.zh}", f"{title.code}: {why.en}"), status=422)
    return change
