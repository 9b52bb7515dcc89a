"""What stands on the papers of a delivery: pick slip, delivery note, and a label for each parcel; both languages, with a code to scan."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import segno

from lingqu.base.calendar import china_day
from lingqu.base.text import Text, alike
from lingqu.orders.models import Order
from lingqu.orders.queries import LineToPick, LotToPick, WholeDelivery
from lingqu.orders.states import PAYER_WORDS, FreightPayer
from lingqu.partners.models import Partner

PICK_TITLE, NOTE_TITLE, LABEL_TITLE = Text("提货单", "Pick slip"), Text("配送单", "Delivery note"), Text("标签", "Label")
COPIES_OF_NOTE = (
    Text("第一联 收货方留存", "1: for the receiver"),
    Text("第二联 签收后交回供货方", "2: signed, back to the seller"),
    Text("第三联 承运单位留存", "3: for the carrier"),
)


def qr_drawing(address: str) -> str:
    """Return a code that leads to an address, as a drawing (SVG) without a frame."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def pick_slip_of(order: Order, partner: Partner | None, lines: list[LineToPick], *, on: date, address: str) -> dict[str, Any]:
    """Return what the pick slip is handed: what would leave now, lot by lot, oldest first, with a box to tick for each."""
    rows = []
    for line in lines:
        lots = line.lots or ((LotToPick("—", "", on, line.ready),) if line.ready else ())
        rows += [[line.line, line.code, line.title, _lot(lot), lot.copies, ""] for lot in lots]
    return {
        "title": PICK_TITLE, "number": order.number, "firm": order.seller.name, "qr": qr_drawing(address),
        "facts": [
            (Text("客户", "Partner"), alike(order.buyer.name)), (Text("进货申请", "Request"), alike(order.number)),
            (Text("约定发货日", "Promised for"), alike(order.ship_on or "—")), (Text("打印日期", "Printed on"), alike(on)),
            (Text("收货地点", "Delivered to"), alike(_place(order, partner))),
            (Text("欠货", "Short"), Text(f"{_short(lines)} 册", f"{_short(lines)} copies")),
        ],
        "columns": [
            {"head": Text("行", "No."), "kind": "count"}, {"head": Text("编号", "Number")}, {"head": Text("品名", "Title"), "wide": True},
            {"head": Text("批号 / 入库日", "Lot / came in")}, {"head": Text("册数", "Copies"), "kind": "count"},
            {"head": Text("已提", "Taken"), "written": True},
        ],
        "rows": rows, "total": [None, Text("合计", "Total"), None, None, sum(line.ready for line in lines), None],
        "signs": [Text("提货人：", "Picked by:"), Text("复核人：", "Checked by:")],
    }  # fmt: skip


def _short(lines: list[LineToPick]) -> int:
    return sum(line.left - line.ready for line in lines)


def note_of(whole: WholeDelivery, *, address: str) -> dict[str, Any]:
    """Return what the delivery note is handed: three copies of the same page, each saying for whom it is."""
    delivery = whole.delivery
    order = delivery.order
    return {
        "title": NOTE_TITLE, "number": delivery.number, "firm": order.seller.name, "qr": qr_drawing(address), "copies": COPIES_OF_NOTE,
        "facts": [
            (Text("收货方", "Receiver"), alike(order.buyer.name)), (Text("进货申请", "Request"), alike(order.number)),
            (Text("收货地点", "Delivered to"), alike(_place(order, whole.partner))),
            (Text("发货日期", "Shipped on"), alike(china_day(delivery.shipped_at))),
            (Text("承运单位", "Carrier"), alike(delivery.carrier or "—")),
            (Text("件数", "Parcels"), alike(len(whole.parcels))),
            (Text("运费", "Freight"), PAYER_WORDS[FreightPayer(delivery.payer)] if delivery.payer else alike("—")),
            (Text("运单", "Waybills"), alike("、".join(one.waybill for one in whole.parcels if one.waybill) or "—")),
        ],
        "columns": [
            {"head": Text("行", "No."), "kind": "count"}, {"head": Text("编号", "Number")}, {"head": Text("品名", "Title"), "wide": True},
            {"head": Text("册数", "Copies"), "kind": "count"}, {"head": Text("实收", "Received"), "written": True},
        ],
        "rows": [
            [line.order_line.line, line.order_line.product.code, line.order_line.product.name, line.copies, ""] for line in whole.lines
        ],
        "total": [None, Text("合计", "Total"), None, sum(line.copies for line in whole.lines), None],
        "until": Text(
            f"请清点后签收。数量或品相有差异的，请于 {whole.until} 前扫码提出，逾期须经供货方同意。",
            f"Please count and sign. Differences are reported until {whole.until} by the code; later only with the seller's consent.",
        ),
        "signs": [Text("发货人（签章）", "Sent by"), Text("承运人（签章）", "Carried by"), Text("收货人（签章）", "Received by")],
    }  # fmt: skip


def labels_of(whole: WholeDelivery, *, address: str) -> dict[str, Any]:
    """Return what the labels are handed: one for each parcel, to whom, from whom, number n of m, waybill, and the code."""
    delivery = whole.delivery
    order, many = delivery.order, len(whole.parcels)
    return {
        "title": LABEL_TITLE, "number": delivery.number, "firm": order.seller.name, "buyer": order.buyer.name,
        "place": _place(order, whole.partner), "request": order.number, "carrier": delivery.carrier, "qr": qr_drawing(address),
        "parcels": [
            {
                "number": one.number, "many": many, "waybill": one.waybill, "weight": f"{one.weight:.2f}" if one.weight else "",
                "copies": one.copies or 0,
            }
            for one in whole.parcels
        ],
    }  # fmt: skip


def _lot(lot: LotToPick) -> str:
    return " · ".join(word for word in (lot.number, lot.edition, str(lot.received_on)) if word and word != "—")


def _place(order: Order, partner: Partner | None) -> str:
    if partner and partner.delivery_address and partner.delivery_division == order.delivery_division:
        return partner.delivery_address
    return order.delivery_division
