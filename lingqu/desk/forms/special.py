"""What is typed to ask for a special price."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from lingqu.base.money import plain_digits, read_copies, read_discount
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.catalogue.rules import NewSpecial
from lingqu.catalogue.states import SpecialKind

FIELDS = ("buyer", "title", "kind", "customer", "discount", "copies", "since", "until", "reason")
MOST_TYPED = 400


class SpecialTyped(msgspec.Struct):
    """The form as it was typed, with what is wrong by field; `product` is the title that its number names."""

    texts: dict[str, str]
    errors: dict[str, Text] = {}
    product: int = 0
    discount_bp: int = 0
    copies: int = 0
    since: date | None = None
    until: date | None = None

    def special(self) -> NewSpecial:
        """Return what is asked; only where nothing is wrong."""
        assert self.since is not None  # noqa: S101 - read without errors
        assert self.until is not None  # noqa: S101 - read without errors
        return NewSpecial(
            self.product, SpecialKind(self.texts["kind"]), self.discount_bp, self.copies, self.since, self.until, self.texts["reason"],
            self.texts["customer"],
        )  # fmt: skip


def read_special(given: Mapping[str, str]) -> SpecialTyped:
    """Return the form as typed, with an error at each field that cannot be understood; the title is looked up by the caller."""
    texts = {name: given.get(name, "").replace("\x00", "")[:MOST_TYPED].strip() for name in FIELDS}
    typed = SpecialTyped(texts, {})
    if texts["kind"] not in SpecialKind._value2member_map_:
        texts["kind"] = SpecialKind.TITLE.value
    for name, read in (("discount", _discount), ("copies", _copies), ("since", _day), ("until", _day)):
        try:
            setattr(typed, {"discount": "discount_bp"}.get(name, name), read(texts[name], name))
        except Refusal as refusal:
            typed.errors[name] = refusal.text
    return typed


def _discount(words: str, field: str) -> int:
    return read_discount(words, field=field)


def _copies(words: str, field: str) -> int:
    return read_copies(words, field=field)


def _day(words: str, field: str) -> date:
    try:
        return date.fromisoformat(plain_digits(words))
    except ValueError as wrong:
        raise bad_input(field, Text("请写成如 2026-11-27 的日期。", "Write a date like 2026-11-27.")) from wrong
