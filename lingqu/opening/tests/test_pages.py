"""The pages of going live: template, upload, errors, totals, signatures; both languages; wrong people."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from lingqu.credit.models import Batch
from lingqu.opening.models import OpeningFile
from lingqu.opening.states import OpeningKind
from lingqu.opening.tests.test_going_live import BATCHES, Written, book
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

KINDS = [kind.value for kind in OpeningKind]


def send(browser: Client, rows: list[list[Written]], on: str = "2026-11-20") -> Any:
    file = SimpleUploadedFile("期初.xlsx", book(OpeningKind.BATCHES, rows).content)
    return browser.post("/opening/new/batches", {"file": file, "on": on}, follow=True)


def test_finance_sends_and_signs_and_the_director_takes_over(world: World, at_desk: SitDown) -> None:
    finance, director = at_desk("finance"), at_desk("director")
    page = send(finance, BATCHES)
    file = OpeningFile.objects.get()
    assert "12,100.50" in spoken(page.content.decode())
    where = f"/opening/{file.number}"
    assert f"{where}/sign" in page.content.decode()
    assert f"{where}/sign" not in director.get(where).content.decode()
    finance.post(f"{where}/sign")
    assert f"{where}/book" not in finance.get(where).content.decode()
    assert f"{where}/book" in director.get(where).content.decode()
    told = spoken(director.post(f"{where}/book", follow=True).content.decode())
    assert f"{file.number} 已入账：3 行" in told
    assert "系统现有 12,100.50 · 一致" in told
    assert Batch.objects.count() == 3
    assert "当前为“已入账”" in spoken(director.post(f"{where}/book", follow=True).content.decode())
    assert Batch.objects.count() == 3


def test_errors_stand_with_their_cell_and_the_file_comes_back_with_reasons(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    page = send(browser, [["agent", "旧-1", "去年", None, 100, 100, None]])
    number = OpeningFile.objects.get().number
    told = spoken(page.content.decode())
    assert "第 2 行 C2 受理日：“去年”不是日期" in told
    assert f"/opening/{number}/sign" not in page.content.decode()
    back = browser.get(f"/opening/{number}/marked")
    rows = CalamineWorkbook.from_filelike(BytesIO(back.content)).get_sheet_by_index(0).to_python()
    assert "不是日期" in str(rows[1][-1])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_form_and_its_template(world: World, at_desk: SitDown, kind: str) -> None:
    browser = at_desk("finance")
    assert browser.get(f"/opening/new/{kind}").status_code == 200
    content = browser.get(f"/opening/template/{kind}").content
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_what_is_wrong_with_the_form_stands_at_its_field(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    for sent, field in (({"on": "2026-11-20"}, "file-error"), ({}, "file-error")):
        answer = browser.post("/opening/new/stock", sent)
        assert (answer.status_code, f'id="{field}"' in answer.content.decode()) == (422, True)
    late = send(browser, BATCHES, on="2027-01-01")
    assert (late.status_code, 'id="on-error"' in late.content.decode()) == (422, True)
    assert browser.get("/opening/new/nothing").status_code == 404
    assert not OpeningFile.objects.exists()


@pytest.mark.parametrize("name", ["representative", "warehouse", "agent_owner", "retailer_owner"])
def test_others_see_none_of_it(world: World, at_desk: SitDown, name: str) -> None:
    browser = at_desk(name)
    for where in ("/opening/", "/opening/new/batches", "/opening/template/batches", "/opening/QC-2026-0001"):
        assert browser.get(where).status_code in (403, 404)
    assert 'href="/opening/"' not in browser.get("/").content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_speak_one_language(world: World, at_desk: SitDown, language: str) -> None:
    browser = at_desk("finance", language=language)
    send(browser, BATCHES)
    send(browser, [["agnet", 17, "x", "y", 0, "z", "q"]])
    pages = ["/opening/", "/opening/new/batches", *(f"/opening/{file.number}" for file in OpeningFile.objects.all())]
    for page in pages:
        html = browser.get(page).content.decode()
        assert of_the_other_language(html, language, world, "期初.xlsx", "旧", "agent", "agnet", "Excel", "CSV", "xlsx") == []


def test_the_list_asks_the_same_at_one_and_at_thirty(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    send(browser, BATCHES)
    browser.get("/opening/")
    with counted() as one:
        browser.get("/opening/")
    for place in range(29):
        send(browser, [["agent", f"旧-{place}", "2026-08-01", None, 100, 100, None]])
    with counted() as thirty:
        browser.get("/opening/")
    assert len(one) == len(thirty)
