"""Background jobs of approvals."""

from __future__ import annotations

from itertools import chain

from lingqu.approvals.actions import escalate_step, refresh_signers
from lingqu.approvals.queries import late_steps, open_steps
from lingqu.base.clock import now
from lingqu.base.jobs import app, for_each


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="approvals_late", name="approvals.look_after_steps")
def look_after_steps(timestamp: int) -> int:
    """Hand late steps up and let those sign who hold the posts now, every five minutes; return how many steps changed."""
    del timestamp
    at = now()
    late = ((escalate_step, step) for step in late_steps(at=at))
    return for_each(chain(late, ((refresh_signers, step) for step in open_steps())), lambda one: one[0](one[1], at=at))
