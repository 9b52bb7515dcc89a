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
REVERSED_ALREADY = "LQ003"
IN_A_GROUP, NO_GROUP, IN_NO_GROUP = "LQ004", "LQ005", "LQ006"
_ENDED_OR_MISFIT = ("LQ002", "23505", "23514")
"""Our own state, a hold resolved twice, and a running row that would go below nothing."""

_REFUSALS = {
    LIMIT_EXCEEDED: (
        "limit_exceeded",
        Text("额度、批次或库存不足，未作任何更改。", "A limit, a batch count or the stock does not suffice; nothing was changed."),
    ),
    REVERSED_ALREADY: (
        "reversed_already",
        Text(
            "该笔记账已经冲销，或所剩不足本次冲销，未作任何更改。请刷新后再看。",
            "That posting was taken back already, or less of it is left; nothing was changed. Reload and look again.",
        ),
    ),
    IN_A_GROUP: (
        "in_a_group",
        Text("该账户已属于一个集团额度，请先移出再加入。", "That account belongs to a group already; take it out of that group first."),
    ),
    NO_GROUP: (
        "no_group",
        Text(
            "只有额度账户才能加入单位相同的集团额度，集团额度本身不能再加入别的集团额度。",
            "Only an account with a limit joins a group in its own unit, and a group joins no other.",
        ),
    ),
    IN_NO_GROUP: (
        "in_no_group",
        Text("该账户不属于任何集团额度，请刷新后再看。", "That account belongs to no group; reload and look again."),
    ),
}


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
    """Return the id of the account, opened when it does not exist yet. With a `limit` it keeps a running row.

    One of the kind `states.GROUP_KIND` is a group: other limited accounts join it, and nothing moves on it but with them.
    """
    must_be_atomic()
    (row,) = rows(
        "SELECT ledger_open(%s, %s, %s, %s, %s, %s, %s, %s, %s) AS id",
        (kind, holder, party, item, place, unit, limit is not None, limit if limit is not None else Decimal(0), count_limit),
    )
    return int(row.id)


def lock_accounts(accounts: Iterable[int]) -> dict[int, Standing]:
    """Lock the running rows of the accounts in id order, then those of their groups, and return how all of these stand.

    Accounts without a limit are passed over. Call it once with all accounts that the action will touch.
    """
    must_be_atomic()
    return lock_accounts_found("SELECT unnest(%s::bigint[])", (list(accounts),))


def lock_accounts_found(query: str, parameters: Sequence[object]) -> dict[int, Standing]:
    """Lock the accounts whose ids a query finds, as `lock_accounts` does, in one statement."""
    must_be_atomic()
    return {
        row.account_id: Standing(
            row.account_id, row.used, row.held, row.limit, row.open_count, row.held_count, row.count_limit, row.group_id
        )
        for row in rows(f"SELECT * FROM ledger_lock(ARRAY({query}))", parameters)  # noqa: S608 - a query of our own code
    }  # fmt: skip


def set_limit(account: int, *, limit: Decimal, count_limit: int | None, document: tuple[str, int], on: date, at: datetime) -> None:
    """Set the limits of an account. Always possible, also below what is used: then only what lowers it passes."""
    must_be_atomic()
    rows("SELECT ledger_set_limit(%s, %s, %s, %s, %s, %s, %s)", (account, limit, count_limit, *document, on, at))


def post(entries: Sequence[Entry], *, on: date, at: datetime) -> list[int]:
    """Append the entries and return their posting ids, in order.

    All or nothing: refuses (`limit_exceeded`) when a limited account, or the group that it belongs to, would pass its limit in amount or
    in open batches; (`hold_gone`) when a hold that is settled or released was ended before or does not fit, or an entry would move
    something on a group itself; and (`reversed_already`) when a reversal takes back more than is left of its posting.
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


def join_group(account: int, group: int, *, on: date, at: datetime) -> None:
    """Put a limited account into a group: from now on what is posted on it must fit the group's limit, too.

    What it uses and holds counts for the group at once. `group` is an account of the kind `states.GROUP_KIND`, limited in the same unit.
    Refuses (`limit_exceeded`) when the group would pass its limit by it, (`in_a_group`) when it belongs to a group already, and
    (`no_group`) when the one is no limited account or itself a group, or the other is none. Locks the account, then the
    group: an action that moves an account from one group to another locks the account and the new group first, with `lock_accounts`.
    """
    must_be_atomic()
    _regroup("SELECT ledger_join_group(%s, %s, %s, %s)", (account, group, on, at))


def leave_group(account: int, *, on: date, at: datetime) -> None:
    """Take an account out of its group, with what it uses and holds; its own limit stays. Refuses (`in_no_group`) when it is in none.

    Always possible otherwise, also when money that it has to its credit leaves the group over its limit.
    """
    must_be_atomic()
    _regroup("SELECT ledger_leave_group(%s, %s, %s)", (account, on, at))


def _regroup(statement: str, parameters: Sequence[object]) -> None:
    try:
        rows(statement, parameters)
    except DatabaseError as error:
        raise _as_refusal(error) from error


def _as_refusal(error: DatabaseError) -> Exception:
    state = getattr(error.__cause__, "sqlstate", None)
    if state in _ENDED_OR_MISFIT:
        return Refusal("hold_gone", Text("该笔预占已结束，请刷新后再看。", "That hold has ended already; reload and look again."))
    return Refusal(*_REFUSALS[state]) if state in _REFUSALS else error
