"""Clients that send without rest and write down what they were told, and processes of an installation that die at random moments."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self
from urllib.parse import urlencode

import psutil

from lingqu.base.clock import today
from tests.installation import Installation

KINDS = ("backend", "web", "database", "worker", "everything")
TOKEN = re.compile(r"lq_[0-9a-f]{10}_[A-Za-z0-9_-]{43}")
AGAIN_SECONDS = 10.0
"""Within which the product serves again."""


class Owner:
    """A partner's owner with a browser of their own."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self.port, self.login, self.password = port, login, password
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None, *, port: int = 0) -> tuple[int, bytes, dict[str, str]]:
        browser = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            head |= {"Content-Type": "application/x-www-form-urlencoded"}
            body = urlencode(fields | {"csrfmiddlewaretoken": self.cookies["lingqu_csrf"]})
        try:
            browser.request(method, path, body, head)
            answer = browser.getresponse()
            text = answer.read()
        finally:
            browser.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, {name.lower(): value for name, value in answer.headers.items()}

    def sign_in(self) -> None:
        """Sign in; a server that was started a moment ago may ask to come again (503)."""
        for _ in range(5):
            status, _, _ = self.ask("GET", "/accounts/login/")
            if status == http.HTTPStatus.OK:
                status, _, _ = self.ask("POST", "/accounts/login/", {"login": self.login, "password": self.password})
            if status == http.HTTPStatus.FOUND:
                return
            assert status == http.HTTPStatus.SERVICE_UNAVAILABLE, status
            time.sleep(1)
        message = "the server does not let anybody in"
        raise AssertionError(message)

    def send(self, key: str, product: int) -> bool:
        """Send a request by its form; return whether the server said that it took it."""
        try:
            status, _, _ = self.ask("POST", "/orders/new", {"key": key, "shortage": "back_order", f"copies-{product}": "1"})
        except (OSError, http.client.HTTPException):
            return False
        assert status in (302, 502, 503), status
        return status == 302

    def token(self) -> str:
        """Make an access token for programs, as the person does, and return it."""
        last = (today() + timedelta(days=20)).isoformat()
        _, page, _ = self.ask("POST", "/accounts/tokens/", {"name": uuid.uuid4().hex[:8], "scopes": "orders:write", "last_day": last})
        found = TOKEN.search(page.decode())
        assert found, "no token on the page"
        return found[0]


@dataclass
class Journal:
    """What was sent and what of it the server acknowledged, by key; shared by all clients."""

    sent: dict[str, Owner] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    heard: float = 0.0
    """When the last acknowledgement came, on the monotonic clock."""

    def take(self, keys: list[str]) -> None:
        self.taken.update(keys)
        self.heard = time.monotonic()


class Crew:
    """Clients in threads: each sends, notes, and after a failure tries again."""

    def __init__(self, owners: list[Owner], send: Callable[[Owner], list[str]], journal: Journal) -> None:
        self.stop = threading.Event()
        self.journal = journal
        self.broken: list[BaseException] = []
        self.threads = [threading.Thread(target=self._work, args=(owner, send)) for owner in owners]

    def _work(self, owner: Owner, send: Callable[[Owner], list[str]]) -> None:
        try:
            while not self.stop.is_set():
                taken = send(owner)
                if taken:
                    self.journal.take(taken)
                else:
                    time.sleep(0.05)
        except BaseException as broken:
            self.broken.append(broken)
            raise

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *told: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


def by_form(journal: Journal, product: int) -> Callable[[Owner], list[str]]:
    """Return a sender of one request at a time by its form; what was not acknowledged is sent again with its key."""
    waiting: dict[int, str] = {}

    def send(owner: Owner) -> list[str]:
        key = waiting.setdefault(id(owner), str(uuid.uuid4()))
        journal.sent[key] = owner
        return [waiting.pop(id(owner))] if owner.send(key, product) else []

    return send


def by_batch(journal: Journal, product: str, size: int) -> Callable[[Owner], list[str]]:
    """Return a sender of many requests in one call of the interface; what broke off is sent again, letter by letter, with its key."""
    waiting: dict[int, tuple[str, list[str]]] = {}
    tokens: dict[int, str] = {}

    def send(owner: Owner) -> list[str]:
        if id(owner) not in tokens:
            tokens[id(owner)] = owner.token()
        call, keys = waiting.setdefault(id(owner), (str(uuid.uuid4()), [str(uuid.uuid4()) for _ in range(size)]))
        journal.sent.update(dict.fromkeys(keys, owner))
        items = [{"key": key, "shortage": "back_order", "lines": [{"product": product, "copies": "1.00"}]} for key in keys]
        heads = {"Authorization": f"Bearer {tokens[id(owner)]}", "Idempotency-Key": call, "Content-Type": "application/json"}
        asked = http.client.HTTPConnection("127.0.0.1", owner.port, timeout=60)
        try:
            asked.request("POST", "/api/v1/orders/batch", json.dumps({"items": items}), heads)
            answer = asked.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return []
        finally:
            asked.close()
        if answer.status != http.HTTPStatus.OK:
            assert answer.status in (401, 502, 503), told
            return []
        del waiting[id(owner)]
        return [str(item["key"]) for item in told["items"] if item["status"] < http.HTTPStatus.BAD_REQUEST]

    return send


class Killer:
    """Kills processes of an installation with -9, and starts what is missing as a person would: `lingqu serve`."""

    def __init__(self, demo: Installation, journal: Journal, seed: int) -> None:
        self.demo, self.journal = demo, journal
        self.random = random.Random(seed)
        self.took: dict[str, list[float]] = {kind: [] for kind in KINDS}

    def kill(self, kind: str) -> int:
        """Send -9 to processes of a kind; return how many."""
        victims = self._victims(kind)
        for victim in victims:
            with suppress(ProcessLookupError):
                os.kill(victim.pid, signal.SIGKILL)
        return len(victims)

    def round(self, kind: str, *, most_wait: float = 60.0) -> None:
        """Wait a random moment, kill, start again, and note after how many seconds something was acknowledged that was sent afterwards."""
        time.sleep(self.random.uniform(0.1, 0.6))
        killed = self.kill(kind)
        assert killed, kind
        died = time.monotonic()
        if kind in ("database", "worker", "everything"):
            self.demo.run("serve")
        while self.journal.heard < died + 0.3:
            assert time.monotonic() - died < most_wait, f"nothing was served {most_wait} s after {kind}"
            time.sleep(0.02)
        self.took[kind].append(self.journal.heard - died)

    def _victims(self, kind: str) -> list[psutil.Process]:
        mine = [process for process in psutil.process_iter() if self.demo._is_mine(process)]
        head = int((self.demo.home / "database" / "postmaster.pid").read_text().split()[0]) if kind in ("backend", "database") else 0
        postgres = [psutil.Process(head), *psutil.Process(head).children(recursive=True)] if head else []
        if kind == "everything":
            return mine
        if kind == "database":
            return postgres
        if kind == "backend":
            found = [one for one in postgres if self._words(one).startswith("postgres: lingqu_app")]
        elif kind == "worker":
            return [one for one in mine if "lingqu.operate.worker" in self._words(one)]
        else:
            # One of those that answer; the process that started it starts another one.
            found = [one for one in mine if self._is_child(one)]
        return [self.random.choice(found)] if found else []

    def _words(self, process: psutil.Process) -> str:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            return " ".join(process.cmdline())
        return ""

    def _is_child(self, process: psutil.Process) -> bool:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            parent = process.parent()
            return parent is not None and "granian" in self._words(parent)
        return False


def numbers_of(demo: Installation, question: str) -> list[tuple[object, ...]]:
    """Ask the installation's database; in a process of its own, because this one belongs to the test database."""
    code = (
        "import json, psycopg\nfrom lingqu.config.home import connection, current_home\n"
        "with psycopg.connect(**connection(current_home(), 'app')) as asked:\n"
        f"    print(json.dumps(asked.execute({question!r}).fetchall(), default=str))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=demo.environment, capture_output=True, text=True, check=True)
    return [tuple(row) for row in json.loads(done.stdout)]
