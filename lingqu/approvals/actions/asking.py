"""Ask for an approval, ask again after it was sent back, take it back, and void it when what it is about has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import IntegrityError, transaction

from lingqu.approvals.actions.routing import begin_round, close_open_step, told_terms
from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.rules import Chain, Committee
from lingqu.approvals.states import APPROVALS, ApprovalState, ApprovalVerb, StepState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.events import publish
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text, in_one_line
from lingqu.documents.actions import take_numbers
from lingqu.organisation.queries import Acting

MOST_FACTS = 40
MOST_REASON = 4_000


class NewApproval(msgspec.Struct, frozen=True):
    """What is asked. `firm` decides, `about` is the firm that it concerns; `facts` are what the signers need to see, label and value.

    `asked_for` is the absent person for whom the asker acts, `co_askers` are those who wrote it with them: none of them decides on it.
    `fingerprint` names the content exactly, such as its hash.
    """

    subject_kind: str
    subject_id: int
    title: Text
    link: str
    firm: int
    fingerprint: str
    about: int | None = None
    amount: Decimal | None = None
    facts: tuple[tuple[Text, Text], ...] = ()
    reason: str = ""
    asked_for: int | None = None
    co_askers: tuple[int, ...] = ()


class Resubmission(msgspec.Struct, frozen=True):
    """What is asked again after it was sent back: the content as it is now. Without a title the first one stays."""

    fingerprint: str
    title: Text | None = None
    co_askers: tuple[int, ...] = ()
    amount: Decimal | None = None
    facts: tuple[tuple[Text, Text], ...] = ()
    reason: str = ""


@transaction.atomic
def request_approval(
    new: NewApproval, *, chain: Chain, committees: Mapping[str, Committee], regulation: str, by: Acting, at: datetime
) -> Approval:
    """Start the chain for a document and return the approval; its first step is open and its signers are told.

    Refuses a document that has an approval on its way already, and a route on which nobody but the asker could decide.
    """
    (number,) = take_numbers("SP", china_day(at).year)
    approval = Approval(
        number=number, subject_kind=new.subject_kind, subject_id=new.subject_id, title_zh=new.title.zh[:200], title_en=new.title.en[:200],
        link=new.link, firm_id=new.firm, about_id=new.about, amount=new.amount, facts=_facts(new.facts),
        chain=msgspec.json.encode(chain).decode(), committees=msgspec.json.encode(dict(committees)).decode(), chain_key=chain.key,
        clause=chain.clause, regulation=regulation, fingerprint=new.fingerprint, state=ApprovalState.OPEN.value,
        reason=new.reason.strip()[:MOST_REASON], asked_by_id=by.person, asked_for_id=new.asked_for,
        co_askers=sorted(new.co_askers), asked_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError as known:
        raise Refusal(
            "approval_on_its_way", Text("已在审批中，不能重复提交。", "It is being decided already and cannot be submitted twice.")
        ) from known
    begin_round(approval, told_terms(approval), at=at)
    _record("ask", approval, {"subject": new.subject_kind, "id": new.subject_id}, {}, by, at)
    return approval


@transaction.atomic
def resubmit_approval(approval_id: int, again: Resubmission, *, by: Acting, at: datetime) -> Approval:
    """Submit a document again that was sent back; the route begins anew. Only the asker may."""
    approval = locked_approval(approval_id)
    _must_be_asker(approval, by)
    state = APPROVALS.next(ApprovalState(approval.state), ApprovalVerb.RESUBMIT)
    approval.state, approval.round, approval.ended_because = state.value, approval.round + 1, ""
    approval.fingerprint, approval.amount, approval.facts = again.fingerprint, again.amount, _facts(again.facts)
    approval.reason = again.reason.strip()[:MOST_REASON] or approval.reason
    approval.co_askers = sorted({*approval.co_askers, *again.co_askers})
    if again.title:
        approval.title_zh, approval.title_en = again.title.zh[:200], again.title.en[:200]
    approval.save()
    begin_round(approval, told_terms(approval), at=at)
    _record("resubmit", approval, {"round": approval.round}, {}, by, at)
    tell(approval, by.person, at)
    return approval


@transaction.atomic
def withdraw_approval(approval_id: int, *, reason: str, by: Acting, at: datetime) -> Approval:
    """Take an approval back that is not decided yet. Only the asker may."""
    approval = locked_approval(approval_id)
    _must_be_asker(approval, by)
    end(approval, ApprovalVerb.WITHDRAW, because=reason, at=at)
    _record("withdraw", approval, {"reason": reason.strip()[:200]}, {}, by, at)
    tell(approval, by.person, at)
    return approval


def void_approvals(subject_kind: str, subject_id: int, *, reason: Text, by: int | None, at: datetime) -> int:
    """Void what is on its way for a document whose content has changed, and return how many; nobody is asked.

    The caller is the document's own module: no event is told.
    """
    must_be_atomic()
    on_its_way = (ApprovalState.OPEN.value, ApprovalState.SENT_BACK.value)
    found = Approval.objects.select_for_update().filter(subject_kind=subject_kind, subject_id=subject_id, state__in=on_its_way)
    voided = list(found)
    for approval in voided:
        end(approval, ApprovalVerb.ANNUL, because=in_one_line(reason), at=at)
        record([Deed("void", "approval", approval.pk, {"state": approval.state, "reason": reason.zh})], by=by, at=at)
    return len(voided)


def locked_approval(approval_id: int) -> Approval:
    """Return the approval with its row locked, so that two who decide at once come one after the other."""
    approval = Approval.objects.select_for_update().filter(pk=approval_id).first()
    if approval is None:
        raise not_found()
    return approval


def end(approval: Approval, verb: ApprovalVerb, *, because: str, at: datetime) -> None:
    """Bring an approval to an end, or back to its asker; a step that is still open becomes void."""
    state = APPROVALS.next(ApprovalState(approval.state), verb)
    approval.state = state.value
    approval.ended_because = because.strip()[:MOST_REASON]
    approval.ended_at = None if state is ApprovalState.SENT_BACK else at
    approval.save(update_fields=["state", "ended_because", "ended_at"])
    close_open_step(approval, StepState.VOID, at=at)


def tell(approval: Approval, by: int | None, at: datetime) -> None:
    """Tell those above how the approval of their document went on."""
    state = ApprovalState(approval.state)
    publish(ApprovalMoved(approval.pk, approval.subject_kind, approval.subject_id, state, by, at, approval.ended_because))


def _record(verb: str, approval: Approval, after: dict[str, object], before: dict[str, object], by: Acting, at: datetime) -> None:
    after = {"state": approval.state, **after}
    absent = approval.asked_for_id if approval.asked_for_id != by.person else None
    record([Deed(verb, "approval", approval.pk, after, before, approval.regulation, absent)], by=by.person, at=at)


def _must_be_asker(approval: Approval, by: Acting) -> None:
    if by.person not in (approval.asked_by_id, approval.asked_for_id):
        raise forbidden(Text("只有申请人可以这样做。", "Only the one who asked may do this."))


def _facts(facts: tuple[tuple[Text, Text], ...]) -> list[list[str]]:
    if len(facts) > MOST_FACTS:
        raise bad_input("facts", Text(f"审批要点最多 {MOST_FACTS} 项。", f"An approval shows at most {MOST_FACTS} facts."))
    return [[label.zh, label.en, value.zh, value.en] for label, value in facts]
