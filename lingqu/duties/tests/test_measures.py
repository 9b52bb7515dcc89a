"""What others judge and show by: punctuality, the evidence of a rule, counts for the menu."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lingqu.duties.actions import NewPaper, hand_in, void_duty
from lingqu.duties.queries import inbox_counts, next_duties, on_time_rate
from lingqu.duties.tests.rules import duty_of, make
from tests.pages import counted
from tests.world import World

JULY = date(2026, 7, 1)
SINCE, UNTIL = date(2026, 8, 1), date(2026, 12, 31)


@pytest.fixture
def owed(world: World) -> World:
    """The story with what is owed since July; the agent handed in October late and November in time, September is void."""
    make(world, world.at.date(), since=JULY)
    for month in (10, 11):
        report = NewPaper("monthly_report", f"{month} 月", "全")
        hand_in([duty_of(world, "agent", start=date(2026, month, 1)).pk], report, by=world.who("agent_owner"), at=world.at)
    void_duty(duty_of(world, "agent", start=date(2026, 9, 1)).pk, "停业", by=world.who("director"), at=world.at)
    return world


def test_how_punctual_a_firm_was(owed: World) -> None:
    today = owed.at.date()
    agent = on_time_rate(owed.firms["agent"].pk, since=SINCE, until=UNTIL, on=today)
    assert (agent.in_time, agent.done_late, agent.open_late) == (1, 1, 2)
    assert agent.rate == Decimal(1) / 4
    assert on_time_rate(owed.firms["agent"].pk, since=today, until=date(2026, 12, 8), on=today).rate == 1
    assert on_time_rate(owed.firms["retailer"].pk, since=SINCE, until=UNTIL, on=today).rate is None


def test_nothing_is_late_ahead_of_its_time(owed: World) -> None:
    """The report of November is due on 7 December: in a year that is still running it counts neither way before the 8th."""
    firm, year = owed.firms["other_agent"].pk, {"since": date(2026, 12, 1), "until": date(2027, 1, 1)}
    days = (date(2026, 11, 23), date(2026, 12, 7), date(2026, 12, 8), date(2027, 3, 1))
    assert [on_time_rate(firm, **year, on=day).open_late for day in days] == [0, 0, 1, 1]
    assert on_time_rate(firm, **year, on=days[1]).percent is None


def test_what_waits_for_whom(owed: World) -> None:
    today = owed.at.date()
    other = inbox_counts(owed.who("other_agent_owner"), on=today)
    assert (other.open, other.soon, other.late) == (6, 4, 4)  # five reports and the analysis
    assert inbox_counts(owed.who("agent_clerk"), on=today).open == 0
    assert [duty.period_start for duty in next_duties(owed.who("other_agent_owner"), on=today, limit=2)] == [JULY, date(2026, 8, 1)]


def test_a_representative_has_the_visits_of_their_agents(representatives: World) -> None:
    make(representatives, representatives.at.date())
    counts = inbox_counts(representatives.who("representative"), on=representatives.at.date())
    assert (counts.open, counts.late) == (2, 0)


def test_the_count_of_the_menu_is_cheap(owed: World) -> None:
    who, today = owed.who("other_agent_owner"), owed.at.date()
    with counted() as sent:
        inbox_counts(who, on=today)
    assert len(sent) <= 3
