"""64 clients on one credit line, through the action and through the page at once: accepted is exactly what fits, in money and in batches.

Two guards stand there: decisions are made on locked rows, and the ledger's update is conditional. Each alone suffices; the negative
controls take away both, and the line is overdrawn.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal
from lingqu.ledger.actions import set_limit
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Standing
from lingqu.orders.actions import submit_orders
from lingqu.orders.models import Order
from lingqu.orders.states import OrderState
from lingqu.organisation.actions import give_sign_in
from tests.databases import as_owner
from tests.world import World, build_world

CLIENTS = 64
REQUEST_NET = Decimal("624.00")
"""10 × 96.00 × 65 %."""


def line_of(world: World) -> Standing:
    account = world.lines["agent"].account_id
    return standings([account])[account]


def limit_line(world: World, *, limit: Decimal, batches: int) -> None:
    with transaction.atomic():
        set_limit(
            world.lines["agent"].account_id, limit=limit, count_limit=batches, document=("test", 1), on=china_day(world.at), at=world.at
        )


def run_race(world: World, *, pages: bool = True) -> Counter[str]:
    """Let 64 clients submit one request each at the same moment, half of them through the page; return the outcomes."""
    start = threading.Barrier(CLIENTS)
    regulation, owner = world.regulation, world.who("agent_owner")
    account = give_sign_in(world.people["agent_owner"], "owner", "a-long-password", at=world.at, by=None)
    asked = [world.ask("agent", {0: 10}) for _ in range(CLIENTS)]

    def through_action(number: int) -> str:
        (outcome,) = submit_orders([asked[number]], regulation=regulation, by=owner, at=world.at)
        assert outcome.state
        return outcome.state.value

    def through_page(number: int) -> str:
        browser = Client()
        browser.force_login(account)
        form = {"key": asked[number].key, "shortage": "back_order", f"copies-{world.products[0].pk}": "10"}
        answer = browser.post(reverse("order_new"), form)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return Order.objects.get(key=asked[number].key).state

    def one(number: int) -> str:
        try:
            start.wait(60)
            return (through_page if pages and number % 2 else through_action)(number)
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return Counter(pool.map(one, range(CLIENTS)))


def cripple(database: str, *, lock: bool = False, money: bool = False, batches: bool = False) -> None:
    """Take guards away: the row locks, the condition on money, the condition on open batches."""
    with as_owner(database) as owner:
        if lock:
            (source,) = owner.execute("SELECT pg_get_functiondef('ledger_lock'::regproc)").fetchone()
            assert "FOR UPDATE" in source
            owner.execute(source.replace("FOR UPDATE", ""))
        (source,) = owner.execute("SELECT pg_get_functiondef('ledger_post'::regproc)").fetchone()
        for wanted, condition in ((money, "(c.used + c.held <= 0"), (batches, "c.opened + c.held_count <= 0")):
            assert source.count(condition) == 1
            source = source.replace(condition, condition.replace("c.", "0 * c.")) if wanted else source
        owner.execute(source)


def test_exactly_the_money_that_fits_is_held(race_database: str) -> None:
    world = build_world()
    limit_line(world, limit=REQUEST_NET * 17, batches=1_000)
    assert run_race(world) == {OrderState.HELD: 17, OrderState.REVIEW: CLIENTS - 17}
    assert line_of(world).held == REQUEST_NET * 17


def test_exactly_the_batches_that_fit_are_held(race_database: str) -> None:
    world = build_world()
    limit_line(world, limit=Decimal(300_000), batches=5)
    assert run_race(world) == {OrderState.HELD: 5, OrderState.REVIEW: CLIENTS - 5}
    assert (line_of(world).held, line_of(world).held_count) == (REQUEST_NET * 5, 5)


def test_without_the_locks_the_ledger_alone_holds_the_limit(race_database: str) -> None:
    world = build_world()
    limit_line(world, limit=REQUEST_NET * 17, batches=9)
    cripple(race_database, lock=True)
    outcomes = run_race(world, pages=False)
    assert outcomes[OrderState.HELD] <= 9
    assert line_of(world).held == REQUEST_NET * outcomes[OrderState.HELD]


def test_without_the_condition_the_locks_alone_hold_the_limit(race_database: str) -> None:
    world = build_world()
    limit_line(world, limit=REQUEST_NET * 17, batches=9)
    cripple(race_database, money=True, batches=True)
    assert run_race(world, pages=False) == {OrderState.HELD: 9, OrderState.REVIEW: CLIENTS - 9}


@pytest.mark.parametrize("guard", ["money", "batches"])
def test_negative_control_without_both_guards_the_line_is_overdrawn(race_database: str, guard: str) -> None:
    world = build_world()
    limit_line(world, limit=REQUEST_NET * (4 if guard == "money" else 1_000), batches=1_000 if guard == "money" else 4)
    cripple(race_database, lock=True, money=guard == "money", batches=guard == "batches")
    outcomes = run_race(world, pages=False)
    assert outcomes[OrderState.HELD] > 4
    line = line_of(world)
    assert (line.held if guard == "money" else line.held_count) > (REQUEST_NET * 4 if guard == "money" else 4)
