"""What is asked and what is counted, checked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from lingqu.base.money import WHOLE_BP, check_copies, half_up
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.orders.states import ReturnReason
from lingqu.returns.states import REASONS, Condition, Rest

RETURN_CHAIN, TRANSFER_CHAIN = "return", "transfer"
"""Keys of the procedures in the regulation."""

MOST_LINES = 200
MOST_NOTE = 200
MOST_BECAUSE = 400
MOST_FILES = 5
MOST_KEY = 64


class AskedLine(msgspec.Struct, frozen=True):
    """Copies of a title that are to go back, and their condition."""

    product: int
    copies: int
    condition: Condition = Condition.GOOD


class NewReturnRequest(msgspec.Struct, frozen=True):
    """What is asked: `key` makes it the same request however often it is sent; `order` is the request of the goods, if known."""

    key: str
    seller: int
    buyer: int
    reason: ReturnReason
    lines: tuple[AskedLine, ...]
    note: str = ""
    order: int | None = None


class Counted(msgspec.Struct, frozen=True):
    """What the warehouse counted: by line number copies fit for sale, damaged, not of this return; and what becomes of the rest."""

    good: Mapping[int, int]
    damaged: Mapping[int, int] = {}
    foreign: Mapping[int, int] = {}
    rest: Rest = Rest.GOES_BACK


class NewTransfer(msgspec.Struct, frozen=True):
    """What is to go from one partner to another: copies by title, and why."""

    key: str
    seller: int
    giver: int
    taker: int
    copies: Mapping[int, int]
    reason: str


def check_new(new: NewReturnRequest) -> None:
    """Refuse a return of nothing, over 200 lines, one title in two lines of the same condition, a long note and an unknown reason."""
    _check_key(new.key)
    if new.reason not in REASONS:
        raise bad_input("reason", Text("请选择退货原因。", "Choose why they go back."))
    if len(new.note) > MOST_NOTE:
        raise bad_input("note", Text(f"说明最多 {MOST_NOTE} 字。", f"A note has at most {MOST_NOTE} characters."))
    if not new.lines:
        raise bad_input("lines", Text("请至少填写一个品种的册数。", "Enter the copies of at least one title."))
    if len(new.lines) > MOST_LINES:
        raise bad_input("lines", Text(f"一份退货申请最多 {MOST_LINES} 行。", f"A return has at most {MOST_LINES} lines."))
    if len({(line.product, line.condition) for line in new.lines}) < len(new.lines):
        raise bad_input("lines", Text("同一品种、同一品相只填一行。", "One line for a title in one condition."))
    for number, line in enumerate(new.lines, 1):
        check_copies(line.copies, field=f"lines.{number}.copies")


def check_transfer(new: NewTransfer) -> None:
    """Refuse a transfer of nothing, over 200 titles, without a reason, or from a partner to itself."""
    _check_key(new.key)
    if new.giver == new.taker:
        raise bad_input("taker", Text("调出方和调入方不能相同。", "Goods go from one partner to another."))
    if not new.copies:
        raise bad_input("lines", Text("请至少填写一个品种的册数。", "Enter the copies of at least one title."))
    if len(new.copies) > MOST_LINES:
        raise bad_input("lines", Text(f"一次调货最多 {MOST_LINES} 个品种。", f"A transfer has at most {MOST_LINES} titles."))
    for number, copies in enumerate(new.copies.values(), 1):
        check_copies(copies, field=f"lines.{number}.copies")
    check_because(new.reason)


def check_because(words: str, *, field: str = "reason") -> str:
    """Return a reason without blanks around it; refuses none and one of more than 400 characters."""
    plain = words.replace("\x00", "").strip()
    if not plain:
        raise bad_input(field, Text("请写明理由。", "Give the reason."))
    if len(plain) > MOST_BECAUSE:
        raise bad_input(field, Text(f"理由最多 {MOST_BECAUSE} 字。", f"A reason has at most {MOST_BECAUSE} characters."))
    return plain


def highest_price(list_price: Decimal, rule_bp: int) -> Decimal:
    """Return the most that a copy may be credited at which no request explains: what the partner pays by its rule, to the cent."""
    return half_up(list_price * rule_bp / WHOLE_BP)


def accepts_damaged(reason: ReturnReason, condition: Condition) -> bool:
    """Return whether copies that the warehouse finds damaged are credited: faulty goods, and those agreed to as damaged."""
    return reason is ReturnReason.QUALITY or condition is Condition.DAMAGED


def check_count(asked: Mapping[int, int], counted: Counted) -> None:
    """Refuse a count of lines that are not there, of fewer than none, and of more of a line than was agreed: those are not ours to keep."""
    for copies in (counted.good, counted.damaged, counted.foreign):
        for line, many in copies.items():
            if line not in asked:
                raise bad_input("lines", Text(f"没有第 {line} 行。", f"There is no line {line}."))
            if not 0 <= many <= 1_000_000:  # noqa: PLR2004 - as everywhere
                raise bad_input(f"lines.{line}.good", Text("册数须在 0 与 100 万之间。", "Copies lie between 0 and 1,000,000."))
    for line, many in asked.items():
        ours = counted.good.get(line, 0) + counted.damaged.get(line, 0)
        if ours > many:
            raise Refusal(
                "more_than_agreed",
                Text(
                    f"第 {line} 行同意退 {many} 册，清点 {ours} 册。多出的请填在“非本单”一栏，退还客户。",
                    f"{many} copies of line {line} were agreed, {ours} counted. Enter the surplus as not of this return; it goes back.",
                ),
                status=422,
                field=f"lines.{line}.good",
            )
    if not any(any(copies.values()) for copies in (counted.good, counted.damaged, counted.foreign)):
        raise bad_input("lines", Text("一册也没有清点到。没有收到货就不要清点。", "Nothing was counted. Do not count before goods come."))


def check_both(copies: Mapping[int, int], counts: Mapping[int, int]) -> dict[int, int]:
    """Return a count of a transfer by line number; refuses lines that are not there, fewer than none, and more than agreed."""
    for line, many in counts.items():
        if line not in copies:
            raise bad_input("lines", Text(f"没有第 {line} 行。", f"There is no line {line}."))
        if not 0 <= many <= copies[line]:
            raise bad_input(f"lines.{line}.copies", Text(f"须在 0 与 {copies[line]} 之间。", f"It lies between 0 and {copies[line]}."))
    if not any(counts.values()):
        raise bad_input("lines", Text("请至少填写一行的册数。", "Enter the copies of at least one line."))
    return {line: counts.get(line, 0) for line in copies}


def _check_key(key: str) -> None:
    if not 1 <= len(key) <= MOST_KEY or "\x00" in key:
        raise bad_input("key", Text("缺少表单键，请刷新页面后重试。", "The form key is missing; reload the page and try again."))
