"""Who is let in, and what they may send: every operation refuses everybody whom it is not for, and nothing that is sent breaks it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingqu.audit.models import Fact
from lingqu.base.access import API_TOKEN, declared_routes
from lingqu.config.api import ROUTERS, api
from lingqu.documents.api import Gate
from lingqu.orders.models import Order
from lingqu.organisation.actions import make_token, revoke_token
from lingqu.organisation.models import AccessToken, PostHolding, SignIn
from lingqu.organisation.states import Scope
from tests.api.bodies import BODIES, ORDER
from tests.api.conftest import AtProgram, Program
from tests.pages import SitDown, at_desk
from tests.world import World

__all__ = ["at_desk"]


def operations() -> list[tuple[str, str, str, str]]:
    """All operations: name, method, path, scope."""
    found = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            scope = told["description"].rpartition("Scope: ")[2].strip("`. ")
            found.append((told["operationId"], method, path.removeprefix("/api/v1"), scope))
    return found


OPERATIONS = operations()
every_operation = pytest.mark.parametrize(("name", "method", "path", "scope"), OPERATIONS, ids=[one[0] for one in OPERATIONS])


def call(program: Program, name: str, method: str, path: str, *, number: str = "JH-2026-0001", code: str = "agent") -> Any:
    path = path.format(number=number, code=code, place="M-19.3")
    return program.get(path) if method == "get" else program.post(path, BODIES[name])


def code_of(answer: Any) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    assert answer.told["status"] == answer.status_code
    return answer.status_code, answer.told["code"]


def untouched() -> tuple[int, int]:
    return Order.objects.count(), Fact.objects.count()


def test_there_are_as_many_operations_as_this_table_says() -> None:
    assert len(OPERATIONS) == 78
    assert {name for name, method, _, _ in OPERATIONS if method == "post"} == set(BODIES)


def test_every_operation_is_declared_with_the_scope_that_it_asks_for() -> None:
    declared = declared_routes()
    found = 0
    for router in ROUTERS:
        for view in router.path_operations.values():
            for operation in view.operations:
                entry, gate = declared[f"api:{view.url_name}"], operation.auth_callbacks[0]
                assert entry.door == API_TOKEN
                assert isinstance(gate, Gate)
                assert entry.scopes[operation.methods != ["GET"]] == (gate.scope or "")
                found += 1
    assert found == len(OPERATIONS)


@every_operation
def test_nobody_comes_without_a_token(world: World, clock: World, name: str, method: str, path: str, scope: str) -> None:
    before = untouched()
    answer = call(Program(""), name, method, path)
    assert code_of(answer) == (401, "bad_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert untouched() == before


@every_operation
def test_a_session_opens_nothing(world: World, at_desk: SitDown, name: str, method: str, path: str, scope: str) -> None:
    browser = at_desk("agent_owner")
    address = f"/api/v1{path.format(number='JH-2026-0001', code='agent', place='M-19.3')}"
    answer = browser.get(address) if method == "get" else browser.post(address, BODIES[name], content_type="application/json")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (401, "no_token")


@every_operation
def test_a_token_that_is_over_opens_nothing(world: World, at_program: AtProgram, name: str, method: str, path: str, scope: str) -> None:
    program = at_program("agent_owner")
    AccessToken.objects.update(last_day=world.at.date() - timedelta(days=1))
    assert code_of(call(program, name, method, path)) == (401, "bad_token")


@every_operation
def test_a_revoked_token_opens_nothing(world: World, at_program: AtProgram, name: str, method: str, path: str, scope: str) -> None:
    program = at_program("agent_owner")
    revoke_token(AccessToken.objects.get().prefix, by=world.who("agent_owner"), at=world.at)
    assert code_of(call(program, name, method, path)) == (401, "bad_token")


@every_operation
def test_a_token_ends_with_the_sign_in(world: World, at_program: AtProgram, name: str, method: str, path: str, scope: str) -> None:
    program = at_program("agent_owner")
    SignIn.objects.filter(person=world.people["agent_owner"]).update(is_active=False)
    assert code_of(call(program, name, method, path)) == (401, "bad_token")


@every_operation
def test_a_token_ends_with_the_post(world: World, at_program: AtProgram, name: str, method: str, path: str, scope: str) -> None:
    program = at_program("agent_owner")
    PostHolding.objects.filter(person=world.people["agent_owner"]).delete()
    assert code_of(call(program, name, method, path)) == (403, "forbidden")


@every_operation
def test_a_token_opens_its_scopes_only(world: World, at_program: AtProgram, name: str, method: str, path: str, scope: str) -> None:
    if scope == "any":
        return
    before = untouched()
    who = {
        "accept_order": "representative", "decline_order": "representative", "ship_order": "warehouse", "enter_receipt": "finance",
        "reverse_receipt": "finance", "ask_transfer": "representative",
    }  # fmt: skip
    program = at_program(who.get(name, "agent_owner"), *(one for one in Scope if one.value != scope))
    before = untouched()
    answer = call(program, name, method, path)
    assert code_of(answer) == (403, "missing_scope")
    assert scope in answer.told["detail"]
    assert untouched() == before


@pytest.mark.parametrize(
    ("name", "stranger"),
    [
        ("get_order", "other_agent_owner"),
        ("list_decisions", "other_agent_owner"),
        ("withdraw_order", "other_agent_owner"),
        ("accept_order", "agent_owner"),
        ("decline_order", "agent_owner"),
        ("ship_order", "other_agent_owner"),
        ("get_delivery", "other_agent_owner"),
        ("get_partner", "other_agent_owner"),
        ("get_balance", "other_agent_owner"),
        ("get_receipt", "other_agent_owner"),
        ("get_statement", "other_agent_owner"),
        ("enter_receipt", "other_agent_owner"),
        ("get_order", "retailer_owner"),
        ("get_partner", "retailer_owner"),
        ("get_balance", "retailer_owner"),
    ],
)
def test_a_stranger_sees_and_changes_nothing(world: World, at_program: AtProgram, name: str, stranger: str) -> None:
    made = world.submit("agent", {0: 10})
    world.accept(made)
    world.ship(made)
    receipt = world.pay("agent", "100.00")
    delivery = Order.objects.get(number=made.number).deliveries.get()  # type: ignore[attr-defined]
    number = {"get_delivery": delivery.number, "get_receipt": receipt.number}.get(name, made.number)
    _, method, path, _ = next(one for one in OPERATIONS if one[0] == name)
    program = at_program(stranger)
    before = untouched()
    answer = call(program, name, method, path, number=number)
    status, code = code_of(answer)
    assert (status, code) in {(404, "not_found"), (403, "forbidden")}
    assert "624" not in answer.content.decode()
    assert untouched() == before


@pytest.mark.parametrize("path", ["/orders", "/deliveries", "/receipts", "/balances", "/partners"])
def test_lists_show_only_what_is_the_persons_to_see(world: World, at_program: AtProgram, path: str) -> None:
    made = world.submit("agent", {0: 10})
    world.accept(made)
    world.ship(made)
    world.pay("agent", "100.00")
    assert "agent" in json.dumps(at_program("finance").get(path).told)
    seen = at_program("other_agent_owner").get(path).told
    assert {one.get("buyer") or one.get("partner") or one.get("code") for one in seen["items"]} <= {"other_agent"}


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        ("{", {}, 400, "no_json"),
        (b"\xff\xfe", {}, 400, "no_json"),
        ('{"a": NaN}', {}, 400, "no_json"),
        ('{"key": "a", "key": "b"}', {}, 400, "no_json"),
        ("[" * 30 + "]" * 30, {}, 400, "too_deep"),
        ("[" * 100_000, {}, 400, "no_json"),
        ('{"key": "' + "a" * 2_200_000 + '"}', {}, 413, "too_large"),
        ('{"key": "a\\u0000"}', {}, 422, "bad_input"),
        ('{"key": "\\ud800"}', {}, 422, "bad_input"),
        ('{"key": ' + "9" * 5_000 + "}", {}, 400, "no_json"),
        ('{"key": ' + "9" * 4_000 + "}", {}, 422, "invalid"),
        ('{"key": 1e400}', {}, 422, "invalid"),
        ("null", {}, 422, "invalid"),
        ("[]", {}, 422, "invalid"),
        ('"a"', {}, 422, "invalid"),
        ("{}", {}, 422, "invalid"),
        ("", {}, 422, "invalid"),
        (json.dumps(ORDER | {"more": 1}), {}, 422, "invalid"),
        (json.dumps(ORDER | {"lines": []}), {}, 422, "invalid"),
        (json.dumps(ORDER | {"lines": ORDER["lines"] * 501}), {}, 422, "invalid"),  # type: ignore[operator]
        (json.dumps(ORDER), {"Idempotency-Key": ""}, 422, "invalid"),
        (json.dumps(ORDER), {"Idempotency-Key": "ü"}, 422, "invalid"),
        (json.dumps(ORDER), {"Idempotency-Key": "a" * 256}, 422, "invalid"),
    ],
)
def test_bad_input_is_told_and_changes_nothing(
    world: World, at_program: AtProgram, body: str | bytes, headers: dict[str, str], status: int, code: str
) -> None:
    program = at_program("agent_owner")
    before = untouched()
    assert code_of(program.post("/orders", body, **headers)) == (status, code)
    assert untouched() == before


@pytest.mark.parametrize("copies", ["0", "0.00", "-1.00", "1.50", "1000001.00", "1e3", "10,00", "１０", "", " 10", "nan"])
def test_what_is_no_number_of_copies_is_refused_at_its_field(world: World, at_program: AtProgram, copies: str) -> None:
    answer = at_program("agent_owner").post("/orders", {"key": "a", "lines": [{"product": "QH26-100", "copies": copies}]})
    assert code_of(answer) == (422, "invalid")
    assert [error["field"] for error in answer.told["errors"]] == ["lines.0.copies"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"])
def test_another_media_type_is_refused(world: World, at_program: AtProgram, kind: str) -> None:
    program = at_program("agent_owner")
    more = program.headers() | {"Idempotency-Key": "a"}
    answer = Client().post("/api/v1/orders", json.dumps(ORDER), content_type=kind, headers=more)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (415, "media_type")


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/orders", {"limit": "201"}, "limit"),
        ("/orders", {"limit": "0"}, "limit"),
        ("/orders", {"limit": "9" * 400}, "limit"),
        ("/orders", {"state": "gone"}, "state"),
        ("/orders", {"since": "yesterday"}, "since"),
        ("/orders", {"since": "2026-02-30"}, "since"),
        ("/orders", {"updated_since": "2026-11-23T09:00:00"}, "updated_since"),
        ("/orders", {"cursor": "abc"}, "cursor"),
        ("/orders", {"page": "2"}, "page"),
        ("/products", {"q": "a\x00b"}, "q"),
        ("/statements/agent", {"month": "2026-13"}, "month"),
        ("/statements/agent", {"month": "2027-01"}, "month"),
        ("/statements/agent", {"on": "2027-01-01"}, "on"),
    ],
)
def test_what_a_list_does_not_understand_is_refused_at_its_field(
    world: World, at_program: AtProgram, path: str, query: dict[str, str], field: str
) -> None:
    answer = at_program("agent_owner").get(path, **query)
    assert answer.status_code == 422
    told = answer.told
    assert field in {told["field"], *(error["field"] for error in told["errors"])}


@pytest.mark.parametrize(
    "path", ["/orders/%00", "/orders/JH-2026-" + "9" * 60, "/partners/%00", "/partners/%E4%BD%A0%00", "/statements/%0A"]
)
def test_a_strange_address_is_refused(world: World, at_program: AtProgram, path: str) -> None:
    answer = at_program("agent_owner").get(path)
    assert answer.status_code in {404, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_method_that_there_is_not_is_told_with_those_that_there_are(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    answer = Client().delete("/api/v1/orders", headers=program.headers())
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_an_address_that_there_is_not_is_told_as_a_problem(world: World, at_program: AtProgram) -> None:
    assert code_of(at_program("agent_owner").get("/nothing")) == (404, "not_found")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "没有这项内容，或您无权查看。"),
        ("en", "There is no such thing, or it is not yours to see."),
        ("en-GB,zh;q=0.5", "There is no such thing, or it is not yours to see."),
        ("zh-CN,en;q=0.9", "没有这项内容，或您无权查看。"),
        ("fr, en;q=0.3", "There is no such thing, or it is not yours to see."),
        ("en;q=none,;;,zh;q=9", "There is no such thing, or it is not yours to see."),
    ],
)
def test_problems_are_told_in_the_language_that_is_asked_for(world: World, at_program: AtProgram, asked: str, said: str) -> None:
    answer = at_program("agent_owner", language=asked).get("/orders/JH-2026-9999")
    assert answer.told["detail"] == said


def test_the_day_of_use_is_remembered_once(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    program.get("/me")
    assert AccessToken.objects.get().used_on == world.at.date()


def test_only_a_hash_of_a_token_is_kept(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    kept = " ".join(str(value) for value in AccessToken.objects.values().get().values())
    assert program.secret not in kept
    assert program.secret.rpartition("_")[2] not in kept
    assert program.secret not in json.dumps([fact.after for fact in Fact.objects.all()])


def test_a_person_has_ten_tokens_at_most(world: World, at_program: AtProgram) -> None:
    from lingqu.base.refusal import Refusal

    for _ in range(10):
        at_program("agent_owner")
    with pytest.raises(Refusal, match="at most 10"):
        make_token("x", scopes=[Scope.ORDERS_READ], last_day=world.at.date(), by=world.who("agent_owner"), at=world.at)
    revoke_token(AccessToken.objects.first().prefix, by=world.who("agent_owner"), at=world.at)  # type: ignore[union-attr]
    at_program("agent_owner")


def test_another_charset_is_refused_before_anything_reads_it() -> None:
    from lingqu.config.wsgi import application

    said: list[Any] = []
    environ = {"PATH_INFO": "/api/v1/orders", "CONTENT_TYPE": "application/json; charset=utf-16"}
    (body,) = application(environ, lambda *answer: said.extend(answer))
    told = json.loads(body)
    assert (said[0], dict(said[1])["Content-Type"]) == ("415 Unsupported Media Type", "application/problem+json")
    assert (told["status"], told["code"]) == (415, "media_type")
