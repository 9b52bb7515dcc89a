"""The machine dies in the middle: nothing that was acknowledged is lost, and what is sent again with its key is done once.

The real server of a home of its own is killed with -9, web processes and database alike, while clients send requests; then it is started
again as a person would, and every request is sent again.
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.installation import Installation

CLIENTS = 4
KILLS = 2
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Owner:
    """A partner's owner with a browser of their own."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self.port, self.login, self.password = port, login, password
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, bytes]:
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
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
        return answer.status, text

    def sign_in(self) -> None:
        status, page = self.ask("GET", "/accounts/login/")
        assert status == 200
        assert TOKEN.search(page)
        status, _ = self.ask("POST", "/accounts/login/", {"login": self.login, "password": self.password})
        assert status == 302

    def send(self, key: str, product: int) -> bool:
        """Send a request; return whether the server said that it took it."""
        try:
            status, _ = self.ask("POST", "/orders/new", {"key": key, "shortage": "back_order", f"copies-{product}": "1"})
        except (OSError, http.client.HTTPException):
            return False
        assert status in (302, 502, 503), status
        return status == 302


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    tmp_path.chmod(0o755)
    demo = Installation(tmp_path / "home")
    try:
        yield demo
    finally:
        demo.end()


def numbers_of(demo: Installation, question: str) -> list[tuple[object, ...]]:
    """Ask the installation's database; in a process of its own, because this one belongs to the test database."""
    code = (
        "import json, psycopg\nfrom lingqu.config.home import connection, current_home\n"
        "with psycopg.connect(**connection(current_home(), 'app')) as asked:\n"
        f"    print(json.dumps(asked.execute({question!r}).fetchall(), default=str))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=demo.environment, capture_output=True, text=True, check=True)
    return [tuple(row) for row in json.loads(done.stdout)]


@pytest.mark.timeout(240)
def test_killed_in_the_middle(installation: Installation) -> None:
    people = {str(person["login"]): person for person in installation.run("demo")["people"]}  # type: ignore[attr-defined]
    (product,) = numbers_of(installation, "SELECT id FROM catalogue_product ORDER BY code LIMIT 1")[0]
    before = numbers_of(installation, "SELECT count(*) FROM orders_order")[0][0]
    owners = [Owner(installation.port, login, str(people[login]["password"])) for login in ("qin", "wen") * (CLIENTS // 2)]
    for owner in owners:
        owner.sign_in()
    sent: list[tuple[Owner, str]] = []
    taken: set[str] = set()

    for _ in range(KILLS):
        stop = threading.Event()

        def keep_sending(owner: Owner, stop: threading.Event = stop) -> None:
            while not stop.is_set():
                key = str(uuid.uuid4())
                sent.append((owner, key))
                if owner.send(key, int(str(product))):
                    taken.add(key)
                    time.sleep(0.02)
                else:
                    time.sleep(0.1)

        clients = [threading.Thread(target=keep_sending, args=(owner,)) for owner in owners]
        for client in clients:
            client.start()
        time.sleep(1.5)
        assert installation.kill_everything() >= 4
        stop.set()
        for client in clients:
            client.join()
        installation.run("serve")

    assert len(taken) > 10
    stored = {str(row[0]) for row in numbers_of(installation, "SELECT key FROM orders_order")}
    assert taken <= stored, "an acknowledged request was lost"

    again = [key for owner, key in sent if owner.send(key, int(str(product)))]
    assert len(again) == len(sent)
    (count, keys) = numbers_of(installation, "SELECT count(*), count(DISTINCT (buyer_id, key)) FROM orders_order")[0]
    assert count == keys == int(str(before)) + len(sent)
    assert installation.run("verify")["ok"] is True
