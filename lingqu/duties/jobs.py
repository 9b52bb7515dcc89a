"""Background jobs of duties."""

from __future__ import annotations

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.duties.actions import send_reminders


@app.periodic(cron="5 0-12 * * *")
@app.task(queueing_lock="remind_of_duties", name="duties.remind")
def remind(timestamp: int) -> int:
    """Remind of duties every hour of the day in China, 08:05 to 20:05; a second run on a day finds nothing left to say."""
    del timestamp
    at = now()
    return send_reminders(on=china_day(at), at=at)
