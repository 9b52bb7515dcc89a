"""A count by page and by workbook: begun, entered, sent, booked; and who may."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from lingqu.inventory.actions import take_goods_in
from lingqu.inventory.models import GoodsIn, StockCount, Warehouse
from lingqu.inventory.queries import stock_of
from lingqu.inventory.rules import Label
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

PATH = "/stock/counts/"


def begun(at_desk: SitDown, **more: str) -> StockCount:
    at_desk("warehouse").post(f"{PATH}new", {"there": "on"} | more)
    return StockCount.objects.latest("id")


def item(world: World, place: int) -> int:
    return int(stock_of(world.hq.pk).get(product=world.products[place]).pk)


def sheet(rows: Sequence[Sequence[object]]) -> SimpleUploadedFile:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return SimpleUploadedFile("盘点.xlsx", content.getvalue())


def test_a_count_is_begun_entered_and_ends_without_a_difference(world: World, at_desk: SitDown) -> None:
    count = begun(at_desk, words="QH26-100")
    browser = at_desk("warehouse")
    page = spoken(browser.get(f"{PATH}{count.number}/").content.decode())
    assert "0 / 1 个品种" in page
    assert "10,000" not in page
    browser.post(f"{PATH}{count.number}/", {f"counted-{item(world, 0)}": "１０,０００"})
    browser.post(f"{PATH}{count.number}/send")
    count.refresh_from_db()
    assert count.state == "booked"
    # What differs is shown first, and all titles where they are asked for.
    assert "没有符合条件的品种" in spoken(browser.get(f"{PATH}{count.number}/").content.decode())
    assert "QH26-100" in spoken(browser.get(f"{PATH}{count.number}/?q=&state=").content.decode())


def test_differences_are_shown_and_sent(world: World, at_desk: SitDown) -> None:
    count = begun(at_desk)
    browser = at_desk("warehouse")
    sent = {f"counted-{item(world, place)}": "9990" for place in range(3)} | {f"counted-{item(world, 3)}": "1000000"}
    browser.post(f"{PATH}{count.number}/", sent | {f"reason-{item(world, 0)}": "受潮"})
    page = spoken(browser.get(f"{PATH}{count.number}/?state=differ").content.decode())
    assert "3 个品种，盘盈 0 册，盘亏 30 册" in page
    browser.post(f"{PATH}{count.number}/send")
    count.refresh_from_db()
    assert (count.state, count.approval is not None) == ("asked", True)
    assert count.approval
    assert count.approval.number in at_desk("manager").get("/approvals/").content.decode()


def test_a_wrong_number_is_said_at_its_title_and_everything_stays(world: World, at_desk: SitDown) -> None:
    count = begun(at_desk)
    sent = {f"counted-{item(world, 0)}": "很多", f"counted-{item(world, 1)}": "77"}
    answer = at_desk("warehouse").post(f"{PATH}{count.number}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="很多"' in page
    assert 'value="77"' in page
    assert not count.lines.filter(counted__isnull=False).exists()


def test_the_sheet_goes_out_without_the_books_and_comes_back(world: World, at_desk: SitDown) -> None:
    count = begun(at_desk)
    browser = at_desk("warehouse")
    content = browser.get(f"{PATH}{count.number}/sheet").content
    table = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert table[0] == ["编号", "品种", "实盘册数", "差异原因"]
    assert [row[2] for row in table[1:5]] == ["", "", "", ""]
    filled = sheet([["青禾 盘点"], table[0], *([row[0], row[1], 9_999, "少一册"] for row in table[1:4])])
    browser.post(f"{PATH}{count.number}/file", {"file": filled})
    assert list(count.lines.filter(counted=9_999).values_list("reason", flat=True)) == ["少一册"] * 3


@pytest.mark.parametrize(
    "rows",
    [
        [["编号", "实盘册数"], ["QH26-100", "五"]],
        [["编号", "实盘册数"], ["QH26-100", 5], ["QH26-100", 6]],
        [["编号", "实盘册数"], ["QH26-100", 5], ["QH26-999", 6]],
        [["书名", "数量"], ["图集0", 5]],
    ],
)
def test_a_sheet_that_is_wrong_enters_nothing(world: World, at_desk: SitDown, rows: list[list[object]]) -> None:
    count = begun(at_desk)
    answer = at_desk("warehouse").post(f"{PATH}{count.number}/file", {"file": sheet(rows)})
    assert answer.status_code in {400, 422}
    assert ('id="file-error"' in answer.content.decode(), "没有办理" in answer.content.decode()) == (True, False)
    assert not count.lines.filter(counted__isnull=False).exists()


def test_others_look_on_and_partners_see_nothing(world: World, at_desk: SitDown) -> None:
    count = begun(at_desk)
    for who in ("director", "finance", "manager"):
        browser = at_desk(who)
        assert browser.get(f"{PATH}{count.number}/").status_code == 200
        assert browser.post(f"{PATH}{count.number}/", {f"counted-{item(world, 0)}": "1"}).status_code == 403
        assert browser.post(f"{PATH}{count.number}/send").status_code == 403
    for who in ("agent_owner", "agent_clerk", "retailer_owner"):
        assert at_desk(who).get(f"{PATH}{count.number}/").status_code == 404
        assert at_desk(who).get(PATH).status_code == 404


def test_the_lots_of_a_title_and_the_paper_are_shown(world: World, at_desk: SitDown) -> None:
    shelf = Warehouse.objects.get(firm=world.hq)
    label = Label("印2026-2", "第2版")
    paper = take_goods_in(shelf, {world.products[0]: 30}, received_on=world.at.date(), by=None, at=world.at, label=label)
    browser = at_desk("manager")
    page = spoken(browser.get(f"/stock/titles/{world.products[0].code}/").content.decode())
    assert "印2026-2 第2版" in page.replace("版次 ", "")
    assert "下一个出库" in page
    shown = spoken(browser.get(f"/stock/in/{paper.number}/").content.decode())
    assert "合计 1 个品种" in shown
    assert browser.get("/stock/titles/none/").status_code == 404
    assert browser.get("/stock/in/none/").status_code == 404
    assert GoodsIn.objects.filter(number=paper.number).exists()


def test_pages_of_counts_speak_one_language(world: World, at_desk: SitDown) -> None:
    count = begun(at_desk)
    for path in (PATH, f"{PATH}{count.number}/", f"/stock/titles/{world.products[0].code}/"):
        for language in ("zh", "en"):
            browser = at_desk("warehouse")
            browser.cookies["lingqu_language"] = language
            assert of_the_other_language(browser.get(path).content.decode(), language, world, "Excel", "CSV", "MB") == []


def test_a_count_is_shown_with_as_many_queries_at_1_and_at_100_titles(world: World, at_desk: SitDown) -> None:
    small = begun(at_desk, words="QH26-100")
    with counted() as few:
        at_desk("warehouse").get(f"{PATH}{small.number}/")
    at_desk("warehouse").post(f"{PATH}{small.number}/give-up", {"reason": "再来"})
    large = begun(at_desk)
    with counted() as many:
        at_desk("warehouse").get(f"{PATH}{large.number}/")
    assert len(many) == len(few)
