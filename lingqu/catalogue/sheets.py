"""Titles as a workbook, and the table by which titles and list prices come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from lingqu.base.sheets import CellIn, Column, ColumnIn, ColumnKind, TableIn, Trouble
from lingqu.base.text import Text
from lingqu.catalogue.access import may_bring_titles_in
from lingqu.catalogue.queries import coming_prices, discipline_names, known_titles, publisher_above, search_products
from lingqu.catalogue.rules import TitleChange, change_of
from lingqu.documents.queries import A_PAGE, Ask, ListOut, Looked, RowOut

LONGEST = 60
_CHANGES = {
    TitleChange.NEW: Text("新品种", "New titles"),
    TitleChange.PRICED: Text("新定价", "New prices"),
    TitleChange.SAME: Text("不变", "As before"),
}
_OUT = (
    Column("code", Text("编号", "Number"), width=18),
    Column("name", Text("名称", "Title"), width=44),
    Column("discipline", Text("专业", "Discipline"), width=16),
    Column("price", Text("定价（元）", "List price (yuan)"), ColumnKind.MONEY, 14),
    Column("next_price", Text("下一定价（元）", "Next price (yuan)"), ColumnKind.MONEY, 14),
    Column("next_since", Text("自", "From"), ColumnKind.DATE, 12),
)
COLUMNS_IN = (
    ColumnIn("code", Text("编号", "Number"), CellIn.CODE, most=30, also=("图集号", "品种编号", "货号", "书号", "ISBN")),
    ColumnIn("name", Text("名称", "Title"), most=120, also=("品名", "书名", "图集名称")),
    ColumnIn("discipline", Text("专业", "Discipline"), CellIn.KNOWN, most=60),
    ColumnIn("list_price", Text("定价", "List price"), CellIn.PRICE, most=20, also=("价格", "码价")),
    ColumnIn("since", Text("执行日", "From"), CellIn.DAY, most=30, also=("起始日", "生效日期", "自")),
)
TOLD_IN = (
    Text("每行一个品种：新编号新建，已有编号只加新定价。", "One title a row: a new number is entered, a known one only gets a new price."),
    Text(
        "新定价从执行日起，不能早于今天；已有品种的名称和专业不改。", "A new price holds from its day on, today or later; known names stay."
    ),
)


def _titles_out(ask: Ask) -> Iterator[RowOut]:
    words = ask.given.get("q", "").replace("\x00", "")[:LONGEST]
    found = search_products(publisher_above(ask.who.firm), words, on=ask.on)
    start = 0
    while page := list(found[start : start + A_PAGE]):
        coming = coming_prices([title.pk for title in page], on=ask.on)
        for title in page:
            after = coming.get(title.pk)
            yield {
                "code": title.code, "name": title.name, "discipline": Text(title.discipline.name_zh, title.discipline.name_en),
                "price": title.list_price,  # type: ignore[attr-defined]
                "next_price": after.amount if after else None, "next_since": after.since if after else None,
            }  # fmt: skip
        start += A_PAGE


def may_send_titles(ask: Ask) -> bool:
    """Return whether the person may send titles and prices."""
    return may_bring_titles_in(ask.who, ask.who.firm)


def known_names(ask: Ask) -> Mapping[str, Mapping[str, object]]:
    """Return the disciplines that a row may name."""
    return {"discipline": discipline_names(ask.who.firm)}


def look_at_titles(ask: Ask, table: TableIn) -> Looked:
    """Return what a table of titles would do: new titles, new prices, and what is as before; and what cannot be."""
    known = known_titles(ask.who.firm, [str(row.values["code"]) for row in table.rows])
    errors: list[Trouble] = []
    told: list[Text] = []
    sums = dict.fromkeys(TitleChange, 0)
    seen: dict[str, int] = {}
    for row in table.rows:
        code, since, price = str(row.values["code"]), row.values["since"], row.values["list_price"]
        if code in seen:
            errors.append(table.trouble(row, "code", Text(f"与第 {seen[code]} 行重复。", f"The same as row {seen[code]}.")))
            continue
        seen[code] = row.row
        if isinstance(since, date) and isinstance(price, Decimal | int):
            change, why = change_of(Decimal(price), since, known[code][1] if code in known else None, on=ask.on)
            if why:
                errors.append(table.trouble(row, "since", why))
            sums[change] += 1
        if code in known and known[code][0] != row.values["name"]:
            ours = known[code][0]
            told.append(Text(f"{code} 的名称仍为“{ours}”。", f"{code} keeps its name “{ours}”."))
    return Looked(errors, [(_CHANGES[change], many) for change, many in sums.items()], told)


TITLES_OUT = ListOut("titles", "titles", Text("品种和定价", "Titles and prices"), _OUT, _titles_out)
