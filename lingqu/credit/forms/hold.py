"""What people type about holds and collecting: errors stand at their field, and what was typed stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

import msgspec

from lingqu.base.money import read_amount
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text

LONGEST = 500
Chosen = TypeVar("Chosen", bound=StrEnum)


class HoldTyped(msgspec.Struct):
    """A form about a hold as it was typed: every field as text, and what is wrong by field."""

    texts: dict[str, str]
    errors: dict[str, Text] = {}

    def error(self, field: str, text: Text) -> None:
        """Note what is wrong with a field; the first complaint stays."""
        self.errors.setdefault(field, text)

    def chosen(self, kinds: type[Chosen], field: str, text: Text) -> Chosen:
        """Return what was chosen; without a choice that exists the first is taken and the error noted."""
        try:
            return kinds(self.texts[field])
        except ValueError:
            self.error(field, text)
            return next(iter(kinds))

    def day(self, field: str) -> date | None:
        """Return a day as typed, None for an empty field; what is no day is an error at it."""
        words = self.texts[field]
        if not words:
            return None
        try:
            return date.fromisoformat(re.sub(r"[./年月]", "-", words.rstrip("日")))
        except ValueError:
            self.error(field, Text("请填写日期，如 2026-12-31。", "Enter a date, like 2026-12-31."))
            return None

    def amount(self, field: str) -> Decimal | None:
        """Return an amount in yuan as typed, None for an empty field; what is no amount is an error at it."""
        if not self.texts[field]:
            return None
        try:
            return read_amount(self.texts[field], field=field)
        except Refusal as refusal:
            self.error(field, refusal.text)
            return None


def read_hold_form(sent: Mapping[str, str], fields: Iterable[str]) -> HoldTyped:
    """Return the fields of a form about a hold as they were sent, without characters that cannot be stored."""
    return HoldTyped({name: sent.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in fields}, {})
