"""Tables that come in: looked at first, errors by cell, the same file back with reasons, all or nothing, once (P17)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from lingqu.base.sheets import read_table
from lingqu.catalogue.models import ListPrice, Product
from lingqu.catalogue.queries import priced_products
from lingqu.documents.models import ImportFile
from lingqu.documents.states import ImportState
from lingqu.inventory.models import GoodsIn
from lingqu.inventory.queries import stock_of
from tests.pages import SitDown
from tests.world import World

HEADS = ["编号", "名称", "专业", "定价", "执行日"]


def file_of(rows: Sequence[Sequence[Any]], name: str = "定价.xlsx") -> SimpleUploadedFile:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": datetime(2026, 11, 22)})  # noqa: DTZ001 - Excel knows no zones
    page = book.add_worksheet()
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            page.write(row, column, value)
    book.close()
    return SimpleUploadedFile(name, made.getvalue())


def rows_of_prices(world: World) -> list[list[Any]]:
    later = world.at.date() + timedelta(days=30)
    return [
        ["2027 年定价"],
        HEADS,
        ["QH27-001", "新图集", "结构", "58.50", "2026.12.1"],
        ["QH26-100", "图集0", "S", 98, later],
        ["QH26-101", "图集1", "Structures", 128, later],
        ["合计", None, None, 3],
    ]


def test_titles_and_prices_are_looked_at_and_then_taken_over_once(world: World, at_desk: SitDown) -> None:
    browser = at_desk("researcher")
    sent = file_of(rows_of_prices(world))
    where = browser.post("/imports/new/titles", {"file": sent}).headers["Location"]
    page = browser.get(where).content.decode()
    assert "QH27-001" in page
    assert (Product.objects.count(), ImportFile.objects.get().state) == (len(world.products), ImportState.LOOKED_AT)
    page = browser.post(where, {"take": "1"}, follow=True).content.decode()
    assert "新建 1 个品种，新定价 1 个，不变 1 个。" in page
    new = Product.objects.get(code="QH27-001")
    assert (new.name, new.discipline.code, new.list_prices.get().since) == ("新图集", "S", date(2026, 12, 1))
    prices: dict[str, Decimal] = dict(priced_products(world.hq.pk, on=world.at.date()).values_list("code", "list_price"))  # type: ignore[misc]
    after = world.at.date() + timedelta(days=30)
    later: dict[str, Decimal] = dict(priced_products(world.hq.pk, on=after).values_list("code", "list_price"))  # type: ignore[misc]
    assert (prices["QH26-100"], later["QH26-100"], later["QH26-101"]) == (96, 98, 128)
    counts = (Product.objects.count(), ListPrice.objects.count())
    browser.post(where, {"take": "1"})
    assert browser.post("/imports/new/titles", {"file": file_of(rows_of_prices(world))}).headers["Location"] == where
    again = browser.post("/imports/new/titles", {"file": file_of([*rows_of_prices(world), [None]], "another.xlsx")}).headers["Location"]
    browser.post(again, {"take": "1"})
    assert (Product.objects.count(), ListPrice.objects.count()) == counts


def test_what_is_wrong_is_told_by_cell_and_comes_back_in_red(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    yesterday = world.at.date() - timedelta(days=1)
    rows: list[list[Any]] = [
        HEADS,
        [27001, "名", "结构", 5, "2027-01-01"],
        ["QH27-2", "", "没有的", "-5", "31号"],
        ["QH26-100", "图集0", "S", 98, yesterday],
        ["QH27-3", "名", "S", 5, "2027-01-01"],
        ["QH27-3", "名", "S", 5, "2027-01-01"],
    ]
    where = browser.post("/imports/new/titles", {"file": file_of(rows)}).headers["Location"]
    page = browser.get(where).content.decode()
    for cell in ("A2", "B3", "C3", "D3", "E3", "E4", "A6"):
        assert f">\n                  \n                    {cell}" in page or cell in page
    assert "全部导入" not in page
    browser.post(where, {"take": "1"})
    assert (Product.objects.count(), ImportFile.objects.get().state) == (len(world.products), ImportState.LOOKED_AT)
    (sheet,) = read_table("x.xlsx", browser.get(f"{where}marked").content, most_rows=9, most_columns=9)
    assert [len(row) for row in sheet.rows] == [6, 6, 6, 6, 5, 6]
    assert sheet.rows[0][5] == "错误原因"
    assert "开头的零可能已丢失" in str(sheet.rows[1][5])
    assert "新定价须从今天或以后的日子起" in str(sheet.rows[3][5])
    assert "与第 5 行重复" in str(sheet.rows[5][5])


def test_goods_come_in_by_a_table_on_one_paper(world: World, at_desk: SitDown) -> None:
    browser = at_desk("warehouse")
    before = {row.product.code: row.on_hand for row in stock_of(world.hq.pk)}  # type: ignore[attr-defined]
    rows: list[list[Any]] = [["到货单"], ["图集号", "到货数量"], ["QH26-100", "１２ 0"], ["QH26-101", 30], ["QH26-100", 5], ["合计", 155]]
    where = browser.post("/imports/new/goods", {"file": file_of(rows)}).headers["Location"]
    assert "QH26-100 出现 2 次，合计 125 册。" in browser.get(where).content.decode()
    for _ in range(2):
        browser.post(where, {"take": "1"})
    paper = GoodsIn.objects.latest("pk")
    assert (GoodsIn.objects.filter(key__startswith="import-").count(), paper.received_on) == (1, world.at.date())
    after = {row.product.code: row.on_hand for row in stock_of(world.hq.pk)}  # type: ignore[attr-defined]
    assert {code: after[code] - before[code] for code in after if after[code] != before[code]} == {"QH26-100": 125, "QH26-101": 30}


def test_put_away_it_changes_nothing_and_may_be_sent_again(world: World, at_desk: SitDown) -> None:
    browser = at_desk("researcher")
    where = browser.post("/imports/new/titles", {"file": file_of(rows_of_prices(world))}).headers["Location"]
    browser.post(where, {"drop": "1"})
    assert browser.post("/imports/new/titles", {"file": file_of(rows_of_prices(world))}).headers["Location"] != where
    browser.post(where, {"take": "1"})
    assert Product.objects.count() == len(world.products)


@pytest.mark.parametrize(
    ("name", "key", "status"),
    [
        ("director", "titles", 404), ("agent_owner", "titles", 404), ("finance", "goods", 404), ("agent_owner", "goods", 404),
        ("manager", "nothing", 404), ("manager", "titles", 200), ("warehouse", "goods", 200),
    ],
)  # fmt: skip
def test_only_whose_post_it_is_sends_a_table(world: World, at_desk: SitDown, name: str, key: str, status: int) -> None:
    assert at_desk(name).get(f"/imports/new/{key}").status_code == status
    assert at_desk(name).get(f"/imports/new/{key}/template").status_code == status
    answer = at_desk(name).post(f"/imports/new/{key}", {"file": file_of(rows_of_prices(world))})
    assert answer.status_code == (404 if status == 404 else 302)


def test_nobody_sees_the_table_of_another(world: World, at_desk: SitDown) -> None:
    where = at_desk("researcher").post("/imports/new/titles", {"file": file_of(rows_of_prices(world))}).headers["Location"]
    for stranger in ("manager", "agent_owner"):
        assert at_desk(stranger).get(where).status_code == 404
        assert at_desk(stranger).post(where, {"take": "1"}).status_code == 404
        assert at_desk(stranger).get(f"{where}marked").status_code == 404
    again = at_desk("manager").post("/imports/new/titles", {"file": file_of(rows_of_prices(world))})
    assert (again.status_code, "已交过同一文件" in again.content.decode()) == (422, True)


@pytest.mark.parametrize(("content", "sentence"), [(b"", "读不出内容"), (b"PK\x03\x04x", "读不出内容"), (None, "请选择一个文件")])
def test_a_file_that_is_no_table_is_told(world: World, at_desk: SitDown, content: bytes | None, sentence: str) -> None:
    sent = {} if content is None else {"file": SimpleUploadedFile("a.xlsx", content)}
    answer = at_desk("researcher").post("/imports/new/titles", sent)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_a_table_that_fails_in_the_middle_changes_nothing(world: World, at_desk: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = at_desk("researcher")
    browser.raise_request_exception = False
    where = browser.post("/imports/new/titles", {"file": file_of(rows_of_prices(world))}).headers["Location"]
    monkeypatch.setattr(ListPrice.objects, "bulk_create", None)
    with transaction.atomic():
        assert browser.post(where, {"take": "1"}).status_code == 500
    assert (Product.objects.count(), ImportFile.objects.get().state) == (len(world.products), ImportState.LOOKED_AT)


def test_the_page_of_titles_shows_the_price_to_come(world: World, at_desk: SitDown) -> None:
    later = world.at.date() + timedelta(days=30)
    ListPrice.objects.create(product=world.products[0], amount=Decimal(98), since=later)
    page = at_desk("agent_owner").get("/titles/?q=QH26-100").content.decode()
    assert f"{later} 起 98.00" in page
    assert "导入品种和定价" not in page
    assert "导入品种和定价" in at_desk("researcher").get("/titles/").content.decode()
