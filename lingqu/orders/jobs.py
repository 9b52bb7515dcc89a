"""Background jobs of purchase requests."""

from __future__ import annotations

from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.orders.actions import expire_order
from lingqu.orders.queries import late_requests


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="expire_requests", name="orders.expire_requests")
def expire_requests(timestamp: int) -> int:
    """Release held requests whose answer time ended, every minute; a second run finds nothing left to do."""
    del timestamp
    at = now()
    return sum(expire_order(order, at=at) for order in late_requests(at=at))
