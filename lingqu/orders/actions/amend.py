"""Change a request: before it is accepted all of it is judged anew; after that, less is less, and what is more must fit every law."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.decision import LawResult
from lingqu.base.money import WHOLE_BP, total
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text, in_one_line
from lingqu.credit.actions import credit_batch, raise_batch
from lingqu.credit.models import CreditLine
from lingqu.credit.rules import discount_for
from lingqu.credit.states import CreditCause
from lingqu.ledger.actions import post
from lingqu.orders.access import ANSWERING_POSTS, may_amend, may_change_accepted, may_enter_for_partner
from lingqu.orders.actions.again import Changed, court_for, judge_again, store_again, waiver_after, waiver_of
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.content import (
    agreed_lines,
    agreed_prices,
    asked_of,
    copies_by_line,
    pieces_of,
    priced_lines,
    write_lines,
)
from lingqu.orders.actions.judging import Court, keep_decision
from lingqu.orders.actions.own import give_back_specials, own_holds, put_aside, share_of_batch, share_of_holds, share_of_shipped
from lingqu.orders.actions.path_told import tell_other_side
from lingqu.orders.actions.requests import MOST_LINES, AskedLine
from lingqu.orders.actions.stock import free_copies, keep_in_stock, stock_of_order
from lingqu.orders.actions.voiding import CHANGED, void_signature
from lingqu.orders.models import Order
from lingqu.orders.rules import (
    Agreed,
    Piece,
    Price,
    Priced,
    Wanted,
    accepted_content,
    check_wanted,
    is_another,
    is_lowering,
    new_content,
    reservations,
)
from lingqu.orders.states import LAW_WORDS, ORDERS, OrderState, OrderVerb, Shortage
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation
from lingqu.policy.states import Law

JUDGED = Text("全部内容按今天的事实重新判定，结果见申请页。", "All of it is judged anew; the page says how it came out.")
ACCEPTED = (OrderState.ACCEPTED, OrderState.PART_SHIPPED)
"""From here on money is owed: a change is a credit or a raise of the batch."""


@transaction.atomic
def amend_order(
    order_id: int, lines: Sequence[AskedLine], *, regulation: Regulation, by: Acting, at: datetime, reason: str = ""
) -> Order:  # fmt: skip
    """Change the content of a request to `lines`, the whole of it as it is wanted from now on, and return it (0 copies take a title out).

    Before acceptance, by the buyer or the seller's people: what it holds is released and it is judged anew. After acceptance, by the
    seller's people: fewer copies, never below those shipped, are credited on its batch; more must fit every law of today, the request's
    own money and place put aside, else a refusal (`not_within`) tells which law, and nothing changes. A signature that is on its way for
    it becomes void. Refuses a wrong state, the wrong person, a change of nothing, and prices that are not the asker's to offer.
    """
    order, line = lock_order(order_id)
    _must_amend(order, by, lines)
    ORDERS.next(OrderState(order.state), OrderVerb.AMEND)
    wanted = [Wanted(one.product, one.copies, one.discount_bp) for one in lines]
    check_wanted(wanted, most=MOST_LINES)
    void_signature(order.pk, because=CHANGED, by=by.person, at=at)
    if OrderState(order.state) in ACCEPTED:
        return _amend_accepted(order, line, wanted, reason, regulation, by, at)
    agreed = agreed_lines(order)
    pieces = new_content(agreed, wanted)
    _must_change(pieces_of(agreed), pieces)
    if order.needs_contract:
        order.received_at = None
    waived = waiver_of(order.pk, at)
    before = order.net
    court, judged = judge_again(order, regulation, at, waived, pieces)
    if waived and is_another(agreed, judged.decided.lines):
        court = court_for(order, [pieces_of(agreed), pieces], at)
        judged = court.judge(judged.asked, regulation, waiver_after(waived, grew=True))
    told: dict[str, object] = {"before": dict(copies_by_line(agreed)), "net": str(judged.decided.totals.net), "net_before": str(before)}
    tell_other_side(order, OrderVerb.AMEND, JUDGED, by=by, at=at)
    store_again(court, order, judged, regulation=regulation, verb="amend", by=by, at=at, changed=Changed(pieces, told))
    return order


def _must_amend(order: Order, by: Acting, lines: Sequence[AskedLine]) -> None:
    if OrderState(order.state) in ACCEPTED:
        if not may_change_accepted(by, order.seller_id):
            raise forbidden(
                Text(
                    "已受理的申请由供货方的区域销售员或营销主管修改。",
                    "An accepted request is changed by the seller's representative or manager.",
                )
            )
    elif not may_amend(by, order.seller_id, order.buyer_id):
        raise forbidden(Text("您不能修改这份申请。", "You may not change this request."))
    if any(line.discount_bp is not None for line in lines) and not may_enter_for_partner(by, order.seller_id):
        raise forbidden(Text("价格由供货方决定，请去掉自填的折扣。", "Prices are the seller's to offer; leave the discount out."))


def _must_change(before: Sequence[Piece], after: Sequence[Piece]) -> None:
    if list(before) == list(after):
        raise Refusal("nothing_changed", Text("内容没有变化，未作任何更改。", "Nothing differs from what stands; nothing was changed."))


def _amend_accepted(
    order: Order, line: CreditLine, wanted: Sequence[Wanted], reason: str, regulation: Regulation, by: Acting, at: datetime
) -> Order:
    agreed = agreed_lines(order)
    touched = [Piece(0, one.product, 1) for one in wanted if one.copies]
    court = Court([asked_of(order, [*pieces_of(agreed), *touched])], on=china_day(at))
    stock = stock_of_order(order, [*(one.product for one in agreed), *(one.product for one in wanted)])
    pieces = accepted_content(agreed, wanted, _today(court, order, regulation))
    _must_change(pieces_of(agreed), [piece for piece in pieces if piece.copies])
    holds = own_holds([order.pk])
    free = free_copies(court.standings, stock, holds)
    content = agreed_prices(pieces) if is_lowering(agreed, pieces) else _judged(court, order, line, pieces, regulation, at)
    shipped = {one.line: one.shipped for one in agreed}
    reserved = reservations([(one.product, one.copies - shipped.get(one.line, 0)) for one in content], free if stock else {})
    before = order.net
    write_lines(order, content, reserved)
    _move_on(order, agreed, before, regulation, by, at)
    owed = order.net - before
    tell_other_side(order, OrderVerb.AMEND, _change_of(before, order.net), by=by, at=at)
    if owed < 0:
        words = reason.strip() or in_one_line(Text("受理后减少", "reduced after acceptance"))
        credit_batch(order.pk, -owed, cause=CreditCause.AMENDED, reason=words, regulation=regulation, by=by, at=at)
    elif owed > 0:
        raise_batch(order.pk, owed, line=line, regulation=regulation, at=at)
    post(keep_in_stock(order, stock, holds), on=china_day(at), at=at)
    return order


def _change_of(before: Decimal, after: Decimal) -> Text:
    return Text(f"实洋由 {before:,} 元改为 {after:,} 元。", f"Its net changes from {before:,} to {after:,} yuan.")


def _today(court: Court, order: Order, regulation: Regulation) -> dict[int, Price]:
    """Return what the titles cost this buyer today by the rule."""
    place = court.bench.places.get((order.seller_id, order.buyer_id))
    discount = discount_for(regulation, place.level, place.grade, place.own_discount_bp) if place else None
    rule = discount.rule_bp if discount else WHOLE_BP
    return {shelf.product: Price(shelf.list_price, rule) for shelf in court.bench.shelves.values()}


def _judged(court: Court, order: Order, line: CreditLine, pieces: Sequence[Piece], regulation: Regulation, at: datetime) -> list[Priced]:
    """Judge the whole new content as if the request were not there yet, keep the decision, and return the priced lines.

    What was signed for the request as it was covers nothing of what comes to it. Where only a price falls, the price law alone matters.
    What is short is sent later: nothing that was accepted is left out any more.
    """
    own = share_of_holds(own_holds([order.pk])), share_of_batch(order, line), share_of_shipped(order, court)
    put_aside(court, *own)
    give_back_specials(court, order)
    asked = msgspec.structs.replace(asked_of(order, pieces), shortage=Shortage.BACK_ORDER)
    judged = court.judge(asked, regulation)
    decision = judged.decided.decision
    priced = iter(priced_lines(pieces, judged))
    content = [next(priced) if piece.copies else agreed_prices([piece])[0] for piece in pieces]
    grows = total(one.net for one in content) > order.net or _copies(pieces) > order.copies
    failed = [law for law in decision.failed() if grows or law.law == Law.PRICE.value]
    if failed:
        raise _not_within(failed)
    keep_decision(order, judged, regulation=regulation, at=at)
    return content


def _copies(pieces: Sequence[Piece]) -> int:
    return sum(piece.copies for piece in pieces)


def _not_within(failed: Sequence[LawResult]) -> Refusal:
    names = [LAW_WORDS[law.law] for law in failed]
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    credit = next((law.numbers for law in failed if law.law == Law.CREDIT.value), {})
    over = max((one for one in (credit.get("over"), credit.get("group_over")) if isinstance(one, Decimal)), default=None)
    more_zh = f"（超出 {over:,} 元）" if over is not None else ""
    more_en = f" ({over:,} yuan over the limit)" if over is not None else ""
    return Refusal(
        "not_within",
        Text(
            f"增加的部分不通过：{zh}{more_zh}。原申请照旧。可先回款或减少，或把增加的部分另提一份申请。",
            f"What was added does not pass: {en}{more_en}. The request stands as it was. Collect money, add less, or submit it apart.",
        ),
        clause=failed[0].clause,
    )


def _move_on(order: Order, agreed: Sequence[Agreed], before: Decimal, regulation: Regulation, by: Acting, at: datetime) -> None:
    """Set the state, shipped when nothing is left to ship, and keep the fact."""
    state = OrderState(order.state)
    left = sum(line.copies - line.shipped for line in order.lines.all())
    verb = OrderVerb.AMEND if left or state is OrderState.ACCEPTED else OrderVerb.CLOSE_REST
    order.state = ORDERS.next(state, verb).value
    order.save(update_fields=["state"])
    after = {"state": order.state, "net": str(order.net), "copies": dict(copies_by_line(agreed_lines(order)))}
    told = {"state": state.value, "net": str(before), "copies": dict(copies_by_line(agreed))}
    absent = by.for_whom(ANSWERING_POSTS, order.seller_id)
    record([Deed("amend", "order", order.pk, after, told, regulation.reference, absent)], by=by.person, at=at)
