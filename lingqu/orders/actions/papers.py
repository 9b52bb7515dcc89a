"""The stamped purchase contract of a request: it comes in, the answer clock begins, and the request is judged (M-16.3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text
from lingqu.credit.models import CreditLine
from lingqu.documents.actions import attach
from lingqu.documents.rules import FIELD, NewFile, check_scans
from lingqu.orders.access import BUYING_POSTS, ENTERING_POSTS, may_submit
from lingqu.orders.actions.again import judge_again, store_again, waiver_of
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.countersigning import SUBJECT
from lingqu.orders.actions.requests import Asked, Outcome
from lingqu.orders.actions.submit import submit_within
from lingqu.orders.models import Order
from lingqu.orders.states import ORDERS, OrderState, OrderVerb, PaperRole
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

UNANSWERED = (OrderState.HELD, OrderState.REVIEW, OrderState.REFUSED, OrderState.EXPIRED)
"""A request in these states may get a better scan of its contract; after the answer the paper is what both have stamped."""


@transaction.atomic
def hand_in_contract(order_id: int, files: Sequence[NewFile], *, regulation: Regulation, by: Acting, at: datetime) -> Order:
    """Hand in the stamped contract of a request: the answer clock begins, and the request is judged and held like any other. Returns it.

    People of the buyer do, or the seller's for a paper that came by post or fax. Before the answer a better scan may follow, which
    changes nothing else. Refuses a file that is no scan or photo, none at all, a request that needs no contract, and one that was answered.
    """
    order, _ = lock_order(order_id)
    if not may_submit(by, order.seller_id, order.buyer_id):
        raise forbidden(
            Text("合同由客户交来，或由供货方代收。", "The contract is handed in by the partner, or by the seller's people who received it.")
        )
    state = OrderState(order.state)
    better = state in UNANSWERED and order.received_at is not None
    _must_want_contract(order, state, better=better)
    if not files:
        raise bad_input(FIELD, Text("请选择盖章合同的扫描件或照片。", "Choose a scan or photo of the stamped contract."))
    check_scans(files, field=FIELD)
    absent = by.for_whom(BUYING_POSTS, order.buyer_id) or by.for_whom(ENTERING_POSTS, order.seller_id)
    attach(SUBJECT, order.pk, PaperRole.CONTRACT.value, files, by=by, at=at, on_behalf_of=absent)
    if better:
        return order
    order.received_at = at
    court, judged = judge_again(order, regulation, at, waiver_of(order.pk, at))
    store_again(court, order, judged, regulation=regulation, verb=OrderVerb.HAND_IN.value, by=by, at=at)
    return order


def _must_want_contract(order: Order, state: OrderState, *, better: bool) -> None:
    if not order.needs_contract:
        raise Refusal(
            "contract_not_needed",
            Text("年度合同有效，本单不必另交盖章合同。", "The agreement of the year covers this request; it needs no contract of its own."),
        )
    if order.accepted_at:
        raise Refusal(
            "contract_final",
            Text("申请已受理，双方盖章的合同不能再更换。", "The request was accepted; a contract that both have stamped is not replaced."),
        )
    if not better:
        ORDERS.next(state, OrderVerb.HAND_IN)


@transaction.atomic
def submit_with_contract(asked: Asked, files: Sequence[NewFile], *, regulation: Regulation, by: Acting, at: datetime) -> Outcome:
    """Submit one request with its stamped contract in one step, and return what became of it; without files it waits for the contract.

    Files of a request that the agreement of the year covers are not needed and not kept. Refuses like `submit_orders` and
    `hand_in_contract`; then nothing at all was submitted.
    """
    check_scans(files, field=FIELD)
    if files:
        # The credit line comes before the request and the ledger, as everywhere.
        CreditLine.objects.select_for_update().filter(seller_id=asked.seller, buyer_id=asked.buyer).first()
    (outcome,) = submit_within([asked], regulation=regulation, by=by, at=at)
    if not files or outcome.order is None or outcome.state is not OrderState.PAPERS:
        return outcome
    order = hand_in_contract(outcome.order, files, regulation=regulation, by=by, at=at)
    return msgspec.structs.replace(outcome, state=OrderState(order.state))
