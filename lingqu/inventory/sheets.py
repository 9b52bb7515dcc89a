"""Lists of the warehouse as workbooks: stock, the lots of a title with how they moved, and counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lingqu.base.refusal import not_found
from lingqu.base.sheets import Column, ColumnKind, SheetOut
from lingqu.base.text import Text
from lingqu.documents.queries import A_PAGE, MOST_OUT, Ask, Beside, ListOut, RowOut, paged
from lingqu.inventory.access import may_see_stock
from lingqu.inventory.models import StockItem, Warehouse
from lingqu.inventory.queries import counts_of, lots_of, moves_of, stock_rows, title_in_stock, warehouse_of
from lingqu.inventory.queries.counts import progress_of_all
from lingqu.inventory.states import COUNTS, LOT_MOVE_WORDS, CountState, LotMoveKind

LONGEST = 60
_COLUMNS = (
    Column("code", Text("编号", "Number"), width=18),
    Column("isbn", Text("书号", "ISBN"), width=16),
    Column("name", Text("名称", "Title"), width=44),
    Column("discipline", Text("专业", "Discipline"), width=14),
    Column("on_hand", Text("在库（册）", "On hand"), ColumnKind.COUNT, 12, summed=True),
    Column("reserved", Text("已预占（册）", "Set aside"), ColumnKind.COUNT, 12, summed=True),
    Column("available", Text("可发（册）", "Free"), ColumnKind.COUNT, 12, summed=True),
)


_LOT_COLUMNS = (
    Column("number", Text("批号", "Lot"), width=18),
    Column("edition", Text("版次", "Edition"), width=14),
    Column("received_on", Text("入库日", "Came on"), ColumnKind.DATE, 12),
    Column("ends_on", Text("可售至", "Sold until"), ColumnKind.DATE, 12),
    Column("came", Text("入库（册）", "Came"), ColumnKind.COUNT, 12, summed=True),
    Column("remaining", Text("余（册）", "Left"), ColumnKind.COUNT, 12, summed=True),
)
_MOVE_COLUMNS = (
    Column("at", Text("时间", "At"), ColumnKind.MOMENT, 17),
    Column("kind", Text("事由", "What"), width=16),
    Column("lot", Text("批号", "Lot"), width=18),
    Column("copies", Text("册数", "Copies"), ColumnKind.COUNT, 12),
)
_COUNT_COLUMNS = (
    Column("number", Text("编号", "Number"), width=16),
    Column("started_at", Text("开始", "Began"), ColumnKind.MOMENT, 17),
    Column("started_by", Text("发起人", "Begun by"), width=14),
    Column("state", Text("状态", "State"), width=14),
    Column("titles", Text("品种", "Titles"), ColumnKind.COUNT, 10),
    Column("counted", Text("已盘品种", "Counted"), ColumnKind.COUNT, 10),
    Column("differ", Text("有差异品种", "Titles that differ"), ColumnKind.COUNT, 12),
    Column("more", Text("盘盈（册）", "Too many"), ColumnKind.COUNT, 12, summed=True),
    Column("fewer", Text("盘亏（册）", "Too few"), ColumnKind.COUNT, 12, summed=True),
    Column("value", Text("差异码洋（元）", "Differences at list price (yuan)"), ColumnKind.MONEY, 16),
    Column("ended_at", Text("结束", "Ended"), ColumnKind.MOMENT, 17),
    Column("note", Text("备注", "Note"), width=30),
)


def _warehouse(ask: Ask) -> Warehouse:
    warehouse = warehouse_of(ask.who.firm)
    if warehouse is None or not may_see_stock(ask.who, warehouse.firm_id):
        raise not_found()
    return warehouse


def _item(ask: Ask) -> StockItem:
    code = ask.given.get("code", "")
    item = title_in_stock(_warehouse(ask).pk, code) if "\x00" not in code else None
    if item is None:
        raise not_found()
    return item


def _lots_out(ask: Ask) -> Iterator[RowOut]:
    item = _item(ask).pk
    for one in paged(lambda last: lots_of(item, after=last.id if last else 0, most=A_PAGE)):
        yield {
            "number": one.number, "edition": one.edition, "received_on": one.received_on, "ends_on": one.ends_on, "came": one.came,
            "remaining": one.remaining,
        }  # fmt: skip


def _moves_beside(ask: Ask) -> Beside:
    item = _item(ask).pk
    moves: list[RowOut] = [
        {"at": one.at, "kind": LOT_MOVE_WORDS[LotMoveKind(one.kind)], "lot": one.lot, "copies": one.copies}
        for one in islice(paged(lambda last: moves_of(item, before=last.id if last else 0, most=A_PAGE)), MOST_OUT)
    ]
    return Beside(sheets=(SheetOut(Text("出入", "Movements"), _MOVE_COLUMNS, moves),))


def _lots_named(ask: Ask) -> Text:
    code = _item(ask).product.code
    return Text(f"批次 {code}", f"Lots of {code}")


def _counts_out(ask: Ask) -> Iterator[RowOut]:
    found = list(counts_of(_warehouse(ask).pk))
    progress = progress_of_all([one.pk for one in found])
    for one in found:
        how = progress[one.pk]
        yield {
            "number": one.number, "started_at": one.started_at, "started_by": one.started_by.name,
            "state": COUNTS.words[CountState(one.state)], "titles": how.titles, "counted": how.counted, "differ": how.differ,
            "more": how.more, "fewer": how.fewer, "value": one.value, "ended_at": one.ended_at, "note": one.note,
        }  # fmt: skip


def _stock_out(ask: Ask) -> Iterator[RowOut]:
    warehouse = _warehouse(ask)
    words = ask.given.get("q", "").replace("\x00", "")[:LONGEST]
    for row in stock_rows(warehouse.pk, words=words, short=ask.given.get("state") == "short", most=MOST_OUT + 1):
        yield {
            "code": row.code, "isbn": row.isbn, "name": row.name, "discipline": Text(row.discipline_zh, row.discipline_en),
            "on_hand": row.on_hand, "reserved": row.reserved, "available": row.available,
        }  # fmt: skip


STOCK_OUT = ListOut("stock", "stock", Text("库存", "Stock"), _COLUMNS, _stock_out)
LOTS_OUT = ListOut("lots", "stock_lots", Text("批次", "Lots"), _LOT_COLUMNS, _lots_out, _moves_beside, _lots_named)
COUNTS_OUT = ListOut("stock_counts", "stock_counts", Text("盘点", "Counts"), _COUNT_COLUMNS, _counts_out)
