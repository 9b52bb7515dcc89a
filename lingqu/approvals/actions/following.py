"""How a document goes on with its approval: the same for every type whose decision an approval is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal
from lingqu.base.states import StateTable
from lingqu.base.text import Text


class Follows(msgspec.Struct, frozen=True, kw_only=True):
    """A type that follows its approvals: its word in them, its table, the verb for each state of an approval, what was signed.

    `lock` returns the document locked, `fingerprint` what its content is now. `then` does what the move brings before the state is saved,
    and may set more fields; `told` tells people afterwards.
    """

    subject: str
    states: StateTable[Any, Any]
    verbs: Mapping[ApprovalState, StrEnum]
    lock: Callable[[int], Any]
    fingerprint: Callable[[Any], str]
    then: Callable[[Any, ApprovalMoved], None] = lambda document, event: None  # noqa: ARG005 - nothing more
    told: Callable[[Any, ApprovalMoved], None] = lambda document, event: None  # noqa: ARG005 - nobody


def follow(event: ApprovalMoved, follows: Follows) -> None:
    """Move a document as its approval moved, and record it; nothing for another type's.

    Its model has `state`, `regulation` and `ended_because`. Refuses an agreement to something else than what was sent for approval.
    """
    must_be_atomic()
    if event.subject_kind != follows.subject or event.state not in follows.verbs:
        return
    document, verb = follows.lock(event.subject_id), follows.verbs[event.state]
    before = document.state
    states = type(next(iter(follows.states.moves))[0])
    after = follows.states.next(states(before), verb)
    signed = Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval)
    if event.state is ApprovalState.APPROVED and signed != follows.fingerprint(document):
        raise Refusal("content_changed", Text("申请内容与送审时不同。", "It is not what was sent for approval."))
    follows.then(document, event)
    document.state, document.ended_because = after.value, event.reason[:400]
    document.save()
    said = {"state": after.value, "because": document.ended_because}
    record([Deed(verb.value, follows.subject, document.pk, said, {"state": before}, document.regulation)], by=event.by, at=event.at)
    follows.told(document, event)
