"""How the commands open a connection to PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo

Connection = psycopg.Connection[tuple[Any, ...]]
CONNECT_SECONDS: Final = 10


def open_connection(parts: Mapping[str, str], *, seconds: int = CONNECT_SECONDS) -> Connection:
    """Return an autocommit connection by libpq parameters; raises psycopg.OperationalError when there is none after `seconds`."""
    return psycopg.connect(make_conninfo("", **parts), autocommit=True, connect_timeout=seconds)
