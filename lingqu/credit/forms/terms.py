"""What people type when they give a retailer its terms: what is wrong stands at its field, what was typed stays."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from lingqu.base.money import ZERO, plain_digits, read_discount
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.credit.forms.proposal import read_limit
from lingqu.credit.rules import NewTerms

FIELDS = ("grade", "limit", "batches", "days", "discount", "reason")
LONGEST = 400
MOST_DIGITS = 4


class TermsTyped(msgspec.Struct):
    """Terms as they were typed: every field as text, the errors by field, and what could be read of it."""

    texts: dict[str, str]
    errors: dict[str, Text] = {}
    limit: Decimal = ZERO
    batches: int = 0
    days: int = 0
    discount_bp: int | None = None

    def terms(self) -> NewTerms:
        """Return what was typed as the action takes it."""
        return NewTerms(self.texts["grade"], self.limit, self.batches, self.days, self.discount_bp, self.texts["reason"])


def read_terms(sent: Mapping[str, str]) -> TermsTyped:
    """Return terms as they were sent, with what is wrong at its fields. An empty price is that of the table."""
    texts = {name: sent.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in FIELDS}
    typed = TermsTyped(texts, {})
    readers = {
        "limit": read_limit,
        "batches": lambda words: read_whole(words, "batches"),
        "days": lambda words: read_whole(words, "days"),
        "discount_bp": lambda words: read_discount(words) if words else None,
    }
    for name, reader in readers.items():
        field = "discount" if name == "discount_bp" else name
        try:
            setattr(typed, name, reader(texts[field]))
        except Refusal as refusal:
            typed.errors[field] = refusal.text
    if not texts["reason"]:
        typed.errors["reason"] = Text("请写明理由。", "Give the reason.")
    return typed


def read_whole(words: str, field: str) -> int:
    """Return a whole number from 0 to 9,999 as typed by a person; refuses anything else at its field."""
    plain = plain_digits(words)
    if not plain.isascii() or not plain.isdigit() or len(plain) > MOST_DIGITS:
        raise bad_input(field, Text(f"“{words[:40]}”不是整数。", f"“{words[:40]}” is no whole number."))
    return int(plain)
