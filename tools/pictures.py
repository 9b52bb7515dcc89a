"""`python -m tools.pictures`: start a demo of its own and photograph the pages that the README shows, into docs/pictures.

Needs a Chromium, named by `LINGQU_CHROMIUM` or found as `chromium`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.installation import Installation

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
SIZE: ViewportSize = {"width": 1280, "height": 800}
SHOTS = (("home", "lin", "/"), ("order", "shen", ""))
"""Name, who looks, at which address ("" = the request that waits for the director's signature)."""


def photograph(browser: Browser, demo: Installation, shot: tuple[str, str, str], language: str) -> None:
    """Take one picture of one page in one language."""
    name, login, address = shot
    context = browser.new_context(viewport=SIZE, base_url=demo.address, device_scale_factor=1)
    context.add_cookies([{"name": "lingqu_language", "value": language, "url": demo.address}])
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", demo.people[login]["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    if address:
        page.goto(address)
    else:
        page.click("main a:has-text('JH-') >> nth=0")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}-{language}.png")
    context.close()


def main() -> None:
    """Take all pictures anew."""
    path = os.environ.get("LINGQU_CHROMIUM") or shutil.which("chromium")
    if not path:
        sys.exit("No Chromium: name one in LINGQU_CHROMIUM.")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        demo = Installation(Path(folder) / "home")
        try:
            demo.people = {str(one["login"]): one for one in demo.run("demo")["people"]}  # type: ignore[attr-defined]
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
                for language in ("zh", "en"):
                    for shot in SHOTS:
                        photograph(browser, demo, shot, language)
                browser.close()
        finally:
            demo.end()


if __name__ == "__main__":
    main()
