"""P20, P23: words of people are never more than words on a page, and whatever is sent to whichever address is answered, never a 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse

from lingqu.base.access import declared_routes
from tests.promises.access_crawl import look, readable_papers
from tests.promises.access_fixtures import CLOCKS
from tests.promises.access_matrix import Cell, Seat, cells, expected, form_for, taken_back
from tests.promises.access_things import NOTHING
from tests.promises.access_world import rich_world
from tests.promises.hostile_fields import LONGEST, RENDERED, fields_of, written
from tests.promises.hostile_text import MIDDLE, SHORT, hostile_marks, obeyed, spoil, without_a_sample

FORM = "application/x-www-form-urlencoded"
NOT_SPOILT = {"ledger.Posting.reason", "policy.Version.reasons", "documents.Comment.words", "duties.Remark.text"}
"""Columns that only grow and in which the rich world writes nothing; the first two hold words of our own."""

PATHS = ("%00", "x" * 300, "..", MIDDLE, "-1", "0", "9" * 30, "JH-2026-9999", "２", "v0", "a/b", "\ufffe", " ")


@pytest.fixture(scope="module")
def seat(django_db_setup: None, django_db_blocker: Any) -> Iterator[Seat]:
    """Everybody of a world in which every word is hostile."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        hostile_marks(patch)
        world = rich_world()
        for clock in CLOCKS:
            patch.setattr(clock, lambda: world.at)
        readable_papers(patch)
        made = Seat(world)
        made.spoilt, made.left = spoil()  # type: ignore[attr-defined]
        made.rendered = {}  # type: ignore[attr-defined]
        yield made
        transaction.set_rollback(True)


def open_cells(seat: Seat, method: str) -> dict[str, list[Cell]]:
    """Return for each address who may come to it with what."""
    declared, found = declared_routes(), dict[str, list[Cell]]()
    for cell in cells(seat, (method,)):
        if expected(seat, cell, declared[cell.route]) in ("in", "open") and (cell.thing is not NOTHING or _whole(seat, cell)):
            found.setdefault(cell.route, []).append(cell)
    return found


def _whole(seat: Seat, cell: Cell) -> bool:
    try:
        seat.address(cell.route, cell.thing)
    except NoReverseMatch:
        return False
    return True


def some(asked: list[Cell], every: int) -> list[Cell]:
    """Return one of `every` cells of an address, at least one, the same each time."""
    ordered = sorted(asked, key=lambda cell: crc32(str(cell).encode()))
    return ordered[: max(1, len(ordered) // every)]


def told_by(seat: Seat, every: int) -> tuple[list[str], int]:
    """Open the pages and return what in them is somebody's words and yet obeyed."""
    wrong, asked = [], 0
    for route, open_to in open_cells(seat, "GET").items():
        for cell in some(open_to, every):
            asked += 1
            answer = look(seat, cell.who, seat.address(route, cell.thing), fragment=cell.fragment)
            if "html" in answer.headers.get("Content-Type", ""):
                html = answer.content.decode()
                wrong += [f"{cell}: {what}" for what in obeyed(html)]
                module = seat.patterns[route].callback.__module__.split(".")[1]
                seat.rendered.setdefault(module, set()).update(RENDERED.findall(html))  # type: ignore[attr-defined]
    return wrong, asked


def test_every_column_of_words_is_spoilt(seat: Seat) -> None:
    assert seat.spoilt > 100  # type: ignore[attr-defined]
    assert set(without_a_sample(seat.left)) <= NOT_SPOILT  # type: ignore[attr-defined]


def test_words_of_people_are_never_more_than_words(seat: Seat) -> None:
    wrong, asked = told_by(seat, 10_000)
    assert wrong == []
    assert asked > 150


@pytest.mark.soak
def test_words_of_people_are_never_more_than_words_to_anybody(seat: Seat) -> None:
    assert told_by(seat, 1)[0] == []


def test_a_safe_filter_on_somebody_s_words_would_be_found(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    cell = next(cell for cell in open_cells(seat, "GET")["partner"] if cell.who == "representative" and not cell.fragment)
    found = obeyed(look(seat, cell.who, seat.address(cell.route, cell.thing)).content.decode())
    assert "an element zz-a" in found
    assert "an attribute onzz of zz-a" in found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p onclick="x()">', ["an attribute onclick of p"]),
        ('<a href=" java\tscript:x()">', ["href of a leads to ' java\\tscript:x()'"]),
        ('<a href="data:text/html,x">', ["href of a leads to 'data:text/html,x'"]),
        ("<script>x()</script>", ["an element script", "an element in somebody's words"]),
        ('<p style="x">', ["an attribute style of p"]),
        ("<p>zz14zz</p>", ["words read as a template"]),
        ('<a href="/x?next=javascript:x()">&lt;zz-a onzz=1&gt;</a><img src="data:image/png;base64,x"><script src="/x.js"></script>', []),
    ],
)
def test_what_a_browser_would_obey_is_found(html: str, found: list[str]) -> None:
    assert obeyed(html) == found


def ask(seat: Seat, cell: Cell, address: str, body: bytes | None) -> list[str]:
    """Ask with hostile fields; return what is wrong with the answer."""
    headers = {"HX-Request": "true"} if cell.fragment else {}
    browser = seat.browsers[cell.who]
    kept = dict(browser.cookies)
    try:
        with taken_back():
            answer = (
                browser.get(address, headers=headers)
                if body is None
                else browser.generic("POST", address, body, content_type=FORM, headers=headers)
            )
            connection.check_constraints()
    except Exception as broken:  # noqa: BLE001 - an error of the server is what is being looked for
        return [f"{cell}: {type(broken).__name__}: {str(broken)[:200]}"]
    finally:
        browser.cookies.clear()
        browser.cookies.update(kept)
    html = answer.content.decode("utf-8", "replace") if "html" in answer.headers.get("Content-Type", "") else ""
    wrong = [f"{cell}: {what}" for what in obeyed(html)]
    if answer.status_code >= 500 and cell.route != "ready":
        wrong.append(f"{cell}: {answer.status_code}")
    if "X-Zz" in answer.headers:
        wrong.append(f"{cell}: a header of the sender's")
    return wrong


def asked_with(seat: Seat, method: str, every: int, turns: range) -> tuple[list[str], int]:
    """Send hostile fields to every address that answers the method; return what was wrong, and how often it was asked."""
    wrong, asked = [], 0
    for route, open_to in open_cells(seat, method).items():
        pattern = seat.patterns[route]
        rendered = frozenset(seat.rendered.get(pattern.callback.__module__.split(".")[1], ()))  # type: ignore[attr-defined]
        names = fields_of(pattern, rendered)
        for cell in some(open_to, every):
            address = seat.address(route, cell.thing)
            for number in turns:
                asked += 1
                turn = number + crc32(route.encode()) % 2
                if method == "GET":
                    query = written(route, names, turn).decode("ascii")[:7_000].rpartition("&")[0]
                    wrong += ask(seat, cell, f"{address}?{query}", None)
                else:
                    usual = form_for(cell, seat) if turn % 2 else None
                    body = written(route, names, turn, usual)
                    long = b"&" + names[turn % len(names)].encode() + b"=" + LONGEST if names else b""
                    wrong += ask(seat, cell, address, body + long)
    return wrong, asked


def test_no_address_fails_whatever_its_query_holds(seat: Seat) -> None:
    wrong, asked = asked_with(seat, "GET", 10_000, range(1))
    assert wrong == []
    assert asked > 150


def test_no_address_fails_whatever_form_is_sent_to_it(seat: Seat) -> None:
    wrong, asked = asked_with(seat, "POST", 10_000, range(1))
    assert wrong == []
    assert asked > 150


@pytest.mark.soak
def test_no_address_ever_fails_whatever_its_query_holds(seat: Seat) -> None:
    assert asked_with(seat, "GET", 40, range(12))[0] == []


@pytest.mark.soak
def test_no_address_ever_fails_whatever_form_is_sent_to_it(seat: Seat) -> None:
    assert asked_with(seat, "POST", 40, range(12))[0] == []


def test_no_address_fails_whatever_stands_in_its_place_for_an_object(seat: Seat) -> None:
    wrong, asked = [], 0
    for route, open_to in open_cells(seat, "GET").items():
        names = list(open_to[0].thing.fill)
        for value in PATHS if names else ():
            if crc32(f"{route} {value}".encode()) % 4 and value != MIDDLE:
                continue
            try:
                address = reverse(route, kwargs=dict.fromkeys(seat.patterns[route].pattern.converters, value))
            except NoReverseMatch:
                continue
            asked += 1
            wrong += ask(seat, open_to[0], address, None)
    assert wrong == []
    assert asked > 100


def test_a_booklist_for_a_firm_that_cannot_be_is_for_nobody(seat: Seat) -> None:
    assert seat.browsers["retailer_clerk"].get("/orders/template?buyer=a%00b").status_code == 404


def test_a_form_that_fails_is_found(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingqu.orders.forms.filters.MOST_WORDS", SHORT)
    assert any("TypeError" in line for line in asked_with_one(seat, "orders"))


def asked_with_one(seat: Seat, route: str) -> list[str]:
    """Send hostile queries to one address."""
    cell = open_cells(seat, "GET")[route][0]
    names = fields_of(seat.patterns[route], frozenset())
    return [
        line
        for turn in range(3)
        for line in ask(seat, cell, f"{seat.address(route, cell.thing)}?{written(route, names, turn).decode()}", None)
    ]
