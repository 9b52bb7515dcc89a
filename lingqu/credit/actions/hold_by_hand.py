"""Set a hold by hand because a business may no longer pay, stop supply instead of delaying it, and open a case (M-19.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import HOLD_POSTS, INFORMED_POSTS, may_hold, may_open_case
from lingqu.credit.actions.hold_told import tell_set
from lingqu.credit.actions.holding import SUBJECT, locked_hold, move
from lingqu.credit.actions.holds import SERIES, owner_of
from lingqu.credit.models import CreditLine, SupplyHold
from lingqu.credit.queries import open_holds, overdue_now
from lingqu.credit.rules import check_deadline, check_words
from lingqu.credit.states import HoldCause, HoldLevel, HoldState, HoldVerb
from lingqu.documents.actions import attach, take_numbers
from lingqu.documents.rules import NewFile
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode
from lingqu.policy.rules import Regulation

EVIDENCE = "evidence"


class NewHold(msgspec.Struct, frozen=True):
    """A hold set by hand: how far it goes, why, the evidence, and by when the next step is taken."""

    level: HoldLevel
    reason: str
    files: Sequence[NewFile]
    deadline: date | None


@transaction.atomic
def set_hold(line_id: int, new: NewHold, *, regulation: Regulation, by: Acting, at: datetime) -> SupplyHold:
    """Hold back a partner whose business may no longer be able to pay, at once, with evidence; return the hold (M-19.3).

    The seller's finance head may, and an agent's owner. It never ends by itself. Refuses a second one on the line, no reason, no
    evidence, files that are not taken, and a deadline that is past.
    """
    line = CreditLine.objects.select_for_update(of=("self",)).select_related("buyer").filter(pk=line_id).first()
    if line is None:
        raise not_found()
    if not may_hold(by, line.seller_id):
        raise _not_yours()
    on = china_day(at)
    known = open_holds(line.pk).filter(cause=HoldCause.SOLVENCY.value).first()
    if known is not None:
        raise Refusal(
            "hold_already",
            Text(f"已有供货控制 {known.number}，请在其上升级或解除。", f"Hold {known.number} is there already; change it."),
        )
    reason = check_words(new.reason, field="reason", zh="理由", en="a reason")
    deadline = check_deadline(new.deadline, today=on)
    if not new.files:
        raise bad_input("files", Text("请附上依据，例如照片、函件或查询结果。", "Attach the evidence, such as a photo or a letter."))
    overdue = overdue_now(line.pk, on=on, tolerance_days=regulation.parameters.overdue_tolerance_days)
    (number,) = take_numbers(SERIES, on.year)
    hold = SupplyHold.objects.create(
        line=line, number=number, cause=HoldCause.SOLVENCY.value, level=new.level.value, state=HoldState.IN_FORCE.value, reason=reason,
        amount=overdue.amount, oldest_due_on=overdue.oldest_due_on, owner_id=owner_of(line, on=on), deadline=deadline,
        set_by_id=by.person, set_at=at, regulation=regulation.reference,
    )  # fmt: skip
    absent = by.for_whom(HOLD_POSTS, line.seller_id)
    after = {"state": hold.state, "level": hold.level, "amount": str(hold.amount), "because": reason}
    record([Deed("set", SUBJECT, hold.pk, after, {}, regulation.reference, absent)], by=by.person, at=at)
    attach(SUBJECT, hold.pk, EVIDENCE, new.files, by=by, at=at, on_behalf_of=absent)
    tell_set(hold, line, key="set", on=on, at=at)
    return hold


@transaction.atomic
def tighten_hold(hold_id: int, reason: str, *, by: Acting, at: datetime) -> SupplyHold:
    """Stop supply where shipping was only delayed, at once, with a reason; return the hold. Finance may, and an agent's owner."""
    hold, line = locked_hold(hold_id)
    if not may_hold(by, line.seller_id):
        raise _not_yours()
    words = check_words(reason, field="reason", zh="理由", en="a reason")
    if hold.level == HoldLevel.STOP.value and hold.state != HoldState.RELEASED.value:
        raise Refusal("stopped_already", Text("已经是停供。", "Supply is stopped already."))
    fields: dict[str, object] = {"level": HoldLevel.STOP.value, "reason": words}
    move(hold, HoldVerb.TIGHTEN, fields=fields, by=by.person, at=at, absent=by.for_whom(HOLD_POSTS, line.seller_id))
    tell_set(hold, line, key="stop", on=china_day(at), at=at)
    return hold


@transaction.atomic
def open_case(hold_id: int, reason: str, *, by: Acting, at: datetime) -> SupplyHold:
    """Open a case on a hold, once, with a reason, as the director who was informed of it; return the hold (M-19.3)."""
    hold, line = locked_hold(hold_id)
    if not may_open_case(by, line.seller_id):
        raise forbidden(Text("立案由主任决定。", "The director decides whether a case is opened."))
    words = check_words(reason, field="reason", zh="立案理由", en="the reason of the case")
    if hold.state == HoldState.RELEASED.value:
        raise Refusal("hold_gone", Text("供货控制已经解除，不能再立案。", "The hold is released; no case can be opened on it."))
    if hold.case_opened_at is not None:
        raise Refusal("case_already", Text("已经立案。", "A case is open already."))
    hold.case_opened_at, hold.case_opened_by_id, hold.case_reason = at, by.person, words
    hold.save(update_fields=["case_opened_at", "case_opened_by", "case_reason"])
    absent = by.for_whom((*INFORMED_POSTS, PostCode.OWNER), line.seller_id)
    record([Deed("open_case", SUBJECT, hold.pk, {"because": words}, {}, hold.regulation, absent)], by=by.person, at=at)
    return hold


def _not_yours() -> Refusal:
    return forbidden(Text("供货控制由财务主管办理。", "Holds are the finance head's to set."))
