"""In which place of the open step a person may answer: their own, or that of an absent person whose post is lent to them."""

from __future__ import annotations

from lingqu.approvals.access import is_own, place_to_vote, places_of
from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.approvals.states import ApprovalState, StepKind, StepState
from lingqu.organisation.queries import Acting


def step_at_hand(approval: Approval) -> ApprovalStep | None:
    """Return the open step of an approval that is on its way."""
    if approval.state != ApprovalState.OPEN.value:
        return None
    return next((step for step in approval.steps.all() if step.state == StepState.OPEN.value), None)


def place_in(step: ApprovalStep, approval: Approval, who: Acting) -> Signer | None:
    """Return the place in which the person may still answer; None when the step is not theirs, or their answer is given.

    A vote may be changed until the meeting is closed. The deciding itself asks again, with the rows locked.
    """
    if is_own(who, approval):
        return None
    if step.kind == StepKind.VOTE.value:
        return place_to_vote(step, approval, who)
    return next((place for place in places_of(step, approval, who) if not place.answer), None)
