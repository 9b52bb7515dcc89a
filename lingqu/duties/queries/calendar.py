"""The working calendar as it is known now, and where each of its years is known from."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from lingqu.base.calendar import OFFICIAL, WorkingCalendar
from lingqu.base.database import rows
from lingqu.duties.models import CalendarYear

CALENDAR_MARK: Final = "(SELECT max(id) || ' ' || md5(string_agg(year || ' ' || days::text, ';' ORDER BY id)) FROM duties_calendaryear)"
"""An expression of SQL that marks what is imported: the newest import and a hash of what all say, NULL without any."""


class KnownYear(msgspec.Struct, frozen=True):
    """A year of the working calendar: published at all, brought by the product, and the newest import of it if there is one."""

    year: int
    published: bool
    brought: bool
    imported: CalendarYear | None


def working_calendar() -> WorkingCalendar:
    """Return the working calendar: the lists that the product brings and the years that were imported. One statement."""
    (row,) = rows(f"SELECT {CALENDAR_MARK} AS mark", ())
    return calendar_marked(row.mark)


@lru_cache(maxsize=8)
def calendar_marked(mark: str | None) -> WorkingCalendar:
    """Return the working calendar with the imports that a `CALENDAR_MARK` stands for. Imports are never changed.

    A hash belongs to the mark because ids are those of one database only.
    """
    if not mark:
        return OFFICIAL
    newest = int(mark.partition(" ")[0])
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
