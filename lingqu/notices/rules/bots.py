"""How the robots of the three group services are spoken to, and how their answers are read.

WeCom has no signature: who knows the address may send. DingTalk signs `time + newline + secret` with the secret as key and takes time
(milliseconds) and signature in the address; Feishu signs nothing with `time + newline + secret` as the key and takes both (seconds) in
the body. All three answer 200 to what they refuse: only the code in the answer counts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import quote_plus

import msgspec

from lingqu.notices.rules.message import fit_bytes
from lingqu.notices.states import ChannelKind

MOST_BYTES: Final = {ChannelKind.WECOM: 2_048, ChannelKind.DINGTALK: 15_000, ChannelKind.FEISHU: 15_000}
"""Of the text alone; Feishu takes 20 KB of body, of which quotation marks and lines need some more than their own byte."""

HTTP_OK: Final = 200
MOST_TOLD: Final = 200


class BotPost(msgspec.Struct, frozen=True):
    """What is posted to a robot: the whole address, secrets included, and the body. Never written to a log."""

    url: str
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """What a channel answered: whether the message is taken, the service's own code, and its words."""

    taken: bool
    code: str
    words: str = ""


def dingtalk_signature(secret: str, milliseconds: int) -> str:
    """Return DingTalk's signature of a moment, base64."""
    return _sign(secret.encode(), f"{milliseconds}\n{secret}".encode())


def feishu_signature(secret: str, seconds: int) -> str:
    """Return Feishu's signature of a moment, base64."""
    return _sign(f"{seconds}\n{secret}".encode(), b"")


def _sign(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def bot_post(kind: ChannelKind, words: str, *, address: str, secret: str, at: datetime) -> BotPost:
    """Return what to post to a group's robot. Raises KeyError for mail, which is no robot."""
    text = fit_bytes(words, MOST_BYTES[kind])
    seconds = int(at.timestamp())
    if kind is ChannelKind.FEISHU:
        # Feishu reads tags such as <at user_id="all"> even in plain text: nobody's words may call the whole group.
        content = {"text": text.replace("<", "＜").replace(">", "＞")}
        body: dict[str, object] = {"msg_type": "text", "content": content}
        if secret:
            body = {"timestamp": str(seconds), "sign": feishu_signature(secret, seconds)} | body
        return BotPost(address, msgspec.json.encode(body))
    if kind is ChannelKind.DINGTALK and secret:
        milliseconds = int(at.timestamp() * 1000)
        address += f"&timestamp={milliseconds}&sign={quote_plus(dingtalk_signature(secret, milliseconds))}"
    return BotPost(address, msgspec.json.encode({"msgtype": "text", "text": {"content": text}}))


def read_answer(kind: ChannelKind, status: int, body: bytes) -> Answer:
    """Return what a robot's answer means: taken only when HTTP says 200 *and* the service's own code is the number 0."""
    if status != HTTP_OK:
        return Answer(taken=False, code=f"HTTP {status}")
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        told = None
    if not isinstance(told, dict):
        return Answer(taken=False, code="unreadable_answer")
    names = ("code", "StatusCode") if kind is ChannelKind.FEISHU else ("errcode",)
    code = next((told[name] for name in names if name in told), None)
    words = str(told.get("msg" if kind is ChannelKind.FEISHU else "errmsg", ""))[:MOST_TOLD]
    return Answer(taken=type(code) is int and code == 0, code=str(code)[:40], words=words)
