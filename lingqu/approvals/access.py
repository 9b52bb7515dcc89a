"""Who sees an approval and who may lead it."""

from __future__ import annotations

from django.db.models import Q

from lingqu.approvals.models import Approval
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

WATCHING_POSTS = (PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER)
"""They see every approval that their firm decides: supervision is visible work (M-6)."""


def seen_by(who: Acting) -> Q:
    """Return the condition of the approvals that a person sees: asked by them, signed by them or for them, or under their supervision."""
    people = {who.person, *who.lent.values()}
    seen = Q(asked_by__in=people) | Q(asked_for__in=people) | Q(steps__signers__person__in=people)
    if who.holds_any(WATCHING_POSTS, who.firm):
        seen |= Q(firm=who.firm)
    return seen


def may_lead_vote(who: Acting, head: str, firm: int) -> bool:
    """Return whether the person leads the committee: they hold its head's post, or stand in for its holder."""
    return who.holds(PostCode(head), firm)


def is_own(who: Acting, approval: Approval) -> bool:
    """Return whether the person asked for it, or somebody asked for them: nobody decides on their own request."""
    return who.person in (approval.asked_by_id, approval.asked_for_id)
