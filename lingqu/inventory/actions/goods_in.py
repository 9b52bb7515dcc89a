"""Open a warehouse, take goods in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.events import publish
from lingqu.base.money import check_copies
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.catalogue.models import Product
from lingqu.documents.actions import take_numbers
from lingqu.inventory.actions.lots import put_in_lots
from lingqu.inventory.events import GoodsExpected, GoodsTakenIn
from lingqu.inventory.models import GoodsIn, StockItem, Warehouse
from lingqu.inventory.rules import Label, Slip
from lingqu.ledger.actions import lock_accounts, open_account, post
from lingqu.ledger.rules import Entry
from lingqu.organisation.models import Firm, Person

PIECES = "PCS"
NO_LABEL = Label()
NO_SLIP = Slip()


@transaction.atomic
def open_warehouse(firm: Firm, *, name: str, by: Person | None, at: datetime) -> Warehouse:
    """Open the warehouse of a firm and return it."""
    sink = open_account("shipped", holder=firm.pk, unit=PIECES)
    warehouse = Warehouse.objects.create(firm=firm, name=name, sink_id=sink)
    record([Deed("open", "warehouse", warehouse.pk, {"firm": firm.pk})], by=by.pk if by else None, at=at)
    return warehouse


@transaction.atomic
def take_goods_in(
    warehouse: Warehouse,
    copies: Mapping[Product, int],
    *,
    received_on: date,
    by: Person | None,
    at: datetime,
    note: str = "",
    label: Label = NO_LABEL,
    slip: Slip = NO_SLIP,
) -> GoodsIn:
    """Add copies of products to the warehouse's stock and return the paper; the same key of the slip returns the paper that exists.

    They are a lot of their own: `label` says its number (else the paper's), edition and last day; `slip` who sent them.

    Refuses an empty list and a number of copies outside 1 to 1,000,000.
    """
    if not copies:
        raise bad_input("copies", Text("请至少填写一个品种的册数。", "Enter the copies of at least one title."))
    for number in copies.values():
        check_copies(number)
    known = _with_key(warehouse, slip.key)
    if known:
        return known
    products = tuple(product.pk for product in copies)
    publish(GoodsExpected(warehouse.firm_id, products))
    (paper_number,) = take_numbers("RK", received_on.year)
    paper = GoodsIn.objects.create(
        warehouse=warehouse, number=paper_number, key=slip.key, received_on=received_on, entered_by=by, note=note,
        supplier=slip.supplier, their_number=slip.number,
    )  # fmt: skip
    source = open_account("supply", holder=warehouse.firm_id, unit=PIECES)
    items = {product.pk: _item(warehouse, product) for product in copies}
    lock_accounts(item.account_id for item in items.values())
    put_in_lots(
        {items[product.pk].pk: number for product, number in copies.items()},
        label=label, received_on=received_on, document=("goods_in", paper.pk, paper_number), at=at,
    )  # fmt: skip
    entries = [
        Entry(source, items[product.pk].account_id, Decimal(number), ("goods_in", paper.pk), "received")
        for product, number in copies.items()
    ]
    record([Deed("take_in", "goods_in", paper.pk, {"titles": len(copies)})], by=by.pk if by else None, at=at)
    post(entries, on=received_on, at=at)
    publish(GoodsTakenIn(warehouse.firm_id, products, paper_number, at))
    return paper


def _with_key(warehouse: Warehouse, key: str) -> GoodsIn | None:
    """Return the paper that was sent with this key; the warehouse is locked first, so that of two at once the second finds the first."""
    if not key:
        return None
    Warehouse.objects.select_for_update().get(pk=warehouse.pk)
    return GoodsIn.objects.filter(warehouse=warehouse, key=key).first()


def _item(warehouse: Warehouse, product: Product) -> StockItem:
    account = open_account("stock", holder=warehouse.firm_id, item=product.pk, place=warehouse.pk, unit=PIECES, limit=Decimal(0))
    item, _ = StockItem.objects.get_or_create(warehouse=warehouse, product=product, defaults={"account_id": account})
    return item
