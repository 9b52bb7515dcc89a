"""Goods of a request come back: the warehouse counts them, they are in stock again, and their net is credited at the price paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.events import publish
from lingqu.base.money import total
from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text, in_one_line, parted
from lingqu.credit.actions import credit_batch
from lingqu.credit.models import CreditLine
from lingqu.credit.states import CreditCause
from lingqu.documents.actions import take_numbers
from lingqu.inventory.actions import put_back_in_lots
from lingqu.ledger.actions import lock_accounts, open_account, post
from lingqu.ledger.rules import Entry
from lingqu.orders.access import SHIPPING_POSTS, may_ship
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.content import agreed_lines
from lingqu.orders.actions.path_told import tell_other_side
from lingqu.orders.actions.seen import must_be_as_seen
from lingqu.orders.actions.stock import Stock, moved_by, stock_of_order
from lingqu.orders.events import CameBack, GoodsAtTheDoor, GoodsCameBack
from lingqu.orders.models import GoodsReturn, GoodsReturnLine, Order, OrderLine
from lingqu.orders.queries import ComesBack, papers_named, relief_left, relief_words
from lingqu.orders.rules import Agreed, check_lost, check_return, return_value
from lingqu.orders.states import ORDERS, RETURN_WORDS, OrderState, OrderVerb, ReturnReason
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.policy.rules import Regulation

SERIES = "TH"
MOST_NOTE = 200
MOST_WHY = 200
PIECES = "PCS"


class NewReturn(msgspec.Struct, frozen=True):
    """What came back: copies by line number, why, and what there is to say about it; `seen` is how many had come back before.

    `lost` are those of the copies, by line number, that are credited but not fit for stock: they are written down as a loss. `told` is
    false where the caller tells the other side itself. `cause` stands on the credit.
    """

    copies: Mapping[int, int]
    reason: ReturnReason
    note: str = ""
    seen: int | None = None
    lost: Mapping[int, int] = {}
    told: bool = True
    cause: CreditCause = CreditCause.RETURNED


@transaction.atomic
def take_back_goods(order_id: int, new: NewReturn, *, regulation: Regulation, by: Acting, at: datetime) -> GoodsReturn:
    """Take goods of a request back as the warehouse counted them, and return the document (series TH).

    The copies are in stock again, and their original net is credited on the batch of the request, to the cent, less what a price claim
    has credited for them already (`relief_left`); what was paid already waits for other batches. Sent twice, the second is refused
    (`changed_meanwhile`). Refuses a wrong state, a person who may not ship, nothing at all, and more copies of a line than left and did
    not come back.
    """
    order, line = lock_order(order_id)
    if not may_ship(by, order.seller_id):
        raise forbidden(Text("退货由库房管理员清点入库。", "Goods that come back are counted by the warehouse keeper."))
    return book_return(order, line, new, regulation=regulation, by=by, at=at)


@transaction.atomic
def take_back_unasked(order_id: int, new: NewReturn, *, regulation: Regulation, by: Acting, at: datetime) -> GoodsReturn:
    """Take goods back that came without a return request, like `take_back_goods`; return the document (series TH).

    The caps of a return bind them too (M-16.3.2): whoever hears `GoodsAtTheDoor` refuses what a procedure must decide first.
    """
    order, _ = lock_order(order_id)
    agreed = agreed_lines(order)
    by_product: dict[int, int] = {}
    for one in agreed:
        if copies := new.copies.get(one.line, 0):
            by_product[one.product] = by_product.get(one.product, 0) + copies
    # What cannot come back at all is refused at its line by the booking.
    if all(new.copies.get(one.line, 0) <= one.shipped - one.returned for one in agreed):
        owner = by.firm_kind != FirmKind.HQ.value and by.holds(PostCode.OWNER, order.seller_id)
        sides = (order.pk, order.number, order.seller_id, order.buyer_id)
        publish(GoodsAtTheDoor(*sides, by_product, new.reason, regulation, owner, china_day(at)))
    return take_back_goods(order_id, new, regulation=regulation, by=by, at=at)


def book_return(order: Order, line: CreditLine, new: NewReturn, *, regulation: Regulation, by: Acting, at: datetime) -> GoodsReturn:
    """Book goods that came back, for a verb that has locked credit line and request and asked who may; else like `take_back_goods`."""
    must_be_atomic()
    ORDERS.next(OrderState(order.state), OrderVerb.TAKE_BACK)
    if len(new.note) > MOST_NOTE:
        raise bad_input("note", Text(f"说明最多 {MOST_NOTE} 字。", f"A note has at most {MOST_NOTE} characters."))
    agreed = agreed_lines(order)
    must_be_as_seen(sum(one.returned for one in agreed), new.seen)
    copies = check_return(agreed, new.copies)
    lost = check_lost(copies, new.lost)
    back = [one for one in agreed if one.line in copies]
    stock = stock_of_order(order, [one.product for one in back])
    lock_accounts([line.account_id, *(item.account_id for item in stock.values())])
    paper = _write(order, new, back, copies, regulation, by, at)
    _into_lots(order, paper, stock, back, {line: many - lost.get(line, 0) for line, many in copies.items()}, at)
    post(_entries(paper, stock, back, copies, lost), on=china_day(at), at=at)
    return paper


def _write(
    order: Order, new: NewReturn, back: list[Agreed], copies: dict[int, int], regulation: Regulation, by: Acting,
    at: datetime,
) -> GoodsReturn:  # fmt: skip
    (number,) = take_numbers(SERIES, china_day(at).year)
    paper = GoodsReturn.objects.create(
        order=order, number=number, reason=new.reason.value, note=new.note.strip(), taken_by_id=by.person, taken_at=at
    )
    lines = _write_lines(order, paper, back, copies)
    relief = total(one.relief for one in lines)
    amount = total(one.net for one in lines) - relief
    after = {"return": number, "copies": sum(copies.values()), "net": str(amount), "reason": new.reason.value}
    less = relief_words(relief, papers_named(one for line in lines for one in line.relief_by.split())) if relief else None
    if relief:
        after["relief"] = str(relief)
    absent = by.for_whom(SHIPPING_POSTS, order.seller_id)
    record([Deed("take_back", "order", order.pk, after, {}, regulation.reference, absent)], by=by.person, at=at)
    told = Text(
        f"{number}：{sum(copies.values())} 册，冲减 {amount:,} 元{f'，{less.zh}' if less else ''}。",
        f"{number}: {sum(copies.values())} copies, {amount:,} yuan credited{f', {less.en}' if less else ''}.",
    )
    if new.told:
        tell_other_side(order, OrderVerb.TAKE_BACK, told, by=by, at=at)
    if amount:
        why = _why(RETURN_WORDS[new.reason], number, less)
        paper.credit = credit_batch(order.pk, amount, cause=new.cause, reason=why, regulation=regulation, by=by, at=at)
        paper.save(update_fields=["credit"])
    return paper


def _why(reason: Text, number: str, less: Text | None) -> str:
    """Return the reason of a credit in both languages; relief of more documents than there is room for is left to the page of the paper."""
    short = Text(f"{reason.zh} {number}", f"{reason.en} {number}")
    whole = Text(f"{short.zh}，{less.zh}", f"{short.en}, {less.en}") if less else short
    kept = in_one_line(whole)
    return kept if len(kept) <= MOST_WHY and parted(kept) == whole else in_one_line(short)


def _write_lines(order: Order, paper: GoodsReturn, back: list[Agreed], copies: dict[int, int]) -> list[GoodsReturnLine]:
    """Write the copies of each line with their original net, and what was credited for them already; tell those above, and return them."""
    worth = {one.line: return_value(one, copies[one.line]) for one in back}
    rows = list(OrderLine.objects.filter(order=order, line__in=copies))
    relief = relief_left(ComesBack(row.pk, copies[row.line], worth[row.line]) for row in rows)
    lines = GoodsReturnLine.objects.bulk_create(
        GoodsReturnLine(
            goods_return=paper, order_line=row, copies=copies[row.line], net=worth[row.line], relief=less.amount,
            relief_by=less.documents,
        )
        for row, less in zip(rows, relief, strict=True)
    )  # fmt: skip
    for row in rows:
        row.returned += copies[row.line]
    OrderLine.objects.bulk_update(rows, ["returned"])
    told = tuple(CameBack(line.pk, line.order_line_id, line.copies, line.net) for line in lines)
    publish(GoodsCameBack(paper.number, told))
    return lines


def _into_lots(order: Order, paper: GoodsReturn, stock: Stock, back: list[Agreed], copies: Mapping[int, int], at: datetime) -> None:
    """Let the copies go back into the lots from which they left last; what had come back before is no longer gone."""
    again: dict[int, int] = {}
    for one in back:
        if one.product in stock:
            item = stock[one.product].pk
            again[item] = again.get(item, 0) + copies[one.line]
    put_back_in_lots(again, left_by=moved_by(order), on=china_day(at), document=("goods_return", paper.pk, paper.number), at=at)


def _entries(paper: GoodsReturn, stock: Stock, back: list[Agreed], copies: dict[int, int], lost: Mapping[int, int]) -> list[Entry]:
    """Return the postings that bring the copies back from what was shipped into stock, or to the losses; none where no stock is kept."""
    entries: list[Entry] = []
    for one in back:
        item = stock.get(one.product)
        gone = lost.get(one.line, 0)
        if item is None:
            continue
        sink, document = item.warehouse.sink_id, ("goods_return", paper.pk)
        if copies[one.line] > gone:
            entries.append(Entry(sink, item.account_id, Decimal(copies[one.line] - gone), document, "returned"))
        if gone:
            loss = open_account("loss", holder=item.warehouse.firm_id, item=one.product, place=item.warehouse_id, unit=PIECES)
            entries.append(Entry(sink, loss, Decimal(gone), document, "lost"))
    return entries
