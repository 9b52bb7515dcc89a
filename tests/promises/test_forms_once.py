"""P6: fifty equal forms at the same moment are one document; without the key, or with a note kept elsewhere, they are more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client

from lingqu.documents.actions import Before, Form, sending
from lingqu.documents.models import Comment, SentForm
from lingqu.organisation.actions import give_sign_in
from lingqu.visits.tests.things import planned
from tests.world import MONDAY, World, build_world

MANY = 50
KEY = "c" * 32


@pytest.fixture
def browser(race_database: str, monkeypatch: pytest.MonkeyPatch) -> tuple[World, Callable[[], Client]]:
    """The world for real in a database of its own, and a function that sits its representative down."""
    monkeypatch.setattr("lingqu.documents.pages.now", lambda: MONDAY)
    monkeypatch.setattr("lingqu.organisation.sign_in.now", lambda: MONDAY)
    world = build_world()
    account = give_sign_in(world.people["representative"], "representative", "a-long-password", at=world.at, by=None)
    known = Client()
    known.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])

    def sit_down() -> Client:
        other = Client()
        other.cookies = deepcopy(known.cookies)
        return other

    return world, sit_down


def comment(key: str = KEY) -> dict[str, str]:
    """A comment: nothing but the form keeps it from standing there twice."""
    return {"form_key": key, "words": "库存偏高，请补数"}


def path_of(world: World) -> str:
    return f"/visits/{planned(world).number}/comment"


def at_once(sit_down: Callable[[], Client], path: str, forms: list[dict[str, str]]) -> list[Any]:
    """Send each form in a thread of its own, all at the same moment."""
    gate, answers = threading.Barrier(len(forms)), []

    def send(form: dict[str, str]) -> None:
        browser = sit_down()
        gate.wait()
        try:
            answers.append(browser.post(path, form))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_fifty_equal_forms_at_once_are_one(browser: tuple[World, Callable[[], Client]]) -> None:
    world, sit_down = browser
    answers = at_once(sit_down, path_of(world), [comment()] * MANY)
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, answers[0].headers["Location"])}
    assert Comment.objects.count() == SentForm.objects.count() == 1


def test_fifty_tabs_at_once_make_one_and_ask_the_others(browser: tuple[World, Callable[[], Client]]) -> None:
    world, sit_down = browser
    answers = at_once(sit_down, path_of(world), [comment(f"{place:032x}") for place in range(MANY)])
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * (MANY - 1)
    assert all("库存偏高，请补数" in answer.content.decode() for answer in answers if answer.status_code == 409)
    assert Comment.objects.count() == 1


def unkept(form: Form, do: Callable[[], str], *, at: datetime) -> Before | None:
    """The defect: the key is ignored."""
    do()
    return None


def kept_outside(form: Form, do: Callable[[], str], *, at: datetime) -> Before | None:
    """The defect: what is done commits first, the note of it afterwards."""
    before = sending._before(form, at)
    if before is None:
        with transaction.atomic():
            leads_to = do()
        with transaction.atomic():
            values = {"asked": form.asked, "leads_to": leads_to, "at": at}
            SentForm.objects.get_or_create(person_id=form.person, key=form.key, defaults=values)
    return before


@pytest.mark.parametrize("defect", [unkept, kept_outside])
def test_without_the_key_or_with_its_note_elsewhere_there_would_be_more(
    browser: tuple[World, Callable[[], Client]], monkeypatch: pytest.MonkeyPatch, defect: Callable[..., Any]
) -> None:
    world, sit_down = browser
    monkeypatch.setattr("lingqu.documents.sending.send_once", defect)
    at_once(sit_down, path_of(world), [comment()] * 10)
    assert Comment.objects.count() > 1
