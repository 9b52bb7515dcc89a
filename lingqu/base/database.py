"""Hand-written SQL for the hot path: server-side prepared statements on Django's own connection and in its transaction."""

from __future__ import annotations

import select
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from psycopg.rows import namedtuple_row


def rows(query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[Any]:
    """Return the rows of a query as named tuples. The statement is prepared once per connection.

    Parameters stand in order (`%s`) or by name (`%(firm)s`). One that is a list is handed over as an array and needs its cast in the
    query, such as `%s::bigint[]`.
    """
    database = connections[DEFAULT_DB_ALIAS]
    with database.wrap_database_errors:
        return _execute(database, query, parameters).fetchall()


def run(query: str, parameters: Sequence[object] = ()) -> None:
    """Run a statement that returns nothing. Lists are arrays, as in `rows`."""
    database = connections[DEFAULT_DB_ALIAS]
    with database.wrap_database_errors:
        _execute(database, query, parameters)


def _execute(database: BaseDatabaseWrapper, query: str, parameters: Sequence[object] | Mapping[str, object]) -> psycopg.Cursor[Any]:
    if _quiet(database):
        database.health_check_done = True  # type: ignore[attr-defined]  # Django's own note; its stubs do not know it
    database.close_if_health_check_failed()
    database.ensure_connection()
    cursor: psycopg.Cursor[Any] = psycopg.Cursor(database.connection, row_factory=namedtuple_row)
    if isinstance(parameters, Mapping):
        named = {name: as_array(value) if isinstance(value, list) else value for name, value in parameters.items()}
        return cursor.execute(query, named, prepare=True)
    with_arrays = [as_array(value) if isinstance(value, list) else value for value in parameters]
    return cursor.execute(query, with_arrays, prepare=True)


def _quiet(database: BaseDatabaseWrapper) -> bool:
    """Return whether there is nothing to read from the server: it has not ended the connection, and need not be asked whether it stands.

    Django asks by a statement of its own at the beginning of every page; where something is there to read, it still does.
    """
    if database.connection is None or database.connection.closed:
        return False
    ready = select.poll()
    ready.register(database.connection.fileno(), select.POLLIN)
    return not ready.poll(0)


def columns(model: type[Model], alias: str) -> str:
    """Return the columns of a model for a query that `instances` asks, under the alias of its table."""
    return ", ".join(f"{alias}.{field.column} AS {alias}_{field.column}" for field in model._meta.concrete_fields)


def instances(query: str, parameters: Sequence[object], *models: type[Model]) -> list[Any]:
    """Return, per row of the query, a tuple with an instance of each model, None where an outer join found nothing.

    The query selects `columns` of each model, in this order. For what every page asks: many times cheaper than a queryset.
    """
    found = []
    for row in rows(query, parameters):
        made, start = [], 0
        for model in models:
            names = [field.attname for field in model._meta.concrete_fields]
            values = row[start : start + len(names)]
            start += len(names)
            made.append(None if values[0] is None else model.from_db(DEFAULT_DB_ALIAS, names, values))
        found.append(tuple(made))
    return found


def as_array(values: Sequence[object]) -> str:
    """Return a list as PostgreSQL writes arrays. The driver does it element by element, many times slower (a batch has 20,000)."""
    if set(map(type, values)) <= {int, Decimal}:
        return "{" + ",".join(map(str, values)) + "}"
    written = {value: _element(value) for value in set(values)}
    return "{" + ",".join([written[value] for value in values]) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def must_be_atomic() -> None:
    """Raise TransactionManagementError outside a transaction: what locks rows needs one to hold them."""
    if not connection.in_atomic_block:
        message = "this must run inside the transaction of an action"
        raise transaction.TransactionManagementError(message)


def for_like(word: str) -> str:
    """Return a word for LIKE in which the signs that it reads as wild cards stand for themselves."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
