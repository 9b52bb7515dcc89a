"""Every address is behind `@page`, which lets only signed-in people through, or a `Gate`, which lets tokens through.

The few that are open are listed here with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import getclosurevars, isfunction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.decorators.http import require_POST
from ninja import NinjaAPI

from lingqu.documents.api import Gate
from lingqu.documents.pages import page
from tests.house import source
from tests.house.test_floors import set_up_django

OPEN = {
    "health": "a load balancer asks, and is told nothing but that the server runs",
    "ready": "a load balancer asks, and is told a word for each thing that the installation needs",
    "metrics": "only this machine itself or who shows the operator's token is answered, and no figure is anybody's",
    "language": "the sign-in page has the switch too",
    "api_description": "the description of the interface tells of no firm and no person",
    "api_unknown": "an address that does not exist has nothing to show",
    "account_login": "this is where one signs in",
    "account_logout": "asks by itself who is signed in, and has nothing to show",
    "second_factor": "the step after the password: it looks by itself whose password was given",
    "second_factor_enrol": "the step after the password of who must have a second factor and has none",
    "invitation": "who holds its link is not signed in yet; the link is a secret, used once",
    "forgotten": "who forgot the password cannot sign in; everybody is answered alike",
    "reset_link": "who holds its link cannot sign in; the link is a secret, used once",
}


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Return all addresses, those of the modules included."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield pattern


def guarded(view: Callable[..., Any] | None) -> bool:
    """Return whether `@page` stands anywhere among the decorators of a view."""
    guard = page(lambda request: HttpResponse(request.path)).__code__  # type: ignore[attr-defined]
    while view is not None:
        if getattr(view, "__code__", None) is guard:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def gated(view: Callable[..., Any] | None) -> bool:
    """Return whether a view of the interface asks for a token in each of its operations."""
    path_view = getclosurevars(view).nonlocals.get("self") if isfunction(view) else None
    operations = getattr(path_view, "operations", [])
    return bool(operations) and all(any(isinstance(one, Gate) for one in operation.auth_callbacks) for operation in operations)


def test_every_address_is_guarded_or_open_for_a_reason() -> None:
    set_up_django()
    unguarded = [route for route in routes(get_resolver().url_patterns) if not (guarded(route.callback) or gated(route.callback))]
    source.refuse([f"{route.pattern} ({route.name}) is open to everybody" for route in unguarded if route.name not in OPEN])


def test_every_open_address_still_exists() -> None:
    set_up_django()
    names = {route.name for route in routes(get_resolver().url_patterns)}
    source.refuse([f"there is no address {name}" for name in OPEN if name not in names])


def test_an_address_without_a_guard_is_found() -> None:
    def show(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.path)

    assert not guarded(show)
    assert not guarded(require_POST(show))
    assert guarded(page(show))
    assert guarded(require_POST(page(show)))


def test_an_operation_without_a_gate_is_found() -> None:
    set_up_django()
    open_door, closed = NinjaAPI(urls_namespace="open"), NinjaAPI(urls_namespace="closed")
    open_door.get("/x")(lambda request: None)
    closed.get("/x", auth=Gate(None))(lambda request: None)
    views = [next(p for p in api.urls[0] if p.name != "api-root" and "x" in str(p.pattern)).callback for api in (open_door, closed)]  # type: ignore[union-attr]
    assert [gated(view) for view in views] == [False, True]
