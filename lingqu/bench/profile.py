"""Where the time goes: of one order over HTTP and of one batch (`lingqu bench --profile`), and of the slowest pages."""

from __future__ import annotations

import cProfile
import logging
import os
import pstats
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import urlencode

import psycopg

from lingqu.base.text import Text
from lingqu.bench.batch import load_django, make_batch_load
from lingqu.bench.grown import close_connections
from lingqu.bench.publisher import Publisher, make_publisher
from lingqu.bench.scratch import lingqu, scratch
from lingqu.bench.web import FORM, FOUND, TOKEN, request_form

MOMENT: Final = 0.001
"""Shorter than a batch, so that exactly one is done."""
TIMES: Final = 200
BATCHES: Final = 10
WARM_UP: Final = 20
MOST_FUNCTIONS: Final = 25
VISITS: Final = 10
MOST_SHOWN: Final = 5
STATEMENT_WIDTH: Final = 90
SAVEPOINT: Final = re.compile('SAVEPOINT "[^"]+"')
Report = Callable[[str], None]


@dataclass
class Statements:
    """How often each statement was run, and for how long we waited for it, in seconds."""

    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def listen(self) -> Iterator[None]:
        """Note every statement of this process while the block runs, hand-written ones and the ORM's alike."""
        execute = psycopg.Cursor.execute

        def noted(cursor: Any, query: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - the driver's signature
            begun = time.perf_counter()
            try:
                return execute(cursor, query, *args, **options)
            finally:
                name = SAVEPOINT.sub("SAVEPOINT", " ".join(str(query).split()))[:STATEMENT_WIDTH]
                self.counts[name] = self.counts.get(name, 0) + 1
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun

        with patch.object(psycopg.Cursor, "execute", noted):
            yield


@contextmanager
def lines_elsewhere() -> Iterator[None]:
    """Let the log's lines be written as a server writes them, but to nowhere: what a command prints belongs to its figures."""
    written = [handler for handler in logging.getLogger().handlers if isinstance(handler, logging.StreamHandler)]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, ExitStack() as after:
        for handler in written:
            after.callback(handler.setStream, handler.stream)
            handler.setStream(nowhere)
        yield


def run_profile(*, report: Report) -> dict[str, Any]:
    """Profile in this one process, on a scratch installation, and return statements and milliseconds per order and per batch."""
    with scratch() as home:
        lingqu("setup")
        load_django()
        publisher, batch = make_publisher(home), make_batch_load(0)  # which loads Django, and sets its logging up anew
        with lines_elsewhere():
            order = _one_order(publisher)
            told = {
                "http": _profile(Text("一份申请（HTTP）", "One order over HTTP"), order, TIMES, report),
                "batch": _profile(Text("一批一百份", "One batch of a hundred"), lambda: batch(time.monotonic() + MOMENT), BATCHES, report),
            }
        close_connections()
    return {"ok": True, **told}


def profile_pages(publisher: Publisher, pages: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return of each page, in this process on the installation whose Django is loaded, the longest statements and functions."""
    with lines_elsewhere():
        client = _signed_in(publisher)
        return {name: _profile_page(lambda path=path: client.get(path)) for name, path in pages.items()}  # type: ignore[misc]


def _profile_page(act: Callable[[], object]) -> dict[str, Any]:
    act()
    statements = Statements()
    begun, cpu = time.perf_counter(), time.process_time()
    with statements.listen():
        for _ in range(VISITS):
            act()
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(VISITS):
        act()
    profiler.disable()
    longest = sorted(statements.seconds.items(), key=lambda item: -item[1])[:MOST_SHOWN]
    return {
        "ms": round(1000 * wall / VISITS, 1), "python_ms": round(1000 * cpu / VISITS, 1),
        "statements": round(sum(statements.counts.values()) / VISITS),
        "longest_statements": [f"{1000 * seconds / VISITS:6.2f} ms  {name}" for name, seconds in longest],
        "longest_functions": list(islice(_functions(profiler, VISITS), MOST_SHOWN)),
    }  # fmt: skip


def _signed_in(publisher: Publisher) -> Any:  # noqa: ANN401 - Django's client, loaded with Django
    from django.test import Client

    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    login = client.get("/accounts/login/").content
    fields = {"csrfmiddlewaretoken": _token(login), "login": publisher.logins[0], "password": publisher.password}
    client.post("/accounts/login/", fields)
    return client


def _one_order(publisher: Publisher) -> Callable[[], object]:
    """Return a function that sends the form of a new request to the product in this process, checked as over HTTP."""
    chance = random.Random(0)  # noqa: S311 - a load, no secret
    client = _signed_in(publisher)
    token = _token(client.get(f"{FORM}?buyer={publisher.codes[0]}").content)

    def send() -> None:
        body = urlencode(request_form(publisher, chance, token))
        answer = client.post(FORM, body, content_type="application/x-www-form-urlencoded")
        if answer.status_code != FOUND:
            message = f"the form was answered with {answer.status_code}"
            raise RuntimeError(message)

    return send


def _token(page: bytes) -> str:
    found = TOKEN.search(page)
    return found[1].decode() if found else ""


def _profile(title: Text, act: Callable[[], object], times: int, report: Report) -> dict[str, Any]:
    for _ in range(WARM_UP if times > WARM_UP else 1):
        act()
    statements = Statements()
    begun, cpu = time.perf_counter(), time.process_time()
    with statements.listen():
        for _ in range(times):
            act()
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    told: dict[str, Any] = {
        "ms": round(1000 * wall / times, 2),
        "python_ms": round(1000 * cpu / times, 2),
        "statements": round(sum(statements.counts.values()) / times, 1),
        "statement_ms": round(1000 * sum(statements.seconds.values()) / times, 2),
    }
    report(f"\n{title}: {told}")
    for name, count in statements.counts.items():
        report(f"{count / times:8.1f} x {1000 * statements.seconds[name] / times:8.3f} ms  {name}")
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(times):
        act()
    profiler.disable()
    for line in _functions(profiler, times):
        report(line)
    return told


def _functions(profiler: cProfile.Profile, times: int) -> Iterator[str]:
    """Yield the functions that took the most time for themselves, in milliseconds each time."""
    found: Any = pstats.Stats(profiler)
    longest = sorted(found.stats.items(), key=lambda item: item[1][2], reverse=True)[:MOST_FUNCTIONS]
    for (file, line, name), (_, calls, own, whole, _) in longest:
        place = f"{file.rpartition('site-packages/')[2].rpartition('lingqu/')[2]}:{line}" if line else ""
        yield f"{1000 * own / times:8.3f} ms own {1000 * whole / times:8.3f} ms whole {calls / times:8.1f} calls  {name} {place}"
