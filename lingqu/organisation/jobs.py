"""Background jobs of organisation."""

from __future__ import annotations

from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.organisation.actions import forget_answers


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="forget_answers", name="organisation.forget_answers")
def forget_old_answers(timestamp: int) -> int:
    """Delete the answers to programs that were kept for seven days, every hour; a second run finds nothing left."""
    del timestamp
    done = 0
    while gone := forget_answers(at=now()):
        done += gone
    return done
