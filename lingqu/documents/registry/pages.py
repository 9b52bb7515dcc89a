"""The pages that the registry makes for a type: its list, one document, the forms of making one and of its verbs, files, comments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.templatetags.words import use_today
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.documents.actions import comment
from lingqu.documents.pages import NOT_YOUR_POST, PageRequest, answer_verb, file_download, page
from lingqu.documents.queries import attachment_content, attachments_of
from lingqu.documents.registry.declared import DocumentType, Looking, Making, Sent, Typing, Verb
from lingqu.documents.registry.kept import all_types
from lingqu.documents.registry.reading import comments_of, document_by_number, history_of, page_of, read_wanted
from lingqu.documents.registry.showing import (
    action_of,
    cell,
    event_of,
    lines_of,
    row_of,
    state_of,
    verbs_of,
    words_of,
)
from lingqu.documents.registry.typing import Typed, begin, does, sent

View = Callable[..., HttpResponse]


def document_urls() -> list[URLPattern]:
    """Return the addresses of all registered types."""
    return [one for made in all_types() for one in urls_of(made)]


def urls_of(made: DocumentType) -> list[URLPattern]:
    """Return the addresses that the registry makes for a type; fixed words stand before numbers."""
    begins, hand = made.slug, made.hand_made
    found = [] if hand.list else [path(f"{begins}/", _list_page(made), name=made.list_route)]
    if made.making and not hand.new:
        found.append(path(f"{begins}/new", _new_page(made, made.making), name=made.new_route))
    if not hand.one:
        found += [
            path(f"{begins}/<str:number>/", _one_page(made), name=made.one_route),
            path(f"{begins}/<str:number>/files/<str:attachment>", _file_page(made), name=f"{made.key}_file"),
            path(f"{begins}/<str:number>/comment", _comment_page(made), name=f"{made.key}_comment"),
        ]
    found += [
        path(f"{begins}/<str:number>/{verb.verb.value}", _verb_page(made, verb), name=made.route_of(verb))
        for verb in made.verbs
        if not verb.route
    ]
    return found


def _list_page(made: DocumentType) -> View:
    @require_safe
    @page
    def show(request: PageRequest) -> HttpResponse:
        use_today(request.today)
        wanted = read_wanted(request.GET, made)
        found = page_of(made, request.who, wanted)
        words = words_of(made)
        context = {
            "made": made, "rows": [row_of(made, one) for one in found.rows], "older": found.older, "wanted": wanted,
            "heads": [{"title": one.title, "look": one.look.value} for one in made.columns],
            "states": {state: words[state] for state in made.tones},
            "making": made.making if made.making and made.making.may(request.who, request.today) else None,
            "new_url": reverse(made.new_route) if made.new_route else "",
        }  # fmt: skip
        return render(request, "registry/list.html", context)

    return show


def _one_page(made: DocumentType) -> View:
    @require_safe
    @page
    def show(request: PageRequest, number: str) -> HttpResponse:
        return _shown(made, request, document_by_number(made, number, by=request.who))

    return show


def _shown(made: DocumentType, request: PageRequest, document: Any, *, said: str = "", error: Text | None = None) -> HttpResponse:  # noqa: ANN401 - of the type's own model
    use_today(request.today)
    looking = Looking(request.who, request.at, request.today)
    panels = [(panel, panel.context(document, looking)) for panel in made.panels]
    drawn = [(panel.aside, render_to_string(panel.template, dict(given), request)) for panel, given in panels if given is not None]
    tone, words = state_of(made, document)
    context = {
        "made": made, "document": document, "row": row_of(made, document), "tone": tone, "state": words,
        "facts": [cell(one, document) for one in made.facts or made.columns],
        "lines": lines_of(made, document),
        "actions": [action_of(made, verb, document) for verb in verbs_of(made, document, who=request.who, on=request.today)],
        "panels": [html for aside, html in drawn if not aside], "asides": [html for aside, html in drawn if aside],
        "files": attachments_of(made.key, [document.pk])[document.pk], "file_route": f"{made.key}_file",
        "events": [event_of(made, one) for one in history_of(made, document)],
        "comments": comments_of(made, document, by=request.who), "said": said, "error": error,
        "comment_url": reverse(f"{made.key}_comment", args=[document.number]), "list_url": reverse(made.list_route),
    }  # fmt: skip
    return render(request, "registry/one.html", context, status=422 if error else 200)


def _new_page(made: DocumentType, making: Making) -> View:
    @require_http_methods(["GET", "HEAD", "POST"])
    @page
    def show(request: PageRequest) -> HttpResponse:
        if not making.may(request.who, request.today):
            raise forbidden(NOT_YOUR_POST)

        def done(given: Sent) -> HttpResponse:
            document: Any = making.do(given)
            words = Text(f"{made.title.zh} {document.number} 已提交。", f"{made.title.en} {document.number} is submitted.")
            messages.success(request, str(words))
            return redirect(made.one_route, document.number)

        head = {"title": making.words, "back": reverse(made.list_route), "back_words": made.plural, "submit": Text("提交", "Submit")}
        return _form(request, making.typing, request.GET, done, head)

    return show


def _verb_page(made: DocumentType, verb: Verb) -> View:
    @page
    def show(request: PageRequest, number: str) -> HttpResponse:
        document = document_by_number(made, number, by=request.who)
        if not verb.may(request.who, document, request.today):
            raise forbidden(NOT_YOUR_POST)
        words, back = words_of(made)[verb.verb.value], reverse(made.one_route, args=[number])

        def told(given: Sent) -> Text:
            done = verb.do(document, given) if verb.do else None
            return done or Text(f"{number} 已办理：{words.zh}。", f"{number}, done: {words.en}.")

        if verb.typing.nothing:
            return answer_verb(request, back, lambda: told(Sent(request.who, request.at, request.today)))
        made.states.next(type(next(iter(made.states.moves))[0])(document.state), verb.verb)

        def done(given: Sent) -> HttpResponse:
            messages.success(request, str(told(given)))
            return redirect(back)

        head = {"title": words, "back": back, "back_words": Text(number, number), "submit": words}
        return _form(request, verb.typing, document, done, head)

    return require_POST(show) if verb.typing.nothing else require_http_methods(["GET", "HEAD", "POST"])(show)


def _form(request: PageRequest, asked: Typing, start: object, do: Callable[[Sent], HttpResponse], head: dict[str, Any]) -> HttpResponse:
    """Show a form, or do what was sent with it; what is at fault is shown with everything that was typed."""
    use_today(request.today)
    typed: Typed
    shown = None
    if request.method != "POST":
        typed = begin(asked, request, start)
    else:
        typed, given = sent(asked, request, start)
        if given is not None and asked.preview and "preview" in request.POST:
            shown = does(typed, partial(asked.preview, start, given))
        elif given is not None:
            answer: HttpResponse | None = does(typed, lambda: do(given))
            if answer is not None:
                return answer
    above = asked.beside(start, Looking(request.who, request.at, request.today)) if asked.beside else None
    preview, beside = (render_to_string(one[0], dict(one[1]), request) if one else "" for one in (shown, above))
    context = {"typed": typed, "told": asked.told, "refusal": typed.refusal, "preview": preview, "beside": beside, **head}
    return render(request, "registry/form.html", context, status=typed.status)


def _file_page(made: DocumentType) -> View:
    @require_safe
    @page
    def show(request: PageRequest, number: str, attachment: str) -> HttpResponse:
        document = document_by_number(made, number, by=request.who)
        found = attachment_content(read_id(attachment) or 0, kind=made.key, document=document.pk)
        return file_download(found.name, found.media_type, found.content)

    return show


def _comment_page(made: DocumentType) -> View:
    @require_POST
    @page
    def show(request: PageRequest, number: str) -> HttpResponse:
        document = document_by_number(made, number, by=request.who)
        words = request.POST.get("words", "")
        try:
            comment(made.key, document.pk, words, inside="inside" in request.POST, by=request.who, at=request.at)
        except Refusal as refusal:
            return _shown(made, request, document, said=words[:1_000], error=refusal.text)
        return redirect(made.one_route, number)

    return show
