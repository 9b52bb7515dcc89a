"""The same suite on every document type: verbs obey its table and leave a fact, strangers see nothing, pages offer what may be done.

A type is registered by a declaration (`lingqu/documents/registry`) and tells its things in its module's `tests/things.py`. Verbs are
tried one after the other on one document, each taken back, so that a test stands for a type in a state.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from lingqu.audit.models import Fact
from lingqu.documents.registry import DocumentType, Verb, all_types, type_called
from lingqu.operate.verify import run_checks
from tests.documents import Things, things_of_types
from tests.pages import SitDown, counted, of_the_other_language
from tests.world import World

THINGS = dict(things_of_types())
MANY = 30
DONE, NO, REFUSED = 302, (403, 404), (302, 403, 404, 409, 422)
LINK = re.compile(r'(?:href|action|formaction|hx-post)="([^"?#]+)')
SENT = re.compile(r'<form[^>]*method="post"[^>]*action="([^"?#]+)')


@pytest.fixture(autouse=True)
def quick(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `verify` look at the story's time."""
    for module in ("run", "supply"):
        monkeypatch.setattr(f"lingqu.operate.verify.{module}.now", lambda: world.at)


def keys() -> list[str]:
    """The keys of all types, as test cases."""
    return [made.key for made in all_types()]


def states() -> Iterator[tuple[str, str]]:
    """Every state of every type."""
    for made in all_types():
        yield from ((made.key, state) for state in made.tones)


def allowed(made: DocumentType, state: str, verb: str) -> str:
    """Return the state to which a verb leads, "" where the table does not have it."""
    return next((str(after) for (before, one), after in made.states.moves.items() if (before, one) == (state, verb)), "")


def facts_about(made: DocumentType, document: Any) -> int:
    """Return how many facts there are about a document."""
    told_of = THINGS[made.key].told_of
    subject, place = told_of(document) if told_of else (made.key, document.pk)
    return Fact.objects.filter(subject=subject, subject_id=place).count()


def do(page: Client, made: DocumentType, verb: Verb, things: Things, world: World, document: Any) -> Any:
    """Do a verb by its page, with what its things send."""
    return page.post(made.url_of_verb(verb, document), {**things.sent(verb.verb.value, world, document)})


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back whatever is done in the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def wrong_checks() -> list[str]:
    """What `verify` finds wrong, such as a ledger that does not balance."""
    return [check["key"] for check in run_checks() if check["wrong"]]


def row(made: DocumentType, page: Client, document: Any) -> str:
    """The list in which a document stands."""
    return page.get(reverse(made.list_route), THINGS[made.key].filters(document)).content.decode()


def test_every_type_tells_its_things() -> None:
    assert {made.key for made in all_types()} == set(THINGS)
    for made in all_types():
        things = THINGS[made.key]
        assert set(things.states) == set(made.tones), made.key
        assert {verb.verb.value for verb in made.verbs} == set(things.does), made.key


def disobeyed(made: DocumentType, world: World, at_desk: SitDown, document: Any, state: str) -> list[str]:
    """Try every verb on a document, each taken back, and return what did not come as the table says or left no fact."""
    things, wrong = THINGS[made.key], []
    pages = {name: at_desk(name) for name in {*things.does.values()}}
    for verb in made.verbs:
        word, before = verb.verb.value, facts_about(made, document)
        after = allowed(made, state, word) if verb.may(world.who(things.does[word]), document, world.at.date()) else ""
        with taken_back():
            answer = do(pages[things.does[word]], made, verb, things, world, document)
            document.refresh_from_db()
            more = facts_about(made, document) - before
            came = f"{word}: {answer.status_code}, {document.state}, {more} facts"
            if after:
                good = (answer.status_code, document.state) == (DONE, things.ends.get((state, word), after)) and more > 0
                wrong += [] if good else [came]
                wrong += [f"{came}, {one}" for one in wrong_checks()]
            elif answer.status_code not in REFUSED or (document.state, more) != (state, 0):
                wrong.append(f"{came}, although it is not allowed")
        document.refresh_from_db()
    return wrong


def misled(made: DocumentType, world: World, at_desk: SitDown, document: Any, state: str) -> list[str]:
    """Return who is offered on the page of a document what they may not do, or not offered what they may."""
    things, on, wrong = THINGS[made.key], world.at.date(), []
    address, addresses = made.url_of(document), {made.url_of_verb(verb, document) for verb in made.verbs}
    for name in {*things.sees, *things.does.values()} - {*things.strange.get(state, ())}:
        shown = at_desk(name).get(address)
        html = shown.content.decode() if shown.status_code == 200 else ""
        offered = ({*LINK.findall(html)} - {address} | {*SENT.findall(html)}) & addresses
        may = [verb for verb in made.verbs if allowed(made, state, verb.verb.value) and verb.may(world.who(name), document, on)]
        expected = {made.url_of_verb(verb, document) for verb in may}
        wrong += [f"{name} is offered {one}" for one in offered - expected] + [f"{name} is not offered {one}" for one in expected - offered]
    return wrong


@pytest.mark.parametrize(("key", "state"), list(states()))
def test_verbs_obey_the_table_and_leave_a_fact(world: World, at_desk: SitDown, key: str, state: str) -> None:
    made = type_called(key)
    document = THINGS[key].states[state](world)
    assert (document.state, wrong_checks()) == (state, [])
    assert disobeyed(made, world, at_desk, document, state) == []


@pytest.mark.parametrize(("key", "state"), list(states()))
def test_the_page_offers_just_what_may_be_done_and_speaks_one_language(world: World, at_desk: SitDown, key: str, state: str) -> None:
    made, things = type_called(key), THINGS[key]
    document = things.states[state](world)
    wrong = misled(made, world, at_desk, document, state)
    for language in ("zh", "en"):
        page = at_desk(things.sees[0], language=language)
        for one in (reverse(made.list_route), made.url_of(document), *_forms(made, things, state, document)):
            shown = page.get(one, things.filters(document) if one == reverse(made.list_route) else None)
            assert shown.status_code == 200, one
            others = of_the_other_language(shown.content.decode(), language, world, *things.said)
            wrong += [f"{one} in {language}: {others}"] if others else []
    assert wrong == []


@pytest.mark.parametrize("key", ["visit", "receipt"])
def test_a_table_that_lacks_a_verb_and_a_predicate_that_always_agrees_are_noticed(world: World, at_desk: SitDown, key: str) -> None:
    """Negative controls: the first verb taken out of the table of a type, and everybody let to do everything."""
    made, things = type_called(key), THINGS[key]
    document, verb = things.states[things.starts](world), made.verbs[0]
    lacking = replace(made, states=made.states.without(verb.verb))
    assert disobeyed(lacking, world, at_desk, document, things.starts) != []
    assert misled(lacking, world, at_desk, document, things.starts) != []
    generous = replace(made, verbs=tuple(replace(one, may=lambda who, document, on: True) for one in made.verbs))
    assert misled(generous, world, at_desk, document, things.starts) != []


def _forms(made: DocumentType, things: Things, state: str, document: Any) -> list[str]:
    """The forms that the registry made for the verbs of who looks."""
    return [
        made.url_of_verb(verb, document)
        for verb in made.verbs
        if allowed(made, state, verb.verb.value)
        and not (verb.typing.nothing or verb.route or verb.address)
        and things.does[verb.verb.value] == things.sees[0]
    ]


@pytest.mark.parametrize(("key", "state"), list(states()))
def test_strangers_see_nothing_and_others_find_it(world: World, at_desk: SitDown, key: str, state: str) -> None:
    made, things = type_called(key), THINGS[key]
    document = things.states[state](world)
    number, before, wrong = document.number, (state, facts_about(made, document)), []
    for name in (*things.strangers, *things.strange.get(state, ())):
        page = at_desk(name)
        listed = page.get(reverse(made.list_route))
        wrong += [f"{name} lists it"] if listed.status_code not in (200, *NO) or number in listed.content.decode() else []
        wrong += [f"{name} finds it"] if made.url_of(document) in page.get(reverse("search"), {"q": number}).content.decode() else []
        wrong += [f"{name} opens it"] if page.get(made.url_of(document)).status_code not in NO else []
        for verb in made.verbs:
            status = do(page, made, verb, things, world, document).status_code
            wrong += [f"{name} gets {status} for {verb.verb.value}"] if status not in (405, *NO) else []
    document.refresh_from_db()
    assert (document.state, facts_about(made, document)) == before
    for name in things.sees:
        page = at_desk(name)
        wrong += [f"{name} does not list it"] if things.listed(document) not in row(made, page, document) else []
        found = page.get(reverse("search"), {"q": number}).content.decode().replace("&amp;", "&")
        wrong += [f"{name} does not find it"] if f'"{made.url_of(document)}"' not in found else []
        if not made.hand_made.list:
            alone = page.get(reverse(made.list_route), {"state": state, "q": number}).content.decode()
            wrong += [f"{name} does not filter it"] if number not in alone else []
            answer = page.get(reverse("export_new", args=[made.key]))
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
            wrong += [f"{name} does not take it out"] if number not in {cells[0] for cells in sheet} else []
    assert wrong == []


@pytest.mark.parametrize("key", keys())
def test_its_list_takes_the_same_statements_at_one_and_at_thirty_rows(world: World, at_desk: SitDown, key: str) -> None:
    made, things = type_called(key), THINGS[key]
    page, make = at_desk(things.sees[0]), things.many or things.states[things.starts]
    asked = reverse(made.list_route), things.filters(make(world))
    page.get(*asked)
    with counted() as one:
        page.get(*asked)
    for _ in range(MANY - 1):
        make(world)
    with counted() as many:
        assert page.get(*asked).status_code == 200
    assert len(one) == len(many)


@pytest.mark.parametrize("key", [key for key, things in THINGS.items() if things.new])
def test_a_new_one_is_made_once_by_its_page(world: World, at_desk: SitDown, key: str) -> None:
    made, things = type_called(key), THINGS[key]
    assert things.new
    name, told = things.new
    page = at_desk(name)
    shown = page.get(reverse(made.new_route))
    assert shown.status_code == 200
    found = re.search(r'name="key"[^>]*value="([^"]+)"', shown.content.decode())
    assert found
    sent = {**told(world), "key": found[1]}
    count = made.model.objects.count()
    places = [page.post(reverse(made.new_route), sent).headers.get("Location") for _ in range(2)]
    assert made.model.objects.count() == count + 1
    document = made.model.objects.order_by("-pk").first()
    assert places == [made.url_of(document)] * 2
    assert document.state == things.starts


@pytest.mark.parametrize("key", [made.key for made in all_types() if not made.hand_made.one])
def test_what_is_said_about_one_is_read_by_whom_it_is_for(world: World, at_desk: SitDown, key: str) -> None:
    made, things = type_called(key), THINGS[key]
    document = things.states[things.starts](world)
    address = made.url_of(document)
    says = reverse(f"{made.key}_comment", args=[document.number])
    page = at_desk(things.sees[0])
    assert page.post(says, {"words": " "}).status_code == 422
    assert page.post(says, {"words": "里面说的", "inside": "1"}).status_code == 302
    assert page.post(says, {"words": "<b>大家看</b>"}).status_code == 302
    shown = page.get(address).content.decode()
    assert "里面说的" in shown
    assert "&lt;b&gt;大家看" in shown
    for name in things.sees:
        assert "大家看" in at_desk(name).get(address).content.decode()
    for name in things.strangers:
        assert at_desk(name).post(says, {"words": "x"}).status_code in NO
