"""A booklist from anywhere: what its lines mean, what is offered, what is told, and that nothing of it is lost (M-16.3.1)."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingqu.base.sheets import read_table
from lingqu.catalogue.actions import NewProduct, enter_products
from lingqu.catalogue.models import Product
from lingqu.catalogue.rules import read_isbn
from lingqu.orders.models import Order
from lingqu.orders.rules import KnownTitle, TitleIndex, read_listed, recognise, rows_of_text
from lingqu.orders.tests.conftest import CHINESE, LATIN, spoken, without_names
from lingqu.orders.tests.test_page_new import cell
from tests.pages import counted
from tests.world import START, World

Desk = Callable[..., Client]
TITLES = TitleIndex(
    KnownTitle(place, code, name, None if price is None else Decimal(price))
    for place, (code, name, price) in enumerate(
        [
            ("QH26-101", "住宅建筑构造", "96"),
            ("QH26-102", "屋面防水与保温", "128"),
            ("QH26-103", "外墙外保温节点", "69"),
            ("QH26-104", "楼梯与栏杆", "58"),
            ("QH26-105", "楼梯与栏杆", "59"),
            ("00731", "门窗选用与安装", "46.50"),
            ("9787112345670", "混凝土结构施工图", "58.00"),
            ("QH19-001", "旧图集", None),
        ],
        1,
    )
)


def meant(text: str, **chosen: int) -> list[tuple[str, int]]:
    """The number and copies of each line of a paste; an empty number for one that was not recognised."""
    found = recognise(read_listed(rows_of_text(text)), TITLES, chosen)
    return [(one.title.code if one.title else "", one.copies) for one in found]


@pytest.mark.parametrize(
    ("line", "code", "copies"),
    [
        ("QH26-101 260", "QH26-101", 260),
        ("qh26－101\t２６０ 册", "QH26-101", 260),
        ("QH26101，12本", "QH26-101", 12),
        ("QH26-101 × 8", "QH26-101", 8),
        ("QH26-101 x8", "QH26-101", 8),
        ("住宅建筑构造 30", "QH26-101", 30),
        ("《住宅建筑构造》 30套", "QH26-101", 30),
        ("1. QH26-102 屋面防水与保温 20", "QH26-102", 20),
        ("3 QH26-102 20册 急用", "QH26-102", 20),
        ("QH26-102 屋面防水与保温 20 128", "QH26-102", 20),
        ("屋面防水与保温 128.00 20", "QH26-102", 20),
        ("978-7-112-34567-0 9", "9787112345670", 9),
        ("978 7 112 34567 0 9", "9787112345670", 9),
        ("ISBN 7-112-34567-7, 9", "9787112345670", 9),
        ("00731 5", "00731", 5),
    ],
)
def test_a_line_is_understood_however_it_is_written(line: str, code: str, copies: int) -> None:
    assert meant(line) == [(code, copies)]


@pytest.mark.parametrize(
    ("line", "close", "why"),
    [
        ("QH99-1 5", [], "没有这个编号。"),
        ("不存在的书 5", [], "目录里没有这个品种。"),
        ("屋面防水 5", ["QH26-102"], "没有完全相同的，请从相近的品种中选择。"),
        ("楼梯与栏杆 5", ["QH26-104", "QH26-105"], "不止一个品种符合，请选择。"),
        ("731 5", ["00731"], "没有完全相同的，请从相近的品种中选择。"),
        ("QH26-1O3 5", ["QH26-103"], "没有完全相同的，请从相近的品种中选择。"),
        ("QH26-102 2.5", [], "“2.5”不是整数册数。"),
        ("QH26-102", [], "每行要有编号和册数。"),
        ("QH19-001 5", [], "QH19-001 今天没有定价：已停售或还没有上市。"),
        ("9787112345678 5", ["9787112345670"], "书号“9787112345678”的校验位不对，请核对。"),
        ("9.78711E+12 5", [], "“9.78711E+12”是 Excel 缩写的长数字。请把这一列设为文本，重新填写。"),
    ],
)
def test_what_is_not_certain_is_offered_and_never_taken(line: str, close: list[str], why: str) -> None:
    (found,) = recognise(read_listed(rows_of_text(line)), TITLES, {})
    assert (found.title, sorted(one.code for one in found.close)[: len(close) or 1], found.wrong and found.wrong.zh) == (None, close, why)


def test_an_isbn_of_ten_and_of_thirteen_digits_is_the_same() -> None:
    assert read_isbn("7-112-34567-7") == read_isbn("978-7-112-34567-0") == "9787112345670"
    assert {read_isbn(words) for words in ("9787112345671", "711234567X", "123", "", "97871123456701")} == {""}


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["某某书店征订单"],
            [],
            ["序号", "图集号", "品名", "定价（元）", "订购册数", "码洋"],
            [1, "QH26-101", "住宅建筑构造", 96, 20, 1920],
        ],
        [["*书 名", "*订数", "备注"], ["住宅建筑构造", "20册", "急"]],
        [["货号", "库存数量", "数量"], ["QH26-101", 999, "20.0"]],
        [["Code", "Title", "Qty"], ["QH26-101", "Houses", 20]],
        [["品种", None, "订货"], ["图集编号", "名称", "本次订购册数"], ["QH26-101", "住宅建筑构造", 20]],
        [["QH26-101", "住宅建筑构造", 96, 20]],
    ],
)
def test_heads_are_found_in_any_row_and_called_by_many_words(rows: list[list[Any]]) -> None:
    found = recognise(read_listed(rows), TITLES, {})
    assert [(one.title and one.title.code, one.copies) for one in found] == [("QH26-101", 20)]


def test_rows_of_totals_and_rows_without_copies_are_no_lines() -> None:
    listed = read_listed(
        [["编号", "册数"], ["QH26-101", 5], ["QH26-102", None], ["QH26-103", 0], ["小计", 5], ["合计", 5], ["制表人：张三"]]
    )
    assert ([line.number for line in listed.lines], [one.copies for one in listed.totals], listed.empty) == (["QH26-101"], ["5", "5"], 3)


def test_another_price_and_another_name_are_told() -> None:
    rows: list[list[Any]] = [
        ["编号", "名称", "定价", "册数"],
        ["QH26-101", "厨房排油烟", 98, 5],
        ["QH26-102", "屋面防水与保温", "128.00", 5],
    ]
    one, two = recognise(read_listed(rows), TITLES, {})
    assert [text.zh for text in one.told] == [
        "QH26-101：书目写定价 98，目录是 96，按目录计。",
        "QH26-101：书目写“厨房排油烟”，目录是“住宅建筑构造”，请核对。",
    ]
    assert two.told == ()


# ---- on the page


def workbook(rows: list[list[Any]], name: str = "书目.xlsx") -> SimpleUploadedFile:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    page = book.add_worksheet()
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            page.write(row, column, value)
    book.close()
    return SimpleUploadedFile(name, made.getvalue())


def sent(world: World, **more: object) -> dict[str, object]:
    return {"key": "one-list", "shortage": "back_order", "fill": "1"} | more


def box(page: str) -> list[str]:
    found = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert found
    return found[1].split("\n") if found[1] else []


@pytest.mark.parametrize("address", ["/orders/new", "/orders/lines"])
def test_a_workbook_fills_the_form_and_its_unknown_lines_stay(world: World, at_desk: Desk, address: str) -> None:
    rows: list[list[Any]] = [
        ["征订单"],
        ["编号", "名称", "册数"],
        ["QH26-100", "图集0", 20],
        ["X-1", "没有的书", 3],
        ["QH26-101", "图集1", 4],
        ["QH26-100", "", 5],
    ]
    page = at_desk("agent_owner").post(address, sent(world, booklist=workbook([*rows, ["合计", "", 99]]))).content.decode()
    assert [cell(page, product.pk) for product in world.products] == ["25", "4", "", ""]
    assert box(page) == ["编号\t名称\t册数", "X-1\t没有的书\t3"]
    said = spoken(page)
    assert "已填入 2 个品种 29 册，码洋 2,912.00 元" in said
    assert "1 行没认出，留在框里" in said
    assert "QH26-100 出现 2 次，合并为 25 册。" in said
    assert "书目第 7 行合计写 99 册，以上各行相加是 32 册。" in said
    assert not Order.objects.exists()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_of_excel(world: World, at_desk: Desk, encoding: str) -> None:
    file = SimpleUploadedFile("书目.csv", "书名,订数\n图集0,20\n".encode(encoding))
    page = at_desk("agent_owner").post("/orders/lines", sent(world, booklist=file)).content.decode()
    assert cell(page, world.products[0].pk) == "20"


def test_a_close_title_is_chosen_by_a_person_and_added(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    page = browser.post("/orders/lines", sent(world, paste="QH26-100 20\nQH26-1O0 5\n没有的书 7")).content.decode()
    pick = re.search(r'name="(pick-[0-9a-f]{12})"', page)
    assert pick
    assert box(page) == ["QH26-1O0 5", "没有的书 7"]
    form = sent(world, paste="\n".join(box(page))) | {f"copies-{world.products[0].pk}": "20", pick[1]: str(world.products[0].pk)}
    page = browser.post("/orders/lines", form).content.decode()
    assert (cell(page, world.products[0].pk), box(page)) == ("25", ["没有的书 7"])
    assert "QH26-100：原填 20 册，现为 25 册。" in spoken(page)


def test_the_lines_left_come_back_as_a_workbook_with_reasons(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    answer = browser.post("/orders/left", sent(world, paste="编号\t册数\nQH26-100\t20\n=1+1\t3\nQH26-1O1\t4"))
    assert "attachment" in answer.headers["Content-Disposition"]
    (sheet,) = read_table("x.xlsx", answer.content, most_rows=10, most_columns=10)
    assert sheet.rows[0] == ["编号", "册数", "错误原因"]
    assert [row[0] for row in sheet.rows[1:]] == ["=1+1", "QH26-1O1"]
    assert "QH26-101 图集1" in str(sheet.rows[2][2])
    page = browser.post("/orders/lines", sent(world, booklist=SimpleUploadedFile("x.xlsx", answer.content))).content.decode()
    assert len(box(page)) == 3


def test_typed_lines_that_are_left_get_heads_so_that_the_workbook_is_read_again(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    answer = browser.post("/orders/left", sent(world, paste="QH26-100 20\n没有的书 7"))
    (sheet,) = read_table("x.xlsx", answer.content, most_rows=10, most_columns=10)
    assert sheet.rows[0] == ["原行", "编号", "书号", "名称", "定价", "册数", "错误原因"]
    assert [(row[0], row[3], row[5]) for row in sheet.rows[1:]] == [("没有的书 7", "没有的书", "7")]
    page = browser.post("/orders/lines", sent(world, booklist=SimpleUploadedFile("x.xlsx", answer.content))).content.decode()
    assert len(box(page)) == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"PK\x03\x04broken", "读不出内容"),
        ("a.csv", b"\x00\x01", "读不出内容"),
        ("a.csv", "编号,册数\nQH26-100,\n".encode(), "文件里没有一行写了册数"),
        ("a.csv", b"x" * (10 * 1024 * 1024 + 1), "超过 10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_nothing_is_lost(
    world: World, at_desk: Desk, name: str, content: bytes, sentence: str
) -> None:
    form = sent(world, booklist=SimpleUploadedFile(name, content)) | {f"copies-{world.products[1].pk}": "7"}
    for address, send in (("/orders/lines", {}), ("/orders/new", {"send": "1"})):
        form["booklist"].seek(0)  # type: ignore[attr-defined]
        page = at_desk("agent_owner").post(address, form | send).content.decode()
        assert sentence in spoken(page)
        assert cell(page, world.products[1].pk) == "7"
    assert not Order.objects.exists()


def test_a_file_is_not_read_over_lines_that_wait(world: World, at_desk: Desk) -> None:
    form = sent(world, paste="没有的书 7", booklist=workbook([["编号", "册数"], ["QH26-100", 3]]))
    page = at_desk("agent_owner").post("/orders/lines", form).content.decode()
    assert "框里还有内容" in spoken(page)
    assert (box(page), cell(page, world.products[0].pk)) == (["没有的书 7"], "")


def test_a_list_that_was_not_looked_over_is_not_submitted(world: World, at_desk: Desk) -> None:
    form = sent(world, booklist=workbook([["编号", "册数"], ["QH26-100", 3]]), send="1")
    del form["fill"]
    answer = at_desk("agent_owner").post("/orders/new", form)
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert "请核对后再提交" in answer.content.decode()


def test_the_template_has_own_prices_and_is_read_again(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    content = browser.get("/orders/template").content
    (sheet,) = read_table("x.xlsx", content, most_rows=50, most_columns=20)
    head = next(place for place, row in enumerate(sheet.rows) if row and row[0] == "编号")
    assert head == 3
    assert sheet.rows[head + 1][:6] == ["QH26-100", "图集0", "结构", 96, Decimal("0.65"), Decimal("62.4")]
    rows: list[list[Any]] = [list(row) for row in sheet.rows]
    rows[head + 1] = [*[*rows[head + 1], None, None][:7], 12]
    rows = [[float(one) if isinstance(one, Decimal) else one for one in row] for row in rows]
    page = browser.post("/orders/lines", sent(world, booklist=workbook(rows))).content.decode()
    assert [cell(page, product.pk) for product in world.products] == ["12", "", "", ""]
    assert "3 行没有册数，略过" in spoken(page)
    assert "定价" not in "".join(re.findall(r'<ul class="paste-left.*?</ul>', page, re.DOTALL))


@pytest.mark.parametrize(
    ("name", "buyer", "status"), [("agent_owner", "other_agent", 404), ("finance", "", 403), ("representative", "agent", 200)]
)
def test_who_may_order_may_have_the_template(world: World, at_desk: Desk, name: str, buyer: str, status: int) -> None:
    assert at_desk(name).get("/orders/template", {"buyer": buyer}).status_code == status


def many_titles(world: World, many: int) -> list[Product]:
    new = [NewProduct(f"QH27-{number:03}", f"通用图 {number}", "S", Decimal(20 + number % 80), START) for number in range(many)]
    return enter_products(world.hq, new, by=None, at=world.at)


def test_three_hundred_titles_take_a_moment_and_as_many_statements_as_three(world: World, at_desk: Desk) -> None:
    titles = many_titles(world, 420)
    browser = at_desk("agent_owner")
    browser.post("/orders/lines", sent(world, paste="QH26-100 1"))
    counts: list[int] = []
    seconds = 0.0
    for many in (3, 300):
        rows: list[list[Any]] = [["编号", "名称", "册数"], *([title.code, title.name, 2] for title in titles[:many])]
        file = workbook(rows)
        begun = time.process_time()
        with counted() as statements:
            page = browser.post("/orders/lines", sent(world, booklist=file)).content.decode()
        seconds, counts = time.process_time() - begun, [*counts, len(statements)]
        assert f"已填入 {many} 个品种 {2 * many} 册" in spoken(page)
    assert counts[0] == counts[1]
    assert seconds < 3, "of this process alone: what else the machine does is not counted"


def test_the_same_list_sent_twice_is_one_request(world: World, at_desk: Desk) -> None:
    titles = many_titles(world, 300)
    browser = at_desk("agent_owner")
    form = {"key": "one-list", "shortage": "back_order", "send": "1"} | {f"copies-{title.pk}": "2" for title in titles}
    first, second = (browser.post("/orders/new", form) for _ in range(2))
    order = Order.objects.get()
    assert (order.titles, order.copies) == (300, 600)
    assert first.headers["Location"] == second.headers["Location"] == f"/orders/{order.number}/"


def test_a_list_is_told_whole_in_both_languages(world: World, at_desk: Desk) -> None:
    form = sent(world, paste="编号\t名称\t定价\t册数\nQH26-100\t图集\t5\t1\nQH26-100\t图集\t5\t1\nQH26-1O1\t图集\t5\t1\n合计\t\t\t9")
    chinese = at_desk("agent_owner").post("/orders/lines", form).content.decode()
    english = at_desk("agent_owner", language="en").post("/orders/lines", form).content.decode()
    assert not LATIN.findall(without_names(spoken(chinese), world).replace("QH26-1O1", "").replace("Excel", ""))
    plain = re.sub(r"<textarea.*?</textarea>|<code>.*?</code>|aria-label=\"Which[^\"]*\"", "", english, flags=re.DOTALL)
    assert not CHINESE.findall(without_names(spoken(plain), world).replace("图集", ""))


def test_lines_that_stay_unknown_are_named_until_they_are_deleted(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    form = sent(world, paste="没有的书 7\nQH26-100 3", send="1")
    del form["fill"]
    for paste in ("没有的书 7\nQH26-100 3", "没有的书 7"):
        answer = browser.post("/orders/new", form | {"paste": paste, f"copies-{world.products[0].pk}": "3"})
        assert (answer.status_code, Order.objects.count()) == (422, 0)
        page = spoken(answer.content.decode())
        assert "框里还有 1 行没认出，没有进入明细：改好再填入，不要的从框里删去，然后提交。" in page
        assert "请核对后再提交" not in page
    last = browser.post("/orders/new", form | {"paste": "", f"copies-{world.products[0].pk}": "3"})
    assert (last.status_code, Order.objects.count()) == (302, 1)
