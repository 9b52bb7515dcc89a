"""Workbooks of many rows are taken over by the worker: the director's signature queues them, and one job takes all rows over or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.opening.actions.taking import take_over
from lingqu.opening.models import OpeningFile, OpeningProgress
from lingqu.opening.queries import reading_of
from lingqu.opening.states import OPENINGS, OpeningState, OpeningVerb
from lingqu.organisation.queries import acting
from lingqu.policy.rules import Regulation

JOB = "opening.finish_file"
SUBJECT = "opening_file"


def queue_file(file: OpeningFile) -> None:
    """Defer the job that takes a workbook over, in this transaction: it exists only if the second signature does."""
    must_be_atomic()
    OpeningProgress.objects.update_or_create(file=file, defaults={"done": 0})
    # Not through the app: in the worker it speaks through a connection of its own, which is no part of the transaction.
    configure_task(name=JOB, job_manager=JobManager(DjangoConnector())).defer(file=file.pk)


@transaction.atomic
def finish_file(file_id: int, *, regulation: Regulation, at: datetime, told: Callable[[int], None] = lambda _: None) -> bool:
    """Take a queued workbook over in this one transaction, for who signed second, and return whether there was anything to do.

    A second run finds it taken over and does nothing; a run that died left nothing. Refuses rows that were taken over meanwhile, errors
    that arose since, and totals that are not those that were signed. `told` hears how many rows are done, outside this transaction.
    """
    file = OpeningFile.objects.select_for_update(of=("self",)).filter(pk=file_id, state=OpeningState.BOOKING.value).first()
    if file is None:
        return False
    reading = reading_of(file)
    if reading.errors or reading.totals != file.totals:
        told_why = Text(
            "排队期间数据有变，与签认时不同，未作任何更改。", "What was signed is no longer what would be taken over; nothing was changed."
        )
        raise Refusal("totals_differ", told_why)
    file.state = OPENINGS.next(OpeningState(file.state), OpeningVerb.FINISH).value
    file.save(update_fields=["state"])
    assert file.booked_by  # noqa: S101 - the state says so
    by = acting(file.booked_by, on=china_day(at))
    deed = Deed("finish", SUBJECT, file.pk, dict(reading.totals), {}, regulation.reference)
    record([deed], by=by.person, at=at)
    title = Text(f"期初数据 {file.number} 已入账", f"Opening workbook {file.number} was taken over")
    body = Text(f"{file.name}：{file.rows_count:,} 行全部入账。", f"{file.name}: all {file.rows_count:,} rows.")
    _tell(file, f"done:{at:%Y%m%d%H%M%S}", title, body, to={by.person}, at=at)
    take_over(file, reading, regulation=regulation, by=by, at=at, told=told)
    return True


@transaction.atomic
def fail_file(file_id: int, why: Text, *, at: datetime) -> bool:
    """Put a queued workbook back to who signs second, with the reason; return whether it was still queued. Nothing of it was taken over."""
    file = OpeningFile.objects.select_for_update(of=("self",)).filter(pk=file_id, state=OpeningState.BOOKING.value).first()
    if file is None:
        return False
    file.state = OPENINGS.next(OpeningState(file.state), OpeningVerb.FAIL).value
    signed = {file.booked_by_id} if file.booked_by_id else set()
    file.failure = {"zh": why.zh, "en": why.en}
    file.booked_by = file.booked_at = None
    file.save(update_fields=["state", "failure", "booked_by", "booked_at"])
    record([Deed("fail", SUBJECT, file.pk, {"because": why.zh})], by=None, at=at)
    title = Text(f"期初数据 {file.number} 未能入账", f"Opening workbook {file.number} could not be taken over")
    _tell(file, f"failed:{at:%Y%m%d%H%M%S}", title, why, to=signed, at=at)
    return True


def _tell(file: OpeningFile, key: str, title: Text, body: Text, *, to: set[int], at: datetime) -> None:
    """Tell those who signed, and who brought the workbook in, how it ended: the work was done while they were elsewhere."""
    people = to | {person for person in (file.prepared_by_id, file.signed_by_id) if person}
    notify(Message(f"opening:{file.pk}:{key}", "opening", title, body, f"/opening/{file.number}"), to=people, at=at)
