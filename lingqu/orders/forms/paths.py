"""What is typed when a request is changed, split, shipped in part or taken back: a number for each line, kept as it came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lingqu.base.money import MAX_COPIES, plain_digits, read_discount
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.base.typed import plain_text
from lingqu.orders.forms.paste import read_paste
from lingqu.orders.present import Cells
from lingqu.orders.states import ReturnReason

MOST_CELL = 40
MOST_REASON = 200
MOST_ADDED = 20_000

_CELL = re.compile(r"(copies|discount)-(\d{1,5})", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)


def read_cells(given: Mapping[str, str]) -> Cells:
    """Return what was typed, at most 40 characters of each number."""
    cells: dict[str, dict[int, str]] = {"copies": {}, "discount": {}}
    for name, value in given.items():
        found = _CELL.fullmatch(name)
        if found:
            cells[found[1]][int(found[2])] = plain_text(value, most=MOST_CELL).strip()
    seen = given.get("seen", "")
    return Cells(
        cells["copies"], cells["discount"], plain_text(given.get("added"), most=MOST_ADDED),
        plain_text(given.get("reason"), most=2_000).strip(), given.get("kind", "")[:MOST_CELL],
        plain_text(given.get("waybill"), most=60).strip(), int(seen) if _WHOLE.fullmatch(seen) else None, {},
    )  # fmt: skip


def read_numbers(cells: Cells) -> dict[int, int]:
    """Return copies by line number, an empty cell as 0; what is no whole number from 0 to 1,000,000 is blamed at its field."""
    numbers: dict[int, int] = {}
    for line, typed in cells.copies.items():
        plain = plain_digits(typed) or "0"
        if not _WHOLE.fullmatch(plain) or int(plain) > MAX_COPIES:
            cells.errors[f"copies-{line}"] = Text(
                f"“{typed}”不是 0 至 {MAX_COPIES:,} 的整数册数。", f"“{typed}” is no whole number of copies from 0 to {MAX_COPIES:,}."
            )
        else:
            numbers[line] = int(plain)
    return numbers


def read_discounts(cells: Cells) -> dict[int, int]:
    """Return the discounts typed in basis points by line number, those left empty out; what is none is blamed at its field."""
    discounts: dict[int, int] = {}
    for line, typed in cells.discounts.items():
        if not typed:
            continue
        try:
            discounts[line] = read_discount(typed)
        except Refusal as refusal:
            cells.errors[f"discount-{line}"] = refusal.text
    return discounts


def added_codes(cells: Cells) -> list[str]:
    """Return the numbers of the titles that are added, in capital letters."""
    return [line.code for line in read_paste(cells.added) if line.code]


def read_added(cells: Cells, known: Mapping[str, int]) -> list[tuple[int, int]]:
    """Return product ids and copies of the titles added; `known` is their ids by number. The first line that is wrong is blamed."""
    wanted: list[tuple[int, int]] = []
    for line in read_paste(cells.added):
        if line.wrong or line.code not in known:
            wrong = line.wrong or Text("没有这个编号。", "There is no such number.")
            cells.errors["added"] = Text(f"“{line.line[:60]}”：{wrong.zh}", f"“{line.line[:60]}”: {wrong.en}")
            break
        wanted.append((known[line.code], line.copies))
    return wanted


def read_needed_reason(cells: Cells) -> str:
    """Return the reason as typed; an empty one and one of more than 200 characters are blamed at their field."""
    if not cells.reason:
        cells.errors["reason"] = Text("请写明理由。", "Give the reason.")
    elif len(cells.reason) > MOST_REASON:
        cells.errors["reason"] = Text(f"理由最多 {MOST_REASON} 字。", f"A reason has at most {MOST_REASON} characters.")
    return cells.reason


def read_return_reason(cells: Cells) -> ReturnReason:
    """Return why goods came back; an unknown one is blamed at its field."""
    if cells.kind in set(ReturnReason):
        return ReturnReason(cells.kind)
    cells.errors["kind"] = Text("请选择退货原因。", "Choose why they came back.")
    return ReturnReason.OTHER


def read_chosen(given: Iterable[str]) -> list[str]:
    """Return the numbers of the requests ticked, at most 100 characters of each; refuses more than 100 of them."""
    chosen = [one[:100].replace("\x00", "") for one in given]
    if len(chosen) > 100:  # noqa: PLR2004 - far more than may be merged
        raise bad_input("others", Text("选得太多。", "Too many are ticked."))
    return chosen
