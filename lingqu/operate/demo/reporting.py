"""What partners reported: two are answered, Zhengzhou is to complete its report, and Wuhan's waits since this morning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from lingqu.base.calendar import china_day
from lingqu.catalogue.models import Discipline
from lingqu.operate.demo.people import JINAN, TAIAN, WUHAN, ZHENGZHOU
from lingqu.operate.demo.story import ACCEPTED, SIGNED, SUBMITTED, Story
from lingqu.organisation.models import Firm
from lingqu.reports.actions import answer_report, ask_back, make_report
from lingqu.reports.models import PartnerReport
from lingqu.reports.queries import periods_to_report
from lingqu.reports.rules import NewReport, Told, ToldLine
from lingqu.reports.states import ReportKind

Sold = Mapping[str, tuple[int, str, int, int]]
"""By the code of a discipline: copies sold, yuan at list price, stock at the end, of it near expiry."""

BOOKSHOP: Final[Sold] = {"S": (34, "3264.00", 18, 0), "E": (9, "720.00", 6, 2)}
LARGE: Final[Sold] = {"S": (260, "24960.00", 410, 12), "E": (120, "10240.00", 95, 0)}
SLOW: Final[Sold] = {"S": (70, "6720.00", 320, 40), "E": (25, "2130.00", 110, 8)}
BUSY: Final[Sold] = {"S": (310, "29760.00", 520, 0), "E": (240, "20480.00", 160, 0)}
THIS_MORNING: Final = timedelta(minutes=95)


def plan_reports(story: Story) -> None:
    """Plan the reports of the last month that was over, and what was said back."""
    _report(
        story, TAIAN, "taian", BOOKSHOP, ("开学季后散户转淡，结构类仍有学校团购。", "下月约需结构类 40 册。"), story.moment(20, SUBMITTED)
    )
    _say(story, TAIAN, story.moment(20, ACCEPTED), "jinan", "结构类备 40 册即可，即期的先做八折清理。")
    told = ("两所院校启动新图集采购；竞争单位同类图集报六八折。", "下月约需 300 册，计划走访三家设计院。")
    _report(story, JINAN, "jinan", LARGE, told, story.moment(19, SUBMITTED), retailers="泰安岱麓走势平稳，另在谈淄博一家。")
    _say(story, JINAN, story.moment(18, SIGNED), "representative", "库存够两个月，先消化结构类；淄博那家请月底前报认证材料。")
    _report(story, ZHENGZHOU, "zhengzhou", SLOW, ("雨季影响项目开工，回款放慢。", "下月暂不增库存。"), story.moment(3, SUBMITTED))
    _say(story, ZHENGZHOU, story.moment(2, SUBMITTED), "representative", "请补充竞争产品的销量和价格。", answers=False)
    told = ("培训班带动电气类，市政类询价增多。", "下月约需 450 册。")
    _report(story, WUHAN, "wuhan", BUSY, told, story.now - THIS_MORNING)


def _report(story: Story, partner: str, who: str, sold: Sold, words: tuple[str, str], at: datetime, *, retailers: str = "") -> None:
    """Plan that a partner reports of the newest month that is over; nothing where none was over since the story began."""

    def step(when: datetime) -> None:
        made, regulation = story.made, story.made.regulation_on(when)
        firm = Firm.objects.get(pk=made.firms[partner].pk)
        asked = periods_to_report(firm, regulation=regulation, on=china_day(when))
        month = next((one.code for one in asked if one.kind is ReportKind.MONTH), "")
        if not month:
            return
        known = dict(Discipline.objects.filter(publisher=made.publisher).values_list("code", "pk"))
        lines = tuple(ToldLine(known[code], many, Decimal(value), stock, near) for code, (many, value, stock, near) in sold.items())
        new = NewReport(f"demo-{when:%y%m%d%H%M}", month, Told(lines, *words, "校园展销一场，赠阅样书 12 册。", retailers))
        make_report(new, regulation=regulation, by=made.who(who, china_day(when)), at=when)

    story.plan("reports", at, step)


def _say(story: Story, partner: str, at: datetime, by: str, words: str, *, answers: bool = True) -> None:
    """Plan that who is above answers the newest report of a partner, or asks back."""

    def step(when: datetime) -> None:
        found = PartnerReport.objects.filter(partner=story.made.firms[partner], state="submitted").order_by("pk").last()
        if found is not None:
            (answer_report if answers else ask_back)(found.pk, words, by=story.made.who(by, china_day(when)), at=when)

    story.plan("reports", at, step)
