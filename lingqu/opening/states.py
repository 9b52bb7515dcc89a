"""Kinds and states of the workbooks by which a company goes live."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class OpeningKind(StrEnum):
    """What a workbook brings, in the order in which they are taken over."""

    PARTNERS = "partners"
    CERTIFICATES = "certificates"
    PEOPLE = "people"
    GRADES = "grades"
    BATCHES = "batches"
    UNAPPLIED = "unapplied"
    STOCK = "stock"


KIND_WORDS = {
    OpeningKind.PARTNERS: Text("客户", "Partners"),
    OpeningKind.CERTIFICATES: Text("客户证照", "Partner papers"),
    OpeningKind.PEOPLE: Text("人员", "People"),
    OpeningKind.GRADES: Text("信用等级", "Credit grades"),
    OpeningKind.BATCHES: Text("未结批次", "Open batches"),
    OpeningKind.UNAPPLIED: Text("预收款", "Unapplied money"),
    OpeningKind.STOCK: Text("分批库存", "Stock by lot"),
}


class OpeningState(StrEnum):
    """Where a workbook stands: kept, signed by one side (so it has no error), being taken over by the worker, taken over, or put away."""

    PREPARED = "prepared"
    SIGNED = "signed"
    BOOKING = "booking"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"


class OpeningVerb(StrEnum):
    """What is done with a workbook."""

    SIGN = "sign"
    BOOK = "book"
    QUEUE = "queue"
    FINISH = "finish"
    FAIL = "fail"
    WITHDRAW = "withdraw"


OPENINGS: StateTable[OpeningState, OpeningVerb] = StateTable(
    {
        (OpeningState.PREPARED, OpeningVerb.SIGN): OpeningState.SIGNED,
        (OpeningState.SIGNED, OpeningVerb.BOOK): OpeningState.BOOKED,
        (OpeningState.SIGNED, OpeningVerb.QUEUE): OpeningState.BOOKING,
        (OpeningState.BOOKING, OpeningVerb.FINISH): OpeningState.BOOKED,
        (OpeningState.BOOKING, OpeningVerb.FAIL): OpeningState.SIGNED,
        (OpeningState.PREPARED, OpeningVerb.WITHDRAW): OpeningState.WITHDRAWN,
        (OpeningState.SIGNED, OpeningVerb.WITHDRAW): OpeningState.WITHDRAWN,
    },
    {
        OpeningState.PREPARED: Text("待签认", "To be signed"),
        OpeningState.SIGNED: Text("一方已签认", "Signed by one side"),
        OpeningState.BOOKING: Text("正在入账", "Being taken over"),
        OpeningState.BOOKED: Text("已入账", "Taken over"),
        OpeningState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        OpeningVerb.SIGN: Text("签认", "Sign"),
        OpeningVerb.BOOK: Text("复签并入账", "Sign and take over"),
        OpeningVerb.QUEUE: Text("复签并转后台入账", "Sign and take over in the background"),
        OpeningVerb.FINISH: Text("入账完成", "Finished"),
        OpeningVerb.FAIL: Text("未能入账", "Could not be taken over"),
        OpeningVerb.WITHDRAW: Text("撤回", "Withdraw"),
    },
)
