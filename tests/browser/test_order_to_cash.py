"""The walk of the README, done by hand: order, accept, ship, pay, settled. And what a hasty or slow person does on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"JH-\d{4}-\d{4,}")


def copies_of(page: Page, code: str) -> Locator:
    """The cell for the copies of a title."""
    return page.locator("tr", has=page.locator(".code", has_text=code)).locator("input[name^=copies-]")


def submit(page: Page) -> None:
    page.locator("button[name=send]:visible").first.click()


def fill_in(page: Page, copies: dict[str, str]) -> None:
    page.goto("/orders/new")
    for code, number in copies.items():
        copies_of(page, code).fill(number)
        copies_of(page, code).press("Tab")


def test_from_a_request_to_a_settled_batch(visit: Visit) -> None:
    wen = visit("wen", language="en")
    fill_in(wen, {"QH26-101": "260", "QH26-102": "121"})
    expect(wen.locator("main")).to_contain_text("83.20")  # one copy of 128.00 at 65 % over the limit
    copies_of(wen, "QH26-102").fill("120")
    submit(wen)
    wen.wait_for_url(re.compile(r"/orders/JH-"))
    found = NUMBER.search(wen.url)
    assert found
    expect(wen.locator("main")).to_contain_text("26,208.00")

    zhou = visit("zhou", language="en")
    zhou.goto(f"/orders/{found[0]}/")
    zhou.get_by_role("button", name="Accept, open the batch").click()
    expect(zhou.locator("main")).to_contain_text("To be shipped")

    zheng = visit("zheng", language="en")
    zheng.goto(f"/orders/{found[0]}/")
    zheng.get_by_role("button", name="Ship all that is in stock").click()
    expect(zheng.locator("main")).to_contain_text("Shipped")

    fang = visit("fang", language="en")
    fang.goto("/")
    fang.locator("tr, li", has_text=found[0]).get_by_role("link", name="Enter money").first.click()
    fang.locator("input[name=amount]").fill("26208.00")
    fang.locator("tr, li", has_text=found[0]).locator("input[name^=detail-]").fill("26208.00")
    fang.locator("tr, li", has_text=found[0]).locator("input[name^=detail-]").press("Tab")
    fang.get_by_role("button", name="Enter, settle 1").click()
    fang.wait_for_url(re.compile(r"/receipts/SK-"))

    wen.reload()
    expect(wen.locator("main")).to_contain_text("Settled")


def test_a_double_click_makes_one_request(visit: Visit) -> None:
    qin = visit("qin")
    qin.goto("/orders/")
    before = qin.locator("main").inner_text().count("JH-")
    fill_in(qin, {"QH26-101": "1"})
    qin.locator("button[name=send]:visible").first.dblclick()
    qin.wait_for_url(re.compile(r"/orders/JH-"))
    qin.goto("/orders/")
    assert qin.locator("main").inner_text().count("JH-") == before + 1


def test_a_session_that_ended_in_a_filled_form_loses_nothing(visit: Visit) -> None:
    qin = visit("qin")
    fill_in(qin, {"QH26-103": "7"})
    qin.context.clear_cookies(name="lingqu_session")
    submit(qin)
    qin.wait_for_url(re.compile(r"/accounts/login/"))
    qin.fill("input[name=login]", "qin")
    qin.fill("input[name=password]", password_of(visit, "qin"))
    qin.press("input[name=password]", "Enter")
    qin.wait_for_url(re.compile(r"/kept"))
    qin.locator("main button[type=submit]").first.click()
    qin.wait_for_url(re.compile(r"/orders/(JH-|new)"))
    expect(qin.locator("main")).to_contain_text("QH26-103")


def password_of(visit: Visit, login: str) -> str:
    return str(visit.demo.people[login]["password"])  # type: ignore[attr-defined]


def test_what_was_typed_wrong_is_kept_and_named(visit: Visit) -> None:
    qin = visit("qin", language="en")
    fill_in(qin, {"QH26-101": "2.675", "QH26-102": "１２"})
    submit(qin)
    expect(copies_of(qin, "QH26-101")).to_have_value("2.675")
    expect(copies_of(qin, "QH26-102")).to_have_value("１２")
    expect(qin.locator("main")).to_contain_text("whole number")
