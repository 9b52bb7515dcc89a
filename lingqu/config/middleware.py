"""Middleware: the language of the request, and refusals shown as pages."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from lingqu.base.refusal import Refusal
from lingqu.base.text import Language, Text, use_language
from lingqu.config.language import asked_language, chosen_language
from lingqu.config.refusals import refusal_page
from lingqu.documents.api import problem

INTERFACE = "/api/"
PROBED = ("/health", "/ready")
DJANGO_LANGUAGE: dict[Language, str] = {"zh": "zh-hans", "en": "en"}


CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class ContentPolicyMiddleware:
    """Tell browsers to load from here only, and to run nothing that stands inside a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header to every answer."""
        answer = self.get_response(request)
        answer.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        return answer


class LanguageMiddleware:
    """Use the language that the person chose (a cookie), Chinese when none was chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the language for our texts and for those of the libraries."""
        language = chosen_language(request)
        use_language(language)
        translation.activate(DJANGO_LANGUAGE[language])
        return self.get_response(request)


class InterfaceMiddleware:
    """Speak to other systems in the language that they ask for, and tell them of a wrong method as of every other problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is not meant for the interface."""
        if not request.path.startswith(INTERFACE):
            return self.get_response(request)
        use_language(asked_language(request.headers.get("Accept-Language", "")))
        answer = self.get_response(request)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            text = Text("该地址没有这种方法，见 Allow。", "There is no such method here, see Allow.")
            return problem(Refusal("no_method", text, status=405), headers={"Allow": answer.headers.get("Allow", "")})
        return answer


class HostMiddleware:
    """Answer only under the names that this installation has (`LINGQU_HOSTS`): Django looks at the name no sooner than it needs it.

    Whether the process lives and is ready is told under any name: whoever probes asks by address, and neither answer holds a name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the name; Django answers 400 to a foreign one."""
        if request.path not in PROBED:
            request.get_host()
        return self.get_response(request)


class RefusalMiddleware:
    """Turn a refusal that no view caught into a page (or fragment) with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; leave everything else to Django."""
        return refusal_page(request, exception) if isinstance(exception, Refusal) else None
