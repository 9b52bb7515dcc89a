"""The one page that lists who hears which event, in order."""

from __future__ import annotations

from lingqu.base.events import wire
from lingqu.credit.events import BatchSettled
from lingqu.orders.actions import mark_settled


def wire_all() -> None:
    """Set the subscribers; called once when Django is ready."""
    wire({BatchSettled: (mark_settled,)})
