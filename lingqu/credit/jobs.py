"""Background jobs of credit."""

from __future__ import annotations

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.credit.actions import end_temporary_limit, follow_table, review_line, void_idle_approval, void_paid_write_off
from lingqu.credit.queries import idle_requests, lines_to_review, over_temporary, paid_write_offs
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


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="review_holds", name="credit.review_holds")
def review_all_holds(timestamp: int) -> int:
    """Let holds follow what is overdue, and ask for the steps of collecting: at midnight in China and every ten minutes."""
    del timestamp
    at = now()
    on = china_day(at)
    regulation = regulation_in_force(on=on)
    ahead = max((-step.days for step in regulation.parameters.collection_steps.values()), default=0)
    done, last = 0, 0
    while lines := lines_to_review(on=on, ahead=max(ahead, 0), after=last):
        for line in lines:
            review_line(line, regulation=regulation, at=at)
        done, last = done + len(lines), lines[-1]
    return done


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="void_idle_approvals", name="credit.void_idle_approvals")
def void_idle_approvals(timestamp: int) -> int:
    """Ask nobody any more about holds that have ended by themselves, every minute."""
    del timestamp
    at = now()
    return sum(void_idle_approval(request, at=at) for request in idle_requests())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="void_paid_write_offs", name="credit.void_paid_write_offs")
def void_paid_write_offs(timestamp: int) -> int:
    """Ask nobody any more about write-offs whose batch was paid meanwhile, every minute."""
    del timestamp
    at = now()
    return sum(void_paid_write_off(document, at=at) for document in paid_write_offs())
