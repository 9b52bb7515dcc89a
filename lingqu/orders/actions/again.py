"""Judge a stored request anew, and store what came out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.money import ZERO, total
from lingqu.credit.models import Waiver
from lingqu.ledger.actions import post
from lingqu.ledger.queries import let_through
from lingqu.ledger.states import GROUP_KIND
from lingqu.orders.access import ANSWERING_POSTS, BUYING_POSTS
from lingqu.orders.actions.content import agreed_lines, asked_of, pieces_of, priced_lines, write_lines
from lingqu.orders.actions.judging import Court, Judged, Waived, keep_decision
from lingqu.orders.actions.own import give_back_specials, own_holds, put_aside, releases, share_of_holds
from lingqu.orders.actions.voiding import PASSES_NOW, void_signature
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.rules import Piece, answer_time, still_signed
from lingqu.orders.states import OrderState
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode
from lingqu.policy.rules import Regulation
from lingqu.policy.states import Law


def waiver_of(order_id: int, at: datetime) -> Waived | None:
    """Return what special signatures let through for the request at the moment; None without one, or when all have expired."""
    waivers = list(Waiver.objects.filter(document_id=order_id, expires_at__gt=at))
    if not waivers:
        return None
    laws = {law for waiver in waivers for law in waiver.laws.split()}
    overdue = _greatest(waiver.overdue for waiver in waivers if Law.OVERDUE.value in waiver.laws.split())
    below_floor = _greatest(waiver.below_floor for waiver in waivers if Law.PRICE.value in waiver.laws.split())
    batches = sum(waiver.batches for waiver in waivers)
    groups: dict[int, Decimal] = {}
    for posting in let_through("order", order_id, GROUP_KIND, at=at):
        groups[posting.destination_id] = groups.get(posting.destination_id, ZERO) + posting.amount
    return Waived(total(waiver.amount for waiver in waivers), batches, tuple(sorted(laws)), overdue, below_floor, groups)


def _greatest(named: Iterable[Decimal | None]) -> Decimal | None:
    """Return the greatest number that was signed; None where one signature named the law without a number."""
    numbers = list(named)
    return None if None in numbers else max((number for number in numbers if number is not None), default=None)


def waiver_after(waived: Waived | None, *, grew: bool) -> Waived | None:
    """Return what signatures still let through after the content changed: they cover no more than what was signed for."""
    if waived is None:
        return None
    return msgspec.structs.replace(waived, laws=still_signed(waived.laws, grew=grew, price_named=waived.below_floor is not None))


def court_for(order: Order, contents: Sequence[Sequence[Piece]], at: datetime) -> Court:
    """Return the court for a stored request: every account that its old or new contents touch is locked, what it holds put aside."""
    must_be_atomic()
    court = Court([asked_of(order, pieces) for pieces in contents], on=china_day(at))
    put_aside(court, share_of_holds(own_holds([order.pk])))
    give_back_specials(court, order)
    return court


def judge_again(
    order: Order, regulation: Regulation, at: datetime, waived: Waived | None, pieces: Sequence[Piece] | None = None
) -> tuple[Court, Judged]:
    """Return the court and the judgement of a stored request on today's locked facts, without what it holds itself.

    Without `pieces` its content is judged as it stands, at the prices that it was entered with.
    """
    stands = pieces_of(agreed_lines(order))
    wanted = stands if pieces is None else pieces
    court = court_for(order, [stands, wanted], at)
    return court, court.judge(asked_of(order, wanted), regulation, waived)


class Changed(msgspec.Struct, frozen=True):
    """The content that was judged, where it is not the one that stands, and what the fact keeps beside the state."""

    pieces: Sequence[Piece] | None = None
    told: dict[str, object] = {}


def store_again(
    court: Court,
    order: Order,
    judged: Judged,
    *,
    regulation: Regulation,
    verb: str,
    by: Acting,
    at: datetime,
    changed: Changed | None = None,
) -> StoredDecision | None:
    """Store the new decision and return it; set state, content and answer time of the request, and post, last.

    What it held is released, a passed one holds anew. None for a request that waits for its stamped contract: it is priced, not decided.
    """
    must_be_atomic()
    before = order.state
    order.state = judged.state.value
    _wind_clock(order, None if judged.waits else answer_time(at, regulation, branch=judged.place.branch), at, waits=judged.waits)
    held = judged.state is OrderState.HELD
    ready = [many if held and judged.place.warehouse else 0 for many in judged.decided.ready]
    changed = changed or Changed()
    pieces = pieces_of(agreed_lines(order)) if changed.pieces is None else changed.pieces
    write_lines(order, priced_lines(pieces, judged), ready)
    stored = None if judged.waits else keep_decision(order, judged, regulation=regulation, at=at)
    absent = by.for_whom((*ANSWERING_POSTS, PostCode.DIRECTOR), order.seller_id) or by.for_whom(BUYING_POSTS, order.buyer_id)
    after = {"state": order.state} | changed.told
    record([Deed(verb, "order", order.pk, after, {"state": before}, regulation.reference, absent)], by=by.person, at=at)
    if held:
        void_signature(order.pk, because=PASSES_NOW, by=by.person, at=at)
    ended = releases(own_holds([order.pk]), verb)
    taken = court.holds(judged, order.pk, until=order.answer_until) if held else []
    post([*ended, *taken], on=court.on, at=at)
    return stored


def _wind_clock(order: Order, until: datetime | None, at: datetime, *, waits: bool) -> None:
    """Begin the answer time anew; none runs while the stamped contract is still to come. What was late before stays known as late."""
    order.late = order.late or (order.answer_until is not None and order.answer_until <= at)
    order.answer_until = until
    order.received_at = None if waits else order.received_at or at
    order.escalated_at = order.escalated_again_at = None
    told = ["escalated_at", "escalated_again_at"]
    order.save(update_fields=["state", "answer_until", "received_at", "late", "needs_contract", *told])
