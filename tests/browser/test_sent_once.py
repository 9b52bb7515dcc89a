"""What people do to forms: double click, back and send again, two tabs, a session that ends half-way. One document, nothing lost."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Visit
from tests.promises.killing import numbers_of

pytestmark = pytest.mark.browser
RECEIPT, REQUEST = re.compile(r"/receipts/SK-[0-9-]+/"), re.compile(r"/orders/JH-[0-9-]+/")
FORM = "form.receipt-form"
SEND = f"{FORM} button.btn-primary[type=submit]"


def begun(page: Page, reference: str) -> None:
    """Open the form of a receipt of the first partner and fill it in."""
    page.goto("/receipts/new")
    page.select_option("select#line", index=1)
    page.click("main form[method=get] button[type=submit]")
    page.wait_for_selector(f"{FORM} #amount")
    filled(page, reference)


def filled(page: Page, reference: str, amount: str = "321.00") -> None:
    page.fill("#amount", amount)
    page.fill("#bank_reference", reference)


def booked(visit: Visit, reference: str) -> int:
    question = f"SELECT count(*) FROM credit_receipt WHERE bank_reference = '{reference}'"
    return int(str(numbers_of(visit.demo, question)[0][0]))  # type: ignore[attr-defined]


def test_a_double_click_is_one_receipt(visit: Visit) -> None:
    page, reference = visit("fang"), uuid.uuid4().hex[:12]
    begun(page, reference)
    page.evaluate(f"() => {{ const form = document.querySelector('{FORM}'); form.submit(); form.submit(); }}")
    page.wait_for_url(RECEIPT)
    assert booked(visit, reference) == 1


def test_back_and_sent_again_asks_and_keeps_what_was_typed(visit: Visit) -> None:
    page, reference = visit("fang"), uuid.uuid4().hex[:12]
    begun(page, reference)
    page.click(SEND)
    page.wait_for_url(RECEIPT)
    first = page.url
    page.go_back()
    page.wait_for_selector(f"{FORM} #amount")
    filled(page, reference)
    page.click(SEND)
    page.wait_for_load_state()
    assert booked(visit, reference) == 1
    if "/receipts/SK-" not in page.url:
        assert page.get_by_role("heading", level=1).inner_text() in ("这张表单已提交过", "您刚提交过同样的内容")
        page.get_by_role("link", name="查看已办理的").click()
        page.wait_for_url(RECEIPT)
    assert page.url.split("?")[0] == first.split("?")[0]


def test_the_same_from_two_tabs_is_one_receipt_until_it_is_meant(visit: Visit) -> None:
    page, reference = visit("fang", size=PHONE), uuid.uuid4().hex[:12]
    other = page.context.new_page()
    for tab in (page, other):
        begun(tab, reference)
    page.click(SEND)
    page.wait_for_url(RECEIPT)
    other.click(SEND)
    other.wait_for_load_state()
    assert other.get_by_role("heading", level=1).inner_text() == "您刚提交过同样的内容"
    assert other.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert booked(visit, reference) == 1
    other.get_by_role("button", name="确要另交一份").click()
    other.wait_for_url(RECEIPT)
    assert booked(visit, reference) == 2


def test_a_session_that_ends_in_a_half_filled_form_loses_nothing(visit: Visit) -> None:
    page, reference = visit("fang"), uuid.uuid4().hex[:12]
    begun(page, reference)
    page.context.clear_cookies(name="lingqu_session")
    page.click(SEND)
    page.wait_for_url("**/accounts/login/**")
    person = visit.demo.people["fang"]  # type: ignore[attr-defined]
    page.fill("input[name=login]", "fang")
    page.fill("input[name=password]", str(person["password"]))
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/kept")
    page.get_by_role("button", name="按原样提交").click()
    page.wait_for_url(RECEIPT)
    assert booked(visit, reference) == 1


def test_a_request_of_a_form_in_two_tabs_of_one_address_is_one(visit: Visit) -> None:
    """The address of the form of a request carries its key: a copied tab is the same request."""
    page = visit("qin")
    page.goto("/orders/new")
    page.wait_for_url("**/orders/new?*key=*")
    other = page.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        tab.locator("#request input.asks").first.fill("1")
    keys = {tab.locator("#request input[name=key]").get_attribute("value") for tab in (page, other)}
    for tab in (page, other):
        tab.locator("button.btn-wide[type=submit]").first.click()
        tab.wait_for_url(REQUEST)
    assert len(keys) == 1
    assert page.url.split("?")[0] == other.url.split("?")[0]
