"""The three group services and a mail server, as complete as our messages can tell, on ports of this machine.

Each checks what the real one checks: path and key, signature and its time, shape and size of the body, the pace. Each says no with HTTP
200 and a code, as the real ones do. Signatures are computed here on their own, from the services' formulas.
"""

from __future__ import annotations

import base64
import hmac
import json
import socketserver
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "key-that-nobody-may-see"
SECRET = "SECthat-nobody-may-see"
FORGOTTEN = timedelta(hours=1)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


class Robot(ABC, ThreadingHTTPServer):
    """A group's robot. `taken` are the texts that it showed to the group; `ids` the request ids in order of arrival, taken or not."""

    daemon_threads = True
    place = ""
    paces: tuple[tuple[int, timedelta, int], ...] = ()

    def __init__(self, now: Callable[[], datetime], *, secret: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.now, self.secret = now, secret
        self.taken: list[str] = []
        self.ids: list[str] = []
        self.refused: list[int] = []
        self.troubles: list[Callable[[Any], None]] = []
        self.moments: list[datetime] = []
        self.door = threading.Lock()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def address(self) -> str:
        return f"http://{self.host}{self.place}"

    def too_fast(self) -> int:
        """The code of a pace that was passed, else 0; a request counts however it ends."""
        now = self.now()
        self.moments.append(now)
        return next((code for most, span, code in self.paces if sum(now - moment < span for moment in self.moments) > most), 0)

    @abstractmethod
    def judge(self, path: str, query: dict[str, list[str]], body: dict[str, Any], size: int) -> tuple[int, str]: ...

    def answer(self, code: int) -> dict[str, Any]:
        return {"errcode": code, "errmsg": "ok" if code == 0 else f"refused for {self.address}"}


class WeCom(Robot):
    place = f"/cgi-bin/webhook/send?key={KEY}"
    paces = ((20, MINUTE, 45009),)

    def judge(self, path: str, query: dict[str, list[str]], body: dict[str, Any], size: int) -> tuple[int, str]:
        if path != "/cgi-bin/webhook/send" or query != {"key": [KEY]}:
            return 93000, ""
        if set(body) != {"msgtype", "text"} or body["msgtype"] != "text" or set(body["text"]) != {"content"}:
            return 40008, ""
        text = body["text"]["content"]
        return (0, text) if len(text.encode()) <= 2048 else (40058, "")


class DingTalk(Robot):
    place = f"/robot/send?access_token={KEY}"
    paces = ((20, MINUTE, 130101),)

    def judge(self, path: str, query: dict[str, list[str]], body: dict[str, Any], size: int) -> tuple[int, str]:
        if path != "/robot/send" or query.get("access_token") != [KEY]:
            return 300001, ""
        if self.secret:
            told = query.get("timestamp", [""])[0]
            right = hmac.digest(self.secret.encode(), f"{told}\n{self.secret}".encode(), "sha256")
            if query.get("sign") != [base64.b64encode(right).decode()] or not told.isdigit():
                return 310000, ""
            if abs(self.now().timestamp() - int(told) / 1000) > FORGOTTEN.total_seconds():
                return 310000, ""
        if set(body) != {"msgtype", "text"} or set(body["text"]) != {"content"} or size > 20_000:
            return 400105, ""
        return 0, body["text"]["content"]


class Feishu(Robot):
    place = f"/open-apis/bot/v2/hook/{KEY}"
    paces = ((100, MINUTE, 11232), (5, SECOND, 9499))

    def judge(self, path: str, query: dict[str, list[str]], body: dict[str, Any], size: int) -> tuple[int, str]:
        if path != self.place or query:
            return 19001, ""
        if self.secret:
            told = body.pop("timestamp", "")
            right = hmac.digest(f"{told}\n{self.secret}".encode(), b"", "sha256")
            if body.pop("sign", "") != base64.b64encode(right).decode() or not told.isdigit():
                return 19021, ""
            if abs(self.now().timestamp() - int(told)) > FORGOTTEN.total_seconds():
                return 19021, ""
        if set(body) != {"msg_type", "content"} or body["msg_type"] != "text" or set(body["content"]) != {"text"}:
            return 9499, ""
        return (0, body["content"]["text"]) if size <= 20 * 1024 else (9499, "")

    def answer(self, code: int) -> dict[str, Any]:
        if code:
            return {"code": code, "data": {}, "msg": f"refused for {self.address}"}
        return {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}


class _Handler(BaseHTTPRequestHandler):
    server: Robot

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        robot = self.server
        with robot.door:
            robot.ids.append(self.headers["X-Request-Id"])
            trouble = robot.troubles.pop(0) if robot.troubles else None
            if trouble:
                trouble(self)
                return
            parts = urlsplit(self.path)
            code = robot.too_fast()
            text = ""
            if not code:
                assert self.headers["Content-Type"].startswith("application/json")
                code, text = robot.judge(parts.path, parse_qs(parts.query), json.loads(body), len(body))
            if code:
                robot.refused.append(code)
            else:
                robot.taken.append(text)
            self.tell(200, json.dumps(robot.answer(code)).encode())

    def tell(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that takes what it is sent into `mails` (recipient, text), and no mail for those in `unknown`."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _MailHandler)
        self.mails: list[tuple[str, str]] = []
        self.unknown: set[str] = set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _MailHandler(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        to = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("RCPT"):
                to = line.partition("<")[2].partition(">")[0]
                self.say("550 no such mailbox" if to in self.server.unknown else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                self.server.mails.append((to, text[:-5].decode()))
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Let a fake serve in the background."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
