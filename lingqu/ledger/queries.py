"""Read the ledger: standings, balances of past days, movements, open holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from lingqu.ledger.models import GroupChange, Posting, Running
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
    return _balance([account], on)


def let_through(kind: str, document: int, account_kind: str, *, at: datetime) -> list[Posting]:
    """Return the special signatures for a document, on accounts of this kind, that hold at the moment."""
    found = Posting.objects.filter(document_kind=kind, document_id=document, phase=Phase.WAIVER.value, expires_at__gt=at)
    return list(found.filter(destination__kind=account_kind).order_by("id"))


def group_members(group: int, *, on: date) -> list[int]:
    """Return the accounts that belong to the group at the end of the day."""
    latest = GroupChange.objects.filter(on__lte=on, account__group_changes__group_id=group).order_by("account_id", "-id")
    changes = latest.distinct("account_id").values_list("account_id", "group_id")
    return [account for account, now_in in changes if now_in == group]


def group_balance(group: int, *, on: date) -> Balance:
    """Return the sum of the balances of the accounts that belong to the group at the end of the day."""
    return _balance(group_members(group, on=on), on)


def _balance(accounts: list[int], on: date) -> Balance:
    moved = Posting.objects.filter(phase__in=MOVING, on__lte=on)
    out = moved.filter(source_id__in=accounts).aggregate(amount=Sum("amount"), count=Sum("count"))
    into = moved.filter(destination_id__in=accounts).aggregate(amount=Sum("amount"), count=Sum("count"))
    return Balance(
        on=on,
        amount=(out["amount"] or Decimal(0)) - (into["amount"] or Decimal(0)),
        count=(out["count"] or 0) - (into["count"] or 0),
    )


def movements(account: int) -> QuerySet[Posting]:
    """Return the postings of an account, newest first."""
    return Posting.objects.filter(Q(source_id=account) | Q(destination_id=account)).order_by("-id")


def open_holds(kind: str, documents: Iterable[int]) -> QuerySet[Posting]:
    """Return the holds of documents that were neither settled nor released."""
    return Posting.objects.filter(
        document_kind=kind, document_id__in=list(documents), phase=Phase.HOLD.value, resolved_by__isnull=True
    ).order_by("id")
