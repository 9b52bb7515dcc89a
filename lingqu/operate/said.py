"""What the commands say when something expected stands in the way: one sentence, what, where and what to do."""

from __future__ import annotations

import os
from collections.abc import Callable

from lingqu.base.refusal import Refusal
from lingqu.base.text import Language, Text

Report = Callable[[str], None]


def refusal(code: str, zh: str, en: str, **values: object) -> Refusal:
    """Return the refusal of a command; `{name}` places of both sentences are filled from `values`."""
    return Refusal(code, Text(zh, en).fill(**values), status=503)


def say(report: Report | None, zh: str, en: str, **values: object) -> None:
    """Tell `report`, when there is one, a line of progress in the active language."""
    if report is not None:
        report(str(Text(zh, en).fill(**values)))


def words(zh: str, en: str) -> str:
    """Return the one of two texts that the person at the terminal reads: for help, which is made before a command runs."""
    return zh if language_of_terminal() == "zh" else en


def language_of_terminal() -> Language:
    """Return the language of the person at the terminal, by the usual locale variables."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, names), "").lower().startswith("zh") else "en"
