"""Lists taken out as workbooks by a job: asked for, made, failed, and deleted after a day (P15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from lingqu.audit.actions import Deed, record
from lingqu.base.database import must_be_atomic, run
from lingqu.base.refusal import Refusal
from lingqu.base.text import Language, Text, in_one_line
from lingqu.documents.models import Export
from lingqu.documents.queries import ListOut
from lingqu.documents.states import EXPORTS, ExportState, ExportVerb
from lingqu.organisation.queries import Acting

JOB: Final = "documents.make_export"
KEPT_HOURS: Final = 24
MOST_UNFINISHED: Final = 3
MOST_A_DAY: Final = 50
MOST_FILTERS: Final = 20
MOST_WORDS: Final = 200
UNFINISHED: Final = (ExportState.WAITING.value, ExportState.MAKING.value)


@transaction.atomic
def ask_export(made: ListOut, given: Mapping[str, str], *, name: str, language: Language, by: Acting, at: datetime) -> Export:
    """Have a list made into a workbook by a job, and return it; it is the person's own and expires after 24 hours.

    The same list with the same filters that is not ready yet is returned instead. Refuses (422) more than 3 at once and 50 a day.
    """
    filters = {key[:MOST_WORDS]: value[:MOST_WORDS] for key, value in sorted(given.items())[:MOST_FILTERS]}
    # Two clicks at once wait for each other here, so that the second finds the first.
    run("SELECT pg_advisory_xact_lock(hashtextextended('export', %s))", (by.person,))
    mine = Export.objects.filter(owner_id=by.person, expires_at__gt=at).defer("content")
    unfinished = list(mine.filter(state__in=UNFINISHED))
    same = next((one for one in unfinished if (one.list, one.given, one.language) == (made.key, filters, language)), None)
    if same:
        return same
    if len(unfinished) >= MOST_UNFINISHED or mine.count() >= MOST_A_DAY:
        raise Refusal("too_many_exports", _too_many(), status=422)
    export = Export.objects.create(
        owner_id=by.person, firm_id=by.firm, posts=sorted([post.value, firm] for post, firm in by.posts), list=made.key, given=filters,
        language=language, name=name[:120], state=ExportState.WAITING.value, asked_at=at, expires_at=at + timedelta(hours=KEPT_HOURS),
    )  # fmt: skip
    record([Deed("ask", "export", export.pk, {"list": made.key, "filters": filters})], by=by.person, at=at)
    _wake(export.pk)
    return export


def _wake(export: int) -> None:
    """Defer the job on this connection and in this transaction: it exists only if the export does."""
    must_be_atomic()
    configure_task(name=JOB, job_manager=JobManager(DjangoConnector())).defer(export=export)


def _too_many() -> Text:
    return Text(
        f"一次最多同时生成 {MOST_UNFINISHED} 个、一天最多 {MOST_A_DAY} 个导出文件。请等前面的完成，或明天再试。",
        f"At most {MOST_UNFINISHED} exports are made at once and {MOST_A_DAY} a day; wait for those before, or until tomorrow.",
    )


@transaction.atomic
def start_export(export: int) -> Export | None:
    """Take an export up and return it; None when it is gone or done. One that a worker left in the middle is begun anew."""
    found = _locked(export)
    if found is None or found.state not in UNFINISHED:
        return None
    _move(found, ExportVerb.START, rows=0)
    return found


@transaction.atomic
def note_rows(export: int, rows: int) -> None:
    """Say how many rows are written so far."""
    Export.objects.filter(pk=export, state=ExportState.MAKING.value).update(rows=rows)


@transaction.atomic
def finish_export(export: int, content: bytes, *, rows: int, at: datetime) -> None:
    """Keep the workbook; nothing is kept when the export was finished or is gone."""
    found = _locked(export)
    if found is not None and found.state == ExportState.MAKING.value:
        _move(found, ExportVerb.FINISH, rows=rows, content=content, made_at=at)


@transaction.atomic
def fail_export(export: int, why: Text, *, at: datetime) -> None:
    """Say why there is no workbook."""
    found = _locked(export)
    if found is not None and found.state in UNFINISHED:
        _move(found, ExportVerb.FAIL, reason=in_one_line(why)[:400], made_at=at)


@transaction.atomic
def delete_expired(*, at: datetime) -> int:
    """Delete exports whose day is over, and return how many."""
    return Export.objects.filter(expires_at__lte=at).delete()[0]


def _locked(export: int) -> Export | None:
    return Export.objects.select_for_update().defer("content").filter(pk=export).first()


def _move(export: Export, verb: ExportVerb, **values: object) -> None:
    export.state = EXPORTS.next(ExportState(export.state), verb).value
    for name, value in values.items():
        setattr(export, name, value)
    export.save(update_fields=["state", *values])
