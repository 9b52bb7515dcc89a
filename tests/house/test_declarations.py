"""Every address says who may come and every model who sees its rows; the server does not start while one does not."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, get_resolver, path

from lingqu.base import access
from lingqu.base.access import OPEN, Coming, Entry, Sight, Way, both, coming, declare, declared_models, declared_routes, reading, writing
from lingqu.config.declarations import check_declarations, model_faults, route_faults, routes_of
from lingqu.documents.pages import entry_of
from tests.house import source
from tests.house.test_floors import set_up_django


def show(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.path)


def found() -> list[tuple[str, URLPattern]]:
    set_up_django()
    return list(routes_of(get_resolver().url_patterns))


def test_every_address_and_every_model_is_declared() -> None:
    source.refuse([*route_faults(found()), *model_faults()])
    assert len(found()) > 200


def test_nothing_is_open_without_its_reason() -> None:
    found()
    opened = {name: entry for name, entry in declared_routes().items() if entry.door == OPEN}
    assert all(len(entry.why) > 20 for entry in opened.values())
    sign_in = {"account_login", "account_logout", "second_factor", "second_factor_enrol", "invitation", "forgotten", "reset_link"}
    assert set(opened) == {"health", "ready", "metrics", "language", "api_description", "api_unknown"} | sign_in


def test_an_address_without_a_declaration_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    found()
    monkeypatch.delitem(access._routes, "order_accept")
    with pytest.raises(ImproperlyConfigured, match="order_accept"):
        check_declarations()


def test_a_model_without_a_declaration_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    found()
    monkeypatch.delitem(access._models, "orders.Order")
    with pytest.raises(ImproperlyConfigured, match=r"orders\.Order"):
        check_declarations()


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (None, "is not declared"),
        (Entry(), "for no method"),
        (Entry(read=access.ANYBODY, door=OPEN), "without a reason"),
        (reading(*access.ANYBODY), "not behind @page"),
    ],
)
def test_a_wrong_declaration_is_found(monkeypatch: pytest.MonkeyPatch, entry: Entry | None, fault: str) -> None:
    if entry:
        monkeypatch.setitem(access._routes, "seeded", entry)
    faults = [one for one in route_faults([*found(), ("seeded", path("seeded", show, name="seeded"))]) if "seeded" in one]
    assert len(faults) == 1
    assert fault in faults[0]


def test_a_declaration_of_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access._routes, "gone", both(*access.ANYBODY))
    assert route_faults(found()) == ["gone is declared, but there is no such address"]


@pytest.mark.parametrize(
    ("sight", "fault"),
    [
        (Sight(), "must be seen by"),
        (Sight(everybody=True, never="never"), "must be seen by"),
        (Sight(everybody=True, hidden=("nothing",)), "has no field nothing"),
    ],
)
def test_a_wrong_sight_is_found(monkeypatch: pytest.MonkeyPatch, sight: Sight, fault: str) -> None:
    found()
    monkeypatch.setitem(access._models, "orders.Order", sight)
    assert [one for one in model_faults() if "orders.Order" in one and fault in one]


def test_a_name_is_declared_once() -> None:
    found()
    known = dict(list(declared_routes().items())[:1])
    declare(known, {})
    with pytest.raises(ValueError, match="declared twice"):
        declare({name: Entry(read=(Way(kinds=("nobody",)),)) for name in known}, {})
    assert declared_models()


def test_an_address_that_was_added_while_the_server_ran_answers_nobody() -> None:
    request = HttpRequest()
    request.path = "/seeded"
    with pytest.raises(ImproperlyConfigured, match="/seeded"):
        entry_of(request)


def test_who_comes_is_told_by_method_kind_and_post() -> None:
    entry = Entry(read=(Way(kinds=("hq",)),), write=(Way(kinds=("hq",), posts=("finance",)), Way(posts=("owner",), relation="buyer")))
    assert coming(entry, "GET", kind="hq", posts=()) is Coming.YES
    assert coming(entry, "HEAD", kind="agent", posts=("owner",)) is Coming.KIND
    assert coming(entry, "POST", kind="hq", posts=("manager",)) is Coming.POST
    assert coming(entry, "POST", kind="agent", posts=("owner",)) is Coming.YES
    assert coming(entry, "PUT", kind="hq", posts=("finance",)) is Coming.METHOD
    assert writing(*access.ANYBODY).methods == ("POST",)
