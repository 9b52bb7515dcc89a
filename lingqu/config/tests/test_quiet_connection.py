"""A connection on which the server is silent stands; one that the server has ended has something to read, and is found out."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import connection

from lingqu.base.database import _quiet


@pytest.mark.django_db
def test_a_connection_that_the_server_ended_is_not_quiet() -> None:
    parameters = connection.get_connection_params()
    ours, other = (connection.get_new_connection(parameters) for _ in range(2))
    try:
        number = ours.execute("SELECT pg_backend_pid()").fetchone()[0]
        ours.rollback()
        wrapped = cast("Any", SimpleNamespace(connection=ours))
        assert _quiet(wrapped)
        other.execute("SELECT pg_terminate_backend(%s)", (number,))
        other.commit()
        until = time.monotonic() + 10
        while _quiet(wrapped) and time.monotonic() < until:
            time.sleep(0.01)
        assert not _quiet(wrapped)
        ours.close()
        assert not _quiet(wrapped)
        assert not _quiet(cast("Any", SimpleNamespace(connection=None)))
    finally:
        ours.close()
        other.close()
