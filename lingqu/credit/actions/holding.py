"""What every change of a hold has in common. Private to the verbs: the line is locked, so nobody else changes its holds."""

from __future__ import annotations

from datetime import date, datetime

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import not_found
from lingqu.base.text import Text, in_one_line
from lingqu.credit.actions.hold_told import tell_deferred, tell_released
from lingqu.credit.actions.proposed import LONGEST_BECAUSE, finish
from lingqu.credit.models import CreditLine, HoldRequest, SupplyHold
from lingqu.credit.states import HOLDS, ON_ITS_WAY, PROPOSALS, HoldRequestKind, HoldState, HoldVerb, ProposalState, ProposalVerb

SUBJECT = "supply_hold"
REQUEST = "hold_request"
GONE = Text("供货控制已经解除", "the hold is released already")


def locked_hold(hold_id: int) -> tuple[SupplyHold, CreditLine]:
    """Return a hold with its line, the line's row locked; refuses (404) one that does not exist."""
    known = SupplyHold.objects.filter(pk=hold_id).values_list("line_id", flat=True).first()
    if known is None:
        raise not_found()
    line = CreditLine.objects.select_for_update(of=("self",)).select_related("buyer", "seller").get(pk=known)
    return SupplyHold.objects.get(pk=hold_id), line


def move(hold: SupplyHold, verb: HoldVerb, *, fields: dict[str, object], by: int | None, at: datetime, absent: int | None = None) -> None:
    """Let a verb happen to a hold: its next state, the fields that change with it, and the deed with what was before."""
    before = {"state": hold.state, "level": hold.level, "deferred_until": _plain(hold.deferred_until)}
    hold.state = HOLDS.next(HoldState(hold.state), verb).value
    for name, value in fields.items():
        setattr(hold, name, value)
    hold.save(update_fields=["state", *fields])
    after: dict[str, object] = {
        "state": hold.state, "level": hold.level, "deferred_until": _plain(hold.deferred_until), "amount": str(hold.amount),
        "because": hold.release_reason if verb is HoldVerb.RELEASE else hold.reason,
    }  # fmt: skip
    record([Deed(verb.value, SUBJECT, hold.pk, after, before, hold.regulation, absent)], by=by, at=at)


def release(hold: SupplyHold, line: CreditLine, *, because: str, by: int | None, on: date, at: datetime, absent: int | None = None) -> None:
    """Release a hold and tell everybody; what was asked about it is void. The approval of that ends by `void_idle_approval`."""
    fields: dict[str, object] = {
        "released_at": at, "released_by_id": by, "release_reason": because[:LONGEST_BECAUSE], "deferred_until": None,
    }  # fmt: skip
    move(hold, HoldVerb.RELEASE, fields=fields, by=by, at=at, absent=absent)
    for request in HoldRequest.objects.filter(hold=hold, state__in=ON_ITS_WAY):
        finish(request, ProposalVerb.LAPSE, subject=REQUEST, because=in_one_line(GONE), by=by, at=at)
    tell_released(hold, line, on=on, at=at)


def apply_change(request: HoldRequest, hold: SupplyHold, line: CreditLine, *, by: int | None, at: datetime) -> None:
    """Release or put off a hold as was decided, and tell everybody. The line is locked."""
    on = china_day(at)
    before = request.state
    request.state = PROPOSALS.next(ProposalState(before), ProposalVerb.APPLY).value
    request.ended_at = at
    request.save(update_fields=["state", "ended_at"])
    record([Deed("apply", REQUEST, request.pk, {"state": request.state}, {"state": before}, request.regulation)], by=by, at=at)
    if request.kind == HoldRequestKind.RELEASE.value:
        release(hold, line, because=request.reason, by=by or request.asked_by_id, on=on, at=at)
        return
    move(hold, HoldVerb.DEFER, fields={"deferred_until": request.until}, by=by, at=at)
    tell_deferred(hold, line, key=f"deferred:{request.pk}", on=on, at=at)


def _plain(day: date | None) -> str:
    return day.isoformat() if day else ""
