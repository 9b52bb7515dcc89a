"""Rows of the list of purchase requests: states, clocks and batches in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from lingqu.base.templatetags.words import clock
from lingqu.base.text import Text
from lingqu.credit.models import Batch
from lingqu.orders.models import Order
from lingqu.orders.present.laws import law_words
from lingqu.orders.present.words import days_word
from lingqu.orders.queries import OrderRow
from lingqu.orders.states import ORDERS, OrderState, Source
from lingqu.organisation.states import FIRM_KIND_WORDS, FirmKind

ORDER_TONES = {
    OrderState.PAPERS: "waiting",
    OrderState.HELD: "waiting",
    OrderState.REVIEW: "waivable",
    OrderState.REFUSED: "refused",
    OrderState.ACCEPTED: "progress",
    OrderState.PART_SHIPPED: "progress",
    OrderState.SHIPPED: "done",
    OrderState.DECLINED: "cancelled",
    OrderState.WITHDRAWN: "cancelled",
    OrderState.EXPIRED: "late",
    OrderState.CANCELLED: "cancelled",
    OrderState.MERGED: "cancelled",
}
"""The tint of a request's state, the same wherever a request is listed."""
GROUP_WORDS = {
    "all": Text("全部", "All"),
    "papers": Text("待合同", "Contract to come"),
    "waiting": Text("待受理", "To be answered"),
    "expired": Text("逾时", "Timed out"),
    "waivable": Text("待特批", "To be waived"),
    "shipping": Text("待发货", "To be shipped"),
    "unpaid": Text("未结", "Unpaid"),
}
_ENTERED = {
    Source.TELEPHONE: Text("电话代录", "by telephone"),
    Source.WECHAT: Text("微信代录", "by WeChat"),
    Source.FAX: Text("传真代录", "by fax"),
    Source.IMPORT: Text("导入", "imported"),
}
WAITING = (OrderState.HELD, OrderState.REVIEW)
FAILING = (OrderState.REVIEW, OrderState.REFUSED)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class Badge(msgspec.Struct, frozen=True):
    """A state as a word with its colour; `kind` is a key of the page's states."""

    kind: str
    text: Text


class Clock(msgspec.Struct, frozen=True):
    """The answer clock: since and until when, what is left in words, the share of the time gone in percent, and whether it is over."""

    since: datetime
    until: datetime
    left: Text
    gone: int
    tone: str


class Row(msgspec.Struct, frozen=True):
    """One line of the list."""

    order: Order
    other: str
    kind: Text
    grade: str
    source: Text | None
    badge: Badge
    failed: Text | None
    clock: Clock | None
    batch: Text | None
    paid: Badge | None


def rows_of(rows: list[OrderRow], *, firm: int, at: datetime, on: date) -> list[Row]:
    """Return the rows of the list as the people of a firm see them: a buyer sees its seller, a seller its buyer."""
    return [_row(row, firm, at, on) for row in rows]


def _row(row: OrderRow, firm: int, at: datetime, on: date) -> Row:
    order = row.order
    other = order.seller if order.buyer_id == firm else order.buyer
    return Row(
        order=order,
        other=other.name,
        kind=FIRM_KIND_WORDS[FirmKind(other.kind)],
        grade=row.grade,
        source=entered_words(Source(order.source)),
        badge=badge_of(order),
        failed=law_words(row.failed) if row.failed and order.state in FAILING else None,
        clock=clock_of(order, at=at),
        batch=batch_word(row.batch),
        paid=None if order.state == OrderState.CANCELLED.value else paid_badge(row.batch, on=on),
    )


def entered_words(source: Source) -> Text | None:
    """Return how a request came to the people who entered it for the partner; None for one that the partner sent itself."""
    return _ENTERED.get(source)


NO_CLOCK = Text("不计时", "no time limit")
"""Of a request in an agent's branch that has no answer time (M-16.3.1)."""


def badge_of(order: Order) -> Badge:
    """Return the state of a request as a badge."""
    state = OrderState(order.state)
    return Badge(ORDER_TONES[state], ORDERS.words[state])


def clock_of(order: Order, *, at: datetime) -> Clock | None:
    """Return the clock of a request that waits for an answer, or waited in vain; None for others.

    It runs from the moment at which request and contract were both there (M-16.3.1).
    """
    since, until = order.received_at or order.submitted_at, order.answer_until
    if until is None or OrderState(order.state) not in (*WAITING, OrderState.EXPIRED):
        return None
    left = until - at
    if left <= timedelta(0):
        return Clock(since, until, Text(f"超 {_span(-left).zh}", f"{_span(-left).en} late"), 100, "red")
    whole = until - since
    gone = 100 - int(left / whole * 100) if whole > timedelta(0) else 100
    words = Text(f"剩 {_span(left).zh}", f"{_span(left).en} left")
    return Clock(since, until, words, min(max(gone, 0), 100), "amber" if left < DAY else "")


def _span(left: timedelta) -> Text:
    """Days and hours; hours and minutes inside the last day."""
    days, rest = divmod(left, DAY)
    hours, rest = divmod(rest, HOUR)
    if days:
        return Text(f"{days} 天 {hours} 小时" if hours else f"{days} 天", f"{days} d {hours} h" if hours else f"{days} d")
    minutes = int(rest / timedelta(minutes=1))
    return Text(f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分钟", f"{hours} h {minutes} min" if hours else f"{minutes} min")


def until_word(until: datetime | None) -> Text:
    """Return until when an answer is due: 限 11-25 24:00; where no clock runs, that."""
    return Text(f"限 {clock(until)}", f"by {clock(until)}") if until else NO_CLOCK


def batch_word(batch: Batch | None) -> Text | None:
    """Return the number of a batch at its partner; None without one."""
    return Text(f"第{batch.number}批", f"Batch {batch.number}") if batch else None


def due_on(batch: Batch) -> date | None:
    """Return the day from which a batch is due: the earlier of its two."""
    return min((one for one in (batch.triggered_due_on, batch.backstop_due_on) if one), default=None)


def paid_badge(batch: Batch | None, *, on: date) -> Badge | None:
    """Return whether a batch is paid: settled, open, or by how many days it is past due; None without a batch."""
    if batch is None:
        return None
    if batch.settled_on:
        return Badge("settled", Text("已结清", "Settled"))
    due = due_on(batch)
    if due and due < on:
        days = (on - due).days
        return Badge("overdue", Text(f"逾期{days}天", f"{days_word(days).en} overdue"))
    return Badge("open", Text("未结", "Open"))
