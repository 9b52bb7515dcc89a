"""Reminders go out once for each day, lateness is told once, then those above; nobody is told twice, however often the job runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lingqu.base.refusal import Refusal
from lingqu.duties.actions import NewPaper, hand_in, remind_late, reopen_duty, send_reminders
from lingqu.duties.models import Duty
from lingqu.duties.queries import holders
from lingqu.duties.tests.rules import MONTHLY, VISIT, changed, duty_of, make
from lingqu.notices.models import Notice
from lingqu.organisation.actions import delegate, give_post
from lingqu.organisation.models import PostHolding
from lingqu.organisation.states import PostCode
from tests.world import START, World

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def owed(world: World) -> World:
    """The story with the reports of November, due on Monday 7 December."""
    make(world, world.at.date(), [MONTHLY])
    return world


def tell(world: World, on: date) -> list[tuple[str, str]]:
    """Run the job on a day, twice; return who was told what by it."""
    at = datetime.combine(on, world.at.timetz())
    before = set(Notice.objects.values_list("pk", flat=True))
    send_reminders(on=on, at=at)
    assert send_reminders(on=on, at=at + timedelta(hours=1)) == 0
    told = Notice.objects.exclude(pk__in=before).order_by("person__name")
    return list(told.values_list("person__name", "title_zh"))


def owners(words: str) -> list[tuple[str, str]]:
    return [(f"{name}_owner", words) for name in ("agent", "cash_agent", "other_agent")]


def test_the_days_of_a_duty(owed: World) -> None:
    assert tell(owed, date(2026, 12, 3)) == []
    assert tell(owed, date(2026, 12, 4)) == owners("2026 年 11 月 月度销售库存报表还有 3 天到期")
    assert tell(owed, date(2026, 12, 5)) == []
    assert tell(owed, date(2026, 12, 7)) == owners("2026 年 11 月 月度销售库存报表今天到期")
    assert tell(owed, date(2026, 12, 8)) == owners("2026 年 11 月 月度销售库存报表已迟 1 天，请补交")
    assert tell(owed, date(2026, 12, 9)) == [("director", "2026 年 11 月 月度销售库存报表：3 项迟 2 天未交")]
    assert tell(owed, date(2026, 12, 10)) == []
    body = Notice.objects.get(person=owed.people["director"]).body_zh
    assert body == "应于 2026-12-07，请督促：agent公司、other_agent公司、cash_agent公司"


def test_the_body_says_from_where_the_day_was_moved(owed: World) -> None:
    tell(owed, date(2026, 12, 4))
    assert set(Notice.objects.values_list("body_zh", flat=True)) == {"原定 2026-12-05，顺延到 2026-12-07"}


def test_after_downtime_only_the_newest_is_said(owed: World) -> None:
    assert tell(owed, date(2026, 12, 20)) == sorted(
        [*owners("2026 年 11 月 月度销售库存报表已迟 13 天，请补交"), ("director", "2026 年 11 月 月度销售库存报表：3 项迟 13 天未交")]
    )  # fmt: skip


def test_who_has_handed_in_hears_nothing(owed: World) -> None:
    report = duty_of(owed, "agent", start=NOVEMBER)
    hand_in([report.pk], NewPaper("monthly_report", "十一月", "全"), by=owed.who("agent_owner"), at=owed.at)
    assert [name for name, _ in tell(owed, date(2026, 12, 4))] == ["cash_agent_owner", "other_agent_owner"]


def test_asked_again_the_days_begin_anew(owed: World) -> None:
    tell(owed, date(2026, 12, 4))
    report = duty_of(owed, "agent", start=NOVEMBER)
    hand_in([report.pk], NewPaper("monthly_report", "十一月", "全"), by=owed.who("agent_owner"), at=owed.at)
    reopen_duty(report.pk, "缺库存", by=owed.who("manager"), at=owed.at)
    assert Notice.objects.filter(person=owed.people["agent_owner"], title_zh__contains="被退回").count() == 1
    assert ("agent_owner", "2026 年 11 月 月度销售库存报表还有 1 天到期") not in tell(owed, date(2026, 12, 3))
    assert [name for name, _ in tell(owed, date(2026, 12, 4))] == ["agent_owner"]


def test_a_stand_in_is_reminded_too(owed: World) -> None:
    owner, clerk = owed.people["agent_owner"], owed.people["agent_clerk"]
    delegate(owner, stand_in=clerk, post=PostCode.OWNER, first=owed.at.date(), last=date(2026, 12, 31), reason="出差", at=owed.at, by=owner)
    told = [name for name, _ in tell(owed, date(2026, 12, 4))]
    assert told == ["agent_clerk", "agent_owner", "cash_agent_owner", "other_agent_owner"]


def test_a_duty_that_nobody_holds_waits_for_its_holder(owed: World) -> None:
    holding = PostHolding.objects.filter(person=owed.people["agent_owner"])
    period = holding.get().period
    holding.update(period=(START, START + timedelta(days=1)))
    assert [name for name, _ in tell(owed, date(2026, 12, 4))] == ["cash_agent_owner", "other_agent_owner"]
    holding.update(period=period)
    assert [name for name, _ in tell(owed, date(2026, 12, 5))] == ["agent_owner"]


def test_many_duties_of_one_person_are_one_message(representatives: World) -> None:
    world = representatives
    make(world, world.at.date(), [changed(VISIT, responsible="representative")])
    (told,) = tell(world, date(2026, 12, 28))
    assert told == ("representative", "2026 年第 4 季度 季度走访（3 项）还有 3 天到期")
    assert tell(world, date(2026, 12, 29)) == []
    assert set(Duty.objects.values_list("reminded", flat=True)) == {date(2026, 12, 28)}


def test_the_representative_of_each_firm_is_reminded(representatives: World) -> None:
    world = representatives
    make(world, world.at.date(), [VISIT])
    assert tell(world, date(2026, 12, 28)) == [("representative", "2026 年第 4 季度 季度走访（2 项）还有 3 天到期")]
    assert duty_of(world, "cash_agent", VISIT).reminded is None


def test_a_reminder_that_is_not_noted_would_be_found(owed: World) -> None:
    tell(owed, date(2026, 12, 4))
    Duty.objects.update(reminded=None)
    assert send_reminders(on=date(2026, 12, 4), at=owed.at) == 3
    assert Notice.objects.count() == 3  # the message's key is the second guard: the same person hears it once


def test_one_press_reminds_everybody_who_is_late_once_a_day(owed: World) -> None:
    on = date(2026, 12, 9)
    at = datetime.combine(on, owed.at.timetz())
    assert remind_late("monthly_report", by=owed.who("manager"), on=on, at=at) == 3
    count = Notice.objects.count()
    remind_late("monthly_report", by=owed.who("manager"), on=on, at=at)
    assert Notice.objects.count() == count
    remind_late("monthly_report", by=owed.who("manager"), on=on + timedelta(days=1), at=at)
    assert Notice.objects.count() == 2 * count


@pytest.mark.parametrize(
    ("name", "rule", "code"),
    [
        ("warehouse", "monthly_report", "forbidden"),
        ("agent_owner", "monthly_report", "forbidden"),
        ("manager", "unknown", "nobody_late"),
        ("manager", "a\x00b", "nobody_late"),
    ],
)
def test_who_may_not_remind(owed: World, name: str, rule: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        remind_late(rule, by=owed.who(name), on=date(2026, 12, 9), at=owed.at)
    assert refused.value.code == code


def test_a_stand_in_is_told_for_the_firm_of_the_absent_and_for_no_other(world: World) -> None:
    absent, stand_in, today = world.people["manager"], world.people["finance"], world.at.date()
    firms = [world.hq, world.firms["agent"]]
    give_post(absent, PostCode.MANAGER, firm=firms[1], since=today, at=world.at, by=None)
    delegate(absent, stand_in=stand_in, post=PostCode.MANAGER, first=today, last=today, reason="出差", at=world.at, by=absent)
    wanted = [(PostCode.MANAGER.value, firm.pk) for firm in firms]
    assert holders(wanted, on=today) == {wanted[0]: {absent.pk, stand_in.pk}, wanted[1]: {absent.pk}}
