"""What the checks of accessibility say about a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ONLY = {"resultTypes": ["violations"]}
"""What is well is not listed node by node: a fifth of the time."""


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what the checks find wrong: the rule, its weight and the places."""
    return list(Axe().run(page, options=ONLY).response["violations"])
