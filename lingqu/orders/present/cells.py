"""What stands in a form with a number for each line, and what is wrong with it."""

from __future__ import annotations

import re

import msgspec

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text

_FIELD = re.compile(r"lines\.(\d{1,5})\.(copies|discount)")
WORDS = ("reason", "kind", "added", "others", "lines", "parcels", "carrier", "payer", "freight")
"""Fields beside the cells at which a refusal is shown."""


class Cells(msgspec.Struct):
    """The form: numbers by line number as they were typed, titles added, words; and what is wrong, by the name of the field."""

    copies: dict[int, str] = {}
    discounts: dict[int, str] = {}
    added: str = ""
    reason: str = ""
    kind: str = ""
    waybill: str = ""
    seen: int | None = None
    errors: dict[str, Text] = {}

    def blame(self, refusal: Refusal) -> bool:
        """Put a refusal at the field that it names, and return whether the form has that field."""
        found = _FIELD.fullmatch(refusal.field)
        field = f"{found[2]}-{found[1]}" if found else refusal.field
        if not found and field not in WORDS:
            return False
        self.errors[field] = refusal.text
        return True
