"""The demo, served for real, and a real Chromium. Its path comes from `LINGQU_CHROMIUM`; without one these tests fail, they never skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from lingqu.base.clock import today
from tests.installation import Installation

OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
DESK, PHONE = (1280, 900), (375, 812)
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo publisher, in a home of its own."""
    folder = tmp_path_factory.mktemp("browser")
    Path(folder).chmod(0o755)
    installation = Installation(folder / "home")
    try:
        installation.open_demo()
        yield installation
    finally:
        installation.end()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    path = os.environ.get("LINGQU_CHROMIUM") or shutil.which("chromium")
    assert path, "no Chromium: run `make browser`, or name one in LINGQU_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def visit(demo: Installation, chromium: Browser) -> Iterator[Visit]:
    """Sit somebody down at a browser of their own: `visit("wen", language="en", size=PHONE)` gives their page, signed in."""
    contexts = []

    def sit_down(login: str = "", *, language: str = "zh", size: tuple[int, int] = DESK) -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, base_url=demo.address)
        contexts.append(context)
        context.add_cookies([{"name": "lingqu_language", "value": language, "url": demo.address}])
        page = context.new_page()
        if login:
            page.goto("/accounts/login/")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", str(demo.people[login]["password"]))
            page.press("input[name=password]", "Enter")
            page.wait_for_url("**/")
        return page

    sit_down.demo, sit_down.year = demo, today().year  # type: ignore[attr-defined]
    yield sit_down
    for context in contexts:
        context.close()
