"""The registry itself: what it refuses to register, how it shows values, reads forms and tables of rows, and turns its pages."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from msgspec.structs import replace

from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text
from lingqu.documents.registry import (
    CopiesField,
    DayField,
    DocumentForm,
    Look,
    MoneyField,
    Shown,
    Typing,
    Verb,
    WordsField,
    register_type,
    type_called,
)
from lingqu.documents.registry.reading import MOST_SHOWN, read_wanted
from lingqu.documents.registry.showing import cell, list_out
from lingqu.documents.registry.typing import does, sent
from tests.documents import things_of_types
from tests.pages import SitDown
from tests.world import World

pytestmark = pytest.mark.django_db
MANY = 120
WORD = Text("值", "Value")


class Head(DocumentForm):
    """What stands above the rows."""

    day = DayField(label=Text("日期", "Day"))
    amount = MoneyField(label=Text("金额", "Amount"), required=False)


class Row(DocumentForm):
    """A title and its copies."""

    title = WordsField(label=Text("品种", "Title"), most=20)
    copies = CopiesField(label=Text("册数", "Copies"))


def read(name: str, content: bytes) -> list[dict[str, str]]:
    """Read a list of one title a line."""
    return [{"title": line, "copies": "1"} for line in content.decode().splitlines()]


VISIT, THINGS = type_called("visit"), dict(things_of_types())
Visit = VISIT.model
ASKED = Typing(Head, rows=Row, most_rows=12, read=read)


def request(world: World, **typed: str) -> Any:
    """A sending of the form by the representative."""
    made: Any = RequestFactory().post("/x", typed)
    made.who, made.at, made.today = world.who("representative"), world.at, world.at.date()
    return made


def planned(world: World) -> Any:
    """A visit that is planned: the type that is made by declaration alone."""
    return THINGS["visit"].states["planned"](world)


def row(place: int, title: str, copies: str) -> dict[str, str]:
    return {f"rows-{place}-title": title, f"rows-{place}-copies": copies}


def words_in(typed: Any) -> list[str]:
    """The titles that stand in the rows of a form."""
    return [str(one["title"].value()) for one in typed.rows.forms if one["title"].value()]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "this key is taken"),
        ({"key": "new", "tones": {"planned": "planned"}}, "cancelled, confirmed, refused, review, sent_back"),
        ({"key": "new", "verbs": (Verb(verb=next(iter(VISIT.states.moves))[0]),)}, "planned"),
    ],
)
def test_a_bad_declaration_is_an_error_at_the_start(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        register_type(replace(VISIT, **change))


def test_a_type_that_is_none_is_not_found() -> None:
    with pytest.raises(Refusal) as refusal:
        type_called("no_such")
    assert refusal.value.status == 404


@pytest.mark.parametrize(
    ("look", "value", "words"),
    [
        (Look.WORDS, None, "—"), (Look.WORDS, "", "—"), (Look.WORDS, 0, "0"), (Look.MONEY, Decimal("1234.5"), "1,234.50"),
        (Look.MONEY, Decimal(0), "0.00"), (Look.COPIES, 12_000, "12,000"), (Look.PERCENT, 6_550, "65.50%"), (Look.PERCENT, None, "—"),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_it_looks_and_nothing_as_a_dash(look: Look, value: object, words: str) -> None:
    assert cell(Shown("value", WORD, "value", look), SimpleNamespace(value=value))["words"] == words


def test_a_path_stops_at_the_first_nothing_and_a_link_needs_words() -> None:
    shown = Shown("code", WORD, "partner.parent.code", link=lambda row: "/there/")
    nowhere, there = SimpleNamespace(partner=SimpleNamespace(parent=None)), SimpleNamespace(code="A1")
    assert (cell(shown, nowhere)["words"], cell(shown, nowhere)["link"]) == ("—", "")
    assert cell(shown, SimpleNamespace(partner=SimpleNamespace(parent=there)))["link"] == "/there/"


@pytest.mark.parametrize(
    "asked", ["state=no&before=x", "before=-1", "before=0", "before=99999999999999999999", "q=%00", "q=" + "长" * 500, "state=%27%3B--"]
)
def test_filters_that_mean_nothing_are_left_out(world: World, at_desk: SitDown, asked: str) -> None:
    visit = planned(world)
    assert at_desk("representative").get(f"/visits/?{asked}").status_code == 200
    wanted = read_wanted(QueryDict(asked), VISIT)
    assert (wanted.state, wanted.before, len(wanted.words) <= 40) == ("", None, True)
    assert visit.number in at_desk("representative").get("/visits/?state=no").content.decode()


def test_over_a_hundred_documents_stand_once_each_on_pages_by_keys_and_in_the_workbook(world: World, at_desk: SitDown) -> None:
    first = planned(world)
    fields = {field.attname: getattr(first, field.attname) for field in Visit._meta.concrete_fields if not field.primary_key}
    Visit.objects.bulk_create(Visit(**fields | {"number": f"ZF-2026-{1000 + n}", "key": f"many-{n}"}) for n in range(MANY - 1))
    browser, address, seen = at_desk("representative"), "/visits/", []
    while address:
        page = browser.get(address).content.decode()
        found = re.findall(r'href="/visits/(ZF-[^/]+)/"', page)
        assert 0 < len(found) <= MOST_SHOWN
        seen += found
        older = re.search(r'href="([^"]+)"\s+rel="next"', page)
        address = "/visits/" + older[1].replace("&amp;", "&") if older else ""
    assert (len(seen), len(set(seen)), seen) == (MANY, MANY, sorted(seen, key=lambda one: -Visit.objects.get(number=one).pk))
    ask: Any = SimpleNamespace(who=world.who("representative"), given={}, on=world.at.date())
    assert [dict(one)["number"] for one in list_out(VISIT).rows(ask)] == seen


def test_a_form_is_understood_and_rows_that_nobody_filled_in_are_left_out(world: World) -> None:
    typed, given = sent(
        ASKED, request(world, day="2026年11月5日", amount="1,000.50", **row(0, "QH26-100", "１２"), **row(3, "QH26-101", "3"))
    )
    assert given is not None
    assert (given.data, typed.status) == ({"day": date(2026, 11, 5), "amount": Decimal("1000.50")}, 200)
    assert list(given.rows) == [{"title": "QH26-100", "copies": 12}, {"title": "QH26-101", "copies": 3}]


def test_what_is_wrong_stands_at_its_field_and_in_its_row_and_nothing_is_lost(world: World) -> None:
    wrong = "<b>一百零一</b>"
    typed, given = sent(ASKED, request(world, day="2026-02-30", amount="1e9", **row(0, "QH26-100", "5"), **row(1, wrong, "5本")))
    assert (given, typed.status, sorted(typed.form.errors)) == (None, 422, ["amount", "day"])
    assert [sorted(one.errors) for one in typed.rows.forms[:2]] == [[], ["copies"]]
    assert (words_in(typed), typed.form["day"].value()) == (["QH26-100", wrong], "2026-02-30")
    assert "<b>" not in str(typed.rows.forms[1]["title"])


@pytest.mark.parametrize(
    ("field", "place"), [("lines.2.copies", 3), ("rows.1.title", 0)]
)  # fmt: skip
def test_a_refusal_of_the_action_stands_in_the_row_that_was_meant(world: World, field: str, place: int) -> None:
    typed, given = sent(ASKED, request(world, day="2026-11-05", **row(0, "QH26-100", "5"), **row(3, "QH26-101", "6")))
    assert given is not None

    def refuse() -> None:
        raise bad_input(field, Text("太多", "Too many"))

    assert does(typed, refuse) is None
    assert typed.rows.forms[place].errors == {field.rpartition(".")[2]: ["太多"]}
    assert (typed.refusal, typed.status) == (None, 422)


@pytest.mark.parametrize("field", ["", "no_such", "lines.9.copies", "lines.0.copies", "lines.1.no_such"])
def test_a_refusal_without_a_field_here_stands_above_the_form(world: World, field: str) -> None:
    typed, _ = sent(ASKED, request(world, day="2026-11-05", **row(0, "QH26-100", "5")))

    def refuse() -> None:
        raise bad_input(field, Text("不行", "No"))

    assert does(typed, refuse) is None
    assert (typed.refusal is not None, typed.status) == (True, 422)


def test_what_is_not_the_persons_to_do_is_refused_as_a_page(world: World) -> None:
    typed, _ = sent(ASKED, request(world, day="2026-11-05"))

    def refuse() -> None:
        raise forbidden(Text("不行", "No"))

    with pytest.raises(Refusal):
        does(typed, refuse)


def test_more_rows_keep_what_was_typed_and_blame_nothing(world: World) -> None:
    told = {"rows-TOTAL_FORMS": "1", "more": "1", "day": "x", **row(0, "QH26-100", "5本")}
    typed, given = sent(ASKED, request(world, **told))
    assert (given, typed.status, len(typed.rows.forms)) == (None, 200, 11)
    assert (words_in(typed), typed.form["day"].value()) == (["QH26-100"], "x")


@pytest.mark.parametrize(("many", "rows"), [("99999999999", 5), ("-1", 5), ("x", 5), ("999", 12)])
def test_a_number_of_rows_that_cannot_be_is_not_believed(world: World, many: str, rows: int) -> None:
    typed, _ = sent(ASKED, request(world, **{"rows-TOTAL_FORMS": many, "day": "x"}))
    assert len(typed.rows.forms) == rows


def test_a_pasted_list_fills_the_rows_behind_those_that_were_typed(world: World) -> None:
    typed, given = sent(ASKED, request(world, day="x", paste="QH26-101\nQH26-102", **row(0, "QH26-100", "5")))
    assert (given, typed.status, words_in(typed)) == (None, 200, ["QH26-100", "QH26-101", "QH26-102"])


def test_a_list_that_is_too_long_is_refused_with_what_was_typed_and_pasted(world: World) -> None:
    paste = "\n".join(f"QH26-{n}" for n in range(12))
    typed, given = sent(ASKED, request(world, day="x", paste=paste, **row(0, "QH26-100", "5")))
    assert (given, typed.refusal.field if typed.refusal else "", typed.status) == (None, "paste", 422)
    assert (words_in(typed), typed.paste) == (["QH26-100"], paste)


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "'; DROP TABLE x; --", "=1+1", "{{ 7*7 }}", "长" * 400])
def test_hostile_words_are_words(world: World, at_desk: SitDown, words: str) -> None:
    visit, browser = planned(world), at_desk("representative")
    assert browser.post(f"/visits/{visit.number}/cancel", {"reason": words}).status_code == 302
    page = browser.get(f"/visits/{visit.number}/").content.decode()
    assert ("<script>alert" in page, ">49<" in page) == (False, False)
    assert browser.post(f"/visits/{visit.number}/comment", {"words": words}).status_code == 302
    assert browser.get("/visits/", {"q": words}).status_code == 200


def test_a_refused_form_comes_back_filled_in_and_makes_nothing(world: World, at_desk: SitDown) -> None:
    told = {"partner": str(world.firms["agent"].pk), "planned_on": "明天", "purpose": "看" * 201}
    answer = at_desk("representative").post("/visits/new", told)
    page = answer.content.decode()
    assert (answer.status_code, Visit.objects.count(), "看" * 201 in page, 'value="明天"' in page) == (422, 0, True, True)
    assert "“明天”不是日期" in page
