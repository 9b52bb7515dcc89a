"""The way of an approval along its chain: which step opens, who may sign it, and until when. Private to the verbs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.approvals.rules import Chain, Committee, Step, Who, route_of
from lingqu.approvals.states import SignerRole, StepState
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text, in_one_line, parted
from lingqu.duties.queries import working_calendar
from lingqu.notices.actions import notify, put_away
from lingqu.notices.rules import Message
from lingqu.organisation.queries import holders, related, stand_ins

Held = list[tuple[int, str]]
LONGEST_TITLE = 100
"""Characters that a step keeps of its title; a regulation may call it by more."""

PASSED_OVER = Text("只有申请人本人可以签，跳过。", "Only the asker could sign it; passed over.")


class Terms(msgspec.Struct, frozen=True):
    """The chain and the committees as they stood when the approval was asked."""

    chain: Chain
    committees: Mapping[str, Committee]

    def step(self, key: str) -> Step:
        """Return the step of the chain with the key."""
        return next(step for step in self.chain.steps if step.key == key)


def told_terms(approval: Approval) -> Terms:
    """Return the terms that the approval carries with it."""
    committees = msgspec.json.decode(approval.committees, type=dict[str, Committee])
    return Terms(msgspec.json.decode(approval.chain, type=Chain), committees)


def begin_round(approval: Approval, terms: Terms, *, at: datetime) -> None:
    """Lay out the route of this round and open its first step.

    Refuses a route without a step, as every step is needed above a greater amount only, and one on which nobody but the asker could decide.
    """
    route = route_of(terms.chain, approval.amount)
    if not route:
        raise Refusal(
            "no_step",
            Text(
                f"审批流程“{terms.chain.title.zh}”对这一金额没有任何一步，不能送审；请由营销主管在制度中补上不限金额的一步。",
                f"The procedure “{terms.chain.title.en}” has no step for this amount, so nobody would decide; "
                "have a step without an amount added to it in the regulation.",
            ),
            clause=approval.clause,
        )
    ApprovalStep.objects.bulk_create(
        ApprovalStep(
            approval=approval, round=approval.round, position=place, key=step.key, title_zh=step.title.zh[:LONGEST_TITLE],
            title_en=step.title.en[:LONGEST_TITLE], kind=step.kind.value, state=StepState.WAITING.value,
            lead=terms.committees[step.who.committee].head if step.who.committee else "",
        )
        for place, step in enumerate(route, start=1)
    )  # fmt: skip
    if not open_next(approval, terms, at=at):
        raise Refusal(
            "nobody_can_decide",
            Text(
                "除申请人外没有人可以审批，请先任命或委托。", "Nobody but the asker could decide this; appoint somebody or delegate first."
            ),
            clause=approval.clause,
        )


def open_next(approval: Approval, terms: Terms, *, at: datetime) -> bool:
    """Open the next waiting step and tell its signers; False when there is none left.

    A step that only the asker could sign is passed over, and says so. A step whose post nobody holds opens all the same: it waits for
    somebody to be appointed, and is handed up when it is late.
    """
    waiting = ApprovalStep.objects.filter(approval=approval, round=approval.round, state=StepState.WAITING.value).order_by("position")
    for step in waiting:
        terms_of_step = terms.step(step.key)
        found = resolve(terms_of_step.who, approval, terms, at=at)
        others = without_asker(approval, found)
        if found and not others:
            step.state, step.ended_at = StepState.PASSED_OVER.value, at
            step.minutes = in_one_line(PASSED_OVER)
            step.save(update_fields=["state", "ended_at", "minutes"])
            continue
        _open(approval, step, terms_of_step, others, at=at)
        return True
    return False


def _open(approval: Approval, step: ApprovalStep, terms: Step, signers: Held, *, at: datetime) -> None:
    step.state, step.opened_at = StepState.OPEN.value, at
    if terms.days:
        step.due_at = working_calendar().end_of_answer_time(at, terms.days, working_days=terms.working_days)
    step.save(update_fields=["state", "opened_at", "due_at"])
    add_signers(step, signers, SignerRole.HOLDER, brought_by=None)
    tell_signers(approval, step, signers, at=at)


def resolve(who: Who, approval: Approval, terms: Terms, *, at: datetime) -> Held:
    """Return who may sign today, with the post by which they may: holders of a post, people of a relation, members of a committee."""
    on = china_day(at)
    if who.committee:
        found = holders(terms.committees[who.committee].members, approval.firm_id, on=on)
        return list({person: (person, post) for person, post in reversed(found)}.values())
    if who.relation:
        about = approval.about_id or approval.firm_id
        return [(person, "representative") for person in related(who.relation, about=about, firm=approval.firm_id, on=on)]
    return holders((who.post,), approval.firm_id, on=on)


def without_asker(approval: Approval, found: Held) -> Held:
    """Return the people without those who asked: nobody decides on their own request."""
    return [(person, post) for person, post in found if person not in approval.askers]


def add_signers(step: ApprovalStep, people: Held, role: SignerRole, *, brought_by: int | None) -> None:
    """Let people sign the step; whoever may already keeps their place."""
    Signer.objects.bulk_create(
        [Signer(step=step, person_id=person, post=post, role=role.value, brought_by_id=brought_by) for person, post in people],
        ignore_conflicts=True,
    )


def tell_signers(approval: Approval, step: ApprovalStep, people: Held, *, at: datetime, when: str = "open") -> None:
    """Tell the people, and those who stand in for them, that the step waits for their answer: since it is open, late, or asked again."""
    to = {person for person, _ in people} | set(stand_ins(people, on=china_day(at)))
    to -= approval.askers
    title = Text(f"待审批：{approval.title_zh}", f"Awaiting your answer: {approval.title_en}")
    body = Text(f"{approval.number}，{step.title_zh}", f"{approval.number}, {step.title_en}")
    message = Message(_notice_key(step, when), "approval", title, body, f"/approvals/{approval.number}", when == "late")
    notify(message, to=to, at=at)


def tell_asker(approval: Approval, *, at: datetime) -> None:
    """Tell the asker how their request came out or why it came back."""
    words = {
        "approved": Text("已同意", "approved"),
        "refused": Text("不同意", "refused"),
        "sent_back": Text("已退回修改", "sent back"),
    }[approval.state]
    title = Text(f"{words.zh}：{approval.title_zh}", f"{words.en.capitalize()}: {approval.title_en}")
    because = parted(approval.ended_because)
    to = {person for person in (approval.asked_by_id, approval.asked_for_id) if person}
    message = Message(
        f"approval:{approval.pk}:{approval.round}:{approval.state}",
        "approval",
        title,
        because,
        f"/approvals/{approval.number}",
    )
    notify(message, to=to, at=at)


def close_step(step: ApprovalStep, state: StepState, *, at: datetime) -> None:
    """Close a step; nobody is waited for any more, so its notices are put away."""
    step.state, step.ended_at = state.value, at
    step.save(update_fields=["state", "ended_at", "minutes"])
    held = [(place.person_id, place.post) for place in step.signers.all()]
    people = {person for person, _ in held} | set(stand_ins(held, on=china_day(at)))
    put_away([_notice_key(step, when) for when in ("open", "late", "again")], people=people, at=at)


def close_open_step(approval: Approval, state: StepState, *, at: datetime) -> None:
    """Close the step that is open, if one is."""
    step = ApprovalStep.objects.filter(approval=approval, state=StepState.OPEN.value).first()
    if step is not None:
        close_step(step, state, at=at)


def _notice_key(step: ApprovalStep, when: str) -> str:
    return f"approval:{step.pk}:{when}"
