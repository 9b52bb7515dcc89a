"""Bring in the list of holidays of a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.database import run
from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text
from lingqu.duties.access import CALENDAR_POSTS, may_import_calendar
from lingqu.duties.actions.moving import move_open_duties
from lingqu.duties.models import CalendarYear
from lingqu.duties.queries import newest_import, working_calendar
from lingqu.duties.rules import check_days
from lingqu.organisation.queries import Acting

LONGEST_SOURCE = 200
# One import after the other, whatever their years: what is known is kept by the newest import's id, and none may land below it later.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('working calendar'))"


@transaction.atomic
def import_calendar(year: int, days: Mapping[date, bool], source: str, *, by: Acting, at: datetime) -> tuple[CalendarYear, int]:
    """Import the list of a year, which wins over earlier ones, move the open duties that it touches; return it and how many moved.

    `days` are the exceptions only: True for a weekend that is worked, False for a weekday that is off. Refuses (403) everybody but HQ's
    director, deputy, manager and finance head, and a list that cannot be one. The same list again changes nothing, two at once
    wait for each other.
    """
    if not may_import_calendar(by):
        raise forbidden(
            Text("放假安排由总部主任、副主任、营销主管或财务主管导入。", "HQ's director, deputy, manager or finance head imports holidays.")
        )
    words = source.strip()
    if not words or len(words) > LONGEST_SOURCE or "\x00" in words:
        raise bad_input(
            "source", Text("请写明来源，如国务院办公厅通知的文号。", "Name the source, such as the number of the State Council's notice.")
        )
    check_days(year, days)
    plain = {day.isoformat(): works for day, works in sorted(days.items())}
    run(_LOCK, ())
    known = newest_import(year)
    if known is not None and (known.days, known.source) == (plain, words):
        return known, 0
    imported = CalendarYear.objects.create(year=year, days=plain, source=words, imported_by_id=by.person, imported_at=at)
    first, last = date(year - 1, 12, 1), date(year + 1, 1, 31)
    moved = move_open_duties(working_calendar(), by=by.person, at=at, first=first, last=last)
    after = {"year": year, "source": words, "exceptions": len(plain), "moved": moved}
    before = {"import": known.pk} if known else {}
    absent = by.for_whom(CALENDAR_POSTS, by.firm)
    record([Deed("import_calendar", "calendar_year", imported.pk, after, before, on_behalf_of=absent)], by=by.person, at=at)
    return imported, moved
