"""Who sees an approval and who may lead it."""

from __future__ import annotations

from django.db.models import Q

from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.base.access import ANYBODY, Entry, Seen, Sight, Way, reading, writing
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

WATCHING_POSTS = (PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER)
"""They see every approval that their firm decides: supervision is visible work (M-6)."""


def seen_by(who: Acting) -> Q:
    """Return the condition of the approvals that a person sees: asked or signed by them, theirs to sign, or under their supervision.

    Who stands in for somebody sees those in which the post that is lent to them signs at the firm of that post, and no other of theirs.
    """
    seen = Q(asked_by=who.person) | Q(asked_for=who.person)
    seen |= Q(steps__signers__person=who.person) | Q(steps__signers__answered_by=who.person)
    for (post, firm), absent in sorted(who.lent.items()):
        seen |= Q(firm=firm, steps__signers__person=absent, steps__signers__post=post.value)
    if who.holds_any(WATCHING_POSTS, who.firm):
        seen |= Q(firm=who.firm)
    return seen


def may_lead_vote(who: Acting, head: str, firm: int) -> bool:
    """Return whether the person leads the committee: they hold its head's post, or stand in for its holder."""
    return who.holds(PostCode(head), firm)


def places_of(step: ApprovalStep, approval: Approval, who: Acting) -> list[Signer]:
    """Return the places of a step in which the person may answer: their own first, then those of absent people whose post is lent to them.

    A lent place that somebody else has answered is not theirs any more; a place of the one who asked never is.
    """
    asking = approval.askers
    active = [place for place in step.signers.all() if place.active]
    own = [place for place in active if place.person_id == who.person]
    lent = [
        place for place in active
        if place.post in PostCode._value2member_map_
        and who.lent.get((PostCode(place.post), approval.firm_id)) == place.person_id
        and place.person_id not in asking
        and (not place.answer or place.answered_by_id == who.person)
    ]  # fmt: skip
    return own + lent


def place_to_vote(step: ApprovalStep, approval: Approval, who: Acting) -> Signer | None:
    """Return the place in which the person votes: the one where they have, so that a vote can be changed; else the first, None without."""
    places = places_of(step, approval, who)
    return next((place for place in places if place.answered_by_id == who.person), places[0] if places else None)


def voted_elsewhere(step: ApprovalStep, place: Signer, who: Acting) -> bool:
    """Return whether the person has cast another place's vote on the step: while standing in for one member, then for another."""
    return any(one.active and one.answered_by_id == who.person and one.pk != place.pk for one in step.signers.all())


def is_own(who: Acting, approval: Approval) -> bool:
    """Return whether the person asked for it, wrote it with the asker, or somebody asked for them: nobody decides on their own request."""
    return who.person in approval.askers


_VIEWER = Way(relation="viewer")
_SIGNER = Way(relation="signer")

ROUTES: dict[str, Entry] = {
    "approvals": reading(*ANYBODY),
    "approval": reading(_VIEWER),
    "approval_fold": reading(_VIEWER),
    "approval_decide": writing(_SIGNER),
    "approval_forward": writing(_SIGNER),
    "approval_add": writing(_SIGNER),
    "approval_vote": writing(_SIGNER),
    "approval_close": writing(Way(relation="leader")),
    "approval_withdraw": writing(Way(relation="asker")),
}
_PEOPLE = ("asked_by", "asked_for", "steps__signers__person", "steps__signers__answered_by")
_OF_STEP = tuple(name.removeprefix("steps__") if name.startswith("steps__") else f"approval__{name}" for name in _PEOPLE)
_OF_PLACE = ("person", "answered_by", "step__approval__asked_by", "step__approval__asked_for")
MODELS: dict[str, Sight] = {
    "Approval": Sight(firms=(Seen("firm", posts=WATCHING_POSTS),), people=_PEOPLE),
    "ApprovalStep": Sight(firms=(Seen("approval__firm", posts=WATCHING_POSTS),), people=_OF_STEP),
    "Signer": Sight(firms=(Seen("step__approval__firm", posts=WATCHING_POSTS),), people=_OF_PLACE),
}
