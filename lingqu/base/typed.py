"""What comes from a browser's address or form as text, made safe to look up and to store."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ID = re.compile(r"\d{1,18}", re.ASCII)


def plain_text(raw: str | None, *, most: int = 100_000) -> str:
    """Return at most `most` characters of a text, without those that no database takes and no person types; line ends become plain ones."""
    return _CONTROL.sub("", (raw or "")[:most]).replace("\r\n", "\n").replace("\r", "\n")


def read_id(text: str) -> int | None:
    """Return the id that a text is: 1 to 18 digits, so that a bigint holds it; None for anything else."""
    return int(text) if _ID.fullmatch(text) else None
