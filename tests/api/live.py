"""The interface on a real port, over a database of its own: what is done there is committed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections

from lingqu.organisation.actions import make_token
from lingqu.organisation.models import SignIn
from lingqu.organisation.states import Scope
from tests.world import World


class _Quiet(WSGIRequestHandler):
    """Answers without a line for each request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        connections.close_all()


@contextmanager
def served() -> Iterator[str]:
    """Serve on a port of 127.0.0.1; gives the address."""
    from lingqu.config.wsgi import application

    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def token_of(world: World, name: str, *scopes: Scope) -> str:
    """Return a token of a person of the story; all scopes unless told."""
    SignIn.objects.get_or_create(person=world.people[name], defaults={"login": name})
    last = world.at.date() + timedelta(days=30)
    return make_token("ERP", scopes=scopes or tuple(Scope), last_day=last, by=world.who(name), at=world.at)[1]


def _story(world: World) -> Callable[[], datetime]:
    return lambda: world.at


@contextmanager
def clock_at(world: World) -> Iterator[None]:
    """Let the clock of the interface show the story's time."""
    with mock.patch("lingqu.documents.api.gate.now", new=_story(world)):
        yield
