"""What is typed to make an access token."""

from __future__ import annotations

from datetime import date

import msgspec
from django.http import QueryDict

from lingqu.base.money import plain_digits
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.organisation.states import Scope

LONGEST = 80


class TypedToken(msgspec.Struct, frozen=True):
    """The form as it was typed: a name, the scopes that were ticked, the last day."""

    name: str = ""
    scopes: tuple[Scope, ...] = ()
    last_day: str = ""

    @property
    def until(self) -> date:
        """Return the last day; refuses what is no day: nothing is chosen for anybody here."""
        try:
            return date.fromisoformat(plain_digits(self.last_day.strip()))
        except ValueError as wrong:
            text = Text("请选择最后有效日，最长一年。", "Choose the last day on which it works, a year away at most.")
            raise bad_input("last_day", text) from wrong


def read_token(given: QueryDict) -> TypedToken:
    """Return the form as typed, so that a refusal loses nothing of it; scopes that there are not are left out."""
    ticked = set(given.getlist("scopes")[:LONGEST])
    name, last_day = (given.get(field, "").replace("\x00", "")[:LONGEST] for field in ("name", "last_day"))
    return TypedToken(name.strip(), tuple(scope for scope in Scope if scope.value in ticked), last_day)
