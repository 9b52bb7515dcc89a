"""Read the ledger: standings, balances of past days, movements, open holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from lingqu.ledger.models import Posting, Running
from lingqu.ledger.rules import Balance, Standing
from lingqu.ledger.states import Phase

MOVING = (Phase.DIRECT.value, Phase.SETTLE.value, Phase.REVERSE.value)


def standings(accounts: Iterable[int]) -> dict[int, Standing]:
    """Return how limited accounts stand now, without locking them; groups only where they are asked for."""
    found = Running.objects.filter(account_id__in=list(accounts))
    return {
        row.account_id: Standing(
            row.account_id, row.used, row.held, row.limit, row.open_count, row.held_count, row.count_limit, row.group_id
        )
        for row in found
    }  # fmt: skip


def balance(account: int, *, on: date) -> Balance:
    """Return what went out of the account less what came in, up to the end of the day; nothing ever moves on a group itself."""
    moved = Posting.objects.filter(phase__in=MOVING, on__lte=on)
    out = moved.filter(source_id=account).aggregate(amount=Sum("amount"), count=Sum("count"))
    into = moved.filter(destination_id=account).aggregate(amount=Sum("amount"), count=Sum("count"))
    return Balance(
        on=on,
        amount=(out["amount"] or Decimal(0)) - (into["amount"] or Decimal(0)),
        count=(out["count"] or 0) - (into["count"] or 0),
    )


def let_through(kind: str, document: int, account_kind: str, *, at: datetime) -> list[Posting]:
    """Return the special signatures for a document, on accounts of this kind, that hold at the moment."""
    found = Posting.objects.filter(document_kind=kind, document_id=document, phase=Phase.WAIVER.value, expires_at__gt=at)
    return list(found.filter(destination__kind=account_kind).order_by("id"))


def movements(account: int) -> QuerySet[Posting]:
    """Return the postings of an account, newest first."""
    return Posting.objects.filter(Q(source_id=account) | Q(destination_id=account)).order_by("-id")


def open_holds(kind: str, documents: Iterable[int]) -> QuerySet[Posting]:
    """Return the holds of documents that were neither settled nor released."""
    return Posting.objects.filter(
        document_kind=kind, document_id__in=list(documents), phase=Phase.HOLD.value, resolved_by__isnull=True
    ).order_by("id")
