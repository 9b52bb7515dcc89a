"""Many at the same moment: a time is reported once, and a report that is answered says what was answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lingqu.audit.models import Fact
from lingqu.reports.actions import answer_report, change_report, make_report
from lingqu.reports.models import PartnerReport
from lingqu.reports.rules import NewReport
from lingqu.reports.tests.things import reported, told
from tests.promises.test_two_at_once import at_once
from tests.world import build_world

MANY = 8


def test_a_time_is_reported_once_and_answered_once_and_never_changed_behind_the_answer(race_database: str) -> None:
    world = build_world()
    people = [world.who("agent_owner"), world.who("agent_clerk")]
    made: list[Callable[[], object]] = [
        partial(make_report, NewReport(f"key-{number}", "2026-10", told(world)), regulation=world.regulation, by=by, at=world.at)
        for number in range(MANY // 2) for by in people
    ]  # fmt: skip
    assert at_once(made) == {"done": 1, "reported_already": MANY - 1}
    once = partial(make_report, NewReport("once", "2026-09", told(world)), regulation=world.regulation, by=people[0], at=world.at)
    assert at_once([once] * MANY) == {"done": MANY}
    assert PartnerReport.objects.count() == 2
    report = reported(world, "agent", period="2026-08")
    answer = partial(answer_report, report.pk, "先消化库存", by=world.who("manager"), at=world.at)
    change = partial(change_report, report.pk, told(world, sold=41), regulation=world.regulation, by=people[1], at=world.at)
    at_once([answer, change] * (MANY // 2))
    verbs = list(Fact.objects.filter(subject="partner_report", subject_id=report.pk).order_by("id").values_list("verb", flat=True))
    assert (verbs.count("answer"), verbs[-1]) == (1, "answer")
    assert PartnerReport.objects.get(pk=report.pk).state == "answered"
