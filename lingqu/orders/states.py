"""States and verbs of requests, special signatures, deliveries and reports of differences, and the words that go with them."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text
from lingqu.policy.states import Law


class OrderState(StrEnum):
    """Where a purchase request stands. Money is beside it: `settled_on` tells whether its batch is paid."""

    PAPERS = "papers"
    HELD = "held"
    REVIEW = "review"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    MERGED = "merged"


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
    HAND_IN = "hand_in"
    RECHECK = "recheck"
    AMEND = "amend"
    SPLIT = "split"
    MERGE = "merge"
    REOPEN = "reopen"
    CANCEL = "cancel"
    CLOSE_REST = "close_rest"
    TAKE_BACK = "take_back"
    SEND_AGAIN = "send_again"


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


class PaperRole(StrEnum):
    """What a file is to a request: the contract that the buyer stamped, and the one with both stamps that goes back."""

    CONTRACT = "contract"
    COUNTERSIGNED = "countersigned"


JUDGED_ANEW = (OrderState.HELD, OrderState.REVIEW, OrderState.REFUSED, OrderState.EXPIRED, OrderState.DECLINED)
"""A request in these states is judged from the beginning when its lines change; the table names REVIEW, the verdict decides."""

COLLECTING_STATES = (OrderState.REVIEW, OrderState.REFUSED, OrderState.EXPIRED)
"""In these states of a request its partner may be asked for the money that would let it pass."""

SHIPPING_STATES = (OrderState.ACCEPTED, OrderState.PART_SHIPPED)
"""A request in these states keeps its state when it is signed specially: what is let through counts when its goods are to leave."""

ORDERS: StateTable[OrderState, OrderVerb] = StateTable(
    {
        (OrderState.HELD, OrderVerb.ACCEPT): OrderState.ACCEPTED,
        (OrderState.HELD, OrderVerb.DECLINE): OrderState.DECLINED,
        (OrderState.HELD, OrderVerb.WITHDRAW): OrderState.WITHDRAWN,
        (OrderState.HELD, OrderVerb.EXPIRE): OrderState.EXPIRED,
        (OrderState.HELD, OrderVerb.RECHECK): OrderState.REVIEW,
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
        (OrderState.PAPERS, OrderVerb.HAND_IN): OrderState.REVIEW,
        (OrderState.PAPERS, OrderVerb.WITHDRAW): OrderState.WITHDRAWN,
        (OrderState.PAPERS, OrderVerb.DECLINE): OrderState.DECLINED,
        **{(state, OrderVerb.AMEND): OrderState.REVIEW for state in JUDGED_ANEW},
        (OrderState.PAPERS, OrderVerb.AMEND): OrderState.PAPERS,
        (OrderState.ACCEPTED, OrderVerb.AMEND): OrderState.ACCEPTED,
        (OrderState.PART_SHIPPED, OrderVerb.AMEND): OrderState.PART_SHIPPED,
        (OrderState.HELD, OrderVerb.SPLIT): OrderState.REVIEW,
        (OrderState.REVIEW, OrderVerb.SPLIT): OrderState.REVIEW,
        (OrderState.REFUSED, OrderVerb.SPLIT): OrderState.REVIEW,
        (OrderState.HELD, OrderVerb.MERGE): OrderState.MERGED,
        (OrderState.REVIEW, OrderVerb.MERGE): OrderState.MERGED,
        (OrderState.DECLINED, OrderVerb.REOPEN): OrderState.REVIEW,
        (OrderState.WITHDRAWN, OrderVerb.REOPEN): OrderState.REVIEW,
        (OrderState.CANCELLED, OrderVerb.REOPEN): OrderState.REVIEW,
        (OrderState.ACCEPTED, OrderVerb.CANCEL): OrderState.CANCELLED,
        (OrderState.PART_SHIPPED, OrderVerb.CLOSE_REST): OrderState.SHIPPED,
        (OrderState.PART_SHIPPED, OrderVerb.TAKE_BACK): OrderState.PART_SHIPPED,
        (OrderState.SHIPPED, OrderVerb.TAKE_BACK): OrderState.SHIPPED,
        (OrderState.PART_SHIPPED, OrderVerb.SEND_AGAIN): OrderState.PART_SHIPPED,
        (OrderState.SHIPPED, OrderVerb.SEND_AGAIN): OrderState.PART_SHIPPED,
    },
    {
        OrderState.PAPERS: Text("待盖章合同", "Awaiting the stamped contract"),
        OrderState.HELD: Text("待受理", "Awaiting acceptance"),
        OrderState.REVIEW: Text("不通过·可特批", "Failed, may be waived"),
        OrderState.REFUSED: Text("不可特批", "Refused"),
        OrderState.ACCEPTED: Text("备货中", "To be shipped"),
        OrderState.PART_SHIPPED: Text("部分发货", "Partly shipped"),
        OrderState.SHIPPED: Text("已发货", "Shipped"),
        OrderState.DECLINED: Text("已退回", "Declined"),
        OrderState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        OrderState.EXPIRED: Text("逾时未答复", "Answer time ended"),
        OrderState.CANCELLED: Text("已取消", "Cancelled"),
        OrderState.MERGED: Text("已并入他单", "Merged into another"),
        OrderVerb.ACCEPT: Text("受理", "Accept"),
        OrderVerb.DECLINE: Text("退回", "Decline"),
        OrderVerb.WITHDRAW: Text("撤回", "Withdraw"),
        OrderVerb.DECIDE_AGAIN: Text("重新判定", "Decide again"),
        OrderVerb.WAIVE: Text("特批", "Sign specially"),
        OrderVerb.SHIP: Text("发货", "Ship"),
        OrderVerb.SHIP_PART: Text("部分发货", "Ship a part"),
        OrderVerb.EXPIRE: Text("到时释放", "Release"),
        OrderVerb.HAND_IN: Text("交盖章合同", "Hand in the stamped contract"),
        OrderVerb.RECHECK: Text("受理前复核", "Check before accepting"),
        OrderVerb.AMEND: Text("修改", "Change"),
        OrderVerb.SPLIT: Text("拆单", "Split"),
        OrderVerb.MERGE: Text("并单", "Merge"),
        OrderVerb.REOPEN: Text("重新打开", "Open again"),
        OrderVerb.CANCEL: Text("取消", "Cancel"),
        OrderVerb.CLOSE_REST: Text("欠货不再发", "Close the rest"),
        OrderVerb.TAKE_BACK: Text("收退货", "Take goods back"),
        OrderVerb.SEND_AGAIN: Text("差异补发", "Send again what did not arrive"),
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


class SignatureState(StrEnum):
    """Where the request for a special signature stands."""

    ASKED = "asked"
    SENT_BACK = "sent_back"
    SIGNED = "signed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class SignatureVerb(StrEnum):
    """What happens to the request for a special signature."""

    SEND_BACK = "send_back"
    ASK_AGAIN = "ask_again"
    SIGN = "sign"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


SIGNATURES: StateTable[SignatureState, SignatureVerb] = StateTable(
    {
        (SignatureState.ASKED, SignatureVerb.SEND_BACK): SignatureState.SENT_BACK,
        (SignatureState.ASKED, SignatureVerb.SIGN): SignatureState.SIGNED,
        (SignatureState.ASKED, SignatureVerb.REFUSE): SignatureState.REFUSED,
        (SignatureState.ASKED, SignatureVerb.WITHDRAW): SignatureState.WITHDRAWN,
        (SignatureState.ASKED, SignatureVerb.LAPSE): SignatureState.VOID,
        (SignatureState.SENT_BACK, SignatureVerb.ASK_AGAIN): SignatureState.ASKED,
        (SignatureState.SENT_BACK, SignatureVerb.WITHDRAW): SignatureState.WITHDRAWN,
        (SignatureState.SENT_BACK, SignatureVerb.LAPSE): SignatureState.VOID,
    },
    {
        SignatureState.ASKED: Text("特批审批中", "Being decided"),
        SignatureState.SENT_BACK: Text("已退回", "Sent back"),
        SignatureState.SIGNED: Text("已特批", "Signed"),
        SignatureState.REFUSED: Text("不予特批", "Refused"),
        SignatureState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        SignatureState.VOID: Text("已失效", "Void"),
        SignatureVerb.SEND_BACK: Text("退回修改", "Send back"),
        SignatureVerb.ASK_AGAIN: Text("重新申请", "Ask again"),
        SignatureVerb.SIGN: Text("特批", "Sign"),
        SignatureVerb.REFUSE: Text("不同意", "Refuse"),
        SignatureVerb.WITHDRAW: Text("撤回", "Withdraw"),
        SignatureVerb.LAPSE: Text("失效", "Become void"),
    },
)


class ReturnReason(StrEnum):
    """Why goods came back."""

    QUALITY = "quality"
    NEAR_EXPIRY = "near_expiry"
    SLOW = "slow"
    WRONG = "wrong"
    SHORT = "short"
    OTHER = "other"


RETURN_WORDS = {
    ReturnReason.QUALITY: Text("质量问题", "Quality"),
    ReturnReason.NEAR_EXPIRY: Text("即期", "Near expiry"),
    ReturnReason.SLOW: Text("滞销", "Slow"),
    ReturnReason.WRONG: Text("错发", "Sent wrongly"),
    ReturnReason.SHORT: Text("未收到", "Did not arrive"),
    ReturnReason.OTHER: Text("其他", "Other"),
}

LAW_WORDS = {
    Law.CERTIFICATE.value: Text("资格证书", "Papers"),
    Law.AREA.value: Text("产品区域", "Area"),
    Law.PRICE.value: Text("价格折扣", "Price"),
    Law.STOCK.value: Text("库存", "Stock"),
    Law.CREDIT.value: Text("信用金额", "Credit"),
    Law.BATCHES.value: Text("未结批次", "Batches"),
    Law.OVERDUE.value: Text("逾期", "Overdue"),
}


class DeliveryState(StrEnum):
    """Where a delivery stands after it left: with the carrier, confirmed by the receiver, or with differences."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    DIFFERING = "differing"
    ANSWERED = "answered"


class DeliveryVerb(StrEnum):
    """What happens to a delivery after it left."""

    CONFIRM = "confirm"
    REPORT = "report"
    ANSWER = "answer"


DELIVERIES: StateTable[DeliveryState, DeliveryVerb] = StateTable(
    {
        (DeliveryState.SENT, DeliveryVerb.CONFIRM): DeliveryState.CONFIRMED,
        (DeliveryState.SENT, DeliveryVerb.REPORT): DeliveryState.DIFFERING,
        (DeliveryState.CONFIRMED, DeliveryVerb.REPORT): DeliveryState.DIFFERING,
        (DeliveryState.DIFFERING, DeliveryVerb.ANSWER): DeliveryState.ANSWERED,
        (DeliveryState.ANSWERED, DeliveryVerb.REPORT): DeliveryState.DIFFERING,
    },
    {
        DeliveryState.SENT: Text("待签收", "On its way"),
        DeliveryState.CONFIRMED: Text("已签收", "Received"),
        DeliveryState.DIFFERING: Text("有差异待答复", "Differs, to be answered"),
        DeliveryState.ANSWERED: Text("差异已答复", "Differences answered"),
        DeliveryVerb.CONFIRM: Text("签收", "Confirm the receipt"),
        DeliveryVerb.REPORT: Text("报差异", "Report differences"),
        DeliveryVerb.ANSWER: Text("答复差异", "Answer differences"),
    },
)


class DifferenceState(StrEnum):
    """Where a report of differences stands."""

    REPORTED = "reported"
    COUNTED = "counted"
    ANSWERED = "answered"


class DifferenceVerb(StrEnum):
    """What is done with a report of differences."""

    COUNT = "count"
    ANSWER = "answer"


DIFFERENCES: StateTable[DifferenceState, DifferenceVerb] = StateTable(
    {
        (DifferenceState.REPORTED, DifferenceVerb.COUNT): DifferenceState.COUNTED,
        (DifferenceState.COUNTED, DifferenceVerb.COUNT): DifferenceState.COUNTED,
        (DifferenceState.REPORTED, DifferenceVerb.ANSWER): DifferenceState.ANSWERED,
        (DifferenceState.COUNTED, DifferenceVerb.ANSWER): DifferenceState.ANSWERED,
    },
    {
        DifferenceState.REPORTED: Text("待库房核对", "The warehouse is to look"),
        DifferenceState.COUNTED: Text("待答复", "To be answered"),
        DifferenceState.ANSWERED: Text("已答复", "Answered"),
        DifferenceVerb.COUNT: Text("库房核对", "Say what was found"),
        DifferenceVerb.ANSWER: Text("答复", "Answer"),
    },
)


class DifferenceKind(StrEnum):
    """How what arrived differs from the delivery note."""

    SHORT = "short"
    TOO_MANY = "too_many"
    DAMAGED = "damaged"
    WRONG_TITLE = "wrong_title"


class DifferenceAnswer(StrEnum):
    """What the seller does about copies that differ."""

    SEND_AGAIN = "send_again"
    CREDIT = "credit"
    SEND_BACK = "send_back"
    NEW_REQUEST = "new_request"
    REFUSE = "refuse"


class FreightPayer(StrEnum):
    """Who pays the carrier."""

    SELLER = "seller"
    BUYER = "buyer"
    COLLECT = "collect"
    PICKED_UP = "picked_up"


DIFFERENCE_WORDS = {
    DifferenceKind.SHORT: Text("少件", "Short"),
    DifferenceKind.TOO_MANY: Text("多件", "Too many"),
    DifferenceKind.DAMAGED: Text("破损", "Damaged"),
    DifferenceKind.WRONG_TITLE: Text("错品", "Wrong title"),
}

ANSWER_WORDS = {
    DifferenceAnswer.SEND_AGAIN: Text("补发", "Send again"),
    DifferenceAnswer.CREDIT: Text("冲减货款", "Credit"),
    DifferenceAnswer.SEND_BACK: Text("请退回", "To be sent back"),
    DifferenceAnswer.NEW_REQUEST: Text("留下，另补申请", "Kept with a new request"),
    DifferenceAnswer.REFUSE: Text("不予认可", "Not accepted"),
}

PAYER_WORDS = {
    FreightPayer.SELLER: Text("供方承担", "The seller"),
    FreightPayer.BUYER: Text("收方承担", "The buyer"),
    FreightPayer.COLLECT: Text("到付", "On arrival, by the receiver"),
    FreightPayer.PICKED_UP: Text("自提，无运费", "None, collected"),
}
