"""Read the views of the credit desk that a person keeps."""

from __future__ import annotations

from lingqu.credit.models import DeskView

MOST_VIEWS = 20


def kept_views(person: int, firm: int) -> list[DeskView]:
    """Return a person's own views of a firm's credit desk by name, at most 20."""
    return list(DeskView.objects.filter(person_id=person, firm_id=firm).order_by("name")[:MOST_VIEWS])
