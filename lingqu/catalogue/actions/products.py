"""Enter products and their list prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.names import pinyin_key
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.catalogue.models import Discipline, ListPrice, Product
from lingqu.organisation.models import Firm, Person

MOST_PRODUCTS = 5_000


class NewProduct(msgspec.Struct, frozen=True):
    """A product to enter, with its list price in yuan from a day on."""

    code: str
    name: str
    discipline: str
    list_price: Decimal
    since: date


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

    Refuses an unknown discipline and a negative price, naming the product.
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
    entered = Product.objects.bulk_create(
        [
            Product(publisher=publisher, discipline=disciplines[new.discipline], code=new.code, name=new.name, pinyin=pinyin_key(new.name))
            for new in products
        ]
    )
    ListPrice.objects.bulk_create(
        [ListPrice(product=product, amount=new.list_price, since=new.since) for product, new in zip(entered, products, strict=True)]
    )
    deeds = [Deed("enter", "product", product.pk, {"code": product.code}) for product in entered]
    record(deeds, by=by.pk if by else None, at=at)
    return entered
