"""The interface on a real port, over a database of its own: what is done there is committed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
from django.db import connections

from lingqu.organisation.actions import make_token
from lingqu.organisation.models import SignIn
from lingqu.organisation.states import Scope
from tests.world import World

THREADS = 4


class _Quiet(WSGIRequestHandler):
    """Answers without a line for each request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class _Server(WSGIServer):
    """Answers with a few threads that keep their connection to the database, as the product does; one for each call costs ten times it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Quiet)
        self.threads = ThreadPoolExecutor(THREADS)
        self.opened: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.threads.submit(self._answer, request, client_address)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception:  # noqa: BLE001 - as the library's own loop
            self.handle_error(request, client_address)
        finally:
            self.opened.add(connections["default"].connection)
            self.shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        self.threads.shutdown()
        for connection in self.opened - {None}:
            connection.close()


@contextmanager
def served() -> Iterator[str]:
    """Serve on a port of 127.0.0.1; gives the address."""
    from lingqu.config.wsgi import application

    server = _Server()
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
