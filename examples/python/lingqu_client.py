"""A small client of Lingqu's interface, of the standard library alone: copy it into your own system and change what you like.

    client = Client("https://lingqu.example.com", token="lq_…")
    done = client.submit_many(orders, key="erp-2026-11-23")
    for order in client.every("/orders", state="held"):
        print(order["number"], order["net"])

Money and quantities come and go as texts with two decimals: make them Decimal, never float.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

MOST_AT_ONCE = 1_000
TRIES = 4
WAIT_SECONDS = 1.0
AGAIN = frozenset({429, 502, 503, 504})


class Problem(Exception):  # noqa: N818 - what the server calls it
    """The server said no: `code` is for programs, `detail` for people, `errors` name each wrong field."""

    def __init__(self, told: dict[str, Any]) -> None:
        """Keep what was told."""
        super().__init__(f"{told.get('status')} {told.get('code')}: {told.get('detail')}")
        self.status: int = told.get("status", 0)
        self.code: str = told.get("code", "")
        self.detail: str = told.get("detail", "")
        self.errors: list[dict[str, str]] = told.get("errors", [])


class Client:
    """Calls the interface with one token."""

    def __init__(self, address: str, *, token: str, language: str = "zh", timeout: float = 60.0) -> None:
        """`address` is where Lingqu is, such as https://lingqu.example.com."""
        self.address = address.rstrip("/") + "/api/v1/"
        self.headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "Accept-Language": language}
        self.timeout = timeout

    def get(self, path: str, **query: object) -> Any:
        """Read one thing, or one page."""
        asked = {name: str(value) for name, value in query.items() if value is not None}
        return self._call("GET", path.lstrip("/") + (f"?{urlencode(asked)}" if asked else ""))

    def every(self, path: str, **query: object) -> Iterator[Any]:
        """Read a list to its end, page by page."""
        page = self.get(path, **{"limit": 200, **query})
        while True:
            yield from page["items"]
            if not page["next"]:
                return
            page = self._call("GET", page["next"])

    def post(self, path: str, sent: object, *, key: str = "") -> Any:
        """Do something once. The key is made before the first try, so a try that got no answer can be made again."""
        return self._call("POST", path.lstrip("/"), sent, key or uuid.uuid4().hex)

    def submit_many(self, orders: Sequence[object], *, key: str) -> list[dict[str, Any]]:
        """Submit any number of requests, 1,000 at a time; the same key and orders again change nothing."""
        done: list[dict[str, Any]] = []
        for start in range(0, len(orders), MOST_AT_ONCE):
            part = {"items": list(orders[start : start + MOST_AT_ONCE])}
            done += self.post("orders/batch", part, key=f"{key}-{start}")["items"]
        return done

    def _call(self, method: str, path: str, sent: object = None, key: str = "") -> Any:
        headers = dict(self.headers)
        body = None
        if method == "POST":
            body = json.dumps(sent).encode()
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        request = Request(urljoin(self.address, path), data=body, headers=headers, method=method)
        for left in reversed(range(TRIES)):
            try:
                with urlopen(request, timeout=self.timeout) as answer:
                    return json.load(answer)
            except HTTPError as wrong:
                if wrong.code not in AGAIN or not left:
                    raise Problem(_told(wrong)) from wrong
            except (URLError, ConnectionError, TimeoutError):
                # Nobody knows whether it was done: the same key makes it safe to ask again.
                if not left:
                    raise
            time.sleep(WAIT_SECONDS * (TRIES - left))
        raise AssertionError


def _told(wrong: HTTPError) -> dict[str, Any]:
    try:
        told = json.load(wrong)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"status": wrong.code, "detail": wrong.reason}
