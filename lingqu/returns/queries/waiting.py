"""What waits for a job: returns whose goods did not come."""

from __future__ import annotations

from datetime import date

from lingqu.returns.models import ReturnRequest
from lingqu.returns.states import ReturnState


def overdue_returns(*, on: date, most: int = 100) -> list[int]:
    """Return the ids of up to `most` agreed returns whose last day has passed, oldest first."""
    found = ReturnRequest.objects.filter(state=ReturnState.AGREED.value, lapses_on__lt=on).order_by("lapses_on", "id")
    return list(found.values_list("pk", flat=True)[:most])
