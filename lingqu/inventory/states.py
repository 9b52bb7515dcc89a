"""Why copies of a lot move, and the states of a stock count."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class LotMoveKind(StrEnum):
    """Why copies came into a lot or left it."""

    IN = "in"
    OUT = "out"
    BACK = "back"
    COUNT = "count"


LOT_MOVE_WORDS = {
    LotMoveKind.IN: Text("入库", "Came in"),
    LotMoveKind.OUT: Text("出库", "Left"),
    LotMoveKind.BACK: Text("退回", "Came back"),
    LotMoveKind.COUNT: Text("盘点差异", "Count difference"),
}


class CountState(StrEnum):
    """Where a stock count stands."""

    OPEN = "open"
    ASKED = "asked"
    SENT_BACK = "sent_back"
    BOOKED = "booked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class CountVerb(StrEnum):
    """What happens to a stock count."""

    ENTER = "enter"
    ASK = "ask"
    SEND_BACK = "send_back"
    BOOK = "book"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


COUNTS: StateTable[CountState, CountVerb] = StateTable(
    {
        (CountState.OPEN, CountVerb.ENTER): CountState.OPEN,
        (CountState.OPEN, CountVerb.ASK): CountState.ASKED,
        (CountState.OPEN, CountVerb.BOOK): CountState.BOOKED,
        (CountState.OPEN, CountVerb.WITHDRAW): CountState.WITHDRAWN,
        (CountState.ASKED, CountVerb.BOOK): CountState.BOOKED,
        (CountState.ASKED, CountVerb.SEND_BACK): CountState.SENT_BACK,
        (CountState.ASKED, CountVerb.REFUSE): CountState.REFUSED,
        (CountState.ASKED, CountVerb.WITHDRAW): CountState.WITHDRAWN,
        (CountState.SENT_BACK, CountVerb.ENTER): CountState.SENT_BACK,
        (CountState.SENT_BACK, CountVerb.ASK): CountState.ASKED,
        (CountState.SENT_BACK, CountVerb.BOOK): CountState.BOOKED,
        (CountState.SENT_BACK, CountVerb.WITHDRAW): CountState.WITHDRAWN,
    },
    {
        CountState.OPEN: Text("盘点中", "Being counted"),
        CountState.ASKED: Text("差异审批中", "Differences being decided"),
        CountState.SENT_BACK: Text("已退回复盘", "Sent back to be counted again"),
        CountState.BOOKED: Text("已入账", "Booked"),
        CountState.REFUSED: Text("未批准", "Refused"),
        CountState.WITHDRAWN: Text("已作废", "Given up"),
        CountVerb.ENTER: Text("录入实盘", "Enter what was counted"),
        CountVerb.ASK: Text("提交差异", "Send the differences"),
        CountVerb.SEND_BACK: Text("退回复盘", "Send back"),
        CountVerb.BOOK: Text("差异入账", "Book the differences"),
        CountVerb.REFUSE: Text("不同意", "Refuse"),
        CountVerb.WITHDRAW: Text("作废", "Give up"),
    },
)
COUNTING = (CountState.OPEN, CountState.SENT_BACK)
"""In these states copies may be entered."""
STANDING_COUNTS = (CountState.OPEN, CountState.ASKED, CountState.SENT_BACK)
"""In these states a count stands in the way of another one of the same warehouse."""
