"""Pages of reports: what the product knows stands above the form, rows come from lists, those that wait lead the list."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lingqu.base.sheets import Column, SheetOut, write_workbook
from lingqu.base.text import alike
from lingqu.duties.actions import make_duties
from lingqu.duties.models import Duty
from lingqu.reports.models import PartnerReport
from lingqu.reports.tests.things import AGENTS, answered, questioned, reported
from tests.pages import SitDown
from tests.world import World

pytestmark = pytest.mark.django_db
NEW = "/partner-reports/new"
SENT = {
    "period": "2026-10", "market": "平稳", "demand": "200 册", "key": "0123456789abcdef",
    "rows-0-discipline": "电气", "rows-1-discipline": "结构",
}  # fmt: skip
"""What a browser sends of a form in which nothing but words was typed: two disciplines were offered."""


def line(row: int, *cells: str) -> dict[str, str]:
    """A row of the form as it is sent."""
    names = ("discipline", "sold", "value", "stock", "near_expiry")
    return {f"rows-{row}-{name}": cell for name, cell in zip(names, cells, strict=False)}


def rows_of(page: str) -> list[list[str]]:
    """The values of the rows of a form, those with any."""
    found = []
    for row in range(20):
        fields = re.findall(rf'<input[^>]*name="rows-{row}-\w+"[^>]*>', page)
        found.append([words[1] if (words := re.search(r'value="([^"]*)"', field)) else "" for field in fields])
    return [row for row in found if any(row)]


def test_the_form_shows_what_the_product_knows_and_leads_to_other_times(world: World, at_desk: SitDown) -> None:
    made = world.submit("agent", {0: 10})
    world.accept(made)
    world.ship(made)
    page = at_desk("agent_owner").get(NEW).content.decode()
    assert re.search(r"系统记录：2026 年 10 月 · 月报", page)
    assert '<option value="2026-10" selected>' in page
    assert 'href="/partner-reports/new?period=2026-09"' in page
    assert [row[0] for row in rows_of(page)] == ["电气", "结构"]
    september = at_desk("agent_owner", language="en").get(f"{NEW}?period=2026-09").content.decode()
    assert "What the product knows: Monthly report, September 2026" in september
    assert "Development of retailers" in september
    retailer = at_desk("retailer_owner", language="en").get(NEW).content.decode()
    assert "Development of retailers" not in retailer
    world.at += timedelta(days=20)
    november = at_desk("agent_owner").get(NEW).content.decode()
    assert re.search(r"净进货</dt>\s*<dd>\s*624.00 元", november)


def test_what_is_sent_makes_the_report_and_zero_is_a_number(world: World, at_desk: SitDown) -> None:
    file = SimpleUploadedFile("库存.csv", "结构,60\n".encode())
    sent = SENT | line(0, "结构", "0", "0", "60") | line(1, "E", "1,200", "3840.00", "7", "7") | {"files": file}
    answer = at_desk("agent_owner").post(NEW, sent)
    report = PartnerReport.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/partner-reports/{report.number}/")
    assert (report.sold, str(report.value), report.stock, report.near_expiry) == (1200, "3840.00", 67, 7)
    page = at_desk("representative", language="en").get(answer.headers["Location"]).content.decode()
    for words in ("Structures", "Electrical", "1,200", "days late", "库存.csv", "What the product knows"):
        assert words in page, words
    again = at_desk("agent_clerk").post(NEW, SENT | line(0, "结构", "1", "1", "1") | {"key": "fedcba9876543210"})
    assert (again.status_code, PartnerReport.objects.count()) == (422, 1)
    assert f"这一期已经报过：{report.number}" in again.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (line(0, "化工", "1", "1", "1"), "没有专业“化工”"), (line(0, "结构", "-1", "1", "1"), "册数须在 0 与"),
        (line(0, "结构", "1", "1", "1", "2"), "即期库存不能多于库存"), (line(0, "结构", "1", "-1", "1"), "金额须在 0 与"),
        ({}, "请至少填一行销售和库存"), (line(0, "结构", "1", "1", "1") | {"market": ""}, "必填"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_lost(world: World, at_desk: SitDown, sent: dict[str, str], said: str) -> None:
    answer = at_desk("agent_owner").post(NEW, SENT | sent)
    page = answer.content.decode()
    assert (answer.status_code, PartnerReport.objects.count()) == (422, 0)
    assert said in page
    assert "200 册" in page
    assert "系统记录：2026 年 10 月" in page


def test_a_pasted_list_and_a_workbook_fill_the_rows(world: World, at_desk: SitDown) -> None:
    page = at_desk("agent_owner")
    pasted = page.post(NEW, SENT | {"paste": "专业\t销售\t码洋\t库存\t即期\n结构\t40\t3840.00\t60\t5\n电气\t0\t0\t7\t", "fill": "1"})
    offered, two = [["电气", "", "", ""], ["结构", "", "", ""]], [["结构", "40", "3840.00", "60"], ["电气", "0", "0", "7"]]
    assert [row[:4] for row in rows_of(pasted.content.decode())] == [*offered, *two]
    assert page.post(NEW, SENT | line(2, *two[0]) | line(3, *two[1])).status_code == 302
    columns = tuple(Column(name, alike(name)) for name in ("专业", "销售", "码洋", "库存"))
    made = write_workbook(
        [SheetOut(alike("十月"), columns, [{"专业": "结构", "销售": "40", "码洋": "3840.00", "库存": "60"}])], language="zh", author="x",
        at=world.at,
    )  # fmt: skip
    sheet = page.post(NEW, SENT | {"list": SimpleUploadedFile("十月.xlsx", made)})
    assert [row[:4] for row in rows_of(sheet.content.decode())] == [*offered, two[0]]
    wrong = page.post(NEW, SENT | {"list": SimpleUploadedFile("x.xlsx", b"PK\x03\x04nothing")})
    assert wrong.status_code == 422


def test_an_offered_row_that_is_emptied_says_nothing(world: World, at_desk: SitDown) -> None:
    sent = SENT | line(0, "", "", "", "") | line(1, "结构", "1", "96", "1")
    assert at_desk("agent_owner").post(NEW, sent).status_code == 302
    assert PartnerReport.objects.get().lines.count() == 1


def test_those_that_wait_lead_the_list_the_oldest_first(world: World, at_desk: SitDown) -> None:
    done, first, asked, second = answered(world), reported(world, "other_agent"), questioned(world), reported(world, "cash_agent")
    page = at_desk("manager").get("/partner-reports/").content.decode()
    assert re.findall(r">(YB-2026-\d+)</a>", page) == [one.number for one in (first, second, asked, done)]


def test_the_list_goes_on_where_its_page_ended(world: World, at_desk: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingqu.documents.registry.reading.page_of.__kwdefaults__", {"most": 2}, raising=False)
    made = [answered(world), *(reported(world, agent) for agent in AGENTS), answered(world)]
    page, found, address = at_desk("manager"), [], "/partner-reports/"
    while address:
        shown = page.get(address).content.decode()
        found += re.findall(r">(YB-2026-\d+)</a>", shown)
        older = re.search(r'href="(\?[^"]*before=\d+)"', shown)
        address = "/partner-reports/" + older[1].replace("&amp;", "&") if older else ""
    assert found == [one.number for one in (*made[1:4], made[4], made[0])]


def test_the_partner_reads_the_guidance_and_the_seller_what_to_do(world: World, at_desk: SitDown) -> None:
    report = answered(world)
    for name in ("agent_owner", "agent_clerk"):
        page = at_desk(name).get(f"/partner-reports/{report.number}/").content.decode()
        assert "库存偏高，先消化" in page
    waiting = reported(world)
    address = f"/partner-reports/{waiting.number}/"
    assert f'href="{address}answer"' in at_desk("manager").get(address).content.decode()
    assert f'href="{address}answer"' not in at_desk("agent_owner").get(address).content.decode()
    assert f'href="{address}change"' in at_desk("agent_owner").get(address).content.decode()
    form = at_desk("agent_clerk").get(f"{address}change").content.decode()
    assert rows_of(form)[0][:4] == ["结构", "40", "3840.00", "60"]
    assert "本地新开两家书店" in form


def test_a_duty_leads_to_the_form_of_its_time_and_is_done_by_it(world: World, at_desk: SitDown) -> None:
    regulation, day = world.regulation, world.at.date()
    make_duties(
        list(regulation.duties.values()), issuer=world.hq.pk, regulation=regulation.reference, calendar=regulation.calendar, on=day,
        at=world.at, since=date(2026, 9, 1),
    )  # fmt: skip
    page, duties = at_desk("agent_owner"), Duty.objects.filter(firm=world.firms["agent"], rule="monthly_report").order_by("period_start")
    pages = [page.get(f"/duties/{duty.pk}/").content.decode() for duty in duties]
    links = [re.findall(r'href="(/partner-reports/new[^"]*)"', shown) for shown in pages]
    assert links == [["/partner-reports/new?period=2026-09"], ["/partner-reports/new?period=2026-10"], []]
    assert '<option value="2026-09" selected>' in page.get(links[0][0]).content.decode()
    assert page.post(links[0][0], SENT | {"period": "2026-09"} | line(0, "结构", "1", "96", "1")).status_code == 302
    assert [duty.state for duty in duties.all()] == ["done", "open", "open"]
    shown = page.get(f"/duties/{duties[0].pk}/").content.decode()
    assert f'href="/partner-reports/{PartnerReport.objects.get().number}/"' in shown
