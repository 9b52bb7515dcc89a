"""The filters of the list, as they stand in the address. Whatever is not understood is left out: an address never breaks a list."""

from __future__ import annotations

from collections.abc import Mapping

from lingqu.base.typed import plain_text, read_id
from lingqu.orders.queries import GROUPS, OrderFilter

MOST_WORDS = 60


def read_filter(given: Mapping[str, str]) -> OrderFilter:
    """Return the filter that an address names."""
    group = given.get("group", "all")
    return OrderFilter(
        group=group if group in GROUPS else "all",
        words=read_words(given),
        before=read_id(given.get("before", "")),
        after=read_id(given.get("after", "")),
    )


def read_words(given: Mapping[str, str]) -> str:
    """Return what stands in a search box, at most 60 characters."""
    return plain_text(given.get("q"), most=MOST_WORDS).strip()
