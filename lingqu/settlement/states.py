"""States of bank lines and of statements."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class LineState(StrEnum):
    """Where a line of a bank file stands. Money that went out is kept, and nothing is done about it."""

    OPEN = "open"
    BOOKED = "booked"
    SET_ASIDE = "set_aside"
    OUTGOING = "outgoing"


class LineVerb(StrEnum):
    """What is done with a bank line."""

    BOOK = "book"
    UNBOOK = "unbook"
    PUT_ASIDE = "put_aside"
    TAKE_UP = "take_up"


BANK_LINES: StateTable[LineState, LineVerb] = StateTable(
    {
        (LineState.OPEN, LineVerb.BOOK): LineState.BOOKED,
        (LineState.OPEN, LineVerb.PUT_ASIDE): LineState.SET_ASIDE,
        (LineState.SET_ASIDE, LineVerb.TAKE_UP): LineState.OPEN,
        (LineState.BOOKED, LineVerb.UNBOOK): LineState.OPEN,
    },
    {
        LineState.OPEN: Text("待认领", "To be matched"),
        LineState.BOOKED: Text("已入账", "Booked"),
        LineState.SET_ASIDE: Text("已搁置", "Set aside"),
        LineState.OUTGOING: Text("支出", "Outgoing"),
        LineVerb.BOOK: Text("入账", "Book"),
        LineVerb.UNBOOK: Text("撤销入账", "Take back"),
        LineVerb.PUT_ASIDE: Text("搁置", "Set aside"),
        LineVerb.TAKE_UP: Text("重新认领", "Take up again"),
    },
)


class StatementState(StrEnum):
    """Where a statement stands between the two sides."""

    ISSUED = "issued"
    AGREED = "agreed"
    DISPUTED = "disputed"


class StatementVerb(StrEnum):
    """What the two sides do with a statement."""

    AGREE = "agree"
    DISPUTE = "dispute"


STATEMENTS: StateTable[StatementState, StatementVerb] = StateTable(
    {
        (StatementState.ISSUED, StatementVerb.AGREE): StatementState.AGREED,
        (StatementState.ISSUED, StatementVerb.DISPUTE): StatementState.DISPUTED,
        (StatementState.DISPUTED, StatementVerb.DISPUTE): StatementState.DISPUTED,
        (StatementState.DISPUTED, StatementVerb.AGREE): StatementState.AGREED,
    },
    {
        StatementState.ISSUED: Text("待对方确认", "To be confirmed"),
        StatementState.AGREED: Text("已确认", "Agreed"),
        StatementState.DISPUTED: Text("有异议", "Disputed"),
        StatementVerb.AGREE: Text("确认无误", "Agree"),
        StatementVerb.DISPUTE: Text("提出异议", "Dispute"),
    },
)


class DisputeKind(StrEnum):
    """What a disputed line is about."""

    PRICE = "price"
    QUANTITY = "quantity"
    RETURN = "return"
    PAYMENT = "payment"
    TIMING = "timing"
    OTHER = "other"


DISPUTE_WORDS = {
    DisputeKind.PRICE: Text("价格", "Price"),
    DisputeKind.QUANTITY: Text("数量", "Quantity"),
    DisputeKind.RETURN: Text("退货", "Return"),
    DisputeKind.PAYMENT: Text("付款", "Payment"),
    DisputeKind.TIMING: Text("跨期", "Timing"),
    DisputeKind.OTHER: Text("其他", "Other"),
}
