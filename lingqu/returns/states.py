"""States and verbs of return requests and of transfers."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text
from lingqu.orders.states import ReturnReason


class ReturnState(StrEnum):
    """Where a return request stands. Goods may come from `AGREED` on; `BOOKED` ones are counted and credited."""

    ASKED = "asked"
    DECIDING = "deciding"
    SENT_BACK = "sent_back"
    AGREED = "agreed"
    BOOKED = "booked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ReturnVerb(StrEnum):
    """What happens to a return request."""

    AGREE = "agree"
    SEND_UP = "send_up"
    SEND_BACK = "return_to_asker"
    COUNT = "count"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


RETURNS: StateTable[ReturnState, ReturnVerb] = StateTable(
    {
        (ReturnState.ASKED, ReturnVerb.AGREE): ReturnState.AGREED,
        (ReturnState.ASKED, ReturnVerb.SEND_UP): ReturnState.DECIDING,
        (ReturnState.ASKED, ReturnVerb.REFUSE): ReturnState.REFUSED,
        (ReturnState.ASKED, ReturnVerb.WITHDRAW): ReturnState.WITHDRAWN,
        (ReturnState.DECIDING, ReturnVerb.AGREE): ReturnState.AGREED,
        (ReturnState.DECIDING, ReturnVerb.SEND_BACK): ReturnState.SENT_BACK,
        (ReturnState.DECIDING, ReturnVerb.REFUSE): ReturnState.REFUSED,
        (ReturnState.DECIDING, ReturnVerb.WITHDRAW): ReturnState.WITHDRAWN,
        (ReturnState.SENT_BACK, ReturnVerb.SEND_UP): ReturnState.DECIDING,
        (ReturnState.SENT_BACK, ReturnVerb.WITHDRAW): ReturnState.WITHDRAWN,
        (ReturnState.AGREED, ReturnVerb.COUNT): ReturnState.BOOKED,
        (ReturnState.AGREED, ReturnVerb.WITHDRAW): ReturnState.WITHDRAWN,
        (ReturnState.AGREED, ReturnVerb.LAPSE): ReturnState.LAPSED,
    },
    {
        ReturnState.ASKED: Text("待答复", "Awaiting an answer"),
        ReturnState.DECIDING: Text("审批中", "Being decided"),
        ReturnState.SENT_BACK: Text("已退回修改", "Sent back"),
        ReturnState.AGREED: Text("待收货", "Awaiting the goods"),
        ReturnState.BOOKED: Text("已入账", "Credited"),
        ReturnState.REFUSED: Text("不同意", "Refused"),
        ReturnState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        ReturnState.LAPSED: Text("逾期失效", "Lapsed"),
        ReturnVerb.AGREE: Text("同意", "Agree"),
        ReturnVerb.SEND_UP: Text("报批", "Send for approval"),
        ReturnVerb.SEND_BACK: Text("退回修改", "Send back"),
        ReturnVerb.COUNT: Text("清点入账", "Count and credit"),
        ReturnVerb.REFUSE: Text("不同意", "Refuse"),
        ReturnVerb.WITHDRAW: Text("撤回", "Withdraw"),
        ReturnVerb.LAPSE: Text("失效", "Lapse"),
    },
)

CLAIMING = (ReturnState.ASKED.value, ReturnState.DECIDING.value, ReturnState.SENT_BACK.value, ReturnState.AGREED.value)
"""A request in these states has its copies for itself: no other return or transfer may name them."""

REASONS = (ReturnReason.QUALITY, ReturnReason.NEAR_EXPIRY, ReturnReason.SLOW, ReturnReason.WRONG)
"""Why a partner may ask to send goods back."""


class Condition(StrEnum):
    """In what condition the copies are, as the partner says."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"


CONDITION_WORDS = {
    Condition.GOOD: Text("完好", "Fit for sale"),
    Condition.WORN: Text("有磨损", "Worn"),
    Condition.DAMAGED: Text("破损", "Damaged"),
}


class Rest(StrEnum):
    """What becomes of copies that came and were not accepted."""

    GOES_BACK = "goes_back"
    KEPT = "kept"


REST_WORDS = {
    Rest.GOES_BACK: Text("寄回客户", "Sent back to the partner"),
    Rest.KEPT: Text("代为保管，等客户取回", "Kept for the partner to fetch"),
}


class Cap(StrEnum):
    """What is asked of a return (M-16.3.2): each is one row of its panel."""

    SHARE = "share"
    AGE = "age"
    CONDITION = "condition"
    RECORD = "record"


CAP_WORDS = {
    Cap.SHARE: Text("退货比例", "Share of the year"),
    Cap.AGE: Text("购进时间", "Age"),
    Cap.CONDITION: Text("可再销售", "Fit for sale"),
    Cap.RECORD: Text("来源单据", "Source"),
}


class TransferState(StrEnum):
    """Where a transfer stands. `MOVED`: returned by the one and shipped to the other, in one moment."""

    DECIDING = "deciding"
    SENT_BACK = "sent_back"
    AGREED = "agreed"
    ORDERED = "ordered"
    MOVED = "moved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class TransferVerb(StrEnum):
    """What happens to a transfer."""

    AGREE = "agree"
    SEND_BACK = "return_to_asker"
    SEND_UP = "send_up"
    ORDER = "order"
    CONFIRM = "confirm"
    MOVE = "move"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


TRANSFERS: StateTable[TransferState, TransferVerb] = StateTable(
    {
        (TransferState.DECIDING, TransferVerb.AGREE): TransferState.AGREED,
        (TransferState.DECIDING, TransferVerb.SEND_BACK): TransferState.SENT_BACK,
        (TransferState.DECIDING, TransferVerb.REFUSE): TransferState.REFUSED,
        (TransferState.DECIDING, TransferVerb.WITHDRAW): TransferState.WITHDRAWN,
        (TransferState.SENT_BACK, TransferVerb.SEND_UP): TransferState.DECIDING,
        (TransferState.SENT_BACK, TransferVerb.WITHDRAW): TransferState.WITHDRAWN,
        (TransferState.AGREED, TransferVerb.ORDER): TransferState.ORDERED,
        (TransferState.AGREED, TransferVerb.WITHDRAW): TransferState.WITHDRAWN,
        (TransferState.ORDERED, TransferVerb.CONFIRM): TransferState.ORDERED,
        (TransferState.ORDERED, TransferVerb.MOVE): TransferState.MOVED,
        (TransferState.ORDERED, TransferVerb.WITHDRAW): TransferState.WITHDRAWN,
    },
    {
        TransferState.DECIDING: Text("审批中", "Being decided"),
        TransferState.SENT_BACK: Text("已退回修改", "Sent back"),
        TransferState.AGREED: Text("已同意，待开进货申请", "Agreed, request to be made"),
        TransferState.ORDERED: Text("待双方清点", "To be counted by both"),
        TransferState.MOVED: Text("已调货", "Transferred"),
        TransferState.REFUSED: Text("不同意", "Refused"),
        TransferState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        TransferVerb.AGREE: Text("同意", "Agree"),
        TransferVerb.SEND_BACK: Text("退回修改", "Send back"),
        TransferVerb.SEND_UP: Text("重新报批", "Submit again"),
        TransferVerb.ORDER: Text("开进货申请", "Make the request"),
        TransferVerb.CONFIRM: Text("清点确认", "Confirm the count"),
        TransferVerb.MOVE: Text("调货入账", "Book the transfer"),
        TransferVerb.REFUSE: Text("不同意", "Refuse"),
        TransferVerb.WITHDRAW: Text("撤回", "Withdraw"),
    },
)

MOVING = (TransferState.DECIDING.value, TransferState.SENT_BACK.value, TransferState.AGREED.value, TransferState.ORDERED.value)
"""A transfer in these states has the giver's copies for itself."""
