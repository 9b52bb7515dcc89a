"""One difference between two versions, for a person to read."""

from __future__ import annotations

import msgspec

from lingqu.base.text import Text
from lingqu.policy.states import ChangeKind


class Change(msgspec.Struct, frozen=True):
    """What changed: its kind, its place (`parameters/grades/C/limit`), the clause concerned ("" for none), what people call it, and the
    words before and after; None where it is new or gone. `language` is set where the words are of one language only.
    """  # noqa: D205 - one sentence

    kind: ChangeKind
    place: str
    clause: str
    title: Text
    before: Text | None
    after: Text | None
    language: str = ""
