"""What happened to goods: opening workbooks, a special price, a delivery that differed, a return, a transfer, a price cut, a count."""

from __future__ import annotations

import io
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import xlsxwriter

from lingqu.base.calendar import china_day
from lingqu.catalogue.actions import NewTitle, ask_special_price, bring_titles_in
from lingqu.catalogue.rules import NewSpecial
from lingqu.catalogue.states import SpecialKind
from lingqu.claims.actions import ask_claim
from lingqu.claims.rules import AskedLine as ClaimedLine
from lingqu.claims.rules import NewClaim
from lingqu.credit.models import CreditLine
from lingqu.documents.rules import NewFile
from lingqu.inventory.actions import enter_counted, send_count, start_count
from lingqu.inventory.models import StockCount, StockItem
from lingqu.inventory.rules import Counted as OnShelf
from lingqu.opening.actions import book_file, prepare_file, sign_file
from lingqu.opening.rules import COLUMNS, head_of
from lingqu.opening.states import OpeningKind
from lingqu.operate.demo.money import carry
from lingqu.operate.demo.people import JINAN, TAIAN, TAIYUAN, WUHAN, ZHENGZHOU
from lingqu.operate.demo.story import ACCEPTED, PAID, SHIPPED, SIGNED, SUBMITTED, Request, Story, Wanted
from lingqu.orders.actions import Received, answer_difference, count_difference, receive_delivery, ship_order
from lingqu.orders.models import Delivery, Difference
from lingqu.orders.rules import Answered, LineCount
from lingqu.orders.states import DeliveryState, DifferenceAnswer, ReturnReason
from lingqu.policy.rules import Regulation
from lingqu.returns.actions import (
    agree_return,
    ask_return,
    confirm_transfer,
    count_return,
    move_transfer,
    order_transfer,
    propose_transfer,
    send_up_return,
)
from lingqu.returns.models import ReturnRequest
from lingqu.returns.rules import AskedLine, Counted, NewReturnRequest, NewTransfer

OWNERS: Final = {JINAN: "jinan", WUHAN: "wuhan", ZHENGZHOU: "zhengzhou", TAIYUAN: "taiyuan", TAIAN: "taian_owner"}
"""Who counts what comes to each partner."""

CONFIRMED: Final = (98, 70, 36)
"""Days back on which partners confirm all that had come by then."""

PHOTO: Final = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
"""A picture of one point: the papers of old goods are not part of the story."""


class Told:
    """A return or transfer of the story, whose id is known once it was asked for."""

    id: int = 0


def plan_goods(story: Story) -> None:
    """Plan what concerns no single partner: workbooks of the first day, confirmations, and two counts of the shelves."""
    story.plan("opening", story.moment(119, SUBMITTED), lambda at: _take_over(story, at))
    for ago in CONFIRMED:
        story.plan("confirmed", story.moment(ago, PAID), lambda at: _confirm_all(story, at))
    story.plan("count", story.moment(10, ACCEPTED), lambda at: _count(story, {"QH26-305": 1, "QH26-306": -3, "QH26-307": 0}, at))
    story.plan("count", story.moment(1, SHIPPED), lambda at: _begin_count(story, ("QH26-401", "QH26-402", "QH26-404"), at))


def grant_special(story: Story, buyer: str, code: int, discount_bp: int, copies: int, *, ago: int) -> None:
    """Plan that a partner gets a special price for copies of a title, by the procedure, for a quarter of a year."""

    def step(at: datetime) -> None:
        made, day, regulation = story.made, china_day(at), story.made.regulation_on(at)
        new = NewSpecial(
            made.titles[f"QH26-{code}"].pk, SpecialKind.SCHOOL, discount_bp, copies, day, day + timedelta(days=90),
            "晋中职教园区开学用书，竞争单位已报六四折。", "晋中职业技术学校",
        )  # fmt: skip
        line = CreditLine.objects.select_related("buyer").get(pk=made.lines[buyer].pk)
        discount = regulation.discount(line.buyer.kind, line.grade)
        assert discount  # noqa: S101 - the table has a row for every grade
        by = made.who("representative", day)
        asked = ask_special_price(
            new, seller=line.seller_id, buyer=line.buyer_id, discount=discount, regulation=regulation, by=by, at=at
        )  # fmt: skip
        carry(asked.approval_id or 0, at)

    story.plan(buyer, story.moment(ago, SIGNED), step)


def claim_for_cut(story: Story, buyer: str, code: int, price: str, stock: int, *, ago: int) -> None:
    """Plan that a title becomes cheaper, and that a partner claims the difference for its stock the next working day; both end well."""

    def cut(at: datetime) -> None:
        made, day = story.made, china_day(at)
        title = made.titles[f"QH26-{code}"]
        new = NewTitle(title.code, title.name, title.discipline.code, Decimal(price), day)
        bring_titles_in(made.publisher, [new], by=made.who("researcher", day), at=at, on=day)

    def claim(at: datetime) -> None:
        made = story.made
        lines = (ClaimedLine(made.titles[f"QH26-{code}"].pk, stock),)
        new = NewClaim(f"demo-{at:%y%m%d%H%M}", made.publisher.pk, made.firms[buyer].pk, lines, "清点存货后申请补差。")
        asked = ask_claim(new, regulation=made.regulation_on(at), by=made.who(OWNERS[buyer], china_day(at)), at=at)
        carry(asked.approval_id or 0, at)

    story.plan(buyer, story.moment(ago, SUBMITTED), cut)
    story.plan(buyer, story.moment(ago - 1, SIGNED), claim)


def report(story: Story, request: Request, counted: Mapping[int, LineCount], note: str, *, ago: int) -> None:
    """Plan that a partner counts the latest delivery of a request and reports what differs."""

    def step(at: datetime) -> None:
        delivery = Delivery.objects.filter(order_id=request.order).latest("id")
        by = story.made.who(OWNERS[request.wanted.buyer], china_day(at))
        receive_delivery(delivery.pk, Received(counted, note), regulation=story.made.regulation_on(at), by=by, at=at)

    story.plan(request.wanted.buyer, story.moment(ago, SUBMITTED), step)


def look(story: Story, request: Request, found: Sequence[int], *, ago: int) -> None:
    """Plan that the warehouse says how many of the missing copies it has."""

    def step(at: datetime) -> None:
        count_difference(_difference_of(request), found, by=story.made.who("warehouse", china_day(at)), at=at)

    story.plan(request.wanted.buyer, story.moment(ago, ACCEPTED), step)


def answer(story: Story, request: Request, answers: Sequence[DifferenceAnswer], *, ago: int) -> None:
    """Plan that the representative answers what was reported, and that what is sent again leaves the next working day."""

    def step(at: datetime) -> None:
        by, regulation = story.made.who("representative", china_day(at)), story.made.regulation_on(at)
        answer_difference(_difference_of(request), [Answered(one) for one in answers], regulation=regulation, by=by, at=at)

    def ship(at: datetime) -> None:
        by = story.made.who("warehouse", china_day(at))
        ship_order(request.order, regulation=story.made.regulation_on(at), by=by, at=at, waybill="SF-1183902")

    story.plan(request.wanted.buyer, story.moment(ago, SIGNED), step)
    if DifferenceAnswer.SEND_AGAIN in answers:
        story.plan(request.wanted.buyer, story.moment(ago - 1, SHIPPED), ship)


def ask_back(story: Story, buyer: str, copies: Mapping[int, int], note: str, *, ago: int, photo: bool = False) -> Told:
    """Plan that a partner asks to send slow copies back; the product finds the requests with which they came."""
    told = Told()

    def step(at: datetime) -> None:
        made = story.made
        lines = tuple(AskedLine(made.titles[f"QH26-{code}"].pk, many) for code, many in copies.items())
        new = NewReturnRequest(f"demo-{at:%y%m%d%H%M}", made.publisher.pk, made.firms[buyer].pk, ReturnReason.SLOW, lines, note)
        files = [NewFile("旧单据.png", PHOTO)] if photo else []
        told.id = ask_return(new, files, regulation=made.regulation_on(at), by=made.who(OWNERS[buyer], china_day(at)), at=at).pk

    story.plan(buyer, story.moment(ago, SUBMITTED), step)
    return told


def agree_back(story: Story, buyer: str, told: Told, *, ago: int) -> None:
    """Plan that the representative agrees to a return; in January, when it is beyond the new year's share, the procedure does."""

    def step(at: datetime) -> None:
        by, regulation = story.made.who("representative", china_day(at)), story.made.regulation_on(at)
        if ReturnRequest.objects.get(pk=told.id).within:
            agree_return(told.id, regulation=regulation, by=by, at=at)
        else:
            _send_up(told, {}, regulation, story, at)
            carry(ReturnRequest.objects.get(pk=told.id).approval_id or 0, at)

    story.plan(buyer, story.moment(ago, ACCEPTED), step)


def send_up(story: Story, buyer: str, told: Told, prices: Mapping[int, Decimal], *, ago: int) -> None:
    """Plan that the representative sends a return up, with a price for copies that no request explains; it waits there."""
    story.plan(buyer, story.moment(ago, ACCEPTED), lambda at: _send_up(told, prices, story.made.regulation_on(at), story, at))


def count_back(story: Story, buyer: str, told: Told, good: Mapping[int, int], damaged: Mapping[int, int], *, ago: int) -> None:
    """Plan that the goods of a return come and are counted: what is sound is credited."""

    def step(at: datetime) -> None:
        by = story.made.who("warehouse", china_day(at))
        count_return(told.id, Counted(good, damaged), regulation=story.made.regulation_on(at), by=by, at=at)

    story.plan(buyer, story.moment(ago, SHIPPED), step)


def transfer(story: Story, giver: str, taker: str, copies: Mapping[int, int], *, ago: int) -> None:
    """Plan that copies go from one partner to another: agreed by the procedure, asked for, accepted, counted by both, and booked."""
    request, told = Request(Wanted(taker, dict(copies), OWNERS[taker])), Told()

    def propose(at: datetime) -> None:
        made = story.made
        wanted = {made.titles[f"QH26-{code}"].pk: many for code, many in copies.items()}
        reason = "调出方积压，调入方急用，就近调剂。"
        new = NewTransfer(f"demo-{at:%y%m%d%H%M}", made.publisher.pk, made.firms[giver].pk, made.firms[taker].pk, wanted, reason)
        by = made.who("representative", china_day(at))
        asked = propose_transfer(new, regulation=made.regulation_on(at), by=by, at=at)
        carry(asked.approval_id or 0, at)
        told.id = asked.pk

    def order(at: datetime) -> None:
        by = story.made.who("representative", china_day(at))
        request.order = order_transfer(told.id, regulation=story.made.regulation_on(at), by=by, at=at).order_id or 0

    def count(at: datetime) -> None:
        counts = dict(enumerate(copies.values(), 1))
        for side, partner in enumerate((giver, taker)):
            confirm_transfer(told.id, taker=bool(side), counts=counts, by=story.made.who(OWNERS[partner], china_day(at)), at=at)

    def book(at: datetime) -> None:
        move_transfer(told.id, regulation=story.made.regulation_on(at), by=story.made.who("warehouse", china_day(at)), at=at)

    story.plan(taker, story.moment(ago, SUBMITTED), propose)
    story.plan(taker, story.moment(ago, SIGNED), order)
    story.accept(request, ago=ago)
    story.plan(taker, story.moment(ago - 1, ACCEPTED), count)
    story.plan(taker, story.moment(ago - 1, SHIPPED), book)


def _take_over(story: Story, at: datetime) -> None:
    """Take over what the books before said: money that waits for one partner, and older lots of two titles."""
    old = (story.made.day - timedelta(days=40)).isoformat()
    waiting = [TAIYUAN, "旧收-0417", old, "2400.00", story.made.firms[TAIYUAN].name]
    lots = [["QH26-306", old, "第 1 版第 3 次印刷", "180"], ["QH26-308", old, "第 2 版第 1 次印刷", "240"]]
    for kind, rows in ((OpeningKind.UNAPPLIED, [waiting]), (OpeningKind.STOCK, lots)):
        made = io.BytesIO()
        book: Any = xlsxwriter.Workbook(made)
        page = book.add_worksheet()
        for place, row in enumerate([[str(head_of(column)) for column in COLUMNS[kind]], *rows]):
            page.write_row(place, 0, row)
        book.close()
        day = china_day(at)
        finance, director = story.made.who("finance", day), story.made.who("director", day)
        name = "期初未核销款.xlsx" if kind is OpeningKind.UNAPPLIED else "期初库存.xlsx"
        file = prepare_file(kind, NewFile(name, made.getvalue()), on=story.made.day - timedelta(days=1), by=finance, at=at)
        sign_file(file.number, by=finance, at=at)
        book_file(file.number, regulation=story.made.regulation_on(at), by=director, at=at)


def _confirm_all(story: Story, at: datetime) -> None:
    """Let every partner confirm what came to it, whole."""
    for delivery in Delivery.objects.filter(state=DeliveryState.SENT.value).select_related("order__buyer").order_by("id"):
        by = story.made.who(OWNERS[delivery.order.buyer.code], china_day(at))
        receive_delivery(delivery.pk, Received(), regulation=story.made.regulation_on(at), by=by, at=at)


def _begin_count(story: Story, codes: Sequence[str], at: datetime) -> tuple[StockCount, dict[str, StockItem]]:
    made = story.made
    items = {item.product.code: item for item in StockItem.objects.filter(warehouse=made.warehouse, product__code__in=codes)}
    by = made.who("warehouse", china_day(at))
    return start_count(made.warehouse, [item.pk for item in items.values()], note="月度抽盘", by=by, at=at), items


def _count(story: Story, differs: Mapping[str, int], at: datetime) -> None:
    """Count titles, enter what differs from the books, and let the procedure decide."""
    count, items = _begin_count(story, tuple(differs), at)
    by, regulation = story.made.who("warehouse", china_day(at)), story.made.regulation_on(at)
    enter_counted(count.pk, {item.pk: OnShelf(0) for item in items.values()}, by=by, at=at)
    books = dict(count.lines.values_list("item__product__code", "book"))
    seen = {item.pk: OnShelf((books[code] or 0) + differs[code], "上架时放错格" if differs[code] else "") for code, item in items.items()}
    enter_counted(count.pk, seen, by=by, at=at)
    carry(send_count(count.pk, regulation=regulation, by=by, at=at).approval_id or 0, at)


def _send_up(told: Told, prices: Mapping[int, Decimal], regulation: Regulation, story: Story, at: datetime) -> None:
    by = story.made.who("representative", china_day(at))
    reason = "老客户换库清出的存书，品相完好，按进货价折让收回。"
    send_up_return(told.id, reason=reason, prices=prices, regulation=regulation, by=by, at=at)


def _difference_of(request: Request) -> str:
    return Difference.objects.filter(delivery__order_id=request.order).latest("id").number
