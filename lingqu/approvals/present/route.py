"""The route of an approval: each step with who signs or signed, how long it may take, and what was said."""

from __future__ import annotations

from datetime import datetime

import msgspec

from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.approvals.present.words import ANSWERS, Clock, chain_of, clock_of, post_words, span_words, who_words
from lingqu.approvals.rules import Committee
from lingqu.approvals.states import SignerRole, StepKind, StepState
from lingqu.base.text import Text, parted

MARKS = {
    StepState.WAITING: "next",
    StepState.OPEN: "now",
    StepState.APPROVED: "done",
    StepState.REFUSED: "refused",
    StepState.SENT_BACK: "back",
    StepState.PASSED_OVER: "skipped",
    StepState.VOID: "void",
}

Lent = dict[tuple[int, str], str]


class Signature(msgspec.Struct, frozen=True):
    """One person of a step: name and post, how they came to it, who stands in today, and what they answered."""

    name: str
    post: Text | None
    came: Text | None
    stand_in: Text | None
    tone: str
    answer: Text | None
    remark: str
    at: datetime | None
    passed_on: bool


class Stage(msgspec.Struct, frozen=True):
    """One step of the route."""

    mark: str
    title: Text
    vote: bool
    who: Text
    signatures: list[Signature]
    clock: Clock | None
    took: Text | None
    ended_at: datetime | None
    late: bool
    minutes: Text | None


class Round(msgspec.Struct, frozen=True):
    """One walk of the route; there is one more each time the document was sent back and submitted again."""

    number: int
    stages: list[Stage]


def rounds_of(approval: Approval, lent: Lent, *, at: datetime) -> list[Round]:
    """Return the rounds of an approval, the present one first."""
    chain = {step.key: step for step in chain_of(approval).steps}
    titles = {key: committee.title for key, committee in committees_of(approval).items()}
    found: dict[int, list[Stage]] = {}
    for step in approval.steps.all():
        words = who_words(chain[step.key], titles) if step.key in chain else Text("", "")
        found.setdefault(step.round, []).append(_stage(step, words, lent, at))
    return [Round(number, found[number]) for number in sorted(found, reverse=True)]


def committees_of(approval: Approval) -> dict[str, Committee]:
    """Return the committees of the version under which it was asked, by key."""
    return msgspec.json.decode(approval.committees, type=dict[str, Committee])


def _stage(step: ApprovalStep, words: Text, lent: Lent, at: datetime) -> Stage:
    state = StepState(step.state)
    shown = [place for place in step.signers.all() if place.active or place.answer or place.remark]
    if state not in (StepState.OPEN, StepState.WAITING) and step.kind == StepKind.SIGN.value:
        shown = [place for place in shown if place.answer or place.remark]
    took = span_words(step.ended_at - step.opened_at) if step.opened_at and step.ended_at else None
    return Stage(
        MARKS[state],
        Text(step.title_zh, step.title_en),
        step.kind == StepKind.VOTE.value,
        words,
        [_signature(place, lent if state is StepState.OPEN else {}) for place in shown],
        clock_of(step.opened_at, step.due_at, at=at) if state is StepState.OPEN else None,
        Text(f"用时 {took.zh}", f"took {took.en}") if took else None,
        step.ended_at,
        step.late_at is not None,
        _minutes(step, state),
    )


def _minutes(step: ApprovalStep, state: StepState) -> Text | None:
    if not step.minutes:
        return None
    return parted(step.minutes) if state is StepState.PASSED_OVER else Text(step.minutes, step.minutes)


def _signature(place: Signer, lent: Lent) -> Signature:
    tone, answer = ANSWERS.get(place.answer, ("", None))
    stand_in = lent.get((place.person_id, place.post), "") if not place.answer and place.active else ""
    acted = place.answered_by.name if place.answered_by and place.answered_by_id != place.person_id else ""
    name = place.person.name
    if acted and answer:
        answer = Text(f"{acted} 代签：{answer.zh}", f"{acted} signed for them: {answer.en.lower()}")
    return Signature(
        name,
        post_words(place.post),
        _came(place),
        Text(f"{stand_in} 代", f"{stand_in} stands in") if stand_in else None,
        tone,
        answer,
        place.remark,
        place.answered_at,
        not place.active and not place.answer,
    )


def _came(place: Signer) -> Text | None:
    by = place.brought_by.name if place.brought_by else ""
    return {
        SignerRole.FORWARDED: Text(f"{by} 转交", f"passed on by {by}"),
        SignerRole.ADDED: Text(f"{by} 加签，须同意", f"asked by {by}; must agree"),
        SignerRole.ESCALATED: Text("逾时上报，也可签", "handed up because late; may sign too"),
    }.get(SignerRole(place.role))
