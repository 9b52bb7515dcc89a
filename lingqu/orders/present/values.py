"""Stored JSON read leniently: a decision made under an older version may lack what a newer one has, and its page must open all the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

import msgspec


class Values:
    """The named values of a stored JSON object; what is missing or of another kind reads as nothing."""

    def __init__(self, raw: object) -> None:
        """Keep the object; anything but an object is empty."""
        self.raw: Mapping[str, object] = raw if isinstance(raw, Mapping) else {}

    @classmethod
    def of(cls, text: str) -> Values:
        """Return the values of a JSON text; a broken one is empty."""
        try:
            return cls(msgspec.json.decode(text))
        except msgspec.DecodeError:
            return cls({})

    def amount(self, name: str) -> Decimal | None:
        """Return an amount in yuan or a number written as text; None when it is not there."""
        value = self.raw.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            return None
        return number if number.is_finite() else None

    def count(self, name: str) -> int | None:
        """Return a whole number; None when it is not there."""
        value = self.raw.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def day(self, name: str) -> date | None:
        """Return a day; None when it is not there."""
        value = self.raw.get(name)
        try:
            return date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None

    def text(self, name: str) -> str:
        """Return a text; an empty one when it is not there."""
        value = self.raw.get(name)
        return value if isinstance(value, str) else ""

    def flag(self, name: str) -> bool:
        """Return whether something is so."""
        return self.raw.get(name) is True

    def part(self, name: str) -> Values:
        """Return the object inside; an empty one when it is not there."""
        return Values(self.raw.get(name))

    def parts(self, name: str) -> list[Values]:
        """Return the objects of a list inside; none when it is not there."""
        value = self.raw.get(name)
        return [Values(one) for one in value] if isinstance(value, list) else []

    def texts(self, name: str) -> list[str]:
        """Return the texts of a list inside; none when it is not there."""
        value = self.raw.get(name)
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
