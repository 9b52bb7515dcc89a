"""What credit tells to those above: a batch was settled or is open again, a receipt was taken back."""

from __future__ import annotations

from datetime import date, datetime

from lingqu.base.events import Event


class BatchSettled(Event, frozen=True):
    """The money of a batch is in. `document_id` is the purchase request's id."""

    document_id: int
    on: date


class BatchReopened(Event, frozen=True):
    """A batch that was settled is owed again: its money was taken back, or it grew. `document_id` is the purchase request's id."""

    document_id: int
    on: date


class ReceiptReversed(Event, frozen=True):
    """A receipt was taken back, by whom and why: its bank line, where it has one, waits to be booked again."""

    receipt_id: int
    reason: str
    by: int
    on: date
    at: datetime
