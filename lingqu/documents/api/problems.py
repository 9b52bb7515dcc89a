"""What went wrong, as `application/problem+json` (RFC 9457), in the language of the request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from lingqu.base.refusal import Refusal, TooMany
from lingqu.base.text import Text, active_language
from lingqu.documents.api.shapes import Shape

PROBLEM: Final = "application/problem+json"
TITLES: Final = {
    400: Text("无法读取所发内容", "What was sent cannot be read"),
    401: Text("未认证", "Not authenticated"),
    403: Text("无权办理", "Not allowed"),
    404: Text("没有这项内容", "No such thing"),
    405: Text("该地址没有这种方法", "No such method here"),
    409: Text("现在不能办理", "Not possible now"),
    413: Text("内容过大", "Too large"),
    415: Text("内容类型不对", "Wrong media type"),
    422: Text("所填内容不能接受", "Not acceptable as it is"),
    429: Text("请求太频繁", "Too many requests"),
    503: Text("稍后再试", "Try again later"),
}
MOST_ERRORS: Final = 100
MOST_WORD: Final = 200
_BODY: Final = 2
_NOT_DONE: Final = Text("未作任何更改。", "Nothing was changed.")


class FieldError(Shape):
    """One thing that is wrong with one field, such as `lines.0.copies`."""

    field: str
    code: str
    text: str


class Problem(Shape):
    """What went wrong. `code` is for programs and stays; `clause` cites the regulation; `errors` has one entry per wrong field."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    clause: str = ""
    field: str = ""
    errors: list[FieldError] = []


PROBLEMS: Final = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429, 503), Problem)
"""What any operation may answer beside what it is asked for."""


def problem_body(refusal: Refusal, errors: Iterable[FieldError] = ()) -> str:
    """Return a refusal as JSON, in the active language."""
    title = TITLES.get(refusal.status) or Text(HTTPStatus(refusal.status).phrase, HTTPStatus(refusal.status).phrase)
    told = Problem(
        type=f"urn:lingqu:problem:{refusal.code}",
        title=str(title),
        status=refusal.status,
        detail=str(refusal.text),
        code=refusal.code,
        clause=refusal.clause,
        field=refusal.field,
        errors=list(errors),
    )
    return json.dumps(told.model_dump(), ensure_ascii=False)


def problem(refusal: Refusal, errors: Iterable[FieldError] = (), headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Answer a refusal."""
    more = {"Cache-Control": "no-store", "Content-Language": active_language(), "Vary": "Accept-Language"} | dict(headers or {})
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        more["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooMany):
        more["Retry-After"] = str(refusal.seconds)
    return HttpResponse(problem_body(refusal, errors), status=refusal.status, content_type=PROBLEM, headers=more)


_WORDS: Final = {
    "missing": Text("缺少此项。", "This is missing."),
    "extra_forbidden": Text("没有这个字段。", "There is no such field."),
    "string_type": Text("须是文本。", "This must be a text."),
    "int_type": Text("须是整数。", "This must be a whole number."),
    "int_parsing": Text("须是整数。", "This must be a whole number."),
    "bool_type": Text("须是 true 或 false。", "This must be true or false."),
    "list_type": Text("须是列表。", "This must be a list."),
    "model_type": Text("须是对象。", "This must be an object."),
    "model_attributes_type": Text("须是对象。", "This must be an object."),
    "value_error": Text("写法不对，请看接口说明中的例子。", "It is not written as it must be; see the example in the description."),
    "string_pattern_mismatch": Text("写法不对，须符合 {pattern}。", "It is not written as it must be: {pattern}."),
    "string_too_short": Text("太短，至少 {min_length} 个字符。", "Too short: at least {min_length} characters."),
    "string_too_long": Text("太长，最多 {max_length} 个字符。", "Too long: at most {max_length} characters."),
    "too_short": Text("太少，至少 {min_length} 项。", "Too few: at least {min_length}."),
    "too_long": Text("太多，最多 {max_length} 项。", "Too many: at most {max_length}."),
    "greater_than_equal": Text("须不小于 {ge}。", "This must be at least {ge}."),
    "less_than_equal": Text("须不大于 {le}。", "This must be at most {le}."),
    "literal_error": Text("须是其中之一：{expected}。", "This must be one of {expected}."),
    "enum": Text("须是其中之一：{expected}。", "This must be one of {expected}."),
}
_OTHER: Final = Text("不能接受此值。", "This value is not accepted.")


def validation_problem(request: HttpRequest, wrong: ValidationError) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """Answer what does not have the shape that is asked for, with every wrong field, at most 100."""
    errors = [_field_error(one) for one in wrong.errors[:MOST_ERRORS]]
    many = len(wrong.errors)
    text = Text(f"有 {many} 处不能接受，见 errors。{_NOT_DONE.zh}", f"{many} fields are not acceptable, see errors. {_NOT_DONE.en}")
    first = errors[0].field if errors else ""
    return problem(Refusal("invalid", text, status=422, field=first), errors)


def _field_error(one: Mapping[str, Any]) -> FieldError:
    place = [str(part) for part in one.get("loc", ())]
    # The first part says where it stands, the second how the view calls it: neither is the sender's word.
    inner = place[_BODY:] if len(place) > _BODY or place[:1] == ["body"] else place[1:]
    code = str(one.get("type", "value_error"))
    words = _WORDS.get(code, _OTHER)
    values = {name: str(value)[:MOST_WORD] for name, value in (one.get("ctx") or {}).items()}
    try:
        text = str(words).format(**values) if values else str(words)
    except (KeyError, IndexError, ValueError):
        text = str(_OTHER)
    return FieldError(field=".".join(inner)[:MOST_WORD], code=code, text=text)
