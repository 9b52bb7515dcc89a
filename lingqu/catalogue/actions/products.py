"""Enter products and their list prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.names import pinyin_key
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.catalogue.models import Discipline, ListPrice, Product
from lingqu.catalogue.queries import codes_of_isbns
from lingqu.catalogue.rules import read_isbn
from lingqu.organisation.models import Firm, Person

MOST_PRODUCTS = 5_000


class NewProduct(msgspec.Struct, frozen=True):
    """A product to enter, with its list price in yuan from a day on, and its ISBN however it is written; empty without one."""

    code: str
    name: str
    discipline: str
    list_price: Decimal
    since: date
    isbn: str = ""


@transaction.atomic
def enter_disciplines(publisher: Firm, names: dict[str, tuple[str, str]]) -> dict[str, Discipline]:
    """Enter disciplines (code → Chinese and English name) and return all of the publisher's by code; known ones stay."""
    Discipline.objects.bulk_create(
        [Discipline(publisher=publisher, code=code, name_zh=zh, name_en=en) for code, (zh, en) in names.items()], ignore_conflicts=True
    )
    return {discipline.code: discipline for discipline in Discipline.objects.filter(publisher=publisher)}


@transaction.atomic
def enter_products(publisher: Firm, products: Sequence[NewProduct], *, by: Person | None, at: datetime) -> list[Product]:
    """Enter up to 5,000 products with their prices and return them in order.

    Refuses, naming the product, an unknown discipline, a negative price, and an ISBN that is none or that another product has.
    """
    if len(products) > MOST_PRODUCTS:
        raise bad_input("products", Text(f"一次最多 {MOST_PRODUCTS} 个品种。", f"At most {MOST_PRODUCTS} products at a time."))
    disciplines = {discipline.code: discipline for discipline in Discipline.objects.filter(publisher=publisher)}
    for product in products:
        if product.discipline not in disciplines:
            raise bad_input(
                "discipline",
                Text(f"{product.code}：没有专业 {product.discipline}。", f"{product.code}: no discipline {product.discipline}."),
            )
        if not product.list_price.is_finite() or product.list_price < 0:
            raise bad_input("list_price", Text(f"{product.code}：定价不能为负。", f"{product.code}: a list price is not negative."))
    isbns = check_isbns(publisher, {product.code: product.isbn for product in products if product.isbn})
    entered = Product.objects.bulk_create(
        [
            Product(
                publisher=publisher, discipline=disciplines[new.discipline], code=new.code, name=new.name, pinyin=pinyin_key(new.name),
                isbn=isbns.get(new.code, ""),
            )
            for new in products
        ]
    )  # fmt: skip
    ListPrice.objects.bulk_create(
        [ListPrice(product=product, amount=new.list_price, since=new.since) for product, new in zip(entered, products, strict=True)]
    )
    deeds = [Deed("enter", "product", product.pk, {"code": product.code}) for product in entered]
    record(deeds, by=by.pk if by else None, at=at)
    return entered


def check_isbns(publisher: Firm, written: Mapping[str, str]) -> dict[str, str]:
    """Return ISBN of 13 digits by the number of a product; refuses what is no ISBN, and one that two products would have."""
    isbns: dict[str, str] = {}
    owners: dict[str, str] = {}
    for code, words in written.items():
        isbn = read_isbn(words)
        if not isbn:
            raise bad_input("isbn", Text(f"{code}：“{words[:40]}”不是书号。", f"{code}: “{words[:40]}” is no ISBN."))
        isbns[code] = isbn
        if owners.setdefault(isbn, code) != code:
            raise _two_of(isbn, owners[isbn], code)
    for isbn, owner in codes_of_isbns(publisher.pk, owners).items():
        if owner != owners[isbn]:
            raise _two_of(isbn, owner, owners[isbn])
    return isbns


def _two_of(isbn: str, one: str, other: str) -> Refusal:
    return bad_input("isbn", Text(f"书号 {isbn} 已用于 {one}，不能再给 {other}。", f"{one} has ISBN {isbn}; {other} cannot have it too."))
