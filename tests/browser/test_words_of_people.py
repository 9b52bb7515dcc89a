"""P20: words of people in a real Chromium: nothing of them runs, nothing foreign is asked, and the content policy has nothing to stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Dialog, Page

from lingqu.config.home import Home, connection
from lingqu.operate.connecting import open_connection
from tests.browser.conftest import DESK, PHONE, Visit
from tests.promises.hostile_text import LINK, LONG, MIDDLE, SHORT, text_columns

pytestmark = pytest.mark.browser
WATCH = """
window.zz = () => console.error('somebody\\'s words ran');
document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
PLACES = {
    "lin": ("/", "/partners/KH-4201-002/", "/partners/KH-4201-002/?tab=history", "/approvals/?list=all", "/search?q=zz", "/returns/"),
    "qin": ("/orders/new", "/orders/", "/notices/", "/duties/", "/deliveries/"),
    "fang": ("/credit/", "/bank/", "/receipts/", "/statements/"),
}


@contextmanager
def spoilt(home: Home) -> Iterator[int]:
    """Put hostile words into every column of words of a running installation, and the old ones back at the end."""
    kept: list[tuple[str, str, str]] = []
    with open_connection(connection(home, "owner")) as owner:
        for number, (model, field) in enumerate(text_columns()):
            table, column, key = model._meta.db_table, field.column, model._meta.pk.column
            most = getattr(field, "max_length", None) or 1_000
            words = LINK if field.name == "link" else next((one for one in (LONG, MIDDLE, SHORT) if len(one) + 8 <= most), SHORT[:most])
            made = f"left(\"{key}\"::text || '{{}}', {most})".replace("'{}'", "%s") if field.unique else f"left(%s, {most})"
            try:
                with owner.transaction():
                    owner.execute(f'CREATE TABLE zz_{number} AS SELECT "{key}" AS id, "{column}" AS word FROM "{table}"')
                    owner.execute(f'UPDATE "{table}" SET "{column}" = {made} WHERE "{column}" <> \'\'', (words,))
                    owner.execute(f"GRANT SELECT ON zz_{number} TO PUBLIC")
            except psycopg.Error:
                continue  # what only grows is guarded from its owner too
            back = f'SET "{column}" = zz_{number}.word FROM zz_{number} WHERE "{table}"."{key}" = zz_{number}.id'
            kept.append((f"zz_{number}", table, back))
        try:
            yield len(kept)
        finally:
            for saved, table, how in kept:
                owner.execute(f'UPDATE "{table}" {how}')
                owner.execute(f"DROP TABLE {saved}")


def listened(page: Page, address: str) -> list[str]:
    """Return the list to which everything goes that a page should not have: errors, foreign requests, dialogs."""
    heard: list[str] = []

    def close(asked: Dialog) -> None:
        heard.append(f"dialog {asked.message}")
        asked.dismiss()

    page.add_init_script(WATCH)
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda wrong: heard.append(str(wrong)))
    page.on("dialog", close)
    page.on("request", lambda sent: heard.append(f"asked {sent.url}") if not _ours(sent.url, address) else None)
    return heard


def _ours(url: str, address: str) -> bool:
    return url.startswith((f"{address}/", "data:image/"))


def found_in(page: Page) -> Any:
    """Return the elements that are somebody's words."""
    obeyed = "zz-a, [onzz], [onerror], [hx-zz], script:not([src])"
    return page.evaluate(f"[...document.querySelectorAll('{obeyed}')].map((one) => one.outerHTML.slice(0, 80))")


def test_words_of_people_do_nothing_in_a_browser(visit: Visit) -> None:
    demo = visit.demo  # type: ignore[attr-defined]
    wrong: list[str] = []
    shown = 0
    with spoilt(Home(demo.home)) as columns:
        for number, (login, places) in enumerate(PLACES.items()):
            page = visit(login, size=PHONE if number % 2 else DESK)
            heard = listened(page, demo.address)
            for place in places:
                page.goto(place)
                wrong += [f"{place}: {one}" for one in (*heard, *found_in(page))]
                shown += page.content().count("zz{{7|add:7}}zz")
                heard.clear()
    assert wrong == []
    assert columns > 100
    assert shown > 20


def test_a_page_that_runs_words_would_be_found(visit: Visit) -> None:
    demo = visit.demo  # type: ignore[attr-defined]
    page = visit("")
    heard = listened(page, demo.address)
    body = f"<title>x</title><img src='http://127.0.0.1:9/x'>{LONG}"
    page.route("**/accounts/login/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/accounts/login/")
    page.wait_for_timeout(200)
    assert len(found_in(page)) >= 3
    assert [one for one in heard if "ran" in one]
    assert [one for one in heard if one.startswith("asked http://127.0.0.1:9/")]


def test_a_text_field_drawn_larger_does_not_trouble_the_content_policy(visit: Visit) -> None:
    page = visit("qin", size=PHONE)
    heard = listened(page, visit.demo.address)  # type: ignore[attr-defined]
    page.goto("/orders/new")
    page.locator("details.paste summary").click()
    page.fill("#paste", "QH26-101 5")
    page.evaluate("document.getElementById('paste').style.height = '222px'")  # as the browser does it
    with page.expect_response("**/lines*"):
        page.locator("button[name=fill]").click()
    page.wait_for_function("document.querySelector('#copies-2, [name=copies-2]') !== null")
    page.wait_for_timeout(200)
    assert heard == []
