"""What is typed with the ways on for a stopped request: a reason, a day by which to pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lingqu.base.money import plain_digits
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.base.typed import plain_text


def read_long_reason(given: Mapping[str, str]) -> str:
    """Return the reason as typed, at most 400 characters; whether one is needed is the action's to say."""
    return plain_text(given.get("reason"), most=400).strip()


def read_pay_day(given: Mapping[str, str]) -> date:
    """Return the day by which to pay, as typed, 2026-11-27; refuses what is no day."""
    typed = plain_text(given.get("pay_by"), most=40)
    try:
        return date.fromisoformat(plain_digits(typed))
    except ValueError as wrong:
        text = Text(f"“{typed}”不是日期。请写成如 2026-11-27。", f"“{typed}” is no date. Write it like 2026-11-27.")
        raise bad_input("pay_by", text) from wrong
