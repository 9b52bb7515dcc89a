"""Background jobs of credit."""

from __future__ import annotations

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.credit.actions import end_temporary_limit, follow_table
from lingqu.credit.queries import over_temporary
from lingqu.policy.queries import regulation_in_force


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="end_temporary_limits", name="credit.end_temporary_limits")
def end_temporary_limits(timestamp: int) -> int:
    """End temporary raises whose last day has passed, every hour; a second run finds nothing left to do."""
    del timestamp
    at = now()
    return sum(end_temporary_limit(proposal, at=at) for proposal in over_temporary(on=china_day(at)))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="follow_table", name="credit.follow_the_table")
def follow_the_table(timestamp: int) -> int:
    """Give lines the limits of the table in force, every minute: a version that was issued ahead comes into force at midnight."""
    del timestamp
    at = now()
    regulation = regulation_in_force(on=china_day(at))
    changed, followed = 0, follow_table(regulation=regulation, at=at)
    while followed.lines and followed.more:
        changed, followed = changed + followed.lines, follow_table(regulation=regulation, at=at)
    return changed + followed.lines
