"""A form does once what it asks for: double click, back and send again, a second tab, a kill before the answer (docs/decisions/0032).

Every form carries a key beside its CSRF token. `once` keeps it in the transaction of what the form does; a form that comes again is led
to what the first one did, or, when it asks something else than the first, asked about: what was typed is never lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac

from lingqu.base.access import Entry, Once
from lingqu.base.templatetags.forms import FORM_KEY
from lingqu.base.text import Text
from lingqu.documents.actions import Before, Form, send_once
from lingqu.documents.rules import holds_secret

MORE: Final = "form_more"
"""The field in which a person says that an equal form is meant in addition to the first."""

DOCUMENT_KEY: Final = "key"
"""The field in which some forms carry a key that their document keeps for ever; it says nothing of the content."""

TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
_KEY: Final = re.compile("[0-9a-f]{32}")


def once(request: HttpRequest, entry: Entry, person: int, answer: Callable[[], HttpResponse], *, at: datetime) -> HttpResponse:
    """Answer a request; what a form asks for is done once, and a redirect is what says that it was done.

    A refusal, a form that is shown again with what is wrong, and a fragment keep no key: the form may come again.
    """
    key, more = _taken(request) if request.method == "POST" else ("", False)
    if not key or entry.once is Once.OWN or request.headers.get("HX-Request"):
        return answer()
    given: list[HttpResponse] = []

    def do() -> str:
        given.append(answer())
        return _leads_to(request, given[0])

    form = Form(person, key, _asked(request), alike=entry.once is Once.ALIKE and not more)
    before = send_once(form, do, at=at)
    return given[0] if before is None else _answer_again(request, before)


def _taken(request: HttpRequest) -> tuple[str, bool]:
    """Take the key of the form out of what was sent, so that no view meets it; return it, and whether it is meant in addition."""
    if FORM_KEY not in request.POST:
        return "", False
    request.sent_fields = request.POST  # type: ignore[attr-defined]  # for the page that offers it again when the database is away
    fields = request.POST.copy()
    key, more = str(fields.pop(FORM_KEY)[-1]), bool(fields.pop(MORE, None))
    fields._mutable = False  # noqa: SLF001 - as Django hands it over
    request.POST = fields  # type: ignore[assignment]
    return (key, more) if _KEY.fullmatch(key) else ("", False)


def _asked(request: HttpRequest) -> str:
    """Return a SHA-256 of the address and of all that was typed and attached; the bytes of files count, not their names alone.

    It is made with a key of this installation: a password that was typed cannot be looked for in it by who reads the table.
    """
    digest = sha256()

    def add(parts: Iterable[bytes]) -> None:
        for part in parts:
            digest.update(len(part).to_bytes(8))
            digest.update(part)

    add([request.get_full_path().encode()])
    for name in sorted(request.POST):
        if name not in (TOKEN, DOCUMENT_KEY):
            add(part.encode(errors="surrogatepass") for part in (name, *request.POST.getlist(name)))
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            add([name.encode(), str(file.name).encode(errors="surrogatepass"), _content(file)])
    return salted_hmac("lingqu.documents.sent", digest.digest(), algorithm="sha256").hexdigest()


def _content(file: UploadedFile[Any]) -> bytes:
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.digest()


def _leads_to(request: HttpRequest, answer: HttpResponse) -> str:
    """Return where an answer leads; nothing where it refuses, asks again or only shows."""
    if getattr(messages.get_messages(request), "worst", 0) >= messages.ERROR:
        return ""
    redirects = answer.status_code in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER)
    return answer.headers["Location"] if redirects else str(getattr(request, "done_here", ""))


def _answer_again(request: HttpRequest, before: Before) -> HttpResponse:
    """Lead to what the first form did; ask, with all that was typed, where this one asks something else or comes from another page.

    A form with a secret is not offered again: it says that it was not done.
    """
    if before.same_form and before.same_asked:
        messages.info(request, str(Text("这张表单已提交过，只办理了一次。", "This form had been sent already; it was done once.")))
        return redirect(before.leads_to)
    if holds_secret(request.path, request.POST):
        told = Text(
            "这张表单先前已提交过，这次填写的没有办理；需要时请重新打开页面填写。",
            "This form had been sent before; what it says now was not done. If it is wanted, open the page anew and fill it in.",
        )
        messages.error(request, str(told))
        return redirect(before.leads_to)
    fields = [
        (name, str(uuid4()) if name == DOCUMENT_KEY else value)
        for name, values in request.POST.lists() for value in values if name != TOKEN
    ]  # fmt: skip
    context = {"before": before, "form": {"path": request.get_full_path(), "fields": fields}, "files": bool(request.FILES), "more": MORE}
    return render(request, "sent_before.html", context, status=HTTPStatus.CONFLICT)
