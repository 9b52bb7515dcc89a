"""The filters of the list, as they stand in the address. Whatever is not understood is left out: an address never breaks a list."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lingqu.orders.forms.plain import plain_text
from lingqu.orders.queries import GROUPS, OrderFilter

MOST_WORDS = 60
_ID = re.compile(r"\d{1,18}", re.ASCII)


def read_filter(given: Mapping[str, str]) -> OrderFilter:
    """Return the filter that an address names."""
    group = given.get("group", "all")
    return OrderFilter(
        group=group if group in GROUPS else "all",
        words=read_words(given),
        before=read_number(given.get("before", "")),
        after=read_number(given.get("after", "")),
    )


def read_words(given: Mapping[str, str]) -> str:
    """Return what stands in a search box, at most 60 characters."""
    return plain_text(given.get("q"), most=MOST_WORDS).strip()


def read_number(text: str) -> int | None:
    """Return an id from an address; None for anything else."""
    return int(text) if _ID.fullmatch(text) else None
