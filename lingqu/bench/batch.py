"""The loads inside Django: requests by the hundred through the action, and pure decisions."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import cycle
from typing import TYPE_CHECKING, Final

from lingqu.bench.crew import Load, Work
from lingqu.bench.limit import LINES, MOST_COPIES
from lingqu.bench.publisher import VALID, Publisher, new_key, read_publisher
from lingqu.config.home import current_home

if TYPE_CHECKING:
    from lingqu.orders.actions import Asked
    from lingqu.orders.rules import RequestFacts

CHUNK: Final = 100
DIFFERENT_FACTS: Final = 1_000
ONE_FAILS_IN: Final = 20
BETWEEN_LOOKS: Final = 200


def load_django() -> None:
    """Load Django in this process."""
    import django

    django.setup()


def make_batch_load(number: int) -> Load:
    """Return the load of one process: a hundred random requests of ten lines at a time, each with an answer of its own."""
    load_django()
    from lingqu.base.clock import now, today
    from lingqu.orders.actions import submit_orders
    from lingqu.orders.states import OrderState
    from lingqu.organisation.models import Person
    from lingqu.organisation.queries import acting
    from lingqu.policy.queries import regulation_in_force

    publisher = read_publisher(current_home())
    chance = random.Random(1_000 + number)  # noqa: S311 - a load, no secret
    person = Person.objects.select_related("firm").get(pk=publisher.people[number])

    def load(until: float) -> Work:
        work = Work()
        while time.monotonic() < until:
            asked = [random_request(publisher, chance) for _ in range(CHUNK)]
            begun = time.monotonic()
            day = today()
            outcomes = submit_orders(asked, regulation=regulation_in_force(on=day), by=acting(person, on=day), at=now())
            work.waits.append((time.monotonic() - begun) * 1000)
            work.done += len(outcomes)
            work.wrong += [str(one.refusal or one.state) for one in outcomes if one.state is not OrderState.HELD]
        return work

    return load


def random_request(publisher: Publisher, chance: random.Random) -> Asked:
    """Return a request of a random partner for ten random products."""
    from lingqu.orders.actions import Asked, AskedLine

    partner, products, copies = publisher.wish(chance)
    lines = tuple(AskedLine(product, many) for product, many in zip(products, copies, strict=True))
    return Asked(new_key(), publisher.seller, publisher.partners[partner], lines)


def make_decision_load(number: int) -> Load:
    """Return the load of one process: pricing and all laws, over a thousand different requests; one in twenty fails."""
    load_django()
    from lingqu.base.clock import today
    from lingqu.orders.rules import decide
    from lingqu.policy.queries import regulation_in_force

    regulation = regulation_in_force(on=today())
    facts = cycle(list(_different_facts(random.Random(2_000 + number))))  # noqa: S311 - a load, no secret

    def load(until: float) -> Work:
        work = Work()
        while time.monotonic() < until:
            for _ in range(BETWEEN_LOOKS):
                decide(next(facts), regulation)
            work.done += BETWEEN_LOOKS
        return work

    return load


def _different_facts(chance: random.Random) -> Iterator[RequestFacts]:
    from lingqu.credit.rules import CreditFacts, OpenBatch
    from lingqu.orders.rules import LineFacts, RequestFacts
    from lingqu.partners.rules import Papers

    on = date(2026, 11, 23)
    for number in range(DIFFERENT_FACTS):
        used = Decimal(chance.randrange(10_000_00)) / 100
        batch = OpenBatch(number, 1, "JH-2026-0001", date(2026, 10, 12), used, date(2026, 12, 1))
        limit = Decimal(10) if number % ONE_FAILS_IN == 0 else Decimal(300_000)
        credit = CreditFacts("AB"[number % 2], limit, used, Decimal(0), 2, 1, 0, (batch,))
        lines = tuple(
            LineFacts(place, f"LJ26-{place:04}", "D1", Decimal(chance.randrange(10_0000, 99_0000)) / 10_000,
                      chance.randint(1, MOST_COPIES), 1_000)
            for place in range(LINES)
        )  # fmt: skip
        papers = Papers(VALID, VALID, VALID)
        yield RequestFacts(
            on, "agent", papers, ("37", "32"), (), "370112", keeps_stock=True, drop_shortage=False, credit=credit, lines=lines
        )
