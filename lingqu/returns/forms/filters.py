"""What a list of returns or transfers is narrowed by, as the address says it."""

from __future__ import annotations

from collections.abc import Mapping

from lingqu.base.typed import plain_text, read_id
from lingqu.returns.queries import ReturnFilter

MOST_WORDS = 40


def read_filter(given: Mapping[str, str]) -> ReturnFilter:
    """Return the filter; what cannot be understood narrows nothing."""
    words = plain_text(given.get("q"), most=MOST_WORDS).strip()
    return ReturnFilter(given.get("state", "")[:20], words, read_id(given.get("before", "")))
