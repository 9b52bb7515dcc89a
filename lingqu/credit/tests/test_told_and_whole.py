"""Who is told that its credit changed, who collected for whom, and lists that go out whole."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from sys import modules

import pytest
from python_calamine import CalamineWorkbook

from lingqu.credit.actions import NewNote, change_grade, follow_table, lower_limit, note_collection, open_line
from lingqu.credit.models import Batch, CollectionNote, SupplyHold
from lingqu.credit.queries import branch_rows, feed_of_balances, hold_in_force, open_holds_of
from lingqu.credit.states import CollectionKind
from lingqu.credit.tests.purse import Purse
from lingqu.credit.tests.test_following import with_limit
from lingqu.credit.tests.test_proposals import lend
from lingqu.notices.models import Notice
from lingqu.organisation.actions import enter_person, give_post, open_firm
from lingqu.organisation.states import FirmKind, PostCode
from tests.pages import SitDown, spoken
from tests.world import START, World, _take_on


def told(world: World, who: str) -> list[tuple[str, str, str]]:
    """What a person was told about credit: the title in both languages, and where it leads."""
    found = Notice.objects.filter(person=world.people[who], kind="credit").order_by("id")
    return list(found.values_list("title_zh", "title_en", "link"))


# ------------------------------------------------------------------------------------------------------------------ notices


def test_the_partner_s_owner_is_told_that_the_limit_was_lowered_and_not_why(world: World) -> None:
    lower_limit(
        world.lines["agent"].pk, limit=Decimal("120000.00"), reason="回款放慢", regulation=world.regulation, by=world.who("finance"),
        at=world.at,
    )  # fmt: skip
    (said,) = told(world, "agent_owner")
    assert ("120,000.00" in said[0], "120,000.00" in said[1], said[2]) == (True, True, "/partners/agent/")
    assert not Notice.objects.filter(body_zh__contains="回款放慢").exists()
    assert told(world, "other_agent_owner") == []


def test_the_partner_s_owner_is_told_its_new_grade_and_what_it_allows(world: World) -> None:
    line = world.lines["agent"]
    before = line.grade
    change_grade(line.pk, grade="C", reason="经营异常", regulation=world.regulation, by=world.who("director"), at=world.at)
    assert [one[:2] for one in told(world, "agent_owner")] == [
        (f"您的信用等级由 {before} 改为 C", f"Your credit grade was changed from {before} to C")
    ]
    terms = world.regulation.parameters.grades["C"]
    notice = Notice.objects.get(person=world.people["agent_owner"], kind="credit")
    assert f"额度 {terms.limit:,} 元，至多 {terms.max_open_batches} 批未结" in notice.body_zh
    assert notice.body_en == "The limit is 50,000.00 yuan, at most 1 open batch; accepted requests are not touched."


def test_the_partner_s_owner_is_told_once_when_the_table_of_grades_moves_its_limit(world: World) -> None:
    regulation = with_limit(world, "A", "320000.00", 3)
    for _ in range(2):
        follow_table(regulation=regulation, at=world.at)
    assert told(world, "agent_owner") == [
        ("您的信用额度改为 320,000.00 元", "Your credit limit is 320,000.00 yuan now", "/partners/agent/")
    ]
    assert told(world, "other_agent_owner") == []


# ------------------------------------------------------------------------------------------------------------------ stand-ins


@pytest.mark.parametrize(
    ("absent", "post"), [("representative", PostCode.REPRESENTATIVE), ("finance", PostCode.FINANCE), ("director", PostCode.DIRECTOR)]
)
def test_a_note_says_for_whom_a_stand_in_collected(world: World, at_desk: SitDown, absent: str, post: PostCode) -> None:
    stand_in = "deputy"
    lend(world, absent, stand_in, post)
    new = NewNote(CollectionKind.CALL, "电话催收")
    note = note_collection(world.lines["agent"].pk, new, by=world.who(stand_in), at=world.at)
    assert (note.made_by, note.made_for) == (world.people[stand_in], world.people[absent])
    for language, words in (("zh", f"{stand_in}（代 {absent}）：电话催收"), ("en", f"{stand_in} (for {absent}): 电话催收")):
        assert words in spoken(at_desk("finance", language=language).get("/credit/collection/agent/").content.decode())


def test_who_may_collect_by_a_post_of_their_own_acts_for_nobody(world: World) -> None:
    lend(world, "director", "representative", PostCode.DIRECTOR)
    lend(world, "representative", "finance", PostCode.REPRESENTATIVE)
    for who in ("representative", "finance", "director"):
        note_collection(world.lines["agent"].pk, NewNote(CollectionKind.CALL, who), by=world.who(who), at=world.at)
    assert list(CollectionNote.objects.values_list("made_for", flat=True)) == [None] * 3


# ------------------------------------------------------------------------------------------------------------------ at once


def test_waiting_money_that_pays_what_is_overdue_lets_goods_leave_at_once(world: World) -> None:
    purse = Purse(world)
    purse.open("100.00")
    purse.receive("100.00")
    purse.open("60.00")
    batch = purse.batch(2)
    Batch.objects.filter(pk=batch.pk).update(triggered_due_on=world.at.date() - timedelta(days=40))
    purse.credit(1, "60.00")
    today = world.at.date()
    assert (purse.waits, hold_in_force(purse.line.pk, on=today) is not None) == ("60.00", True)
    purse.open("30.00")
    assert (purse.state()[2], purse.waits, hold_in_force(purse.line.pk, on=today)) == (("0.00", True), "0.00", None)


def test_a_batch_that_opens_makes_nothing_overdue_today(world: World) -> None:
    purse = Purse(world)
    most = world.regulation.parameters.grades[purse.line.grade].due_after_batches
    for _ in range(most + 1):
        purse.open("10.00")
    due = purse.batch(1).triggered_due_on
    assert due is not None
    assert (due >= world.at.date(), SupplyHold.objects.count()) == (True, 0)


# ------------------------------------------------------------------------------------------------------------------ whole lists


def sheet_of(browser: object, key: str) -> list[list[object]]:
    """The rows of a list's workbook, heads and totals included."""
    content = b"".join(browser.get(f"/exports/new/{key}", follow=True))  # type: ignore[attr-defined]
    return [list(row) for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()]


def test_a_receipt_that_was_taken_back_keeps_nothing_in_any_list(world: World, at_desk: SitDown) -> None:
    purse = Purse(world)
    gone, stays = purse.receive("70.00"), purse.receive("30.00")
    purse.reverse(gone)
    browser = at_desk("finance")
    page = browser.get("/receipts/")
    assert {row.number: row.unapplied for row in page.context["rows"]} == {gone.number: Decimal("0.00"), stays.number: Decimal("30.00")}
    rows = sheet_of(browser, "receipts")
    head = next(row for row in rows if "未核销（元）" in row)
    of = {str(row[0]): dict(zip(head, row, strict=True)) for row in rows}
    assert [of[one.number]["未核销（元）"] for one in (gone, stays)] == [0.0, 30.0]
    assert [of[one.number]["已冲回（元）"] for one in (gone, stays)] == [70.0, 0.0]
    total = rows[-1]
    assert [total[head.index(one)] for one in ("金额（元）", "已核销（元）", "未核销（元）", "已冲回（元）")] == [100.0, 0.0, 30.0, 70.0]
    assert "冲回" in spoken(browser.get("/partners/agent/?tab=receipts").content.decode())


def test_a_branch_is_read_page_by_page_and_none_is_left_out(world: World) -> None:
    agent = world.firms["agent"]
    for place in range(4):
        _take_on(world, f"shop{place}", agent, FirmKind.RETAILER, "C", director="agent_owner", at=world.at)
    whole = branch_rows(agent.pk)
    found, last = [], None
    while page := branch_rows(agent.pk, after=last, most=2):
        found += page
        last = page[-1].line
    assert (len(whole), [one.line for one in found]) == (5, [one.line for one in whole])


def test_the_page_of_a_branch_says_how_many_there_are_and_leads_to_the_next(
    world: World, at_desk: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(3):
        _take_on(world, f"shop{place}", world.firms["agent"], FirmKind.RETAILER, "C", director="agent_owner", at=world.at)
    for module, name in (("terms", "ROWS"), ("terms_table", "A_PAGE")):
        monkeypatch.setattr(modules[f"lingqu.credit.views.{module}"], name, 3)
    browser = at_desk("agent_owner")
    first = browser.get("/branch/terms/")
    assert "本页 3 行，共 4 行" in spoken(first.content.decode())
    second = browser.get(f"/branch/terms/{first.context['next_url']}")
    codes = [row["code"] for page in (first, second) for row in page.context["rows"]]
    assert (sorted(codes), second.context["next_url"]) == (["retailer", "shop0", "shop1", "shop2"], "")
    assert {row[0] for row in sheet_of(browser, "branch_terms")} >= set(codes)
    assert browser.get("/branch/terms/?after=x").status_code in (400, 404, 422)


def test_all_holds_go_out_however_many_the_page_shows(world: World, at_desk: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("agent", "other_agent", "cash_agent"):
        line, days = world.lines[who], {"agent": 5, "other_agent": None, "cash_agent": 5}[who]
        SupplyHold.objects.create(
            line=line, number=f"GK-{who}", cause="overdue" if days else "solvency", level="delay", state="in_force", reason="x",
            amount=Decimal(1), oldest_due_on=world.at.date() - timedelta(days=days) if days else None, deadline=world.at.date(),
            set_at=world.at, regulation=world.regulation.reference,
        )  # fmt: skip
    today = world.at.date()
    whole = [card.number for card in open_holds_of(world.hq.pk, on=today)]
    found, last = [], None
    while page := open_holds_of(world.hq.pk, on=today, after=last, most=1):
        found += [card.number for card in page]
        last = page[-1]
    assert (found, whole[-1]) == (whole, "GK-other_agent")
    monkeypatch.setattr("lingqu.credit.sheets.A_PAGE", 1)
    out = [str(row[0]) for row in sheet_of(at_desk("finance"), "holds")]
    assert [number for number in out if number in whole] == whole


def test_balances_of_one_code_at_two_sellers_follow_each_other(world: World) -> None:
    """The agent buys from a second headquarters: both lines are its own, under its one code."""
    other = open_firm("另一家", code="HQ2", kind=FirmKind.HQ, parent=None, since=START, levels=4, at=world.at, by=None)
    head = enter_person("other_director", firm=other, at=world.at, by=None)
    give_post(head, PostCode.DIRECTOR, firm=other, since=START, at=world.at, by=None)
    world.people["other_director"] = head
    open_line(
        other, world.firms["agent"], grade="B", regulation=world.regulation, reason="试销", by=world.who("other_director"), at=world.at
    )  # fmt: skip
    owner, today = world.who("agent_owner"), world.at.date()
    whole = feed_of_balances(owner, on=today, tolerance_days=0, most=99)
    found, last = [], ("", 0)
    while page := feed_of_balances(owner, on=today, tolerance_days=0, after=last, most=1):
        found += page
        last = (page[-1].buyer, page[-1].line)
    assert [(one.seller, one.buyer) for one in found] == [(one.seller, one.buyer) for one in whole]
    assert [one.seller for one in found if one.buyer == "agent"] == ["HQ", "HQ2"]
