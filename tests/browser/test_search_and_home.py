"""The search by keyboard, on a desk and on a phone, without a script too; and the home of each post, decided in its rows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looks import violations

pytestmark = pytest.mark.browser
AGENT = "/partners/KH-3701-001/"


def options(page: Page) -> list[str]:
    return [
        str(one) for one in page.locator('.search-panel [role="option"]').evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    ]


def ask(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words, delay=20)
    page.locator(".search-panel .found").and_(page.locator(f'[data-query="{words}"]')).wait_for()


def serious(page: Page) -> list[str]:
    found = violations(page)
    return [f"{one['id']} at {one['nodes'][0]['target']}" for one in found if one["impact"] in ("serious", "critical")]


def test_a_partner_is_opened_by_its_initials_without_a_mouse(visit: Visit) -> None:
    lin = visit("lin")
    ask(lin, "jndq")
    box = lin.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(lin.locator("#search-said")).to_contain_text("找到")
    assert options(lin)[0] == AGENT
    expect(lin.locator('[aria-selected="true"]')).to_have_attribute("href", AGENT)
    expect(lin.locator('[aria-selected="true"] mark')).to_have_text("济南岱青")
    lin.keyboard.press("ArrowDown")
    second = lin.locator('[aria-selected="true"]')
    expect(box).to_have_attribute("aria-activedescendant", str(second.get_attribute("id")))
    lin.keyboard.press("ArrowUp")
    lin.keyboard.press("Enter")
    lin.wait_for_url(f"**{AGENT}")
    lin.keyboard.press("Control+k")
    expect(lin.locator(".search-panel")).to_contain_text("最近打开")
    assert options(lin) == [AGENT]


def test_escape_closes_and_an_old_list_is_never_opened(visit: Visit) -> None:
    lin = visit("lin")
    ask(lin, "jndq")
    lin.keyboard.press("Escape")
    expect(lin.locator(".search-panel")).to_be_hidden()
    expect(lin.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    lin.keyboard.press("ArrowDown")
    expect(lin.locator(".search-panel")).to_be_visible()
    lin.get_by_role("combobox").fill("M-19.5")
    lin.keyboard.press("Enter")  # before what is found has come: the page of the search answers
    lin.wait_for_url(re.compile(r"/search\?q=M-19\.5"))
    expect(lin.locator(".search-page .found-row").first).to_have_attribute("href", re.compile(r"M-19\.5$"))


def test_a_slash_in_a_field_is_a_slash(visit: Visit) -> None:
    qin = visit("qin")
    qin.goto("/orders/")
    field = qin.locator("main input[type=search]").first
    field.fill("JH")
    field.press("/")
    expect(field).to_have_value("JH/")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_is_found_overflows_nothing_and_axe_is_content(visit: Visit, size: tuple[int, int], language: str) -> None:
    complaints: list[str] = []
    for login in ("lin", "qin"):
        page = visit(login, language=language, size=size)
        for words in ("2026", "zzzz", "M-19", "QH26"):
            page.goto("/")
            ask(page, words)
            if page.evaluate("document.documentElement.scrollWidth") > size[0]:
                complaints.append(f"{login} {words}: too wide")
            complaints += [f"{login} {words}: {text}" for text in serious(page)]
        page.goto("/search?q=2026")
        complaints += [f"{login} page: {text}" for text in serious(page)]
    assert complaints == []


def test_on_a_phone_the_search_fills_the_screen_and_goes_away(visit: Visit) -> None:
    qin = visit("qin", size=PHONE)
    qin.get_by_role("link", name="搜索").click()
    box = qin.get_by_role("combobox")
    expect(box).to_be_focused()
    box.press_sequentially("M-19.5", delay=20)
    expect(qin.locator(".search-panel .found-row").first).to_be_visible()
    covered = qin.evaluate("document.elementFromPoint(180, 780).closest('form.search') !== null")
    assert covered
    qin.get_by_role("button", name="取消").click()
    expect(box).to_be_hidden()


def test_without_a_script_the_search_is_a_page(visit: Visit) -> None:
    lin = visit("lin")
    context = lin.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=lin.context.storage_state(), base_url=visit.demo.address,  # type: ignore[attr-defined]
    )  # fmt: skip
    plain = context.new_page()
    plain.goto("/")
    plain.locator(".search-input").fill("济南")
    plain.locator(".search-input").press("Enter")
    plain.wait_for_url(re.compile(r"/search\?q="))
    plain.locator(f'main a.found-row[href="{AGENT}"]').click()
    plain.wait_for_url(f"**{AGENT}")
    context.close()


def test_the_manager_takes_a_request_from_the_row_and_finance_finds_the_bank(visit: Visit) -> None:
    lin = visit("lin", language="en")
    waiting = lin.locator("details.task", has_text="all passed").first
    number = waiting.get_attribute("id")
    expect(waiting.locator(".task-verb")).to_be_visible()
    waiting.locator("summary").click()
    expect(waiting.locator(".task-verb")).to_be_hidden()
    waiting.get_by_role("button", name="Accept, open the batch").click()
    expect(lin.locator("main")).to_contain_text(f"{number} accepted")
    expect(lin.locator(f"#{number}")).to_have_count(0)
    fang = visit("fang", language="en")
    row = fang.locator(".task", has_text="bank lines to match")
    row.get_by_role("link", name=re.compile("^Match")).click()
    fang.wait_for_url("**/bank/")


def test_figures_and_watch_list_lead_to_what_is_behind_them(visit: Visit) -> None:
    for login in ("shen", "lin", "fang", "zhou", "huai", "ye", "zheng"):
        page = visit(login)
        urls = page.locator(".kpi a, .watch a, .card-end a").evaluate_all("all => all.map((one) => one.href)")
        for url in sorted(set(urls)):
            answer = page.request.get(url)
            assert answer.status == 200, (login, url, answer.status)


def test_a_partner_on_a_phone_orders_with_one_tap(visit: Visit) -> None:
    qin = visit("qin", size=PHONE)
    expect(qin.locator(".own-free")).to_be_visible()
    qin.get_by_role("link", name="进货", exact=True).first.click()
    qin.wait_for_url("**/orders/new")


def test_the_keyboard_reaches_the_submit_button_of_a_new_request_in_a_few_steps(visit: Visit) -> None:
    qin = visit("qin", language="en")
    qin.goto("/orders/new")
    focused = "document.activeElement.name || document.activeElement.innerText.trim()"
    qin.keyboard.press("Tab")
    assert qin.evaluate(focused) == "Skip to content"
    qin.keyboard.press("Enter")
    steps = 0
    while qin.evaluate(focused) != "Skip to total and submit":
        qin.keyboard.press("Tab")
        steps += 1
        assert steps < 5
    qin.keyboard.press("Enter")
    qin.keyboard.press("Tab")
    assert qin.evaluate(focused) == "send"
