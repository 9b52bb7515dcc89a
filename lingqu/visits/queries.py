"""Whom one may visit, and how many visits there were."""

from __future__ import annotations

from datetime import date

from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.partners.models import Partner
from lingqu.partners.queries import represented_by
from lingqu.visits.access import HEADS
from lingqu.visits.models import Visit
from lingqu.visits.states import VisitState

MOST_PARTNERS = 500
COUNTED = (VisitState.REVIEW.value, VisitState.CONFIRMED.value)
"""A visit counts once its record is handed in, unless the appraiser does not accept it."""


def partners_to_visit(who: Acting, *, on: date) -> list[Firm]:
    """Return the partners whom the person may visit, by name, at most 500: the heads all, a representative those of theirs."""
    found = Firm.objects.filter(pk__in=Partner.objects.filter(seller_id=who.firm).values("firm_id"))
    if not who.holds_any(HEADS, who.firm):
        absent = [person for (_, firm), person in who.lent.items() if firm == who.firm]
        found = found.filter(pk__in=[firm for person in (who.person, *absent) for firm in represented_by(person, who.firm, on)])
    return list(found.order_by("pinyin", "pk")[:MOST_PARTNERS])


def visits_made(firm: int, *, since: date, until: date) -> int:
    """Return how many visits to a partner have a record and fall in the days, `until` not among them."""
    return Visit.objects.filter(partner_id=firm, visited_on__gte=since, visited_on__lt=until, state__in=COUNTED).count()
