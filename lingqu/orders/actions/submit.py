"""Submit purchase requests: one or a hundred, from page, Excel, API, replay and demo alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic, rows, run
from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.ledger.actions import post
from lingqu.orders.access import BUYING_POSTS, ENTERING_POSTS, may_enter_for_partner, may_submit
from lingqu.orders.actions.accepting import accept_by_themselves, lock_lines
from lingqu.orders.actions.judging import Court, Judged
from lingqu.orders.actions.requests import Asked, Outcome, check_batch, check_request
from lingqu.orders.rules import answer_time
from lingqu.orders.states import OrderState, Source
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

SERIES = "JH"
DECISION_COLUMNS = 5


@transaction.atomic
def submit_orders(asked: Sequence[Asked], *, regulation: Regulation, by: Acting, at: datetime) -> list[Outcome]:
    """Submit 1 to 100 requests and return what became of each, in order.

    Each is judged by every law on locked facts; a passed one holds its money, its batch and its copies until the answer time ends
    (M-16.3.1). One that no agreement of the year covers waits for its stamped contract: no decision, no hold, no clock. A decision that
    fails is stored too. Where the regulation accepts by itself (`auto_accept`), a passed one is accepted at once. A refusal of one
    request leaves the others alone; the same key again returns the request that exists. Refuses as a whole only an empty batch or one
    past 100.
    """
    return submit_within(asked, regulation=regulation, by=by, at=at)


def submit_within(asked: Sequence[Asked], *, regulation: Regulation, by: Acting, at: datetime) -> list[Outcome]:
    """Do what `submit_orders` does, inside the transaction of another action that ends with it when it fails."""
    must_be_atomic()
    asked = list(asked)
    check_batch(asked)
    outcomes: dict[int, Outcome] = {}
    fit: dict[int, Asked] = {}
    for place, one in enumerate(asked):
        refusal = check_request(one) or _not_allowed(one, by)
        if refusal:
            outcomes[place] = Outcome(one.key, refusal=refusal)
        else:
            fit[place] = one
    if fit:
        outcomes |= _decide_and_write(fit, regulation, by, at)
    return [outcomes[place] for place in range(len(asked))]


def _not_allowed(asked: Asked, by: Acting) -> Refusal | None:
    if not may_submit(by, asked.seller, asked.buyer):
        return forbidden(Text("您不能为该客户提交申请。", "You may not submit requests for this partner."))
    special = any(line.discount_bp is not None or line.list_price is not None for line in asked.lines)
    if special and not may_enter_for_partner(by, asked.seller):
        return forbidden(
            Text("价格由供货方决定，请去掉自填的折扣或定价。", "Prices are the seller's to offer; leave discount and list price out.")
        )
    if asked.source is not Source.IMPORT and any(line.list_price is not None for line in asked.lines):
        return forbidden(
            Text(
                "定价以产品目录为准，只有导入的历史单据可自带定价。",
                "List prices are the catalogue's; only imported history brings its own.",
            )
        )
    return None


def _decide_and_write(fit: dict[int, Asked], regulation: Regulation, by: Acting, at: datetime) -> dict[int, Outcome]:
    if regulation.parameters.auto_accept:
        lock_lines((one.seller, one.buyer) for one in fit.values())
    court = Court(list(fit.values()), on=china_day(at))
    outcomes: dict[int, Outcome] = {}
    judged: dict[int, Judged] = {}
    seen: dict[tuple[int, str], int] = {}
    for place, one in fit.items():
        name = (one.buyer, one.key)
        known = court.bench.known.get(name)
        if known:
            outcomes[place] = Outcome(one.key, known.order, known.number, OrderState(known.state), repeated=True)
        elif name not in seen:
            seen[name] = place
            try:
                judged[place] = court.judge(one, regulation)
            except Refusal as refusal:
                outcomes[place] = Outcome(one.key, refusal=refusal)
    outcomes |= _write(court, judged, regulation, by, at)
    if regulation.parameters.auto_accept:
        outcomes |= _accept(fit, outcomes, regulation, at)
    for place, one in fit.items():
        if place not in outcomes:
            outcomes[place] = msgspec.structs.replace(outcomes[seen[(one.buyer, one.key)]], repeated=True)
    return outcomes


def _accept(fit: dict[int, Asked], outcomes: dict[int, Outcome], regulation: Regulation, at: datetime) -> dict[int, Outcome]:
    """Accept what passed by itself, where the regulation says so; imported history is accepted by whoever imports it."""
    new = {
        place: one
        for place, one in outcomes.items()
        if one.order and not one.repeated and one.state is OrderState.HELD and fit[place].source is not Source.IMPORT
    }
    accepted = accept_by_themselves([one.order for one in new.values() if one.order], regulation=regulation, at=at)
    return {place: msgspec.structs.replace(one, state=OrderState.ACCEPTED) for place, one in new.items() if one.order in accepted}


_IDS = """
SELECT nextval('orders_order_id_seq') AS id, number FROM documents_take_numbers(%s, %s, %s)
"""

_WRITE = """
WITH placed AS (
    INSERT INTO orders_order (id, number, key, channel, seller_id, buyer_id, state, source, shortage, delivery_division, note,
                              entered_by_id, submitted_at, received_at, answer_until, titles, copies, list_value, net, answer,
                              needs_contract)
    SELECT o.id, o.number, o.key, 'product', o.seller, o.buyer, o.state, o.source, o.shortage, o.division, o.note, %s, %s,
           CASE WHEN o.waits THEN NULL ELSE %s::timestamptz END, CASE WHEN o.waits THEN NULL ELSE o.answer_until END,
           o.titles, o.copies, o.list_value, o.net, '', o.waits
      FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
                  %s::text[], %s::int[], %s::int[], %s::numeric[], %s::numeric[], %s::bool[], %s::timestamptz[])
           AS o(id, number, key, seller, buyer, state, source, shortage, division, note, titles, copies, list_value, net, waits,
                answer_until)
), lines AS (
    INSERT INTO orders_orderline (order_id, line, product_id, copies, reserved, shipped, returned, list_price, list_value, discount_bp, net,
                                  special_id)
    SELECT l.o, l.line, l.product, l.copies, l.reserved, 0, 0, l.list_price, l.list_value, l.discount_bp, l.net, NULLIF(l.special, 0)
      FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::int[], %s::int[], %s::numeric[], %s::numeric[], %s::int[], %s::numeric[],
                  %s::bigint[])
           AS l(o, line, product, copies, reserved, list_price, list_value, discount_bp, net, special)
)
INSERT INTO orders_storeddecision (order_id, at, verdict, failed, regulation, facts, decision)
SELECT d.o, %s, d.verdict, d.failed, %s, d.facts, d.decision
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS d(o, verdict, failed, facts, decision)
"""


def _write(court: Court, judged: dict[int, Judged], regulation: Regulation, by: Acting, at: datetime) -> dict[int, Outcome]:
    if not judged:
        return {}
    clocks = {branch: answer_time(at, regulation, branch=branch) for branch in {one.place.branch for one in judged.values()}}
    named = rows(_IDS, (SERIES, court.on.year, len(judged)))
    orders = list(zip(judged.items(), named, strict=True))
    all_judged = list(judged.values())
    run(
        _WRITE,
        (
            by.person, at, at,  # the clock begins with the request, unless its contract is still to come
            *_order_columns(all_judged, named, clocks),
            *_line_columns(all_judged, named),
            at, regulation.reference,
            *_decision_columns(all_judged, named),
        ),
    )  # fmt: skip
    deeds = [
        Deed("submit", "order", row.id, {"number": row.number, "state": one.state.value, "net": str(one.decided.totals.net)}, {},
             regulation.reference, by.for_whom(ENTERING_POSTS, one.asked.seller) or by.for_whom(BUYING_POSTS, one.asked.buyer))
        for (_, one), row in orders
    ]  # fmt: skip
    record(deeds, by=by.person, at=at)
    held = [(one, row) for (_, one), row in orders if one.state is OrderState.HELD]
    entries = [entry for one, row in held for entry in court.holds(one, row.id, until=clocks[one.place.branch])]
    post(entries, on=court.on, at=at)
    return {place: Outcome(one.asked.key, row.id, row.number, one.state) for (place, one), row in orders}


def _order_columns(judged: list[Judged], named: list[object], clocks: Mapping[bool, datetime | None]) -> list[list[object]]:
    values = [
        (
            row.id, row.number, one.asked.key, one.asked.seller, one.asked.buyer, one.state.value, one.asked.source.value,  # type: ignore[attr-defined]
            one.asked.shortage.value, one.facts.delivery_division, one.asked.note,
            one.decided.totals.titles, one.decided.totals.copies, one.decided.totals.list_value, one.decided.totals.net, one.waits,
            clocks[one.place.branch],
        )
        for one, row in zip(judged, named, strict=True)
    ]  # fmt: skip
    return [list(column) for column in zip(*values, strict=True)]


def _line_columns(judged: list[Judged], named: list[object]) -> list[list[object]]:
    values = [
        (
            row.id, number, line.product, line.copies,  # type: ignore[attr-defined]
            ready if one.state is OrderState.HELD and one.place.warehouse else 0,
            line.list_price, line.list_value, line.discount_bp, line.net, line.special,
        )
        for one, row in zip(judged, named, strict=True)
        for number, (line, ready) in enumerate(zip(one.decided.lines, one.decided.ready, strict=True), 1)
    ]  # fmt: skip
    return [list(column) for column in zip(*values, strict=True)]


def _decision_columns(judged: list[Judged], named: list[object]) -> list[list[object]]:
    values = [
        (
            row.id, one.decided.decision.verdict.value, " ".join(law.law for law in one.decided.decision.failed()),  # type: ignore[attr-defined]
            encode(one.facts), encode(one.decided.decision),
        )
        for one, row in zip(judged, named, strict=True)
        if not one.waits
    ]  # fmt: skip
    return [list(column) for column in zip(*values, strict=True)] or [[]] * DECISION_COLUMNS
