"""What the tests of pages share: people of the story at their browsers, the words of a page, and how many statements it took."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from lingqu.organisation.actions import give_sign_in
from tests.world import World

SitDown = Callable[..., Client]
SPOKEN = {"aria-label", "placeholder", "title", "alt", "label", "data-label"}
SILENT = {"script", "style"}
CHINESE = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z]{3,}")


class _Spoken(HTMLParser):
    """Collects what people see and hear of a page; the switch of languages, which names each in itself, is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in SILENT or (tag == "button" and "lang" in given):
            self.silent.append(tag)
        if not self.silent:
            self.words += [value or "" for name, value in attrs if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def spoken(html: str) -> str:
    """Return the words of a page in one line."""
    parser = _Spoken()
    parser.feed(html)
    return " ".join(" ".join(parser.words).split())


def of_the_other_language(html: str, language: str, world: World, *more: str) -> list[str]:
    """Return the words of a page that belong to the other language; names of firms, people and titles and `more` are not words."""
    text = spoken(html)
    names = [firm.name for firm in (world.hq, *world.firms.values())] + [person.name for person in world.people.values()]
    names += [firm.code for firm in world.firms.values()] + [firm.short_name for firm in world.firms.values()]
    names += [product.name for product in world.products] + [partner.delivery_address for partner in world.partners.values()]
    names += ["首次评级", "总库", "图集", "结构", "灵渠", "Lingqu", *more]
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, " ")
    text = re.sub(r"\b[A-Z]{1,2}\d*-[\w.-]+", " ", text)
    return (CHINESE if language == "en" else LATIN).findall(text)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements sent to the database in the block, Django's and our own hand-written ones alike."""
    sent: list[str] = []
    plain = psycopg.Cursor.execute

    def execute(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        sent.append(str(query))
        return plain(self, query, *args, **kwargs)

    psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        psycopg.Cursor.execute = plain  # type: ignore[method-assign]


@pytest.fixture
def at_desk(world: World, monkeypatch: pytest.MonkeyPatch) -> SitDown:
    """Give a function that sits a person of the story down at a browser of theirs; the clock shows the story's time."""
    monkeypatch.setattr("lingqu.documents.pages.now", lambda: world.at)
    accounts: dict[str, Any] = {}

    def sit_down(name: str, *, language: str = "zh") -> Client:
        if name not in accounts:
            accounts[name] = give_sign_in(world.people[name], name, "a-long-password", at=world.at, by=None)
        browser = Client()
        browser.force_login(accounts[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return browser

    return sit_down
