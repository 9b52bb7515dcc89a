"""Returns and transfers as rows of a list."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.base.money import total
from lingqu.base.text import Text
from lingqu.orders.queries import papers_named, relief_words
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


def relief_note(lines: Iterable[Any]) -> Text | None:
    """Return in words what is taken off the net of copies: price relief that was credited already, its yuan and documents; else None.

    `lines` are sources of a return or transfer, as kept or as found, or lines of its papers.
    """
    taken = [one for one in lines if one.relief]
    names = papers_named(number for one in taken for number in one.relief_by.split())
    return relief_words(total(one.relief for one in taken), names) if taken else None


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


class TransferTold(msgspec.Struct, frozen=True):
    """What the people of a firm are told of a transfer beyond its goods; yuan, None and "" for what is not theirs to know.

    Reason, words and what would be credited are the seller's; what was credited is the giver's too, and the request the taker's.
    """

    order: str
    list_value: Decimal | None
    net: Decimal | None
    credited: Decimal | None
    reason: str
    because: str


def transfer_told(transfer: Transfer, firm: int) -> TransferTold:
    """Return what the people of a firm are told: the page, the workbook and the interface go by this one answer."""
    inside, gives = firm == transfer.seller_id, firm == transfer.giver_id
    return TransferTold(
        order=transfer.order.number if transfer.order and not gives else "",
        list_value=transfer.list_value if inside else None,
        net=transfer.net if inside else None,
        credited=transfer.credited if inside or gives else None,
        reason=transfer.reason if inside else "",
        because=transfer.ended_because if inside else "",
    )


def transfer_row(transfer: Transfer, firm: int) -> dict[str, Any]:
    """Return a transfer as a row for the people of a firm."""
    state = TransferState(transfer.state)
    return {
        "number": transfer.number, "url": reverse("transfer", args=[transfer.number]), "giver": transfer.giver.name,
        "taker": transfer.taker.name, "copies": transfer.copies, "asked_at": transfer.asked_at, "state": TRANSFER_KINDS[state],
        "state_text": TRANSFERS.words[state], "order": transfer_told(transfer, firm).order,
    }  # fmt: skip
