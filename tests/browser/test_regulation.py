"""A manager who has never seen YAML changes the credit table: finds the clause, mistypes, saves, says why, sends; without scripts too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit

pytestmark = pytest.mark.browser
DRAFT = "/regulation/publisher/draft"


def open_draft(page: Page) -> None:
    """Open the draft that the demo left in approval, taken back; or start one."""
    page.goto("/regulation/")
    page.get_by_role("link", name=re.compile("打开草案")).or_(page.get_by_role("button", name="起草修订")).first.click()
    page.wait_for_url(f"**{DRAFT}")
    if page.get_by_role("button", name="撤回草案").count():
        page.get_by_label("撤回的理由").fill("再改一处")
        page.get_by_role("button", name="撤回草案").click()


def test_the_manager_changes_the_credit_table_from_draft_to_sending(visit: Visit) -> None:
    lin = visit("lin")
    open_draft(lin)
    lin.goto(f"{DRAFT}/M-19.5")
    lin.get_by_role("link", name="信用等级表").click()
    field = lin.get_by_label("C 信用额度")
    field.fill("七万")
    lin.get_by_role("button", name="写入草案").last.click()
    expect(lin.locator("#e-limit-2")).to_contain_text("请填数字")
    expect(field).to_have_value("七万")
    field.fill("70,000")
    field.press("Enter")
    lin.wait_for_url(f"**{DRAFT}/M-19.5")
    expect(lin.locator(".regulation-table ins")).to_have_text("70,000.00")
    lin.goto(DRAFT)
    lin.get_by_label("修订理由").fill("凭经验。")
    lin.get_by_role("button", name="保存理由和施行日").click()
    lin.get_by_role("button", name=re.compile("送审")).click()
    expect(lin.locator("main")).to_contain_text("正在审批")


def test_a_why_leads_to_the_clause_and_the_evidence_comes_by_itself(visit: Visit) -> None:
    shen = visit("shen")
    shen.goto("/regulation/publisher/v1/M-16.3.3.1")
    expect(shen.locator("#evidence")).to_contain_text("JH-")
    expect(shen.locator(".clause-chosen")).to_be_in_viewport()
    expect(shen.locator(".clause-tree.desk-only [aria-current]")).to_be_in_viewport()
    phone = visit("qin", size=PHONE)
    phone.goto("/regulation/publisher/v1/M-16.3.3.1")
    expect(phone.locator(".clause-chosen")).to_be_in_viewport()
    phone.get_by_text("条款目录").first.click()
    expect(phone.locator(".clause-tree.phone-only .tree-clause").first).to_be_visible()
