"""Returns and transfers as shapes; plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from lingqu.base.money import total
from lingqu.base.text import Text, in_one_line
from lingqu.documents.api import day, moment, quantity, words, yuan
from lingqu.orders.states import RETURN_WORDS, ReturnReason
from lingqu.returns.present import transfer_told
from lingqu.returns.queries import WholeReturn, WholeTransfer, because_told
from lingqu.returns.rules import CapRow
from lingqu.returns.states import CAP_WORDS, RETURNS, TRANSFERS, ReturnState, TransferState


def return_out(request: Any, *, firm: int) -> dict[str, Any]:  # noqa: ANN401 - a return with its firms and its request
    """Return a return as a list shows it to the people of a firm."""
    because = because_told(request, inside=firm == request.seller_id)
    return {
        "number": request.number, "key": request.key, "seller": request.seller.code, "buyer": request.buyer.code,
        "buyer_name": request.buyer.name, "order": request.order.number if request.order else "", "reason": request.reason,
        "reason_words": words(RETURN_WORDS[ReturnReason(request.reason)]), "state": request.state,
        "state_words": words(RETURNS.words[ReturnState(request.state)]), "note": request.note, "within": request.within,
        "copies": quantity(request.copies), "list_value": yuan(request.list_value), "net": yuan(request.net),
        "credited": yuan(request.credited), "asked_at": moment(request.asked_at), "agreed_at": moment(request.agreed_at),
        "lapses_on": day(request.lapses_on), "counted_at": moment(request.counted_at), "rest": request.rest,
        "ended_at": moment(request.ended_at), "ended_because": _in_one(because) if because else "",
    }  # fmt: skip


def whole_return_out(whole: WholeReturn, *, firm: int) -> dict[str, Any]:
    """Return a return with its lines, caps and papers."""
    return return_out(whole.request, firm=firm) | {
        "lines": [_line(line, whole.sources.get(line.pk, ())) for line in whole.lines],
        "caps": [cap_out(row) for row in whole.caps],
        "papers": [(one.goods_return or one.goods_in).number for one in whole.papers],  # type: ignore[union-attr]
    }


def relief_out(taken: Sequence[Any]) -> dict[str, Any]:
    """Return what was credited for sources already when their list price fell, and by which documents."""
    numbers = dict.fromkeys(number for one in taken for number in one.relief_by.split())
    return {"relief": yuan(total(one.relief for one in taken)), "relief_by": list(numbers)}


def cap_out(row: CapRow) -> dict[str, Any]:
    """Return a cap with its numbers."""
    return {"cap": row.cap.value, "name": words(CAP_WORDS[row.cap]), "passed": row.passed, "numbers": row.numbers}


def _line(line: Any, sources: Sequence[Any]) -> dict[str, Any]:  # noqa: ANN401 - a line with its title, and its sources
    return {
        "line": line.line, "product": line.product.code, "name": line.product.name, "copies": quantity(line.copies),
        "condition": line.condition,
        "sources": [
            {"order": one.order_line.order.number, "copies": quantity(one.copies), "net": yuan(one.net)} for one in sources
        ],
        **relief_out(sources),
        "unexplained": quantity(line.extra), "price": None if line.extra_price is None else yuan(line.extra_price),
        "good": _counted(line.good), "damaged": _counted(line.damaged), "foreign": _counted(line.foreign),
        "accepted": quantity(line.accepted), "credited": yuan(line.credited),
    }  # fmt: skip


def _counted(copies: int | None) -> str | None:
    return None if copies is None else quantity(copies)


def transfer_out(transfer: Any, *, firm: int) -> dict[str, Any]:  # noqa: ANN401 - a transfer with its firms and its request
    """Return a transfer as the people of a firm are told of it."""
    told = transfer_told(transfer, firm)
    return {
        "number": transfer.number, "key": transfer.key if firm == transfer.seller_id else "", "seller": transfer.seller.code,
        "giver": transfer.giver.code, "giver_name": transfer.giver.name, "taker": transfer.taker.code,
        "taker_name": transfer.taker.name, "state": transfer.state,
        "state_words": words(TRANSFERS.words[TransferState(transfer.state)]), "copies": quantity(transfer.copies),
        "order": told.order, "asked_at": moment(transfer.asked_at), "given_at": moment(transfer.given_at),
        "taken_at": moment(transfer.taken_at), "moved_at": moment(transfer.moved_at), "ended_at": moment(transfer.ended_at),
        "ended_because": told.because, "reason": told.reason, "list_value": _money(told.list_value), "net": _money(told.net),
        "credited": _money(told.credited),
    }  # fmt: skip


def whole_transfer_out(whole: WholeTransfer, *, firm: int) -> dict[str, Any]:
    """Return a transfer with its lines."""
    return transfer_out(whole.transfer, firm=firm) | {
        "lines": [
            {
                "line": line.line, "product": line.product.code, "name": line.product.name, "copies": quantity(line.copies),
                "given": _counted(line.given), "taken": _counted(line.taken),
                "sources": [{"order": number, "copies": quantity(copies)} for number, copies in whole.sources.get(line.pk, ())],
            }
            for line in whole.lines
        ]
    }  # fmt: skip


def _in_one(because: Text) -> str:
    """Return a person's words as they are, the product's own in both languages."""
    return because.zh if because.zh == because.en else in_one_line(because)


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else yuan(amount)
