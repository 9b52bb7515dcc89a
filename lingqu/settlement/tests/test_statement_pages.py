"""The pages of statements: the month, one partner's for any day, PDF, Excel, the frozen file; who sees what, and both answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from sys import modules
from time import monotonic

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from lingqu.credit.actions import NewReceipt, credit_batch, enter_receipt
from lingqu.credit.models import CreditLine
from lingqu.credit.states import CreditCause
from lingqu.settlement.actions import issue_statement
from lingqu.settlement.models import Statement, StatementDispute
from lingqu.settlement.queries import month_rows, statement_of
from lingqu.settlement.rules import read_canonical
from tests.databases import look_at_tables
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.promises.test_statement_sums import BEGAN, DAYS, generate
from tests.world import World

DECEMBER = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
OWN = "/partners/agent/statement"


def bought(world: World, copies: int = 10) -> None:
    world.accept(world.submit("agent", {0: copies}))


def issued(world: World) -> Statement:
    """November of the agent, issued in December."""
    bought(world)
    world.pay("agent", "100.00")
    world.at = DECEMBER
    month = datetime(2026, 11, 1, tzinfo=UTC).date()
    return issue_statement(world.lines["agent"].pk, month, regulation=world.regulation, by=world.who("finance"), at=world.at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_month_and_the_statement_speak_one_language(world: World, at_desk: SitDown, language: str) -> None:
    issued(world)
    for who, addresses in (
        ("finance", ("/statements/?month=2026-11", f"{OWN}?month=2026-11", f"{OWN}?on=2026-11-23")),
        ("agent_owner", (f"{OWN}?month=2026-11",)),
    ):
        for address in addresses:
            html = at_desk(who, language=language).get(address).content.decode()
            assert of_the_other_language(html, language, world, "伍佰贰拾肆元整", "PDF", "Excel") == []


def test_finance_sees_the_month_issues_it_and_hands_it_out(world: World, at_desk: SitDown) -> None:
    bought(world)
    world.at = DECEMBER
    browser = at_desk("finance")
    page = browser.get("/statements/?month=2026-11")
    assert "624.00" in spoken(page.content.decode())
    browser.post("/statements/issue", {"month": "2026-11"})
    assert [one.closing for one in Statement.objects.all()] == [page.context["sum"]]
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get("/exports/new/statements?month=2026-11").content))
    assert 624.0 in [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]


def test_a_partner_without_dealings_has_nothing_to_state(world: World, at_desk: SitDown) -> None:
    issued(world)
    page = at_desk("finance").get("/statements/?month=2026-11")
    assert {one["row"].code: (bool(one["statement"]), one["words"].en) for one in page.context["rows"]} == {
        "agent": (True, "To be confirmed"), "other_agent": (False, "Nothing to state"), "cash_agent": (False, "Nothing to state"),
    }  # fmt: skip
    world.submit("other_agent", {0: 1})
    assert [row.code for row in month_rows(world.hq.pk, date(2026, 12, 1), date(2026, 12, 2)) if row.quiet] == ["cash_agent", "other_agent"]
    world.pay("cash_agent", "1.00")
    rows = month_rows(world.hq.pk, date(2026, 12, 1), date(2026, 12, 2))
    assert {row.code: row.quiet for row in rows} == {"agent": False, "other_agent": True, "cash_agent": False}


def test_more_partners_than_a_page_shows_are_told_and_all_go_out(world: World, at_desk: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    issued(world)
    monkeypatch.setattr(modules["lingqu.settlement.views.statements"], "MOST_SHOWN", 2)
    browser = at_desk("finance")
    page = browser.get("/statements/?month=2026-11")
    assert (len(page.context["rows"]), "前 2 个客户合计；其余请按名称查找" in spoken(page.content.decode())) == (2, True)
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get("/exports/new/statements?month=2026-11").content))
    out = {cell for row in book.get_sheet_by_index(0).to_python() for cell in row}
    assert {"agent", "other_agent", "cash_agent"} <= out


def test_who_is_to_answer_is_told_from_the_reader_s_side(world: World, at_desk: SitDown) -> None:
    issued(world)
    told = {who: spoken(at_desk(who).get(f"{OWN}?month=2026-11").content.decode()) for who in ("finance", "agent_owner", "agent_clerk")}
    sides = {who: ("待对方确认" in page, "待我方确认" in page, "由本单位负责人确认无误" in page) for who, page in told.items()}
    assert sides == {"finance": (True, False, False), "agent_owner": (False, True, False), "agent_clerk": (False, True, True)}


def test_a_credit_says_what_it_was_given_for_on_the_page_and_in_the_workbook(world: World, at_desk: SitDown) -> None:
    asked = world.submit("agent", {0: 10})
    world.accept(asked)
    assert asked.order
    credit_batch(
        asked.order, Decimal("12.00"), cause=CreditCause.RETURNED, reason="退回破损", regulation=world.regulation,
        by=world.who("finance"), at=world.at,
    )  # fmt: skip
    browser = at_desk("agent_owner")
    assert "贷项 退货" in spoken(browser.get(f"{OWN}?month=2026-11").content.decode())
    sheets = CalamineWorkbook.from_filelike(BytesIO(browser.get(f"{OWN}/excel?month=2026-11").content))
    assert "贷项，退货" in [cell for row in sheets.get_sheet_by_index(0).to_python() for cell in row]


def test_the_frozen_file_has_the_hash_and_the_papers_come(world: World, at_desk: SitDown) -> None:
    statement = issued(world)
    browser = at_desk("agent_owner")
    kept = browser.get(f"{OWN}/file?month=2026-11").content
    assert sha256(kept).hexdigest() == statement.sha256
    assert json.loads(kept)["closing"] == "524.00"
    assert browser.get(f"{OWN}/pdf?month=2026-11").content.startswith(b"%PDF")
    sheets = CalamineWorkbook.from_filelike(BytesIO(browser.get(f"{OWN}/excel?month=2026-11").content))
    assert 524.0 in [cell for row in sheets.get_sheet_by_index(0).to_python() for cell in row]


def test_an_answered_objection_comes_back_to_the_partner_to_agree(world: World, at_desk: SitDown) -> None:
    issued(world)
    partner, finance = at_desk("agent_owner"), at_desk("finance")

    def told() -> tuple[bool, set[str]]:
        """Whether it stands at the partner's home, and how all others call it."""
        pages = [partner.get(f"{OWN}?month=2026-11"), finance.get(f"{OWN}?month=2026-11")]
        rows = finance.get("/statements/?month=2026-11").context["rows"]
        listed = [row["words"].en for row in rows if row["row"].code == "agent"]
        tabs = [browser.get("/partners/agent/?tab=statements").context["statements"] for browser in (partner, finance)]
        on_tabs = [row["state_text"].en for tab in tabs for row in tab]
        at_home = f'href="{OWN}?month=2026-11"' in partner.get("/").content.decode()
        return at_home, {page.context["words"].en for page in pages} | {*listed, *on_tabs}

    assert told() == (True, {"To be confirmed", "To be confirmed by us"})
    partner.post(f"{OWN}/dispute", {"month": "2026-11", "place": "", "kind": "price", "text": "折扣不对"})
    assert told() == (False, {"Disputed"})
    finance.post(f"{OWN}/answer", {"month": "2026-11", "dispute": StatementDispute.objects.get().pk, "text": "按合同 65 折"})
    assert told() == (True, {"Objections answered, to be confirmed"})
    partner.post(f"{OWN}/agree", {"month": "2026-11"})
    assert told() == (False, {"Agreed"})


def test_a_partner_objects_finance_answers_the_partner_agrees(world: World, at_desk: SitDown) -> None:
    statement = issued(world)
    partner, finance = at_desk("agent_owner"), at_desk("finance")
    place = read_canonical(statement.content).lines[0].place
    wrong = partner.post(f"{OWN}/dispute", {"month": "2026-11", "place": place, "kind": "price", "text": "长" * 401})
    assert (wrong.status_code, "长" * 401 in wrong.content.decode()) == (422, True)
    partner.post(f"{OWN}/dispute", {"month": "2026-11", "place": place, "kind": "price", "text": "折扣不对"})
    dispute = StatementDispute.objects.get()
    assert "折扣不对" in spoken(finance.get(f"{OWN}?month=2026-11").content.decode())
    finance.post(f"{OWN}/answer", {"month": "2026-11", "dispute": dispute.pk, "text": "按合同 65 折"})
    partner.post(f"{OWN}/agree", {"month": "2026-11"})
    statement.refresh_from_db()
    assert statement.state == "agreed"


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("representative", "/statements/", 403),
        ("agent_clerk", "/statements/", 403),
        ("other_agent_owner", OWN, 404),
        ("retailer_owner", OWN, 404),
        ("agent_clerk", OWN, 200),
        ("representative", OWN, 200),
        ("agent_owner", "/partners/retailer/statement", 200),
        ("finance", "/partners/retailer/statement", 404),
        ("finance", "/partners/no-such/statement", 404),
        ("finance", f"{OWN}?month=2026-13", 422),
        ("finance", f"{OWN}?month=2027-06", 422),
        ("finance", f"{OWN}?on=2026-02-30", 422),
        ("finance", f"{OWN}?on=2999-01-01", 422),
        ("finance", f"{OWN}?month=2026-11&known=2999-01-01", 422),
        ("finance", f"{OWN}?month=2026-11&known=x", 422),
        ("finance", f"{OWN}?on=2026-11-20&known=2026-11-19", 422),
        ("finance", f"{OWN}/file?month=2026-10", 404),
    ],
)
def test_who_sees_what_and_days_that_cannot_be(world: World, at_desk: SitDown, who: str, address: str, status: int) -> None:
    assert at_desk(who).get(address).status_code == status


def test_pages_ask_the_database_the_same_for_one_row_and_for_thirty(world: World, at_desk: SitDown) -> None:
    bought(world, 1)
    browser = at_desk("finance")
    addresses = ("/statements/?month=2026-11", f"{OWN}?month=2026-11")
    asked = []
    for more in (0, 30):
        for _ in range(more):
            world.pay("agent", "1.00")
        for address in addresses:
            browser.get(address)
            with counted() as sent:
                assert browser.get(address).status_code == 200
            asked.append(len(sent))
    assert asked[:2] == asked[2:]


def test_a_month_list_narrows_by_words_and_state(world: World) -> None:
    issued(world)
    month, until = datetime(2026, 11, 1, tzinfo=UTC).date(), datetime(2026, 11, 30, tzinfo=UTC).date()
    seller = world.hq.pk
    found = [
        [row.code for row in month_rows(seller, month, until, words=words, state=state)]
        for words, state in (("other", ""), ("", "issued"), ("", "agreed"))
    ]
    assert found == [["other_agent"], ["agent"], []]
    assert "agent" not in [row.code for row in month_rows(seller, month, until, state="none")]


@pytest.mark.soak
def quickest(do: Callable[[], object]) -> float:
    """Return the seconds of the quickest of three: what else the machine does at that moment counts least there."""
    took = []
    for _ in range(3):
        began = monotonic()
        do()
        took.append(monotonic() - began)
    return min(took)


def test_ten_thousand_movements_of_one_partner_read_within_a_second(world: World, at_desk: SitDown) -> None:
    line = CreditLine.objects.select_related("seller", "buyer").get(pk=world.lines["agent"].pk)
    generate([line], 10_000, world.regulation.reference)
    look_at_tables(connection.settings_dict["NAME"])
    whole = BEGAN, BEGAN + timedelta(days=DAYS - 1)
    content = statement_of(line, *whole)
    read = quickest(lambda: statement_of(line, *whole))
    browser = at_desk("agent_owner")
    assert browser.get(f"{OWN}?month=2026-09").status_code == 200
    page = quickest(lambda: browser.get(f"{OWN}?month=2026-09"))
    assert (len(content.lines), max(read, page) < 1) == (10_000, True), (read, page)


def test_as_it_was_known_on_a_day_stands_apart_from_what_was_entered_since(world: World, at_desk: SitDown) -> None:
    bought(world)
    world.at = DECEMBER
    late = NewReceipt(world.lines["agent"].pk, "late", Decimal("50.00"), date(2026, 11, 30))
    receipt = enter_receipt(late, regulation=world.regulation, by=world.who("finance"), at=world.at)
    browser = at_desk("agent_owner")
    page = browser.get(f"{OWN}?month=2026-11&known=2026-12-01")
    assert (page.context["content"].closing, len(page.context["since"])) == (Decimal("624.00"), 1)
    assert receipt.number in page.content.decode()
    assert "此后补记" in page.content.decode()
    now = browser.get(f"{OWN}?month=2026-11")
    assert (now.context["content"].closing, "12-02 录入" in spoken(now.content.decode())) == (Decimal("574.00"), True)
    december = browser.get(f"{OWN}?month=2026-12")
    assert (december.context["content"].opening, "补记" in december.content.decode()) == (Decimal("624.00"), True)
    for kind in ("pdf", "excel"):
        assert browser.get(f"{OWN}/{kind}?month=2026-11&known=2026-12-01").status_code == 200
    up_to = browser.get(f"{OWN}?month=2026-11&known=2026-11-25")
    assert (up_to.status_code, up_to.context["content"].until) == (200, date(2026, 11, 25))


def test_a_long_statement_comes_in_pages_that_carry_their_balance(world: World, at_desk: SitDown) -> None:
    for _ in range(201):
        world.pay("agent", "1.00")
    browser = at_desk("finance")
    first, second = (browser.get(f"{OWN}?month=2026-11&page={page}") for page in (1, 2))
    assert [len(one.context["rows"]) for one in (first, second)] == [200, 1]
    assert (second.context["carried"], second.context["rows"][0]["line"].balance) == (Decimal("-200.00"), Decimal("-201.00"))
    assert ("page=2" in first.content.decode(), "承前页" in second.content.decode()) == (True, True)
    assert [len(browser.get(f"{OWN}?month=2026-11&page={page}").context["rows"]) for page in ("9999", "x", "-1")] == [1, 200, 200]


def test_goods_that_left_stand_on_the_page_and_in_the_workbook(world: World, at_desk: SitDown) -> None:
    asked = world.submit("agent", {0: 100})
    world.accept(asked)
    world.ship(asked)
    browser = at_desk("agent_owner")
    page = browser.get(f"{OWN}?month=2026-11")
    (sent,) = page.context["content"].on_the_way
    assert (sent.copies, sent.net, sent.delivery in page.content.decode()) == (100, Decimal("6240.00"), True)
    sheets = CalamineWorkbook.from_filelike(BytesIO(browser.get(f"{OWN}/excel?month=2026-11").content))
    assert sent.delivery in [cell for row in sheets.get_sheet_by_index(2).to_python() for cell in row]
