"""Judge a stored request anew, and store what came out."""

from __future__ import annotations

from datetime import datetime

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.decision import Verdict, encode
from lingqu.base.money import total
from lingqu.credit.models import Waiver
from lingqu.ledger.actions import post
from lingqu.orders.access import ANSWERING_POSTS
from lingqu.orders.actions.judging import Court, Judged, Waived
from lingqu.orders.actions.requests import Asked, AskedLine
from lingqu.orders.models import Order, OrderLine, StoredDecision
from lingqu.orders.states import Shortage, Source
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode
from lingqu.policy.rules import Regulation
from lingqu.policy.states import DayMode


def waiver_of(order_id: int, at: datetime) -> Waived | None:
    """Return what special signatures let through for the request at the moment; None without one, or when all have expired."""
    waivers = list(Waiver.objects.filter(document_id=order_id, expires_at__gt=at))
    if not waivers:
        return None
    laws = {law for waiver in waivers for law in waiver.laws.split()}
    return Waived(total(waiver.amount for waiver in waivers), sum(waiver.batches for waiver in waivers), tuple(sorted(laws)))


def judge_again(order: Order, regulation: Regulation, at: datetime, waived: Waived | None) -> tuple[Court, Judged]:
    """Return the court and the judgement of a stored request on today's locked facts, at the prices that it was entered with."""
    lines = tuple(
        AskedLine(line.product_id, line.copies, line.discount_bp, line.list_price) for line in order.lines.order_by("line") if line.copies
    )
    asked = Asked(
        order.key, order.seller_id, order.buyer_id, lines, Source(order.source), Shortage(order.shortage), order.delivery_division,
        order.note,
    )  # fmt: skip
    court = Court([asked], on=china_day(at))
    return court, court.judge(asked, regulation, waived)


def store_again(court: Court, order: Order, judged: Judged, *, regulation: Regulation, verb: str, by: Acting, at: datetime) -> None:
    """Store the new decision, set state, reservation and answer time of the request, and post the holds of a passed one, last."""
    before = order.state
    parameters = regulation.parameters
    order.state = judged.state.value
    order.answer_until = regulation.calendar.end_of_answer_time(
        at, parameters.answer_days, working_days=parameters.answer_mode is DayMode.WORKING
    )
    order.save(update_fields=["state", "answer_until"])
    passed = judged.decided.decision.verdict is Verdict.PASSED
    lines = list(OrderLine.objects.filter(order=order, copies__gt=0).order_by("line"))
    for line, ready in zip(lines, judged.decided.ready, strict=True):
        line.reserved = ready if passed and judged.place.warehouse else 0
    OrderLine.objects.bulk_update(lines, ["reserved"])
    decision = judged.decided.decision
    StoredDecision.objects.create(
        order=order, at=at, verdict=decision.verdict.value, failed=" ".join(law.law for law in decision.failed()),
        regulation=regulation.reference, facts=encode(judged.facts), decision=encode(decision),
    )  # fmt: skip
    absent = by.for_whom((*ANSWERING_POSTS, PostCode.DIRECTOR), order.seller_id)
    record([Deed(verb, "order", order.pk, {"state": order.state}, {"state": before}, regulation.reference, absent)], by=by.person, at=at)
    if passed:
        post(court.holds(judged, order.pk, until=order.answer_until), on=court.on, at=at)
