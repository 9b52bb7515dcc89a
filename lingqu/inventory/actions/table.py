"""Goods that came in, as a table says it: one paper for the whole of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from lingqu.base.calendar import china_day
from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text
from lingqu.catalogue.models import Product
from lingqu.inventory.access import may_take_goods_in
from lingqu.inventory.actions.goods_in import NO_LABEL, NO_SLIP, take_goods_in
from lingqu.inventory.models import GoodsIn, Warehouse
from lingqu.inventory.rules import Label, Slip
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting


@transaction.atomic
def take_table_in(
    warehouse: Warehouse, copies: Mapping[str, int], *, key: str, received_on: date, note: str, by: Acting, at: datetime,
    came: tuple[Label, Slip] = (NO_LABEL, NO_SLIP),
) -> GoodsIn:  # fmt: skip
    """Take copies by numbers of titles into a warehouse and return the paper; the same key returns the paper that there is.

    `came` names the lot and who sent the goods. Refuses people who may not (M-16.5), a day in the future, a number that is no
    title's, an empty table and copies outside 1 to 1,000,000.
    """
    if not may_take_goods_in(by, warehouse.firm_id):
        raise forbidden(Text("入库由库房管理员登记。", "Goods are taken in by the warehouse keeper."))
    if received_on > china_day(at):
        raise bad_input("received_on", Text("入库日不能晚于今天。", "The day cannot lie in the future."))
    found = Product.objects.filter(publisher__paths_down__descendant_id=warehouse.firm_id, code__in=list(copies))
    products = {product.code: product for product in found}
    unknown = sorted(set(copies) - set(products))
    if unknown:
        raise bad_input("file", Text(f"没有编号为“{unknown[0]}”的品种。", f"There is no title “{unknown[0]}”."))
    counted = {products[code]: number for code, number in copies.items()}
    label, slip = came[0], Slip(key, came[1].supplier, came[1].number)
    return take_goods_in(
        warehouse, counted, received_on=received_on, by=Person(pk=by.person), at=at, note=note, label=label, slip=slip
    )  # fmt: skip
