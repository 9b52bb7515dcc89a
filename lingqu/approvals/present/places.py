"""In which place of the open step a person may answer: their own, or that of an absent person whose post is lent to them."""

from __future__ import annotations

from lingqu.approvals.access import is_own
from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.approvals.states import ApprovalState, StepKind, StepState
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode


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
    places = [place for place in step.signers.all() if place.active]
    own = [place for place in places if place.person_id == who.person]
    if step.kind == StepKind.VOTE.value:
        return next(iter(own or _lent(places, approval, who)), None)
    return next((place for place in own + _lent(places, approval, who) if not place.answer), None)


def _lent(places: list[Signer], approval: Approval, who: Acting) -> list[Signer]:
    asking = (approval.asked_by_id, approval.asked_for_id)
    return [
        place for place in places
        if place.post in PostCode._value2member_map_
        and who.lent.get((PostCode(place.post), approval.firm_id)) == place.person_id
        and place.person_id not in asking
        and (not place.answer or place.answered_by_id == who.person)
    ]  # fmt: skip
