"""Deliveries and reports of differences as shapes; plain values in, plain values out."""

from __future__ import annotations

from typing import Any

from lingqu.documents.api import moment, quantity, words, yuan
from lingqu.orders.states import DELIVERIES, DIFFERENCE_WORDS, DIFFERENCES, DeliveryState, DifferenceKind, DifferenceState


def delivery_out(delivery: Any) -> dict[str, Any]:  # noqa: ANN401 - a delivery with its request, lines, parcels and reports
    """Return a delivery with its lines and parcels."""
    return {
        "number": delivery.number,
        "order": delivery.order.number,
        "seller": delivery.order.seller.code,
        "buyer": delivery.order.buyer.code,
        "state": delivery.state,
        "state_words": words(DELIVERIES.words[DeliveryState(delivery.state)]),
        "shipped_at": moment(delivery.shipped_at),
        "received_at": moment(delivery.received_at),
        "carrier": delivery.carrier,
        "waybill": delivery.waybill,
        "payer": delivery.payer,
        "freight": None if delivery.freight is None else yuan(delivery.freight),
        "parcels": [
            {
                "number": one.number, "waybill": one.waybill, "weight": None if one.weight is None else f"{one.weight:.2f}",
                "copies": None if one.copies is None else quantity(one.copies),
            }
            for one in delivery.parcels.all()
        ],
        "lines": [
            {"line": line.order_line.line, "product": line.order_line.product.code, "copies": quantity(line.copies)}
            for line in delivery.lines.all()
        ],
        "differences": [one.number for one in delivery.differences.all()],
    }  # fmt: skip


def difference_out(report: Any) -> dict[str, Any]:  # noqa: ANN401 - a report with its delivery and lines
    """Return a report of differences with its lines."""
    order = report.delivery.order
    return {
        "number": report.number,
        "delivery": report.delivery.number,
        "order": order.number,
        "seller": order.seller.code,
        "buyer": order.buyer.code,
        "state": report.state,
        "state_words": words(DIFFERENCES.words[DifferenceState(report.state)]),
        "late": report.late,
        "note": report.note,
        "reported_at": moment(report.reported_at),
        "counted_at": moment(report.counted_at),
        "answered_at": moment(report.answered_at),
        "credited_by": report.goods_return.number if report.goods_return else "",
        "lines": [
            {
                "line": one.order_line.line, "product": one.order_line.product.code, "kind": one.kind,
                "kind_words": words(DIFFERENCE_WORDS[DifferenceKind(one.kind)]), "copies": quantity(one.copies),
                "found": None if one.found is None else quantity(one.found), "answer": one.answer, "reason": one.reason,
            }
            for one in report.lines.all()
        ],
    }  # fmt: skip
