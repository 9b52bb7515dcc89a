"""P12: no form changes what it does not offer, and no list is sorted or narrowed by a field that its reader does not see."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from lingqu.base.access import SIGNED_IN, declared_models, declared_routes
from lingqu.credit.models import CreditLine
from lingqu.documents.pages import page
from tests.house import source
from tests.promises.access_fixtures import seat
from tests.promises.access_matrix import NUMBER, Cell, Seat, cells, changed, expected, form_for, taken_back
from tests.promises.access_things import NOTHING

__all__ = ["seat"]
WORD, FIGURE, DAY = "POISON77", "7777777", "2077-07-07"
"""What is sent in fields that no form offers: text, a number, a day. Found anywhere afterwards, something took it."""

POISON = f"{WORD}|{FIGURE}|{DAY}"
FIELD_NAMES = re.compile(r"""name=["']([\w.\-]+)["']""")
WORDS = re.compile(r"""["'](\w+)["']""")
SORTS = ("sort", "order", "order_by", "o", "ordering", "filter")
LISTS = (
    "orders", "partners", "credit_desk", "receipts", "duties", "approvals", "specials", "statements", "bank", "inbox", "stock", "holds",
)  # fmt: skip


def fields_of_models() -> dict[str, str]:
    """Every field of every model of ours, with something that fits its kind."""
    found: dict[str, str] = {}
    for model in apps.get_models():
        if not model.__module__.startswith("lingqu."):
            continue
        for field in model._meta.concrete_fields:
            kind = field.get_internal_type()
            value = DAY if "Date" in kind else FIGURE if any(word in kind for word in ("Integer", "Decimal", "Key", "AutoField")) else WORD
            found[field.name] = found.get(field.name, value)
            found[field.attname] = found.get(field.attname, value)
    return found


def declared_names() -> set[str]:
    """The names that any template gives a field, and every word that views and forms hold: what some form may read by its name."""
    names: set[str] = set()
    for path in source.files():
        if path.suffix == ".html":
            names |= set(FIELD_NAMES.findall(source.text(path)))
        elif path.suffix == ".py" and {"forms", "views", "forms.py", "views.py"} & set(path.parts):
            names |= set(WORDS.findall(source.text(path)))
    return names


def written_to() -> dict[str, int]:
    """How many rows the open transaction has written, by table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def taken(before: dict[str, int]) -> list[str]:
    """The tables in which something that was sent in such a field stands now, among those that were written to since."""
    found, after = [], written_to()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            name = model._meta.db_table
            if model.__module__.startswith("lingqu.") and after.get(name, 0) > before.get(name, 0):
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~ %s", (POISON,))
                if cursor.fetchone()[0]:
                    found.append(model._meta.label)
    return found


def writers(seat: Seat) -> list[Cell]:
    """One person who may, for every form and its first object."""
    known: dict[str, Cell] = {}
    for cell in cells(seat, ("POST",)):
        entry = declared_routes()[cell.route]
        if cell.route not in known and entry.door == SIGNED_IN and not cell.fragment and expected(seat, cell, entry) == "in":
            known[cell.route] = cell
    return list(known.values())


def undeclared(seat: Seat, cell: Cell, extra: dict[str, str]) -> tuple[list[str], int]:
    """Send a form with extra fields; return the tables in which one of them stands, and how many rows were written."""
    browser = seat.browsers[cell.who]
    kept = deepcopy(browser.cookies)
    with taken_back():
        before, tables = changed(), written_to()
        form = {**extra, **form_for(cell, seat)}
        answer = browser.post(seat.address(cell.route, cell.thing), form)
        browser.cookies = kept  # a session that was ended or moved is taken back, too
        assert answer.status_code < 500, cell
        return taken(tables), changed() - before


def test_fields_that_no_form_offers_change_nothing(seat: Seat) -> None:
    fields = fields_of_models()
    assert len(fields) > 350
    wrong, wrote, asked = [], 0, 0
    names = declared_names()
    hidden = {name for sight in declared_models().values() for name in sight.hidden} - {"secret", "content"}
    # Columns that are declared hidden are offered by no form at all, whatever other forms call theirs.
    extra = {name: value for name, value in fields.items() if name not in names or name in hidden}
    assert len(extra) > 100
    for cell in writers(seat):
        found, written = undeclared(seat, cell, extra)
        wrong += [f"{cell}: {table}" for table in found]
        wrote += bool(written)
        asked += 1
    assert wrong == []
    assert asked > 80
    assert wrote > 25


@pytest.mark.parametrize("route", LISTS)
def test_no_list_is_sorted_or_narrowed_by_a_field_it_does_not_offer(seat: Seat, route: str) -> None:
    address, browser = seat.address(route, NOTHING), seat.browsers["finance"]
    with taken_back():
        browser.get(address)  # what was to be told first is told here
        plain = NUMBER.findall(browser.get(address).content.decode())
        hidden = sorted({name for sight in declared_models().values() for name in (*sight.hidden, *sight.inside)})[::3]
        for name in hidden:
            for parameter in SORTS:
                answer = browser.get(address, {parameter: f"-{name}"} if parameter != "filter" else {f"{name}__startswith": "a", name: "a"})
                assert answer.status_code in (200, 302, 422), (route, parameter, name)
                if answer.status_code == 200 and parameter != "filter":
                    assert sorted(NUMBER.findall(answer.content.decode())) == sorted(plain), (route, parameter, name)


def test_a_form_that_takes_any_field_is_found(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    def take_all(request: HttpRequest, code: str) -> Any:
        taken_over = {name: value for name, value in request.POST.items() if name == "last_batch"}
        CreditLine.objects.filter(buyer__code=code).update(**taken_over)
        return HttpResponse("ok")

    cell = next(cell for cell in writers(seat) if cell.route == "collection")
    monkeypatch.setattr(seat.patterns["collection"], "callback", require_POST(page(take_all)))  # type: ignore[arg-type]
    found, written = undeclared(seat, cell, fields_of_models())
    assert found == ["credit.CreditLine"]
    assert written
