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

from lingqu.claims.tests.things import asked
from lingqu.config.api import api
from lingqu.credit.actions import NewReceipt, enter_receipt
from lingqu.documents.api import Shape
from lingqu.inventory.actions import start_count
from lingqu.inventory.models import GoodsIn, StockItem, Warehouse
from lingqu.orders.actions import ship_order
from lingqu.orders.models import Delivery
from lingqu.reports.tests.things import reported
from tests.api.live import served, token_of
from tests.api.steps import goods_verbs, shipped
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
    assert without == {"preview_order", "preview_return", "preview_price_claim"}


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
    """Make something for each operation to find; return what stands in the addresses of operations, by name."""
    states = {}
    for state in ("shipped", "accepted", "cancelled", "part", "held", "declined", "changed"):
        made = world.submit("retailer", {3: 10_000 if state in {"accepted", "shipped"} else 100} | ({2: 50} if state == "shipped" else {}))
        states[state] = made.number
        if state in {"held", "declined", "changed"}:
            continue
        order = world.accept(made, by="agent_owner")
        new = NewReceipt(world.lines["retailer"].pk, state, order.net, world.at.date())
        enter_receipt(new, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
        if state in {"shipped", "part"}:
            copies = {1: 1} if state == "part" else None
            ship_order(order.pk, regulation=world.regulation, by=world.who("agent_owner"), at=world.at, copies=copies)
    delivery = Delivery.objects.order_by("id")[0].number
    own, failed = world.submit("agent", {2: 1}), world.submit("agent", {0: 9_000})
    receipt, wrong = world.pay("agent", "12.00"), world.pay("agent", "13.00")
    return {
        "get_order": {"number": states["shipped"]},
        "list_decisions": {"number": own.number},
        "withdraw_order": {"number": own.number},
        "accept_order": {"number": states["held"]},
        "decline_order": {"number": states["declined"]},
        "change_order": {"number": states["changed"]},
        "decide_order": {"number": failed.number},
        "cancel_order": {"number": states["cancelled"]},
        "close_order": {"number": states["part"]},
        "ship_order": {"number": states["accepted"]},
        "get_delivery": {"number": delivery},
        "get_receipt": {"number": receipt.number},
        "reverse_receipt": {"number": wrong.number},
        "get_partner": {"code": "retailer"},
        "get_balance": {"code": "retailer"},
        "get_statement": {"code": "agent"},
        "get_terms": {"code": "retailer"},
        "give_terms": {"code": "retailer"},
        "get_clause": {"place": "M-19.3"},
    }


def stock_up_goods(world: World) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Make returns, transfers, differences and a count too; return what stands in the addresses, and who does it."""
    found: dict[str, dict[str, Any]] = {}
    people = {}
    for name, (who, path, _, _) in goods_verbs(world).items():
        people[name] = who
        if path.count("/") > 1:
            found[name] = {"number": path.split("/")[2]}
    shipped(world, {3: 9_000})
    count = start_count(Warehouse.objects.get(firm=world.hq), items_of(world), by=world.who("warehouse"), at=world.at).number
    for name in ("get_count", "list_count_lines", "enter_counted", "send_count", "give_up_count"):
        found[name], people[name] = {"number": count}, "warehouse"
    report = found["count_difference"]
    found |= {
        "get_return": found["agree_return"], "get_transfer": found["order_transfer"], "get_difference": report,
        "get_stock": {"code": "QH26-102"}, "get_price_claim": {"number": asked(world).number},
        "withdraw_price_claim": {"number": asked(world).number},
        **{f"{verb}_partner_report": {"number": reported(world).number} for verb in ("get", "change", "ask_back", "answer")},
        "get_goods_in": {"number": GoodsIn.objects.order_by("id")[0].number},
    }  # fmt: skip
    people |= dict.fromkeys(("ask_back_partner_report", "answer_partner_report"), "representative")
    people |= dict.fromkeys(("get_transfer", "list_transfers"), "representative")
    people |= dict.fromkeys(("list_stock", "get_stock", "list_goods_in", "get_goods_in", "list_counts"), "warehouse")
    return found, people | {"reverse_receipt": "finance"}


def items_of(world: World) -> list[int]:
    """All that lies in the warehouse of the headquarters."""
    return list(StockItem.objects.filter(warehouse__firm=world.hq).values_list("pk", flat=True))


def written_config(found: dict[str, dict[str, Any]], tokens: dict[str, str]) -> str:
    """The settings: warnings are failures, every operation finds something real, and is called by whom it is for."""
    lines = [
        f'headers = {{ Authorization = "Bearer {tokens[""]}" }}',
        "[warnings]",
        'fail-on = ["missing_auth", "missing_test_data", "validation_mismatch", "missing_deserializer", "unused_openapi_auth"]',
    ]
    lines += ["[checks.positive_data_acceptance]", 'expected-statuses = ["2xx", "401", "403", "404", "409", "422"]']
    for name in sorted({*found, *tokens} - {""}):
        lines += ["[[operations]]", f'include-operation-id = "{name}"']
        lines += [f'headers = {{ Authorization = "Bearer {tokens[name]}" }}'] if name in tokens else []
        lines += ["[operations.parameters]"] if name in found else []
        lines += [f'"path.{field}" = "{value}"' for field, value in found.get(name, {}).items()]
    return "\n".join(lines) + "\n"


def try_out(folder: Path, cases: int) -> str:
    """Let schemathesis try all operations, `cases` examples for each; return what it says."""
    world = build_world()
    goods, people = stock_up_goods(world)
    secrets = {who: token_of(world, who) for who in {"agent_owner", *people.values()}}
    tokens = {"": secrets["agent_owner"]} | {name: secrets[who] for name, who in people.items()}
    config = folder / "schemathesis.toml"
    config.write_text(written_config(goods | stock_up(world), tokens))
    with served() as address:
        asked = [
            str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run", f"{address}/api/v1/openapi.json",
            "--checks", "all", "--max-examples", str(cases), "--seed", str(SEED),
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


@pytest.mark.timeout(1_500)
def test_schemathesis_finds_nothing(race_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingqu.documents.api.gate.now", lambda: MONDAY)
    assert cases_of(try_out(tmp_path, CASES)) > 1_000


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_schemathesis_finds_nothing_in_500_examples(race_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingqu.documents.api.gate.now", lambda: MONDAY)
    assert cases_of(try_out(tmp_path, MANY)) > 5_000
