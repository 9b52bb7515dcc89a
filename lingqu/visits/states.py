"""States and verbs of visits, and what may be done on one."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class VisitState(StrEnum):
    """Where a visit stands: to come, its record with the appraiser, confirmed."""

    PLANNED = "planned"
    REVIEW = "review"
    SENT_BACK = "sent_back"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class VisitVerb(StrEnum):
    """What happens to a visit. `KEEP` confirms a record at once where the regulation asks for no review."""

    MOVE = "move"
    RECORD = "record"
    KEEP = "keep"
    RECORD_AGAIN = "record_again"
    SEND_BACK = "return_to_asker"
    TAKE_BACK = "take_back"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    CANCEL = "cancel"


VISITS: StateTable[VisitState, VisitVerb] = StateTable(
    {
        (VisitState.PLANNED, VisitVerb.MOVE): VisitState.PLANNED,
        (VisitState.PLANNED, VisitVerb.RECORD): VisitState.REVIEW,
        (VisitState.PLANNED, VisitVerb.KEEP): VisitState.CONFIRMED,
        (VisitState.PLANNED, VisitVerb.CANCEL): VisitState.CANCELLED,
        (VisitState.REVIEW, VisitVerb.CONFIRM): VisitState.CONFIRMED,
        (VisitState.REVIEW, VisitVerb.SEND_BACK): VisitState.SENT_BACK,
        (VisitState.REVIEW, VisitVerb.REFUSE): VisitState.REFUSED,
        (VisitState.REVIEW, VisitVerb.TAKE_BACK): VisitState.PLANNED,
        (VisitState.SENT_BACK, VisitVerb.TAKE_BACK): VisitState.PLANNED,
        (VisitState.SENT_BACK, VisitVerb.RECORD_AGAIN): VisitState.REVIEW,
    },
    {
        VisitState.PLANNED: Text("待走访", "Planned"),
        VisitState.REVIEW: Text("审阅中", "Being reviewed"),
        VisitState.SENT_BACK: Text("退回补充", "Sent back"),
        VisitState.CONFIRMED: Text("已确认", "Confirmed"),
        VisitState.REFUSED: Text("未认可", "Not accepted"),
        VisitState.CANCELLED: Text("已取消", "Cancelled"),
        VisitVerb.MOVE: Text("改期", "Move"),
        VisitVerb.RECORD: Text("填写走访记录", "Write the record"),
        VisitVerb.KEEP: Text("记录生效", "Keep the record"),
        VisitVerb.RECORD_AGAIN: Text("补充后再交", "Complete and hand in again"),
        VisitVerb.SEND_BACK: Text("退回补充", "Send back"),
        VisitVerb.TAKE_BACK: Text("收回记录", "Take the record back"),
        VisitVerb.CONFIRM: Text("确认", "Confirm"),
        VisitVerb.REFUSE: Text("不认可", "Do not accept"),
        VisitVerb.CANCEL: Text("取消走访", "Cancel the visit"),
    },
)


class Also(StrEnum):
    """What else was done on the way; each fulfils duties that take a paper of this kind, as one visit may fulfil several (M-15.1)."""

    STOCK_COUNT = "stock_count"
    SHOP_AUDIT = "shop_audit"
    MARKET_SURVEY = "market_survey"
    COLLECTION = "collection_visit"


ALSO_WORDS = {
    Also.STOCK_COUNT: Text("协助盘点库存", "helped to count the stock"),
    Also.SHOP_AUDIT: Text("检查店面", "looked through the shop"),
    Also.MARKET_SURVEY: Text("调查当地市场", "surveyed the local market"),
    Also.COLLECTION: Text("上门催收", "asked for money that is overdue"),
}
