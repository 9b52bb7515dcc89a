"""What credit tells to those above: a batch was settled."""

from __future__ import annotations

from datetime import date

from lingqu.base.events import Event


class BatchSettled(Event, frozen=True):
    """The money of a batch is in. `document_id` is the purchase request's id."""

    document_id: int
    on: date
