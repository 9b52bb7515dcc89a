"""What others judge and show by: how punctual a firm is, and what waits for somebody."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from django.db.models import Count, Q

from lingqu.duties.access import own_duties
from lingqu.duties.models import Duty
from lingqu.duties.queries.lists import within_a_week
from lingqu.duties.queries.people import reach
from lingqu.duties.states import DutyState
from lingqu.organisation.queries import Acting

DONE = Q(state=DutyState.DONE.value)
OPEN = Q(state=DutyState.OPEN.value)


class Punctuality(msgspec.Struct, frozen=True):
    """How punctual a firm was: duties done in time, done late, and still open though late; what is open and not late does not count."""

    in_time: int
    done_late: int
    open_late: int

    @property
    def rate(self) -> Decimal | None:
        """The share that was done in time, None when nothing counts yet."""
        judged = self.in_time + self.done_late + self.open_late
        return Decimal(self.in_time) / judged if judged else None

    @property
    def percent(self) -> Decimal | None:
        """The share in percent, to the tenth; None when nothing counts yet."""
        return None if self.rate is None else (self.rate * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


class InboxCounts(msgspec.Struct, frozen=True):
    """A person's open duties: all, those late or due within seven days, those late."""

    open: int
    soon: int
    late: int


def on_time_rate(firm: int, *, since: date, until: date, on: date) -> Punctuality:
    """Return how punctual a firm fulfilled what it owed with a due day from `since` to before `until`, as of the day `on`. One statement.

    What is open counts as late when it is late before `until` and by the day `on`: nothing is late ahead of its time.
    """
    owed = Duty.objects.filter(owed_by_id=firm, due_on__gte=since, due_on__lt=until)
    sums = owed.aggregate(
        in_time=Count("pk", filter=DONE & Q(late_days=0)),
        done_late=Count("pk", filter=DONE & Q(late_days__gt=0)),
        open_late=Count("pk", filter=OPEN & Q(late_from__lt=until, late_from__lte=on)),
    )
    return Punctuality(**sums)


def inbox_counts(who: Acting, *, on: date) -> InboxCounts:
    """Return how much waits for the person; for the menu: one statement, two more where relations are wired."""
    mine = Duty.objects.filter(own_duties(reach(who, on=on)), OPEN)
    sums = mine.aggregate(
        open=Count("pk"), soon=Count("pk", filter=within_a_week(on)), late=Count("pk", filter=Q(late_from__lte=on))
    )  # fmt: skip
    return InboxCounts(**sums)


def next_duties(who: Acting, *, on: date, limit: int = 6) -> list[Duty]:
    """Return the person's open duties, due soonest first, for the home page."""
    mine = Duty.objects.filter(own_duties(reach(who, on=on)), OPEN)
    return list(mine.select_related("firm", "owed_by").order_by("due_on", "pk")[:limit])
