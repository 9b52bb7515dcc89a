"""The pages of bank files: sent, looked at, corrected, taken in, matched, booked; who may; what is wrong stands at its field."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from lingqu.credit.models import Batch, Receipt
from lingqu.settlement.models import BankFile, BankLine, BankProfile, BankUpload
from lingqu.settlement.states import LineState
from lingqu.settlement.tests.banks import LAYOUTS, Moved, serials, tabs_behind_cells, text_file
from lingqu.settlement.tests.stories import bank_day, take
from lingqu.settlement.tests.test_booking import ACCOUNT, line_of, money, owing
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

NOT_FINANCE = ["director", "manager", "representative", "warehouse", "agent_clerk", "retailer_owner"]


def send(browser: Client, content: bytes, name: str = "明细.csv") -> Any:
    return browser.post("/bank/new", {"file": SimpleUploadedFile(name, content)})


def taken(browser: Client, content: bytes, **more: str) -> Any:
    where = send(browser, content).headers["Location"]
    return browser.post(where, {"profile": "工行基本户"} | more, follow=True)


def test_a_file_is_looked_at_before_anything_is_stored_and_then_taken_in(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    moved = serials(bank_day(world, 12))
    where = send(browser, tabs_behind_cells(moved)).headers["Location"]
    page = spoken(browser.get(where).content.decode())
    assert "表头在第 5 行" in page
    assert "余额逐行相符：比较 11 处" in page
    assert "合计与逐行相加相符" in page
    assert "导入 12 笔" in page
    assert not BankLine.objects.exists()
    answer = browser.post(where, {"profile": "工行基本户"}, follow=True)
    file = BankFile.objects.get()
    assert f"已导入 {file.number}：新增 12 笔" in spoken(answer.content.decode())
    assert BankLine.objects.count() == 12
    again = browser.post(where, {"profile": "工行基本户"}, follow=True)
    assert "没有重复导入" in again.content.decode()
    assert send(browser, tabs_behind_cells(moved)).headers["Location"] == where
    assert BankLine.objects.count() == 12


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_comes_through_the_page(world: World, at_desk: SitDown, layout: str) -> None:
    taken(at_desk("finance"), LAYOUTS[layout](serials(bank_day(world, 6))))
    assert BankLine.objects.count() == 6


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "读不出内容"), (b"\x00\x01", "读不出内容"), ("你好".encode(), "没有找到表头"), (b"PK\x03\x04x", "读不出内容"),
        (text_file([["交易日期", "收入", "对方户名"]]), "没有任何交易"), (b"a" * (10 * 1024 * 1024 + 1), "超过 10 MB"),
    ],
    ids=["empty", "binary", "words", "zip", "no-rows", "large"],
)  # fmt: skip
def test_what_is_no_bank_file_is_said_at_the_field(world: World, at_desk: SitDown, content: bytes, said: str) -> None:
    answer = send(at_desk("finance"), content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'id="file-error"' in answer.content.decode()
    assert not BankUpload.objects.exists()
    assert at_desk("finance").post("/bank/new").status_code == 422


def test_a_file_with_rows_that_are_not_understood_is_shown_and_not_taken_in(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    content = text_file([["交易日期", "收入", "对方户名"], ["2026-11-02", "5.00", "甲"], ["2026-02-30", "5.00", "乙"]])
    where = send(browser, content).headers["Location"]
    page = browser.get(where).content.decode()
    assert "第 3 行" in page
    assert "2026-02-30" in page
    answer = browser.post(where, {"profile": "工行"})
    assert answer.status_code == 422
    assert not BankLine.objects.exists()


def test_doubts_must_be_let_pass_by_a_person_and_the_form_stays_filled_in(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    moved = serials(bank_day(world, 10))
    words = tabs_behind_cells(moved).decode("gb18030")
    gone = "\r\n".join(line for line in words.split("\r\n") if moved[4].serial not in line).encode("gb18030")
    where = send(browser, gone).headers["Location"]
    assert "余额有 1 处对不上" in spoken(browser.get(where).content.decode())
    answer = browser.post(where, {"profile": "我的账户"})
    page = answer.content.decode()
    assert (answer.status_code, 'id="despite-error"' in page, 'value="我的账户"' in page) == (422, True, True)
    assert browser.post(where, {"profile": "我的账户", "despite": "1"}).status_code == 302
    assert BankLine.objects.count() == 9


def test_the_columns_are_corrected_and_remembered(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    head, row = ["日期", "金额", "到账金额", "对方户名", "联系人"], ["2026-11-02", "5.00", "4.00", "甲", "乙"]
    where = send(browser, text_file([head, row])).headers["Location"]
    chosen = {"column-day": "0", "column-amount": "2", "column-payer": "4"}
    assert "4.00" in spoken(browser.get(where, chosen).content.decode())
    far = {"column-day": "99", "column-amount": "1"}
    for wrong in ({"column-day": "0"}, {"column-day": "0", "column-amount": "0"}, {"column-day": "x"}, far):
        assert browser.get(where, wrong).status_code == 422
    assert browser.post(where, chosen | {"profile": "建行"}).status_code == 302
    line = BankLine.objects.get()
    assert (line.amount, line.payer) == (Decimal("4.00"), "乙")
    assert BankProfile.objects.get().mapping == {"day": ["日期"], "amount": ["到账金额"], "payer": ["联系人"]}
    other = send(browser, text_file([head, ["2026-11-03", "7.00", "6.00", "丙", "丁"]])).headers["Location"]
    page = browser.get(other).content.decode()
    assert 'value="建行"' in page
    assert "6.00" in spoken(page)
    without = browser.post(other, {"profile": " "})
    assert (without.status_code, 'id="profile-error"' in without.content.decode()) == (422, True)


def test_lines_known_already_and_lines_that_may_be_doubled_are_told_before(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    moved = serials(bank_day(world, 10))
    taken(browser, tabs_behind_cells(moved[:6]))
    page = spoken(browser.get(send(browser, tabs_behind_cells(moved)).headers["Location"]).content.decode())
    assert "此前已有，不重复 6 笔" in page
    assert "导入 4 笔" in page
    renumbered = serials(moved[:3], 777777777777)
    page = spoken(browser.get(send(browser, tabs_behind_cells(renumbered)).headers["Location"]).content.decode())
    assert "3 笔与已有流水同日、同额、同户名" in page


def paid(world: World) -> list[BankLine]:
    """Two batches owed, and a day at the bank: both paid, something unknown, something out."""
    owing(world)
    moved = [
        money(world, "6240.00"), money(world, "13000.00", remark="货款"), money(world, "77.00", "路人甲", account="62220000"),
        money(world, "-20.00", "某银行"),
    ]  # fmt: skip
    return list(take(world, tabs_behind_cells(serials(moved))).lines.order_by("id"))


def test_the_desk_books_all_that_is_certain_in_one_go(world: World, at_desk: SitDown) -> None:
    lines = paid(world)
    browser = at_desk("finance")
    page = browser.get("/bank/").content.decode()
    words = spoken(page)
    assert "勾选的全部入账（2 笔，19,240.00）" in words
    assert "付款户名就是客户名称" in words
    assert "没有线索" in words
    agent = world.lines["agent"].pk
    ticked = [f"{line.pk}:{agent}" for line in lines[:2]]
    assert all(f'value="{one}"' in page for one in ticked)
    answer = browser.post("/bank/book", {"lines": ticked}, follow=True)
    assert "已入账 2 笔" in spoken(answer.content.decode())
    assert not Batch.objects.filter(line=agent, settled_on__isnull=True).exists()
    again = browser.post("/bank/book", {"lines": ticked}, follow=True)
    assert "2 笔没有入账" in spoken(again.content.decode())
    assert Receipt.objects.count() == 2
    assert "请勾选" in spoken(browser.post("/bank/book", {}, follow=True).content.decode())


@pytest.mark.parametrize("ticked", ["x", "1", "1:x", "0:1", "1:0", "999999999:1", f"{'9' * 30}:1"])
def test_a_strange_tick_is_not_found(world: World, at_desk: SitDown, ticked: str) -> None:
    paid(world)
    answer = at_desk("finance").post("/bank/book", {"lines": [ticked]}, follow=True)
    assert answer.status_code == 404 or "没有这项内容" in answer.content.decode()
    assert not Receipt.objects.exists()


def test_a_line_is_booked_on_its_page_in_parts_and_batches(world: World, at_desk: SitDown) -> None:
    first, second = owing(world)
    line = line_of(world, "10000.00", "集团总公司")
    browser = at_desk("finance")
    where = f"/bank/lines/{line.pk}/"
    assert 'value="10000.00"' in browser.get(where).content.decode()
    agent, other = str(world.lines["agent"].pk), str(world.lines["other_agent"].pk)
    one = {"partner-0": agent, "amount-0": "7000", f"detail-{second.pk}": "6000"}
    added = browser.post(f"{where}book", one | {"add": "1"}).content.decode()
    assert 'name="amount-1"' in added
    assert 'value="3000.00"' in added
    assert f'name="detail-{second.pk}"' in added
    assert 'value="6000"' in added
    both = one | {"partner-1": other, "amount-1": "3,000.00"}
    tried = spoken(browser.post(f"{where}book", both | {"try": "1"}).content.decode())
    assert "转入预收 3,000.00" in tried
    assert not Receipt.objects.exists()
    answer = browser.post(f"{where}book", both, follow=True)
    assert "已入账" in answer.content.decode()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.applied, second.applied) == (Decimal("1000.00"), Decimal("6000.00"))
    page = spoken(browser.get(where).content.decode())
    assert "撤销入账" in page
    assert "other_agent公司" in page


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "parts-error"),
        ({"partner-0": "", "amount-0": "100.00"}, "partner-0-error"),
        ({"partner-0": "999999999", "amount-0": "100.00"}, "partner-0-error"),
        ({"partner-0": "x", "amount-0": "100.00"}, "partner-0-error"),
        ({"partner-0": "agent", "amount-0": ""}, "amount-0-error"),
        ({"partner-0": "agent", "amount-0": "NaN"}, "amount-0-error"),
        ({"partner-0": "agent", "amount-0": "99.99"}, "parts-error"),
        ({"partner-0": "agent", "amount-0": "100.01"}, "parts-error"),
        ({"partner-0": "agent", "amount-0": "50", "partner-1": "agent", "amount-1": "50"}, "partner-1-error"),
        ({"partner-0": "agent", "amount-0": "100.00", "detail": "100.01"}, "amount-0-error"),
        ({"partner-0": "agent", "amount-0": "100.00", "detail": "x"}, "detail"),
        ({"partner-0": "agent", "amount-0": "100.00", "detail": "9999999"}, "detail"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_stays(world: World, at_desk: SitDown, sent: dict[str, str], error: str) -> None:
    first, _ = owing(world)
    line = line_of(world, "100.00", "集团总公司")
    form = {name: str(world.lines["agent"].pk) if words == "agent" else words for name, words in sent.items()}
    detail = form.pop("detail", None)
    if detail:
        form[f"detail-{first.pk}"] = detail
        error = error if error != "detail" else f"detail-{first.pk}-error"
    answer = at_desk("finance").post(f"/bank/lines/{line.pk}/book", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{error}"' in page
    assert all(f'value="{words}"' in page for name, words in form.items() if name.startswith("amount") and words)
    assert not Receipt.objects.exists()


def test_set_aside_taken_up_booked_and_taken_back_by_page(world: World, at_desk: SitDown) -> None:
    line = line_of(world, "3.21", "某银行")
    browser, where = at_desk("finance"), f"/bank/lines/{line.pk}/"
    assert "请写明原因" in browser.post(f"{where}aside", {"note": " "}, follow=True).content.decode()
    assert "存款利息" in browser.post(f"{where}aside", {"note": "存款利息"}, follow=True).content.decode()
    assert "存款利息" in browser.get("/bank/?state=set_aside").content.decode()
    assert "待认领" in browser.post(f"{where}up", follow=True).content.decode()
    browser.post(f"{where}book", {"partner-0": str(world.lines["agent"].pk), "amount-0": "3.21"})
    assert "请写明" in browser.post(f"{where}unbook", {"reason": ""}, follow=True).content.decode()
    assert "已撤销入账" in browser.post(f"{where}unbook", {"reason": "认错"}, follow=True).content.decode()
    line.refresh_from_db()
    assert line.state == LineState.OPEN.value
    told = browser.post(f"{where}up", follow=True).content.decode()
    assert "这笔流水已是“待认领”" in told


def test_the_lists_are_searched_and_have_pages(world: World, at_desk: SitDown) -> None:
    out = [Moved(world.at.date(), Decimal(-place - 1), f"收款人{place}", ACCOUNT) for place in range(55)]
    lines = list(take(world, tabs_behind_cells(serials(out))).lines.order_by("id"))
    browser = at_desk("finance")
    page = browser.get("/bank/?state=outgoing").content.decode()
    assert "收款人54" in page
    assert "收款人4<" not in page.replace("\n", "").replace(" ", "")
    assert f"?state=outgoing&amp;before={lines[5].pk}" in page
    assert "收款人0" in browser.get(f"/bank/?state=outgoing&before={lines[5].pk}").content.decode()
    found = browser.get("/bank/?state=outgoing&q=收款人33").content.decode()
    assert ("收款人33" in found, "收款人34" in found) == (True, False)
    assert "收款人9" in browser.get("/bank/?state=outgoing&q=10.00").content.decode()
    for strange in ("x", "0", "-1", "9" * 30):
        assert browser.get("/bank/", {"state": "outgoing", "before": strange}).status_code == 404
    assert browser.get("/bank/?state=nonsense").status_code == 404
    assert browser.get("/bank/?state=outgoing&q=%00").status_code == 200
    number = BankFile.objects.get().number
    assert browser.get(f"/bank/files/{number}/").status_code == 200
    assert number in browser.get("/bank/files/").content.decode()


def test_excel_tells_what_the_desk_tells(world: World, at_desk: SitDown) -> None:
    paid(world)
    BankLine.objects.filter(payer="路人甲").update(remark="=1+1", payer_account="0012300456")
    answer = at_desk("finance").get("/exports/new/bank")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["交易日期", "金额（元）", "对方户名"]
    assert [(row[1], row[2], row[11], row[12]) for row in rows[1:]] == [
        (77.0, "路人甲", "", "无线索"), (13000.0, "agent公司", "agent公司", "可直接入账"), (6240.0, "agent公司", "agent公司", "可直接入账"),
    ]  # fmt: skip
    assert (rows[1][3], rows[1][5]) == ("0012300456", "=1+1")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_original_comes_back_byte_for_byte(world: World, at_desk: SitDown) -> None:
    content = tabs_behind_cells(serials(bank_day(world, 4)))
    number = take(world, content).number
    assert at_desk("finance").get(f"/bank/files/{number}/original").content == content


@pytest.mark.parametrize("name", NOT_FINANCE)
def test_nobody_but_finance_sees_anything(world: World, at_desk: SitDown, name: str) -> None:
    line = line_of(world, "100.00")
    browser = at_desk(name)
    own = ("/bank/", "/bank/new", "/bank/files/", "/exports/new/bank")
    theirs = (
        f"/bank/lines/{line.pk}/", f"/bank/files/{line.file.number}/", f"/bank/files/{line.file.number}/original",
        f"/bank/uploads/{line.file.upload_id}/",
    )  # fmt: skip
    assert {browser.get(path).status_code for path in own} == {403}
    assert {browser.get(path).status_code for path in theirs} == {403}
    assert browser.post("/bank/book", {"lines": ["1:1"]}).status_code == 403
    assert {browser.post(f"/bank/lines/{line.pk}/{verb}").status_code for verb in ("book", "aside", "up", "unbook")} == {403}
    assert "/bank/" not in browser.get("/").content.decode()
    assert not Receipt.objects.exists()


def test_an_agent_s_owner_sees_the_agent_s_own_lines_only(world: World, at_desk: SitDown) -> None:
    theirs = line_of(world, "100.00")
    browser = at_desk("agent_owner")
    assert browser.get("/bank/").status_code == 200
    assert browser.get(f"/bank/lines/{theirs.pk}/").status_code == 404
    taken(browser, tabs_behind_cells(serials([money(world, "55.00", "retailer公司")])))
    assert "retailer公司" in browser.get("/bank/").content.decode()
    assert "55.00" not in spoken(at_desk("finance").get("/bank/").content.decode())
    assert "/bank/" in browser.get("/").content.decode()
    assert "/bank/" in at_desk("finance").get("/").content.decode()
    assert Client().get("/bank/").status_code == 302


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    browser = at_desk("finance", language=language)
    words = (
        "Excel",
        "CSV",
        "csv",
        "xlsx",
        "xls",
        "txt",
        "路人甲",
        "某银行",
        "货款",
        "合计",
        "明细",
        "工行基本户",
        "收入",
        "账户明细查询",
        "流水",
    )
    heads = ("交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号", "摘要", "附言", "交易流水号", "认错")

    def other(html: str) -> list[str]:
        return of_the_other_language(html, language, world, *words, *(heads if language == "en" else ()))

    assert other(browser.get("/bank/").content.decode()) == []
    assert other(browser.get("/bank/files/").content.decode()) == []
    content = tabs_behind_cells(serials([money(world, "3.00", summary="")]))
    upload = send(browser, content).headers["Location"]
    assert other(browser.get(upload).content.decode()) == []
    assert other(send(browser, b"").content.decode()) == []
    lines = paid(world)
    lists = ("/bank/", "/bank/?state=booked", "/bank/?state=outgoing", "/bank/new", "/bank/files/")
    for path in (*lists, f"/bank/files/{lines[0].file.number}/"):
        assert other(browser.get(path).content.decode()) == [], path
    for line in lines:
        assert other(browser.get(f"/bank/lines/{line.pk}/").content.decode()) == []
    wrong = browser.post(f"/bank/lines/{lines[2].pk}/book", {"partner-0": "x", "amount-0": "x"})
    assert other(wrong.content.decode()) == []
    ticked = [f"{lines[0].pk}:{world.lines['agent'].pk}", f"{lines[2].pk}:{world.lines['agent'].pk}"]
    assert other(browser.post("/bank/book", {"lines": ticked}, follow=True).content.decode()) == []
    assert other(browser.get("/bank/?state=booked").content.decode()) == []
    browser.post(f"/bank/lines/{lines[0].pk}/unbook", {"reason": "认错"})
    assert other(browser.get(f"/bank/lines/{lines[0].pk}/").content.decode()) == []


def test_thirty_rows_take_as_many_statements_as_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    owing(world)
    take(world, tabs_behind_cells(serials([money(world, "6240.00"), money(world, "-1.00", "某银行")])))
    paths = ("/bank/", "/bank/?state=outgoing", "/bank/files/", f"/bank/files/{BankFile.objects.get().number}/")
    for path in paths:
        browser.get(path)
    one = {}
    for path in paths:
        with counted() as statements:
            assert browser.get(path).status_code == 200
        one[path] = len(statements)
    for place in range(29):
        moved = [money(world, f"{place + 10}.00", f"付款人{place}"), money(world, f"-{place + 2}.00", "某银行")]
        take(world, tabs_behind_cells(serials(moved, 5_000_000_000 + place * 10)))
    for path in paths:
        with counted() as statements:
            assert browser.get(path).status_code == 200
        assert len(statements) == one[path], path
