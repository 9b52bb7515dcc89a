"""The table by which goods come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lingqu.base.money import MAX_COPIES
from lingqu.base.refusal import not_found
from lingqu.base.sheets import CellIn, ColumnIn, TableIn, Trouble
from lingqu.base.text import Text
from lingqu.documents.queries import Ask, ListIn, Looked
from lingqu.inventory.access import may_take_goods_in
from lingqu.inventory.actions import take_table_in
from lingqu.inventory.queries import numbers_by_name, warehouse_of

_COLUMNS = (
    ColumnIn("code", Text("编号", "Number"), CellIn.KNOWN, most=30, also=("图集号", "品种编号", "货号", "书号", "ISBN")),
    ColumnIn("name", Text("名称", "Title"), needed=False, most=200, also=("品名", "书名", "图集名称")),
    ColumnIn("copies", Text("册数", "Copies"), CellIn.COPIES, most=20, also=("数量", "到货数量", "到货册数", "入库数量")),
)
_TOLD = (
    Text("每行一个品种和到货册数；同一品种多行时相加。", "One title and its copies a row; a title in several rows is added up."),
    Text("“编号”一列也可写 13 位书号。", "The number of a title, or its ISBN of 13 digits."),
    Text("入库日为导入当天，整个文件是一张入库单。", "They come in on the day of the import, all on one paper."),
)


def _may(ask: Ask) -> bool:
    return warehouse_of(ask.who.firm) is not None and may_take_goods_in(ask.who, ask.who.firm)


def _known(ask: Ask) -> Mapping[str, Mapping[str, object]]:
    return {"code": numbers_by_name(ask.who.firm)}


def _codes(ask: Ask, table: TableIn) -> list[str]:
    """Return the number of the title of each row, whether it is named by its number or its ISBN."""
    numbers = numbers_by_name(ask.who.firm)
    return [numbers.get(str(row.values["code"]), "") for row in table.rows]


def _sums(table: TableIn, codes: Sequence[str]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row, code in zip(table.rows, codes, strict=True):
        sums[code] = sums.get(code, 0) + int(str(row.values["copies"]))
    return sums


def _look(ask: Ask, table: TableIn) -> Looked:
    rows = _codes(ask, table)
    sums, times = _sums(table, rows), Counter(rows)
    told = [
        Text(f"{code} 出现 {times[code]} 次，合计 {many:,} 册。", f"{code} stands {times[code]} times: {many:,} copies.")
        for code, many in sums.items()
        if times[code] > 1
    ]
    many = Text(f"册数合计超过 {MAX_COPIES:,}。", f"More than {MAX_COPIES:,} copies together.")
    errors: list[Trouble] = [
        table.trouble(row, "copies", many) for row, code in zip(table.rows, rows, strict=True) if sums[code] > MAX_COPIES
    ]
    return Looked(errors, [(Text("品种", "Titles"), len(sums)), (Text("册数", "Copies"), sum(sums.values()))], told)


def _take(ask: Ask, table: TableIn, key: str) -> Text:
    warehouse = warehouse_of(ask.who.firm)
    if warehouse is None:
        raise not_found()
    sums = _sums(table, _codes(ask, table))
    paper = take_table_in(warehouse, sums, key=key, received_on=ask.on, note="", by=ask.who, at=ask.at)
    many = sum(sums.values())
    return Text(
        f"已入库 {paper.number}：{len(sums)} 个品种 {many:,} 册。", f"{paper.number} taken in: {len(sums)} titles, {many:,} copies."
    )


GOODS_IN = ListIn("goods", "stock", Text("到货", "Goods that came in"), _TOLD, _COLUMNS, _may, _known, _look, _take)
