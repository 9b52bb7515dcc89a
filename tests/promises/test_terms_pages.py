"""Pages of an agent's branch: the list, the form of owner and clerk, the document, the table, and what others see of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingqu.base.sheets import read_table
from lingqu.credit.models import RetailerTerms
from lingqu.organisation.states import FirmKind
from tests.pages import SitDown, spoken
from tests.promises.test_terms import give, limits
from tests.world import START, World, _take_on

LIST, FORM = "/branch/terms/", "/partners/retailer/terms"
TYPED = {"grade": "B", "limit": "120000", "batches": "2", "days": "45", "discount": "72.5", "reason": "回款准时"}


def test_the_owner_sets_terms_on_the_form(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    page = browser.get(FORM).content.decode()
    assert 'value="50000.00"' in page
    assert "立即生效" in page
    answer = browser.post(FORM, TYPED)
    made = RetailerTerms.objects.get()
    assert answer.headers["Location"] == f"/branch/terms/{made.number}/"
    assert (made.state, made.discount_bp, str(made.limit)) == ("applied", 7_250, "120000.00")
    words = spoken(browser.get(answer.headers["Location"]).content.decode())
    for one in ("已生效", "120,000.00 元", "72.5%", "45 天", "回款准时", "按折扣表"):
        assert one in words
    assert f">{made.number}<" in browser.get(LIST).content.decode()


def test_terms_that_others_took_the_place_of_read_replaced_and_not_over_their_day(world: World, at_desk: SitDown) -> None:
    older, _ = give(world), give(world, days=30)
    browser = at_desk("agent_owner")
    page = browser.get(f"/branch/terms/{older.number}/")
    assert (page.context["shape"]["state_text"].zh, "到期" in spoken(page.content.decode())) == ("已被替换", False)
    assert "已被替换" in spoken(browser.get(FORM).content.decode())


def test_a_clerk_asks_and_the_owner_finds_it_at_home(world: World, at_desk: SitDown) -> None:
    clerk = at_desk("agent_clerk")
    assert "提交负责人" in clerk.get(FORM).content.decode()
    clerk.post(FORM, TYPED)
    made = RetailerTerms.objects.get()
    assert made.state == "proposed"
    assert "待决定" in clerk.get(LIST).content.decode()
    home = spoken(at_desk("agent_owner").get("/").content.decode())
    assert "retailer公司：供货条件" in home
    at_desk("agent_clerk").post(f"/branch/terms/{made.number}/withdraw")
    made.refresh_from_db()
    assert made.state == "withdrawn"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("limit", "300000.01", "300,000.00"), ("limit", "很多", "不是金额"), ("batches", "3", "0 至 2"), ("days", "91", "1 至 90"),
        ("days", "-5", "不是整数"), ("discount", "69.99", "70%"), ("discount", "七折", "不是折扣"), ("reason", "", "请写明理由"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    world: World, at_desk: SitDown, field: str, value: str, words: str
) -> None:  # fmt: skip
    answer = at_desk("agent_owner").post(FORM, TYPED | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert words in spoken(page)
    assert all(text in page for name, text in TYPED.items() if name not in (field, "grade"))
    assert RetailerTerms.objects.count() == 0


def test_a_bound_names_its_clause(world: World, at_desk: SitDown) -> None:
    page = spoken(at_desk("agent_owner").post(FORM, TYPED | {"limit": "300000.01"}).content.decode())
    assert "额度最高 300,000.00 元。（M-15.1）" in page
    assert "折扣最低 M-17.1" in spoken(at_desk("agent_clerk").get(LIST).content.decode())


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("agent_clerk", LIST, 200), ("cash_agent_owner", LIST, 200), ("director", LIST, 404), ("retailer_owner", LIST, 404),
        ("other_agent_owner", FORM, 404), ("director", FORM, 404), ("retailer_owner", FORM, 404),
        ("agent_owner", "/partners/agent/terms", 404), ("director", "/partners/agent/terms", 404),
    ],
)  # fmt: skip
def test_wrong_people_find_nothing(world: World, at_desk: SitDown, name: str, path: str, status: int) -> None:
    assert at_desk(name).get(path).status_code == status


def test_the_retailer_sees_what_it_gets_and_not_why(world: World, at_desk: SitDown) -> None:
    asked = give(world, "agent_clerk")
    address = f"/branch/terms/{asked.number}/"
    assert at_desk("retailer_owner").get(address).status_code == 404
    world.sign(asked.approval_id or 0, "agent_owner")
    words = spoken(at_desk("retailer_clerk").get(address).content.decode())
    assert "80,000.00 元" in words
    assert "开春备货" not in words
    assert "agent_clerk" not in words.replace("agent_clerk公司", "")
    own = spoken(at_desk("retailer_clerk").get("/partners/retailer/").content.decode())
    assert "供货条件" in own
    assert "73%" in own
    assert [at_desk(name).get(address).status_code for name in ("director", "other_agent_owner")] == [404, 404]


def test_headquarters_sees_that_the_branch_is_there_and_no_money_of_it(world: World, at_desk: SitDown) -> None:
    give(world)
    world.accept(world.submit("retailer", {0: 100}), by="agent_owner")
    page = spoken(at_desk("manager").get("/partners/agent/").content.decode())
    assert "下级渠道" in page
    assert "1 家，证书合同齐备 1 家" in page
    assert "9,600.00" in page  # sold at list price
    assert "7,008.00" not in page  # 73 % of it, which the retailer owes the agent
    assert at_desk("manager").get("/partners/retailer/").status_code == 404
    assert "下级渠道" not in spoken(at_desk("agent_owner").get("/partners/agent/").content.decode())


def file_of(rows: Sequence[Sequence[Any]]) -> SimpleUploadedFile:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    page = book.add_worksheet()
    for row, cells in enumerate(rows):
        page.write_row(row, 0, cells)
    book.close()
    return SimpleUploadedFile("条件.xlsx", made.getvalue())


HEADS = ["编号", "零售商", "等级", "额度（元）", "未结批次", "账期（天）", "自定折扣（%）", "理由"]


def test_terms_come_in_by_a_table(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    sent = file_of([HEADS, ["retailer", "", "c", 80000, 2, 45, 73, "开春备货"]])
    where = browser.post("/imports/new/branch_terms", {"file": sent}).headers["Location"]
    assert RetailerTerms.objects.count() == 0
    browser.post(where, {"take": "1"}, follow=True)
    made = RetailerTerms.objects.get()
    assert (made.state, made.discount_bp, str(limits(world)[0])) == ("applied", 7_300, "80000.00")


def test_a_clerks_table_waits_for_the_owner(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_clerk")
    where = browser.post("/imports/new/branch_terms", {"file": file_of([HEADS, ["retailer", "", "C", 80000, 2, 45, "", "备货"]])})
    browser.post(where.headers["Location"], {"take": "1"}, follow=True)
    assert RetailerTerms.objects.get().state == "proposed"


def test_a_table_beyond_the_bounds_changes_nothing(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    rows: list[Sequence[Any]] = [HEADS, ["retailer", "", "C", "300000.01", 2, 45, 73, "备货"], ["agent", "", "C", 1, 2, 45, 73, "备货"]]
    where = browser.post("/imports/new/branch_terms", {"file": file_of(rows)}).headers["Location"]
    page = spoken(browser.get(where).content.decode())
    assert "agent" in page
    browser.post(where, {"take": "1"}, follow=True)
    assert RetailerTerms.objects.count() == 0


def test_the_list_goes_out_and_comes_back_without_a_change(world: World, at_desk: SitDown) -> None:
    give(world)
    browser = at_desk("agent_owner")
    sent = b"".join(browser.get("/exports/new/branch_terms", follow=True))  # type: ignore[call-overload]
    (sheet, *_) = read_table("条件.xlsx", sent, most_rows=50, most_columns=20)
    flat = [str(cell) for row in sheet.rows for cell in row if cell is not None]
    assert {"retailer", "C", "73"} <= set(flat)
    where = browser.post("/imports/new/branch_terms", {"file": SimpleUploadedFile("条件.xlsx", sent)}).headers["Location"]
    browser.post(where, {"take": "1"}, follow=True)
    assert RetailerTerms.objects.count() == 1


def test_the_list_costs_the_same_at_one_and_at_thirty_retailers(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    browser.get(LIST)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get(LIST)
        return len(asked)

    before = queries()
    for place in range(29):
        _take_on(world, f"shop{place}", world.firms["agent"], FirmKind.RETAILER, "C", director="agent_owner", at=world.at)
    assert (queries(), world.at.date() > START) == (before, True)


def test_english_is_complete(world: World, at_desk: SitDown) -> None:
    made = give(world)
    browser = at_desk("agent_owner", language="en")
    for path in (LIST, FORM, f"/branch/terms/{made.number}/"):
        words = spoken(browser.get(path).content.decode())
        assert "Terms" in words
