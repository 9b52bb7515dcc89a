"""Holds that come and go by themselves: overdue money holds back goods, then requests, and lets go once it is paid (M-19.3)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.text import Text, in_one_line
from lingqu.credit.access import HOLD_POSTS
from lingqu.credit.actions.collecting import ask_steps, settle_steps
from lingqu.credit.actions.hold_told import tell_set
from lingqu.credit.actions.holding import SUBJECT, move, release
from lingqu.credit.models import CreditLine, SupplyHold
from lingqu.credit.queries import open_holds, overdue_now, released_early
from lingqu.credit.rules import Overdue, is_cause_gone, level_wanted, next_step, stays_released
from lingqu.credit.states import HoldCause, HoldLevel, HoldState, HoldVerb
from lingqu.documents.actions import take_numbers
from lingqu.organisation.queries import holders
from lingqu.policy.rules import Regulation

SERIES = "GK"
_PAID = Text("逾期货款已收清或不再逾期", "nothing is overdue any more")


def review_holds(line: CreditLine, *, regulation: Regulation, at: datetime) -> None:
    """Let the holds of a line whose row the caller has locked follow what is overdue now; a second run changes nothing (M-19.3).

    Overdue money beyond the tolerances sets a hold that delays shipping from the ladder's step *hold* on, and stops supply from
    `stop_supply_days` on. Once nothing is overdue it is released. A hold that was put off is in force again after its day. One that was
    released early by decision stays so until something new becomes overdue. Batches left out because they are disputed do not count.
    Before posting: nothing is posted here.
    """
    must_be_atomic()
    on = china_day(at)
    overdue = overdue_now(line.pk, on=on, tolerance_days=regulation.parameters.overdue_tolerance_days)
    held = False
    for hold in open_holds(line.pk):
        if hold.cause == HoldCause.OVERDUE.value:
            held = True
            _follow(hold, line, overdue, regulation=regulation, on=on, at=at)
        if hold.state == HoldState.DEFERRED.value and hold.deferred_until is not None and hold.deferred_until < on:
            key = f"again:{hold.deferred_until}"
            move(hold, HoldVerb.RESUME, fields={"deferred_until": None}, by=None, at=at)
            tell_set(hold, line, key=key, on=on, at=at)
    if not held:
        _set_if_wanted(line, overdue, regulation=regulation, on=on, at=at)
    settle_steps(line, at=at)


@transaction.atomic
def review_line(line_id: int, *, regulation: Regulation, at: datetime) -> None:
    """Lock a line, let its holds follow what is overdue now, and ask for the steps of collecting that are due: the job, for one line."""
    line = CreditLine.objects.select_for_update(of=("self",)).select_related("buyer", "seller").filter(pk=line_id).first()
    if line is not None:
        review_holds(line, regulation=regulation, at=at)
        ask_steps(line, regulation=regulation, at=at)


def owner_of(line: CreditLine, *, on: date) -> int | None:
    """Return whose a hold on the line is to settle: the seller's finance head, an agent's owner (Person id)."""
    found = holders([post.value for post in HOLD_POSTS], line.seller_id, on=on)
    return found[0][0] if found else None


def _follow(hold: SupplyHold, line: CreditLine, overdue: Overdue, *, regulation: Regulation, on: date, at: datetime) -> None:
    parameters = regulation.parameters
    if is_cause_gone(overdue, parameters):
        release(hold, line, because=in_one_line(_PAID), by=None, on=on, at=at)
        return
    seen = _seen(overdue, regulation, on)
    if hold.level == HoldLevel.DELAY.value and level_wanted(overdue, parameters) is HoldLevel.STOP:
        fields = seen | {"level": HoldLevel.STOP.value, "reason": in_one_line(_reason(overdue))}
        move(hold, HoldVerb.TIGHTEN, fields=fields, by=None, at=at)
        tell_set(hold, line, key="stop", on=on, at=at)
        return
    if any(getattr(hold, name) != value for name, value in seen.items()):
        for name, value in seen.items():
            setattr(hold, name, value)
        hold.save(update_fields=list(seen))


def _set_if_wanted(line: CreditLine, overdue: Overdue, *, regulation: Regulation, on: date, at: datetime) -> None:
    parameters = regulation.parameters
    before = released_early(line.pk)
    if before is not None and overdue.amount < before[0].amount:
        # What was released is remembered with the money still open: what was paid since, and bounces, is new.
        SupplyHold.objects.filter(pk=before[0].pk).update(amount=overdue.amount)
    level = level_wanted(overdue, parameters)
    if level is None or (before is not None and stays_released(before[1], overdue, parameters)):
        return
    (number,) = take_numbers(SERIES, on.year)
    hold = SupplyHold.objects.create(
        line=line, number=number, cause=HoldCause.OVERDUE.value, level=level.value, state=HoldState.IN_FORCE.value,
        reason=in_one_line(_reason(overdue)), owner_id=owner_of(line, on=on), set_at=at, regulation=regulation.reference,
        **_seen(overdue, regulation, on),
    )  # fmt: skip
    after = {"state": hold.state, "level": hold.level, "amount": str(hold.amount), "because": hold.reason}
    record([Deed("set", SUBJECT, hold.pk, after, {}, regulation.reference)], by=None, at=at)
    tell_set(hold, line, key="set", on=on, at=at)


def _seen(overdue: Overdue, regulation: Regulation, on: date) -> dict[str, object]:
    """Return what a hold keeps of the money overdue when it was last looked at, with the day of the ladder's next step."""
    parameters = regulation.parameters
    due = overdue.oldest_due_on or on
    step = next_step(due, parameters.collection_steps, stop_days=parameters.stop_supply_days, on=on)
    return {"amount": overdue.amount, "oldest_due_on": due, "deadline": step.on}


def _reason(overdue: Overdue) -> Text:
    amount, days = f"{overdue.amount:,}", overdue.days
    return Text(f"货款逾期 {days} 天，共 {amount} 元", f"{amount} yuan overdue, the oldest for {days} {'day' if days == 1 else 'days'}")
