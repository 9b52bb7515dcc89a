"""Turn a held request into an accepted one; before that, judge it again where its judgement may no longer be true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.decision import Verdict
from lingqu.base.text import Text
from lingqu.credit.actions import NewBatch, open_batch
from lingqu.credit.models import CreditLine
from lingqu.credit.queries import hold_in_force
from lingqu.credit.states import HoldLevel
from lingqu.ledger.actions import lock_accounts
from lingqu.ledger.queries import open_holds
from lingqu.orders.actions.again import judge_again, store_again, waiver_of
from lingqu.orders.actions.judging import Judged, keep_decision
from lingqu.orders.actions.path_told import tell_other_side
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

FAILED = Text(
    "按今天的事实复核不通过，预占已释放；怎样能通过见申请页。",
    "Judged again on today's facts it fails; what it held is free. The page says how it would pass.",
)


def _told_of(order: Order, judged: Judged) -> Text:
    """Return what the other side is told of a request that was judged again and not accepted: it fails, or passes with another content."""
    if judged.decided.decision.verdict is not Verdict.PASSED:
        return FAILED
    before, now, copies = order.net, judged.decided.totals.net, judged.decided.totals.copies
    return Text(
        f"按今天的事实复核通过，但内容有变：{copies:,} 册，实洋由 {before:,} 元改为 {now:,} 元；已按此预占，待受理。",
        f"Judged again it passes, but not as it was: {copies:,} copies, its net changes from {before:,} to {now:,} yuan. "
        "That is held now and waits to be accepted.",
    )


def lock_lines(pairs: Iterable[tuple[int, int]]) -> None:
    """Lock the credit lines of (seller, buyer) pairs in the order of their ids, before the ledger is locked."""
    must_be_atomic()
    wanted = set(pairs)
    found = CreditLine.objects.filter(seller_id__in={pair[0] for pair in wanted}, buyer_id__in={pair[1] for pair in wanted})
    ids = sorted(line.pk for line in found if (line.seller_id, line.buyer_id) in wanted)
    list(CreditLine.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def still_passes(order: Order, line: CreditLine, *, regulation: Regulation, by: Acting, at: datetime) -> bool:
    """Return whether a held request may be accepted now; a judgement holds for its day in China, and while supply is not stopped.

    After that all laws are judged anew, what the request holds put aside. Where one fails, what it held is released, the request goes to
    where the new decision sends it, and that is kept. One that passes with another content, since what is short today is left out, holds
    that and waits to be accepted as it is now.
    """
    must_be_atomic()
    judged_at = StoredDecision.objects.filter(order=order).order_by("-id").values_list("at", flat=True).first()
    hold = hold_in_force(line.pk, on=china_day(at))
    stopped = hold is not None and hold.level == HoldLevel.STOP.value
    if judged_at and china_day(judged_at) == china_day(at) and not stopped:
        return True
    court, judged = judge_again(order, regulation, at, waiver_of(order.pk, at))
    decision = judged.decided.decision
    if decision.verdict is Verdict.PASSED and judged.decided.totals.net == order.net:
        keep_decision(order, judged, regulation=regulation, at=at)
        record([Deed("recheck", "order", order.pk, {"state": order.state}, {}, regulation.reference)], by=by.person, at=at)
        return True
    ORDERS.next(OrderState(order.state), OrderVerb.RECHECK)
    tell_other_side(order, OrderVerb.RECHECK, _told_of(order, judged), by=by, at=at)
    store_again(court, order, judged, regulation=regulation, verb="recheck", by=by, at=at)
    return False


def open_accepted(
    order: Order, line: CreditLine, *, ship_on: date, regulation: Regulation, by: int | None, absent: int | None, at: datetime
) -> None:
    """Set a held request to accepted with its ship date, settle its hold and open its batch, posted last; nobody as `by`: by itself."""
    must_be_atomic()
    before = OrderState(order.state)
    lock_accounts([line.account_id])
    hold = next((one for one in open_holds("order", [order.pk]) if one.source_id == line.account_id), None)
    order.state = ORDERS.next(before, OrderVerb.ACCEPT).value
    order.accepted_at, order.accepted_by_id, order.ship_on = at, by, ship_on
    order.save(update_fields=["state", "accepted_at", "accepted_by", "ship_on"])
    after = {"state": order.state, "ship_on": ship_on.isoformat()}
    record([Deed("accept", "order", order.pk, after, {"state": before.value}, regulation.reference, absent)], by=by, at=at)
    open_batch(NewBatch(order.pk, order.number, order.net), line=line, hold=hold, regulation=regulation, at=at)


def accept_by_themselves(orders: Iterable[int], *, regulation: Regulation, at: datetime) -> set[int]:
    """Accept held requests that need no countersigned contract, to be shipped on the next working day, and return their ids.

    The credit lines are locked already (`lock_lines`): this runs in the transaction that submitted the requests.
    """
    must_be_atomic()
    ship_on = regulation.calendar.roll_forward(china_day(at) + timedelta(days=1))
    accepted = set()
    for order in Order.objects.select_for_update().filter(pk__in=list(orders), state=OrderState.HELD.value).order_by("pk"):
        if order.needs_contract:
            continue
        line = CreditLine.objects.get(seller_id=order.seller_id, buyer_id=order.buyer_id)
        open_accepted(order, line, ship_on=ship_on, regulation=regulation, by=None, absent=None, at=at)
        accepted.add(order.pk)
    return accepted
