"""Hand-written SQL for the hot path: server-side prepared statements on Django's own connection and in its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import psycopg
from django.db import connection, transaction
from psycopg.rows import namedtuple_row


def _cursor() -> psycopg.Cursor[Any]:
    connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", connection.connection)
    return psycopg.Cursor(raw, row_factory=namedtuple_row)


def rows(query: str, parameters: Sequence[object] = ()) -> list[Any]:
    """Return the rows of a query as named tuples. The statement is prepared once per connection."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(query, parameters, prepare=True).fetchall()


def run(query: str, parameters: Sequence[object] = ()) -> int:
    """Run a statement that returns nothing; return the number of rows it touched."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(query, parameters, prepare=True).rowcount


def must_be_atomic() -> None:
    """Raise TransactionManagementError outside a transaction: what locks rows needs one to hold them."""
    if not connection.in_atomic_block:
        message = "this must run inside the transaction of an action"
        raise transaction.TransactionManagementError(message)
