"""The course of a request: its steps with their dates, and the batches of its credit line."""

from __future__ import annotations

from datetime import date

from lingqu.base.calendar import china_day
from lingqu.base.templatetags.words import clock, copies, day
from lingqu.base.text import Text
from lingqu.credit.models import Batch
from lingqu.orders.models import Order
from lingqu.orders.present.rows import NO_CLOCK, due_on, paid_badge, until_word
from lingqu.orders.present.shapes import BatchChip, Step
from lingqu.orders.present.words import days_word
from lingqu.orders.queries import WholeOrder
from lingqu.orders.states import OrderState, OrderVerb

OPEN_STATES = (OrderState.PAPERS, OrderState.HELD, OrderState.REVIEW, OrderState.REFUSED, OrderState.EXPIRED)


def steps_of(whole: WholeOrder, *, on: date) -> list[Step]:
    """Return the steps of a request in their order: submitted, decided, signed specially where that is so, accepted, shipped, settled."""
    order, state = whole.order, OrderState(whole.order.state)
    steps = [
        Step(Text("提交", "Submitted"), clock(order.submitted_at, "start"), "done"),
        *_contract(whole, state),
        _decided(whole, state),
        *_waived(whole, state),
        _accepted(order, state),
        _shipped(whole, state),
        _settled(whole, state, on),
    ]
    ended = next((place for place, step in enumerate(steps) if step.state == "stopped"), None)
    return steps if ended is None else steps[: ended + 1]


def _contract(whole: WholeOrder, state: OrderState) -> list[Step]:
    """Return the step of the stamped contract, where the request needs one of its own."""
    if not whole.order.needs_contract:
        return []
    name = Text("盖章合同", "Contract")
    if state is OrderState.PAPERS:
        return [Step(name, Text("待交，交后开始计时", "to be handed in; then the clock starts"), "now")]
    came = max((fact.at for fact in whole.facts if fact.verb == OrderVerb.HAND_IN.value), default=None)
    return [Step(name, clock(came, "start"), "done")] if came else [Step(name, Text("未交", "not handed in"), "next")]


def _decided(whole: WholeOrder, state: OrderState) -> Step:
    newest = whole.decisions[0] if whole.decisions else None
    note = clock(newest.at, "start") if newest else ""
    if state is OrderState.REFUSED:
        return Step(Text("判定", "Decided"), Text(f"不可特批 {note}", f"refused {note}"), "stopped")
    return Step(Text("判定", "Decided"), note, "done" if newest and state is not OrderState.PAPERS else "next")


def _waived(whole: WholeOrder, state: OrderState) -> list[Step]:
    name = Text("特批", "Waiver")
    if state is OrderState.REVIEW:
        until = clock(whole.order.answer_until)
        return [Step(name, Text(f"答复限 {until}", f"answer by {until}") if whole.order.answer_until else NO_CLOCK, "now")]
    return [Step(name, clock(whole.waivers[-1].signed_at, "start"), "done")] if whole.waivers else []


def _accepted(order: Order, state: OrderState) -> Step:
    name = Text("受理", "Accepted")
    if state is OrderState.MERGED:
        return Step(name, Text("已并入他单", "merged into another"), "stopped")
    if order.accepted_at:
        return Step(name, clock(order.accepted_at, "start"), "done")
    if state is OrderState.HELD:
        return Step(name, until_word(order.answer_until), "now")
    ended = {
        OrderState.DECLINED: Text("已退回", "declined"),
        OrderState.WITHDRAWN: Text("已撤回", "withdrawn"),
        OrderState.EXPIRED: Text(f"{clock(order.answer_until)} 逾时", f"ended {clock(order.answer_until)}"),
    }.get(state)
    return Step(name, ended, "stopped") if ended else Step(name, "", "next")


def _shipped(whole: WholeOrder, state: OrderState) -> Step:
    name, order = Text("发货", "Shipped"), whole.order
    if state is OrderState.CANCELLED:
        return Step(name, Text("已取消", "cancelled"), "stopped")
    if state is OrderState.SHIPPED:
        return Step(name, clock(whole.deliveries[-1].shipped_at, "start") if whole.deliveries else "", "done")
    if state is OrderState.PART_SHIPPED:
        sent = copies(sum(line.shipped for line in whole.lines))
        return Step(name, Text(f"已发 {sent} / {copies(order.copies)}册", f"{sent} of {copies(order.copies)} copies"), "now")
    if state is OrderState.ACCEPTED:
        return Step(name, Text(f"拟 {day(order.ship_on, 'short')}", f"planned {day(order.ship_on, 'short')}"), "now")
    return Step(name, "", "next")


def _settled(whole: WholeOrder, state: OrderState, on: date) -> Step:
    name, order, batch = Text("结清", "Settled"), whole.order, whole.batch
    if order.settled_on:
        return Step(name, day(order.settled_on, "short"), "done")
    if batch is None:
        coming = (whole.credit.last_batch + 1) if whole.credit and state in OPEN_STATES else None
        return Step(name, Text(f"将成为第{coming}批", f"becomes batch {coming}") if coming else "", "next")
    due = due_on(batch)
    mine = Text(f"第{batch.number}批", f"batch {batch.number}")
    if due is None:
        return Step(name, Text(f"{mine.zh}，未到期", f"{mine.en}, not due"), "next" if state is not OrderState.SHIPPED else "now")
    short = day(due, "short")
    if due < on:
        days = (on - due).days
        return Step(
            name,
            Text(f"{mine.zh}，逾期{days}天", f"{mine.en}, {days_word(days).en} overdue"),
            "stopped" if state is OrderState.SHIPPED else "now",
        )
    return Step(name, Text(f"{mine.zh}，{short} 到期", f"{mine.en}, due {short}"), "next" if state is not OrderState.SHIPPED else "now")


def batches_of(whole: WholeOrder, *, on: date) -> list[BatchChip]:
    """Return the batches of the credit line: the last settled, the open ones, and this request as the one to come."""
    chips = [_chip(batch, whole.order, on) for batch in whole.batches]
    state = OrderState(whole.order.state)
    if whole.credit and state in (OrderState.HELD, OrderState.REVIEW) and whole.order.net:
        waits = Text("待受理", "to be accepted") if state is OrderState.HELD else Text("待特批", "to be waived")
        number = whole.credit.last_batch + 1
        chips.append(
            BatchChip(
                Text(f"第{number}批", f"Batch {number}"),
                "planned",
                Text("本单", "This one"),
                whole.order.number,
                china_day(whole.order.submitted_at),
                whole.order.net,
                Text("共", "total"),
                waits,
            )
        )
    return chips


def _chip(batch: Batch, order: Order, on: date) -> BatchChip:
    badge = paid_badge(batch, on=on)
    own, due = batch.document_id == order.pk, due_on(batch)
    note = Text("本单", "this one") if own else None
    if not batch.settled_on and due and due >= on:
        short = day(due, "short")
        note = Text(f"{'本单，' if own else ''}{short} 到期", f"{'this one, ' if own else ''}due {short}")
    settled = bool(batch.settled_on)
    return BatchChip(
        Text(f"第{batch.number}批", f"Batch {batch.number}"),
        badge.kind if badge else "open",
        badge.text if badge else Text("未结", "Open"),
        batch.request,
        batch.opened_on,
        batch.value if settled else batch.value - batch.applied,
        Text("共", "total") if settled else Text("欠", "owed"),
        note,
        "" if own else f"../{batch.request}/",
    )
