"""What is typed to enter a paper of a partner."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from lingqu.base.money import plain_digits
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.partners.states import PaperKind

FIELDS = ("kind", "number", "valid_from", "valid_until")
MOST_TYPED = 60
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


class PaperTyped(msgspec.Struct):
    """The form as it was typed, with what is wrong by field, and what could be read."""

    texts: dict[str, str] = {}
    errors: dict[str, Text] = {}
    kind: PaperKind = PaperKind.CERTIFICATE
    valid_from: date | None = None
    valid_until: date = LAST

    def blame(self, refusal: Refusal) -> bool:
        """Put a refusal at its field; return whether it has one here."""
        if refusal.field in (*FIELDS, "scans"):
            self.errors[refusal.field] = refusal.text
        return bool(self.errors)


def read_paper(sent: Mapping[str, str]) -> PaperTyped:
    """Read a paper as sent; what cannot be read stands as an error at its field, and nothing typed is lost."""
    typed = PaperTyped({name: sent.get(name, "").replace("\x00", "").strip()[:MOST_TYPED] for name in FIELDS}, {})
    if typed.texts["kind"] in set(PaperKind):
        typed.kind = PaperKind(typed.texts["kind"])
    else:
        typed.errors["kind"] = Text("请选择证照种类。", "Choose the kind of paper.")
    if not typed.texts["number"]:
        typed.errors["number"] = Text("请填写编号。", "Enter the number.")
    typed.valid_from = _day(typed, "valid_from")
    until = _day(typed, "valid_until")
    if until:
        typed.valid_until = until
    else:
        typed.errors.setdefault("valid_until", Text("请填写到期日。", "Enter the last day."))
    return typed


def _day(typed: PaperTyped, field: str) -> date | None:
    words = plain_digits(typed.texts[field])
    if not words:
        return None
    try:
        day = date.fromisoformat(re.sub(r"[./年月]", "-", words.rstrip("日")))
    except ValueError:
        day = date.min
    if not FIRST <= day <= LAST:
        typed.errors[field] = Text("请填写 2000 至 2100 年的日期，如 2027-12-31。", "Enter a date of 2000 to 2100, like 2027-12-31.")
        return None
    return day
