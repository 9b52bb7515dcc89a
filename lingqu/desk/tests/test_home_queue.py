"""What waits beside requests and approvals, what is watched, and what a firm that buys finds on its home; nobody sees another's."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from lingqu.approvals.actions import Answer, decide_step
from lingqu.desk.queries.queue import Duties, queued_for
from lingqu.desk.queries.watching import answer_record, ending_papers
from lingqu.desk.tests.test_approvals_at_home import ask, step_of
from lingqu.orders.models import Order
from lingqu.partners.actions import assign_representative
from lingqu.partners.models import Partner
from lingqu.settlement.actions import agree_statement, answer_dispute, dispute_statement, issue_statement
from lingqu.settlement.models import BankFile, BankLine, BankProfile, BankUpload, Statement
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

MENU = re.compile(r'<a class="menu-item" href="([^"]+)".*?</a>', re.DOTALL)
ROWS = re.compile(r'class="task(?:"| task-row")')
DECEMBER = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)


def main(browser: Client, path: str = "/") -> str:
    return browser.get(path).content.decode().split('id="main"', 1)[1]


def home_count(browser: Client) -> str:
    """What the menu counts at home; "" for nothing."""
    side = browser.get("/").content.decode().split("side-foot", maxsplit=1)[0]
    found = next(found[0] for found in MENU.finditer(side) if found[1] == "/")
    return spoken(found).split()[-1] if "menu-count" in found else ""


def bank(world: World, *amounts: str) -> None:
    """A bank file with money that came in and is nobody's yet."""
    finance, today = world.people["finance"], world.at.date()
    own = {"seller": world.hq, "name": "流水.csv", "sha256": "a" * 64}
    upload = BankUpload.objects.create(**own, size=1, content=b"x", sent_by=finance, sent_at=world.at)
    profile = BankProfile.objects.create(seller=world.hq, name="工行基本户", mapping={}, used_at=world.at)
    file = BankFile.objects.create(
        **own, number="YH-2026-0001", profile=profile, upload=upload, lines_count=len(amounts), money_in=0, money_out=0, since=today,
        until=today, taken_by=finance, taken_at=world.at,
    )  # fmt: skip
    for row, amount in enumerate(amounts):
        BankLine.objects.create(
            file=file, seller=world.hq, row=row, on=today, amount=Decimal(amount), payer="某某书店", fingerprint=str(row), state="open"
        )


def issued(world: World) -> Statement:
    """November of the agent, issued in December."""
    world.accept(world.submit("agent", {0: 10}))
    world.at = DECEMBER
    line = world.lines["agent"].pk
    return issue_statement(line, date(2026, 11, 1), regulation=world.regulation, by=world.who("finance"), at=world.at)


def test_what_was_sent_back_waits_for_who_asked_and_for_nobody_else(world: World, at_desk: SitDown) -> None:
    asked = ask(world)
    decide_step(asked.pk, Answer(step_of(asked).pk, "send_back", "请补充附件"), by=world.who("deputy"), at=world.at)
    page = spoken(main(at_desk("manager")))
    assert asked.number in page
    assert "退回理由：请补充附件" in page
    assert "已退回，待修改" in page
    assert home_count(at_desk("manager")) == "1"
    for name in ("director", "deputy", "finance", "agent_owner"):
        assert f'id="{asked.number}"' not in main(at_desk(name))


def test_bank_lines_wait_for_finance_in_one_row_and_are_counted_in_the_menu(world: World, at_desk: SitDown) -> None:
    bank(world, "100.00", "230.50")
    assert BankLine.objects.filter(state="open").count() == 2
    page = main(at_desk("finance"))
    assert "银行流水 2 笔待认领" in spoken(page)
    assert "330.50" in page
    assert home_count(at_desk("finance")) == "1"
    side = spoken(at_desk("finance").get("/").content.decode().split("side-foot", maxsplit=1)[0])
    assert "银行流水 2" in side
    for name in ("manager", "director", "agent_owner"):
        assert "笔待认领" not in main(at_desk(name))


def test_a_statement_waits_for_the_partner_then_its_objection_for_finance(world: World, at_desk: SitDown) -> None:
    statement = issued(world)
    page = spoken(main(at_desk("agent_owner")))
    assert "2026-11 对账单" in page
    assert home_count(at_desk("agent_owner")) == "1"
    assert "2026-11 对账单" not in spoken(main(at_desk("agent_clerk")).split("未读通知", maxsplit=1)[0])
    objection = dispute_statement(statement.pk, "", kind="other", text="少记一笔回款", by=world.who("agent_owner"), at=world.at)
    page = spoken(main(at_desk("finance")))
    assert "1 处异议" in page
    assert "少记一笔回款" in page
    assert "少记一笔回款" not in main(at_desk("other_agent_owner"))
    assert home_count(at_desk("agent_owner")) == ""
    answer_dispute(objection.pk, answer="已核对", by=world.who("finance"), at=world.at)
    assert "处异议" not in spoken(main(at_desk("finance")))
    assert "2026-11 对账单" in spoken(main(at_desk("agent_owner")))
    assert home_count(at_desk("agent_owner")) == "1"
    agree_statement(statement.pk, by=world.who("agent_owner"), at=world.at)


def test_a_request_without_its_contract_waits_for_the_partner(world: World, at_desk: SitDown) -> None:
    order = world.submit("agent", {0: 1})
    Order.objects.filter(number=order.number).update(state="papers", answer_until=None)
    page = spoken(main(at_desk("agent_clerk")))
    assert "下载合同，盖章后交回" in page
    assert home_count(at_desk("agent_clerk")) == "1"
    assert home_count(at_desk("other_agent_owner")) == ""


@pytest.mark.parametrize("name", ["manager", "finance", "director", "agent_owner", "agent_clerk", "warehouse", "representative"])
def test_the_menu_counts_the_rows_that_stand_there(world: World, at_desk: SitDown, name: str) -> None:
    bank(world, "100.00")
    ask(world)
    sent_back = ask(world, subject=2)
    decide_step(sent_back.pk, Answer(step_of(sent_back).pk, "send_back", "请补充"), by=world.who("deputy"), at=world.at)
    world.submit("other_agent", {0: 5})
    world.submit("retailer", {0: 2})
    world.accept(world.submit("agent", {0: 5}))
    page = main(at_desk(name))
    rows = len(ROWS.findall(page)) + (page.count('/ship"') if name == "warehouse" else 0)
    assert str(rows or "") == home_count(at_desk(name))


def test_one_kind_of_what_waits_stands_alone_when_asked_for(world: World, at_desk: SitDown) -> None:
    number = world.submit("agent", {0: 5}).number
    asked = ask(world, by="representative")
    decide_step(asked.pk, Answer(step_of(asked).pk, "send_back", "请补充"), by=world.who("deputy"), at=world.at)
    browser = at_desk("representative")
    assert "全部 2" in spoken(main(browser))
    page = main(browser, "/?kind=back")
    assert f'id="{asked.number}"' in page
    assert f'id="{number}"' not in page
    assert f'id="{number}"' in main(browser, "/?kind=nonsense")


def test_papers_that_end_and_late_answers_are_watched(world: World, at_desk: SitDown) -> None:
    soon = world.at.date() + timedelta(days=30)
    Partner.objects.filter(pk=world.partners["agent"].pk).update(licence_until=soon)
    Partner.objects.filter(pk=world.partners["other_agent"].pk).update(certified_until=None)
    number = world.submit("agent", {0: 1}).number
    page = spoken(main(at_desk("manager")))
    assert "证照到期 2 户" in page
    assert "30 天" in page
    assert "证照到期" not in spoken(main(at_desk("warehouse")))
    world.at += timedelta(days=4)
    page = spoken(main(at_desk("director")))
    assert "逾时未答复 1 份" in page
    assert number in page


def test_a_representative_watches_their_own_partners(world: World, at_desk: SitDown) -> None:
    soon = world.at.date() + timedelta(days=30)
    Partner.objects.filter(pk__in=[world.partners["agent"].pk, world.partners["other_agent"].pk]).update(licence_until=soon)
    world.accept(world.submit("other_agent", {0: 100}))
    assert "应收账款 为什么 0.6 万元" in spoken(main(at_desk("representative")))
    assign_representative(world.partners["other_agent"], world.people["manager"], since=world.at.date(), by=None, at=world.at)
    page = spoken(main(at_desk("representative")))
    assert "证照到期 1 户" in page
    assert "other_agent公司" not in page
    assert "应收账款 为什么 0.0 万元" in page
    assert "应收账款 为什么 0.6 万元" in spoken(main(at_desk("representative"), "/?scope=all"))
    mine = ending_papers(world.hq.pk, on=world.at.date(), representative=world.people["representative"].pk)
    assert [row.code for row in mine] == ["agent"]


def test_a_home_is_red_for_the_representative_s_own_late_requests_and_not_for_a_colleague_s(world: World, at_desk: SitDown) -> None:
    def home(name: str) -> tuple[bool, bool]:
        side = at_desk(name).get("/").content.decode().split("side-foot", maxsplit=1)[0]
        item = next(found[0] for found in MENU.finditer(side) if found[1] == "/")
        return "menu-count" in item, "menu-count-late" in item

    world.submit("other_agent", {0: 5})
    assign_representative(world.partners["other_agent"], world.people["manager"], since=world.at.date(), by=None, at=world.at)
    world.at += timedelta(days=4)
    world.submit("agent", {0: 5})
    assert [home(name) for name in ("representative", "manager")] == [(True, False), (True, True)]
    world.at += timedelta(days=4)
    assert home("representative") == (True, True)


def test_answers_in_time_are_those_of_the_last_requests(world: World) -> None:
    assert answer_record(world.hq.pk).owed == 0
    for _ in range(3):
        world.accept(world.submit("other_agent", {0: 1}))
        world.pay("other_agent", "62.40")
    world.submit("agent", {0: 1})
    world.at += timedelta(days=4)
    world.expire()
    record = answer_record(world.hq.pk)
    assert (record.kept, record.owed) == (3, 4)


def test_a_partner_sees_parcels_notices_and_the_way_to_order(world: World, at_desk: SitDown) -> None:
    sent = world.submit("agent", {0: 40})
    world.accept(sent)
    world.ship(sent)
    page = main(at_desk("agent_owner"))
    assert "近日到货" in page
    assert "未读通知" in page
    assert 'href="/orders/new"' in page
    for name in ("other_agent_owner", "retailer_owner", "manager"):
        assert "近日到货" not in main(at_desk(name))
    world.at += timedelta(days=40)
    assert "近日到货" not in main(at_desk("agent_owner"))


def test_nothing_is_queued_for_who_has_nothing_to_do_with_it(world: World) -> None:
    bank(world, "100.00")
    issued(world)
    today = world.at.date()
    assert queued_for(world.who("warehouse"), Duties(), on=today) == []
    everything = Duties(books=True, answers_statements=True, hands_in_at=world.hq.pk)
    assert queued_for(world.who("other_agent_owner"), everything, on=today) == []
    kinds = [row.kind for row in queued_for(world.who("finance"), Duties(books=True), on=today)]
    assert kinds == ["bank"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["manager", "finance", "director", "agent_owner", "agent_clerk"])
def test_all_of_it_keeps_to_one_language(world: World, at_desk: SitDown, name: str, language: str) -> None:
    Partner.objects.filter(pk=world.partners["agent"].pk).update(licence_until=world.at.date() + timedelta(days=30))
    bank(world, "100.00")
    issued(world)
    ask(world)
    page = at_desk(name, language=language).get("/").content.decode()
    assert of_the_other_language(page, language, world, "试行办法", "试行流程", "A trial rule", "A procedure") == []


@pytest.mark.parametrize("name", ["finance", "director", "agent_owner"])
def test_thirty_things_take_as_many_statements_as_a_few(world: World, at_desk: SitDown, name: str) -> None:
    def fill(first: int, many: int) -> None:
        for at in range(first, first + many):
            sent_back = ask(world, subject=at)
            decide_step(sent_back.pk, Answer(step_of(sent_back).pk, "send_back", "请补充"), by=world.who("deputy"), at=world.at)
            world.submit("agent", {2: 1})

    bank(world, "100.00")
    fill(1, 2)
    browser = at_desk(name)
    browser.get("/")
    with counted() as few:
        browser.get("/")
    fill(100, 30)
    with counted() as many:
        browser.get("/")
    assert len(many) == len(few)


@pytest.mark.parametrize("tab", ["statements", "specials", "holds", "history", "grades", "money", "receipts", "requests", "overview"])
def test_the_tabs_of_a_partner_open_for_both_sides(world: World, at_desk: SitDown, tab: str) -> None:
    statement = issued(world)
    for name in ("manager", "agent_clerk"):
        answer = at_desk(name).get(f"/partners/agent/?tab={tab}")
        assert answer.status_code == 200
        assert tab != "statements" or statement.number in answer.content.decode()
    assert at_desk("other_agent_owner").get(f"/partners/agent/?tab={tab}").status_code in (403, 404)
