"""Lists: page by page without gaps or doubles, marks that nobody can forge, as many statements for 30 rows as for one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lingqu.organisation.states import FirmKind
from tests.api.conftest import AtProgram, Program
from tests.pages import counted
from tests.world import World, _take_on


def orders(world: World, many: int) -> None:
    for _ in range(many):
        world.submit("agent", {2: 1})


def deliveries(world: World, many: int) -> None:
    for _ in range(many):
        made = world.submit("cash_agent", {2: 1})
        world.accept(made)
        world.ship(made)


def receipts(world: World, many: int) -> None:
    for _ in range(many):
        world.pay("agent", "1.00")


def partners(world: World, many: int) -> None:
    for place in range(len(world.firms), len(world.firms) + many):
        _take_on(world, f"new{place:03}", world.hq, FirmKind.AGENT, "B", director="director", at=world.at)


LISTS: dict[str, tuple[str, Callable[[World, int], None], str]] = {
    "orders": ("/orders", orders, "number"),
    "deliveries": ("/deliveries", deliveries, "number"),
    "receipts": ("/receipts", receipts, "number"),
    "partners": ("/partners", partners, "code"),
    "balances": ("/balances", partners, "partner"),
}


def prepaid(world: World) -> None:
    world.pay("cash_agent", "9000.00")


@pytest.mark.parametrize("name", list(LISTS))
def test_pages_follow_each_other_without_gaps_or_doubles(world: World, at_program: AtProgram, name: str) -> None:
    path, fill, field = LISTS[name]
    prepaid(world)
    fill(world, 7)
    program = at_program("finance")
    whole = [one[field] for one in program.get(path, limit="200").told["items"]]
    found, answer = [], program.get(path, limit="3")
    while True:
        assert len(answer.told["items"]) <= 3
        found += [one[field] for one in answer.told["items"]]
        if answer.told["next"] is None:
            break
        answer = program.follow(answer.told["next"])
        assert answer.status_code == 200, answer.told
    assert found == whole
    assert len(set(found)) == len(found) >= 7


def test_products_follow_each_other_too(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    first = program.get("/products", limit="3").told
    second = program.follow(first["next"]).told
    assert [one["code"] for one in first["items"] + second["items"]] == ["QH26-100", "QH26-101", "QH26-102", "QH26-103"]


@pytest.mark.parametrize("name", list(LISTS))
def test_a_page_takes_as_many_statements_for_thirty_rows_as_for_one(world: World, at_program: AtProgram, name: str) -> None:
    path, fill, _ = LISTS[name]
    prepaid(world)
    program = at_program("finance")
    fill(world, 1)
    program.get(path)
    with counted() as one:
        program.get(path)
    fill(world, 30)
    with counted() as many:
        assert len(program.get(path).told["items"]) >= 30
    assert len(many) == len(one)


def test_a_request_takes_as_many_statements_with_thirty_lines_as_with_one(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    numbers = []
    for many in (1, 30):
        sent = {"key": f"k{many}", "lines": [{"product": "QH26-102", "copies": "1"}] * many}
        numbers.append(program.post("/orders", sent).told["number"])
    program.get(f"/orders/{numbers[0]}")
    counts = []
    for number in numbers:
        with counted() as sent_now:
            program.get(f"/orders/{number}")
        counts.append(len(sent_now))
    assert counts[0] == counts[1]


def cursor(program: Program, path: str, **query: str) -> str:
    following = program.get(path, limit="1", **query).told["next"]
    return str(following).rpartition("cursor=")[2].replace("%3A", ":")


def test_a_mark_is_of_one_list_one_person_and_its_filters(world: World, at_program: AtProgram) -> None:
    orders(world, 3)
    owner, clerk = at_program("agent_owner"), at_program("agent_clerk")
    mark = cursor(owner, "/orders")
    assert owner.get("/orders", limit="2", cursor=mark).status_code == 200
    for answer in (
        clerk.get("/orders", cursor=mark),
        owner.get("/deliveries", cursor=mark),
        owner.get("/orders", cursor=mark, state="held"),
        owner.get("/orders", cursor=mark[:-1] + ("a" if mark[-1] != "a" else "b")),
        owner.get("/orders", cursor=mark.replace(":", "")),
    ):
        assert (answer.status_code, answer.told["field"]) == (422, "cursor")
