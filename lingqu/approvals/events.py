"""What approvals tell to those above: how the approval of a document went on."""

from __future__ import annotations

from datetime import datetime

from lingqu.approvals.states import ApprovalState
from lingqu.base.events import Event


class ApprovalMoved(Event, frozen=True):
    """An approval was decided, sent back, submitted again or withdrawn; of one that became void nothing is told.

    `subject_kind` and `subject_id` name the document; `by` is a Person id.

    `by` is None where nobody did it (a job). Told in the same transaction; a subscriber that raises a Refusal undoes the decision.
    """

    approval: int
    subject_kind: str
    subject_id: int
    state: ApprovalState
    by: int | None
    at: datetime
    reason: str = ""
