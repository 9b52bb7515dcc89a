"""Background jobs of purchase requests."""

from __future__ import annotations

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.orders.actions import expire_order, remind_of_answers, tell_late_answers
from lingqu.orders.queries import late_requests
from lingqu.policy.queries import regulation_in_force


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="expire_requests", name="orders.expire_requests")
def expire_requests(timestamp: int) -> int:
    """Release held requests whose answer time ended, every minute; a second run finds nothing left to do."""
    del timestamp
    at = now()
    return sum(expire_order(order, at=at) for order in late_requests(at=at))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="ring_answer_clock", name="orders.ring_answer_clock")
def ring_answer_clock(timestamp: int) -> int:
    """Remind of answers that are nearly due and tell those above of late ones, every ten minutes; a second run says nothing twice."""
    del timestamp
    at = now()
    calendar = regulation_in_force(on=china_day(at)).calendar
    return remind_of_answers(at=at) + tell_late_answers(calendar=calendar, at=at)
