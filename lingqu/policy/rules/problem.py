"""Something in a regulation that is not right: where, what, and what to do about it."""

from __future__ import annotations

import msgspec

from lingqu.base.text import Text


class Problem(msgspec.Struct, frozen=True):
    """One thing to put right. `place` leads to it as in a pack (`chains/regulation_change/steps/vote/late_to`); `text` says what to do."""

    place: str
    text: Text


def problem(place: str, zh: str, en: str) -> Problem:
    """Return a problem with its words in both languages."""
    return Problem(place, Text(zh, en))
