"""Receipts as pages show them. The preview applies money by the very rule that the action uses."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from lingqu.base.money import ZERO
from lingqu.base.text import Text
from lingqu.credit.models import Application as StoredApplication
from lingqu.credit.queries import LineStanding
from lingqu.credit.rules import Application, OpenBatch, apply_money, days_overdue
from lingqu.credit.states import APPLICATION_WORDS, ApplicationKind
from lingqu.policy.rules import Regulation


class Typed(msgspec.Struct, frozen=True):
    """What was typed for the batches: words by batch id, errors by field; a batch's field is `prefix` and its id."""

    prefix: str
    words: Mapping[int, str]
    errors: Mapping[str, Text]


class Preview(msgspec.Struct, frozen=True):
    """What a receipt would do: amounts in yuan, and how the line would stand afterwards."""

    amount: Decimal
    unapplied_before: Decimal
    applied: Decimal
    written_off: Decimal
    unapplied: Decimal
    settled: tuple[int, ...]
    free_after: Decimal
    open_after: int
    most_open: int


def preview_of(
    amount: Decimal, detail: dict[int, Decimal], batches: Sequence[OpenBatch], standing: LineStanding, *, regulation: Regulation
) -> tuple[Preview, Application]:
    """Return what a receipt of `amount` yuan would do and where each yuan would go. Refuses a detail that does not fit (bad_input)."""
    money = apply_money(batches, standing.unapplied + amount, tolerance=regulation.parameters.settles_at, detail=detail)
    written_off = sum((part.amount for part in money.applied if part.kind is ApplicationKind.WRITE_OFF), ZERO)
    applied = sum((part.amount for part in money.applied if part.kind is not ApplicationKind.WRITE_OFF), ZERO)
    counted = sum(1 for batch in batches if batch.batch in money.settled)
    preview = Preview(
        amount=amount, unapplied_before=standing.unapplied, applied=applied, written_off=written_off, unapplied=money.unapplied,
        settled=tuple(batch.number for batch in batches if batch.batch in money.settled),
        free_after=standing.free + amount + written_off, open_after=max(standing.open_count - counted, 0),
        most_open=standing.max_open,
    )  # fmt: skip
    return preview, money


def batch_rows(
    batches: Iterable[OpenBatch], typed: Typed, money: Application | None, *, on: date, tolerance_days: int,
    without_request: Container[int] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the open batches as rows of the form: what is owed, the amount typed for it, and what would come of it.

    Those `without_request` were taken over from the books before: there is no page behind their number.
    """
    rows = []
    for batch in batches:
        parts = [part for part in money.applied if part.batch == batch.batch] if money else []
        taken = sum((part.amount for part in parts if part.kind is not ApplicationKind.WRITE_OFF), ZERO)
        written_off = sum((part.amount for part in parts if part.kind is ApplicationKind.WRITE_OFF), ZERO)
        field = f"{typed.prefix}{batch.batch}"
        rows.append(
            {
                "field": field, "number": batch.number, "name": Text(f"第{batch.number}批", f"Batch {batch.number}"),
                "request": batch.request, "linked": batch.batch not in without_request,
                "opened_on": batch.opened_on, "due_on": batch.due_on, "remaining": batch.remaining,
                "typed": typed.words.get(batch.batch, ""), "error": typed.errors.get(field),
                "taken": taken if money else None, "written_off": written_off,
                "rest": batch.remaining - taken - written_off if money else None,
                "settles": money is not None and batch.batch in money.settled, "late": days_overdue(batch, on, tolerance_days),
            }
        )  # fmt: skip
    return rows


def lost_rows(batches: Iterable[OpenBatch], typed: Typed) -> list[dict[str, Any]]:
    """Return the fields of batches that are not open any more, so that what was typed for them is not lost in silence."""
    known = {batch.batch for batch in batches}
    fields = {f"{typed.prefix}{place}": words for place, words in typed.words.items() if place not in known}
    return [{"field": field, "typed": words, "error": typed.errors.get(field)} for field, words in fields.items()]


def applied_words(part: StoredApplication) -> Text:
    """Return why money was applied, or that this was taken back."""
    words = APPLICATION_WORDS[ApplicationKind(part.kind)]
    return words if part.reverses_id is None else Text(f"冲回：{words.zh}", f"taken back: {words.en}")


def applied_rows(applications: Iterable[StoredApplication]) -> list[dict[str, Any]]:
    """Return where the money of a receipt went, one row a batch and kind; what was taken back stands below, as less than nothing."""
    rows = []
    for part in applications:
        batch = part.batch
        rows.append(
            {
                "name": Text(f"第{batch.number}批", f"Batch {batch.number}"), "request": batch.request, "opened_on": batch.opened_on,
                "amount": part.amount, "words": applied_words(part), "value": batch.value,
                "settled": batch.settled_on == part.on, "settled_on": batch.settled_on, "rest": batch.value - batch.applied,
                "written_off": part.kind == ApplicationKind.WRITE_OFF.value, "back": part.reverses_id is not None,
                "linked": batch.document_id is not None,
            }
        )  # fmt: skip
    return rows
