"""The list of stock as a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.base.refusal import not_found
from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text
from lingqu.documents.queries import MOST_OUT, Ask, ListOut, RowOut
from lingqu.inventory.access import may_see_stock
from lingqu.inventory.queries import stock_rows, warehouse_of

LONGEST = 60
_COLUMNS = (
    Column("code", Text("编号", "Number"), width=18),
    Column("name", Text("名称", "Title"), width=44),
    Column("discipline", Text("专业", "Discipline"), width=14),
    Column("on_hand", Text("在库（册）", "On hand"), ColumnKind.COUNT, 12, summed=True),
    Column("reserved", Text("已预占（册）", "Set aside"), ColumnKind.COUNT, 12, summed=True),
    Column("available", Text("可发（册）", "Free"), ColumnKind.COUNT, 12, summed=True),
)


def _stock_out(ask: Ask) -> Iterator[RowOut]:
    warehouse = warehouse_of(ask.who.firm)
    if warehouse is None or not may_see_stock(ask.who, warehouse.firm_id):
        raise not_found()
    words = ask.given.get("q", "").replace("\x00", "")[:LONGEST]
    for row in stock_rows(warehouse.pk, words=words, short=ask.given.get("state") == "short", most=MOST_OUT + 1):
        yield {
            "code": row.code, "name": row.name, "discipline": Text(row.discipline_zh, row.discipline_en), "on_hand": row.on_hand,
            "reserved": row.reserved, "available": row.available,
        }  # fmt: skip


STOCK_OUT = ListOut("stock", "stock", Text("库存", "Stock"), _COLUMNS, _stock_out)
