"""The connection: where Django looks for it. A statement whose server is silent for too long fails instead of keeping the request."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import suppress
from functools import partial
from secrets import token_hex
from threading import Thread
from time import monotonic
from typing import Any, Final, TypeVar

import psycopg
from django.db.backends.postgresql import base as postgresql
from psycopg.abc import PQGen

from lingqu.config.database import AGAIN_SECONDS, PATIENCE_SECONDS, PROBE_SECONDS, until

logger = logging.getLogger("lingqu.database")
Value = TypeVar("Value")
STATE: Final = "SELECT state = 'active' FROM pg_stat_activity WHERE pid = %s AND application_name = %s"
END: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE pid = %s AND application_name = %s AND usename = current_user AND state <> 'active'
"""
INTERVAL: Final = 0.1
MARK_BYTES: Final = 6
_left: deque[tuple[int, str]] = deque(maxlen=100)
"""Processes of the server that were given up and could not be told: they may still hold locks of a transaction that nobody ends."""


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """Makes connections that ask, when a request has waited long enough, whether the server works on their statement at all."""

    def get_new_connection(self, parameters: dict[str, Any]) -> psycopg.Connection[Any]:
        """Return a new connection; none is tried (OperationalError) for a request whose time is up."""
        limit = until.get()
        if limit is not None and monotonic() > limit:
            message = "the database did not answer in time"
            raise psycopg.OperationalError(message)
        name = f"{parameters.get('application_name', '')} {token_hex(MARK_BYTES)}"
        made: psycopg.Connection[Any] = super().get_new_connection(parameters | {"application_name": name})
        names = ("host", "hostaddr", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl")
        known = {name: parameters[name] for name in names if parameters.get(name)}
        made.wait = partial(_wait, made, name, known)  # type: ignore[method-assign]
        made.autocommit = True
        _end_left(made)
        made.autocommit = False
        return made


def _end_left(other: psycopg.Connection[Any]) -> None:
    """End the processes that were given up, over a connection that stands and commits by itself."""
    while _left:
        with suppress(IndexError):
            other.execute(END, _left.popleft())


def _wait(
    made: psycopg.Connection[Any],
    name: str,
    known: dict[str, Any],
    asking: PQGen[Value],
    interval: float = INTERVAL,
    timeout: float | None = None,
) -> Value:
    if until.get() is not None and timeout is None:
        asking = _patient(made, name, known, asking)
    return psycopg.Connection.wait(made, asking, interval, timeout)


def _patient(made: psycopg.Connection[Any], name: str, known: dict[str, Any], asking: PQGen[Value]) -> PQGen[Value]:
    """Go on as `asking` does; past the request's time, only while the server works on it. Else the connection is closed."""
    limit = until.get() or monotonic() + PATIENCE_SECONDS
    try:
        wanted = next(asking)
        while True:
            ready = yield wanted
            if monotonic() > limit:
                if not _at_work((made.info.backend_pid, name), known):
                    made.pgconn.finish()
                    logger.warning("a connection is given up: its server is silent")
                    message = "the database did not answer in time"
                    raise psycopg.OperationalError(message)
                limit = monotonic() + AGAIN_SECONDS
            wanted = asking.send(ready)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def _at_work(one: tuple[int, str], known: dict[str, Any]) -> bool:
    """Return whether the server says, over another connection and in time, that it works on a statement of this one; else end it there."""
    found: list[bool] = []

    def ask() -> None:
        try:
            with psycopg.connect(**known, connect_timeout=PROBE_SECONDS, tcp_user_timeout=1_000 * PROBE_SECONDS, autocommit=True) as other:
                row = other.execute(STATE, one).fetchone()
                working = bool(row and row[0])
                if not working:
                    other.execute(END, one)
                found.append(working)
                _end_left(other)
        except psycopg.Error as error:
            logger.info("asked whether the database is at work: %s", error)

    # A thread of its own, because what it asks may be silent too; it ends with its connection.
    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PROBE_SECONDS)
    if not found:
        _left.append(one)
    return any(found)
