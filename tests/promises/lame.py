"""A web process whose database is at the other end of a wire that goes bad, and somebody who sends requests through it."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from lingqu.operate.ports import choose_free
from tests.installation import Installation
from tests.promises.killing import Owner
from tests.promises.wire import Wire

ANSWER_SECONDS = 5.0
RECOVER_SECONDS = 10.0
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@contextmanager
def served_over(wire: Wire, demo: Installation) -> Iterator[int]:
    """Serve the installation's pages by a process of its own whose database is the wire; give its port."""
    port = choose_free()
    url = f"postgresql://lingqu_owner:unused@127.0.0.1:{wire.port}/lingqu"
    variables = demo.environment | {"DATABASE_URL": url, "LINGQU_DATABASE_ROLE": "app", "DJANGO_SETTINGS_MODULE": "lingqu.config.settings"}
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning", "--workers", "1"]
    words += ["--blocking-threads", "2", "--host", "127.0.0.1", "--port", str(port), "lingqu.config.wsgi:application"]
    process = subprocess.Popen(words, env=os.environ | variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not _answers(port):
            assert time.monotonic() < until, "the web process did not start"
            assert process.poll() is None
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        asked.request("GET", "/accounts/login/")
        return asked.getresponse().status == 200
    except OSError:
        return False


class Sender:
    """Sends requests over the lame process and writes down what it was told."""

    def __init__(self, owner: Owner, port: int, product: int) -> None:
        self.owner, self.port, self.product = owner, port, product
        self.sent: list[str] = []
        self.taken: list[str] = []
        self.slowest = 0.0
        self.wrong: list[str] = []

    def send(self, key: str) -> int:
        """Send one; what is answered must be a success or a 503 that says when to come again and keeps what was typed."""
        fields = {"key": key, "form_key": key.replace("-", ""), "shortage": "back_order", f"copies-{self.product}": "1", "note": "急 <用>"}
        began = time.monotonic()
        status, page, heads = self.owner.ask("POST", "/orders/new", fields, port=self.port)
        self.slowest = max(self.slowest, time.monotonic() - began)
        if status == 302 and "/accounts/login" not in heads["location"]:
            self.taken.append(key)
        elif status == 503:
            kept = {name: unescape(value) for name, value in FIELD.findall(page.decode())}
            if not heads.get("retry-after") or any(kept.get(name) != value for name, value in fields.items()):
                self.wrong.append(f"{key}: 503 with {heads.get('Retry-After')!r}, kept {sorted(kept)}")
        else:
            self.wrong.append(f"{key}: {status} {heads.get('location', '')}")
        return status

    def fresh(self) -> str:
        self.sent.append(str(uuid.uuid4()))
        return self.sent[-1]

    def until_taken(self, key: str) -> float:
        """Send until it is taken; return after how many seconds, at most 30."""
        began = time.monotonic()
        while self.send(key) != 302 and time.monotonic() - began < 3 * RECOVER_SECONDS:
            time.sleep(0.2)
        return time.monotonic() - began
