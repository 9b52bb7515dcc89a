"""What is typed with the ways on for a stopped request: a reason, a day by which to pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lingqu.base.typed import plain_text
from lingqu.orders.forms.answer import read_day


def read_long_reason(given: Mapping[str, str]) -> str:
    """Return the reason as typed, at most 400 characters; whether one is needed is the action's to say."""
    return plain_text(given.get("reason"), most=400).strip()


def read_pay_day(given: Mapping[str, str]) -> date:
    """Return the day by which to pay, as typed; refuses what is no day."""
    return read_day(given, "pay_by")
