"""What is too long is answered before it is read: addresses, headers, and what is sent."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text, use_language
from lingqu.config.language import asked_language, chosen_language
from lingqu.config.limits import ADDRESS_LENGTH, BODY_BYTES, HEAD_LENGTH, HEADER_LENGTH, UPLOAD_BYTES
from lingqu.documents.api import problem

INTERFACE = "/api/"
WITH_FILES = "multipart/form-data"
LONG_ADDRESS = Text(
    f"网址超过 {ADDRESS_LENGTH:,} 个字符，请减少筛选条件。", f"The address has more than {ADDRESS_LENGTH:,} characters; use fewer filters."
)
LONG_HEAD = Text("请求头过长，请清除本网站的 Cookie 后重试。", "The headers are too long; clear the cookies of this site and try again.")
LARGE = Text(
    f"一次最多发送 {BODY_BYTES // 1024 // 1024} MiB，连同文件最多 {UPLOAD_BYTES // 1024 // 1024} MiB，请分批。",
    f"At most {BODY_BYTES // 1024 // 1024} MiB are sent at a time, {UPLOAD_BYTES // 1024 // 1024} MiB with files; send parts.",
)


class SizeMiddleware:
    """Answer 413, 414 or 431 to what is too large; nothing of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Measure a request."""
        wrong = too_large(request)
        return self.get_response(request) if wrong is None else _answer(request, wrong)


def too_large(request: HttpRequest) -> Refusal | None:
    """Return why a request is too large, None when it is not. The length of what comes is the one that it says itself: no more is read."""
    if len(request.path) + len(request.META.get("QUERY_STRING", "")) > ADDRESS_LENGTH and not request.path.startswith(INTERFACE):
        return Refusal("long_address", LONG_ADDRESS, status=414)
    lengths = [len(value) for name, value in request.META.items() if name.startswith("HTTP_")]
    if sum(lengths) > HEAD_LENGTH or max(lengths, default=0) > HEADER_LENGTH:
        return Refusal("long_head", LONG_HEAD, status=431)
    most = UPLOAD_BYTES if request.content_type == WITH_FILES else BODY_BYTES
    length = request.META.get("CONTENT_LENGTH", "")
    if length and (not length.isdecimal() or int(length.lstrip("0")[:20] or "0") > most):
        return Refusal("too_large", LARGE, status=413)
    return None


def _answer(request: HttpRequest, wrong: Refusal) -> HttpResponse:
    if request.path.startswith(INTERFACE):
        use_language(asked_language(request.headers.get("Accept-Language", "")))
        return problem(wrong)
    use_language(chosen_language(request))
    return HttpResponse(render_to_string("refused.html", {"refusal": wrong}), status=wrong.status)
