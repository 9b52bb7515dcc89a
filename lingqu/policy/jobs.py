"""Background jobs of the regulation."""

from __future__ import annotations

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.duties.actions import make_duties
from lingqu.policy.queries import adopted_pack, issuers, regulation_in_force


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="make_duties", name="policy.make_duties")
def make_the_duties(timestamp: int) -> int:
    """Make the duties of the regulation in force, every ten minutes and when the worker starts; a second run makes nothing."""
    del timestamp
    at = now()
    on = china_day(at)
    if not adopted_pack(on=on):
        return 0
    regulation = regulation_in_force(on=on)
    rules = list(regulation.duties.values())
    return sum(
        make_duties(rules, issuer=issuer, regulation=regulation.reference, calendar=regulation.calendar, on=on, at=at)
        for issuer in issuers(on=on)
    )
