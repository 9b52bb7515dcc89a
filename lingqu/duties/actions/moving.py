"""Move open duties to the days that the working calendar now gives them."""

from __future__ import annotations

from datetime import date, datetime

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import WorkingCalendar
from lingqu.base.database import must_be_atomic
from lingqu.duties.models import Duty
from lingqu.duties.rules import dated
from lingqu.duties.states import DutyState


def move_open_duties(
    calendar: WorkingCalendar,
    *,
    by: int | None,
    at: datetime,
    issuer: int | None = None,
    first: date | None = None,
    last: date | None = None,
) -> int:
    """Give open duties whose due day lies between `first` and `last` the day that the calendar says now, and return how many moved.

    Each move is recorded with the day before and after. The day that was due before any moving stays what it was.
    """
    must_be_atomic()
    found = Duty.objects.filter(state=DutyState.OPEN.value)
    if issuer is not None:
        found = found.filter(issuer_id=issuer)
    if first is not None:
        found = found.filter(due_on__gte=first)
    if last is not None:
        found = found.filter(due_on__lte=last)
    days = found.order_by().values_list("due_on", "due_before_moving").distinct()
    wrong = [day for day, before in days if calendar.roll_forward(before or day) != day]
    if not wrong:
        return 0
    found = found.filter(due_on__in=wrong).select_for_update()
    moved, deeds = [], []
    for duty in found.order_by("pk"):
        before = duty.due_on
        if not _move(duty, calendar):
            continue
        moved.append(duty)
        deeds.append(Deed("move", "duty", duty.pk, {"due_on": str(duty.due_on)}, {"due_on": str(before)}))
    Duty.objects.bulk_update(moved, ["due_on", "due_before_moving", "late_from", "escalate_on"], batch_size=500)
    if deeds:
        record(deeds, by=by, at=at)
    return len(moved)


def _move(duty: Duty, calendar: WorkingCalendar) -> bool:
    """Set the days of a duty; return whether any changed."""
    grace = (duty.late_from - duty.due_on).days - 1
    wait = duty.escalate_on - duty.late_from
    now = dated(duty.due_before_moving or duty.due_on, grace_days=grace, calendar=calendar)
    if (now.due_on, now.before_moving) == (duty.due_on, duty.due_before_moving):
        return False
    duty.due_on, duty.due_before_moving, duty.late_from = now.due_on, now.before_moving, now.late_from
    duty.escalate_on = now.late_from + wait
    return True
