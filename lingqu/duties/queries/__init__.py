"""Read duties: the working calendar, who is responsible, lists and pages, and what others measure by."""

from __future__ import annotations

from lingqu.duties.queries.calendar import CALENDAR_MARK, KnownYear, calendar_marked, known_years, newest_import, working_calendar
from lingqu.duties.queries.lists import (
    Asked,
    Group,
    duties_due,
    late_groups,
    list_duties,
    month_groups,
    rules_seen,
    together_with,
)
from lingqu.duties.queries.measures import (
    InboxCounts,
    Punctuality,
    inbox_counts,
    next_duties,
    on_time_rate,
)
from lingqu.duties.queries.one import attachment_to_see, duty_to_see, names_of, paper_to_see, papers_of_duty
from lingqu.duties.queries.people import holders, people_of_relation, reach, register_relation, responsible_people
from lingqu.duties.queries.written import register_written, written_at

__all__ = [
    "CALENDAR_MARK",
    "Asked",
    "Group",
    "InboxCounts",
    "KnownYear",
    "Punctuality",
    "attachment_to_see",
    "calendar_marked",
    "duties_due",
    "duty_to_see",
    "holders",
    "inbox_counts",
    "known_years",
    "late_groups",
    "list_duties",
    "month_groups",
    "names_of",
    "newest_import",
    "next_duties",
    "on_time_rate",
    "paper_to_see",
    "papers_of_duty",
    "people_of_relation",
    "reach",
    "register_relation",
    "register_written",
    "responsible_people",
    "rules_seen",
    "together_with",
    "working_calendar",
    "written_at",
]
