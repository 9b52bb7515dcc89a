"""Papers of partners as a workbook: what they say is what the law judges by; gaps, ends and records are told before anybody signs."""

from __future__ import annotations

from datetime import date

import pytest

from lingqu.base.refusal import Refusal
from lingqu.opening.queries import reading_of
from lingqu.opening.states import OpeningKind
from lingqu.opening.tests.test_going_live import Written, prepare, take
from lingqu.orders.states import OrderState
from lingqu.partners.actions import NewPaper, renew_paper
from lingqu.partners.models import Partner, PartnerPaper
from lingqu.partners.states import PaperKind
from tests.world import World

KIND = OpeningKind.CERTIFICATES


def lose(world: World, **until: date | None) -> Partner:
    Partner.objects.filter(pk=world.partners["agent"].pk).update(**until)
    return Partner.objects.get(pk=world.partners["agent"].pk)


def state_of_a_request(world: World) -> OrderState | None:
    return world.submit("agent", {0: 1}).state


@pytest.mark.parametrize(
    ("paper", "field", "without"),
    [
        ("授权证书", "certified_until", OrderState.REFUSED),
        ("Agency agreement", "contract_until", OrderState.PAPERS),
        ("出版物经营许可证", "licence_until", OrderState.REFUSED),
    ],
)
def test_the_law_goes_by_the_papers_of_the_workbook(world: World, paper: str, field: str, without: OrderState) -> None:
    lose(world, **{field: None})
    assert state_of_a_request(world) is without
    take(world, KIND, [["agent", paper, "ZJ-0007", "2026/1/1", "2026年11月22日"]])
    assert state_of_a_request(world) is without
    file = take(world, KIND, [["agent", paper, "ZJ-0008", "2026.11.1", "20271231"]])
    assert state_of_a_request(world) is OrderState.HELD
    assert file.totals == {"rows": "1"}
    assert getattr(Partner.objects.get(firm__code="agent"), field) == date(2027, 12, 31)


def test_of_each_kind_the_one_that_lasts_longest_counts_whatever_the_order_of_rows(world: World) -> None:
    lose(world, certified_until=None)
    rows: list[list[Written]] = [
        ["agent", "授权证书", "SQ-2028", "2028-01-01", "2028-12-31"],
        ["agent", "授权证书", "SQ-2027", "2026-01-01", "2027-12-31"],
        ["agent", "授权证书", "SQ-2025", "2025-01-01", "2025-12-31"],
    ]
    take(world, KIND, rows)
    found = Partner.objects.get(firm__code="agent")
    assert (found.certificate, found.certified_until) == ("SQ-2028", date(2028, 12, 31))
    take(world, KIND, [["agent", "授权证书", "SQ-2026", None, "2026-12-31"]])
    found.refresh_from_db()
    assert (found.certificate, PartnerPaper.objects.filter(partner=found).count()) == ("SQ-2028", 4)


def test_what_is_wrong_or_worth_a_look_stands_at_its_cell(world: World) -> None:
    lose(world, certified_until=date(2026, 12, 31), contract_until=date(2027, 12, 31), licence_until=None)
    rows: list[list[Written]] = [
        ["agent", "授权证书", "SQ-1", "2027-02-01", "2027-12-31"],
        ["agent", "授权证书", "SQ-2", "2027-12-31", "2027-01-01"],
        ["agent", "代理合同", "DL-1", None, "2026-12-31"],
        ["agent", "出版物经营许可证", "E-1", None, "2026-10-31"],
        ["agent", "健康证", "E-2", None, "2027-10-31"],
        ["agent", "授权证书", 20270001, None, "2027-10-31"],
        ["nobody", "授权证书", "SQ-3", None, "2027年10月"],
    ]
    reading = reading_of(prepare(world, KIND, rows))
    assert [(one.row, one.column) for one in reading.errors] == [(3, 5), (6, 2), (7, 3), (8, 1), (8, 5), (2, 4)]
    assert reading.errors[-1].text.zh == "2027-02-01 才生效，此前有空档；请在起始日当天登记。"
    assert [(one.row, one.column) for one in reading.warnings] == [(4, 5), (5, 5)]


def test_the_same_paper_comes_in_once(world: World) -> None:
    rows: list[list[Written]] = [["agent", "授权证书", "SQ-9", None, "2029-12-31"]]
    first = take(world, KIND, rows)
    rows.append(["agent", "Certificate", "SQ-9", None, "2029-12-31"])
    again = reading_of(prepare(world, KIND, rows))
    assert [(one.row, one.text.zh) for one in again.errors] == [(2, f"已入账：{first.number} / 2。"), (3, "系统里已经有这一项。")]


def test_only_manager_and_director_renew_and_no_gap_is_left(world: World) -> None:
    partner = lose(world, certified_until=date(2026, 12, 31))
    new = NewPaper(PaperKind.CERTIFICATE, " SQ-10 ", date(2027, 12, 31), date(2027, 1, 1))
    for name in ("representative", "warehouse", "finance", "agent_owner", "retailer_owner"):
        with pytest.raises(Refusal) as refused:
            renew_paper(partner.pk, new, by=world.who(name), at=world.at)
        assert refused.value.code == "forbidden"
    wrong = (
        NewPaper(PaperKind.CERTIFICATE, " ", date(2027, 12, 31)),
        NewPaper(PaperKind.CERTIFICATE, "9" * 41, date(2027, 12, 31)),
        NewPaper(PaperKind.CERTIFICATE, "SQ", date(2027, 1, 1), date(2027, 1, 2)),
        NewPaper(PaperKind.CERTIFICATE, "SQ", date(2027, 12, 31), date(2027, 1, 2)),
    )
    for one in wrong:
        with pytest.raises(Refusal) as refused:
            renew_paper(partner.pk, one, by=world.who("manager"), at=world.at)
        assert refused.value.status == 422
    assert not PartnerPaper.objects.exists()
    paper = renew_paper(partner.pk, new, by=world.who("manager"), at=world.at)
    assert renew_paper(partner.pk, new, by=world.who("director"), at=world.at).pk == paper.pk
    partner.refresh_from_db()
    assert (partner.certificate, partner.certified_until, PartnerPaper.objects.count()) == ("SQ-10", date(2027, 12, 31), 1)
