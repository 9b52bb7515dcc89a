"""Returns and transfers for other systems: page by page, each page in a fixed number of statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.db.models.functions import Greatest

from lingqu.audit.queries import changed_since
from lingqu.organisation.queries import Acting
from lingqu.returns.access import visible_returns, visible_transfers
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.states import ReturnState, TransferState

_OPEN_RETURNS = (ReturnState.DECIDING.value, ReturnState.SENT_BACK.value)
_OPEN_TRANSFERS = (
    TransferState.DECIDING.value, TransferState.SENT_BACK.value, TransferState.AGREED.value, TransferState.ORDERED.value,
)  # fmt: skip
"""Between their own moments, what is done with papers in these states stands in the facts only."""


class PaperFeed(msgspec.Struct, frozen=True):
    """Which returns or transfers are wanted: in a state, of a partner's code, changed since a moment."""

    state: str = ""
    partner: str = ""
    updated_since: datetime | None = None


def feed_of_returns(by: Acting, wanted: PaperFeed, *, below: int | None, most: int) -> list[ReturnRequest]:
    """Return up to `most` returns that the person sees, newest first, those below the id."""
    found = ReturnRequest.objects.filter(visible_returns(by)).select_related("seller", "buyer", "order").order_by("-id")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.partner:
        found = found.filter(buyer__code=wanted.partner)
    if wanted.updated_since:
        found = found.filter(pk__in=_changed_returns(wanted.updated_since))
    return list((found.filter(pk__lt=below) if below else found)[:most])


def feed_of_transfers(by: Acting, wanted: PaperFeed, *, below: int | None, most: int) -> list[Transfer]:
    """Return up to `most` transfers that the person sees, newest first, those below the id."""
    found = Transfer.objects.filter(visible_transfers(by)).select_related("seller", "giver", "taker", "order").order_by("-id")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.updated_since:
        found = found.filter(pk__in=_changed_transfers(wanted.updated_since))
    return list((found.filter(pk__lt=below) if below else found)[:most])


def _changed_returns(since: datetime) -> QuerySet[Any, Any]:
    """Return the ids of returns with which anything was done: by their own moments, or by the facts of those that are being decided."""
    own = ReturnRequest.objects.annotate(moved=Greatest("asked_at", "agreed_at", "counted_at", "ended_at")).filter(moved__gte=since)
    going = ReturnRequest.objects.filter(changed_since("return_request", since), state__in=_OPEN_RETURNS)
    return own.values_list("pk").union(going.values_list("pk"), all=True)


def _changed_transfers(since: datetime) -> QuerySet[Any, Any]:
    """Return the ids of transfers with which anything was done, as of returns."""
    own = Transfer.objects.annotate(moved=Greatest("asked_at", "given_at", "taken_at", "moved_at", "ended_at")).filter(moved__gte=since)
    going = Transfer.objects.filter(changed_since("transfer", since), state__in=_OPEN_TRANSFERS)
    return own.values_list("pk").union(going.values_list("pk"), all=True)
