"""A table of somebody's read by declared columns: heads anywhere, errors per cell in words, rows of totals left out. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import repeat
from typing import Final, cast

import msgspec

from lingqu.base.money import check_copies, read_copies
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.sheets.cells import Cell, as_day, as_money, as_text
from lingqu.base.sheets.marked import Trouble
from lingqu.base.sheets.quiet import without_collecting
from lingqu.base.sheets.read import SheetIn
from lingqu.base.sheets.write import Column, ColumnKind
from lingqu.base.text import Text

HEAD_WITHIN: Final = 10
_TOTAL: Final = re.compile(r"(?:本页|累计|总)?\s*(?:合\s*计|总\s*计|小\s*计)|(?:grand |sub)?total\b", re.IGNORECASE)
_TOTAL_STARTS: Final = frozenset("本累总合小gGsStT")
_TOTAL_OR_BLANK: Final = _TOTAL_STARTS.union(filter(str.isspace, map(chr, range(0x3001))))
"""A row whose first cell begins with anything else is no total, which is told without looking further."""

_ASIDE: Final = re.compile(r"[(（].*?[)）]|[*＊\s]")

Value = str | int | Decimal | date | None


class CellIn(StrEnum):
    """What a cell must be: words, a code that keeps its zeros, one of the known names, a price, copies, a day."""

    WORDS = "words"
    CODE = "code"
    KNOWN = "known"
    PRICE = "price"
    COPIES = "copies"
    DAY = "day"


class ColumnIn(msgspec.Struct, frozen=True):
    """A column: its key, head, what its cells are, whether each row needs one, the most letters, and other words for its head."""

    key: str
    title: Text
    kind: CellIn = CellIn.WORDS
    needed: bool = True
    most: int = 60
    also: tuple[str, ...] = ()


class RowIn(msgspec.Struct, frozen=True, gc=False):
    """A row that was understood: its number in the sheet, and its values by column; an empty cell is None."""

    row: int
    values: dict[str, Value]


class TableIn(msgspec.Struct, frozen=True):
    """What a table says: rows without an error, all errors, the cells as they stood, the row of its heads, and which column is where."""

    rows: list[RowIn]
    errors: list[Trouble]
    cells: list[list[Cell]]
    head: int
    places: dict[str, int]

    def trouble(self, row: RowIn, key: str, text: Text) -> Trouble:
        """Return that something is wrong with a cell of a row."""
        return Trouble(row.row, self.places.get(key, -1) + 1, text)


def columns_out(columns: Sequence[ColumnIn]) -> tuple[Column, ...]:
    """Return the columns of the empty workbook: one that may stay empty says so."""
    kinds = {CellIn.PRICE: ColumnKind.MONEY, CellIn.COPIES: ColumnKind.COUNT, CellIn.DAY: ColumnKind.DATE}
    return tuple(Column(one.key, _head(one), kinds.get(one.kind, ColumnKind.TEXT), 24 if one.most > 40 else 16) for one in columns)  # noqa: PLR2004 - letters


def _head(column: ColumnIn) -> Text:
    return column.title if column.needed else Text(f"{column.title.zh}（可空）", f"{column.title.en} (optional)")


def read_columns(columns: Sequence[ColumnIn], sheets: Sequence[SheetIn], known: Mapping[str, Mapping[str, object]]) -> TableIn:
    """Read the first sheet with the heads; a file without them is one error that names them. `known` are names by the key of a column."""
    for sheet in sheets:
        found = _find(columns, sheet.rows)
        if found:
            with without_collecting():
                return _read(columns, sheet.rows, *found, known)
    wanted = [column.title for column in columns if column.needed]
    words = Text(
        f"没有找到表头。前 {HEAD_WITHIN} 行里须有一行包含：{'、'.join(one.zh for one in wanted)}。",
        f"No head was found. One of the first {HEAD_WITHIN} rows must have: {', '.join(one.en for one in wanted)}.",
    )
    return TableIn([], [Trouble(1, 0, words)], sheets[0].rows if sheets else [], 0, {})


def _plain(words: str) -> str:
    return _ASIDE.sub("", words).lower()


def _find(columns: Sequence[ColumnIn], cells: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]] | None:
    for at, row in enumerate(cells[:HEAD_WITHIN]):
        heads = {_plain(as_text(cell)): place for place, cell in reversed(list(enumerate(row))) if as_text(cell)}
        found = {}
        for column in columns:
            names = (column.title.zh, column.title.en, *column.also)
            place = next((heads[_plain(name)] for name in names if _plain(name) in heads), None)
            if place is not None:
                found[column.key] = place
        if all(column.key in found for column in columns if column.needed):
            return at, found
    return None


def _read(
    columns: Sequence[ColumnIn], cells: list[list[Cell]], at: int, places: dict[str, int], known: Mapping[str, Mapping[str, object]]
) -> TableIn:
    rows: list[RowIn] = []
    errors: list[Trouble] = []
    readers = [(column.key, places.get(column.key, -1), _reader(column, known.get(column.key, {}))) for column in columns]
    wide = max(places.values(), default=0) + 1
    numbered = [
        (number, row if len(row) >= wide else [*row, *[None] * (wide - len(row))])
        for number, row in enumerate(cells[at + 1 :], at + 2)
        if row and ((type(row[0]) is str and row[0][:1] not in _TOTAL_OR_BLANK) or not _is_total(row))
    ]
    try:
        rows = _whole(columns, readers, numbered)
    except Refusal:
        for number, row in numbered:
            try:
                rows.append(RowIn(number, {key: read(row[place] if place >= 0 else None) for key, place, read in readers}))
            except Refusal:
                errors += _wrong(columns, readers, number, row)
    if not rows and not errors:
        errors.append(Trouble(at + 2, 0, Text("表头下面没有数据。", "There is nothing below the head.")))
    return TableIn(rows, errors, cells, at + 1, places)


_Read = Callable[[Cell], Value]


def _whole(
    columns: Sequence[ColumnIn], readers: Sequence[tuple[str, int, _Read]], numbered: Sequence[tuple[int, list[Cell]]]
) -> list[RowIn]:  # fmt: skip
    """Return all rows, read column by column, which is several times faster; refuses when anything at all is wrong."""
    across = list(zip(*(row for _, row in numbered), strict=False))  # as wide as the narrowest row, which has every place
    read = [
        _column(column, reader, across[place]) if place >= 0 and across else [reader(None)] * len(numbered)
        for column, (_, place, reader) in zip(columns, readers, strict=True)
    ]
    keys = [key for key, _, _ in readers]
    values = map(dict, map(zip, repeat(keys), zip(*read, strict=True)))
    return list(map(RowIn, (number for number, _ in numbered), values))


def _column(column: ColumnIn, read: _Read, cells: Sequence[Cell]) -> Sequence[Value]:
    """Return what the cells of a column mean: clean words as they are, every other value once however often it stands."""
    kinds = {type(cell) for cell in cells}
    if column.kind in (CellIn.WORDS, CellIn.CODE) and kinds == {str}:
        words = cast("Sequence[str]", cells)
        joined = f"|{'|'.join(words)}|"
        clean = joined.isprintable() and not any(blank in joined for blank in ("  ", " |", "| ", "||"))
        if clean and max(map(len, words)) <= column.most:
            return words
    if len(kinds) == 1 and bool not in kinds:
        found = {cell: read(cell) for cell in set(cells)}
        return [found[cell] for cell in cells]
    return [read(cell) for cell in cells]


def _wrong(columns: Sequence[ColumnIn], readers: Sequence[tuple[str, int, _Read]], number: int, row: Sequence[Cell]) -> list[Trouble]:
    """Return what is wrong with each cell of a row; nothing with an empty one."""
    if not any(as_text(row[place]) for _, place, _ in readers if place >= 0):
        return []
    wrong = []
    for column, (_, place, read) in zip(columns, readers, strict=True):
        try:
            read(row[place] if place >= 0 else None)
        except Refusal as no:
            text = Text(f"{column.title.zh}：{no.text.zh}", f"{column.title.en}: {no.text.en}")
            wrong.append(Trouble(number, place + 1, text))
    return wrong


def _is_total(row: Sequence[Cell]) -> bool:
    first = row[0] if row and row[0] is not None else next((cell for cell in row if cell is not None), None)
    return type(first) is str and first.lstrip()[:1] in _TOTAL_STARTS and bool(_TOTAL.match(first.strip()))


def _reader(column: ColumnIn, known: Mapping[str, object]) -> _Read:
    """Return what reads the cells of a column: the usual ones at once, the rest, and what is wrong, by `_value`.

    Words that many rows share, such as a discipline or a day, are read once.
    """
    kept: dict[str, Value] = {}
    most, plain = column.most, column.kind in (CellIn.WORDS, CellIn.CODE)

    def read(cell: Cell) -> Value:
        if type(cell) is str:
            if plain and cell.isprintable():
                words = " ".join(cell.split())
                if 0 < len(words) <= most:
                    return words
            found = kept.get(cell)
            if found is None:
                found = _value(column, cell, known)
                if len(kept) < _MOST_KEPT:
                    kept[cell] = found
            return found
        return _value(column, cell, known)

    return read


_MOST_KEPT: Final = 10_000


def _value(column: ColumnIn, cell: Cell, known: Mapping[str, object]) -> Value:
    if type(cell) is int and column.kind is CellIn.COPIES:
        check_copies(cell)
        return cell
    if isinstance(cell, Decimal) and column.kind is CellIn.PRICE:
        return _price(cell, "")
    words = as_text(cell)
    if not words:
        if column.needed:
            raise bad_input("cell", Text("不能为空。", "must be filled in."))
        return None
    if len(words) > column.most or "\x00" in words:
        many = len(words)
        raise bad_input(
            "cell", Text(f"最多 {column.most} 字，现有 {many} 字。", f"has at most {column.most} characters; these are {many}.")
        )
    return _known(words, known) if column.kind is CellIn.KNOWN else _READERS[column.kind](cell, words)


def _known(words: str, known: Mapping[str, object]) -> str:
    """Return a known name as it is written here; zeros that Excel took away are put back where only one name fits."""
    if words in known:
        return words
    alike = [name for name in known if name.lstrip("0").lower() == words.lstrip("0").lower()] if words.strip("0") else []
    if len(alike) == 1:
        return alike[0]
    raise bad_input("cell", Text(f"这里没有“{words[:40]}”。", f"there is no “{words[:40]}” here."))


def _code(cell: Cell, words: str) -> str:
    if isinstance(cell, str):
        return words
    told = f"“{words}”在表里是数字，开头的零可能已丢失。请把这一列设为文本，重新填写。"
    raise bad_input("cell", Text(told, f"“{words}” is a number in the sheet and may have lost its zeros; make the column text."))


def _price(cell: Cell, words: str) -> Decimal:
    amount = as_money(cell)
    if amount is None or amount <= 0 or amount != round(amount, 4):
        words = words or as_text(cell)
        told = f"“{words[:40]}”不是价格：须大于零，最多四位小数。"
        raise bad_input("cell", Text(told, f"“{words[:40]}” is no price: more than nothing, at most four decimals."))
    return amount


def _day(cell: Cell, words: str) -> date:
    day = as_day(cell)
    if day is None:
        raise bad_input(
            "cell", Text(f"“{words[:40]}”不是日期，请写成 2026-11-24。", f"“{words[:40]}” is no day; write it like 2026-11-24.")
        )
    return day


_READERS: Final[dict[CellIn, Callable[[Cell, str], Value]]] = {
    CellIn.WORDS: lambda _, words: words,
    CellIn.CODE: _code,
    CellIn.PRICE: _price,
    CellIn.COPIES: lambda _, words: read_copies(words),
    CellIn.DAY: _day,
}
