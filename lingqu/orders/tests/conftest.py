"""What the tests of pages share: people of the story at their browsers, the story's clock, and the words of a page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from lingqu.organisation.actions import give_sign_in
from tests.pages import spoken
from tests.world import World

CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{3,}")


def says(page: str, sentence: str) -> bool:
    """Return whether a page says a sentence; blanks do not count, because marked words stand in elements of their own."""
    return "".join(sentence.split()) in "".join(spoken(page).split())


def without_names(text: str, world: World) -> str:
    """Return the words of a page without the names of firms, people and titles, and without numbers of documents and clauses."""
    names = [firm.name for firm in (world.hq, *world.firms.values())]
    names += [person.name for person in world.people.values()] + [product.name for product in world.products]
    names += [partner.delivery_address for partner in world.partners.values()]
    names += [firm.code for firm in world.firms.values()]
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return re.sub(r"\b[A-Z]{1,2}\d*-[\d.-]+", "", text)


@pytest.fixture
def at_desk(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Client]:
    """Give a function that sits a person of the story down at a browser of theirs; the clock shows the story's time."""
    monkeypatch.setattr("lingqu.documents.pages.now", lambda: world.at)
    accounts = {}

    def sit_down(name: str, *, language: str = "zh") -> Client:
        if name not in accounts:
            accounts[name] = give_sign_in(world.people[name], name, "a-long-password", at=world.at, by=None)
        browser = Client()
        browser.force_login(accounts[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return browser

    return sit_down
