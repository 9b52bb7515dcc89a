"""Background jobs of returns."""

from __future__ import annotations

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app, for_each
from lingqu.returns.actions import lapse_return
from lingqu.returns.queries import overdue_returns


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="lapse_returns", name="returns.lapse_returns")
def lapse_returns(timestamp: int) -> int:
    """Let agreed returns lapse whose goods did not come in time, every hour; a second run finds nothing left to do."""
    del timestamp
    at = now()
    return for_each(overdue_returns(on=china_day(at)), lambda request: lapse_return(request, at=at))
