"""The description of the interface: kept in the repository, and tried out by schemathesis on a real port, with nothing let pass."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lingqu.config.api import api
from lingqu.credit.actions import NewReceipt, enter_receipt
from lingqu.documents.api import Shape
from lingqu.orders.actions import ship_order
from lingqu.orders.models import Delivery
from tests.api.live import served, token_of
from tests.world import MONDAY, World, build_world

KEPT = Path("docs/api/openapi.json")
CASES, MANY = 15, 500
SEED = 20261123


def written() -> str:
    """The description as it is kept."""
    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1) + "\n"


def test_the_description_that_is_kept_is_the_one_that_is_served() -> None:
    assert KEPT.read_text("utf-8") == written(), "the interface changed: run `make api`, and look at what changed"


def test_every_operation_says_what_it_is() -> None:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            assert told["summary"], (method, path)
            assert "Scope: " in told["description"], (method, path)
            assert told["security"] == [{"Gate": []}], (method, path)


def test_every_call_that_changes_something_asks_for_a_key() -> None:
    without = {
        told["operationId"]
        for methods in api.get_openapi_schema()["paths"].values()
        for method, told in methods.items()
        if method == "post" and "Idempotency-Key" not in [one["name"] for one in told["parameters"]]
    }
    assert without == {"preview_order"}


def test_no_two_shapes_share_a_name() -> None:
    """The library would describe only one of them."""
    names: dict[str, set[type]] = {}
    left: list[type] = [Shape]
    while left:
        shape = left.pop()
        left += shape.__subclasses__()
        names.setdefault(shape.__name__, set()).add(shape)
    assert [name for name, shapes in names.items() if len({shape.__module__ for shape in shapes}) > 1] == []


def stock_up(world: World) -> dict[str, dict[str, Any]]:
    """Make something for each operation to find; return the parameters of operations by name."""
    states = {}
    for state in ("shipped", "accepted", "held", "declined"):
        made = world.submit("retailer", {3: 10_000 if state == "accepted" else 100})
        states[state] = made.number
        if state in {"accepted", "shipped"}:
            order = world.accept(made, by="agent_owner")
            new = NewReceipt(world.lines["retailer"].pk, state, order.net, world.at.date())
            enter_receipt(new, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
            if state == "accepted":
                continue
            ship_order(order.pk, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    own = world.submit("agent", {2: 1})
    receipt = world.pay("agent", "12.00")
    delivery = Delivery.objects.get().number
    return {
        "get_order": {"number": states["shipped"]},
        "list_decisions": {"number": own.number},
        "withdraw_order": {"number": own.number},
        "accept_order": {"number": states["held"]},
        "decline_order": {"number": states["declined"]},
        "ship_order": {"number": states["accepted"]},
        "get_delivery": {"number": delivery},
        "get_receipt": {"number": receipt.number},
        "get_partner": {"code": "retailer"},
        "get_balance": {"code": "retailer"},
        "get_statement": {"code": "agent"},
    }


def written_config(found: dict[str, dict[str, Any]]) -> str:
    """The settings: warnings are failures, and every operation finds something real."""
    lines = [
        "[warnings]",
        'fail-on = ["missing_auth", "missing_test_data", "validation_mismatch", "missing_deserializer", "unused_openapi_auth"]',
    ]
    lines += ["[checks.positive_data_acceptance]", 'expected-statuses = ["2xx", "401", "403", "404", "409", "422"]']
    for name, values in found.items():
        lines += ["[[operations]]", f'include-operation-id = "{name}"', "[operations.parameters]"]
        lines += [f'"path.{field}" = "{value}"' for field, value in values.items()]
    return "\n".join(lines) + "\n"


def try_out(folder: Path, cases: int) -> str:
    """Let schemathesis try all operations, `cases` examples for each; return what it says."""
    world = build_world()
    found = stock_up(world)
    token = token_of(world, "agent_owner")
    config = folder / "schemathesis.toml"
    config.write_text(written_config(found))
    with served() as address:
        asked = [
            str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run", f"{address}/api/v1/openapi.json",
            "--header", f"Authorization: Bearer {token}", "--checks", "all", "--max-examples", str(cases), "--seed", str(SEED),
            "--workers", "2", "--continue-on-failure", "--no-color", "--phases", "examples,coverage,fuzzing",
        ]  # fmt: skip
        more = {"SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks", "PYTHONPATH": str(Path.cwd())}
        done = subprocess.run(asked, env=os.environ | more, cwd=folder, capture_output=True, text=True, timeout=3_000, check=False)
    said = done.stdout + done.stderr
    (folder / "said").write_text(said)
    assert done.returncode == 0, said[-20_000:]
    return said


def cases_of(said: str) -> int:
    """How many cases were generated."""
    found = re.search(r"([\d,]+) generated", said)
    assert found, said[-3_000:]
    return int(found[1].replace(",", ""))


def test_schemathesis_finds_nothing(race_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingqu.documents.api.gate.now", lambda: MONDAY)
    assert cases_of(try_out(tmp_path, CASES)) > 1_000


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_schemathesis_finds_nothing_in_500_examples(race_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingqu.documents.api.gate.now", lambda: MONDAY)
    assert cases_of(try_out(tmp_path, MANY)) > 5_000
