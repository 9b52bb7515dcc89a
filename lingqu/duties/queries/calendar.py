"""The working calendar as it is known now, and where each of its years is known from."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec

from lingqu.base.calendar import OFFICIAL, WorkingCalendar
from lingqu.base.database import rows
from lingqu.duties.models import CalendarYear


class KnownYear(msgspec.Struct, frozen=True):
    """A year of the working calendar: published at all, brought by the product, and the newest import of it if there is one."""

    year: int
    published: bool
    brought: bool
    imported: CalendarYear | None


def working_calendar() -> WorkingCalendar:
    """Return the working calendar: the lists that the product brings and the years that were imported. One statement."""
    (row,) = rows("SELECT coalesce(max(id), 0) AS newest FROM duties_calendaryear", ())
    return calendar_up_to(row.newest)


@lru_cache(maxsize=8)
def calendar_up_to(newest: int) -> WorkingCalendar:
    """Return the working calendar with the imports up to the one with this id; 0 for none. Imports are never changed."""
    if not newest:
        return OFFICIAL
    imported = {
        year.year: {date.fromisoformat(day): bool(works) for day, works in year.days.items()}
        for year in CalendarYear.objects.filter(pk__lte=newest).order_by("pk")
    }
    return WorkingCalendar(imported)


def newest_import(year: int) -> CalendarYear | None:
    """Return the import of the year that holds now, None when nobody imported one."""
    return CalendarYear.objects.filter(year=year).select_related("imported_by").order_by("-pk").first()


def known_years(first: int, last: int) -> list[KnownYear]:
    """Return the years from the first to the last, newest first, with where each is known from; imports of other years are added."""
    imports = {year.year: year for year in CalendarYear.objects.select_related("imported_by").order_by("pk")}
    years = sorted({*range(first, last + 1), *imports}, reverse=True)
    brought = {year: OFFICIAL.is_published(year) for year in years}
    return [KnownYear(year, brought[year] or year in imports, brought[year], imports.get(year)) for year in years]
