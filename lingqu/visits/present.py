"""Visits in words."""

from __future__ import annotations

from datetime import date

from lingqu.base.text import Text
from lingqu.policy.queries import regulation_in_force
from lingqu.visits.models import Visit
from lingqu.visits.queries import visits_made
from lingqu.visits.rules import still_owed
from lingqu.visits.states import ALSO_WORDS, Also


def also_words(visit: Visit) -> Text | None:
    """Return what else was done on the way, None for nothing."""
    words = [ALSO_WORDS[Also(one)] for one in visit.also]
    return Text("、".join(one.zh for one in words), ", ".join(one.en for one in words)) if words else None


def this_year(visit: Visit) -> Text:
    """Return how many visits the partner had in the year of the visit, and how many the regulation asks for (M-15.1, `visits_per_year`)."""
    day = visit.visited_on or visit.planned_on
    done = visits_made(visit.partner_id, since=date(day.year, 1, 1), until=date(day.year + 1, 1, 1))
    rhythm = regulation_in_force(on=day).parameters.visits_per_year.get(visit.partner.kind)
    if rhythm is None:
        return Text(f"{done} 次", f"{done}")
    owed = still_owed(done, rhythm.visits)
    return Text(f"{done} 次，至少 {rhythm.visits} 次，还差 {owed} 次", f"{done} of at least {rhythm.visits}, {owed} to come")
