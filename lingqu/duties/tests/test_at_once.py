"""Two at once: one paper wins, the other hears why; what is handed in while it is voided is one or the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from lingqu.base.refusal import Refusal
from lingqu.duties.actions import NewPaper, hand_in, import_calendar, send_reminders, void_duty
from lingqu.duties.models import CalendarYear, Duty, Paper, PaperDuty
from lingqu.duties.tests.rules import MONTHLY, duty_of, make
from lingqu.duties.tests.test_make import at_once
from lingqu.notices.models import Notice
from tests.world import build_world


def told(deed: Callable[[], object]) -> Callable[[], object]:
    """The deed, answering `done` or the code of its refusal."""

    def do() -> object:
        try:
            deed()
        except Refusal as refusal:
            return refusal.code
        return "done"

    return do


def test_many_hand_in_the_same_duty(race_database: str) -> None:
    world = build_world()
    make(world, world.at.date(), [MONTHLY])
    duty = duty_of(world, "agent", start=date(2026, 11, 1)).pk
    by = world.who("agent_owner")
    deeds = [
        told(lambda n=n: hand_in([duty], NewPaper("monthly_report", f"{n}", "全"), by=by, at=world.at))  # type: ignore[misc]
        for n in range(8)
    ]
    assert sorted(at_once(deeds)) == ["done", *["wrong_state"] * 7]  # type: ignore[type-var]
    assert (Paper.objects.count(), PaperDuty.objects.count()) == (1, 1)


def test_the_same_paper_sent_many_times_is_one(race_database: str) -> None:
    world = build_world()
    make(world, world.at.date(), [MONTHLY])
    duty = duty_of(world, "agent", start=date(2026, 11, 1)).pk
    by, new = world.who("agent_owner"), NewPaper("monthly_report", "十一月", "全", key="double-click")
    assert at_once([told(lambda: hand_in([duty], new, by=by, at=world.at))] * 8) == ["done"] * 8
    assert Paper.objects.count() == 1


def test_one_form_sent_for_two_duties_at_once_fulfils_one_and_says_so(race_database: str) -> None:
    world = build_world()
    make(world, world.at.date(), [MONTHLY], since=date(2026, 10, 1))
    duties = [duty_of(world, "agent", start=start).pk for start in (date(2026, 10, 1), date(2026, 11, 1))]
    by, new = world.who("agent_owner"), NewPaper("monthly_report", "月报", "全", key="double-click")
    deeds = [told(lambda duty=duty: hand_in([duty], new, by=by, at=world.at)) for duty in duties]  # type: ignore[misc]
    assert sorted(at_once(deeds)) == ["done", "sent_already"]  # type: ignore[type-var]
    assert Duty.objects.filter(pk__in=duties, state="done").count() == PaperDuty.objects.count() == 1


def test_one_hands_in_while_another_voids(race_database: str) -> None:
    world = build_world()
    make(world, world.at.date(), [MONTHLY])
    duty = duty_of(world, "agent", start=date(2026, 11, 1)).pk
    owner, director, new = world.who("agent_owner"), world.who("director"), NewPaper("monthly_report", "十一月", "全")
    deeds = [told(lambda: hand_in([duty], new, by=owner, at=world.at)), told(lambda: void_duty(duty, "停业", by=director, at=world.at))]
    assert sorted(at_once(deeds)) == ["done", "wrong_state"]  # type: ignore[type-var]
    assert (Duty.objects.get(pk=duty).state == "done") is Paper.objects.exists()


def test_two_workers_remind_once(race_database: str) -> None:
    world = build_world()
    make(world, world.at.date(), [MONTHLY])
    at_once([lambda: send_reminders(on=date(2026, 12, 4), at=world.at)] * 4)
    assert Notice.objects.count() == 3


def test_many_import_the_same_list_and_it_stands_once(race_database: str) -> None:
    world = build_world()
    by, days = world.who("manager"), {date(2028, 1, 3): False}
    at_once([lambda: import_calendar(2028, days, "国办发", by=by, at=world.at)] * 8)
    assert CalendarYear.objects.filter(year=2028).count() == 1
