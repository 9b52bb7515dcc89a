"""A bank's file as it was read, before it is taken in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from lingqu.base.text import Text
from lingqu.settlement.rules import FIELD_WORDS, Field, FileRead, ReadLine

SHOWN = 30
"""How many movements are shown before a file is taken in: the first and the last."""

_NEEDED = {Field.DAY}


def column_rows(read: FileRead) -> list[dict[str, Any]]:
    """Return the fields with the columns that stand for them, to be corrected by a person."""
    headings = [
        {"place": place, "name": heading or f"#{place + 1}"}
        for place, heading in enumerate(read.header.headings)
    ]  # fmt: skip
    return [
        {
            "field": field.value, "words": FIELD_WORDS[field], "many": field is Field.REMARK, "needed": field in _NEEDED,
            "options": [one | {"chosen": one["place"] in read.header.columns.get(field, ())} for one in headings],
        }
        for field in Field
    ]  # fmt: skip


def preview_rows(read: FileRead, known: Collection[str], marks: Sequence[str], alike: Collection[object]) -> list[dict[str, Any]]:
    """Return the first movements of a file and the last: new, known from an earlier file, or alike to one."""
    pairs = list(zip(read.lines, marks, strict=True))
    shown = pairs if len(pairs) <= SHOWN else [*pairs[: SHOWN - 10], None, *pairs[-10:]]
    return [{"gap": len(pairs) - SHOWN} if pair is None else _row(pair[0], pair[1] in known, alike) for pair in shown]


def _row(line: ReadLine, is_known: bool, alike: Collection[object]) -> dict[str, Any]:  # noqa: FBT001 - one of two looks
    doubtful = not is_known and (line.on, line.amount, line.payer) in alike
    return {
        "line": line, "known": is_known, "doubtful": doubtful, "incoming": line.amount > 0,
        "kind": "closed" if is_known else "waiting" if doubtful else "planned",
        "words": Text("已有", "known") if is_known else Text("或重复", "maybe doubled") if doubtful else Text("新", "new"),
    }  # fmt: skip


def checks_of(read: FileRead) -> list[dict[str, Any]]:
    """Return what was checked, in words: balances per account of ours, and totals."""
    told = []
    for check in read.balances:
        if check.compared:
            order = Text("从新到旧", "newest first") if check.newest_first else Text("从旧到新", "oldest first")
            fits = not check.breaks
            told.append(
                {
                    "kind": "passed" if fits else "failed",
                    "text": Text(
                        f"余额逐行相符：比较 {check.compared:,} 处，{order.zh}" if fits else f"余额有 {len(check.breaks)} 处对不上",
                        f"Balances agree row by row: {check.compared:,} compared, {order.en}"
                        if fits
                        else f"Balances that do not add up: {len(check.breaks)}",
                    ),
                }
            )  # fmt: skip
        else:
            told.append({"kind": "not_applicable", "text": Text("文件没有可比较的余额", "The file has no balances to compare")})
    if read.checked_totals and not read.problems:
        fits = len(read.doubts) == sum(len(check.breaks) for check in read.balances)
        told.append(
            {
                "kind": "passed" if fits else "failed",
                "text": Text("合计与逐行相加相符", "Totals are the sums of the rows")
                if fits
                else Text("合计对不上", "Totals do not add up"),
            }
        )  # fmt: skip
    return told
