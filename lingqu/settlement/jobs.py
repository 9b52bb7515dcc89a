"""Background jobs of settlement: statements are issued on their day, and partners reminded once when no answer came."""

from __future__ import annotations

import logging

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.policy.queries import regulation_in_force
from lingqu.settlement.actions import issue_on_its_day, remind_statement
from lingqu.settlement.queries import lines_to_state, statements_to_remind
from lingqu.settlement.rules import month_due, month_of

logger = logging.getLogger("lingqu.settlement")


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="issue_statements", name="settlement.issue_statements")
def issue_statements(timestamp: int) -> int:
    """From the statement day on issue what is missing of the month before, every hour, each statement for itself; return how many.

    What cannot be issued is told to its finance and tried again by the next run; else a second run finds nothing left to do.
    """
    del timestamp
    at = now()
    regulation = regulation_in_force(on=china_day(at))
    month = month_due(china_day(at), regulation.parameters.statement_day)
    if month is None:
        return 0
    lines = lines_to_state(*month_of(month))
    issued = sum(issue_on_its_day(line, month, regulation=regulation, at=at) for line in lines)
    if issued < len(lines):
        logger.warning("%d statements of %s could not be issued", len(lines) - issued, f"{month:%Y-%m}")
    return issued


@app.periodic(cron="43 0 * * *")
@app.task(queueing_lock="remind_statements", name="settlement.remind_statements")
def remind_statements(timestamp: int) -> int:
    """Remind partners who let the time to answer pass, each once."""
    del timestamp
    at = now()
    late = statements_to_remind(on=china_day(at))
    for statement in late:
        remind_statement(statement, at=at)
    return len(late)
