"""The example for Python, against a real port: sends a file twice, reads a list to its end, tells a problem."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lingqu.orders.models import Difference, Order
from tests.api.live import served, token_of
from tests.api.steps import shipped
from tests.world import MONDAY, build_world

FOLDER = Path("examples/python").resolve()


def client_of_example() -> Any:
    spec = importlib.util.spec_from_file_location("lingqu_client", FOLDER / "lingqu_client.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def story_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingqu.documents.api.gate.now", lambda: MONDAY)


@pytest.mark.usefixtures("story_time")
def test_a_file_sent_twice_is_the_same_orders(race_database: str, tmp_path: Path) -> None:
    world = build_world()
    token = token_of(world, "agent_owner")
    file = tmp_path / "orders.csv"
    file.write_text("key,product,copies\na,QH26-102,1\na,QH26-103,2\nb,QH26-102,1\nc,GONE-1,1\n", "utf-8")
    with served() as address:
        asked = [sys.executable, str(FOLDER / "send_orders.py"), str(file)]
        more = {"LINGQU_URL": address, "LINGQU_TOKEN": token}
        first, again = (
            subprocess.run(asked, env=os.environ | more, capture_output=True, text=True, timeout=60, check=False) for _ in range(2)
        )
    assert first.stdout.splitlines() == ["a JH-2026-0001 held", "b JH-2026-0002 held", "c - 没有在售的“GONE-1”。"], first.stderr
    assert (again.stdout, first.returncode) == (first.stdout, 1)
    assert Order.objects.count() == 2


@pytest.mark.usefixtures("story_time")
def test_deliveries_are_confirmed_from_a_file_of_counts(race_database: str, tmp_path: Path) -> None:
    world = build_world()
    one, two = shipped(world, {0: 10}), shipped(world, {1: 5})
    token = token_of(world, "agent_owner")
    file = tmp_path / "counted.csv"
    file.write_text(f"delivery,line,good,damaged\n{one.number},1,8,1\n{two.number},,,\nPS-2026-9999,,,\n", "utf-8")
    with served() as address:
        asked = [sys.executable, str(FOLDER / "receive_deliveries.py"), str(file)]
        more = {"LINGQU_URL": address, "LINGQU_TOKEN": token}
        first, again = (
            subprocess.run(asked, env=os.environ | more, capture_output=True, text=True, timeout=60, check=False) for _ in range(2)
        )
    assert first.stdout.splitlines() == [
        f"{one.number} differing CY-2026-0001", f"{two.number} confirmed", "PS-2026-9999 - 没有这项内容，或您无权查看。",
    ], first.stderr  # fmt: skip
    assert (again.stdout, first.returncode, Difference.objects.count()) == (first.stdout, 1, 1)


@pytest.mark.usefixtures("story_time")
def test_a_list_is_read_to_its_end_and_a_problem_is_told(race_database: str) -> None:
    world = build_world()
    for _ in range(5):
        world.submit("agent", {2: 1})
    example = client_of_example()
    with served() as address:
        client = example.Client(address, token=token_of(world, "agent_owner"), language="en")
        numbers = [one["number"] for one in client.every("/orders", limit=2)]
        assert numbers == [f"JH-2026-000{place}" for place in (5, 4, 3, 2, 1)]
        with pytest.raises(example.Problem) as told:
            client.post("orders", {"key": "a", "lines": []})
        assert (told.value.status, told.value.code, told.value.errors[0]["field"]) == (422, "invalid", "lines")


@pytest.mark.usefixtures("story_time")
def test_a_thousand_orders_twice_are_a_thousand_orders(race_database: str) -> None:
    world = build_world()
    orders = [{"key": f"erp-{place:04}", "lines": [{"product": "QH26-103", "copies": "1"}]} for place in range(1_000)]
    example = client_of_example()
    with served() as address:
        client = example.Client(address, token=token_of(world, "agent_owner"))
        started = time.monotonic()
        first = client.submit_many(orders, key="night")
        took = time.monotonic() - started
        again = client.submit_many(orders, key="night")
        other = client.submit_many(orders, key="another-night")
    assert len({one["number"] for one in first}) == Order.objects.count() == 1_000
    assert again == first
    assert [(one["number"], one["repeated"], one["status"]) for one in other] == [(one["number"], True, 200) for one in first]
    assert took < 60, took
