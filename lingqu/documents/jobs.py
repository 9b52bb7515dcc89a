"""Background jobs of documents: long lists are made into workbooks; those whose day is over, and notes of forms, are deleted."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from lingqu.base.access import entry_for
from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.jobs import app
from lingqu.base.refusal import Refusal
from lingqu.base.sheets import write_workbook
from lingqu.base.text import Language, Text, use_language
from lingqu.documents.actions import delete_expired, fail_export, finish_export, forget_forms, note_rows, start_export
from lingqu.documents.models import Export
from lingqu.documents.pages import must_come
from lingqu.documents.queries import Ask, RowOut, list_called, may_still_see, rows_out, sheets_out
from lingqu.organisation.queries import acting, still_in

logger = logging.getLogger("lingqu.documents")
TOLD_EVERY = 1_000
"""Rows after which a waiting person sees how far it is."""

BROKEN = Text("系统出错，未能生成，请再试一次。", "The product failed; try once more.")
NO_LONGER = Text("您的岗位已变更，请重新导出。", "Your posts have changed; take the list out again.")


@app.task(name="documents.make_export")
def make_export(export: int) -> int:
    """Make an export that was asked for and return its rows; one that is gone or done already is left. Refusals are kept as its reason."""
    found = start_export(export)
    if found is None:
        return 0
    try:
        return _make(found)
    except Refusal as refusal:
        fail_export(export, refusal.text, at=now())
        return 0
    except Exception:
        logger.exception("export %s could not be made", export)
        fail_export(export, BROKEN, at=now())
        raise


def _make(export: Export) -> int:
    at = now()
    who = acting(export.owner, on=china_day(at))
    made = list_called(export.list)
    entry = entry_for(made.route)
    if (
        not may_still_see(export, who)
        or not still_in(export.owner_id, on=china_day(at))
        or entry is None
        or not must_come(entry, "GET", who)
    ):
        raise Refusal("no_longer", NO_LONGER, status=403)
    counted = [0]
    language: Language = "en" if export.language == "en" else "zh"
    use_language(language)
    ask = Ask(who, export.given, china_day(at), at)
    rows = _told(export, rows_out(made, ask), counted)
    content = write_workbook(sheets_out(made, ask, rows), language=language, author=who.name, at=at)
    _must_still_see(export)
    finish_export(export.pk, content, rows=counted[0], at=now())
    return counted[0]


def _must_still_see(export: Export) -> None:
    """Refuse to go on for who was disabled, or lost the post, while the list was made."""
    on = china_day(now())
    if not still_in(export.owner_id, on=on) or not may_still_see(export, acting(export.owner, on=on)):
        raise Refusal("no_longer", NO_LONGER, status=403)


def _told(export: Export, rows: Iterable[RowOut], counted: list[int]) -> Iterator[RowOut]:
    """Pass rows on, count them, and look now and then whether they may still be seen, and say how many there were."""
    for row in rows:
        counted[0] += 1
        if counted[0] % TOLD_EVERY == 0:
            _must_still_see(export)
            note_rows(export.pk, counted[0])
        yield row


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="delete_expired_exports", name="documents.delete_expired")
def delete_old(timestamp: int) -> int:
    """Delete the exports whose day is over; every hour."""
    del timestamp
    return delete_expired(at=now())


@app.periodic(cron="29 * * * *")
@app.task(queueing_lock="forget_forms", name="documents.forget_forms")
def forget_old_forms(timestamp: int) -> int:
    """Delete the notes of forms that were sent seven days ago, every hour; a second run finds nothing left."""
    del timestamp
    done = 0
    while gone := forget_forms(at=now()):
        done += gone
    return done
