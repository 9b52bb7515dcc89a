"""The table of grades changes with a version: lines that go by it follow, lines that were decided for one partner stay."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec

from lingqu.credit.actions import follow_table, lower_limit
from lingqu.credit.queries import lines_off_the_table
from lingqu.ledger.queries import standings
from lingqu.policy.rules import Regulation
from tests.world import World


def limit_of(world: World, name: str) -> tuple[Decimal, int | None]:
    account = world.lines[name].account_id
    standing = standings([account])[account]
    return standing.limit, standing.count_limit


def with_limit(world: World, grade: str, limit: str, batches: int = 2) -> Regulation:
    regulation = world.regulation
    changed = msgspec.structs.replace(regulation.parameters.grades[grade], limit=Decimal(limit), max_open_batches=batches)
    parameters = msgspec.structs.replace(regulation.parameters, grades=regulation.parameters.grades | {grade: changed})
    return msgspec.structs.replace(regulation, parameters=parameters, number=regulation.number + 1)


def test_lines_of_the_grade_follow_once(world: World) -> None:
    regulation = with_limit(world, "A", "320000.00", 3)
    assert follow_table(regulation=regulation, at=world.at).lines == 1
    assert (limit_of(world, "agent"), limit_of(world, "other_agent")) == ((Decimal("320000.00"), 3), (Decimal("200000.00"), 2))
    assert (follow_table(regulation=regulation, at=world.at).lines, lines_off_the_table(regulation)) == (0, [])


def test_a_limit_decided_for_one_partner_stays(world: World) -> None:
    lower_limit(
        world.lines["agent"].pk, limit=Decimal("100000.00"), reason="季节性收紧", regulation=world.regulation, by=world.who("finance"),
        at=world.at,
    )  # fmt: skip
    assert follow_table(regulation=with_limit(world, "A", "320000.00"), at=world.at + timedelta(days=1)).lines == 0
    assert limit_of(world, "agent")[0] == Decimal("100000.00")


def test_nothing_happens_under_the_version_that_set_them(world: World) -> None:
    assert lines_off_the_table(world.regulation) == []
