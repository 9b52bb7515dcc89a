"""Background jobs of going live: a workbook of many rows is taken over, and how far it is can be seen meanwhile."""

from __future__ import annotations

import logging
from contextlib import closing

from django.db import connection

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.actions import review_line
from lingqu.opening.actions import fail_file, finish_file
from lingqu.opening.queries import lines_of
from lingqu.policy.queries import regulation_in_force

logger = logging.getLogger("lingqu.opening")


@app.task(name="opening.finish_file")
def take_file_over(file: int) -> bool:
    """Take a queued workbook over, whole; when that is refused or fails, put it back with the reason. A second run does nothing."""
    at = now()
    with closing(connection.copy()) as beside:

        def tell(done: int) -> None:
            with beside.cursor() as cursor:
                cursor.execute("UPDATE opening_openingprogress SET done = %s WHERE file_id = %s", (done, file))

        try:
            regulation = regulation_in_force(on=china_day(at))
            done = finish_file(file, regulation=regulation, at=at, told=tell)
        except Refusal as no:
            return fail_file(file, no.text, at=at)
        except Exception:
            logger.exception("workbook %s could not be taken over", file)
            why = Text("系统出错，未作任何更改，请再试一次。", "The product failed; nothing was changed. Try once more.")
            fail_file(file, why, at=at)
            raise
    # Each line in a transaction of its own: nobody waits long, and what is cut short the review of every ten minutes does.
    for line in lines_of(file) if done else []:
        review_line(line, regulation=regulation, at=at)
    return done
