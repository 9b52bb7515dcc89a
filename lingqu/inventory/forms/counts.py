"""What was counted, as it is typed or stands in a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from lingqu.base.money import MAX_COPIES, plain_digits
from lingqu.base.refusal import bad_input, not_found
from lingqu.base.sheets import SheetIn, as_text
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.inventory.rules import Counted

COUNTED, REASON = "counted-", "reason-"
MOST_REASON = 200
CODE_HEADS = frozenset({"编号", "书号", "图集号", "number", "code"})
COUNTED_HEADS = frozenset({"实盘册数", "实盘", "册数", "counted"})
REASON_HEADS = frozenset({"差异原因", "原因", "reason"})


class CountedTyped(msgspec.Struct):
    """What was counted by StockItem id, as typed, what could be read, and the errors by field."""

    asked: dict[int, str] = {}
    reasons: dict[int, str] = {}
    counted: dict[int, Counted] = {}
    errors: dict[str, Text] = {}


def read_counted(sent: Mapping[str, str]) -> CountedTyped:
    """Read the copies as sent; empty fields are not counted yet. Refuses (404) the id of a title that is no number at all."""
    typed = CountedTyped({}, {}, {}, {})
    for name, words in sent.items():
        if not name.startswith(COUNTED) or not words.strip():
            continue
        item = read_id(name.removeprefix(COUNTED))
        if item is None:
            raise not_found()
        typed.asked[item], typed.reasons[item] = words.strip(), sent.get(f"{REASON}{item}", "").strip()
        copies = _copies(words)
        if copies is None:
            typed.errors[f"{COUNTED}{item}"] = _WRONG
        elif len(typed.reasons[item]) > MOST_REASON or "\x00" in typed.reasons[item]:
            typed.errors[f"{REASON}{item}"] = Text(f"原因最多 {MOST_REASON} 字。", f"A reason has at most {MOST_REASON} characters.")
        else:
            typed.counted[item] = Counted(copies, typed.reasons[item])
    return typed


def read_counted_table(sheets: Sequence[SheetIn]) -> dict[str, Counted]:
    """Return what was counted by product number from a filled-in count sheet; rows without copies are not counted yet.

    Refuses a file without the two columns, a number twice, and copies that are no whole number, all rows at once.
    """
    rows = [row for sheet in sheets for row in sheet.rows]
    head, first = _head(rows)
    counted: dict[str, Counted] = {}
    wrong: list[int] = []
    for number, row in enumerate(rows[first:], first + 1):
        code, words = _cell(row, head["code"]), _cell(row, head["counted"])
        if not code or not words:
            continue
        copies = _copies(words)
        if copies is None or code in counted:
            wrong.append(number)
        else:
            counted[code] = Counted(copies, _cell(row, head.get("reason"))[:MOST_REASON])
    if wrong:
        named = "、".join(str(one) for one in wrong[:10])
        raise bad_input(
            "file",
            Text(
                f"第 {named} 行的实盘册数不是 0 到 {MAX_COPIES:,} 的整数，或编号重复；没有录入任何一行。",
                f"Rows {named.replace('、', ', ')}: the copies are not a whole number of 0 to {MAX_COPIES:,}, or the number stands twice; "
                "nothing was entered.",
            ),
        )
    return counted


_WRONG = Text(f"请填写 0 到 {MAX_COPIES:,} 的整数。", f"Enter a whole number of 0 to {MAX_COPIES:,}.")


def _copies(words: str) -> int | None:
    plain = plain_digits(words).replace(",", "").strip()
    copies = read_id(plain)
    return copies if copies is not None and copies <= MAX_COPIES else None


def _head(rows: Sequence[Sequence[object]]) -> tuple[dict[str, int], int]:
    for place, row in enumerate(rows[:20]):
        words = [as_text(cell).strip().lower().rstrip("*") for cell in row]  # type: ignore[arg-type]
        found = {
            name: next(at for at, word in enumerate(words) if word in heads)
            for name, heads in (("code", CODE_HEADS), ("counted", COUNTED_HEADS), ("reason", REASON_HEADS))
            if any(word in heads for word in words)
        }
        if {"code", "counted"} <= set(found):
            return found, place + 1
    raise bad_input("file", Text("没有找到“编号”和“实盘册数”两列。", "No columns “Number” and “Counted” were found."))


def _cell(row: Sequence[object], place: int | None) -> str:
    return as_text(row[place]).strip() if place is not None and place < len(row) else ""  # type: ignore[arg-type]
