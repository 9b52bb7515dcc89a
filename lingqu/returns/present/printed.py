"""The return slip that travels with the goods, and the transfer paper for both sides, as their templates are handed them."""

from __future__ import annotations

from typing import Any

import segno

from lingqu.base.calendar import china_day
from lingqu.base.capitals import in_capitals
from lingqu.base.text import Text, alike
from lingqu.orders.states import RETURN_WORDS, ReturnReason
from lingqu.returns.present.rows import relief_note, transfer_told
from lingqu.returns.queries import WholeReturn, WholeTransfer
from lingqu.returns.states import CONDITION_WORDS, Condition

SLIP_TITLE = Text("退货单", "Return slip")
TRANSFER_TITLE = Text("调货单", "Transfer paper")
COLUMNS = [
    {"head": Text("行", "No."), "kind": "count"},
    {"head": Text("编号", "Number")},
    {"head": Text("品种", "Title"), "wide": True},
]
SLIP_NOTES = (
    Text("请将本单放入包裹，外箱写明退货单号。", "Put this slip into the parcel and write its number on the box."),
    Text(
        "按库房清点数入账；不予接收的退还贵方或代为保管。",
        "What the warehouse counts is credited; what is not accepted goes back to you or is kept for you.",
    ),
)
TRANSFER_SIGNS = (
    Text("调出方（盖章）", "Giver (stamp)"),
    Text("调入方（盖章）", "Taker (stamp)"),
    Text("供货方（盖章）", "Seller (stamp)"),
)
TRANSFER_NOTES = (
    Text("双方清点后在系统中确认，一致时同时入账。", "Both sides count and confirm in the system; it is booked for both when they agree."),
    Text("调出方按原实洋冲减，调入方按其本身的价格进货。", "The giver is credited at the original net; the taker buys at its own price."),
)


def code_rows(words: str) -> list[str]:
    """Return a QR code of the words as rows of 0 and 1."""
    return ["".join("1" if dark else "0" for dark in row) for row in segno.make_qr(words, error="m").matrix]


def slip_of(whole: WholeReturn) -> dict[str, Any]:
    """Return what the template of the return slip is handed."""
    request = whole.request
    columns = [
        *COLUMNS, {"head": Text("品相", "Condition")}, {"head": Text("册数", "Copies"), "kind": "count"},
        {"head": Text("实收", "Counted"), "kind": "count"},
    ]  # fmt: skip
    return {
        "title": SLIP_TITLE, "number": request.number, "firm": request.seller.name, "code": code_rows(request.number),
        "facts": [
            (Text("退货方", "From"), alike(request.buyer.name)),
            (Text("收货方", "To"), alike(request.seller.name)),
            (Text("原因", "Reason"), RETURN_WORDS[ReturnReason(request.reason)]),
            (Text("申请日期", "Asked on"), alike(china_day(request.asked_at))),
            (Text("请于此前寄到", "To arrive by"), alike(request.lapses_on or "—")),
            (Text("册数", "Copies"), alike(f"{request.copies:,}")),
        ],
        "columns": columns,
        "rows": [
            [line.line, line.product.code, line.product.name, CONDITION_WORDS[Condition(line.condition)], line.copies,
             line.accepted if line.good is not None else None]
            for line in whole.lines
        ],
        "total": [None, Text("合计", "Total"), None, None, request.copies, None],
        "capitals": "", "amount": None, "notes": [*SLIP_NOTES, *_relief_of(whole)],
        "signs": [Text("退货方（盖章）", "Sender (stamp)"), Text("库房清点人", "Counted by")],
    }  # fmt: skip


def _relief_of(whole: WholeReturn) -> list[Text]:
    """Return the note that price relief is taken off: as it was when it was counted, before that as it stood when it was asked for."""
    papers = [line for paper in whole.papers if paper.goods_return for line in paper.goods_return.lines.all()]
    words = relief_note(papers if whole.request.counted_at else [one for some in whole.sources.values() for one in some])
    return [Text(f"冲减金额{words.zh}。", f"What is credited is {words.en}.")] if words else []


def transfer_paper_of(whole: WholeTransfer, firm: int) -> dict[str, Any]:
    """Return what the template of the transfer paper is handed for the people of a firm.

    The giver's money and the approval are for the seller's people, the taker's request is not for the giver.
    """
    transfer = whole.transfer
    inside = firm == transfer.seller_id
    approval = transfer.approval.number if inside and transfer.approval else "—"
    words = relief_note([one for line in whole.lines for one in line.sources.all()])
    columns = [
        *COLUMNS, {"head": Text("册数", "Copies"), "kind": "count"}, {"head": Text("调出清点", "Given"), "kind": "count"},
        {"head": Text("调入清点", "Taken"), "kind": "count"},
    ]  # fmt: skip
    return {
        "title": TRANSFER_TITLE, "number": transfer.number, "firm": transfer.seller.name, "code": code_rows(transfer.number),
        "facts": [
            (Text("调出方", "From"), alike(transfer.giver.name)),
            (Text("调入方", "To"), alike(transfer.taker.name)),
            (Text("进货申请", "Request"), alike(transfer_told(transfer, firm).order or "—")),
            (Text("申请日期", "Asked on"), alike(china_day(transfer.asked_at))),
            (Text("审批", "Approval"), alike(approval)),
            (Text("册数", "Copies"), alike(f"{transfer.copies:,}")),
        ],
        "columns": columns,
        "rows": [[line.line, line.product.code, line.product.name, line.copies, line.given, line.taken] for line in whole.lines],
        "total": [None, Text("合计", "Total"), None, transfer.copies, None, None],
        "capitals": in_capitals(transfer.net) if inside else "", "amount": transfer.net if inside else None,
        "notes": [*TRANSFER_NOTES, *([words] if inside and words else [])],
        "signs": TRANSFER_SIGNS,
    }  # fmt: skip
