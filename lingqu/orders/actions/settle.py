"""Hear from credit that a batch was settled."""

from __future__ import annotations

from lingqu.base.database import must_be_atomic
from lingqu.credit.events import BatchSettled
from lingqu.orders.models import Order


def mark_settled(event: BatchSettled) -> None:
    """Note on the request the day on which its batch was paid; runs in the transaction of the receipt."""
    must_be_atomic()
    Order.objects.filter(pk=event.document_id).update(settled_on=event.on)
