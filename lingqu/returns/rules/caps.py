"""The caps of a return: share of the year's goods, age, condition, source (M-16.3.2). Beyond one, a procedure decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.money import ZERO, half_up
from lingqu.returns.states import Cap

WHOLE = Decimal(100)
MONTHS = 12
LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class CapFacts(msgspec.Struct, frozen=True):
    """What the caps are judged by. Values are yuan at list price; the year is the calendar year in which it is asked.

    `shipped` is what was shipped to the partner in the year, `returned` what came back in it or is claimed by other requests, `asked` this
    return. `old` are copies shipped before `since`, the oldest of all on `oldest`; `unfit` those said not to be fit for sale, none where
    the goods were faulty; `extra` those that no request explains, `files` the evidence for them.
    """

    year: int
    shipped: Decimal
    returned: Decimal
    asked: Decimal
    share: Decimal
    months: int
    since: date
    oldest: date | None
    old: int
    unfit: int
    extra: int
    files: int


class CapRow(msgspec.Struct, frozen=True):
    """One cap: whether it is kept, and the numbers by which; amounts are texts with their cents, so that they stay what they were."""

    cap: Cap
    passed: bool
    numbers: dict[str, int | str]


def cap_rows(facts: CapFacts) -> tuple[CapRow, ...]:
    """Return every cap with its numbers.

    The share counts all reasons alike, since the regulation exempts none. Nothing shipped in the year means nothing may come back freely.
    """
    most = half_up(facts.shipped * facts.share / WHOLE)
    after = facts.returned + facts.asked
    share: dict[str, int | str] = {
        "year": facts.year, "shipped": _yuan(facts.shipped), "share": f"{facts.share.normalize():f}", "most": _yuan(most),
        "returned": _yuan(facts.returned), "asked": _yuan(facts.asked), "after": _yuan(after), "over": _yuan(max(after - most, ZERO)),
    }  # fmt: skip
    age: dict[str, int | str] = {
        "months": facts.months, "since": facts.since.isoformat(), "oldest": facts.oldest.isoformat() if facts.oldest else "",
        "old": facts.old,
    }  # fmt: skip
    return (
        CapRow(Cap.SHARE, after <= most, share),
        CapRow(Cap.AGE, not facts.old, age),
        CapRow(Cap.CONDITION, not facts.unfit, {"unfit": facts.unfit}),
        CapRow(Cap.RECORD, not facts.extra, {"extra": facts.extra, "files": facts.files}),
    )


def keeps_all(rows: Iterable[CapRow]) -> bool:
    """Return whether every cap is kept."""
    return all(row.passed for row in rows)


def agreed_directly(rows: Iterable[CapRow], *, alone: bool) -> bool:
    """Return whether a return is agreed to without a procedure: within all caps, and `alone`, in an agent's own house, beyond them too.

    Copies that no request explains have no price before a procedure proposed one, so nobody agrees to those directly.
    """
    failed = {row.cap for row in rows if not row.passed}
    return not failed or (alone and Cap.RECORD not in failed)


def _yuan(amount: Decimal) -> str:
    return f"{half_up(amount):.2f}"


def back_to(on: date, months: int) -> date:
    """Return the day so many months before another; the 31st of a shorter month is its last day."""
    count = on.year * MONTHS + on.month - 1 - months
    year, month = divmod(count, MONTHS)
    last = LAST_DAYS[month]
    if month == 1 and (year % 4 or (year % 100 == 0 and year % 400)):
        last = 28
    return date(year, month + 1, min(on.day, last))


def rows_text(rows: Sequence[CapRow]) -> str:
    """Return rows as the text in which they are kept."""
    return msgspec.json.encode(rows, order="deterministic").decode()


def read_rows(text: str) -> tuple[CapRow, ...]:
    """Return rows from the text in which they are kept; amounts come back as they were written."""
    return msgspec.json.decode(text, type=tuple[CapRow, ...])
