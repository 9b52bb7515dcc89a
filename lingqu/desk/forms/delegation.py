"""What is typed on the page of stand-ins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from lingqu.base.money import plain_digits
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.organisation.states import PostCode

MOST_WORDS = 200
_HELD = re.compile(r"(\d{1,18})-([a-z]{1,20})", re.ASCII)


class TypedDelegation(msgspec.Struct, frozen=True):
    """The form as it was typed: `held` names the absent person and their post, such as 12-manager."""

    held: str = ""
    stand_in: str = ""
    first: str = ""
    last: str = ""
    reason: str = ""

    @property
    def absent(self) -> tuple[int, PostCode]:
        """Return the absent person's id and the post; refuses anything else."""
        found = _HELD.fullmatch(self.held)
        if found is None or found[2] not in PostCode._value2member_map_:
            raise bad_input("held", Text("请选择由谁的哪个岗位委托。", "Choose whose post is to be lent."))
        return int(found[1]), PostCode(found[2])

    @property
    def stand_in_id(self) -> int | None:
        """Return the id of who stands in; None when nobody was chosen."""
        return read_id(self.stand_in)

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day; refuses what is no day."""
        return _day("first", self.first), _day("last", self.last)


def read_delegation(given: Mapping[str, str]) -> TypedDelegation:
    """Return the form as typed, so that a refusal loses nothing of it."""
    words = {name: given.get(name, "").replace("\x00", "")[:MOST_WORDS] for name in ("held", "stand_in", "first", "last", "reason")}
    return TypedDelegation(**words)


def _day(field: str, typed: str) -> date:
    try:
        return date.fromisoformat(plain_digits(typed.strip()))
    except ValueError as wrong:
        text = Text(f"“{typed}”不是日期。请写成如 2026-11-27。", f"“{typed}” is no date. Write it like 2026-11-27.")
        raise bad_input(field, text) from wrong
