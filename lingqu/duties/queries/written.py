"""Papers that are written as a document of another module: where that is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from lingqu.duties.models import Duty

_addresses: dict[str, Callable[[date], str]] = {}


def register_written(kind: str, address: Callable[[date], str]) -> None:
    """Say where a paper of a kind is written as a document that fulfils duties; `address(first_day)` of the period. Set in the wiring."""
    _addresses[kind] = address


def written_at(duty: Duty, *, on: date) -> str:
    """Return where the document is written that fulfils a duty, from when on its period is over or due; "" where papers alone do."""
    if on < duty.period_end <= duty.due_on:
        return ""
    return next((_addresses[kind](duty.period_start) for kind in duty.papers if kind in _addresses), "")
