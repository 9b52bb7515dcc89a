"""The pages of duties: what each person finds there, the forms that lose nothing, files, and the calendar's import."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingqu.documents.rules import NewFile
from lingqu.duties.actions import NewPaper, hand_in
from lingqu.duties.models import Attachment, CalendarYear, Duty, Paper
from lingqu.duties.tests.rules import MONTHLY, PDF, VISIT, changed, duty_of, make
from lingqu.duties.tests.test_holidays import GOOD
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

JULY = date(2026, 7, 1)
OURS = ("Sales and stock by title.", "publisher/1/abc", "monthly_report")


@pytest.fixture
def owed(representatives: World) -> World:
    """The story on 23 November with what is owed since July."""
    make(representatives, representatives.at.date(), since=JULY)
    return representatives


def words(browser: Client, path: str) -> str:
    """The words of a page."""
    return spoken(browser.get(path).content.decode())


def handed_in(world: World) -> Paper:
    """The agent's report of October with a file."""
    new = NewPaper("monthly_report", "十月报表", "销售 120 册。", (NewFile('报"告.pdf', PDF),))
    return hand_in([duty_of(world, "agent").pk], new, by=world.who("agent_owner"), at=world.at)


def test_my_duties_are_listed_due_soonest_first_late_ones_with_their_days(owed: World, at_desk: SitDown) -> None:
    page = words(at_desk("agent_owner"), "/duties/")
    assert "待办 6 项，7 天内到期或已迟 4 项 · 4 项已迟" in page
    assert page.index("2026 年 7 月") < page.index("2026 年 10 月") < page.index("2026 年 11 月") < page.index("2026 年下半年")
    assert "迟 18 天 11-05 周四" in page
    assert "14 天 12-07 周一" in page
    assert "原定 12-05 周六，顺延到 12-07" in page
    assert "季度走访" not in page


def test_headquarters_sees_all_and_filters_by_address(owed: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    assert "没有要办的职责" in words(browser, "/duties/")
    everything = words(browser, "/duties/?who=all")
    assert "季度走访" in everything
    assert "cash_agent公司" in everything
    late = words(browser, "/duties/?who=all&state=late&rule=monthly_report&firm=agent")
    assert late.count("条款 M-15.4") == 4
    assert "other_agent公司" not in late
    assert "没有符合条件的职责" in words(browser, "/duties/?who=all&state=done")


@pytest.mark.parametrize(
    "query", ["state=%00&rule=%00", "after=x", "after=2026-99-99_1", "state=nonsense", "rule=" + "x" * 5000, "firm=%27"]
)
def test_nonsense_in_the_address_is_no_error(owed: World, at_desk: SitDown, query: str) -> None:
    assert at_desk("manager").get(f"/duties/?who=all&{query}").status_code == 200


def test_a_long_list_is_turned_page_by_page(owed: World, at_desk: SitDown) -> None:
    rules = [changed(MONTHLY, key=f"report_{number}") for number in range(5)]
    make(owed, owed.at.date(), rules, since=JULY)
    browser = at_desk("manager")
    seen: list[str] = []
    path = "/duties/?who=all"
    for _ in range(5):
        page = browser.get(path).content.decode()
        seen += [part.split("/", 1)[0] for part in page.split('class="duty-name" href="/duties/')[1:]]
        if 'rel="next"' not in page:
            break
        path = "/duties/" + page.split('rel="next"', 1)[0].rsplit('href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == Duty.objects.filter(state="open").count()


@pytest.mark.parametrize(
    ("name", "status"), [("agent_owner", 200), ("agent_clerk", 200), ("manager", 200), ("other_agent_owner", 404), ("retailer_owner", 404)]
)
def test_who_sees_a_duty_and_its_files(owed: World, at_desk: SitDown, name: str, status: int) -> None:
    paper = handed_in(owed)
    file = Attachment.objects.get(paper=paper)
    browser = at_desk(name)
    assert browser.get(f"/duties/{duty_of(owed, 'agent').pk}/").status_code == status
    answer = browser.get(f"/duties/files/{file.pk}")
    assert answer.status_code == status
    if status == 200:
        assert answer.content == PDF
        assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E6%8A%A5%22%E5%91%8A.pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Client().get(f"/duties/files/{file.pk}").status_code == 302


@pytest.mark.parametrize("path", ["0/", "999999/", f"{2**70}/", "files/0", f"files/{2**70}", "files/999999"])
def test_what_does_not_exist_is_not_found(owed: World, at_desk: SitDown, path: str) -> None:
    assert at_desk("manager").get(f"/duties/{path}").status_code == 404


def test_a_paper_with_a_file_is_handed_in_on_the_page_for_two_duties(owed: World, at_desk: SitDown) -> None:
    october, november = duty_of(owed, "agent"), duty_of(owed, "agent", start=date(2026, 11, 1))
    browser = at_desk("agent_owner")
    sent = {"title": "十、十一月", "text": "合并报", "kind": "monthly_report", "key": "k", "duties": [str(november.pk)]}
    for _ in range(2):
        answer = browser.post(f"/duties/{october.pk}/hand-in", sent | {"files": SimpleUploadedFile("a.pdf", PDF)}, follow=True)
        assert "完成 2 项职责" in answer.content.decode()
    assert Paper.objects.count() == Attachment.objects.count() == 1
    assert set(Duty.objects.filter(pk__in=[october.pk, november.pk]).values_list("state", flat=True)) == {"done"}
    page = words(browser, f"/duties/{october.pk}/")
    assert "十、十一月 BG-2026-" in page
    assert "同时完成 2 项职责" in page
    assert "迟 18 天" in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"files": SimpleUploadedFile("a.exe", PDF)}, "类型不收"),
        ({"files": SimpleUploadedFile("a.pdf", b"no")}, "的内容不是 PDF"),
        ({"files": [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(6)]}, "最多 5 个附件"),
        ({"text": ""}, "请填写正文，或附上文件"),
        ({"title": ""}, "请填写标题"),
        ({"duties": ["x"]}, "职责选择无法识别"),
        ({"kind": "minutes"}, "不收这类文件"),
        ({"key": "k" * 65}, "无法保存的字符"),
        ({"title": "a\x00b"}, "无法保存的字符"),
        ({"key": "a\x00b"}, "无法保存的字符"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(owed: World, at_desk: SitDown, more: dict[str, object], said: str) -> None:
    october = duty_of(owed, "agent")
    sent = {"title": "十月报表", "text": "写了很久的正文", "kind": "monthly_report", "key": "k"} | more
    answer = at_desk("agent_owner").post(f"/duties/{october.pk}/hand-in", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "写了很久的正文" in page or "text" in more
    assert not Paper.objects.exists()


def test_verbs_on_the_page(owed: World, at_desk: SitDown) -> None:
    paper = handed_in(owed)
    october = duty_of(owed, "agent")
    manager = at_desk("manager")
    manager.post(f"/duties/papers/{paper.pk}/remark", {"feedback": "请补库存"})
    assert "反馈已发出" in words(manager, f"/duties/{october.pk}/")
    assert "请补库存" in words(at_desk("agent_owner"), f"/duties/{october.pk}/")
    manager.post(f"/duties/{october.pk}/ask-again", {"reason": "缺库存", "until": "x"})
    assert "请填写日期" in words(manager, f"/duties/{october.pk}/")
    manager.post(f"/duties/{october.pk}/ask-again", {"reason": "缺库存", "until": "2026-11-27"})
    assert "已退回重交，2026-11-27 前" in words(manager, f"/duties/{october.pk}/")
    manager.post(f"/duties/{october.pk}/void", {"reason": "停业"})
    page = words(manager, f"/duties/{october.pk}/")
    assert "职责已作废" in page
    assert "退回重交 11-23 09:00 · manager · 缺库存" in page
    other = at_desk("other_agent_owner")
    assert other.post(f"/duties/{october.pk}/void", {"reason": "x"}).status_code == 403
    assert other.post(f"/duties/papers/{paper.pk}/remark", {"feedback": "x"}).status_code == 404
    assert "您的岗位不能办理" in at_desk("agent_owner").post(f"/duties/{october.pk}/void", {"reason": "x"}).content.decode()


def test_the_month_shows_who_owes_what_and_reminds_the_late(owed: World, at_desk: SitDown) -> None:
    handed_in(owed)
    browser = at_desk("manager")
    page = words(browser, "/duties/calendar")
    assert "月度销售库存报表 2 项迟 2026 年 10 月 · 应于 11-05 · other_agent公司, cash_agent公司 一键催报" in page
    assert "月度销售库存报表 迟 2" in page
    assert "11-05 周四 月度销售库存报表 2026 年 10 月 · M-15.4 应交 3 已交 1 其中迟交 1 未交 2 迟报 2" in page
    december = words(browser, "/duties/calendar?month=2026-12")
    assert "月度销售库存报表 0/3" in december
    assert "2027 年放假安排尚未发布" in words(browser, "/duties/calendar?month=2027-01")
    answer = browser.post("/duties/remind", {"rule": "monthly_report"}, follow=True)
    assert "已催报，通知 3 人" in answer.content.decode()
    mine = words(at_desk("agent_owner"), "/duties/calendar")
    assert "一键催报" not in mine
    assert "other_agent公司" not in mine
    for month in ("x", "2026-13", "0000-00", "9999-12", "0001-01"):
        assert browser.get(f"/duties/calendar?month={month}").status_code == 200


def test_a_list_of_holidays_is_checked_and_imported_and_nothing_typed_is_lost(owed: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    page = words(browser, "/duties/working-calendar")
    assert "2027 年放假安排尚未发布" in page
    assert "随软件提供" in page
    wrong = {"year": "2027", "source": "国办", "text": GOOD + "2027-02-30,休\n", "import": "1"}
    answer = browser.post("/duties/working-calendar", wrong)
    assert answer.status_code == 422
    assert "没有这一天" in answer.content.decode()
    assert "2027-02-30,休" in answer.content.decode()
    assert not CalendarYear.objects.exists()
    right = wrong | {"text": GOOD}
    only_checked = {name: value for name, value in right.items() if name != "import"}
    checked = browser.post("/duties/working-calendar", only_checked)
    assert "导入 2027 年，14 天例外" in checked.content.decode()
    assert not CalendarYear.objects.exists()
    done = browser.post("/duties/working-calendar", right, follow=True).content.decode()
    assert "已导入 2027 年放假安排" in done
    assert "尚未发布" not in spoken(done)
    assert "已有放假安排" in browser.post("/duties/working-calendar", only_checked).content.decode()


@pytest.mark.parametrize(
    ("content", "status"), [(GOOD.encode("utf-8-sig"), 200), (GOOD.encode("gb18030"), 200), (b"PK\x03\x04\x00", 422), (b"", 422)]
)
def test_a_file_is_read_in_both_encodings_and_stays_in_the_form(world: World, at_desk: SitDown, content: bytes, status: int) -> None:
    sent = {"year": "2027", "source": "国办", "text": "", "file": SimpleUploadedFile("h.csv", content)}
    answer = at_desk("finance").post("/duties/working-calendar", sent)
    assert answer.status_code == status
    assert ("2027-05-03,休" in answer.content.decode()) is (status == 200)


@pytest.mark.parametrize("more", [{"year": "x"}, {"year": "1999"}, {"year": ""}, {"source": ""}, {"text": " "}])
def test_what_is_missing_is_said_at_its_field(world: World, at_desk: SitDown, more: dict[str, str]) -> None:
    sent = {"year": "2027", "source": "国办", "text": GOOD} | more
    answer = at_desk("manager").post("/duties/working-calendar", sent)
    assert answer.status_code == 422
    assert f'id="{"holidays" if "text" in more else next(iter(more))}-error"' in answer.content.decode()


def test_others_see_the_working_calendar_but_do_not_import(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    assert "导入放假安排" not in words(browser, "/duties/working-calendar")
    assert browser.post("/duties/working-calendar", {"year": "2027", "source": "x", "text": GOOD}).status_code == 403
    template = browser.get("/duties/working-calendar/template.csv")
    assert template.content.decode("utf-8-sig").startswith("日期,班休\n2027-01-01,休\n")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_keep_to_one_language(owed: World, at_desk: SitDown, language: str) -> None:
    handed_in(owed)
    october = duty_of(owed, "agent")
    more = (
        (*OURS, "CSV", "TXT", "Excel", "PDF", "XLSX", "DOCX", "pdf", "bytes")
        if language == "zh"
        else ("十月报表", "销售", "册", "报", "告")
    )
    for name in ("manager", "agent_owner", "representative"):
        browser = at_desk(name, language=language)
        for path in ("", "?who=all&state=all", "?state=void", "calendar", "calendar?month=2027-01", "working-calendar", f"{october.pk}/"):
            found = of_the_other_language(browser.get(f"/duties/{path}").content.decode(), language, owed, *more)
            assert found == [], (name, path)


def test_thirty_rows_take_as_many_statements_as_one(owed: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    for path in ("/duties/?who=all&state=open", "/duties/calendar"):
        browser.get(path)
        Duty.objects.exclude(pk=duty_of(owed, "agent").pk).update(state="void")
        with counted() as one:
            browser.get(path)
        Duty.objects.update(state="open")
        make(owed, owed.at.date(), [changed(MONTHLY, key="another"), changed(VISIT, key="third")], since=JULY)
        assert Duty.objects.filter(state="open").count() >= 30
        with counted() as thirty:
            browser.get(path)
        assert len(thirty) == len(one), path


def test_a_duty_with_many_papers_takes_as_many_statements_as_with_one(owed: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    path = f"/duties/{duty_of(owed, 'agent').pk}/"
    handed_in(owed)
    browser.get(path)
    with counted() as one:
        browser.get(path)
    for number in range(5):
        Duty.objects.filter(pk=duty_of(owed, "agent").pk).update(state="open", done_at=None, late_days=None)
        new = NewPaper("monthly_report", f"第 {number} 次", "全", (NewFile("a.pdf", PDF), NewFile("b.pdf", PDF)))
        hand_in([duty_of(owed, "agent").pk], new, by=owed.who("agent_owner"), at=owed.at)
    with counted() as many:
        browser.get(path)
    assert len(many) == len(one)
