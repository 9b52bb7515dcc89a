"""What a person may do with an approval: decide, vote, close the meeting, pass it on, take it back."""

from __future__ import annotations

from datetime import date

import msgspec

from lingqu.approvals.access import may_lead_vote
from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.approvals.present.places import place_in, step_at_hand
from lingqu.approvals.present.route import committees_of
from lingqu.approvals.present.rows import colleague_words
from lingqu.approvals.present.words import ANSWERS, chain_of, post_words
from lingqu.approvals.queries import people_to_ask
from lingqu.approvals.rules import Committee, VoteCount, count_votes, vote_passes
from lingqu.approvals.states import ApprovalState, StepKind
from lingqu.base.text import Text
from lingqu.organisation.queries import Acting


class Typed(msgspec.Struct, frozen=True):
    """What was typed into one of the forms when its verb was refused, so that it stands there again."""

    form: str = ""
    reason: str = ""
    person: int | None = None


class Choice(msgspec.Struct, frozen=True):
    """A person to choose."""

    id: int
    words: Text


class Standing(msgspec.Struct, frozen=True):
    """How a vote stands, what it takes."""

    count: VoteCount
    majority: int
    passes: bool
    committee: Text
    clause: str

    @property
    def missing(self) -> int:
        """Return how many votes are still needed for a quorum."""
        return max(0, self.count.needed - self.count.taken_part)


class Panel(msgspec.Struct, frozen=True):
    """What this person may do. `step` is the id of the step that they see; `absent` the person for whom they sign."""

    step: int
    title: Text
    signs: bool
    votes: bool
    closes: bool
    withdraws: bool
    changes: bool
    absent: str
    given: Text | None
    last: bool
    standing: Standing | None
    people: list[Choice]
    typed: Typed

    @property
    def decides(self) -> bool:
        """Return whether something waits for this person's answer."""
        return self.signs or self.votes or self.closes

    @property
    def lost(self) -> str:
        """Return what was typed for a form that is not offered any more."""
        offered = {
            "decide": self.signs, "forward": self.signs, "add": self.signs, "vote": self.votes, "close": self.closes,
            "withdraw": self.withdraws,
        }  # fmt: skip
        return self.typed.reason if self.typed.reason and not offered.get(self.typed.form, False) else ""


def panel_of(approval: Approval, who: Acting, *, on: date, typed: Typed | None = None, short: bool = False) -> Panel:
    """Return what the person may do; `short` leaves out the people to whom it might be passed on."""
    step = step_at_hand(approval)
    place = place_in(step, approval, who) if step else None
    vote = step is not None and step.kind == StepKind.VOTE.value
    signs = place is not None and not vote
    asker = who.person in (approval.asked_by_id, approval.asked_for_id)
    on_its_way = approval.state in (ApprovalState.OPEN.value, ApprovalState.SENT_BACK.value)
    standing = _standing(approval, step) if step and vote else None
    people: list[Choice] = []
    if step and signs and not short:
        signing = {one.person_id for one in step.signers.all() if one.active}
        people = [
            Choice(one.person, colleague_words(one, _posts(one.posts)))
            for one in people_to_ask(approval, on=on)
            if one.person not in signing and one.person != who.person
        ]
    return Panel(
        step=step.pk if step else 0,
        title=Text(step.title_zh, step.title_en) if step else Text("", ""),
        signs=signs,
        votes=vote and place is not None,
        closes=bool(step and vote and may_lead_vote(who, _committee(approval, step).head, approval.firm_id)),
        withdraws=asker and on_its_way,
        changes=asker and approval.state == ApprovalState.SENT_BACK.value,
        absent=place.person.name if place and place.person_id != who.person else "",
        given=_given(place),
        last=step is not None and not _followed(approval, step),
        standing=standing,
        people=people,
        typed=typed or Typed(),
    )


def _posts(posts: tuple[str, ...]) -> Text:
    words = [word for word in map(post_words, posts) if word]
    return Text("、".join(word.zh for word in words), ", ".join(word.en for word in words))


def _given(place: Signer | None) -> Text | None:
    return ANSWERS[place.answer][1] if place and place.answer in ANSWERS else None


def _followed(approval: Approval, step: ApprovalStep) -> bool:
    return any(other.round == step.round and other.position > step.position for other in approval.steps.all())


def _committee(approval: Approval, step: ApprovalStep) -> Committee:
    terms = next(one for one in chain_of(approval).steps if one.key == step.key)
    return committees_of(approval)[terms.who.committee]


def _standing(approval: Approval, step: ApprovalStep) -> Standing:
    committee = _committee(approval, step)
    count = count_votes(committee, [place.answer for place in step.signers.all() if place.active])
    return Standing(count, committee.majority, vote_passes(committee, count), committee.title, committee.clause)
