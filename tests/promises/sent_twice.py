"""What is sent twice is done once: every address that takes forms and every operation that asks for a key, asked again in each way."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

from lingqu.base.access import Once, declared_routes
from lingqu.config.api import ROUTERS
from lingqu.documents.rules import holds_secret
from tests.api.bodies import BODIES
from tests.promises.access_matrix import Cell, Seat, cells, changed, chosen, expected, form_for, query_for, taken_back
from tests.promises.access_more import KEPT, Programs

NOTED = ("django_session", "documents_sentform")
SHOWING = (
    "order_lines",
    "order_left",
    "order_totals",
    "receipt_preview",
    "credit_preview",
    "return_left",
    "transfer_left",
    "search_opened",
)
"""Addresses that take a form only to show something."""


@dataclass
class Twice:
    """What was wrong, and which addresses were proved by a form that did something."""

    wrong: list[str] = field(default_factory=list)
    proved: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)


def forms(seat: Seat, *, tries: int, every: int) -> Iterator[Cell]:
    """Return for one of `every` address that takes forms up to `tries` cells of people who may send them, one for each object."""
    asked: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    declared = declared_routes()
    for cell in cells(seat, ("POST",)):
        known = (cell.route, cell.thing.name)
        if cell.fragment or known in seen or asked[cell.route] >= tries or cell.route in SHOWING or not chosen(cell.route, every):
            continue
        if expected(seat, cell, declared[cell.route]) == "in":
            seen.add(known)
            asked[cell.route] += 1
            yield cell


def forms_twice(seat: Seat, asked: Iterable[Cell]) -> Twice:
    """Send each form until one of its address did something; that one comes again, with the same and with other content."""
    found = Twice()
    for cell in asked:
        if cell.route in found.proved:
            continue
        browser = seat.browsers[cell.who]
        kept = deepcopy(browser.cookies)
        with taken_back():
            _form_twice(seat, cell, found)
        browser.cookies = kept
    return found


def _form_twice(seat: Seat, cell: Cell, found: Twice) -> None:
    browser, entry = seat.browsers[cell.who], declared_routes()[cell.route]
    address, form = seat.address(cell.route, cell.thing) + query_for(cell), form_for(cell, seat)
    key = secrets.token_hex(16)

    def send(key: str, **more: str) -> tuple[Any, int]:
        before = changed(NOTED)
        answer = browser.post(address, form | {"form_key": key} | more)
        return answer, changed(NOTED) - before

    first, written = send(key)
    found.answers[first.status_code] += 1
    if not written or not _noted(key):
        if _facts_of(written, first):
            found.wrong.append(f"{cell}: did something, answered {first.status_code}, and noted no key")
        return
    if entry.once is Once.OWN:
        return
    found.proved.add(cell.route)
    again, more = send(key)
    # What is shown this once (a link, a token) has no place of its own: the same form is led to a page, and nothing more is done.
    place = first.headers.get("Location", again.headers.get("Location"))
    if (again.status_code, again.headers.get("Location"), more) != (302, place, 0):
        found.wrong.append(f"{cell}: again, it answered {again.status_code} and wrote {more} rows")
    other, more = send(key, more_typed="其他")
    if more or not _is_asked_about(other, secret=holds_secret(address, form)):
        found.wrong.append(f"{cell}: with other content, it answered {other.status_code} and wrote {more} rows")
    if entry.once is Once.ALIKE:
        tab, more = send(secrets.token_hex(16))
        if (tab.status_code, more) != (409, 0):
            found.wrong.append(f"{cell}: from another tab, it answered {tab.status_code} and wrote {more} rows")


def _noted(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM documents_sentform WHERE key = %s", [key])
        return bool(cursor.fetchone()[0])


def _facts_of(written: int, answer: Any) -> bool:
    """Return whether something was done for good: rows that a refusal took back are counted among the written ones.

    A refusal is an answer of 400 and above, or a message of the page that is led to.
    """
    return bool(written) and answer.status_code < 400 and not _is_told_no(answer)


def _is_asked_about(answer: Any, *, secret: bool) -> bool:
    """Return whether a form that asks something else was not done, and is offered again; what may be a secret is only told not to be."""
    if secret:
        return answer.status_code == 302 and _is_told_no(answer)
    return answer.status_code == 409 and "其他" in answer.content.decode()


def _is_told_no(answer: Any) -> bool:
    """Return whether the page that an answer leads to begins with an error."""
    told = getattr(answer.wsgi_request, "_messages", None)
    return any(message.level_tag == "error" for message in getattr(told, "_queued_messages", ()))


def operations() -> dict[str, object]:
    """Return the addresses of all operations that ask for a key, by name, with what is sent to them."""
    keyed: dict[str, object] = {}
    for view in (view for router in ROUTERS for view in router.path_operations.values()):
        for operation in view.operations:
            headers = [name for model in operation.models if model.__ninja_param_source__ == "header" for name in model.model_fields]
            if operation.methods == ["POST"] and headers:
                keyed[f"api:{view.url_name}"] = BODIES[str(operation.operation_id)]
    return keyed


def programs_twice(programs: Programs, *, every: int) -> Twice:
    """Call one of `every` operation that asks for a key as somebody who may, then again: alike, with other content, at another address."""
    found = Twice()
    for route, body in operations().items():
        for thing in programs.things(route) if chosen(route, every) else ():
            cell = next(_callers(programs, route, thing), None)
            if cell is None or route in found.proved:
                continue
            with taken_back():
                _call_twice(programs, cell, body, found)
    return found


def _callers(programs: Programs, route: str, thing: Any) -> Iterator[Cell]:
    entry = declared_routes()[route]
    for who in programs.tokens:
        cell = Cell(route, "POST", False, who, thing)
        if who in programs.seat.people.posts and programs.expected(cell, entry) == "in":
            yield cell


def _call_twice(programs: Programs, cell: Cell, body: Any, found: Twice) -> None:
    """An answer is kept whether it did something or refused; what was not understood (422 `invalid`) keeps none."""
    address = programs.seat.address(cell.route, cell.thing)
    key = f"twice-{secrets.token_hex(8)}"

    def call(sent: Any, address: str = address, who: str = cell.who) -> tuple[Any, int]:
        before = changed(KEPT)
        headers = {"Idempotency-Key": key, "Authorization": f"Bearer {programs.tokens[who]}"}
        answer = Client().post(address, json.dumps(sent), content_type="application/json", headers=headers)
        return answer, changed(KEPT) - before

    first, written = call(body)
    found.answers[first.status_code] += 1
    if first.json().get("code") == "invalid":
        return
    again, more = call(body)
    alike = (again.status_code, again.content) == (first.status_code, first.content) and again.headers.get("Idempotency-Replayed") == "true"
    if not alike or more:
        found.wrong.append(f"{cell}: again, {first.status_code} became {again.status_code} and wrote {more} rows: {first.content[:200]!r}")
        return
    elsewhere, more = call(body, "/api/v1/orders/JH-2026-0000/withdraw") if body == {} else call(otherwise(body))
    # An operation to which nothing is sent has only another address to be used for, which may not be this person's.
    strange = body == {} and elsewhere.status_code in (403, 404)
    if more or not (strange or (elsewhere.status_code, elsewhere.json().get("code")) == (422, "key_used")):
        found.wrong.append(f"{cell}: for something else, it answered {elsewhere.status_code} {elsewhere.content[:200]!r}")
    if first.status_code < 300 and written:
        found.proved.add(cell.route)


def otherwise(body: dict[str, Any]) -> dict[str, Any]:
    """Return what was sent with another value in it, still of the shape that the operation asks for."""
    changed_body = deepcopy(body)
    for name, value in (("key", "another-key"), ("reason", "别的理由"), ("note", "别的"), ("ship_on", "2026-12-24"), ("waybill", "SF2")):
        if name in changed_body:
            return changed_body | {name: value}
    for name, value in changed_body.items():
        if isinstance(value, list) and value:
            line = value[0] if isinstance(value[0], dict) else {}
            for inner, new in (
                ("copies", "7"),
                ("found", "7"),
                ("good", "7"),
                ("counted", "7"),
                ("answer", "refuse"),
                ("waybill", "SF7"),
                ("key", "k-7"),
            ):
                if inner in line:
                    return changed_body | {name: [line | {inner: new}, *value[1:]]}
            return changed_body | {name: ["QH26-102"]}
    return changed_body
