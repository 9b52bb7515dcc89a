"""A company of one's own: founded, people invited, disciplines and titles entered, partners next. The home page says what comes."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lingqu.audit.models import Fact
from lingqu.base.clock import now, today
from lingqu.catalogue.models import Discipline, Product
from lingqu.organisation.actions import Founding, found_company, set_up_posts
from lingqu.organisation.present import reset_link
from lingqu.policy.actions import install_pack
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

PASSWORD = "four-green-hills-9"
PLACE = "/titles/disciplines/"
STRUCTURES = {"code": "S", "name_zh": "结构", "name_en": "Structures"}


def workbook(rows: list[list[Any]]) -> SimpleUploadedFile:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for place, cells in enumerate(rows):
        sheet.write_row(place, 0, cells)
    book.close()
    return SimpleUploadedFile("titles.xlsx", made.getvalue())


def come_in(link: str) -> Client:
    """Set a password by a link that was given, and be in."""
    browser = Client()
    assert browser.post(link.removeprefix(settings.PUBLIC_ADDRESS), {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    return browser


def steps(browser: Client) -> list[tuple[str, bool]]:
    """Return the first steps on a home page: title, and whether it is done."""
    return [(str(step["title"].zh), bool(step["done"])) for step in browser.get("/").context["beginning"]]


def invited(browser: Client, name: str, login: str, post: str) -> Client:
    page = browser.post(browser.get("/accounts/people/")["Location"], {"name": name, "login": login, "telephone": "", "post": post})
    found = re.search(r"http://[^\s\"<]+/accounts/invitation/[\w-]+", page.content.decode())
    assert found, page.content.decode()
    return come_in(found[0])


def test_a_company_of_ones_own_begins(race_database: str) -> None:
    set_up_posts()
    install_pack("publisher", at=now())
    _, secret = found_company(Founding("云川标准出版社", "YUN", "何静", "hejing"), at=now())
    director = come_in(reset_link(secret))
    assert [done for _, done in steps(director)] == [False] * 4
    assert "还缺：营销主管、财务主管、区域销售员、库房管理员" in spoken(director.get("/").content.decode())

    manager = invited(director, "韩露", "hanlu", "manager")
    researcher = invited(director, "叶青", "yeqing", "researcher")
    for name, login, post in (("方圆", "fangyuan", "finance"), ("周正", "zhouzheng", "representative"), ("郑直", "zhengzhi", "warehouse")):
        invited(director, name, login, post)
    assert [done for _, done in steps(manager)] == [True, False, False, False]

    assert f'href="{PLACE}"' in researcher.get("/").content.decode(), "without disciplines no title can come in"
    assert researcher.post(PLACE, STRUCTURES).status_code == 302
    assert f'href="{reverse("import_new", args=["titles"])}"' in researcher.get("/").content.decode()
    rows: list[list[Any]] = [["编号", "名称", "专业", "定价", "执行日"], ["YC-1", "混凝土结构详图", "结构", 58, today().isoformat()]]
    where = researcher.post("/imports/new/titles", {"file": workbook(rows)})["Location"]
    assert researcher.post(where).status_code == 302
    assert Product.objects.get().discipline.code == "S"
    assert [done for _, done in steps(director)] == [True, True, False, False]
    assert reverse("opening_new", args=["partners"]) in director.get("/").content.decode()


def test_who_has_begun_sees_no_steps(world: World, at_desk: SitDown) -> None:
    browser = at_desk("director")
    assert browser.get("/").context["beginning"] == []
    assert browser.get("/").content.decode().count("beginning") == 0
    assert at_desk("agent_owner").get("/").context["beginning"] == []


def test_a_discipline_is_entered_and_renamed(world: World, at_desk: SitDown) -> None:
    browser = at_desk("researcher")
    told = spoken(
        browser.post(PLACE, {"code": "hv", "name_zh": " 暖通 ", "name_en": "Heating  and ventilation"}, follow=True).content.decode()
    )
    assert "已建专业 hv" in told
    page = browser.get(f"{PLACE}?code=hv").content.decode()
    assert ('value="暖通"' in page, 'value="Heating and ventilation"' in page, "readonly" in page) == (True, True, True)
    assert "已改名 hv" in spoken(
        browser.post(PLACE, {"code": "HV", "name_zh": "暖通空调", "name_en": "HVAC"}, follow=True).content.decode()
    )
    kept = Discipline.objects.get(code="hv")
    assert (kept.name_zh, kept.name_en, Fact.objects.filter(subject="discipline").count()) == ("暖通空调", "HVAC", 2)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": ""}, "code"), ({"code": "结构"}, "code"), ({"code": "A" * 11}, "code"), ({"name_zh": " "}, "name_zh"),
        ({"name_zh": "长" * 41}, "name_zh"), ({"name_en": ""}, "name_en"), ({"name_en": "a\u202eb"}, "name_en"),
        ({"name_en": "S"}, "name_en"),
    ],
)  # fmt: skip
def test_what_is_no_discipline_is_refused_at_its_field(world: World, at_desk: SitDown, typed: dict[str, str], field: str) -> None:
    sent = {"code": "HV", "name_zh": "暖通", "name_en": "HVAC"} | typed
    answer = at_desk("manager").post(PLACE, sent)
    assert (answer.status_code, answer.context["refusal"].field) == (422, field)
    assert f'id="{field}-error"' in answer.content.decode()
    assert not Discipline.objects.filter(code__iexact="hv").exists()
    for name, words in sent.items():
        if words.strip() and len(words) <= 60 and name != field:
            assert f'value="{words}"' in answer.content.decode()


@pytest.mark.parametrize("name", ["finance", "agent_owner", "retailer_clerk"])
def test_others_see_them_and_keep_none(world: World, at_desk: SitDown, name: str) -> None:
    browser = at_desk(name)
    page = browser.get(PLACE)
    assert (page.status_code, '<form class="card-body' in page.content.decode()) == (200, False)
    assert browser.post(PLACE, {"code": "HV", "name_zh": "暖通", "name_en": "HVAC"}).status_code in (403, 404)
    assert not Discipline.objects.filter(code="HV").exists()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole_in_both_languages_and_asks_the_same_of_thirty(world: World, at_desk: SitDown, language: str) -> None:
    browser = at_desk("manager", language=language)
    browser.get(PLACE)
    with counted() as few:
        page = browser.get(PLACE).content.decode()
    names = [name for one in Discipline.objects.all() for name in (one.code, one.name_zh, one.name_en)]
    assert of_the_other_language(page, language, world, *names) == []
    Discipline.objects.bulk_create([Discipline(publisher=world.hq, code=f"N{n}", name_zh=f"专业{n}", name_en=f"No {n}") for n in range(30)])
    with counted() as many:
        assert browser.get(PLACE).content.decode().count("N2") >= 11
    assert len(many) == len(few)


def test_two_hundred_are_the_most(world: World, at_desk: SitDown) -> None:
    left = 200 - Discipline.objects.count()
    Discipline.objects.bulk_create(
        [Discipline(publisher=world.hq, code=f"N{n}", name_zh=f"专业{n}", name_en=f"No {n}") for n in range(left)]
    )
    answer = at_desk("manager").post(PLACE, {"code": "HV", "name_zh": "暖通", "name_en": "HVAC"})
    assert (answer.status_code, "最多 200 个专业" in spoken(answer.content.decode())) == (422, True)
