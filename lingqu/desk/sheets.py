"""Lists of the desk as workbooks: partners and special prices."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lingqu.base.money import WHOLE_BP
from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.catalogue.states import SPECIAL_KIND_WORDS, SPECIALS, SpecialKind, SpecialState
from lingqu.desk.queries import PartnerFilter, list_partners
from lingqu.desk.queries.specials import special_prices
from lingqu.documents.queries import MOST_OUT, Ask, ListOut, RowOut
from lingqu.organisation.states import FIRM_KIND_WORDS, FirmKind
from lingqu.policy.queries import regulation_in_force

LONGEST = 60
MOST = MOST_OUT + 1

_PARTNER_COLUMNS = (
    Column("code", Text("客户编号", "Partner code"), width=14),
    Column("name", Text("客户", "Partner"), width=34),
    Column("level", Text("级别", "Level"), width=12),
    Column("division", Text("所在地区代码", "Area code"), width=13),
    Column("grade", Text("信用等级", "Grade"), width=9),
    Column("limit", Text("额度（元）", "Limit (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("used", Text("已占用（元）", "Used (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("held", Text("预占（元）", "Held (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("free", Text("可用（元）", "Free (yuan)"), ColumnKind.MONEY, 16),
    Column("overdue", Text("逾期（元）", "Overdue (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("unapplied", Text("未核销款（元）", "Unapplied (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("open", Text("未结批次", "Open batches"), ColumnKind.COUNT, 10),
    Column("most", Text("批次上限", "Most batches"), ColumnKind.COUNT, 10),
    Column("next_due", Text("最近应付日", "Next due"), ColumnKind.DATE, 12),
    Column("papers_until", Text("证照最早到期", "Papers until"), ColumnKind.DATE, 13),
    Column("representative", Text("区域销售员", "Representative"), width=14),
)


def _word(ask: Ask, name: str) -> str:
    return ask.given.get(name, "").replace("\x00", "")[:LONGEST]


def _partners_out(ask: Ask) -> Iterator[RowOut]:
    representative = read_id(_word(ask, "representative"))
    wanted = PartnerFilter(_word(ask, "q"), _word(ask, "grade"), representative, _word(ask, "state"), _word(ask, "sort") or "name")
    tolerance = regulation_in_force(on=ask.on).parameters.overdue_tolerance_days
    for row in list_partners(ask.who.firm, wanted, on=ask.on, tolerance_days=tolerance, most=MOST).rows:
        yield {
            "code": row.code, "name": row.name, "level": FIRM_KIND_WORDS[FirmKind(row.level)], "division": row.division,
            "grade": row.grade, "limit": row.limit, "used": row.used, "held": row.held, "free": row.free, "overdue": row.overdue,
            "unapplied": row.unapplied, "open": row.open_count, "most": row.most_open, "next_due": row.next_due,
            "papers_until": row.papers_until, "representative": row.representative,
        }  # fmt: skip


_SPECIAL_COLUMNS = (
    Column("number", Text("编号", "Number"), width=16),
    Column("buyer", Text("客户", "Partner"), width=30),
    Column("code", Text("品种编号", "Title number"), width=16),
    Column("title", Text("名称", "Title"), width=36),
    Column("kind", Text("类别", "Kind"), width=12),
    Column("customer", Text("院校或投标项目", "School or bid"), width=24),
    Column("share", Text("特价折扣", "Discount"), ColumnKind.PERCENT, 10),
    Column("copies", Text("册数上限", "Copies at most"), ColumnKind.COUNT, 12, summed=True),
    Column("used", Text("已用册数", "Copies used"), ColumnKind.COUNT, 12, summed=True),
    Column("since", Text("第一天", "From"), ColumnKind.DATE, 12),
    Column("until", Text("最后一天", "To"), ColumnKind.DATE, 12),
    Column("state", Text("状态", "State"), width=12),
)
_GIVEN_UP = Column("given_up", Text("让利（元）", "Given up (yuan)"), ColumnKind.MONEY, 16, summed=True)


def _specials_out(ask: Ask) -> Iterator[RowOut]:
    for one in special_prices(ask.who, state=ask.given.get("state", ""), words=ask.given.get("q", "")[:40], most=MOST):
        yield {
            "number": one.number, "buyer": one.buyer.name, "code": one.product.code, "title": one.product.name,
            "kind": SPECIAL_KIND_WORDS[SpecialKind(one.kind)], "customer": one.customer, "share": Decimal(one.discount_bp) / WHOLE_BP,
            "copies": one.copies, "used": one.used,  # type: ignore[attr-defined]
            "since": one.since, "until": one.until,
            "state": SPECIALS.words[SpecialState(one.state)],
            "given_up": one.given_up if one.seller_id == ask.who.firm else None,
        }  # fmt: skip


PARTNERS_OUT = ListOut("partners", "partners", Text("客户", "Partners"), _PARTNER_COLUMNS, _partners_out)
SPECIALS_OUT = ListOut("specials", "specials", Text("特价", "Special prices"), (*_SPECIAL_COLUMNS, _GIVEN_UP), _specials_out)
