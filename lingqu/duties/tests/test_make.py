"""Duties are made when their period begins, caught up after downtime, never doubled, and voided when the firm leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections, transaction

from lingqu.audit.models import Fact
from lingqu.base.text import Text
from lingqu.duties.models import Duty, RuleStart
from lingqu.duties.states import Rhythm
from lingqu.duties.tests.rules import APPRAISAL, HALF, MONTHLY, RULES, VISIT, changed, duty_of, make
from lingqu.organisation.actions import open_firm
from lingqu.organisation.models import Firm
from lingqu.organisation.states import FirmKind
from tests.world import World, build_world

NOVEMBER = date(2026, 11, 23)
JULY = date(2026, 7, 1)
AGENTS, PARTNERS = 3, 4


def counted() -> dict[str, int]:
    return dict(Counter(Duty.objects.values_list("rule", flat=True)))


def leave(world: World, name: str, last: date) -> None:
    """Let a firm leave the channel on a day."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisation_firm SET valid = daterange(lower(valid), %s) WHERE id = %s", (last, world.firms[name].pk))


def test_each_rule_makes_what_it_names_in_the_running_period(world: World) -> None:
    assert make(world, NOVEMBER) == AGENTS + PARTNERS + AGENTS + 1
    assert counted() == {"monthly_report": AGENTS, "demand_analysis": PARTNERS, "quarterly_visit": AGENTS, "appraisal": 1}
    report = duty_of(world, "agent", MONTHLY, date(2026, 11, 1))
    assert (report.owed_by_id, report.issuer_id, report.title_zh) == (world.firms["agent"].pk, world.hq.pk, "月度销售库存报表")
    assert (report.due_on, report.due_before_moving, report.late_from) == (date(2026, 12, 7), date(2026, 12, 5), date(2026, 12, 8))
    assert report.escalate_on == date(2026, 12, 9)
    visit = duty_of(world, "agent", VISIT)
    assert (visit.owed_by_id, visit.due_on) == (world.hq.pk, date(2026, 12, 31))
    assert duty_of(world, "hq", APPRAISAL, date(2026, 1, 1)).due_on == date(2026, 12, 31)
    half = duty_of(world, "retailer", HALF, JULY)
    assert (half.due_on, half.late_from) == (date(2027, 1, 15), date(2027, 1, 19))


def test_a_second_run_makes_nothing(world: World) -> None:
    make(world, NOVEMBER)
    before = Fact.objects.count()
    assert make(world, NOVEMBER) == 0
    assert Fact.objects.count() == before


def test_the_database_itself_refuses_a_second_one(world: World) -> None:
    make(world, NOVEMBER)
    again = duty_of(world, "agent", MONTHLY, date(2026, 11, 1))
    again.pk = None
    with pytest.raises(IntegrityError, match="duty_once"), transaction.atomic():
        again.save(force_insert=True)


def test_a_period_that_has_not_begun_is_not_made(world: World) -> None:
    make(world, date(2026, 11, 30), [MONTHLY])
    assert not Duty.objects.filter(period_start__gt=date(2026, 11, 30)).exists()
    assert make(world, date(2026, 12, 1), [MONTHLY]) == AGENTS


def test_three_months_of_downtime_are_caught_up(world: World) -> None:
    make(world, date(2026, 8, 20), [MONTHLY])
    assert make(world, NOVEMBER, [MONTHLY]) == 3 * AGENTS
    starts = Duty.objects.filter(firm=world.firms["agent"]).order_by("period_start").values_list("period_start", "due_on")
    assert list(starts) == [
        (date(2026, 8, 1), date(2026, 9, 7)),  # 5 September is a Saturday
        (date(2026, 9, 1), date(2026, 10, 8)),  # National Day
        (date(2026, 10, 1), date(2026, 11, 5)),
        (date(2026, 11, 1), date(2026, 12, 7)),
    ]
    assert Duty.objects.filter(late_from__lte=NOVEMBER).count() == 3 * AGENTS


def test_a_rule_may_begin_before_it_is_first_seen(world: World) -> None:
    assert make(world, NOVEMBER, [MONTHLY], since=JULY) == 5 * AGENTS
    assert make(world, NOVEMBER, [MONTHLY], since=date(2026, 1, 1)) == 0  # since when it holds is remembered


def test_nothing_is_made_from_more_than_four_hundred_days_ago(world: World) -> None:
    Firm.objects.update(valid=(date(2020, 1, 1), None))
    make(world, NOVEMBER, [MONTHLY], since=date(2020, 1, 1))
    first = Duty.objects.order_by("period_start").values_list("period_start", flat=True).first()
    assert first == date(2025, 10, 1)


def test_a_firm_owes_from_the_period_in_which_it_came(world: World) -> None:
    make(world, date(2026, 9, 10), [MONTHLY])
    firm = open_firm(
        "新代理", code="new", kind=FirmKind.AGENT, parent=world.hq, since=date(2026, 10, 20), levels=4, at=world.at, by=None
    )  # fmt: skip
    make(world, NOVEMBER, [MONTHLY])
    starts = Duty.objects.filter(firm=firm).order_by("period_start").values_list("period_start", flat=True)
    assert list(starts) == [date(2026, 10, 1), date(2026, 11, 1)]


def test_what_a_firm_owes_is_void_when_it_has_left(world: World) -> None:
    make(world, NOVEMBER)
    leave(world, "agent", NOVEMBER)
    make(world, NOVEMBER)
    of_agent = Duty.objects.filter(firm=world.firms["agent"])
    assert set(of_agent.values_list("state", "void_reason")) == {("void", "firm_left")}
    assert Fact.objects.filter(verb="void", subject="duty").count() == of_agent.count()
    assert set(Duty.objects.exclude(firm=world.firms["agent"]).values_list("state", flat=True)) == {"open"}
    assert make(world, date(2026, 12, 1), [MONTHLY]) == AGENTS - 1


def test_a_firm_that_leaves_later_still_owes(world: World) -> None:
    make(world, NOVEMBER)
    leave(world, "agent", date(2026, 11, 24))
    make(world, NOVEMBER)
    assert duty_of(world, "agent", MONTHLY, date(2026, 11, 1)).state == "open"


def test_what_has_not_begun_follows_the_new_rule(world: World) -> None:
    make(world, date(2026, 12, 1), [MONTHLY])
    ahead = Duty.objects.filter(period_start=date(2026, 12, 1))
    new = changed(MONTHLY, due_days=10, title=Text("新报表", "New report"))
    make(world, NOVEMBER, [new])
    assert set(ahead.values_list("title_zh", "due_on", "late_from")) == {("新报表", date(2027, 1, 11), date(2027, 1, 12))}


def test_begun_duties_keep_their_day_when_the_rule_changes(world: World) -> None:
    make(world, NOVEMBER, [MONTHLY])
    make(world, NOVEMBER, [changed(MONTHLY, due_days=20)])
    assert set(Duty.objects.values_list("due_on", flat=True)) == {date(2026, 12, 7)}


def test_of_a_rule_that_is_gone_only_what_has_not_begun_is_void(world: World) -> None:
    make(world, date(2026, 12, 1), [MONTHLY, APPRAISAL], since=NOVEMBER)
    make(world, NOVEMBER, [APPRAISAL])
    states = Duty.objects.filter(rule="monthly_report").values_list("period_start", "state", "void_reason")
    assert set(states) == {(date(2026, 11, 1), "open", ""), (date(2026, 12, 1), "void", "rule_gone")}
    assert list(RuleStart.objects.values_list("rule", flat=True)) == ["appraisal"]


def test_a_rule_that_comes_back_begins_anew(world: World) -> None:
    make(world, date(2026, 8, 3), [MONTHLY])
    make(world, date(2026, 9, 3), [])
    assert make(world, NOVEMBER, [MONTHLY]) == AGENTS


def test_another_rhythm_begins_on_its_day(world: World) -> None:
    make(world, date(2026, 10, 3), [MONTHLY])
    assert make(world, NOVEMBER, [changed(MONTHLY, rhythm=Rhythm.QUARTERLY)]) == AGENTS
    ends = Duty.objects.filter(firm=world.firms["agent"]).order_by("period_end").values_list("period_start", "period_end")
    assert list(ends) == [(date(2026, 10, 1), date(2026, 11, 1)), (date(2026, 10, 1), date(2027, 1, 1))]


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """Do all deeds at the same moment, each on its own connection."""
    start = Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> object:
        try:
            start.wait(60)
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def test_two_workers_at_once_make_each_duty_once(race_database: str) -> None:
    world = build_world()
    made = at_once([lambda: make(world, NOVEMBER, RULES, since=JULY)] * 4)
    whole = 5 * AGENTS + PARTNERS + 2 * AGENTS + 1
    assert sorted(made) == [0, 0, 0, whole]  # type: ignore[type-var]
    assert Duty.objects.count() == whole
