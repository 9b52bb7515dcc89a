"""Who calls and what they send: looked at before anything else. A token is asked for, a session never is, so no cookie opens this door."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.http import parse_header_parameters
from ninja.operation import Operation
from ninja.security import HttpBearer

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text
from lingqu.documents.pages import entry_of, must_come
from lingqu.organisation.actions import begin_try, note_token_use
from lingqu.organisation.queries import Acting, ShownToken, acting, token_shown
from lingqu.organisation.states import SCOPE_WORDS, Scope

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_DEPTH: Final = 20
MOST_ADDRESS: Final = 4_000
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class ApiRequest(HttpRequest):
    """A request of a program: as whom it acts today, the moment, its day in China, and what it sent, read as JSON."""

    who: Acting
    token: ShownToken
    at: datetime
    today: date
    sent: Any


class Gate(HttpBearer):
    """Lets a token through that has the scope. One for each operation: it also knows which fields the address may have."""

    def __init__(self, scope: Scope | None) -> None:
        """Ask for a scope; None opens to every token."""
        super().__init__()
        self.scope = scope
        self.fields: frozenset[str] = frozenset()
        self.takes_body = False

    def learn(self, operation: Operation) -> None:
        """Take from an operation what its address and body may hold."""
        queries = [model for model in operation.models if model.__ninja_param_source__ == "query"]
        self.fields = frozenset(name for model in queries for name in model.__ninja_flatten_map__)
        self.takes_body = any(model.__ninja_param_source__ == "body" for model in operation.models)

    def __call__(self, request: HttpRequest) -> ShownToken:
        """Return the token of a request that may go on; everything else is refused."""
        asked = cast("ApiRequest", request)
        asked.at = now()
        asked.today = china_day(asked.at)
        self._identify(asked)
        self._check_address(asked)
        if request.method in {"POST", "PUT", "PATCH"}:
            asked.sent = _read_body(asked)
            if not self.takes_body and asked.sent not in (None, {}):
                raise bad_input("", Text("这里不需要内容。", "Nothing is to be sent here."))
        return asked.token

    def authenticate(self, request: HttpRequest, token: str) -> ShownToken | None:
        """Return the token that was shown, when it still opens something."""
        asked = cast("ApiRequest", request)
        return token_shown(token, on=asked.today) if _TOKEN.fullmatch(token) else None

    def _identify(self, asked: ApiRequest) -> None:
        token = super().__call__(asked)
        if token is None:
            if asked.headers.get("Authorization"):
                begin_try("", str(asked.META.get("REMOTE_ADDR", "")), at=asked.at)
            raise _unknown(asked)
        asked.token = token
        asked.who = acting(token.person, on=asked.today)
        if not asked.who.posts:
            raise forbidden(Text("令牌的主人现在没有任职。", "Whoever made this token holds no post today."))
        must_come(entry_of(asked), asked.method or "", asked.who)
        if token.used_on is None or token.used_on < asked.today:
            note_token_use(token.id, on=asked.today)
        if self.scope and self.scope.value not in token.scopes:
            words = SCOPE_WORDS[self.scope]
            text = Text(f"令牌没有权限“{words.zh}”（{self.scope}）。", f"The token lacks “{words.en}” ({self.scope}).")
            raise Refusal("missing_scope", text, status=403)

    def _check_address(self, asked: ApiRequest) -> None:
        if len(asked.get_full_path()) > MOST_ADDRESS:
            raise bad_input("", Text("地址过长。", "The address is too long."))
        for name, values in asked.GET.lists():
            if name not in self.fields:
                raise bad_input(name[:60], Text(f"没有参数“{name[:60]}”。", f"There is no parameter “{name[:60]}”."))
            if len(values) > 1:
                raise bad_input(name, Text("同一参数只能给一次。", "A parameter stands once."))
            if _CONTROL.search(values[0]):
                raise bad_input(name, Text("含有无法保存的字符。", "It holds a character that cannot be stored."))


def _unknown(asked: HttpRequest) -> Refusal:
    if asked.headers.get("Authorization"):
        text = Text("令牌无效、已停用或已到期，请换一个。", "The token is unknown, revoked or over; make another one.")
        return Refusal("bad_token", text, status=401)
    text = Text("请在 Authorization: Bearer 后带上访问令牌。", "Send an access token after Authorization: Bearer.")
    return Refusal("no_token", text, status=401)


def _read_body(asked: HttpRequest) -> Any:  # noqa: ANN401 - whatever was sent
    """Return what was sent, None for nothing; refuses other media types (415), more than 2 MiB (413), and what is no plain JSON (400)."""
    try:
        body = asked.body
    except RequestDataTooBig:
        raise _too_large() from None
    if len(body) > MOST_BYTES:
        raise _too_large()
    if not body:
        return None
    kind, more = parse_header_parameters(asked.headers.get("Content-Type", ""))
    if kind != "application/json" or more.get("charset", "utf-8").lower() != "utf-8":
        text = Text("请以 application/json（UTF-8）发送。", "Send application/json in UTF-8.")
        raise Refusal("media_type", text, status=415)
    try:
        sent = json.loads(body.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Refusal("no_json", Text("内容不是 JSON。", "What was sent is no JSON."), status=400) from None
    for depth, value in _walk(sent):
        if depth > MOST_DEPTH:
            raise Refusal("too_deep", Text(f"嵌套超过 {MOST_DEPTH} 层。", f"Nested more than {MOST_DEPTH} deep."), status=400)
        if isinstance(value, str) and _CONTROL.search(value):
            raise bad_input("", Text("含有无法保存的字符。", "A text holds a character that cannot be stored."))
    return sent


def _too_large() -> Refusal:
    return Refusal("too_large", Text("一次最多发送 2 MiB，请分批。", "At most 2 MiB at a time; send parts."), status=413)


def _no_number(word: str) -> Any:  # noqa: ANN401 - the signature that json asks for
    raise ValueError(word)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return made


def _walk(sent: Any) -> Iterator[tuple[int, Any]]:  # noqa: ANN401 - whatever was sent
    """Go through all values and names of what was sent, each with its depth, without calling itself."""
    left = [(1, sent)]
    while left:
        depth, value = left.pop()
        yield depth, value
        if depth > MOST_DEPTH:
            continue
        if isinstance(value, dict):
            left += [(depth, name) for name in value]
            left += [(depth + 1, inner) for inner in value.values()]
        elif isinstance(value, list):
            left += [(depth + 1, inner) for inner in value]
