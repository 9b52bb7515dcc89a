"""The load over HTTP: eight connections, each with a person who has signed in, sending the form of a new request again and again.

The client is made cheap, because it shares the machine with what it measures: plain sockets, and nothing read but what is checked.
"""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode

from lingqu.bench.crew import Load, Work
from lingqu.bench.publisher import Publisher, new_key, read_publisher
from lingqu.bench.scratch import Place

CLIENTS: Final = 8
SIGN_IN: Final = "/accounts/login/"
FORM: Final = "/orders/new"
FOUND: Final = 302
PATIENCE_SECONDS: Final = 30.0
TOKEN: Final = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
ANSWER: Final = re.compile(rb"HTTP/1\.1 (\d{3})")
LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
COOKIE: Final = re.compile(rb"\r\nset-cookie: *([^\r]+)", re.IGNORECASE)
PLACE: Final = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
ORDER_PAGE: Final = re.compile(rb"/orders/JH-\d{4}-\d{4,}/")


def request_form(publisher: Publisher, chance: random.Random, token: str) -> list[tuple[str, object]]:
    """Return the fields of the page for new requests, filled in by a representative for a partner who telephoned."""
    partner, products, copies = publisher.wish(chance)
    head: list[tuple[str, object]] = [
        ("csrfmiddlewaretoken", token), ("key", new_key()), ("buyer", publisher.codes[partner]), ("source", "telephone"),
        ("shortage", "back_order"), ("note", ""), ("paste", ""), ("q", ""),
    ]  # fmt: skip
    cells = [(f"copies-{product}", many) for product, many in zip(products, copies, strict=True)]
    return [*head, *cells, *((f"discount-{product}", "") for product in products), ("send", "1")]


class Browser:
    """One connection that is kept open, with the cookies of one person."""

    def __init__(self, port: int) -> None:
        """Connect to the server on this machine."""
        self.port = port
        self.cookies: dict[str, str] = {}
        self._socket = self._connect()

    def reconnect(self) -> None:
        """Connect anew, as a browser does after a pause: the server ends connections that nobody uses."""
        self._socket.close()
        self._socket = self._connect()

    def get(self, path: str) -> tuple[int, bytes, bytes]:
        """Ask for a page and return status, head and body."""
        return self._ask(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self._cookie()}\r\n\r\n".encode())

    def post(self, path: str, fields: list[tuple[str, object]]) -> tuple[int, bytes, bytes]:
        """Send a form and return status, head and body."""
        body = urlencode(fields).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self._cookie()}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body)

    def sign_in(self, login: str, password: str) -> None:
        """Sign in through the page; raises RuntimeError when it does not lead on."""
        fields: list[tuple[str, object]] = [("csrfmiddlewaretoken", self.token(SIGN_IN)), ("login", login), ("password", password)]
        status, _, body = self.post(SIGN_IN, fields)
        if status != FOUND:
            message = f"signing in was answered with {status}: {body[:200]!r}"
            raise RuntimeError(message)

    def token(self, path: str) -> str:
        """Return the token that stands in the form of a page; raises RuntimeError when there is none."""
        status, _, body = self.get(path)
        found = TOKEN.search(body)
        if found is None:
            message = f"{path} was answered with {status} and has no form: {body[:200]!r}"
            raise RuntimeError(message)
        return found[1].decode()

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        self._socket.sendall(request)
        answer = self._receive(b"")
        while b"\r\n\r\n" not in answer:
            answer += self._receive(answer)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length:
            while len(body) < int(length[1]):
                body += self._receive(answer)
        elif b"chunked" in head.lower():
            while not body.endswith(b"0\r\n\r\n"):
                body += self._receive(answer)
        for cookie in COOKIE.findall(head):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie.decode()).items()}
        status = ANSWER.match(head)
        return int(status[1]) if status else 0, head, body

    def _receive(self, so_far: bytes) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            message = f"the server closed the connection after {so_far[:200]!r}"
            raise ConnectionError(message)
        return part


class Client:
    """One person at one connection who sends requests, one after the other."""

    def __init__(self, publisher: Publisher, number: int, port: int) -> None:
        """Sign in and open the form."""
        self.publisher = publisher
        self.chance = random.Random(3_000 + number)  # noqa: S311 - a load, no secret
        self.browser = Browser(port)
        self.browser.sign_in(publisher.logins[number], publisher.password)
        self.token = self.browser.token(f"{FORM}?buyer={publisher.codes[number]}")

    def send(self, until: float, work: Work) -> None:
        """Send requests until the moment; every answer must lead to the page of an order."""
        self.browser.reconnect()
        while time.monotonic() < until:
            fields = request_form(self.publisher, self.chance, self.token)
            begun = time.monotonic()
            try:
                status, head, body = self.browser.post(FORM, fields)
            except OSError as error:
                work.wrong.append(str(error))
                return
            work.waits.append((time.monotonic() - begun) * 1000)
            where = PLACE.search(head)
            if status == FOUND and where and ORDER_PAGE.search(where[1]):
                work.done += 1
            else:
                work.wrong.append(f"{status} {where[1] if where else body[:300]!r}")


def make_web_load(_number: int, place: Place) -> Load:
    """Return the load of the one client process on an installation: a thread for each connection."""
    publisher = read_publisher(place.home)
    clients = [Client(publisher, number, place.port) for number in range(CLIENTS)]

    def load(until: float) -> Work:
        works = [Work() for _ in clients]
        threads = [threading.Thread(target=client.send, args=(until, work)) for client, work in zip(clients, works, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Work(
            done=sum(work.done for work in works),
            waits=[wait for work in works for wait in work.waits],
            wrong=[what for work in works for what in work.wrong],
        )

    return load
