"""What is asked for, checked before anything is looked up; and what comes back for each request."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from lingqu.base.money import WHOLE_BP, check_copies
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.orders.rules import Covered
from lingqu.orders.states import OrderState, Shortage, Source

MOST_ORDERS = 100
MOST_LINES = 500
MOST_KEY = 64
MOST_NOTE = 200


class AskedLine(msgspec.Struct, frozen=True):
    """A title asked for. The seller's people may offer a discount (basis points) or a list price (yuan) other than the rule's."""

    product: int
    copies: int
    discount_bp: int | None = None
    list_price: Decimal | None = None


class Asked(msgspec.Struct, frozen=True):
    """A request as it is sent: `key` is made before sending and makes it the same request however often it comes.

    `covered` is filled for a stored request that is judged anew, and for history; of a new one the regulation says whether it needs a
    stamped contract.
    """

    key: str
    seller: int
    buyer: int
    lines: tuple[AskedLine, ...]
    source: Source = Source.PARTNER
    shortage: Shortage = Shortage.BACK_ORDER
    delivery_division: str = ""
    note: str = ""
    covered: Covered | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What became of one request: the order and its state, or the refusal because of which nothing was written."""

    key: str
    order: int | None = None
    number: str = ""
    state: OrderState | None = None
    repeated: bool = False
    refusal: Refusal | None = None


def check_batch(asked: list[Asked]) -> None:
    """Refuse an empty batch and one of more than 100 requests."""
    if not 1 <= len(asked) <= MOST_ORDERS:
        raise bad_input("orders", Text(f"一次提交 1 至 {MOST_ORDERS} 份申请。", f"Submit 1 to {MOST_ORDERS} requests at a time."))


def check_request(asked: Asked) -> Refusal | None:
    """Return what is wrong with a request on its face, None when nothing is."""
    try:
        _check(asked)
    except Refusal as refusal:
        return refusal
    return None


def _check(asked: Asked) -> None:
    if not 1 <= len(asked.key) <= MOST_KEY:
        raise bad_input("key", Text("缺少表单键，请刷新页面后重试。", "The form key is missing; reload the page and try again."))
    if len(asked.note) > MOST_NOTE:
        raise bad_input("note", Text(f"备注最多 {MOST_NOTE} 字。", f"A note has at most {MOST_NOTE} characters."))
    if not asked.lines:
        raise bad_input("lines", Text("请至少填写一个品种的册数。", "Enter the copies of at least one title."))
    if len(asked.lines) > MOST_LINES:
        raise bad_input("lines", Text(f"一份申请最多 {MOST_LINES} 行。", f"A request has at most {MOST_LINES} lines."))
    for number, line in enumerate(asked.lines, 1):
        check_copies(line.copies, field=f"lines.{number}.copies")
        if line.discount_bp is not None and not 0 <= line.discount_bp <= WHOLE_BP:
            raise bad_input(f"lines.{number}.discount", Text("折扣须在 0 与 100% 之间。", "A discount lies between 0 and 100 %."))
        price = line.list_price
        if price is not None and not (price.is_finite() and 0 <= price < Decimal(10) ** 9):
            raise bad_input(f"lines.{number}.list_price", Text("定价须在 0 与 10 亿元之间。", "A list price lies between 0 and 10^9 yuan."))
