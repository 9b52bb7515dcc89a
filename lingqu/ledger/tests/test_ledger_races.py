"""Many at one moment: lines that share a limit accept exactly what fits, nobody waits for ever, and money bounces once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import OperationalError, connections, transaction

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.ledger.actions import join_group, leave_group, lock_accounts, open_account, post
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Entry, Standing
from lingqu.ledger.states import GROUP_KIND, Phase
from lingqu.ledger.tests.till import Till
from tests.databases import as_owner
from tests.world import World, build_world

CLIENTS = 64
FITS = 17
WOULD_NOT_FIT = Refusal("would_not_fit", Text("放不下。", "It would not fit."))


def at_once(deeds: list[Callable[[], object]]) -> Counter[str]:
    """Do all deeds at the same moment, each in its own transaction; count `done`, the codes of refusals, and `deadlock`."""
    start = threading.Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> str:
        try:
            start.wait(60)
            with transaction.atomic():
                deed()
        except Refusal as refusal:
            return refusal.code
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(one, deeds))


class Shared:
    """Two lines with room for everybody, in a group with room for seventeen postings of 10.00; one account more on either side."""

    def __init__(self, world: World) -> None:
        self.world = world
        with transaction.atomic():
            before = open_account(GROUP_KIND, holder=world.hq.pk, item=1, unit="CNY", limit=Decimal(10 * FITS))
            self.north = Till(world, "10000.00", None, kind="north")
            self.south = Till(world, "10000.00", None, kind="south")
            after = open_account(GROUP_KIND, holder=world.hq.pk, item=2, unit="CNY", limit=Decimal(10 * FITS))
            self.group, self.spare = before, after
            self.north.join(self.group)
            self.south.join(self.group)

    def standing(self, account: int) -> Standing:
        return standings([account])[account]

    def spend(self, number: int, *, judged: bool) -> Callable[[], object]:
        """Return a deed that holds 10.00 on one of the two lines; `judged` ones lock first and hold back where it does not fit."""
        till = (self.north, self.south)[number % 2]

        def deed() -> None:
            if judged and min(one.free for one in lock_accounts([till.line]).values()) < 10:
                raise WOULD_NOT_FIT
            till.post(till.out("10.00", phase=Phase.HOLD, document=number))

        return deed


def cripple(database: str, function: str, *changes: tuple[str, str]) -> None:
    """Seed a defect into a function of the ledger."""
    with as_owner(database) as owner:
        (source,) = owner.execute("SELECT pg_get_functiondef(%s::regproc)", (function,)).fetchone()
        for before, after in changes:
            assert before in source
            source = source.replace(before, after)
        owner.execute(source)


@pytest.mark.parametrize("judged", [True, False], ids=["locked first", "posted only"])
def test_two_lines_of_one_group_accept_exactly_what_fits(race_database: str, judged: bool) -> None:
    shared = Shared(build_world())
    outcomes = at_once([shared.spend(number, judged=judged) for number in range(CLIENTS)])
    assert outcomes == {"done": FITS, "would_not_fit" if judged else "limit_exceeded": CLIENTS - FITS}
    north, south = shared.standing(shared.north.line), shared.standing(shared.south.line)
    assert shared.standing(shared.group).held == north.held + south.held == Decimal(10 * FITS)


def test_negative_control_a_group_that_nobody_locks_or_counts_is_overdrawn(race_database: str) -> None:
    shared = Shared(build_world())
    cripple(race_database, "ledger_post", ("IF groups IS NOT NULL", "IF false"))
    outcomes = at_once([shared.spend(number, judged=False) for number in range(CLIENTS)])
    assert outcomes == {"done": CLIENTS}
    assert shared.standing(shared.group).held == 0


def test_negative_control_without_the_condition_posting_alone_overdraws_the_group(race_database: str) -> None:
    shared = Shared(build_world())
    cripple(race_database, "ledger_post", ("(c.used + c.held <= 0", "(true"))
    outcomes = at_once([shared.spend(number, judged=False) for number in range(CLIENTS)])
    assert (outcomes, shared.standing(shared.group).held) == ({"done": CLIENTS}, Decimal(10 * CLIENTS))


def test_without_the_condition_the_locks_alone_hold_the_group(race_database: str) -> None:
    shared = Shared(build_world())
    cripple(race_database, "ledger_post", ("(c.used + c.held <= 0", "(true"))
    outcomes = at_once([shared.spend(number, judged=True) for number in range(CLIENTS)])
    assert outcomes == {"done": FITS, "would_not_fit": CLIENTS - FITS}


def test_members_come_and_go_while_money_moves(race_database: str) -> None:
    shared = Shared(build_world())
    with transaction.atomic():
        shared.north.limit(shared.group, "100000.00")
        shared.north.limit(shared.spare, "100000.00")
    day, at = shared.world.at.date(), shared.world.at

    def move(number: int) -> Callable[[], object]:
        till = (shared.north, shared.south)[number % 4 // 2]

        def deed() -> None:
            here = lock_accounts([till.line, shared.group, shared.spare])[till.line].group
            leave_group(till.line, on=day, at=at)
            join_group(till.line, shared.spare if here == shared.group else shared.group, on=day, at=at)

        return deed

    deeds = [move(number) if number % 2 else shared.spend(number // 2, judged=number % 3 == 0) for number in range(CLIENTS)]
    assert at_once(deeds) == {"done": CLIENTS}
    lines = [shared.standing(till.line) for till in (shared.north, shared.south)]
    for group in (shared.group, shared.spare):
        assert shared.standing(group).held == sum(line.held for line in lines if line.group == group)


def crossing(shared: Shared, number: int) -> Callable[[], object]:
    """Return a deed that posts on both lines in an order of its own, having locked them or not, the group named or not."""
    chance = random.Random(number)
    tills = [shared.north, shared.south]
    chance.shuffle(tills)

    def deed() -> None:
        asked = [till.line for till in tills] + [shared.group] * (number % 3)
        if number % 2:
            lock_accounts(asked)
        entries = [Entry(till.line, till.other, Decimal("0.01"), ("test", number), "test") for till in tills]
        post(entries, on=shared.world.at.date(), at=shared.world.at)

    return deed


def test_two_members_in_both_orders_never_wait_for_each_other(race_database: str) -> None:
    shared = Shared(build_world())
    for _ in range(8):
        assert at_once([crossing(shared, number) for number in range(CLIENTS)]) == {"done": CLIENTS}
    assert shared.standing(shared.group).used == Decimal("0.01") * 2 * 8 * CLIENTS


def test_negative_control_in_no_order_they_wait_for_each_other(race_database: str) -> None:
    shared = Shared(build_world())
    cripple(race_database, "ledger_lock", ("AND NOT is_group ORDER BY account_id", "AND NOT is_group ORDER BY random()"))
    for _ in range(40):
        if at_once([crossing(shared, number) for number in range(1, CLIENTS // 2, 2)])["deadlock"]:
            return
    pytest.fail("locks taken in no order never met: the trial sees nothing")


@pytest.mark.parametrize("locked", [True, False], ids=["locked first", "posted only"])
def test_the_same_money_bounces_once(race_database: str, locked: bool) -> None:
    shared = Shared(build_world())
    till = shared.north
    with transaction.atomic():
        (receipt,) = till.post(till.back("100.00"))

    def bounce() -> None:
        if locked:
            lock_accounts([till.line])
        till.post(till.taken_back("15.00", receipt))

    assert at_once([bounce] * CLIENTS) == {"done": 6, "reversed_already": CLIENTS - 6}
    assert till.standing().used == shared.standing(shared.group).used == Decimal("-10.00")


def test_money_between_two_accounts_without_a_limit_bounces_once(race_database: str) -> None:
    shared = Shared(build_world())
    day, at = shared.world.at.date(), shared.world.at
    cash, bank = shared.north.other, shared.south.other
    with transaction.atomic():
        (paid,) = post([Entry(cash, bank, Decimal("100.00"), ("test", 1), "test")], on=day, at=at)
    back = Entry(bank, cash, Decimal("15.00"), ("test", 2), "test", Phase.REVERSE, 0, paid)
    assert at_once([lambda: post([back], on=day, at=at)] * CLIENTS) == {"done": 6, "reversed_already": CLIENTS - 6}


def test_negative_control_without_the_lock_on_the_posting_it_bounces_too_often(race_database: str) -> None:
    shared = Shared(build_world())
    day, at = shared.world.at.date(), shared.world.at
    cash, bank = shared.north.other, shared.south.other
    cripple(race_database, "ledger_post", ("ORDER BY id FOR NO KEY UPDATE", "ORDER BY id"))
    with transaction.atomic():
        (paid,) = post([Entry(cash, bank, Decimal("100.00"), ("test", 1), "test")], on=day, at=at)
    back = Entry(bank, cash, Decimal("15.00"), ("test", 2), "test", Phase.REVERSE, 0, paid)
    together = threading.Barrier(CLIENTS)

    def bounce() -> None:
        post([back], on=day, at=at)
        together.wait(60)

    assert at_once([bounce] * CLIENTS) == {"done": CLIENTS}
