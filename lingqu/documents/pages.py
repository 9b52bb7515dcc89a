"""What every page view stands on: who asks, when, and how a verb is answered. A door of this module.

`@page` lets in whom the module's `access.py` declares for the address: by method, kind of firm and post; what the object in the address
must be to the person is held by the queries and predicates. An address that is not declared answers nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial, wraps
from types import FunctionType
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from lingqu.base.access import Coming, Entry, coming, entry_for
from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.rules import FIELD, MOST_BYTES, NewFile, check_many, holds_secret, plain_name, too_large
from lingqu.documents.sending import once
from lingqu.documents.states import MEDIA_TYPES, FileKind
from lingqu.organisation.actions import begin_try, take_back_try
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting, acting

KEPT = "kept_input"
MOST_KEPT_FIELDS = 2_000
MOST_KEPT_BYTES = 200_000
"""A form past this size is not kept: nobody who is not signed in may fill the session table."""
NOT_YOUR_POST = Text(
    "您的岗位不能办理这一项；需要时请由有此职责的同事办理，或由其委托您代办。",
    "Your post does not do this; ask a colleague whose post does, or have it lent to you.",
)
NO_POST = Text(
    "您现在没有任职，不能查看或办理；如有误，请联系本单位负责人。",
    "You hold no post today, so nothing is open to you; if that is wrong, ask the owner of your firm.",
)
NOT_THEIRS = (403, 404)
FILE_POLICY = "default-src 'none'; sandbox"
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class PageRequest(HttpRequest):
    """A request of a signed-in person: who they act as today, the moment, its day in China, and whether HTMX asks.

    A view that did what a form asked for and answers no redirect says in `done_here` where the same form is led when it comes again.
    """

    who: Acting
    person: Person
    at: datetime
    today: date
    htmx: HtmxDetails
    done_here: str


def page(
    view: Callable[Concatenate[PageRequest, Parameters], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponse]:
    """Let only signed-in people through whom the address is declared for, and tell the view who asks and when.

    Refuses (405) a method, (404) a kind of firm and (403) a post that the declaration does not have. What was typed is kept when the
    session has ended, and a form does once what it asks for (`sending`).
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        asked = cast("PageRequest", request)
        asked.person = request.user.person
        asked.at = now()
        asked.today = china_day(asked.at)
        asked.who = acting(asked.person, on=asked.today)
        entry = entry_of(request)
        if not must_come(entry, request.method or "", asked.who):
            return HttpResponseNotAllowed(entry.methods)
        return once(request, entry, asked.person.pk, partial(view, asked, *args, **kwargs), at=asked.at)

    return cast("Callable[Concatenate[HttpRequest, Parameters], HttpResponse]", wrapped)


def guarded(view: Callable[..., Any] | None) -> bool:
    """Return whether `@page` stands anywhere among the decorators of a view."""
    guard = _guard().__code__
    while view is not None:
        if getattr(view, "__code__", None) is guard:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


@cache
def _guard() -> FunctionType:
    def nothing(request: PageRequest) -> HttpResponse:
        return HttpResponse(request.path)

    return cast("FunctionType", page(nothing))


def entry_of(request: HttpRequest) -> Entry:
    """Return the declaration of the address that was asked; an address without one answers nobody (ImproperlyConfigured)."""
    match = request.resolver_match
    name = (f"api:{match.url_name}" if match.namespaces else match.url_name or "") if match else ""
    entry = entry_for(name)
    if entry is None:
        message = f"the address {name or request.path} is not declared: add it to ROUTES in the module's access.py (docs/decisions/0027)"
        raise ImproperlyConfigured(message)
    return entry


def leads_to(address: str, who: Acting) -> bool:
    """Return whether an address of ours is open to the person's kind of firm and posts, so that it may be a link; no row is looked at."""
    entry = entry_for(resolve(urlsplit(address).path).view_name)
    posts = {post.value for post, firm in who.posts if firm == who.firm}
    return entry is not None and coming(entry, "GET", kind=who.firm_kind, posts=posts) is Coming.YES


def must_come(entry: Entry, method: str, who: Acting) -> bool:
    """Return whether the address answers the method at all; refuses (404) the wrong kind of firm and (403) posts that may not come.

    Whoever holds no post today is refused too (403), but for what is about their own sign-in.
    """
    if not who.posts and not entry.postless:
        raise Refusal("no_post", NO_POST, status=403)
    posts = {post.value for post, firm in who.posts if firm == who.firm}
    found = coming(entry, method, kind=who.firm_kind, posts=posts)
    if found is Coming.KIND:
        raise not_found()
    if found is Coming.POST:
        raise forbidden(NOT_YOUR_POST)
    return found is Coming.YES


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page; a form that was being sent is kept in the session and offered again afterwards.

    Files are not kept, nor is a form with a password, a code or a token: after the sign-in the page on which it stood is there again.
    """
    kept = [(name, str(value)) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    if request.method == "POST" and holds_secret(request.path, request.POST):
        where = _came_from(request)
    elif request.method == "POST" and sum(len(name.encode()) + len(value.encode()) for name, value in kept) <= MOST_KEPT_BYTES:
        request.session[KEPT] = {"path": request.get_full_path(), "fields": kept[:MOST_KEPT_FIELDS]}
        where = reverse("kept")
    else:
        where = request.get_full_path()
    answer = redirect_to_login(where)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": answer.headers["Location"]})
    return answer


def _came_from(request: HttpRequest) -> str:
    """Return the page of ours on which a form stood: above the address to which it was sent before; home where the browser says none."""
    page_of_it = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page_of_it, allowed_hosts={request.get_host()})
    path = urlsplit(page_of_it).path if ours else reverse("home")
    while path != reverse("home") and not _is_read(path):
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
    return path


def _is_read(path: str) -> bool:
    try:
        entry = entry_for(resolve(path).view_name)
    except Resolver404:
        return False
    return entry is not None and bool(entry.read)


def answer_verb(request: HttpRequest, back: str, do: Callable[[], Text]) -> HttpResponseRedirect:
    """Do a verb and go back to its page with a message: what was done, or why it was refused. Nothing is half done.

    What is not the person's to do (403) or to see (404) is no message on a page but the answer itself.
    """
    try:
        messages.success(request, str(do()))
    except Refusal as refusal:
        tell_refusal(request, refusal)
    return redirect(back)


def tried(request: PageRequest, do: Callable[[datetime], Result], *, wrong: str) -> Result:
    """Do what shows one's password or code; the refusal of the field `wrong` is a failed try, everything else takes it back."""
    begun = begin_try(request.user.get_username(), str(request.META.get("REMOTE_ADDR", "")), at=request.at)
    try:
        done = do(request.at)
    except Refusal as refusal:
        if refusal.field != wrong:
            take_back_try(begun)
        raise
    take_back_try(begun)
    return done


def tell_refusal(request: HttpRequest, refusal: Refusal) -> None:
    """Put a refusal among the messages of the next page; one that says "not yours" (403, 404) is the answer itself, and raised again."""
    if refusal.status in NOT_THEIRS:
        raise refusal
    clause = f" ({refusal.clause})" if refusal.clause else ""
    messages.error(request, f"{refusal.text}{clause}")


def kept_input(request: HttpRequest) -> dict[str, Any] | None:
    """Return, once, the form that was being sent when the session had ended: its `path` and `fields`."""
    return cast("dict[str, Any] | None", request.session.pop(KEPT, None))


def sent_files(request: HttpRequest, field: str = FIELD) -> tuple[NewFile, ...]:
    """Return the files that came in a field of a form; more than 5, and one of more than 10 MB, are refused before they are read."""
    sent = cast("list[UploadedFile[Any]]", request.FILES.getlist(field))
    check_many(len(sent), field=field)
    for file in sent:
        if (file.size or 0) > MOST_BYTES:
            raise too_large(file.name or "", field=field)
    return tuple(NewFile(file.name or "", file.read()) for file in sent)


def file_download(name: str, media_type: str, content: bytes) -> HttpResponse:
    """Answer a file for keeping: browsers never show it in place, run nothing in it, and guess no other type. The name may be Chinese."""
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, plain_name(name)) or "attachment",  # noqa: FBT003 - Django's own order
            "Content-Security-Policy": FILE_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def workbook_download(name: str, content: bytes) -> HttpResponse:
    """Answer a workbook that `write_workbook` made; `name` is given without its ending."""
    return file_download(f"{name}.xlsx", MEDIA_TYPES[FileKind.XLSX], content)


def pdf_download(name: str, content: bytes) -> HttpResponse:
    """Answer a paper that `print_pdf` made; `name` is given without its ending."""
    return file_download(f"{name}.pdf", MEDIA_TYPES[FileKind.PDF], content)
