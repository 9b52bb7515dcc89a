"""Returns and transfers as rows of a list."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lingqu.base.text import Text
from lingqu.orders.states import RETURN_WORDS, ReturnReason
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.states import RETURNS, TRANSFERS, ReturnState, TransferState

STATE_KINDS = {
    ReturnState.ASKED: "waiting", ReturnState.DECIDING: "waivable", ReturnState.SENT_BACK: "waivable", ReturnState.AGREED: "progress",
    ReturnState.BOOKED: "done", ReturnState.REFUSED: "refused", ReturnState.WITHDRAWN: "closed", ReturnState.LAPSED: "late",
}  # fmt: skip
TRANSFER_KINDS = {
    TransferState.DECIDING: "waivable", TransferState.SENT_BACK: "waivable", TransferState.AGREED: "waiting",
    TransferState.ORDERED: "progress", TransferState.MOVED: "done", TransferState.REFUSED: "refused", TransferState.WITHDRAWN: "closed",
}  # fmt: skip
BEYOND = Text("超限", "beyond a cap")


def return_row(request: ReturnRequest) -> dict[str, Any]:
    """Return a return as a row: once it is credited its amount is what was credited, before that what would be."""
    state = ReturnState(request.state)
    booked = state is ReturnState.BOOKED
    return {
        "number": request.number, "url": reverse("return_request", args=[request.number]), "buyer": request.buyer.name,
        "reason": RETURN_WORDS[ReturnReason(request.reason)], "copies": request.copies, "booked": booked,
        "net": request.credited if booked else request.net, "asked_at": request.asked_at, "state": STATE_KINDS[state],
        "state_text": RETURNS.words[state], "beyond": BEYOND if not request.within else None,
    }  # fmt: skip


def transfer_row(transfer: Transfer) -> dict[str, Any]:
    """Return a transfer as a row."""
    state = TransferState(transfer.state)
    return {
        "number": transfer.number, "url": reverse("transfer", args=[transfer.number]), "giver": transfer.giver.name,
        "taker": transfer.taker.name, "copies": transfer.copies, "asked_at": transfer.asked_at, "state": TRANSFER_KINDS[state],
        "state_text": TRANSFERS.words[state], "order": transfer.order.number if transfer.order else "",
    }  # fmt: skip
