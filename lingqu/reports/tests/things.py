"""Reports in every state, for the suite of all document types, and the steps in which their stories are told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from lingqu.catalogue.models import Discipline
from lingqu.organisation.models import Firm
from lingqu.reports.actions import answer_report, ask_back, change_report, make_report
from lingqu.reports.models import PartnerReport
from lingqu.reports.queries import periods_to_report
from lingqu.reports.rules import NewReport, Told, ToldLine
from lingqu.reports.states import ReportKind
from tests.documents import Things
from tests.world import World

_keys = count(1)
AGENTS = ("agent", "other_agent", "cash_agent")


def structures(world: World) -> int:
    """Return the first discipline of the story (Discipline id)."""
    return Discipline.objects.get(publisher=world.hq, code="S").pk


def told(world: World, *, sold: int = 40, stock: int = 60) -> Told:
    """Return what a partner says: copies sold at 96.00, and its stock."""
    line = ToldLine(structures(world), sold, Decimal(96 * sold), stock, 5)
    return Told((line,), "本地新开两家书店", "下月约需 200 册", "校园展销", "新发展零售商一家")


def months_left(world: World, partner: str) -> list[str]:
    """Return the months of which a partner may report and has not, the newest first."""
    firm = Firm.objects.get(pk=world.firms[partner].pk)
    asked = periods_to_report(firm, regulation=world.regulation, on=world.at.date())
    return [one.code for one in asked if one.kind is ReportKind.MONTH]


def reported(world: World, partner: str = "agent", *, period: str = "", by: str = "", content: Told | None = None) -> PartnerReport:
    """Return a report of a partner that nobody answered, of the newest month that is left unless one is named."""
    new = NewReport(f"report-{next(_keys)}", period or months_left(world, partner)[0], content or told(world))
    return make_report(new, regulation=world.regulation, by=world.who(by or f"{partner}_owner"), at=world.at)


def questioned(world: World) -> PartnerReport:
    """Return a report that is to be completed."""
    return ask_back(reported(world).pk, "请补充竞争产品销量", by=world.who("representative"), at=world.at)


def answered(world: World, partner: str = "agent", by: str = "representative") -> PartnerReport:
    """Return a report with guidance."""
    return answer_report(reported(world, partner).pk, "库存偏高，先消化", by=world.who(by), at=world.at)


def changed(world: World, report: PartnerReport, *, by: str = "agent_clerk", content: Told | None = None) -> PartnerReport:
    """Return a report that says other things."""
    said = content or told(world, sold=41)
    return change_report(report.pk, said, regulation=world.regulation, by=world.who(by), at=world.at)


def _one_of_many(world: World) -> PartnerReport:
    """Return a report of whichever agent has a month left."""
    return reported(world, next(agent for agent in AGENTS if months_left(world, agent)))


def _sent(world: World, *_: object) -> Mapping[str, Any]:
    return {
        "rows-0-discipline": "S", "rows-0-sold": "40", "rows-0-value": "3840.00", "rows-0-stock": "60", "rows-0-near_expiry": "0",
        "market": "本地新开两家书店", "demand": "下月约需 200 册", "promotions": "校园展销", "retailers": "新发展零售商一家",
    }  # fmt: skip


def _new(world: World) -> Mapping[str, Any]:
    return {"period": months_left(world, "agent")[0], **_sent(world), "rows-1-discipline": "结构"}


def _guidance(world: World, report: PartnerReport) -> Mapping[str, Any]:
    return {"guidance": "库存偏高，先消化"}


def _question(world: World, report: PartnerReport) -> Mapping[str, Any]:
    return {"question": "请补充竞争产品销量"}


THINGS = {
    "partner_report": Things(
        states={"submitted": reported, "questioned": questioned, "answered": answered}, starts="submitted",
        does={"answer": "representative", "ask_back": "representative", "complete": "agent_owner", "change": "agent_owner"},
        sends={"answer": _guidance, "ask_back": _question, "complete": _sent, "change": _sent},
        sees=("representative", "manager", "director", "agent_owner", "agent_clerk"), strangers=("other_agent_owner", "retailer_owner"),
        many=_one_of_many, new=("agent_owner", _new),
        said=("本地新开两家书店", "下月约需 200 册", "校园展销", "新发展零售商一家", "请补充竞争产品销量", "库存偏高，先消化"),
    )
}  # fmt: skip
