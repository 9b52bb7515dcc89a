"""Write the record of a visit; the appraiser confirms it, and it fulfils the duties that it answers (M-15.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lingqu.approvals.actions import Follows, NewApproval, Resubmission, follow, request_approval, resubmit_approval
from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.rules import Chain
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.text import Text
from lingqu.documents.actions import attach
from lingqu.documents.rules import NewFile
from lingqu.duties.actions import fulfil
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation
from lingqu.visits.actions.planning import SUBJECT, locked_visit, plan_visit
from lingqu.visits.models import Visit
from lingqu.visits.rules import CHAIN, NewVisit, Record, check_record, fingerprint
from lingqu.visits.states import VISITS, Also, VisitState, VisitVerb

VISIT_RECORD = "visit_record"


@transaction.atomic
def record_visit(
    visit_id: int, given: Record, files: Sequence[NewFile] = (), *, regulation: Regulation, by: Acting, at: datetime
) -> Visit:  # fmt: skip
    """Write what came of a visit, or write it anew after it was sent back; return the visit.

    It goes to the appraiser by the chain `visit` of the regulation, and is confirmed at once where there is none. The duties of its day
    that take a visit record, and those for what else was done, are done by it; with a day to come again the next visit is planned.
    Refuses people whose visit it is not, and what `check_record` does.
    """
    visit = locked_visit(visit_id, by)
    day, before = china_day(at), visit.state
    chain = regulation.chains.get(CHAIN)
    again = before == VisitState.SENT_BACK.value
    verb = VisitVerb.RECORD_AGAIN if again else VisitVerb.RECORD if chain else VisitVerb.KEEP
    after = VISITS.next(VisitState(before), verb)
    checked = check_record(given, today=day)
    visit.visited_on, visit.met, visit.found, visit.agreed = checked.visited_on, checked.met, checked.found, checked.agreed
    visit.also, visit.again_on, visit.regulation = [one.value for one in checked.also], checked.again_on, regulation.reference
    if files:
        attach(SUBJECT, visit.pk, "photo", files, by=by, at=at, on_behalf_of=visit.asked_for_id)
    if not again:
        visit.state = after.value
    visit.save()
    said = {"visited_on": str(checked.visited_on), "met": checked.met, "also": visit.also}
    word = "edit" if again else verb.value
    record([Deed(word, SUBJECT, visit.pk, said, {"state": before}, regulation.reference, visit.asked_for_id)], by=by.person, at=at)
    if chain:
        _send(visit, chain, regulation=regulation, by=by, at=at)
    _fulfil(visit, checked, by=by, at=at)
    if checked.again_on and not again:
        plan_visit(NewVisit(f"after-{visit.pk}", visit.partner_id, checked.again_on, visit.purpose), by=by, at=at)
    visit.refresh_from_db()
    return visit


def _send(visit: Visit, chain: Chain, *, regulation: Regulation, by: Acting, at: datetime) -> None:
    title = Text(f"走访 {visit.partner.name}（{visit.visited_on}）", f"Visit to {visit.partner.name} ({visit.visited_on})")
    facts = (
        (Text("见了谁", "Met"), Text(visit.met, visit.met)),
        (Text("所见", "Found"), Text(visit.found[:200], visit.found[:200])),
        *(((Text("商定", "Agreed"), Text(visit.agreed[:200], visit.agreed[:200])),) if visit.agreed else ()),
    )
    if visit.approval_id:
        resubmit_approval(visit.approval_id, Resubmission(_print(visit), title=title, facts=facts), by=by, at=at)
        return
    asked = NewApproval(
        SUBJECT, visit.pk, title, f"/visits/{visit.number}/", visit.seller_id, _print(visit), about=visit.partner_id, facts=facts,
        asked_for=visit.asked_for_id,
    )  # fmt: skip
    visit.approval = request_approval(asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at)
    visit.save(update_fields=["approval"])


def _fulfil(visit: Visit, given: Record, *, by: Acting, at: datetime) -> None:
    link = f"/visits/{visit.number}/"
    words = Text(f"走访 {visit.number}", f"Visit {visit.number}")
    for kind in (VISIT_RECORD, *visit.also):
        fulfil(kind, about=visit.partner_id, on=given.visited_on, link=link, text=words, by=by, at=at)


def _print(visit: Visit) -> str:
    if visit.visited_on is None:
        return ""
    also = tuple(Also(one) for one in visit.also)
    return fingerprint(visit.pk, Record(visit.visited_on, visit.met, visit.found, visit.agreed, also, visit.again_on))


def _lock(visit_id: int) -> Visit:
    return Visit.objects.select_for_update(of=("self",)).get(pk=visit_id)


def _then(visit: Visit, event: ApprovalMoved) -> None:
    """Let go of an approval that has ended without an answer: the record is written and sent anew."""
    if event.state in (ApprovalState.WITHDRAWN, ApprovalState.VOID):
        visit.approval = None


FOLLOWS = Follows(
    subject=SUBJECT,
    states=VISITS,
    verbs={
        ApprovalState.OPEN: VisitVerb.RECORD_AGAIN,
        ApprovalState.SENT_BACK: VisitVerb.SEND_BACK,
        ApprovalState.APPROVED: VisitVerb.CONFIRM,
        ApprovalState.REFUSED: VisitVerb.REFUSE,
        ApprovalState.WITHDRAWN: VisitVerb.TAKE_BACK,
        ApprovalState.VOID: VisitVerb.TAKE_BACK,
    },
    lock=_lock,
    fingerprint=_print,
    then=_then,
)


def on_visit_moved(event: ApprovalMoved) -> None:
    """Let a visit follow the review of its record."""
    must_be_atomic()
    follow(event, FOLLOWS)
