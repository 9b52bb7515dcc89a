"""Ask for a duty again, or void it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text
from lingqu.duties.access import MANAGING_POSTS, may_ask_again, may_void
from lingqu.duties.models import Duty
from lingqu.duties.queries import duty_to_see, responsible_people, working_calendar
from lingqu.duties.rules import dated, period_words
from lingqu.duties.states import DUTIES, DutyState, DutyVerb, Rhythm
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

LONGEST_REASON = 200
FARTHEST_AHEAD = timedelta(days=366)


@transaction.atomic
def reopen_duty(duty: int, reason: str, *, by: Acting, at: datetime, until: date | None = None) -> Duty:
    """Ask for a done duty again, as its appraiser, and tell those responsible; return the duty.

    `until` gives it a later due day (moved when it is a day off); without it the old one stands, so what comes now may be late. What
    fulfilled it before fulfils it no more: the papers stay with it as those of an earlier round, a deed elsewhere in its history. Refuses
    others (403), a duty that is not done, no reason, and a day that lies in the past.
    """
    found = _locked(duty, by=by)
    if not may_ask_again(by, found):
        raise forbidden(Text("退回重交由考核人决定。", "Only its appraiser asks for a duty again."))
    words = _reason(reason)
    state = DUTIES.next(DutyState(found.state), DutyVerb.REOPEN)
    before = {"state": found.state, "late_days": found.late_days, "due_on": str(found.due_on), "evidence": found.evidence_link}
    today = china_day(at)
    if until is not None and not today <= until <= today + FARTHEST_AHEAD:
        raise bad_input("until", Text("期限须在今天之后一年之内。", "The day must lie between today and a year from now."))
    if until is not None and until > found.due_on:
        _move(found, until)
    found.state, found.done_at, found.done_by, found.late_days = state.value, None, None, None
    found.paper, found.evidence_zh, found.evidence_en, found.evidence_link = None, "", "", ""
    found.reminded = found.late_told_at = found.escalated_at = None
    found.asked += 1
    found.save()
    absent = by.for_whom((PostCode(found.appraiser),), found.issuer_id)
    after = {"state": found.state, "reason": words, "due_on": str(found.due_on)}
    record([Deed("reopen", "duty", found.pk, after, before, regulation=found.regulation, on_behalf_of=absent)], by=by.person, at=at)
    period = period_words(found.period, Rhythm(found.rhythm))
    title = Text(f"{period.zh} {found.title_zh}被退回，请重交", f"{found.title_en}, {period.en}, is asked for again")
    body = Text(f"{words}（{found.due_on} 前）", f"{words} (by {found.due_on})")
    to = responsible_people([found], on=today)[found.pk]
    notify(Message(f"duty:{found.pk}:again:{found.asked}", "duty", title, body, f"/duties/{found.pk}/", urgent=True), to=to, at=at)
    return found


@transaction.atomic
def void_duty(duty: int, reason: str, *, by: Acting, at: datetime) -> Duty:
    """Void an open duty with a reason, as the issuer's director, deputy or marketing manager; return it. Refuses others (403)."""
    found = _locked(duty, by=by)
    if not may_void(by, found.issuer_id):
        raise forbidden(Text("作废由主任、副主任或营销主管决定。", "Only the director, the deputy or the marketing manager voids a duty."))
    words = _reason(reason)
    found.state = DUTIES.next(DutyState(found.state), DutyVerb.ANNUL).value
    found.void_reason = words
    found.save(update_fields=["state", "void_reason"])
    absent = by.for_whom(MANAGING_POSTS, found.issuer_id)
    deed = Deed("void", "duty", found.pk, {"reason": words}, {"state": "open"}, regulation=found.regulation, on_behalf_of=absent)
    record([deed], by=by.person, at=at)
    return found


def _locked(duty: int, *, by: Acting) -> Duty:
    duty_to_see(duty, by=by)
    return Duty.objects.select_for_update().get(pk=duty)


def _reason(reason: str) -> str:
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON or "\x00" in words:
        raise bad_input("reason", Text(f"请填写理由，最多 {LONGEST_REASON} 字。", f"Give a reason of at most {LONGEST_REASON} characters."))
    return words


def _move(duty: Duty, until: date) -> None:
    grace, wait = (duty.late_from - duty.due_on).days - 1, duty.escalate_on - duty.late_from
    day = dated(until, grace_days=grace, calendar=working_calendar())
    duty.due_on, duty.due_before_moving, duty.late_from = day.due_on, day.before_moving, day.late_from
    duty.escalate_on = day.late_from + wait
