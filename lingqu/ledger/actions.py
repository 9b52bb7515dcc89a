"""Open accounts, lock them, post. Posting is the last thing that an action does: the rows stay locked until its commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import DatabaseError

from lingqu.base.database import must_be_atomic, rows
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.ledger.rules import Entry, Standing

LIMIT_EXCEEDED = "LQ001"
_ENDED_OR_MISFIT = ("LQ002", "23505", "23514")
"""Our own state, a hold resolved twice, and a running row that would go below nothing."""


def open_account(
    kind: str,
    *,
    holder: int,
    unit: str,
    party: int | None = None,
    item: int | None = None,
    place: int | None = None,
    limit: Decimal | None = None,
    count_limit: int | None = None,
) -> int:
    """Return the id of the account, opened when it does not exist yet. With a `limit` it keeps a running row."""
    must_be_atomic()
    (row,) = rows(
        "SELECT ledger_open(%s, %s, %s, %s, %s, %s, %s, %s, %s) AS id",
        (kind, holder, party, item, place, unit, limit is not None, limit if limit is not None else Decimal(0), count_limit),
    )
    return int(row.id)


def lock_accounts(accounts: Iterable[int]) -> dict[int, Standing]:
    """Lock the running rows of the accounts in id order and return how they stand; accounts without a limit are passed over."""
    must_be_atomic()
    return lock_accounts_found("SELECT unnest(%s::bigint[])", (list(accounts),))


def lock_accounts_found(query: str, parameters: Sequence[object]) -> dict[int, Standing]:
    """Lock the accounts whose ids a query finds, as `lock_accounts` does, in one statement."""
    must_be_atomic()
    return {
        row.account_id: Standing(
            row.account_id, row.used, row.held, row.limit, row.open_count, row.held_count, row.count_limit
        )
        for row in rows(f"SELECT * FROM ledger_lock(ARRAY({query}))", parameters)  # noqa: S608 - a query of our own code
    }  # fmt: skip


def set_limit(account: int, *, limit: Decimal, count_limit: int | None, document: tuple[str, int], on: date, at: datetime) -> None:
    """Set the limits of an account. Always possible, also below what is used: then only what lowers it passes."""
    must_be_atomic()
    rows("SELECT ledger_set_limit(%s, %s, %s, %s, %s, %s, %s)", (account, limit, count_limit, *document, on, at))


def post(entries: Sequence[Entry], *, on: date, at: datetime) -> list[int]:
    """Append the entries and return their posting ids, in order.

    All or nothing: refuses (`limit_exceeded`) when a limited account would pass its limit in amount or in open batches, and
    (`hold_gone`) when a hold that is settled or released was ended before or does not fit.
    """
    must_be_atomic()
    if not entries:
        return []
    try:
        (row,) = rows(
            "SELECT ledger_post(%s::bigint[], %s::bigint[], %s::numeric[], %s::int[], %s::text[], %s::bigint[], %s::text[],"
            " %s::bigint[], %s::text[], %s::timestamptz[], %s, %s) AS ids",
            (
                [entry.source for entry in entries],
                [entry.destination for entry in entries],
                [entry.amount for entry in entries],
                [entry.count for entry in entries],
                [entry.phase.value for entry in entries],
                [entry.resolves for entry in entries],
                [entry.document[0] for entry in entries],
                [entry.document[1] for entry in entries],
                [entry.reason for entry in entries],
                [entry.expires_at for entry in entries],
                on,
                at,
            ),
        )
    except DatabaseError as error:
        raise _as_refusal(error) from error
    return list(row.ids)


def _as_refusal(error: DatabaseError) -> Exception:
    state = getattr(error.__cause__, "sqlstate", None)
    if state == LIMIT_EXCEEDED:
        return Refusal(
            "limit_exceeded",
            Text("额度、批次或库存不足，未作任何更改。", "A limit, a batch count or the stock does not suffice; nothing was changed."),
        )
    if state in _ENDED_OR_MISFIT:
        return Refusal("hold_gone", Text("该笔预占已结束，请刷新后再看。", "That hold has ended already; reload and look again."))
    return error
