"""How far things are counted that pile up: beyond a thousand nobody needs the number, and counting them all would cost every page."""

from __future__ import annotations

from typing import Final

MOST_COUNTED: Final = 1_000


def counted(many: int) -> str:
    """Return how many as it is shown: up to 999 as it is, then 999+, because nobody went on counting."""
    return f"{many:,}" if many < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


def upto(some: str) -> str:
    """Return the statement that counts what `FROM … WHERE …` finds, and stops at a thousand."""
    return f"(SELECT count(*) FROM (SELECT {some} LIMIT {MOST_COUNTED}) AS found)"  # noqa: S608 - made of the caller's own words
