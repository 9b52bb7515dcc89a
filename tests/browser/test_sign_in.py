"""An owner invites a clerk, who sets a password and comes in on a phone; a second factor is set up, asked for, and turned off again."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.looks import violations

pytestmark = pytest.mark.browser
PASSWORD = "four-green-hills-9"
STEP = 30
HOME = re.compile(r"//[^/]+/$")


def good(page: Page) -> None:
    """Nothing stands outside the page, and the checks of accessibility find nothing."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    assert violations(page) == [], page.url


def wait_for_a_fresh_half_minute() -> int:
    """A code stands for half a minute and works once: begin one with most of it left; return its count."""
    left = STEP - time.time() % STEP
    if left < 10:
        time.sleep(left + 0.2)
    return int(time.time()) // STEP


def test_an_owner_invites_a_clerk_who_comes_in_on_a_phone(visit: Visit) -> None:
    owner = visit("qin")
    owner.goto("/accounts/people/")
    good(owner)
    owner.fill("#name", "何新")
    owner.fill("#login", "he.xin")
    owner.select_option("#post", "clerk")
    owner.get_by_role("button", name="生成邀请链接").click()
    good(owner)
    link = owner.input_value("#link")
    clerk = visit(language="en", size=PHONE)
    clerk.goto(urlsplit(link).path)
    good(clerk)
    for first, second, words in (("short", "short", ""), ("he.xin-1234", "he.xin-1234", "too close"), (PASSWORD, PASSWORD, "")):
        clerk.fill("#password", first)
        clerk.fill("#again", second)
        clerk.get_by_role("button", name="Save and sign in").click()
        if words:
            expect(clerk.locator("#password-error")).to_contain_text(words)
            good(clerk)
    expect(clerk).to_have_url(HOME, timeout=60_000)
    clerk.goto("/accounts/security/")
    good(clerk)
    clerk.goto(urlsplit(link).path)
    expect(clerk.locator("main")).to_contain_text("This link has been used")
    owner.goto("/accounts/people/")
    owner.click("[aria-label='停用 何新']")
    expect(owner.locator("main")).to_contain_text("何新 的账号已停用")
    clerk.goto("/orders/")
    clerk.wait_for_url("**/accounts/login/**")


def test_finance_sets_a_second_factor_up_and_needs_it_at_the_next_sign_in(visit: Visit) -> None:
    finance = visit("fang", language="en")
    answer = finance.goto("/accounts/people/")
    assert answer is not None
    assert answer.status == 403
    finance.goto("/accounts/security/factor")
    good(finance)
    secret = finance.locator(".enrol-letters").inner_text().replace(" ", "")
    count = wait_for_a_fresh_half_minute()
    finance.fill("#code", format_hotp_value(hotp_value(secret, count - 1)))
    finance.get_by_role("button", name="Set it up").click()
    assert finance.locator(".enrol-codes li").count() == 10
    good(finance)
    phone = visit(size=PHONE)
    phone.goto("/accounts/login/")
    phone.fill("input[name=login]", "fang")
    phone.fill("input[name=password]", str(visit.demo.people["fang"]["password"]))  # type: ignore[attr-defined]
    phone.press("input[name=password]", "Enter")
    phone.wait_for_url("**/accounts/login/code")
    good(phone)
    phone.fill("#code", format_hotp_value(hotp_value(secret, count)))
    phone.press("#code", "Enter")
    expect(phone).to_have_url(HOME, timeout=60_000)
    phone.goto("/accounts/security/")
    good(phone)
    phone.fill("#code", format_hotp_value(hotp_value(secret, count + 1)))
    phone.get_by_role("button", name="关闭").click()
    expect(phone.locator("main")).to_contain_text("两步验证已关闭")
