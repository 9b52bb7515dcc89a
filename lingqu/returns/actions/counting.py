"""The goods of a return came: the warehouse counts them, and what is accepted is credited at once, at the original net (M-16.3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.money import ZERO, half_up
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text, in_one_line
from lingqu.catalogue.models import Product
from lingqu.credit.actions import credit_without_batch
from lingqu.credit.models import CreditLine
from lingqu.credit.states import CreditCause
from lingqu.inventory.actions import take_goods_in
from lingqu.inventory.models import StockItem, Warehouse
from lingqu.inventory.rules import Label
from lingqu.ledger.actions import lock_accounts
from lingqu.orders.access import SHIPPING_POSTS
from lingqu.orders.actions import NewReturn, take_back_goods
from lingqu.orders.actions.voiding import lock_signature
from lingqu.orders.models import GoodsReturn, Order, OrderLine
from lingqu.orders.states import RETURN_WORDS, ReturnReason
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation
from lingqu.returns.access import may_count
from lingqu.returns.actions.judged import SUBJECT, line_of
from lingqu.returns.actions.told import tell_moved
from lingqu.returns.models import ReturnLine, ReturnPaper, ReturnRequest, ReturnSource
from lingqu.returns.rules import Counted, accepts_damaged, check_count, share_out
from lingqu.returns.states import RETURNS, Condition, ReturnState, ReturnVerb


class Share(msgspec.Struct, frozen=True):
    """Copies of a counted line that are credited to one line of a purchase request; `lost` of them are not fit for stock."""

    row: ReturnLine
    order: int
    order_line: int
    copies: int
    lost: int


class Unexplained(msgspec.Struct, frozen=True):
    """Copies of a counted line that no request explains; `lost` of them are not fit for stock."""

    row: ReturnLine
    copies: int
    lost: int


@transaction.atomic
def count_return(request_id: int, counted: Counted, *, regulation: Regulation, by: Acting, at: datetime) -> ReturnRequest:
    """Count the goods of an agreed return and credit what is accepted, in one step; return the document.

    Copies fit for sale are in stock again, in the lots from which they left last; damaged ones are credited where the goods were faulty or
    agreed to as damaged, and written down as a loss. Each is credited on the batch of its own request at the net that was paid, to the
    cent; copies that nothing explains at the agreed price, as money that waits. All else goes back to the partner or is kept for it. The
    partner is told what was counted and credited. Sent twice, the second is refused. Refuses a person who does not count, a wrong state,
    and what `check_count` does.
    """
    request = _locked(request_id)
    if not may_count(by, request.seller_id):
        raise forbidden(Text("退货由库房管理员清点入账。", "Goods that come back are counted by the warehouse keeper."))
    after = RETURNS.next(ReturnState(request.state), ReturnVerb.COUNT)
    rows = list(request.lines.prefetch_related("sources").order_by("line"))
    check_count({row.line: row.copies for row in rows}, counted)
    _write_count(request, rows, counted)
    shares, rest = _shares(rows)
    _lock_ledger(request, rows)
    credited = _take_back(request, shares, regulation=regulation, by=by, at=at)
    credited += _take_in(request, rest, regulation=regulation, by=by, at=at)
    before = request.state
    request.state, request.counted_by_id, request.counted_at, request.credited = after.value, by.person, at, credited
    over = any((row.foreign or 0) or (row.good or 0) + (row.damaged or 0) > row.accepted for row in rows)
    request.rest = counted.rest.value if over else ""
    request.save()
    ReturnLine.objects.bulk_update(rows, ["good", "damaged", "foreign", "accepted", "credited"])
    done = {"state": request.state, "accepted": sum(row.accepted for row in rows), "credited": str(credited), "rest": request.rest}
    absent = by.for_whom(SHIPPING_POSTS, request.seller_id)
    record([Deed("count", SUBJECT, request.pk, done, {"state": before}, regulation.reference, absent)], by=by.person, at=at)
    tell_moved(request, by=by.person, at=at)
    return request


def _locked(request_id: int) -> ReturnRequest:
    """Lock, in their order: signatures on their way for the requests concerned, the credit line, the return, those requests."""
    known = ReturnRequest.objects.filter(pk=request_id).values_list("seller_id", "buyer_id").first()
    if known is None:
        raise not_found()
    sources = ReturnSource.objects.filter(return_line__request_id=request_id)
    orders = sorted(set(sources.values_list("order_line__order_id", flat=True)))
    for order in orders:
        lock_signature(order)
    line_of(*known)
    request = ReturnRequest.objects.select_for_update(of=("self",)).select_related("seller", "buyer").get(pk=request_id)
    list(Order.objects.select_for_update().filter(pk__in=orders).order_by("pk"))
    return request


def _write_count(request: ReturnRequest, rows: Sequence[ReturnLine], counted: Counted) -> None:
    for row in rows:
        row.good, row.damaged = counted.good.get(row.line, 0), counted.damaged.get(row.line, 0)
        row.foreign = counted.foreign.get(row.line, 0)
        row.accepted = row.good + (row.damaged if accepts_damaged(ReturnReason(request.reason), Condition(row.condition)) else 0)


def _shares(rows: Sequence[ReturnLine]) -> tuple[list[Share], list[Unexplained]]:
    """Return which copies are credited to which line of which request, and those that nothing explains.

    Copies go to the sources in their order; what is not fit for stock is the end of a count: sound copies go first.
    """
    must_be_atomic()
    there = {
        line.pk: line for line in OrderLine.objects.filter(pk__in={one.order_line_id for row in rows for one in row.sources.all()})
    }  # fmt: skip
    free = {pk: line.shipped - line.returned for pk, line in there.items()}
    shares: list[Share] = []
    rest: list[Unexplained] = []
    for row in rows:
        named = [(one.order_line_id, min(one.copies, free[one.order_line_id])) for one in sorted(row.sources.all(), key=_place)]
        given = share_out(row.accepted, named)
        left = row.accepted - sum(given.values())
        if left > row.extra:
            raise _taken_back_already(row, left - row.extra)
        lost = row.accepted - min(row.good or 0, row.accepted)
        if left:
            rest.append(Unexplained(row, left, min(lost, left)))
            lost -= min(lost, left)
        for order_line, copies in reversed(given.items()):
            free[order_line] -= copies
            shares.append(Share(row, there[order_line].order_id, order_line, copies, min(lost, copies)))
            lost -= min(lost, copies)
    return shares, rest


def _place(source: ReturnSource) -> int:
    return source.place


def _taken_back_already(row: ReturnLine, copies: int) -> Refusal:
    return Refusal(
        "taken_back_already",
        Text(
            f"第 {row.line} 行有 {copies} 册已由别的单据退回，未作改动。请撤回本申请，另行申请。",
            f"{copies} copies of line {row.line} came back by another paper; nothing was changed. Take this return back and ask anew.",
        ),
    )


def _lock_ledger(request: ReturnRequest, rows: Sequence[ReturnLine]) -> None:
    """Lock every account that is going to move, at once."""
    account = CreditLine.objects.values_list("account_id", flat=True).get(seller_id=request.seller_id, buyer_id=request.buyer_id)
    stock = StockItem.objects.filter(warehouse__firm_id=request.seller_id, product__in={row.product_id for row in rows})
    lock_accounts([account, *stock.values_list("account_id", flat=True)])


def _take_back(
    request: ReturnRequest, shares: Sequence[Share], *, regulation: Regulation, by: Acting, at: datetime
) -> Decimal:  # fmt: skip
    """Let the copies of each purchase request come back through its own verb, and return the yuan credited."""
    credited = ZERO
    for order in sorted({one.order for one in shares}):
        own = [one for one in shares if one.order == order]
        paper = take_back_goods(order, _as_return(request, own), regulation=regulation, by=by, at=at)
        ReturnPaper.objects.create(request=request, goods_return=paper)
        credited += _credit_rows(paper, own)
    return credited


def _as_return(request: ReturnRequest, shares: Sequence[Share]) -> NewReturn:
    numbers = dict(OrderLine.objects.filter(pk__in=[one.order_line for one in shares]).values_list("pk", "line"))
    copies: dict[int, int] = {}
    lost: dict[int, int] = {}
    for one in shares:
        line = numbers[one.order_line]
        copies[line] = copies.get(line, 0) + one.copies
        lost[line] = lost.get(line, 0) + one.lost
    return NewReturn(copies, ReturnReason(request.reason), request.number, lost=lost, told=False)


def _credit_rows(paper: GoodsReturn, shares: Sequence[Share]) -> Decimal:
    """Note on the lines of the return what the paper credits, and return its whole; of two lines the last takes what rounding left."""
    credited = ZERO
    for done in paper.lines.all():
        own = [one for one in shares if one.order_line == done.order_line_id]
        worth = done.net - done.relief
        left = worth
        for one in own[:-1]:
            part = half_up(worth * one.copies / done.copies)
            one.row.credited += part
            left -= part
        own[-1].row.credited += left
        credited += worth
    return credited


def _take_in(request: ReturnRequest, rest: Sequence[Unexplained], *, regulation: Regulation, by: Acting, at: datetime) -> Decimal:
    """Take copies that nothing explains into stock as a lot of their own, and credit them at the agreed price; return the yuan."""
    owed = ZERO
    sound: dict[int, int] = {}
    for one in rest:
        worth = half_up((one.row.extra_price or ZERO) * one.copies)
        one.row.credited += worth
        owed += worth
        if one.copies > one.lost:
            sound[one.row.product_id] = sound.get(one.row.product_id, 0) + one.copies - one.lost
    warehouse = Warehouse.objects.filter(firm_id=request.seller_id).first()
    if sound and warehouse:
        products = Product.objects.in_bulk(list(sound))
        paper = take_goods_in(
            warehouse, {products[product]: many for product, many in sound.items()}, received_on=china_day(at),
            by=Person.objects.get(pk=by.person), at=at, note=request.number, label=Label(request.number),
        )  # fmt: skip
        ReturnPaper.objects.create(request=request, goods_in=paper)
    if owed:
        line = CreditLine.objects.values_list("pk", flat=True).get(seller_id=request.seller_id, buyer_id=request.buyer_id)
        why = RETURN_WORDS[ReturnReason(request.reason)]
        words = in_one_line(Text(f"{why.zh} {request.number}", f"{why.en} {request.number}"))
        request.credit = credit_without_batch(line, owed, cause=CreditCause.RETURNED, reason=words, regulation=regulation, by=by, at=at)
    return owed
