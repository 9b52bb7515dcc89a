"""Read partners: who at the seller answers for whom."""

from __future__ import annotations

from datetime import date

from lingqu.partners.models import Representation


def representatives_of(about: int, firm: int, on: date) -> list[int]:
    """Return the people (Person ids) who represent the partner `about` at the seller `firm` on the day (M-13.3)."""
    found = Representation.objects.filter(partner__firm_id=about, partner__seller_id=firm, period__contains=on)
    return list(found.order_by("id").values_list("person_id", flat=True))


def represented_by(person: int, firm: int, on: date) -> list[int]:
    """Return the partners (Firm ids) of the seller `firm` for whom the person answers on the day (M-13.3)."""
    found = Representation.objects.filter(person_id=person, partner__seller_id=firm, period__contains=on)
    return list(found.order_by("id").values_list("partner__firm_id", flat=True))
