"""What is typed with a verb: a day, a reason, a waybill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lingqu.base.money import plain_digits
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.base.typed import plain_text


def read_day(given: Mapping[str, str], field: str) -> date:
    """Return the day as typed in a field, 2026-11-27; refuses what is no day."""
    typed = plain_text(given.get(field), most=40)
    try:
        return date.fromisoformat(plain_digits(typed))
    except ValueError as wrong:
        text = Text(f"“{typed}”不是日期。请写成如 2026-11-27。", f"“{typed}” is no date. Write it like 2026-11-27.")
        raise bad_input(field, text) from wrong


def read_ship_day(given: Mapping[str, str]) -> date:
    """Return the ship date as typed; refuses what is no day."""
    return read_day(given, "ship_on")


def read_reason(given: Mapping[str, str]) -> str:
    """Return the reason as typed; whether one is needed is the action's to say."""
    return plain_text(given.get("reason"), most=200).strip()


def read_sent(given: Mapping[str, str]) -> str:
    """Return how the countersigned paper was sent, as typed; whether it is needed, and how long it may be, is the action's to say."""
    return plain_text(given.get("sent_by_post"), most=2_000).strip()


def read_waybill(given: Mapping[str, str]) -> str:
    """Return the carrier's number as typed; it may be empty."""
    return plain_text(given.get("waybill"), most=60).strip()
