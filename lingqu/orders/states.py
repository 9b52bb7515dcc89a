"""States and verbs of a purchase request."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class OrderState(StrEnum):
    """Where a purchase request stands. Money is beside it: `settled_on` tells whether its batch is paid."""

    HELD = "held"
    REVIEW = "review"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class OrderVerb(StrEnum):
    """What can be done with a purchase request."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    DECIDE_AGAIN = "decide_again"
    WAIVE = "waive"
    SHIP = "ship"
    SHIP_PART = "ship_part"
    EXPIRE = "expire"


class Source(StrEnum):
    """How a request reached the seller."""

    PARTNER = "partner"
    TELEPHONE = "telephone"
    WECHAT = "wechat"
    FAX = "fax"
    IMPORT = "import"


class Shortage(StrEnum):
    """What the buyer wants done with copies that are not in stock: send them later, or leave them out."""

    BACK_ORDER = "back_order"
    DROP = "drop"


ORDERS: StateTable[OrderState, OrderVerb] = StateTable(
    {
        (OrderState.HELD, OrderVerb.ACCEPT): OrderState.ACCEPTED,
        (OrderState.HELD, OrderVerb.DECLINE): OrderState.DECLINED,
        (OrderState.HELD, OrderVerb.WITHDRAW): OrderState.WITHDRAWN,
        (OrderState.HELD, OrderVerb.EXPIRE): OrderState.EXPIRED,
        (OrderState.REVIEW, OrderVerb.DECIDE_AGAIN): OrderState.REVIEW,
        (OrderState.REVIEW, OrderVerb.WAIVE): OrderState.HELD,
        (OrderState.REVIEW, OrderVerb.DECLINE): OrderState.DECLINED,
        (OrderState.REVIEW, OrderVerb.WITHDRAW): OrderState.WITHDRAWN,
        (OrderState.EXPIRED, OrderVerb.DECIDE_AGAIN): OrderState.REVIEW,
        (OrderState.EXPIRED, OrderVerb.WITHDRAW): OrderState.WITHDRAWN,
        (OrderState.REFUSED, OrderVerb.DECIDE_AGAIN): OrderState.REVIEW,
        (OrderState.REFUSED, OrderVerb.WITHDRAW): OrderState.WITHDRAWN,
        (OrderState.ACCEPTED, OrderVerb.SHIP): OrderState.SHIPPED,
        (OrderState.ACCEPTED, OrderVerb.SHIP_PART): OrderState.PART_SHIPPED,
        (OrderState.PART_SHIPPED, OrderVerb.SHIP): OrderState.SHIPPED,
        (OrderState.PART_SHIPPED, OrderVerb.SHIP_PART): OrderState.PART_SHIPPED,
    },
    {
        OrderState.HELD: Text("待受理", "Awaiting acceptance"),
        OrderState.REVIEW: Text("不通过·可特批", "Failed, may be waived"),
        OrderState.REFUSED: Text("不可特批", "Refused"),
        OrderState.ACCEPTED: Text("备货中", "To be shipped"),
        OrderState.PART_SHIPPED: Text("部分发货", "Partly shipped"),
        OrderState.SHIPPED: Text("已发货", "Shipped"),
        OrderState.DECLINED: Text("已退回", "Declined"),
        OrderState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        OrderState.EXPIRED: Text("逾时未答复", "Answer time ended"),
        OrderVerb.ACCEPT: Text("受理", "Accept"),
        OrderVerb.DECLINE: Text("退回", "Decline"),
        OrderVerb.WITHDRAW: Text("撤回", "Withdraw"),
        OrderVerb.DECIDE_AGAIN: Text("重新判定", "Decide again"),
        OrderVerb.WAIVE: Text("特批", "Sign specially"),
        OrderVerb.SHIP: Text("发货", "Ship"),
        OrderVerb.SHIP_PART: Text("部分发货", "Ship a part"),
        OrderVerb.EXPIRE: Text("到时释放", "Release"),
    },
)

SOURCE_WORDS = {
    Source.PARTNER: Text("客户自录", "Entered by the partner"),
    Source.TELEPHONE: Text("电话", "Telephone"),
    Source.WECHAT: Text("微信", "WeChat"),
    Source.FAX: Text("传真", "Fax"),
    Source.IMPORT: Text("导入", "Imported"),
}

SHORTAGE_WORDS = {
    Shortage.BACK_ORDER: Text("缺货后补", "Send what is short later"),
    Shortage.DROP: Text("缺货取消", "Leave out what is short"),
}
