"""Lines of a return and of a transfer come as a workbook: understood or kept, nothing is lost; and both lists go out."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from lingqu.base.sheets import read_table
from lingqu.catalogue.actions import NewProduct, enter_products
from lingqu.catalogue.models import Product
from lingqu.returns.forms import typed as forms
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.tests.steps import agree, agreed_transfer, ask, count, propose, shipped
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.promises.test_no_formula_leaves import formulas
from tests.world import START, World

ISBN = "9787112345670"
HOSTILE = '=HYPERLINK("http://x.example","y")'


def workbook(rows: Sequence[Sequence[Any]], name: str = "退货.xlsx") -> SimpleUploadedFile:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    book.close()
    return SimpleUploadedFile(name, made.getvalue())


def form_of(world: World, *, buyer: str = "agent", **more: Any) -> dict[str, Any]:
    return {"key": "k-1", "buyer": buyer, "reason": "slow", "note": "清仓", **more}


def cells(page: str, world: World) -> list[str]:
    """What stands in the cells of copies of the world's titles."""
    found = []
    for product in world.products:
        part = page.split(f'name="copies-{product.pk}"')
        found.append(part[1].split('value="')[1].split('"')[0] if len(part) > 1 else "-")
    return found


def rows_of(answer: Any) -> list[list[Any]]:
    (sheet, *_) = read_table("x.xlsx", answer.content, most_rows=5_000, most_columns=60)
    return sheet.rows


def test_a_workbook_fills_the_form_by_number_isbn_and_name_and_is_looked_at_first(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100, 1: 50, 2: 50})
    Product.objects.filter(pk=world.products[1].pk).update(isbn=ISBN)
    rows: list[list[Any]] = [
        ["退货清单"],
        ["编号", "书号", "书名", "备注", "册数"],
        ["QH26-100", None, None, None, 5],
        [None, "978-7-112-34567-0", "", "", "２ 册"],
        [None, None, "图集2", None, 3],
        ["合计", None, None, None, 10],
    ]
    answer = at_desk("agent_owner").post("/returns/new", form_of(world, booklist=workbook(rows)))
    page = answer.content.decode()
    assert cells(page, world)[:3] == ["5", "2", "3"]
    assert "已填入 3 个品种，请核对后提交" in spoken(page)
    assert (answer.status_code, ReturnRequest.objects.count()) == (200, 0)


def test_what_is_not_recognised_stays_and_goes_back_in_red(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    browser = at_desk("agent_owner")
    rows: list[list[Any]] = [
        ["编号", "册数"],
        ["QH26-100", 5],
        ["QH26-10O", 7],
        ["XX-9", "很多"],
        ['=HYPERLINK("http://x.example","y")', 3],
    ]
    answer = browser.post("/returns/new", form_of(world, booklist=workbook(rows)))
    page = answer.content.decode()
    assert (answer.status_code, cells(page, world)[0]) == (422, "5")
    kept = page.split('id="paste"')[1].split(">", 1)[1].split("</textarea>")[0]
    assert kept.split("\n")[0].split("\t") == ["编号", "册数"]
    assert len(kept.strip().split("\n")) == 4
    left = browser.post("/returns/left", form_of(world, paste=html.unescape(kept)))
    assert formulas(left.content) == 0
    found = rows_of(left)
    assert [row[0] for row in found[1:]] == ["QH26-10O", "XX-9", HOSTILE]
    assert all(row[-1] for row in found)
    assert "图集" in str(found[1][-1])
    again = [[cell.replace("10O", "101") if isinstance(cell, str) else cell for cell in row[:2]] for row in found[:2]]
    answer = browser.post("/returns/new", form_of(world, booklist=workbook(again)))
    assert cells(answer.content.decode(), world)[1] == "7"
    assert not ReturnRequest.objects.exists()


def test_the_template_holds_what_was_shipped_and_is_read_again(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100, 1: 50})
    Product.objects.filter(pk=world.products[1].pk).update(isbn=ISBN)
    browser = at_desk("agent_owner")
    rows = rows_of(browser.get("/returns/template"))
    head = next(place for place, row in enumerate(rows) if row and row[0] == "编号")
    assert [row[:4] for row in sorted(rows[head + 1 :])] == [["QH26-100", None, "图集0", 100], ["QH26-101", ISBN, "图集1", 50]]
    filled: list[list[Any]] = [[str(cell) if cell is not None else None for cell in row] for row in rows]
    filled[head + 1] = [*[*filled[head + 1], None][:5], 4]
    page = browser.post("/returns/new", form_of(world, booklist=workbook(filled))).content.decode()
    assert sorted(cells(page, world)[:2]) == ["", "4"]


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03", b"PK\x03\x04broken", b""])
def test_what_is_no_table_is_told_at_its_field_and_nothing_is_lost(world: World, at_desk: SitDown, content: bytes) -> None:
    shipped(world, {0: 100})
    cell = {f"copies-{world.products[0].pk}": "9"}
    answer = at_desk("agent_owner").post("/returns/new", form_of(world, booklist=SimpleUploadedFile("x.xlsx", content), **cell))
    page = answer.content.decode()
    assert (answer.status_code, cells(page, world)[0], ReturnRequest.objects.count()) == (422, "9", 0)
    assert 'id="booklist-error"' in page


def test_a_file_waits_until_the_box_is_dealt_with(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    sent = form_of(world, paste="QH26-100 3", booklist=workbook([["编号", "册数"], ["QH26-101", 5]]))
    answer = at_desk("agent_owner").post("/returns/new", sent)
    assert (answer.status_code, "框里还有内容" in answer.content.decode()) == (422, True)
    assert "QH26-100 3" in answer.content.decode()


def test_titles_beyond_one_paper_stay_in_the_box(world: World, at_desk: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped(world, {0: 100, 1: 50})
    monkeypatch.setattr(forms, "MOST_LINES", 1)
    rows: list[list[Any]] = [["编号", "册数"], ["QH26-100", 5], ["QH26-101", 6], ["QH26-100", 1]]
    page = at_desk("agent_owner").post("/returns/new", form_of(world, booklist=workbook(rows))).content.decode()
    assert cells(page, world)[:2] == ["6", ""]
    assert "QH26-101\t6" in page.split('id="paste"')[1]


def test_so_much_that_is_not_recognised_is_refused_whole(world: World, at_desk: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped(world, {0: 100})
    monkeypatch.setattr(forms, "MOST_LIST", 60)
    rows: list[list[Any]] = [["编号", "册数"], ["QH26-100", 5], *[[f"XX-{place}", 5] for place in range(20)]]
    answer = at_desk("agent_owner").post("/returns/new", form_of(world, booklist=workbook(rows)))
    assert (answer.status_code, "太多了" in answer.content.decode(), cells(answer.content.decode(), world)[0]) == (422, True, "")


def test_a_transfer_takes_a_workbook_too(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    browser = at_desk("representative")
    template = rows_of(browser.get("/transfers/template?giver=agent"))
    assert any(row[:1] == ["QH26-100"] for row in template)
    rows: list[list[Any]] = [["编号", "册数"], ["QH26-100", 8], ["XX-1", 2]]
    sent = {"key": "k-2", "giver": "agent", "taker": "other_agent", "note": "调剂", "booklist": workbook(rows)}
    answer = browser.post("/transfers/new", sent)
    assert (answer.status_code, cells(answer.content.decode(), world)[0], Transfer.objects.count()) == (422, "8", 0)
    left = browser.post("/transfers/left", {"giver": "agent", "paste": "编号\t册数\nXX-1\t2"})
    assert [row[0] for row in rows_of(left)] == ["编号", "XX-1"]


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("agent_owner", "/returns/template?buyer=other_agent", 404),
        ("agent_owner", "/transfers/template?giver=other_agent", 403),
        ("warehouse", "/returns/template?buyer=agent", 403),
        ("finance", "/transfers/template?giver=agent", 403),
        ("representative", "/returns/template?buyer=nobody", 404),
        ("representative", "/returns/template?buyer=%00", 404),
        ("representative", "/returns/template?buyer=agent", 200),
    ],
)
def test_only_who_may_ask_gets_a_template(world: World, at_desk: SitDown, name: str, address: str, status: int) -> None:
    shipped(world, {0: 10}, buyer="other_agent")
    assert at_desk(name).get(address).status_code == status


def test_the_template_costs_as_many_statements_for_thirty_titles_as_for_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    sent = []
    for many in (1, 3):
        shipped(world, dict.fromkeys(range(many), 2))
        with counted() as statements:
            browser.get("/returns/template")
        sent.append(len(statements))
    assert sent[0] == sent[1]


def test_thirty_lines_of_a_file_cost_what_one_costs(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    new = [NewProduct(f"QH28-{place}", f"新图集{place}", "S", Decimal(58), START) for place in range(40)]
    enter_products(world.hq, new, by=None, at=world.at)
    browser = at_desk("agent_owner")
    sent = []
    for many in (2, 30):
        rows: list[list[Any]] = [["编号", "册数"], *[[f"QH28-{place}", 1] for place in range(many)]]
        with counted() as statements:
            browser.post("/returns/new", form_of(world, booklist=workbook(rows)))
        sent.append(len(statements))
    assert sent[0] == sent[1]


# ---- the lists


def test_returns_go_out_as_the_page_shows_them(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    shipped(world, {0: 100}, buyer="other_agent")
    one = count(world, agree(world, ask(world, {0: 5})), {1: 5})
    two = ask(world, {0: 3}, by="representative", buyer="other_agent")
    found = rows_of(at_desk("finance").get("/exports/new/returns"))
    assert [row[0] for row in found[1:]] == [two.number, one.number, "合计"]
    row = dict(zip(found[0], found[2], strict=False))
    assert (row["册数"], row["申请实洋（元）"], row["已冲减（元）"], row["状态"]) == (5, one.net, one.credited, "已入账")
    narrowed = rows_of(at_desk("finance").get("/exports/new/returns", {"state": "booked", "before": "1"}))
    assert [row[0] for row in narrowed[1:]] == [one.number, "合计"]
    assert [row[0] for row in rows_of(at_desk("agent_owner").get("/exports/new/returns"))[1:]] == [one.number, "合计"]


def test_transfers_go_out_and_a_partner_sees_no_reason_and_not_the_others_credit(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    first = agreed_transfer(world, {0: 5})
    second = propose(world, {0: 2})
    found = rows_of(at_desk("manager").get("/exports/new/transfers"))
    assert [row[0] for row in found[1:3]] == [second.number, first.number]
    assert found[2][-1] == "促销余量"
    (_, giver, *_), (_, taker, *_) = (rows_of(at_desk(name).get("/exports/new/transfers")) for name in ("agent_owner", "other_agent_owner"))
    assert (giver[0], taker[0]) == (first.number, first.number)
    heads = found[0]
    house, inside = dict(zip(heads, found[2], strict=False)), ("码洋（元）", "申请实洋（元）")
    assert [house[head] for head in inside] == [first.list_value, first.net]
    for partner in (giver, taker):
        told = dict(zip(heads, [*partner, *[None] * 14], strict=False))
        assert [told[head] for head in inside] == [None, None]
    assert dict(zip(heads, [*giver, *[None] * 14], strict=False))["调出方冲减（元）"] == 0
    assert dict(zip(heads, [*taker, *[None] * 14], strict=False))["调出方冲减（元）"] is None
    assert "促销余量" not in giver + taker


def test_hostile_words_leave_as_words(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    request = ask(world, {0: 5})
    ReturnRequest.objects.filter(pk=request.pk).update(note='=cmd|"/c calc"!A1')
    answer = at_desk("finance").get("/exports/new/returns")
    assert formulas(answer.content) == 0
    assert rows_of(answer)[1][-1] == '=cmd|"/c calc"!A1'


@pytest.mark.parametrize("key", ["returns", "transfers"])
def test_thirty_rows_of_a_list_cost_what_one_costs(world: World, at_desk: SitDown, key: str) -> None:
    shipped(world, {0: 500})
    browser = at_desk("director")
    sent = []
    found: list[list[Any]] = []
    for many in (1, 29):
        for _ in range(many):
            ask(world, {0: 1}) if key == "returns" else propose(world, {0: 1})
        with counted() as statements:
            found = rows_of(browser.get(f"/exports/new/{key}"))
        sent.append(len(statements))
    assert (len(found), sent[0]) == (32, sent[1])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", ["/returns/new?buyer=agent", "/transfers/new?giver=agent", "/returns/", "/transfers/"])
def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, address: str, language: str) -> None:
    shipped(world, {0: 10})
    page = at_desk("representative", language=language).get(address).content.decode()
    assert of_the_other_language(page, language, world, "Excel") == []
