"""What is typed about sign-ins: an invitation, a new password, a code."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.organisation.states import PostCode

MOST_TYPED = 200


class TypedInvitation(msgspec.Struct, frozen=True):
    """The form as it was typed."""

    name: str = ""
    login: str = ""
    telephone: str = ""
    post: str = ""

    @property
    def chosen(self) -> PostCode:
        """Return the post; refuses what is none."""
        if self.post not in PostCode._value2member_map_:
            raise bad_input("post", Text("请选择岗位。", "Choose a post."))
        return PostCode(self.post)


def read_invitation(given: Mapping[str, str]) -> TypedInvitation:
    """Return the form as typed, so that a refusal loses nothing of it."""
    return TypedInvitation(**{name: typed(given, name).strip() for name in ("name", "login", "telephone", "post")})


class TypedPassword(msgspec.Struct, frozen=True):
    """The old password and the new one; nothing of it is ever shown again."""

    old: str
    new: str

    def __repr__(self) -> str:
        """Tell nothing."""
        return "TypedPassword()"


def read_password(given: Mapping[str, str]) -> TypedPassword:
    """Return the two passwords; refuses (422) a new one that was not typed alike twice."""
    if typed(given, "password") != typed(given, "again"):
        raise bad_input("again", Text("两次输入的新密码不一致。", "The two new passwords differ."))
    return TypedPassword(typed(given, "old"), typed(given, "password"))


def typed(given: Mapping[str, str], field: str) -> str:
    """Return a field without what no database takes, at most 200 characters."""
    return given.get(field, "").replace("\x00", "")[:MOST_TYPED]
