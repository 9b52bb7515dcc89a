"""By which policy resellers of a replay are graded."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.text import Text


class GradePolicy(StrEnum):
    """A grade for everybody, or one by yearly sales. Each policy plays in a house of its own, so that they can be compared."""

    BY_TURNOVER = "by-turnover"
    ALL_A = "all-A"
    ALL_B = "all-B"
    ALL_C = "all-C"
    ALL_D = "all-D"


POLICY_WORDS = {
    GradePolicy.BY_TURNOVER: Text(
        "按经销商年销售额定级：300 万以上 A，100 万以上 B，50 万以上 C，其余 D",
        "Graded by the reseller's yearly sales: A from 3,000,000, B from 1,000,000, C from 500,000, D below",
    ),
    GradePolicy.ALL_A: Text("全部按 A 级", "Everybody in grade A"),
    GradePolicy.ALL_B: Text("全部按 B 级", "Everybody in grade B"),
    GradePolicy.ALL_C: Text("全部按 C 级", "Everybody in grade C"),
    GradePolicy.ALL_D: Text("全部按 D 级（现款现货）", "Everybody in grade D, who pay first"),
}

PAYMENT_WORDS = Text(
    "每家经销商有一个固定的付款习惯，由其编号推出：十家中一家随单预付（到账后下单，已有预付款先抵），三家受理后 30 天、"
    "两家 45 天、两家 60 天、一家 90 天、一家 120 天全额付清；被拦下的订单不再重试，也不付款"
    "（预付的留作下次）；重演到来源最后一次下单或发货为止，其后到期的款尚未到；金额按一比一视为元",
    "Every reseller has one habit, which follows from its number: of ten, one pays with the order (the money comes first, what is "
    "left from before counts), three pay in full 30 days after acceptance, two 45, two 60, one 90, one 120; a stopped order is not "
    "tried again and not paid (money paid in advance is kept for the next); the replay ends with the source's last order or shipment, and "
    "money due later has not come; amounts are read as yuan, one to one",
)
