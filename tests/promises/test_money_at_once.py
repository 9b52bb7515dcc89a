"""Two at the same moment on the money of one line: nothing is taken back twice, and nothing is lost between them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from lingqu.credit.actions import NewReceipt, apply_unapplied, enter_receipt, reverse_receipt
from lingqu.credit.tests.purse import Purse
from lingqu.credit.tests.test_proposals_at_once import at_once
from lingqu.operate.verify import run_checks
from tests.world import World, build_world


def reversing(purse: Purse, receipt: int) -> Callable[[], object]:
    world = purse.world
    regulation, by, at = world.regulation, world.who("finance"), world.at
    return lambda: reverse_receipt(receipt, reason="退票", on=at.date(), regulation=regulation, by=by, at=at)


def paying(world: World, key: str, amount: str) -> Callable[[], object]:
    regulation, by, at, line = world.regulation, world.who("finance"), world.at, world.lines["agent"].pk
    new = NewReceipt(line, key, Decimal(amount), at.date())
    return lambda: enter_receipt(new, regulation=regulation, by=by, at=at)


def wrong() -> list[str]:
    """The checks of money that fail; batches here have no requests."""
    return [check["key"] for check in run_checks() if check["wrong"] and check["key"] not in {"batches", "facts"}]


def test_one_of_many_takes_a_receipt_back(race_database: str) -> None:
    purse = Purse(build_world())
    for net in ("100.00", "200.00"):
        purse.open(net)
    receipt = purse.receive("250.00")
    assert at_once([reversing(purse, receipt.pk) for _ in range(8)]) == {"done": 1, "wrong_state": 7}
    assert (purse.used, purse.waits, purse.standing.open_count) == ("300.00", "0.00", 2)
    assert wrong() == []


def test_money_comes_and_goes_at_once(race_database: str) -> None:
    purse = Purse(build_world())
    purse.open("500.00")
    receipts = [purse.receive("60.00") for _ in range(4)]
    deeds = [reversing(purse, one.pk) for one in receipts] + [paying(purse.world, f"once-{n}", "50.00") for n in range(4)]
    assert at_once(deeds) == {"done": 8}
    assert (purse.used, purse.state(), purse.waits) == ("300.00", {1: ("300.00", False)}, "0.00")
    assert wrong() == []


def test_what_waits_is_used_once(race_database: str) -> None:
    purse = Purse(build_world())
    purse.open("100.00")
    purse.receive("100.00")
    purse.open("70.00")
    purse.credit(1, "40.00")
    world, place, line = purse.world, purse.batch(2).pk, purse.line.pk
    regulation, by, at = world.regulation, world.who("finance"), world.at
    deeds: list[Callable[[], object]] = [
        lambda: apply_unapplied(line, {place: Decimal("40.00")}, regulation=regulation, by=by, at=at) for _ in range(5)
    ]
    assert at_once(deeds) == {"done": 1, "bad_input": 4}
    assert (purse.waits, purse.state()[2], purse.used) == ("0.00", ("30.00", False), "30.00")
    assert wrong() == []
