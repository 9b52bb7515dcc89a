"""Background jobs of purchase requests."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app, for_each
from lingqu.orders.actions import (
    expire_order,
    remind_of_answers,
    remind_of_receipts,
    reserve_for_back_orders,
    tell_late_answers,
    tell_may_pass,
)
from lingqu.orders.queries import back_orders_to_reserve, failed_requests, late_requests
from lingqu.policy.queries import regulation_in_force


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="expire_requests", name="orders.expire_requests")
def expire_requests(timestamp: int) -> int:
    """Release held requests whose answer time ended, every minute; a second run finds nothing left to do."""
    del timestamp
    at = now()
    return for_each(late_requests(at=at), lambda order: expire_order(order, at=at))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="ring_answer_clock", name="orders.ring_answer_clock")
def ring_answer_clock(timestamp: int) -> int:
    """Remind of answers that are nearly due and tell those above of late ones, every ten minutes; a second run says nothing twice."""
    del timestamp
    at = now()
    calendar = regulation_in_force(on=china_day(at)).calendar
    bells = (lambda: remind_of_answers(at=at), lambda: tell_late_answers(calendar=calendar, at=at))
    return for_each(bells, lambda ring: ring())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="keep_for_back_orders", name="orders.keep_for_back_orders")
def keep_for_back_orders(timestamp: int) -> int:
    """Keep copies that came free (returns, counts, requests cancelled) for accepted requests that wait, every ten minutes."""
    del timestamp
    at = now()
    return for_each(back_orders_to_reserve().items(), lambda waiting: reserve_for_back_orders(*waiting, at=at))


@app.periodic(cron="5-59/10 * * * *")
@app.task(queueing_lock="look_at_failed_requests", name="orders.look_at_failed_requests")
def look_at_failed_requests(timestamp: int) -> int:
    """Tell of failed requests that would pass since money or goods came in, every ten minutes; each once for a decision."""
    del timestamp
    at = now()
    regulation = regulation_in_force(on=china_day(at))
    return for_each(_all_failed(), lambda order: tell_may_pass(order, regulation=regulation, at=at))


def _all_failed() -> Iterator[int]:
    last = 0
    while found := failed_requests(after=last):
        yield from found
        last = found[-1]


@app.periodic(cron="20 0-12 * * *")
@app.task(queueing_lock="remind_of_receipts", name="orders.remind_of_receipts")
def remind_to_confirm(timestamp: int) -> int:
    """Remind of deliveries that nobody confirmed in time, every hour of the day in China, 08:20 to 20:20; each is told once."""
    del timestamp
    at = now()
    return remind_of_receipts(regulation=regulation_in_force(on=china_day(at)), at=at)
