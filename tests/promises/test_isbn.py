"""A title has an ISBN of its own: understood however it is written, kept as 13 digits, once, and found by it everywhere."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.base.sheets import read_table
from lingqu.catalogue.actions import NewProduct, enter_products, products
from lingqu.catalogue.models import Product
from lingqu.catalogue.queries import search_products
from lingqu.catalogue.rules import isbn_starts, read_isbn
from lingqu.inventory.queries import stock_of
from lingqu.operate.demo.titles import isbn_of, titles
from lingqu.orders.queries import title_index
from lingqu.orders.queries.entry import titles_called
from tests.pages import SitDown, counted, spoken
from tests.world import START, World

ISBN, OTHER = "9787112345670", "9787301000014"
HEADS = ["编号", "书号", "名称", "专业", "定价", "执行日"]


def table(rows: Sequence[Sequence[Any]]) -> SimpleUploadedFile:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    book.close()
    return SimpleUploadedFile("titles.xlsx", made.getvalue())


def numbered(world: World, place: int = 0, isbn: str = ISBN) -> Product:
    product = world.products[place]
    Product.objects.filter(pk=product.pk).update(isbn=isbn)
    return product


def same_day(world: World) -> str:
    return world.at.date().isoformat()


@pytest.mark.parametrize(
    "words",
    [
        *("9787112345670", "978-7-112-34567-0", "978 7 112 34567 0", "９７８－７－１１２－３４５６７－０", "ISBN 978-7-112-34567-0"),
        *("isbn：9787112345670", "7-112-34567-7", "7112345677", "978\u20107\u2010112\u201034567\u20100"),
    ],
)
def test_an_isbn_is_understood_however_it_is_written(words: str) -> None:
    assert read_isbn(words) == ISBN


@pytest.mark.parametrize(
    "words", ["", "9787112345671", "711234567X", "123", "97871123456701", "QH26-101", "=1+1", "٩٧٨٧١١٢٣٤٥٦٧٠", "9.78711E+12"]
)
def test_what_is_no_isbn_is_none(words: str) -> None:
    assert read_isbn(words) == ""


def test_a_half_typed_isbn_says_how_the_whole_one_begins() -> None:
    assert [isbn_starts(words) for words in ("978-7-112", "7-112-34", "7112345677", "711", "QH26", "图集")] == [
        ("9787112",), ("978711234",), (ISBN,), (), (), (),
    ]  # fmt: skip


def test_the_demo_has_fifty_isbns_that_are_right() -> None:
    found = [isbn_of(place) for place in range(len(titles()))]
    assert [read_isbn(one) for one in found] == found
    assert len(set(found)) == 50


def test_a_publisher_uses_an_isbn_once_and_many_titles_have_none(world: World) -> None:
    numbered(world)
    with pytest.raises(IntegrityError, match="product_isbn_once"), transaction.atomic():
        numbered(world, 1)
    with pytest.raises(IntegrityError, match="product_isbn_digits"), transaction.atomic():
        numbered(world, 1, "978-7-112-345")
    assert Product.objects.filter(isbn="").count() == len(world.products) - 1


@pytest.mark.parametrize(("isbn", "told"), [("9787112345671", "不是书号"), (ISBN, "已用于 QH26-100")])
def test_a_new_title_with_a_wrong_or_a_taken_isbn_is_refused(world: World, isbn: str, told: str) -> None:
    numbered(world)
    with pytest.raises(Refusal) as refused:
        enter_products(world.hq, [NewProduct("QH27-1", "新图集", "S", Decimal(58), START, isbn)], by=None, at=world.at)
    assert (refused.value.field, told in refused.value.text.zh) == ("isbn", True)
    assert not Product.objects.filter(code="QH27-1").exists()


def test_the_table_brings_isbns_in_and_the_same_table_changes_nothing(world: World, at_desk: SitDown) -> None:
    day = same_day(world)
    rows: list[list[Any]] = [
        HEADS,
        ["QH27-1", "978-7-112-34567-0", "新图集", "S", 58, day],
        ["QH26-100", "９７８７３０１００００１４", "图集0", "S", 96, day],
        ["QH26-101", None, "图集1", "S", 128, day],
    ]
    browser = at_desk("researcher")
    where = browser.post("/imports/new/titles", {"file": table(rows)}).headers["Location"]
    page = spoken(browser.get(where).content.decode())
    assert "新书号" in page
    browser.post(where, {"take": "1"})
    assert dict(Product.objects.filter(code__in=("QH27-1", "QH26-100", "QH26-101")).values_list("code", "isbn")) == {
        "QH27-1": ISBN, "QH26-100": OTHER, "QH26-101": "",
    }  # fmt: skip
    assert Fact.objects.filter(verb="edit", subject="product").count() == 1
    again: list[list[Any]] = [*rows, ["QH26-102", None, "图集2", "S", 69, day]]
    where = browser.post("/imports/new/titles", {"file": table(again)}).headers["Location"]
    browser.post(where, {"take": "1"})
    assert Fact.objects.filter(verb="edit", subject="product").count() == 1


def test_what_is_wrong_with_an_isbn_stands_at_its_cell(world: World, at_desk: SitDown) -> None:
    numbered(world)
    day = same_day(world)
    rows: list[list[Any]] = [
        HEADS,
        ["QH27-1", "9787112345671", "一", "S", 58, day],
        ["QH27-2", ISBN, "二", "S", 58, day],
        ["QH27-3", OTHER, "三", "S", 58, day],
        ["QH27-4", OTHER, "四", "S", 58, day],
        ["QH27-5", '=HYPERLINK("x")', "五", "S", 58, day],
    ]
    browser = at_desk("researcher")
    where = browser.post("/imports/new/titles", {"file": table(rows)}).headers["Location"]
    (sheet,) = read_table("x.xlsx", browser.get(f"{where}marked").content, most_rows=20, most_columns=20)
    told = [str(row[6]) if len(row) > 6 and row[6] else "" for row in sheet.rows[1:]]
    assert ["不是书号" in told[0], "已用于 QH26-100" in told[1], told[2], "已用于 QH27-3" in told[3]] == [True, True, "", True]


def test_a_file_with_an_isbn_alone_takes_it_for_the_number_too(world: World, at_desk: SitDown) -> None:
    rows: list[list[Any]] = [
        ["书号", "书名", "专业", "定价", "执行日"],
        ["978-7-112-34567-0", "一", "S", 58, same_day(world)],
        ["LJ-7", "二", "S", 58, same_day(world)],
    ]
    browser = at_desk("researcher")
    where = browser.post("/imports/new/titles", {"file": table(rows)}).headers["Location"]
    browser.post(where, {"take": "1"})
    found = dict(Product.objects.filter(name__in=("一", "二")).values_list("code", "isbn"))
    assert found == {"978-7-112-34567-0": ISBN, "LJ-7": ""}


@pytest.mark.parametrize("words", ["978-7-112-34567-0", "7112345677", "97871123", "978 7 112 34567 0"])
def test_lists_searches_and_forms_find_a_title_by_its_isbn(world: World, at_desk: SitDown, words: str) -> None:
    numbered(world)
    assert [one.code for one in search_products(world.hq.pk, words, on=world.at.date())] == ["QH26-100"]
    page = spoken(at_desk("researcher").get("/titles/", {"q": words}).content.decode())
    assert ("QH26-100" in page, ISBN in page, "QH26-101" in page) == (True, True, False)
    assert "QH26-100" in spoken(at_desk("agent_owner").get("/search", {"q": words}).content.decode())
    entry = at_desk("agent_owner").get("/orders/new", {"q": words}).content.decode()
    assert ("QH26-100" in entry, "QH26-102" in entry) == (True, False)


@pytest.mark.parametrize("words", ["978-7-112-34567-0", "97871123"])
def test_the_stock_is_found_by_isbn_and_its_page_shows_it(world: World, at_desk: SitDown, words: str) -> None:
    numbered(world)
    page = spoken(at_desk("warehouse").get("/stock/", {"q": words}).content.decode())
    assert ("QH26-100" in page, "QH26-101" in page) == (True, False)
    assert ISBN in spoken(at_desk("warehouse").get("/stock/titles/QH26-100/").content.decode())
    assert "QH26-100" in spoken(at_desk("warehouse").get("/stock/in", {"q": words}).content.decode())


def test_short_digits_do_not_find_titles_by_the_middle_of_an_isbn(world: World) -> None:
    numbered(world, 0, "9787261000017")
    assert [one.code for one in search_products(world.hq.pk, "7261", on=world.at.date())] == ["QH26-100"]
    assert [one.code for one in search_products(world.hq.pk, "1000", on=world.at.date())] == []


def test_a_booklist_and_the_api_name_a_title_by_its_isbn(world: World) -> None:
    product = numbered(world)
    index = title_index(world.hq.pk, on=world.at.date())
    found = [index.numbered(words) for words in ("978-7-112-34567-0", "7112345677", "QH26-100")]
    assert [one and one.product for one in found] == [product.pk] * 3
    assert titles_called(world.hq.pk, ["7-112-34567-7", "qh26-101"], on=world.at.date()) == {
        "7-112-34567-7": product.pk, "QH26-101": world.products[1].pk,
    }  # fmt: skip


def test_goods_come_in_by_isbn(world: World, at_desk: SitDown) -> None:
    product = numbered(world)
    before = {item.product_id: int(item.on_hand) for item in stock_of(world.hq.pk)}  # type: ignore[attr-defined]
    browser = at_desk("warehouse")
    rows: list[list[Any]] = [["ISBN", "册数"], [int(ISBN), 5], ["QH26-100", 2]]
    where = browser.post("/imports/new/goods", {"file": table(rows)}).headers["Location"]
    browser.post(where, {"take": "1"})
    after = {item.product_id: int(item.on_hand) for item in stock_of(world.hq.pk)}  # type: ignore[attr-defined]
    assert after == before | {product.pk: before[product.pk] + 7}


def test_titles_go_out_with_their_isbn_in_as_many_statements_for_thirty_as_for_one(world: World, at_desk: SitDown) -> None:
    numbered(world)
    browser = at_desk("researcher")
    sent = []
    rows: list[list[Any]] = []
    for many in (0, 30):
        new = [NewProduct(f"QH28-{place}", f"图集{place}", "S", Decimal(58), START, isbn_of(place)) for place in range(many)]
        enter_products(world.hq, new, by=None, at=world.at)
        with counted() as statements:
            answer = browser.get("/exports/new/titles")
        sent.append(len(statements))
        rows = read_table("x.xlsx", answer.content, most_rows=100, most_columns=20)[0].rows
    assert [row[:2] for row in rows[:2]] == [["编号", "书号"], ["QH26-100", ISBN]]
    assert sent[0] == sent[1]


def test_who_may_not_bring_titles_in_cannot_change_an_isbn(world: World, at_desk: SitDown) -> None:
    for name in ("agent_owner", "warehouse", "representative"):
        answer = at_desk(name).post("/imports/new/titles", {"file": table([HEADS, ["QH26-100", ISBN, "图集0", "S", 96, same_day(world)]])})
        assert answer.status_code in (403, 404)
    assert not Product.objects.exclude(isbn="").exists()


def test_when_the_verb_forgets_to_look_the_database_still_refuses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a verb that finds no owner of an ISBN."""
    numbered(world)
    monkeypatch.setattr(products, "codes_of_isbns", lambda publisher, isbns: {})
    with pytest.raises(IntegrityError, match="product_isbn_once"), transaction.atomic():
        enter_products(world.hq, [NewProduct("QH27-1", "新图集", "S", Decimal(58), START, ISBN)], by=None, at=world.at)
