"""Two at the same moment: one proposal a line, one answer a step, and a lowering never loses to a raise that it did not see."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from django.db import connections

from lingqu.approvals.actions import Answer, decide_step
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import lower_limit, propose_credit_change, withdraw_proposal
from lingqu.credit.models import CreditProposal
from lingqu.credit.rules import NewProposal
from lingqu.credit.states import ProposalKind
from lingqu.credit.tests.stories import Walk, limit_of, propose
from tests.world import World, build_world

ROUNDS = 4


def at_once(deeds: list[Callable[[], object]]) -> Counter[str]:
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


def proposing(world: World, who: str, limit: str) -> Callable[[], object]:
    line, regulation, by, at = world.lines["agent"].pk, world.regulation, world.who(who), world.at
    new = NewProposal(ProposalKind.LIMIT, "旺季备货", Decimal(limit))
    return lambda: propose_credit_change(line, new, regulation=regulation, by=by, at=at)


def test_many_propose_for_one_line(race_database: str) -> None:
    world = build_world()
    deeds = [proposing(world, who, "310000.00") for who in ("representative", "manager", "finance") for _ in range(3)]
    assert at_once(deeds) == {"done": 1, "proposal_open": 8}
    assert CreditProposal.objects.count() == 1


def signing(walk: Walk, who: str) -> Callable[[], object]:
    answer, by, at, approval = Answer(walk.step.pk, "approve"), walk.world.who(who), walk.world.at, walk.approval
    return lambda: decide_step(approval, answer, by=by, at=at)


def lowering(world: World, who: str, limit: Decimal) -> Callable[[], object]:
    line, regulation, by, at = world.lines["agent"].pk, world.regulation, world.who(who), world.at
    return lambda: lower_limit(line, limit=limit, reason="逾期", regulation=regulation, by=by, at=at)


def test_the_last_signature_counts_once(race_database: str) -> None:
    world = build_world()
    walk = propose(world, "320000.00")
    walk.say("manager")
    counted = at_once([signing(walk, "finance")] * 6)
    assert (counted["done"], sum(counted.values()), limit_of(world)) == (1, 6, Decimal("320000.00"))


def test_a_lowering_and_the_last_signature_at_the_same_moment(race_database: str) -> None:
    world = build_world()
    for turn in range(ROUNDS):
        start = Decimal(300_000 - turn * 50_000)
        walk = propose(world, str(start + 20_000))
        walk.say("manager")
        counted = at_once([signing(walk, "finance"), lowering(world, "director", start - 50_000)])
        assert (counted["done"] >= 1, limit_of(world)) == (True, start - 50_000)
        assert walk.state == ("applied" if counted["done"] == 2 else "void")


def test_a_proposal_and_a_lowering_at_the_same_moment(race_database: str) -> None:
    world = build_world()
    for turn in range(ROUNDS):
        start = Decimal(300_000 - turn * 50_000)
        counted = at_once([proposing(world, "manager", "310000.00"), lowering(world, "director", start - 50_000)])
        made = CreditProposal.objects.filter(approval__isnull=False).last()
        assert made
        assert made.state == "void" or made.limit_before == limit_of(world), counted
        if made.state == "proposed":
            withdraw_proposal(made.pk, reason="", by=world.who("manager"), at=world.at)
        if limit_of(world) == start:
            lowering(world, "director", start - 50_000)()
