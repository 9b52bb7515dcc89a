"""The one page that lists who hears which event, in order, and who counts what the regulation's page shows."""

from __future__ import annotations

from lingqu.base.events import wire
from lingqu.credit.events import BatchSettled
from lingqu.desk.queries import decisions_per_law
from lingqu.orders.actions import mark_settled
from lingqu.policy.queries import register_evidence


def wire_all() -> None:
    """Set the subscribers and counters; called once when Django is ready."""
    wire({BatchSettled: (mark_settled,)})
    register_evidence(decisions_per_law)
