"""Goods that came in, as a table says it: one paper for the whole of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text
from lingqu.catalogue.models import Product
from lingqu.inventory.access import may_take_goods_in
from lingqu.inventory.actions.goods_in import take_goods_in
from lingqu.inventory.models import GoodsIn, Warehouse
from lingqu.inventory.rules import Slip
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting


@transaction.atomic
def take_table_in(
    warehouse: Warehouse, copies: Mapping[str, int], *, key: str, received_on: date, note: str, by: Acting, at: datetime
) -> GoodsIn:  # fmt: skip
    """Take copies by numbers of titles into a warehouse and return the paper; the same key returns the paper that there is.

    Refuses people who may not (M-16.5), a number that is no title's, an empty table and copies outside 1 to 1,000,000.
    """
    if not may_take_goods_in(by, warehouse.firm_id):
        raise forbidden(Text("入库由库房管理员登记。", "Goods are taken in by the warehouse keeper."))
    found = Product.objects.filter(publisher__paths_down__descendant_id=warehouse.firm_id, code__in=list(copies))
    products = {product.code: product for product in found}
    unknown = sorted(set(copies) - set(products))
    if unknown:
        raise bad_input("file", Text(f"没有编号为“{unknown[0]}”的品种。", f"There is no title “{unknown[0]}”."))
    counted = {products[code]: number for code, number in copies.items()}
    return take_goods_in(
        warehouse, counted, received_on=received_on, by=Person(pk=by.person), at=at, note=note, slip=Slip(key=key)
    )  # fmt: skip
