"""Every page by post, in both languages, on a desk and on a phone: nothing overflows, nothing speaks the other language, axe is content."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looks import violations

pytestmark = pytest.mark.browser
PLACES = {
    "shen": (
        "/",
        "/orders/",
        "/partners/",
        "/partners/KH-3701-001/",
        "/partners/KH-3701-001/grade",
        "/approvals/SP-{year}-0003",
        "/credit/signatures",
    ),
    "huai": ("/", "/approvals/", "/approvals/SP-{year}-0004", "/accounts/delegations/", "/duties/calendar", "/notices/channels"),
    "lin": (
        "/search?q=2026",
        "/search",
        "/partners/KH-4201-002/?tab=history",
        "/regulation/",
        "/regulation/publisher/v2/M-19.5",
        "/regulation/publisher/draft",
        "/regulation/publisher/gaps",
        "/regulation/publisher/parameters",
        "/regulation/publisher/versions",
        "/regulation/publisher/differences?from=1&to=2",
        "/regulation/general/",
        "/duties/working-calendar",
        "/partners/KH-4201-002/?tab=money",
        "/approvals/?list=all",
    ),
    "zhou": (
        "/",
        "/orders/new?buyer=KH-1401-003",
        "/orders/JH-{year}-0018/",
        "/special-prices/",
        "/special-prices/new",
        "/partner-reports/",
    ),
    "fang": (
        "/",
        "/opening/",
        "/opening/new/certificates",
        "/receipts/",
        "/receipts/new",
        "/partners/KH-4201-002/",
        "/credit/?view=all",
        "/credit/groups/",
        "/credit/groups/new",
        "/statements/",
        "/partners/KH-4201-002/statement",
    ),
    "zheng": ("/", "/stock/", "/orders/"),
    "qin": (
        "/help/api",
        "/help/api/ship_order",
        "/",
        "/orders/new",
        "/orders/",
        "/partners/KH-3701-001/",
        "/duties/",
        "/notices/",
        "/notices/settings",
        "/regulation/",
    ),
    "lu": ("/", "/orders/", "/partner-reports/new"),
    "": ("/accounts/login/", "/nothing-here"),
}
NAMES = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"(?<![A-Za-z-])(?:[A-Za-z]{2,} ){2,}[a-z]{2,}")


def own_words(page: Page) -> str:
    """What the page says itself: names of firms, people, titles and what people wrote are marked as such and left out."""
    return str(
        page.evaluate(
            """() => {
                const copy = document.querySelector('main, body').cloneNode(true);
                copy.querySelectorAll('script, style, [translate=no], [lang]').forEach((one) => one.remove());
                return copy.innerText;
            }"""
        )
    )


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("login", PLACES)
def test_nothing_overflows_and_axe_is_content(visit: Visit, login: str, size: tuple[int, int]) -> None:
    page = visit(login, size=size)
    complaints: list[str] = []
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" and "404" not in message.text else None)
    for language in ("zh", "en"):
        page.context.add_cookies([{"name": "lingqu_language", "value": language, "url": visit.demo.address}])  # type: ignore[attr-defined]
        for place in PLACES[login]:
            page.goto(place.format(year=visit.year))  # type: ignore[attr-defined]
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > size[0]:
                complaints.append(f"{place} {language}: {width} px wide")
            complaints += [f"{place} {language}: {text}" for text in said]
            for found in violations(page):
                if found["impact"] in ("serious", "critical"):
                    complaints.append(f"{place} {language}: {found['id']} at {found['nodes'][0]['target']}")
            said.clear()  # what the checker itself puts into the page is no page's fault
    assert complaints == []


def test_no_english_sentence_on_chinese_pages(visit: Visit) -> None:
    complaints: list[str] = []
    for login, places in PLACES.items():
        page = visit(login)
        for place in places:
            page.goto(place.format(year=visit.year))  # type: ignore[attr-defined]
            complaints.extend(f"{place} ({login}): {found}" for found in SENTENCE.findall(own_words(page)))
    assert complaints == []
