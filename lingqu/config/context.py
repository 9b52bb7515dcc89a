"""What every page's shell shows: who is signed in, the menu, the regulation in force. Computed only where a template asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.refusal import Refusal
from lingqu.base.templatetags.words import use_today
from lingqu.base.text import Text
from lingqu.config.home import current_home
from lingqu.desk.present import menu_of, phone_menu_of, post_words
from lingqu.desk.present.sign_ins import looks_after_people
from lingqu.desk.queries import menu_counts, publisher_name
from lingqu.documents.pages import PageRequest
from lingqu.notices.queries import unread_count
from lingqu.orders.access import signs_directly
from lingqu.organisation.queries import Acting
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

THEMES = ("light", "dark")
THEME_COOKIE = "lingqu_theme"


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the shell's values; a page that a signed-out person sees has no person and no menu."""
    at = getattr(request, "at", None) or now()
    today = china_day(at)
    use_today(today)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    values: dict[str, object] = {
        "path": request.path,
        "publisher": SimpleLazyObject(publisher_name),
        "theme": theme if theme in THEMES else "",
        "today": today,
        "person": None,
    }
    if settings.DEMO:
        values["demo_people"] = SimpleLazyObject(demo_people)
    if hasattr(request, "who"):
        values |= _of_person(cast("PageRequest", request), today, at)
    return values


def _of_person(request: PageRequest, today: date, at: datetime) -> dict[str, object]:
    who, person = request.who, request.person
    in_force = _once(lambda: _regulation(today))
    menu = _once(lambda: _menu(request.path, who, person.firm.code, in_force(), at))
    return {
        "person": {"name": person.name, "post": post_words(who), "firm": person.firm.name, "people": looks_after_people(who)},
        "bell": SimpleLazyObject(lambda: {"count": unread_count(person.pk)}),
        "menu": SimpleLazyObject(menu),
        "phone_menu": SimpleLazyObject(lambda: phone_menu_of(menu())),
        "regulation": SimpleLazyObject(lambda: _footer(in_force())),
    }


def _once(make: Callable[[], Any]) -> Callable[[], Any]:
    """Make a value at the first call and keep it for this request."""
    made: list[Any] = []

    def get() -> Any:  # noqa: ANN401 - whatever `make` makes
        if not made:
            made.append(make())
        return made[0]

    return get


def _regulation(today: date) -> Regulation | None:
    # The frame stands even where no regulation is in force yet.
    try:
        return regulation_in_force(on=today)
    except Refusal:
        return None


def _menu(path: str, who: Acting, firm_code: str, regulation: Regulation | None, at: datetime) -> list[dict[str, Any]]:
    signs = signs_directly(who, regulation) if regulation else ()
    return menu_of(path, who, menu_counts(who, signs=signs, at=at), firm_code=firm_code)


def _footer(regulation: Regulation | None) -> dict[str, object] | None:
    if regulation is None:
        return None
    return {"version": f"v{regulation.number}", "since": regulation.in_force_from, "url": reverse("regulation")}


def demo_people() -> list[dict[str, object]]:
    """Return the people whom a demo installation lets anybody be, with their sign-in; none where the file is gone or broken."""
    try:
        told = json.loads((current_home().path / "demo.json").read_text("utf-8"))
        return [
            {
                "login": person["login"], "password": told["password"], "name": person["name"], "firm": person["firm"],
                "post": Text(person["post"]["zh"], person["post"]["en"]),
            }
            for person in told["people"]
        ]  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return []
