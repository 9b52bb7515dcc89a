"""Background jobs of organisation."""

from __future__ import annotations

from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.organisation.actions import forget_answers, forget_sessions, forget_tries


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="forget_answers", name="organisation.forget_answers")
def forget_old_answers(timestamp: int) -> int:
    """Delete the answers to programs that were kept for seven days, every hour; a second run finds nothing left."""
    del timestamp
    done = 0
    while gone := forget_answers(at=now()):
        done += gone
    return done


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="forget_tries", name="organisation.forget_tries")
def forget_old_tries(timestamp: int) -> int:
    """Delete failed tries of more than a day, and sessions whose time is over, every hour; a second run finds nothing left."""
    del timestamp
    at, done = now(), 0
    forget_sessions(at=at)
    while gone := forget_tries(at=at):
        done += gone
    return done
