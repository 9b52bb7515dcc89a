"""Counted things in both languages: English wants one title, two titles."""

from __future__ import annotations

from lingqu.base.templatetags.words import copies
from lingqu.base.text import Text


def counted(number: int, zh: str, one: str, many: str) -> Text:
    """Return a number with what it counts, such as 2 个品种 and 2 titles."""
    return Text(f"{copies(number)}{zh}", f"{copies(number)} {one if number == 1 else many}")


def titles_word(number: int) -> Text:
    """Return a number of titles."""
    return counted(number, "个品种", "title", "titles")


def copies_word(number: int) -> Text:
    """Return a number of copies."""
    return counted(number, "册", "copy", "copies")


def days_word(number: int) -> Text:
    """Return a number of days."""
    return counted(number, "天", "day", "days")
