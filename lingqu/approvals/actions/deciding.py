"""Answer an open step: approve, refuse, send back; pass it on; ask for another signature."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from django.db import transaction

from lingqu.approvals.access import is_own, places_of
from lingqu.approvals.actions.asking import end, locked_approval, tell
from lingqu.approvals.actions.routing import add_signers, close_step, open_next, tell_asker, tell_signers, told_terms
from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.approvals.queries import posts_at_work
from lingqu.approvals.states import APPROVALS, ApprovalState, ApprovalVerb, SignerRole, StepKind, StepState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting

MOST_REMARK = 2_000
MOST_SIGNERS = 30


class Answer(msgspec.Struct, frozen=True):
    """An answer to the step that the person saw: `verb` is approve, refuse or send_back; the latter two need a reason."""

    step: int
    verb: str
    reason: str = ""


@transaction.atomic
def decide_step(approval_id: int, answer: Answer, *, by: Acting, at: datetime) -> Approval:
    """Answer the open step of an approval and return the approval.

    A yes closes the step once everybody who was asked in addition has said yes as well; after the last step the document is approved. A no
    ends the approval; sent back, it returns to its asker. Refuses the asker and whoever acts for them, people who may not sign the step,
    a step that is not open any more, and a no without a reason.
    """
    approval = locked_approval(approval_id)
    step, signer, absent = _sign_for(approval, answer.step, by)
    if step.kind == StepKind.VOTE.value:
        raise Refusal("needs_vote", Text("此步由会议表决，请投票。", "A meeting votes on this step; cast a vote."))
    if answer.verb not in {"approve", "refuse", "send_back"}:
        raise bad_input("verb", Text("请选择同意、不同意或退回。", "Choose to approve, refuse or send back."))
    if answer.verb != "approve" and not answer.reason.strip():
        raise bad_input("reason", Text("不同意或退回时请写明理由。", "Give the reason for refusing or sending back."))
    keep_answer(signer, answer.verb, answer.reason, by=by.person, at=at)
    deed = Deed(
        answer.verb, "approval", approval.pk, {"step": step.key, "reason": answer.reason.strip()[:200]}, {}, approval.regulation, absent
    )
    record([deed], by=by.person, at=at)
    if answer.verb == "approve":
        if _all_agree(step):
            pass_step(approval, step, by=by.person, at=at)
    else:
        _turn_down(approval, step, answer, by=by.person, at=at)
    return approval


def _turn_down(approval: Approval, step: ApprovalStep, answer: Answer, *, by: int, at: datetime) -> None:
    sent_back = answer.verb == "send_back"
    close_step(step, StepState.SENT_BACK if sent_back else StepState.REFUSED, at=at)
    end(approval, ApprovalVerb.SEND_BACK if sent_back else ApprovalVerb.REFUSE, because=answer.reason, at=at)
    tell_asker(approval, at=at)
    tell(approval, by, at)


def pass_step(approval: Approval, step: ApprovalStep, *, by: int, at: datetime) -> None:
    """Close a step with a yes and open the next one; after the last the document is approved."""
    close_step(step, StepState.APPROVED, at=at)
    if not open_next(approval, told_terms(approval), at=at):
        end(approval, ApprovalVerb.APPROVE, because="", at=at)
        tell_asker(approval, at=at)
        tell(approval, by, at)


@transaction.atomic
def forward_step(approval_id: int, step_id: int, *, to: Person, reason: str, by: Acting, at: datetime) -> Signer:
    """Pass one's own part in the open step on to another person of the deciding firm, and return their place.

    Whoever was asked in addition passes on just that: the yes of those in charge is still needed.

    Refuses the asker as the new signer, people of other firms, whoever holds no post there today, and an empty reason.
    """
    approval = locked_approval(approval_id)
    step, signer, absent = _sign_for(approval, step_id, by)
    if step.kind == StepKind.VOTE.value:
        raise Refusal("votes_stay", Text("表决权不能转交。", "A vote cannot be passed on."))
    _check_other(approval, step, to, reason, on=china_day(at))
    role = SignerRole.ADDED if signer.role == SignerRole.ADDED.value else SignerRole.FORWARDED
    signer.active = False
    signer.remark = reason.strip()[:MOST_REMARK]
    signer.save(update_fields=["active", "remark"])
    place = _bring(step, to, role, by)
    _record_person("forward", approval, step, to, absent, by, at)
    tell_signers(approval, step, [(to.pk, "")], at=at)
    return place


@transaction.atomic
def add_signer(approval_id: int, step_id: int, *, person: Person, reason: str, by: Acting, at: datetime) -> Signer:
    """Ask another person of the deciding firm to sign the open step as well, and return their place: without their yes it does not pass.

    At most 30 people sign a step. Refuses people as passing on does.
    """
    approval = locked_approval(approval_id)
    step, _, absent = _sign_for(approval, step_id, by)
    if step.kind == StepKind.VOTE.value:
        raise Refusal("votes_stay", Text("表决步骤不能加签。", "Nobody can be added to a vote."))
    _check_other(approval, step, person, reason, on=china_day(at))
    place = _bring(step, person, SignerRole.ADDED, by)
    _record_person("add_signer", approval, step, person, absent, by, at)
    tell_signers(approval, step, [(person.pk, "")], at=at)
    return place


def _sign_for(approval: Approval, step_id: int, by: Acting) -> tuple[ApprovalStep, Signer, int | None]:
    """Return the open step, the place that the person signs in, and the absent person for whom they do."""
    step = open_step(approval, step_id)
    if is_own(by, approval):
        raise Refusal("own_request", Text("不能审批自己的申请。", "Nobody decides on their own request."), status=403)
    places = places_of(step, approval, by)
    signer = next((place for place in places if not place.answer), places[0] if places else None)
    if signer is None:
        raise forbidden(Text("此步不由您审批。", "This step is not yours to decide."))
    if signer.answer:
        raise Refusal("answered", Text("您已答复过此步。", "You have answered this step already."))
    return step, signer, signer.person_id if signer.person_id != by.person else None


def open_step(approval: Approval, step_id: int) -> ApprovalStep:
    """Return the open step that the person saw; refuses one that was decided meanwhile."""
    APPROVALS.next(ApprovalState(approval.state), ApprovalVerb.MOVE_ON)
    step = ApprovalStep.objects.filter(approval=approval, state=StepState.OPEN.value).first()
    if step is None or step.pk != step_id:
        raise Refusal("step_gone", Text("此步已由他人办结，请刷新查看。", "Somebody has decided this step meanwhile; reload."))
    return step


def keep_answer(signer: Signer, answer: str, remark: str, *, by: int, at: datetime) -> None:
    """Write an answer into a signer's place."""
    signer.answer, signer.remark, signer.answered_at, signer.answered_by_id = answer, remark.strip()[:MOST_REMARK], at, by
    signer.save(update_fields=["answer", "remark", "answered_at", "answered_by"])


def _all_agree(step: ApprovalStep) -> bool:
    """Return whether one of those in charge said yes, and everybody who was asked in addition did too."""
    places = [place for place in step.signers.all() if place.active]
    added = [place for place in places if place.role == SignerRole.ADDED.value]
    in_charge = [place for place in places if place.role != SignerRole.ADDED.value]
    return any(place.answer == "approve" for place in in_charge) and all(place.answer == "approve" for place in added)


def _check_other(approval: Approval, step: ApprovalStep, person: Person, reason: str, *, on: date) -> None:
    if not reason.strip():
        raise bad_input("reason", Text("请写明理由。", "Give the reason."))
    if person.pk in approval.askers:
        raise Refusal("own_request", Text("不能交给申请人本人。", "It cannot go to the one who asked."), status=403)
    if person.firm_id != approval.firm_id:
        raise bad_input("person", Text("只能交给本单位人员。", "Choose somebody of the firm that decides."))
    if not posts_at_work(approval, on=on).filter(person=person).exists():
        text = Text(
            "此人今日在本单位没有岗位，或账号已停用，请选择在岗的同事。",
            "They hold no post at the firm today, or their sign-in is disabled; choose a colleague in a post.",
        )
        raise bad_input("person", text)
    if step.signers.filter(person=person, active=True).exists():
        raise bad_input("person", Text("此人已在本步签批人之中。", "This person signs the step already."))
    if step.signers.count() >= MOST_SIGNERS:
        raise bad_input("person", Text(f"一步最多 {MOST_SIGNERS} 人签批。", f"At most {MOST_SIGNERS} people sign a step."))


def _bring(step: ApprovalStep, person: Person, role: SignerRole, by: Acting) -> Signer:
    add_signers(step, [(person.pk, "")], role, brought_by=by.person)
    place = Signer.objects.get(step=step, person=person)
    if not place.active:
        place.active, place.role, place.brought_by_id = True, role.value, by.person
        place.save(update_fields=["active", "role", "brought_by"])
    return place


def _record_person(verb: str, approval: Approval, step: ApprovalStep, person: Person, absent: int | None, by: Acting, at: datetime) -> None:
    deed = Deed(verb, "approval", approval.pk, {"step": step.key, "person": person.pk}, {}, approval.regulation, absent)
    record([deed], by=by.person, at=at)
