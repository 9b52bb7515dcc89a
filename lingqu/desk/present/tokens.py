"""Access tokens as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lingqu.base.text import Text
from lingqu.organisation.models import AccessToken
from lingqu.organisation.states import SCOPE_WORDS, Scope


def token_row(token: AccessToken) -> dict[str, Any]:
    """Return a token that is not over, or that was revoked before it was."""
    revoked = token.revoked_at is not None
    return {
        "prefix": token.prefix,
        "name": token.name,
        "scopes": [SCOPE_WORDS[Scope(scope)] for scope in token.scopes.split()],
        "made_at": token.made_at,
        "last_day": token.last_day,
        "used_on": token.used_on,
        "kind": "closed" if revoked else "valid",
        "words": Text("已停用", "Revoked") if revoked else Text("有效", "Working"),
        "may_revoke": not revoked,
    }


def scope_choices(ticked: Iterable[Scope]) -> list[Mapping[str, Any]]:
    """Return all that a token can open, with what is ticked."""
    chosen = set(ticked)
    return [{"value": scope.value, "words": SCOPE_WORDS[scope], "chosen": scope in chosen} for scope in Scope]
