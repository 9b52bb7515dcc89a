"""The duty rules of the tests: a monthly report of agents, a half-yearly one, a visit of the representative, an appraisal of HQ itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec

from lingqu.base.calendar import OFFICIAL, WorkingCalendar
from lingqu.base.text import Text
from lingqu.duties.actions import make_duties
from lingqu.duties.models import Duty
from lingqu.duties.rules import DutyRule
from lingqu.duties.states import REPRESENTATIVE_OF, ForEach, OwedBy, Rhythm
from tests.world import World

PDF = b"%PDF-1.7\n" + bytes(20)
"""What stands for a file."""

MONTHLY = DutyRule(
    "monthly_report", Text("月度销售库存报表", "Monthly report of sales and stock"), "M-15.4", Rhythm.MONTHLY, "owner", "manager", 5,
    task=Text("按品种报销售和库存。", "Sales and stock by title."), for_each=ForEach.AGENT, owed_by=OwedBy.PARTNER, escalate_to="director",
    papers=("monthly_report",),
)  # fmt: skip
HALF = DutyRule(
    "demand_analysis", Text("市场需求分析", "Analysis of demand"), "M-15.4", Rhythm.HALF_YEARLY, "owner", "manager", 15,
    for_each=ForEach.PARTNER, owed_by=OwedBy.PARTNER, grace_days=3, papers=("analysis", "monthly_report"),
)  # fmt: skip
VISIT = DutyRule(
    "quarterly_visit", Text("季度走访", "Quarterly visit"), "M-15.1", Rhythm.QUARTERLY, REPRESENTATIVE_OF, "manager", 0,
    for_each=ForEach.AGENT, papers=("visit",),
)  # fmt: skip
APPRAISAL = DutyRule("appraisal", Text("制度执行评价", "Evaluation of the regulation"), "M-7", Rhythm.YEARLY, "deputy", "director", 0)
RULES = (MONTHLY, HALF, VISIT, APPRAISAL)


def make(
    world: World, on: date, rules: Collection[DutyRule] = RULES, *, since: date | None = None, calendar: WorkingCalendar = OFFICIAL
) -> int:  # fmt: skip
    """Make the duties of a day, as the job does."""
    return make_duties(rules, issuer=world.hq.pk, regulation="publisher/1/abc", calendar=calendar, on=on, at=world.at, since=since)


def duty_of(world: World, firm: str, rule: DutyRule = MONTHLY, start: date = date(2026, 10, 1)) -> Duty:
    """A duty of the story: by default the agents' report of October 2026."""
    about = world.hq if firm == "hq" else world.firms[firm]
    return Duty.objects.get(firm=about, rule=rule.key, period_start=start)


def changed(rule: DutyRule, **fields: object) -> DutyRule:
    """The rule with other values."""
    return msgspec.structs.replace(rule, **fields)
