"""Give up an accepted request before anything was shipped, or what is left of one: it is not owed, and nothing is kept in stock for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text
from lingqu.credit.actions import credit_batch
from lingqu.credit.models import CreditLine
from lingqu.credit.states import CreditCause
from lingqu.ledger.actions import lock_accounts, post
from lingqu.ledger.models import Posting
from lingqu.orders.access import ANSWERING_POSTS, may_change_accepted
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.content import agreed_lines, agreed_prices, copies_by_line, write_lines
from lingqu.orders.actions.own import own_holds
from lingqu.orders.actions.path_told import tell_other_side
from lingqu.orders.actions.stock import Stock, keep_in_stock, stock_of_order
from lingqu.orders.actions.voiding import ENDED, void_signature
from lingqu.orders.models import Order
from lingqu.orders.rules import Agreed, Piece
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

MOST_REASON = 200


@transaction.atomic
def cancel_order(order_id: int, *, reason: str, regulation: Regulation, by: Acting, at: datetime) -> Order:
    """Cancel an accepted request of which nothing was shipped, with a reason, and return it.

    Its reservations are released and its whole net is credited on its batch; what was paid already waits for other batches. Refuses a
    wrong state, the wrong person, and an empty reason.
    """
    order, line = lock_order(order_id)
    why = _checked(order, OrderVerb.CANCEL, reason, by)
    agreed = agreed_lines(order)
    stock, holds = _lock_stock(order, line, agreed)
    void_signature(order.pk, because=ENDED, by=by.person, at=at)
    order.lines.update(reserved=0)
    _move(order, OrderVerb.CANCEL, why, regulation, by, at, before={"net": str(order.net)})
    if order.net:
        credit_batch(order.pk, order.net, cause=CreditCause.CANCELLED, reason=why, regulation=regulation, by=by, at=at)
    post(keep_in_stock(order, stock, holds), on=china_day(at), at=at)
    order.refresh_from_db()
    return order


@transaction.atomic
def close_rest(order_id: int, *, reason: str, regulation: Regulation, by: Acting, at: datetime) -> Order:
    """Close what is left of a partly shipped request, with a reason, and return it: what was not shipped is not owed.

    Its lines fall to the copies that were shipped, and the difference is credited on its batch. Refuses a wrong state, the wrong person,
    and an empty reason.
    """
    order, line = lock_order(order_id)
    why = _checked(order, OrderVerb.CLOSE_REST, reason, by)
    agreed = agreed_lines(order)
    stock, holds = _lock_stock(order, line, agreed)
    void_signature(order.pk, because=ENDED, by=by.person, at=at)
    before = order.net
    left = agreed_prices(Piece(one.line, one.product, one.shipped, one.discount_bp, one.list_price) for one in agreed)
    write_lines(order, left, [0] * len(left))
    told: dict[str, object] = {"net": str(before), "copies": dict(copies_by_line(agreed))}
    _move(order, OrderVerb.CLOSE_REST, why, regulation, by, at, before=told)
    if before > order.net:
        credit_batch(order.pk, before - order.net, cause=CreditCause.CLOSED, reason=why, regulation=regulation, by=by, at=at)
    post(keep_in_stock(order, stock, holds), on=china_day(at), at=at)
    order.refresh_from_db()
    return order


def _checked(order: Order, verb: OrderVerb, reason: str, by: Acting) -> str:
    if not may_change_accepted(by, order.seller_id):
        raise forbidden(
            Text(
                "已受理的申请由供货方的区域销售员或营销主管取消或了结。",
                "An accepted request is cancelled or closed by the seller's representative or manager.",
            )
        )
    ORDERS.next(OrderState(order.state), verb)
    why = reason.strip()[:MOST_REASON]
    if not why:
        raise bad_input("reason", Text("请写明理由。", "Give the reason."))
    return why


def _lock_stock(order: Order, line: CreditLine, agreed: list[Agreed]) -> tuple[Stock, list[Posting]]:
    """Lock the ledger rows of the credit line and of the stock in one call, so that no two actions wait for each other."""
    stock = stock_of_order(order, [one.product for one in agreed])
    lock_accounts([line.account_id, *(item.account_id for item in stock.values())])
    return stock, own_holds([order.pk])


def _move(
    order: Order, verb: OrderVerb, why: str, regulation: Regulation, by: Acting, at: datetime, *, before: dict[str, object]
) -> None:  # fmt: skip
    state = OrderState(order.state)
    order.state = ORDERS.next(state, verb).value
    order.save(update_fields=["state"])
    tell_other_side(order, verb, Text(f"理由：{why}", f"Reason: {why}"), by=by, at=at)
    absent = by.for_whom(ANSWERING_POSTS, order.seller_id)
    after = {"state": order.state, "reason": why, "net": str(order.net)}
    record([Deed(verb.value, "order", order.pk, after, before | {"state": state.value}, regulation.reference, absent)],
           by=by.person, at=at)  # fmt: skip
