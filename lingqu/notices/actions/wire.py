"""One HTTP request to a robot: ten seconds for all of it, no redirects, and no more of the answer than anybody needs."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import suppress
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

from lingqu.notices.rules import Answer, BotPost

SECONDS: Final = 10.0
MOST_ANSWER: Final = 64 * 1024


def post(ready: BotPost, *, stable_id: str) -> tuple[int, bytes] | Answer:
    """Post to a robot and return status and body, or an answer that says what went wrong on the way.

    The address, which is a secret, is in none of the answers. Proxies of the environment are not asked and redirects are not followed.
    """
    parts = urlsplit(ready.url)
    secure = parts.scheme == "https"
    try:
        line = socket.create_connection((parts.hostname or "", parts.port or (443 if secure else 80)), timeout=SECONDS)
    except OSError as error:
        return _failure(error)
    # Each read may take ten seconds; a service that drips a byte at a time is hung up on by the clock.
    late = Timer(SECONDS, _hang_up, [line])
    late.daemon = True
    late.start()
    try:
        if secure:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=parts.hostname)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        connection.sock = line
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        head = {"Content-Type": "application/json; charset=utf-8", "X-Request-Id": stable_id, "Connection": "close"}
        connection.request("POST", target, ready.body, head)
        answer = connection.getresponse()
        body = answer.read(MOST_ANSWER + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _failure(error)
    finally:
        late.cancel()
        line.close()
    if len(body) > MOST_ANSWER:
        return Answer(taken=False, code="too_long")
    return answer.status, body


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _failure(error: Exception) -> Answer:
    """Return what went wrong by the kind of error (a key of TROUBLES): its words might hold the address."""
    names = {
        TimeoutError: "timeout",
        ssl.SSLCertVerificationError: "certificate",
        ssl.SSLError: "encryption",
        socket.gaierror: "unknown_host",
        ConnectionRefusedError: "connection_refused",
    }
    return Answer(taken=False, code=next((code for kind, code in names.items() if isinstance(error, kind)), "broken"))
