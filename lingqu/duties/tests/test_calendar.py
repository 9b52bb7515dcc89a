"""A year's list is imported: who may, what is refused, and the open duties that it moves."""

from __future__ import annotations

from datetime import date

import pytest

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.duties.actions import NewPaper, hand_in, import_calendar
from lingqu.duties.models import CalendarYear, Duty
from lingqu.duties.queries import known_years, working_calendar
from lingqu.duties.rules import read_holidays
from lingqu.duties.tests.rules import HALF, duty_of, make
from lingqu.duties.tests.test_holidays import GOOD
from tests.world import World

SOURCE = "国办发明电〔2026〕7号"


def bring(world: World, days: dict[date, bool], *, by: str = "manager") -> int:
    """Import a list for 2027; return how many duties moved."""
    return import_calendar(2027, days, SOURCE, by=world.who(by), at=world.at)[1]


def test_before_the_import_the_weekday_decides_and_afterwards_the_list(world: World) -> None:
    make(world, world.at.date(), [HALF])
    half = duty_of(world, "agent", HALF, date(2026, 7, 1))
    assert (half.due_on, half.due_before_moving) == (date(2027, 1, 15), None)  # a Friday
    moved = bring(world, {date(2027, 1, 15): False, date(2027, 1, 16): True})
    half.refresh_from_db()
    assert (moved, half.due_on, half.due_before_moving) == (4, date(2027, 1, 16), date(2027, 1, 15))
    assert (half.late_from, half.escalate_on) == (date(2027, 1, 20), date(2027, 1, 21))
    facts = Fact.objects.filter(verb="move", subject="duty", subject_id=half.pk)
    assert [(fact.before, fact.after) for fact in facts] == [({"due_on": "2027-01-15"}, {"due_on": "2027-01-16"})]


def test_a_later_list_moves_back(world: World) -> None:
    make(world, world.at.date(), [HALF])
    bring(world, {date(2027, 1, 15): False})
    half = duty_of(world, "agent", HALF, date(2026, 7, 1))
    assert half.due_on == date(2027, 1, 18)
    bring(world, {date(2027, 1, 1): False})
    half.refresh_from_db()
    assert (half.due_on, half.due_before_moving, half.late_from) == (date(2027, 1, 15), None, date(2027, 1, 19))


def test_what_is_done_does_not_move(world: World) -> None:
    make(world, world.at.date(), [HALF])
    half = duty_of(world, "agent", HALF, date(2026, 7, 1))
    hand_in([half.pk], NewPaper("analysis", "分析", "全"), by=world.who("agent_owner"), at=world.at)
    assert bring(world, {date(2027, 1, 15): False}) == 3
    half.refresh_from_db()
    assert half.due_on == date(2027, 1, 15)


def test_the_same_list_again_changes_nothing(world: World) -> None:
    days = read_holidays(2027, GOOD).days
    bring(world, days)
    bring(world, days)
    assert CalendarYear.objects.count() == 1


def test_the_year_is_known_from_then_on_and_from_whom(world: World) -> None:
    assert not working_calendar().is_published(2027)
    bring(world, read_holidays(2027, GOOD).days)
    assert working_calendar().is_published(2027)
    assert not working_calendar().is_working_day(date(2027, 2, 8))
    assert working_calendar().is_working_day(date(2027, 2, 20))
    year, *others = known_years(2024, 2027)
    assert year.imported is not None
    assert (year.year, year.published, year.brought, year.imported.source) == (2027, True, False, SOURCE)
    assert [(one.year, one.brought, one.imported) for one in others] == [(2026, True, None), (2025, True, None), (2024, True, None)]


@pytest.mark.parametrize("day", [date(2027, 1, 15), date(2027, 1, 18)])
def test_what_is_remembered_is_what_the_list_says_and_not_its_number(world: World, day: date) -> None:
    # As in another database, where the first list has the same number and says something else.
    CalendarYear.objects.create(
        pk=7, year=2027, days={day.isoformat(): False}, source=SOURCE, imported_by=world.people["manager"], imported_at=world.at,
    )  # fmt: skip
    assert not working_calendar().is_working_day(day)
    assert not world.regulation.calendar.is_working_day(day)


@pytest.mark.parametrize("name", ["representative", "warehouse", "agent_owner", "retailer_owner"])
def test_who_may_not_import(world: World, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        bring(world, {date(2027, 1, 1): False}, by=name)
    assert refused.value.code == "forbidden"


@pytest.mark.parametrize("name", ["director", "manager", "finance"])
def test_who_may_import(world: World, name: str) -> None:
    bring(world, {date(2027, 1, 1): False}, by=name)
    assert CalendarYear.objects.get().imported_by_id == world.people[name].pk


@pytest.mark.parametrize("source", ["", " ", "x" * 201, "a\x00"])
def test_a_list_without_a_source_is_refused(world: World, source: str) -> None:
    with pytest.raises(Refusal) as refused:
        import_calendar(2027, {date(2027, 1, 1): False}, source, by=world.who("manager"), at=world.at)
    assert refused.value.field == "source"


def test_what_was_made_with_an_old_calendar_moves_at_the_next_making(world: World) -> None:
    make(world, world.at.date(), [HALF])
    Duty.objects.update(due_on=date(2027, 1, 16))  # as if made while the list came in
    make(world, world.at.date(), [HALF], calendar=working_calendar())
    assert set(Duty.objects.values_list("due_on", "due_before_moving")) == {(date(2027, 1, 18), date(2027, 1, 16))}
