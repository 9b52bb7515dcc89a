"""Read a workbook: the rows, what is wrong with which cell, and the control totals. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from lingqu.base.money import CENT, ZERO, half_up, read_copies, total
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.sheets import Cell, SheetIn, Trouble, as_day, as_money, as_text
from lingqu.base.text import Text
from lingqu.opening.rules.columns import COLUMNS, KEYS, SUMS, OpeningCell, OpeningColumn, head_of
from lingqu.opening.rules.found import Known, Reading, RowRead, Value
from lingqu.opening.rules.papers import check_papers
from lingqu.opening.states import OpeningKind

MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 40
HEAD_WITHIN: Final = 10
"""The head stands in one of the first rows; titles may stand above."""

MOST_KEY: Final = 120
_TOTAL: Final = re.compile(r"(?:本页|累计|总)?\s*(?:合\s*计|总\s*计)|总计|(?:grand )?total\b", re.IGNORECASE)
_PART: Final = re.compile(r"小\s*计|subtotal\b", re.IGNORECASE)
_PLACE: Final = re.compile(r"[1-8]\d(?:\d\d){0,2}", re.ASCII)
_PARTING: Final = re.compile(r"[,，、;；/\s]+")


def read_opening(kind: OpeningKind, sheets: Sequence[SheetIn], known: Known) -> Reading:
    """Read the first sheet that has the heads of the kind. A file without them is one error that names the columns that are missing."""
    for sheet in sheets:
        found = _find_head(kind, sheet.rows)
        if found is not None:
            return _read_rows(kind, sheet.rows, *found, known=known)
    cells = sheets[0].rows if sheets else []
    wanted = [column.title for column in COLUMNS[kind] if column.needed]
    words = Text(
        f"没有找到表头。前 {HEAD_WITHIN} 行里须有一行包含：{'、'.join(one.zh for one in wanted)}。",
        f"No head was found. One of the first {HEAD_WITHIN} rows must have: {', '.join(one.en for one in wanted)}.",
    )
    return Reading([], [Trouble(1, 0, words)], [], {"rows": "0"}, {}, cells, 0)


def _plain(words: str) -> str:
    return re.sub(r"\s+", "", words).replace("(", "（").replace(")", "）").replace("*", "").lower()


def _find_head(kind: OpeningKind, cells: list[list[Cell]]) -> tuple[int, dict[str, int]] | None:
    for place, row in enumerate(cells[:HEAD_WITHIN]):
        heads = {_plain(as_text(cell)): column for column, cell in reversed(list(enumerate(row))) if as_text(cell)}
        found: dict[str, int] = {}
        for column in COLUMNS[kind]:
            names = (column.title.zh, column.title.en, head_of(column).zh, head_of(column).en)
            at = next((heads[_plain(name)] for name in names if _plain(name) in heads), None)
            if at is not None:
                found[column.key] = at
        if all(column.key in found for column in COLUMNS[kind] if column.needed):
            return place, found
    return None


def _read_rows(kind: OpeningKind, cells: list[list[Cell]], head: int, places: dict[str, int], *, known: Known) -> Reading:
    rows: list[RowRead] = []
    errors: list[Trouble] = []
    warnings: list[Trouble] = []
    seen: dict[str, int] = {}
    summed = SUMS.get(kind, "")
    for number, row in enumerate(cells[head + 1 :], head + 2):
        texts = [as_text(cell) for cell in row]
        first = next((text for text in texts if text), "")
        if not first or _PART.match(first):
            continue
        if _TOTAL.match(first):
            errors += _check_total(row, number, places.get(summed), rows, summed)
            continue
        read, wrong = _read_row(kind, row, number, places, known)
        wrong = wrong or _check_row(kind, read, number, places, known=known)
        if not wrong:
            key = _key_of(kind, read)
            wrong = _check_key(key, number, seen, known)
            seen.setdefault(key, number)
            rows.append(RowRead(number, key, read))
            warnings += _warn(kind, read, number, places, known)
        errors += wrong
    if kind is OpeningKind.CERTIFICATES:
        gaps, noted = check_papers(rows, places, known.lasting, known.on)
        errors, warnings = errors + gaps, warnings + noted
    if not rows and not errors:
        errors.append(Trouble(head + 2, 0, Text("表头下面没有数据。", "There is nothing below the head.")))
    return Reading(rows, errors, warnings, _totals(kind, rows), _by_partner(kind, rows), cells, head + 1)


def _check_total(row: list[Cell], number: int, place: int | None, rows: list[RowRead], summed: str) -> list[Trouble]:
    """Compare what a row of totals says with the sum of the rows above it; it is no row itself."""
    said = as_money(row[place]) if place is not None and place < len(row) else None
    real = total(Decimal(str(one.values[summed])) for one in rows) if summed else ZERO
    if said is None or place is None or said == real:
        return []
    words = Text(
        f"合计写的是 {said:,}，以上无误的行相加是 {real:,}。", f"The total says {said:,}; the rows above that are right add up to {real:,}."
    )
    return [Trouble(number, place + 1, words)]


def _read_row(
    kind: OpeningKind, row: list[Cell], number: int, places: dict[str, int], known: Known
) -> tuple[dict[str, Value], list[Trouble]]:
    values: dict[str, Value] = {}
    wrong = []
    for column in COLUMNS[kind]:
        place = places.get(column.key)
        cell = row[place] if place is not None and place < len(row) else None
        try:
            values[column.key] = _read_cell(column, cell, known)
        except Refusal as no:
            wrong.append(Trouble(number, (place or 0) + 1, Text(f"{column.title.zh}：{no.text.zh}", f"{column.title.en}: {no.text.en}")))
    return values, wrong


def _read_cell(column: OpeningColumn, cell: Cell, known: Known) -> Value:
    words = as_text(cell)
    if not words:
        if column.needed:
            raise bad_input("cell", Text("不能为空。", "must be filled in."))
        return None if column.cell is OpeningCell.DAY else ""
    if len(words) > column.most and column.cell not in (OpeningCell.MONEY, OpeningCell.DAY):
        raise bad_input(
            "cell", Text(f"最多 {column.most} 字，现有 {len(words)} 字。", f"has at most {column.most} characters; these are {len(words)}.")
        )
    if "\x00" in words:
        raise bad_input("cell", Text("含有不可用的字符。", "has a letter that cannot be kept."))
    if column.cell is OpeningCell.KNOWN:
        return _look_up(column, words, known)
    if column.cell is OpeningCell.DAY:
        return _day(column, cell, words, known)
    return _READERS[column.cell](cell, words)


def _code(cell: Cell, words: str) -> str:
    if not isinstance(cell, str):
        raise bad_input(
            "cell",
            Text(
                f"“{words}”在表里是数字，开头的零可能已丢失。请把这一列设为文本，重新填写。",
                f"“{words}” is a number in the sheet and may have lost its zeros; make the column text and write it again.",
            ),
        )
    return words


def _look_up(column: OpeningColumn, words: str, known: Known) -> str:
    """Return the name as the product writes it; zeros that Excel took away are put back where only one name fits."""
    names = known.names.get(column.lookup, {})
    if words in names:
        if not names[words]:
            raise bad_input(
                "cell", Text(f"“{words}”不止一个，无法确定是哪一个。", f"there is more than one “{words}”; it cannot be told which.")
            )
        return words
    alike = [name for name in names if name.lstrip("0").lower() == words.lstrip("0").lower()] if words.strip("0") else []
    if len(alike) == 1 and names[alike[0]]:
        return alike[0]
    raise bad_input("cell", Text(*_MISSING[column.lookup](words)))


_MISSING: Final = {
    "partner": lambda one: (f"没有编号为“{one}”的客户，请先入账客户。", f"there is no partner “{one}”; take the partners over first."),
    "line": lambda one: (f"客户“{one}”还没有信用等级，请先入账信用等级。", f"“{one}” has no credit grade; take the grades over first."),
    "firm": lambda one: (f"没有编号为“{one}”的单位。", f"there is no firm “{one}”."),
    "representative": lambda one: (f"本单位没有叫“{one}”的区域销售员。", f"no representative here is called “{one}”."),
    "paper": lambda one: (f"没有“{one}”这种证照。", f"there is no paper called “{one}”."),
    "post": lambda one: (f"没有“{one}”这个岗位。", f"there is no post “{one}”."),
    "grade": lambda one: (f"制度里没有“{one}”级。", f"the regulation has no grade “{one}”."),
    "product": lambda one: (f"没有编号为“{one}”的品种。", f"there is no title “{one}”."),
}


def _day(column: OpeningColumn, cell: Cell, words: str, known: Known) -> date:
    day = as_day(cell)
    if day is None:
        raise bad_input("cell", Text(f"“{words}”不是日期，请写成 2026-11-24。", f"“{words}” is no day; write it like 2026-11-24."))
    if column.past and day > known.on:
        raise bad_input("cell", Text(f"{day} 晚于账面日 {known.on}。", f"{day} lies after the day of the books, {known.on}."))
    return day


def _places(_: Cell, words: str) -> str:
    parts = [part for part in _PARTING.split(words) if part]
    for part in parts:
        if not _PLACE.fullmatch(part):
            raise bad_input(
                "cell", Text(f"“{part}”不是行政区划代码，如 37、3701、370112。", f"“{part}” is no area code, such as 37, 3701, 370112.")
            )
    return " ".join(parts)


def _money(cell: Cell, words: str) -> Decimal:
    amount = as_money(cell)
    if amount is None:
        raise bad_input("cell", Text(f"“{words}”不是金额。", f"“{words}” is no amount."))
    if amount < CENT:
        raise bad_input("cell", Text(f"{amount:,} 不大于零。", f"{amount:,} is not more than nothing."))
    if amount != half_up(amount):
        raise bad_input("cell", Text(f"{amount} 不止两位小数。", f"{amount} has more than two decimals."))
    return half_up(amount)


_READERS: Final[dict[OpeningCell, Callable[[Cell, str], Value]]] = {
    OpeningCell.WORDS: lambda _, words: words,
    OpeningCell.CODE: _code,
    OpeningCell.PLACE: _places,
    OpeningCell.PLACES: _places,
    OpeningCell.MONEY: _money,
    OpeningCell.COPIES: lambda _, words: read_copies(words),
}


def _check_row(
    kind: OpeningKind, values: dict[str, Value], number: int, places: dict[str, int], *, known: Known
) -> list[Trouble]:  # fmt: skip
    """Check what cells of a row say about each other, and whether it is there already."""
    key = _key_of(kind, values)
    wrong = []
    if key in known.exists and key not in known.taken:
        wrong.append(Trouble(number, 0, Text("系统里已经有这一项。", "The product has this already.")))
    if len(key) > MOST_KEY:
        wrong.append(Trouble(number, 0, Text("编号合起来太长。", "The codes are too long together.")))
    if kind is OpeningKind.CERTIFICATES:
        begins, ends = values.get("valid_from"), values["valid_until"]
        if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
            words = Text(f"到期日 {ends} 早于起始日 {begins}。", f"It ends on {ends}, before it begins on {begins}.")
            wrong.append(Trouble(number, places["valid_until"] + 1, words))
    if kind is not OpeningKind.BATCHES:
        return wrong
    value, owed, opened = values["value"], values["owed"], values["opened_on"]
    if isinstance(value, Decimal) and isinstance(owed, Decimal) and owed > value:
        words = Text(f"未付 {owed:,} 大于原金额 {value:,}。", f"{owed:,} is owed of {value:,}.")
        wrong.append(Trouble(number, places["owed"] + 1, words))
    for name, zh, en in (("shipped_on", "发货日", "The day of shipping"), ("due_on", "应付日", "The due day")):
        day = values.get(name)
        if isinstance(day, date) and isinstance(opened, date) and day < opened:
            words = Text(f"{zh} {day} 早于受理日 {opened}。", f"{en}, {day}, lies before the request was accepted, {opened}.")
            wrong.append(Trouble(number, places[name] + 1, words))
    return wrong


def _check_key(key: str, number: int, seen: Mapping[str, int], known: Known) -> list[Trouble]:
    if key in seen:
        return [Trouble(number, 0, Text(f"与第 {seen[key]} 行重复。", f"The same as row {seen[key]}."))]
    if key in known.taken:
        return [Trouble(number, 0, Text(f"已入账：{known.taken[key]}。", f"Taken over already: {known.taken[key]}."))]
    return []


def _warn(kind: OpeningKind, values: dict[str, Value], number: int, places: dict[str, int], known: Known) -> list[Trouble]:
    if kind is not OpeningKind.PARTNERS:
        return []
    found = []
    for column in COLUMNS[kind]:
        day = values.get(column.key)
        if column.key.endswith("_until") and column.key in places and (not isinstance(day, date) or day < known.on):
            said = day if isinstance(day, date) else "—"
            words = Text(f"{column.title.zh} {said}：证照无效，申请会不通过。", f"{column.title.en} {said}: requests cannot pass.")
            found.append(Trouble(number, places[column.key] + 1, words))
    return found


def _key_of(kind: OpeningKind, values: dict[str, Value]) -> str:
    return "|".join(str(values[name]) for name in KEYS[kind])


def _totals(kind: OpeningKind, rows: list[RowRead]) -> dict[str, str]:
    found = {"rows": str(len(rows))}
    if kind is OpeningKind.STOCK:
        found["copies"] = str(sum(int(str(row.values["copies"])) for row in rows))
    elif kind in SUMS:
        found["amount"] = str(total(Decimal(str(row.values[SUMS[kind]])) for row in rows))
    return found


def _by_partner(kind: OpeningKind, rows: list[RowRead]) -> dict[str, str]:
    if kind not in (OpeningKind.BATCHES, OpeningKind.UNAPPLIED):
        return {}
    sums: dict[str, Decimal] = {}
    for row in rows:
        code = str(row.values["partner"])
        sums[code] = sums.get(code, ZERO) + Decimal(str(row.values[SUMS[kind]]))
    return {code: str(amount) for code, amount in sorted(sums.items())}
