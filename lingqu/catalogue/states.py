"""States and kinds of special prices."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class SpecialKind(StrEnum):
    """What a special price is for."""

    TITLE = "title"
    BID = "bid"
    SCHOOL = "school"


SPECIAL_KIND_WORDS = {
    SpecialKind.TITLE: Text("单品种", "One title"),
    SpecialKind.BID: Text("投标项目", "A bid"),
    SpecialKind.SCHOOL: Text("院校团购", "A school"),
}


class SpecialState(StrEnum):
    """Where a special price stands. A granted one holds from its first to its last day, for so many copies."""

    ASKED = "asked"
    SENT_BACK = "sent_back"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class SpecialVerb(StrEnum):
    """What happens to a special price."""

    SEND_BACK = "send_back"
    ASK_AGAIN = "ask_again"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    END = "end"


SPECIALS: StateTable[SpecialState, SpecialVerb] = StateTable(
    {
        (SpecialState.ASKED, SpecialVerb.SEND_BACK): SpecialState.SENT_BACK,
        (SpecialState.ASKED, SpecialVerb.GRANT): SpecialState.GRANTED,
        (SpecialState.ASKED, SpecialVerb.REFUSE): SpecialState.REFUSED,
        (SpecialState.ASKED, SpecialVerb.WITHDRAW): SpecialState.WITHDRAWN,
        (SpecialState.SENT_BACK, SpecialVerb.ASK_AGAIN): SpecialState.ASKED,
        (SpecialState.SENT_BACK, SpecialVerb.WITHDRAW): SpecialState.WITHDRAWN,
        (SpecialState.GRANTED, SpecialVerb.END): SpecialState.ENDED,
    },
    {
        SpecialState.ASKED: Text("审批中", "Being decided"),
        SpecialState.SENT_BACK: Text("已退回", "Sent back"),
        SpecialState.GRANTED: Text("已批准", "Granted"),
        SpecialState.REFUSED: Text("未批准", "Refused"),
        SpecialState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        SpecialState.ENDED: Text("已终止", "Ended"),
        SpecialVerb.SEND_BACK: Text("退回修改", "Send back"),
        SpecialVerb.ASK_AGAIN: Text("重新申请", "Ask again"),
        SpecialVerb.GRANT: Text("批准", "Grant"),
        SpecialVerb.REFUSE: Text("不同意", "Refuse"),
        SpecialVerb.WITHDRAW: Text("撤回", "Withdraw"),
        SpecialVerb.END: Text("终止", "End"),
    },
)
