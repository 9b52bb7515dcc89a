"""What this module declares: return requests and transfers. Their pages are written by hand: one names copies and counts on them."""

from __future__ import annotations

from datetime import date

from lingqu.base.text import Text
from lingqu.documents.registry import DocumentType, HandMade, Verb
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.partners.queries import representatives_of
from lingqu.policy.queries import regulation_in_force
from lingqu.returns.access import (
    TRANSFERRING_POSTS,
    agrees_alone,
    answers_return,
    asks_transfer,
    may_confirm,
    may_count,
    may_withdraw_return,
)
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.queries import caps_of
from lingqu.returns.rules import CapRow, agreed_directly, keeps_all
from lingqu.returns.states import RETURNS, TRANSFERS, ReturnState, ReturnVerb, TransferVerb


def _answers(who: Acting, request: ReturnRequest, on: date) -> bool:
    """Return whether the person answers it; one that was sent up is answered by its approval."""
    return request.state == ReturnState.ASKED.value and _beside(who, request, on)


def _beside(who: Acting, request: ReturnRequest, on: date) -> bool:
    return answers_return(who, request.seller_id, representatives_of(request.buyer_id, request.seller_id, on)) is not None


def _agrees(who: Acting, request: ReturnRequest, on: date) -> bool:
    return _answers(who, request, on) and agreed_directly(_caps(request, on), alone=agrees_alone(who, request.seller_id))


def _sends_up(who: Acting, request: ReturnRequest, on: date) -> bool:
    """Return whether the person sends it up: beyond the caps of the day; one that was sent back goes up again by who sent it up alone."""
    if request.seller.kind != FirmKind.HQ.value or not _beside(who, request, on):
        return False
    if request.approval:
        return who.person in (request.approval.asked_by_id, request.approval.asked_for_id)
    return not keeps_all(_caps(request, on))


def _caps(request: ReturnRequest, on: date) -> tuple[CapRow, ...]:
    return caps_of(request, regulation=regulation_in_force(on=on), on=on)


def _asked(who: Acting, transfer: Transfer) -> bool:
    return who.person in (transfer.asked_by_id, transfer.asked_for_id)


def _orders(who: Acting, transfer: Transfer, on: date) -> bool:
    known = {*representatives_of(transfer.giver_id, transfer.seller_id, on), *representatives_of(transfer.taker_id, transfer.seller_id, on)}
    return asks_transfer(who, transfer.seller_id, known) is not None


def _confirms(who: Acting, transfer: Transfer, on: date) -> bool:  # noqa: ARG001 - the registry hands the day too
    return any(may_confirm(who, transfer.seller_id, firm) for firm in (transfer.giver_id, transfer.taker_id))


RETURN = DocumentType(
    key="return_request", title=Text("退货申请", "Return request"), plural=Text("退货", "Returns"), slug="returns", series="TS",
    model=ReturnRequest, states=RETURNS, about="buyer",
    tones={
        "asked": "waiting", "deciding": "waiting", "sent_back": "waivable", "agreed": "progress", "booked": "done", "refused": "refused",
        "withdrawn": "closed", "lapsed": "closed",
    },
    hand_made=HandMade(list="returns", one="return_request", new="return_new"),
    verbs=(
        Verb(verb=ReturnVerb.AGREE, may=_agrees, route="return_agree"),
        Verb(verb=ReturnVerb.SEND_UP, may=_sends_up, route="return_send_up"),
        Verb(verb=ReturnVerb.REFUSE, may=_answers, route="return_refuse"),
        Verb(verb=ReturnVerb.COUNT, may=lambda who, request, on: may_count(who, request.seller_id), route="return_count"),  # noqa: ARG005 - no day
        Verb(
            verb=ReturnVerb.WITHDRAW, route="return_withdraw",
            may=lambda who, request, on: may_withdraw_return(who, request.buyer_id, request.asked_by_id),  # noqa: ARG005 - no day
        ),
    ),
)  # fmt: skip
TRANSFER = DocumentType(
    key="transfer", title=Text("调货", "Transfer"), plural=Text("调货", "Transfers"), slug="transfers", series="DH", model=Transfer,
    states=TRANSFERS, about="taker",
    tones={
        "deciding": "waiting", "sent_back": "waivable", "agreed": "progress", "ordered": "progress", "moved": "done",
        "refused": "refused", "withdrawn": "closed",
    },
    hand_made=HandMade(list="transfers", one="transfer", new="transfer_new"),
    verbs=(
        Verb(verb=TransferVerb.SEND_UP, may=lambda who, transfer, on: _asked(who, transfer), route="transfer_again"),  # noqa: ARG005 - no day
        Verb(verb=TransferVerb.ORDER, may=_orders, route="transfer_order"),
        Verb(verb=TransferVerb.CONFIRM, may=_confirms, route="transfer_confirm"),
        Verb(verb=TransferVerb.MOVE, may=lambda who, transfer, on: may_count(who, transfer.seller_id), route="transfer_move"),  # noqa: ARG005 - no day
        Verb(
            verb=TransferVerb.WITHDRAW, route="transfer_withdraw",
            may=lambda who, transfer, on: _asked(who, transfer) or who.holds_any(TRANSFERRING_POSTS, transfer.seller_id),  # noqa: ARG005 - no day
        ),
    ),
)  # fmt: skip
"""Of the lists the two firms of a transfer, and the filter by reason, are not what the registry's list knows."""

DOCUMENT_TYPES = (RETURN, TRANSFER)
