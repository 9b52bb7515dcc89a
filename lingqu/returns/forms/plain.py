"""Text as it comes from a browser, without the characters that no database takes and no person types."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain_text(raw: str | None, *, most: int) -> str:
    """Return at most `most` characters of the text without control characters; line ends become plain ones."""
    return _CONTROL.sub("", (raw or "")[:most]).replace("\r\n", "\n").replace("\r", "\n")
