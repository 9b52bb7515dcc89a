"""Background jobs of notices: what waits is sent right after it was written, and every minute what was left."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final

from procrastinate import RetryStrategy

from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.notices.actions import MailNotTakenError, deliver_next, mail_reset
from lingqu.notices.queries import next_due

LONGEST: Final = timedelta(seconds=40)
"""A job ends after this time, so that slow services leave the worker to others; the next minute goes on."""

SHORT_REST: Final = timedelta(seconds=4)


@app.task(name="notices.send_waiting")
def send_waiting() -> int:
    """Send what is due and return how many steps that took; deferred in the transaction that wrote the messages."""
    return send_due()


@app.task(name="notices.mail_reset", retry=RetryStrategy(max_attempts=4, wait=60, exponential_wait=0, retry_exceptions={MailNotTakenError}))
def mail_reset_link(person: int) -> bool:
    """Mail who forgot the password a link; a server that does not take it is asked four times more, a minute apart."""
    return mail_reset(person, at=now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_left", name="notices.send_left")
def send_left(timestamp: int) -> int:
    """Send what is due again after a failure, or was left by a worker that died; every minute."""
    del timestamp
    return send_due()


def send_due() -> int:
    """Send message by message until nothing is due, and return the steps: tries, and rests. Waits for a channel that rests for a moment."""
    done, end = 0, now() + LONGEST
    while (at := now()) < end:
        if deliver_next(at=at):
            done += 1
        elif not _rest(next_due(), at):
            break
    return done


def _rest(due: datetime | None, at: datetime) -> bool:
    """Wait for the next message when it is due in a moment; return whether it is."""
    if due is None or not at < due <= at + SHORT_REST:
        return False
    time.sleep((due - at).total_seconds())
    return True
