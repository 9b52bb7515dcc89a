"""Text as it comes from a browser, made safe to store: without the characters that no database takes and no person types."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain_text(raw: str | None, *, most: int = 100_000) -> str:
    """Return the text without control characters, at most `most` characters of it; line ends become plain ones."""
    return _CONTROL.sub("", (raw or "")[:most]).replace("\r\n", "\n").replace("\r", "\n")
