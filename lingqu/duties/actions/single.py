"""Single duties: what another module asks for once, about a firm, beside the rules of the regulation that come again and again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import msgspec

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import WorkingCalendar
from lingqu.base.database import must_be_atomic, run
from lingqu.base.text import Text
from lingqu.duties.models import Duty
from lingqu.duties.rules import dated
from lingqu.duties.states import DUTIES, SETTLED, DutyState, DutyVerb, Rhythm

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('duty:' || %s || ':' || %s, %s))"


class NewDuty(msgspec.Struct, frozen=True):
    """A duty that is asked for once. The same `rule` and `key` at an issuer is the same duty.

    `about` is the firm it concerns, `responsible` a post at the issuer or the relation `representative_of`, `appraiser` and
    `escalate_to` posts there. `kind` is the kind of deed that fulfils it, `link` the page on which it is done.
    """

    issuer: int
    about: int
    rule: str
    key: str
    title: Text
    task: Text
    clause: str
    regulation: str
    responsible: str
    kind: str
    due_on: date
    link: str
    appraiser: str = ""
    escalate_to: str = ""
    escalate_days: int = 1


def ask_duty(new: NewDuty, *, calendar: WorkingCalendar, on: date, at: datetime) -> Duty | None:
    """Ask for a single duty of the issuer's people and return it; None where it was asked for before.

    It is due on its day, moved when that is a day off, and late from the next day on. People are reminded on the day, told when it is
    late, and those above one day later, as with every duty. One that was voided because its matter was settled is asked for again.
    """
    must_be_atomic()
    run(_LOCK, (new.rule, new.key, new.issuer))
    known = Duty.objects.filter(issuer_id=new.issuer, rule=new.rule, key=new.key)
    if known.exclude(state=DutyState.VOID.value, void_reason=SETTLED).exists():
        return None
    day = dated(new.due_on, grace_days=0, calendar=calendar)
    duty = Duty.objects.create(
        issuer_id=new.issuer, rule=new.rule, key=new.key, link=new.link, firm_id=new.about, owed_by_id=new.issuer, period_start=on,
        period_end=on + timedelta(days=1), rhythm=Rhythm.ONCE.value, title_zh=new.title.zh[:120], title_en=new.title.en[:200],
        task_zh=new.task.zh, task_en=new.task.en, clause=new.clause, regulation=new.regulation, responsible=new.responsible,
        appraiser=new.appraiser, papers=[new.kind], due_on=day.due_on, due_before_moving=day.before_moving, late_from=day.late_from,
        remind_days=[0], escalate_to=new.escalate_to, escalate_on=day.late_from + timedelta(days=new.escalate_days), made_at=at,
    )  # fmt: skip
    record([Deed("ask", "duty", duty.pk, {"key": new.key, "due_on": str(duty.due_on)}, regulation=new.regulation)], by=None, at=at)
    return duty


def settle_asked(rules: Collection[str], *, issuer: int, about: int, still: Collection[str], at: datetime) -> int:
    """Void the open single duties of these rules about a firm whose matter is settled, and return how many.

    `still` are the keys whose matter goes on; nobody has to do the others any more.
    """
    must_be_atomic()
    found = Duty.objects.select_for_update().filter(
        issuer_id=issuer, firm_id=about, rule__in=rules, rhythm=Rhythm.ONCE.value, state=DutyState.OPEN.value
    )  # fmt: skip
    gone = [duty for duty in found.order_by("pk") if duty.key not in still]
    for duty in gone:
        duty.state, duty.void_reason = DUTIES.next(DutyState(duty.state), DutyVerb.ANNUL).value, SETTLED
    Duty.objects.bulk_update(gone, ["state", "void_reason"])
    record([Deed("void", "duty", duty.pk, {"reason": SETTLED}, regulation=duty.regulation) for duty in gone], by=None, at=at)
    return len(gone)
