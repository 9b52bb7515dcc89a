"""Read holds: what is in force on a line, what is overdue now, and what was decided about it before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from lingqu.approvals.states import ApprovalState
from lingqu.base.calendar import CHINA, china_day
from lingqu.credit.access import COLLECTING_POSTS
from lingqu.credit.models import Batch, CollectionNote, CreditLine, HoldRequest, SupplyHold
from lingqu.credit.queries.lines import as_open_batch
from lingqu.credit.queries.proposals import asker_for
from lingqu.credit.rules import OpenBatch, Overdue, Remembered, overdue_of
from lingqu.credit.states import HoldCause, HoldLevel, HoldState, ProposalState
from lingqu.organisation.queries import Acting, Asker

MOST_LINES = 500
MOST_IDLE = 500


def hold_in_force(line_id: int, *, on: date) -> SupplyHold | None:
    """Return the hold that keeps goods of the line back on the day, the strictest first; None when goods may leave.

    One that was put off lets goods leave up to its last day, and is in force again from the next day on, whether or not the job has run.
    A day before it was set knows nothing of it, as when orders of the past are played.
    """
    before = datetime.combine(on + timedelta(days=1), time(), CHINA)
    found = list(open_holds(line_id).filter(_in_force(on), set_at__lt=before).select_related("line__seller", "line__buyer", "owner"))
    return min(found, key=lambda hold: (hold.level != HoldLevel.STOP.value, hold.pk), default=None)


def open_holds(line_id: int) -> QuerySet[SupplyHold]:
    """Return the holds of a line that are not released, oldest first."""
    return SupplyHold.objects.filter(line_id=line_id).exclude(state=HoldState.RELEASED.value).order_by("pk")


def _in_force(on: date) -> Q:
    return Q(state=HoldState.IN_FORCE.value) | Q(state=HoldState.DEFERRED.value, deferred_until__lt=on)


def overdue_now(line_id: int, *, on: date, tolerance_days: int) -> Overdue:
    """Return what is overdue on a line on the day, without the batches that finance has left out because they are disputed."""
    disputed = Q(disputed_until__gte=on)
    found = Batch.objects.filter(line_id=line_id, settled_on__isnull=True).exclude(disputed).order_by("number")
    return overdue_of([as_open_batch(batch) for batch in found], on=on, tolerance_days=tolerance_days)


def released_early(line_id: int) -> tuple[SupplyHold, Remembered] | None:
    """Return the newest overdue hold of a line if somebody decided to release it while money was overdue, None otherwise."""
    last = SupplyHold.objects.filter(line_id=line_id, cause=HoldCause.OVERDUE.value).order_by("-pk").first()
    if last is None or last.released_by_id is None or last.released_at is None or last.state != HoldState.RELEASED.value:
        return None
    return last, Remembered(china_day(last.released_at), HoldLevel(last.level), last.amount)


def overdue_is_decided(line_id: int, *, on: date) -> bool:
    """Return whether somebody decided that goods of the line may leave on the day although money is overdue.

    That is a hold put off up to the day or later, or released early with money still open that was overdue then. Nothing else is let
    through by it: new requests are judged as if it were not there.
    """
    overdue = SupplyHold.objects.filter(line_id=line_id, cause=HoldCause.OVERDUE.value).order_by("-pk").first()
    if overdue is None:
        return False
    if overdue.state == HoldState.DEFERRED.value:
        return overdue.deferred_until is not None and overdue.deferred_until >= on
    return overdue.released_by_id is not None and overdue.amount > 0


def lines_to_review(*, on: date, ahead: int = 0, after: int = 0) -> list[int]:
    """Return the lines with a hold that is not released, or with a batch due within `ahead` days, at most 500 after `after`."""
    held = SupplyHold.objects.exclude(state=HoldState.RELEASED.value).filter(line_id__gt=after).values_list("line_id", flat=True)
    soon = on + timedelta(days=ahead)
    due = Q(triggered_due_on__lte=soon) | Q(backstop_due_on__lte=soon)
    batches = Batch.objects.filter(due, settled_on__isnull=True, line_id__gt=after).values_list("line_id", flat=True)
    return list(held.order_by().union(batches.order_by()).order_by("line_id")[:MOST_LINES])


def last_promise(line_id: int) -> CollectionNote | None:
    """Return the newest note of a line in which the partner promised money by a day, None when it never did."""
    return CollectionNote.objects.filter(line_id=line_id, promised_on__isnull=False).order_by("-pk").first()


def idle_requests() -> list[int]:
    """Return the requests about holds that have ended by themselves and whose approval still asks somebody, at most 500."""
    on_its_way = (ApprovalState.OPEN.value, ApprovalState.SENT_BACK.value)
    found = HoldRequest.objects.filter(state=ProposalState.VOID.value, approval__state__in=on_its_way)
    return list(found.order_by("pk").values_list("pk", flat=True)[:MOST_IDLE])


def due_batches(line_id: int, *, on: date) -> list[OpenBatch]:
    """Return the unsettled batches of a line that have a due day and are not left out because they are disputed, oldest first."""
    found = Batch.objects.filter(line_id=line_id, settled_on__isnull=True).exclude(disputed_until__gte=on).order_by("number")
    return [batch for batch in map(as_open_batch, found) if batch.due_on]


def collects_for(line: CreditLine, *, by: Acting, on: date) -> Asker | None:
    """Return as whom the person notes what was done to collect money from the partner of a line on the day, None when they may not.

    Whoever may by a post of their own, or answers for the partner, acts for nobody else.
    """
    posts = by.holds_any(COLLECTING_POSTS, line.seller_id)
    heads = Asker(by.person, by.for_whom(COLLECTING_POSTS, line.seller_id)) if posts else None
    if heads is not None and heads.absent is None:
        return heads
    asker = asker_for(line, by=by, on=on)
    return heads if asker is None or (heads is not None and asker.absent is not None) else asker
