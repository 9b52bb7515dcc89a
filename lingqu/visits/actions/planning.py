"""Plan a visit, move it, give it up."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.actions import take_numbers
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.partners.models import Partner
from lingqu.partners.queries import representatives_of
from lingqu.visits.access import is_own, visits_as
from lingqu.visits.models import Visit
from lingqu.visits.rules import NewVisit, check_plan
from lingqu.visits.states import VISITS, VisitState, VisitVerb

SUBJECT = "visit"
SERIES = "ZF"
MOST_REASON = 400


@transaction.atomic
def plan_visit(new: NewVisit, *, by: Acting, at: datetime) -> Visit:
    """Plan a visit to a partner of the person's firm and return the document (series ZF); the same key is the same visit (M-15.1).

    Refuses (404) another's partner, (403) people who do not look after it, and what `check_plan` does.
    """
    day = china_day(at)
    known = Visit.objects.filter(asked_by_id=by.person, key=new.key).first()
    if known:
        return known
    if not Partner.objects.filter(seller_id=by.firm, firm_id=new.partner).exists():
        raise not_found()
    asker = visits_as(by, by.firm, representatives_of(new.partner, by.firm, day))
    if asker is None:
        raise forbidden(Text("走访由该客户的区域销售员或负责人安排。", "Visits are made by the partner's representative or the heads."))
    purpose = check_plan(new.planned_on, new.purpose, today=day)
    # Two clicks at once wait for each other here, so that the key finds the first.
    Firm.objects.select_for_update().get(pk=new.partner)
    known = Visit.objects.filter(asked_by_id=by.person, key=new.key).first()
    if known:
        return known
    (number,) = take_numbers(SERIES, day.year)
    visit = Visit.objects.create(
        number=number, key=new.key, seller_id=by.firm, partner_id=new.partner, planned_on=new.planned_on, purpose=purpose,
        state=VisitState.PLANNED.value, asked_by_id=by.person, asked_for_id=asker.absent, asked_at=at,
    )  # fmt: skip
    after = {"number": number, "planned_on": str(new.planned_on), "purpose": purpose}
    record([Deed("ask", SUBJECT, visit.pk, after, on_behalf_of=asker.absent)], by=by.person, at=at)
    return visit


@transaction.atomic
def move_visit(visit_id: int, planned_on: date, *, reason: str, by: Acting, at: datetime) -> Visit:
    """Move a planned visit to another day and return it; whose visit it is may. Refuses what `check_plan` does."""
    visit = locked_visit(visit_id, by)
    VISITS.next(VisitState(visit.state), VisitVerb.MOVE)
    check_plan(planned_on, visit.purpose, today=china_day(at))
    before, visit.planned_on = visit.planned_on, planned_on
    visit.save(update_fields=["planned_on"])
    after = {"planned_on": str(planned_on), "because": checked_reason(reason, needed=False)}
    record([Deed(VisitVerb.MOVE.value, SUBJECT, visit.pk, after, {"planned_on": str(before)})], by=by.person, at=at)
    return visit


@transaction.atomic
def cancel_visit(visit_id: int, *, reason: str, by: Acting, at: datetime) -> Visit:
    """Give up a visit that was not made, with the reason, and return it; whose visit it is may."""
    visit = locked_visit(visit_id, by)
    before, why = visit.state, checked_reason(reason)
    visit.state = VISITS.next(VisitState(before), VisitVerb.CANCEL).value
    visit.ended_because = why
    visit.save(update_fields=["state", "ended_because"])
    record([Deed(VisitVerb.CANCEL.value, SUBJECT, visit.pk, {"because": why}, {"state": before})], by=by.person, at=at)
    return visit


def locked_visit(visit_id: int, by: Acting) -> Visit:
    """Return a visit locked, for whom it is; refuses (404) what is not there or another firm's, (403) another person's."""
    visit = Visit.objects.select_for_update(of=("self",)).select_related("partner").filter(pk=visit_id, seller_id=by.firm).first()
    if visit is None:
        raise not_found()
    if not is_own(by, visit.asked_by_id, visit.asked_for_id):
        raise forbidden(Text("这次走访由别人负责。", "This visit is somebody else's."))
    return visit


def checked_reason(reason: str, *, needed: bool = True) -> str:
    """Return a reason, trimmed; refuses none where one is needed, and more than 400 letters."""
    plain = reason.strip()
    if needed and not plain:
        raise bad_input("reason", Text("请说明原因。", "Say why."))
    if len(plain) > MOST_REASON:
        raise bad_input("reason", Text(f"最多 {MOST_REASON} 字。", f"At most {MOST_REASON} characters."))
    return plain
