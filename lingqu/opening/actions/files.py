"""Keep a workbook, sign it, sign it second and take it over, or put it away."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import IntegrityError, transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.actions import review_line
from lingqu.documents.actions import take_numbers
from lingqu.documents.rules import NewFile, plain_name
from lingqu.opening.access import BOOKING_POSTS, PREPARING_POSTS, SIGNING_POSTS, may_book, may_prepare, may_sign
from lingqu.opening.actions.background import queue_file
from lingqu.opening.actions.taking import take_over
from lingqu.opening.models import OpeningFile
from lingqu.opening.queries import lines_of, read_file, reading_of
from lingqu.opening.rules import Reading
from lingqu.opening.states import OPENINGS, OpeningKind, OpeningState, OpeningVerb
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

SERIES, SUBJECT = "QC", "opening_file"
MOST_NAME = 120
MOST_REASON = 200
FIRST_YEAR = 2000
MOST_AT_ONCE = 500
"""Rows that are taken over while the director waits; more are taken over by the worker."""


@transaction.atomic
def prepare_file(kind: OpeningKind, file: NewFile, *, on: date, by: Acting, at: datetime) -> OpeningFile:
    """Keep a workbook of the books as of a day, with its control totals, and return it (series QC); it may still have errors.

    The same bytes of the same kind again are the workbook that is kept already. Refuses people who may not, a day in the future or before
    2000, what is no table, and more than 5,000 rows.
    """
    if not may_prepare(by, by.firm):
        raise forbidden(Text("期初数据由财务主管、营销主管或主任导入。", "Opening workbooks are sent by finance, manager or director."))
    if on > china_day(at) or on.year < FIRST_YEAR:
        raise bad_input("on", Text("账面日不能晚于今天，也不能早于 2000 年。", "The day cannot lie in the future nor before 2000."))
    digest = hashlib.sha256(file.content).hexdigest()
    reading = read_file(kind, file.name, file.content, firm=by.firm, on=on)
    (number,) = take_numbers(SERIES, china_day(at).year)
    made = OpeningFile(
        firm_id=by.firm, number=number, kind=kind.value, name=plain_name(file.name)[:MOST_NAME], sha256=digest, content=file.content, on=on,
        rows_count=len(reading.rows), totals=reading.totals, state=OpeningState.PREPARED.value, prepared_by_id=by.person, prepared_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        same = OpeningFile.objects.filter(firm_id=by.firm, kind=kind.value, sha256=digest)
        return same.exclude(state=OpeningState.WITHDRAWN.value).get()
    after = {"kind": kind.value, "sha256": digest, **reading.totals}
    record([Deed("prepare", SUBJECT, made.pk, after, on_behalf_of=by.for_whom(PREPARING_POSTS, by.firm))], by=by.person, at=at)
    return made


@transaction.atomic
def sign_file(number: str, *, by: Acting, at: datetime) -> OpeningFile:
    """Sign a workbook as the first of two people and return it: its control totals are fixed now.

    Refuses people who may not sign first, and a workbook with errors.
    """
    file = _locked(number, by)
    if not may_sign(by, file.firm_id):
        raise forbidden(Text("先由财务主管或营销主管签认。", "The finance head or the marketing manager signs first."))
    file.state = OPENINGS.next(OpeningState(file.state), OpeningVerb.SIGN).value
    reading = _without_errors(file)
    file.rows_count, file.totals = len(reading.rows), reading.totals
    file.signed_by_id, file.signed_at = by.person, at
    file.save(update_fields=["state", "rows_count", "totals", "signed_by", "signed_at"])
    record(
        [Deed("sign", SUBJECT, file.pk, dict(reading.totals), on_behalf_of=by.for_whom(SIGNING_POSTS, file.firm_id))], by=by.person, at=at
    )
    return file


@transaction.atomic
def book_file(number: str, *, regulation: Regulation, by: Acting, at: datetime) -> OpeningFile:
    """Sign a workbook second and take all its rows over, in this one transaction, and return it: all rows or none, each once.

    More than 500 rows are queued, and the worker takes them over right away, in one transaction too (`finish_file`).
    Refuses whoever is not the director or signed first, a workbook that has errors by now, and one that no longer says what was signed.
    """
    file = _locked(number, by)
    if not may_book(by, file.firm_id, signed_by=file.signed_by_id):
        told = Text("由主任复签入账，且不能是签认人本人。", "The director signs second and takes over, and never who signed first.")
        raise forbidden(told)
    queued = file.rows_count > MOST_AT_ONCE
    file.state = OPENINGS.next(OpeningState(file.state), OpeningVerb.QUEUE if queued else OpeningVerb.BOOK).value
    reading = _without_errors(file)
    if reading.totals != file.totals:
        told = Text(
            "控制总数与签认时不同，请撤回后重新导入。", "The control totals are not those that were signed; withdraw it and begin anew."
        )
        raise Refusal("totals_differ", told)
    file.booked_by_id, file.booked_at, file.failure = by.person, at, None
    file.save(update_fields=["state", "booked_by", "booked_at", "failure"])
    absent = by.for_whom(BOOKING_POSTS, file.firm_id)
    deed = Deed("book", SUBJECT, file.pk, dict(reading.totals), {}, regulation.reference, absent)
    record([deed], by=by.person, at=at)
    if queued:
        queue_file(file)
    else:
        take_over(file, reading, regulation=regulation, by=by, at=at)
        for line in lines_of(file.pk):
            review_line(line, regulation=regulation, at=at)
    return file


@transaction.atomic
def withdraw_file(number: str, reason: str, *, by: Acting, at: datetime) -> OpeningFile:
    """Put a workbook away that was not taken over, with the reason, and return it. Refuses an empty reason and one that was taken over."""
    file = _locked(number, by)
    why = reason.strip()
    if not why or len(why) > MOST_REASON or "\x00" in why:
        raise bad_input("reason", Text(f"请写明撤回原因，最多 {MOST_REASON} 字。", f"Say why, in at most {MOST_REASON} characters."))
    file.state = OPENINGS.next(OpeningState(file.state), OpeningVerb.WITHDRAW).value
    file.reason = why
    file.save(update_fields=["state", "reason"])
    record([Deed("withdraw", SUBJECT, file.pk, {"because": why}, on_behalf_of=by.for_whom(PREPARING_POSTS, by.firm))], by=by.person, at=at)
    return file


def _locked(number: str, by: Acting) -> OpeningFile:
    file = OpeningFile.objects.select_for_update(of=("self",)).filter(firm_id=by.firm, number=number).first()
    if file is None or not may_prepare(by, file.firm_id):
        raise not_found()
    return file


def _without_errors(file: OpeningFile) -> Reading:
    reading = reading_of(file)
    if reading.errors:
        many = len(reading.errors)
        told = Text(f"还有 {many} 处错误，请更正后重新上传。", f"{many} errors are left; correct them and send the file again.")
        raise Refusal("has_errors", told, status=422)
    return reading
