"""Texts in the two languages of the product, side by side at the place of use.

A `Text` cannot be made without both languages, so a page can never fall back to the other one.
The active language is a context variable: the web middleware sets it per request, a job per recipient.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final, Literal

import msgspec

from lingqu.base.plural import told_of_one

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
DEFAULT_LANGUAGE: Final[Language] = "zh"

_active: ContextVar[Language] = ContextVar("lingqu_language", default=DEFAULT_LANGUAGE)


class Text(msgspec.Struct, frozen=True):
    """One sentence or word in Chinese and English. `str()` gives the active language."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Return the words in the active language; in English what there is one of reads in the singular (`plural.py`)."""
        return self.zh if _active.get() == "zh" else told_of_one(self.en)

    def fill(self, **values: object) -> Text:
        """Return the text with `{name}` places filled; a `Text` value is filled in its own language.

        Raises KeyError when a place has no value: a half-filled sentence is a defect, not a display.
        """
        zh = {key: value.zh if isinstance(value, Text) else value for key, value in values.items()}
        en = {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
        return Text(zh=self.zh.format(**zh), en=self.en.format(**en))


def alike(value: object) -> Text:
    """Return a name or number, which reads the same in both languages."""
    return Text(str(value), str(value))


_BETWEEN = " / "


def in_one_line(text: Text) -> str:
    """Return both languages in one string, for a column that keeps either a person's words or the product's own; see `parted`."""
    return f"{text.zh}{_BETWEEN}{text.en}"


def parted(words: str) -> Text:
    """Return what `in_one_line` wrote as the text that it was; a person's words stand alike in both languages."""
    zh, between, en = words.partition(_BETWEEN)
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    return Text(zh, en) if between and chinese and en.isascii() else Text(words, words)


def active_language() -> Language:
    """Return the language that `str(Text)` uses now."""
    return _active.get()


def use_language(language: Language) -> None:
    """Make `language` the active one for this context (request, job, command)."""
    _active.set(language)
