"""What the tests of bank files share: a file is sent and taken in as a person would, and its lines looked up."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

from django.db import connections

from lingqu.base.refusal import Refusal
from lingqu.documents.rules import NewFile
from lingqu.settlement.actions import TakingIn, keep_upload, take_in
from lingqu.settlement.forms import read_bank_file
from lingqu.settlement.models import BankFile
from lingqu.settlement.queries import book_of, left_of, matches_of, open_lines
from lingqu.settlement.rules import Match
from lingqu.settlement.tests.banks import Moved
from tests.world import World


def at_once(deeds: Sequence[Callable[[], object]]) -> Counter[str]:
    """Do all deeds at the same moment, each on its own connection; count `done` and the codes of refusals."""
    start = threading.Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> str:
        try:
            start.wait(60)
            deed()
        except Refusal as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(one, deeds))


def sent(name: str, content: bytes) -> NewFile:
    return NewFile(name, content)


def take(
    world: World, content: bytes, *, name: str = "流水.csv", profile: str = "工行基本户", despite: bool = False, by: str = "finance"
) -> BankFile:
    """Send a file, look at it, take it in."""
    who = world.who(by)
    upload = keep_upload(sent(name, content), by=who, at=world.at)
    read = read_bank_file(name, content, today=world.at.date())
    return take_in(TakingIn(upload.pk, read, profile, despite), by=who, at=world.at)


def matches(world: World, *, seller: str = "") -> dict[int, Match]:
    """Whose money each open line may be."""
    firm = world.firms[seller] if seller else world.hq
    lines = open_lines(firm.pk)
    tolerance = world.regulation.parameters.overdue_tolerance_days
    book = book_of(firm.pk, lines, on=world.at.date(), tolerance_days=tolerance)
    return matches_of(book, lines, left_of([line.pk for line in lines]))


def bank_day(world: World, many: int) -> list[Moved]:
    """Movements of the last days, most of them in, no two alike."""
    chance = random.Random(many)
    day = world.at.date() - timedelta(days=9)
    found = []
    for place in range(many):
        amount = Decimal(chance.randrange(100, 9_000_000) * 100 + place) / 100
        out = chance.random() < 0.2
        payer = chance.choice(("agent公司", "other_agent公司", "王某某"))
        on = min(day + timedelta(days=place // 4), world.at.date())
        found.append(Moved(on, -amount if out else amount, payer, "37001616608050123456"))
    return found
