"""What a list of returns or transfers is narrowed by, as the address says it."""

from __future__ import annotations

from collections.abc import Mapping

from lingqu.returns.forms.plain import plain_text
from lingqu.returns.queries import ReturnFilter

MOST_WORDS = 40
BIGGEST_DIGITS = 18


def read_filter(given: Mapping[str, str]) -> ReturnFilter:
    """Return the filter; what cannot be understood narrows nothing."""
    before = given.get("before", "")
    plain = before.isascii() and before.isdigit() and len(before) <= BIGGEST_DIGITS
    return ReturnFilter(given.get("state", "")[:20], plain_text(given.get("q"), most=MOST_WORDS).strip(), int(before) if plain else None)
