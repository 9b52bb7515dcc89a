"""Differences of a delivery are answered: the warehouse says what it found, then the seller decides, and stock and money follow.

Copies that are sent again count as not shipped; copies that are credited count as returned, at their original net. Those of them that
the warehouse found are in stock again, in the lots they had left; the others are a loss. Copies that nobody ordered are never billed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.models import CreditLine
from lingqu.credit.states import CreditCause
from lingqu.inventory.actions import put_back_in_lots
from lingqu.ledger.actions import lock_accounts, open_account, post
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.access import ANSWERING_POSTS, SHIPPING_POSTS, may_answer_difference, may_ship
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.deliveries_parcels import lock_delivery, receivers
from lingqu.orders.actions.returns import NewReturn, book_return
from lingqu.orders.actions.stock import Stock, moved_by, stock_of_order
from lingqu.orders.models import Delivery, Difference, DifferenceLine, GoodsReturn, Order, OrderLine
from lingqu.orders.rules import NOT_ARRIVED, Answered, check_answers, check_found
from lingqu.orders.states import (
    ANSWER_WORDS,
    DELIVERIES,
    DIFFERENCES,
    ORDERS,
    DeliveryState,
    DeliveryVerb,
    DifferenceAnswer,
    DifferenceKind,
    DifferenceState,
    DifferenceVerb,
    OrderState,
    OrderVerb,
    ReturnReason,
)
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

PIECES = "PCS"
REASONS = {
    DifferenceKind.SHORT.value: ReturnReason.SHORT,
    DifferenceKind.DAMAGED.value: ReturnReason.QUALITY,
    DifferenceKind.WRONG_TITLE.value: ReturnReason.WRONG,
}


@transaction.atomic
def count_difference(number: str, found: Sequence[int | None], *, by: Acting, at: datetime) -> Difference:
    """Say how many of the missing copies the warehouse has, one figure for each difference in the order of the report; return the report.

    Found are copies that never left, or that came back fit for sale; of copies that were too many there is nothing to be found. May be
    said again until it is answered. Refuses who may not ship, a seller whose stock is not kept here, and figures outside 0 to what differs.
    """
    order, _, _, difference = _locked(number)
    if not may_ship(by, order.seller_id):
        raise forbidden(Text("差异由库房管理员核对。", "The warehouse keeper looks for what differs."))
    if not _keeps_stock(order):
        raise Refusal("no_stock", Text("库存不在系统内管理，不需核对，可直接答复。", "Stock is not kept here; answer it directly."))
    difference.state = DIFFERENCES.next(DifferenceState(difference.state), DifferenceVerb.COUNT).value
    lines = [line for line in _lines(difference) if line.kind in NOT_ARRIVED]
    if len(found) != len(lines):
        raise bad_input("found", Text("请逐行填写。", "Enter each line."))
    for line, copies in zip(lines, check_found([line.copies for line in lines], found), strict=True):
        line.found = copies
    DifferenceLine.objects.bulk_update(lines, ["found"])
    difference.counted_by_id, difference.counted_at = by.person, at
    difference.save(update_fields=["state", "counted_by", "counted_at"])
    after = {"difference": difference.number, "found": sum(line.found or 0 for line in lines), "copies": sum(line.copies for line in lines)}
    record([Deed("count_difference", "order", order.pk, after, on_behalf_of=by.for_whom(SHIPPING_POSTS, order.seller_id))],
           by=by.person, at=at)  # fmt: skip
    return difference


@transaction.atomic
def answer_difference(
    number: str, answers: Sequence[Answered | None], *, regulation: Regulation, by: Acting, at: datetime
) -> Difference:  # fmt: skip
    """Answer a report of differences, each line in its order, and return it; the receiver is told.

    `send_again`: the copies count as not shipped, and what was found is reserved for the request. `credit`: they count as returned, at
    their original net (series TH and DX). What was not found is lost. Refuses who may not decide, (`not_counted`) while the warehouse has
    not looked, an answer that is missing or does not fit (copies that nobody ordered are never just billed), and copies that came back
    as a return meanwhile.
    """
    order, credit, delivery, difference = _locked(number)
    if not may_answer_difference(by, order.seller_id):
        raise forbidden(Text("差异由区域销售员或营销主管答复。", "The representative or the manager answers differences."))
    difference.state = DIFFERENCES.next(DifferenceState(difference.state), DifferenceVerb.ANSWER).value
    lines = _lines(difference)
    checked = check_answers([DifferenceKind(line.kind) for line in lines], answers)
    if _keeps_stock(order) and difference.counted_at is None and any(line.kind in NOT_ARRIVED for line in lines):
        raise Refusal("not_counted", Text("请库房先核对，填写找到的册数。", "The warehouse says first what it found."))
    for line, one in zip(lines, checked, strict=True):
        line.answer, line.reason = one.answer.value, one.reason
    DifferenceLine.objects.bulk_update(lines, ["answer", "reason"])
    again = [line for line in lines if line.answer == DifferenceAnswer.SEND_AGAIN.value]
    credited = [line for line in lines if line.answer == DifferenceAnswer.CREDIT.value]
    stock = stock_of_order(order, [line.order_line.product_id for line in [*again, *credited]])
    lock_accounts([credit.account_id, *(item.account_id for item in stock.values())])
    difference.answered_by_id, difference.answered_at = by.person, at
    delivery.state = DELIVERIES.next(DeliveryState(delivery.state), DeliveryVerb.ANSWER).value
    delivery.save(update_fields=["state"])
    _record(order, difference, lines, regulation, by, at)
    if credited:
        difference.goods_return = _credit(order, credit, difference, credited, regulation, by, at)
    difference.save(update_fields=["state", "answered_by", "answered_at", "goods_return"])
    _tell_receiver(delivery, difference, lines, by=by, at=at)
    if again:
        post(_sent_again(order, difference, again, stock, at), on=china_day(at), at=at)
    return difference


def _locked(number: str) -> tuple[Order, CreditLine, Delivery, Difference]:
    """Lock credit line, request, delivery and report, in this order; refuses (404) an unknown one."""
    known = Difference.objects.filter(number=number).values_list("pk", "delivery_id", "delivery__order_id").first()
    if known is None:
        raise not_found()
    order, credit = lock_order(known[2])
    delivery = lock_delivery(known[1])
    return order, credit, delivery, Difference.objects.select_for_update().get(pk=known[0])


def _lines(difference: Difference) -> list[DifferenceLine]:
    return list(difference.lines.select_related("order_line").order_by("order_line__line", "id"))


def _keeps_stock(order: Order) -> bool:
    return hasattr(order.seller, "warehouse")


def _credit(
    order: Order, credit: CreditLine, difference: Difference, lines: list[DifferenceLine], regulation: Regulation, by: Acting, at: datetime
) -> GoodsReturn:  # fmt: skip
    """Book the copies as returned at their original net; what the warehouse does not have is lost."""
    copies = _by_line(lines)
    lost: dict[int, int] = {}
    for line in lines:
        if line.found is not None:
            lost[line.order_line.line] = lost.get(line.order_line.line, 0) + line.copies - line.found
    kinds = {line.kind for line in lines}
    reason = REASONS[kinds.pop()] if len(kinds) == 1 else ReturnReason.OTHER
    new = NewReturn(copies, reason, difference.number, lost=lost, told=False, cause=CreditCause.DIFFERENCE)
    return book_return(order, credit, new, regulation=regulation, by=by, at=at)


def _by_line(lines: Sequence[DifferenceLine]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for line in lines:
        sums[line.order_line.line] = sums.get(line.order_line.line, 0) + line.copies
    return sums


def _sent_again(order: Order, difference: Difference, lines: list[DifferenceLine], stock: Stock, at: datetime) -> list[Entry]:
    """Let the copies count as not shipped, and return the postings: found into stock and kept for the request, the others lost."""
    rows = {row.line: row for row in OrderLine.objects.filter(order=order, line__in=_by_line(lines))}
    found: dict[int, int] = {}
    entries: list[Entry] = []
    for number, copies in _by_line(lines).items():
        row = rows[number]
        if copies > row.shipped - row.returned:
            raise bad_input("answers", _came_back(number, row.shipped - row.returned))
        row.shipped -= copies
    for line in lines:
        item, row = stock.get(line.order_line.product_id), rows[line.order_line.line]
        if item is None or line.found is None:
            continue
        row.reserved += line.found
        found[item.pk] = found.get(item.pk, 0) + line.found
        entries += _of_line(order, difference, line, item.account_id, item.warehouse.sink_id, (item.warehouse_id, order.seller_id))
    OrderLine.objects.bulk_update(rows.values(), ["shipped", "reserved"])
    order.state = ORDERS.next(OrderState(order.state), OrderVerb.SEND_AGAIN).value
    order.save(update_fields=["state"])
    put_back_in_lots(found, left_by=moved_by(order), on=china_day(at), document=("difference", difference.pk, difference.number), at=at)
    return entries


def _of_line(
    order: Order, difference: Difference, line: DifferenceLine, account: int, sink: int, place: tuple[int, int]
) -> list[Entry]:  # fmt: skip
    document, have = ("difference", difference.pk), line.found or 0
    entries: list[Entry] = []
    if have:
        entries.append(Entry(sink, account, Decimal(have), document, "found"))
        entries.append(Entry(account, sink, Decimal(have), ("order", order.pk), "reserve", Phase.HOLD))
    if line.copies > have:
        warehouse, firm = place
        loss = open_account("loss", holder=firm, item=line.order_line.product_id, place=warehouse, unit=PIECES)
        entries.append(Entry(sink, loss, Decimal(line.copies - have), document, "lost"))
    return entries


def _came_back(number: int, left: int) -> Text:
    return Text(
        f"第 {number} 行只有 {left} 册还在对方手里，其余已作退货。请改答复。",
        f"Only {left} copies of line {number} are with the receiver; the others came back as a return. Answer otherwise.",
    )


def _record(
    order: Order, difference: Difference, lines: Sequence[DifferenceLine], regulation: Regulation, by: Acting, at: datetime
) -> None:  # fmt: skip
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.answer] = sums.get(line.answer, 0) + line.copies
    after: Mapping[str, object] = {"difference": difference.number, "answers": sums}
    absent = by.for_whom(ANSWERING_POSTS, order.seller_id)
    record([Deed("answer_difference", "order", order.pk, after, {}, regulation.reference, absent)], by=by.person, at=at)


def _tell_receiver(delivery: Delivery, difference: Difference, lines: Sequence[DifferenceLine], *, by: Acting, at: datetime) -> None:
    words = [(ANSWER_WORDS[DifferenceAnswer(line.answer)], line) for line in lines]
    zh = "；".join(
        f"第 {line.order_line.line} 行 {line.copies} 册：{word.zh}{line.reason and f'（{line.reason}）'}" for word, line in words
    )
    en = "; ".join(
        f"line {line.order_line.line}, {line.copies}: {word.en.lower()}{line.reason and f' ({line.reason})'}" for word, line in words
    )
    message = Message(
        f"difference:{difference.pk}:answered",
        "order",
        Text(f"{delivery.number} 的差异已答复", f"The differences of {delivery.number} are answered"),
        Text(f"{zh[:400]}。", f"{en[:400]}."),
        f"/deliveries/{delivery.number}/",
    )
    notify(message, to=receivers(delivery, at=at) - {by.person}, at=at)
