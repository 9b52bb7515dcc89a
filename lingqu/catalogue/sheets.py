"""Titles as a workbook, and the table by which titles and list prices come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from lingqu.base.sheets import CellIn, Column, ColumnIn, ColumnKind, RowIn, TableIn, Trouble
from lingqu.base.text import Text
from lingqu.catalogue.access import may_bring_titles_in
from lingqu.catalogue.queries import codes_of_isbns, coming_prices, discipline_names, known_titles, publisher_above, search_products
from lingqu.catalogue.rules import PricedTitle, TitleChange, change_of, read_isbn
from lingqu.documents.queries import A_PAGE, Ask, ListOut, Looked, RowOut

LONGEST = 60
_CHANGES = {
    TitleChange.NEW: Text("新品种", "New titles"),
    TitleChange.PRICED: Text("新定价", "New prices"),
    TitleChange.SAME: Text("不变", "As before"),
}
_NUMBERED = Text("新书号", "New ISBNs")
_OUT = (
    Column("code", Text("编号", "Number"), width=18),
    Column("isbn", Text("书号", "ISBN"), width=16),
    Column("name", Text("名称", "Title"), width=44),
    Column("discipline", Text("专业", "Discipline"), width=16),
    Column("price", Text("定价（元）", "List price (yuan)"), ColumnKind.MONEY, 14),
    Column("next_price", Text("下一定价（元）", "Next price (yuan)"), ColumnKind.MONEY, 14),
    Column("next_since", Text("自", "From"), ColumnKind.DATE, 12),
)
COLUMNS_IN = (
    ColumnIn("code", Text("编号", "Number"), CellIn.CODE, most=30, also=("图集号", "品种编号", "货号", "书号", "ISBN")),
    ColumnIn("isbn", Text("书号", "ISBN"), needed=False, most=30, also=("ISBN号", "国际标准书号", "标准书号", "条码")),
    ColumnIn("name", Text("名称", "Title"), most=120, also=("品名", "书名", "图集名称")),
    ColumnIn("discipline", Text("专业", "Discipline"), CellIn.KNOWN, most=60),
    ColumnIn("list_price", Text("定价", "List price"), CellIn.PRICE, most=20, also=("价格", "码价")),
    ColumnIn("since", Text("执行日", "From"), CellIn.DAY, most=30, also=("起始日", "生效日期", "自")),
)
TOLD_IN = (
    Text(
        "每行一个品种：新编号新建，已有编号只加新定价和书号。",
        "One title a row: a new number is entered, a known one only gets a new price and its ISBN.",
    ),
    Text(
        "新定价从执行日起，不能早于今天；已有品种的名称和专业不改。",
        "A new price holds from its day on, today or later; names and disciplines of known titles stay.",
    ),
    Text(
        "专业填代码或名称，须先在“品种和定价”的“专业”里建好。",
        "The discipline is a code or a name, entered beforehand under Titles and prices, Disciplines.",
    ),
    Text(
        "书号可写 10 位或 13 位，带不带横线都行；留空不改。",
        "An ISBN has 10 or 13 digits, with dashes or without; an empty cell changes nothing.",
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
                "code": title.code, "isbn": title.isbn, "name": title.name,
                "discipline": Text(title.discipline.name_zh, title.discipline.name_en),
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


def isbn_in(table: TableIn, row: RowIn) -> str:
    """Return the ISBN that a row says, as it is written; empty where the number's own column is taken for both and holds no ISBN."""
    words = str(row.values["isbn"] or "")
    both = table.places.get("isbn") == table.places.get("code")
    return "" if both and not read_isbn(words) else words


def look_at_titles(ask: Ask, table: TableIn) -> Looked:
    """Return what a table of titles would do: new titles, new prices, new ISBNs, and what is as before; and what cannot be."""
    known = known_titles(ask.who.firm, [str(row.values["code"]) for row in table.rows])
    owners = codes_of_isbns(ask.who.firm, {read_isbn(isbn_in(table, row)) for row in table.rows})
    errors: list[Trouble] = []
    told: list[Text] = []
    sums = dict.fromkeys(TitleChange, 0)
    numbered = 0
    seen: dict[str, int] = {}
    for row in table.rows:
        code = str(row.values["code"])
        if code in seen:
            errors.append(table.trouble(row, "code", Text(f"与第 {seen[code]} 行重复。", f"The same as row {seen[code]}.")))
            continue
        seen[code] = row.row
        change, why = _price_of(row, known.get(code), on=ask.on)
        errors += [table.trouble(row, "since", why)] if why else []
        isbn, wrong = _isbn_of(isbn_in(table, row), code, owners)
        errors += [table.trouble(row, "isbn", wrong)] if wrong else []
        was = known[code].isbn if code in known else isbn
        anew = bool(isbn) and was != isbn
        numbered += anew
        sums[change] += not (anew and change is TitleChange.SAME)
        if anew and was:
            told.append(Text(f"{code} 的书号由 {was} 改为 {isbn}。", f"{code}: the ISBN changes from {was} to {isbn}."))
        if code in known and known[code].name != row.values["name"]:
            ours = known[code].name
            told.append(Text(f"{code} 的名称仍为“{ours}”。", f"{code} keeps its name “{ours}”."))
    counted = [*((_CHANGES[change], many) for change, many in sums.items()), *([(_NUMBERED, numbered)] if numbered else [])]
    return Looked(errors, counted, told)


def _price_of(row: RowIn, known: PricedTitle | None, *, on: date) -> tuple[TitleChange, Text | None]:
    since, price = row.values["since"], row.values["list_price"]
    if not isinstance(since, date) or not isinstance(price, Decimal | int):
        return TitleChange.SAME, None
    return change_of(Decimal(price), since, known.prices if known else None, on=on)


def _isbn_of(words: str, code: str, owners: dict[str, str]) -> tuple[str, Text | None]:
    """Return the ISBN of a row, and why it cannot be; a row that has it first keeps it."""
    if not words:
        return "", None
    isbn = read_isbn(words)
    if not isbn:
        return "", Text(
            f"书号：“{words}”不是书号，请核对位数和校验位。", f"ISBN: “{words}” is none; look at its digits and its check digit."
        )
    owner = owners.setdefault(isbn, code)
    if owner != code:
        return "", Text(f"书号：{isbn} 已用于 {owner}。", f"ISBN: {owner} has {isbn} already.")
    return isbn, None


TITLES_OUT = ListOut("titles", "titles", Text("品种和定价", "Titles and prices"), _OUT, _titles_out)
