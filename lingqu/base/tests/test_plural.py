"""What there is one of reads in the singular, in every English text, and nothing else changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lingqu.base.plural import told_of_one
from lingqu.base.text import LANGUAGES, Text, use_language


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("1 parcels, waybills SF-1", "1 parcel, waybills SF-1"),
        ("12 copies, 1 parcels", "12 copies, 1 parcel"),
        ("<b>1</b> batches", "<b>1</b> batch"),
        ("at most 1 open batches", "at most 1 open batch"),
        ("1 lines were not counted", "1 line was not counted"),
        ("1 people are told", "1 person is told"),
        ("0 copies", "0 copies"),
        ("11 copies", "11 copies"),
        ("1,001 copies", "1,001 copies"),
        ("0.1 parcels", "0.1 parcels"),
        ("QH26-1 copies", "QH26-1 copies"),
        ("1 yuan", "1 yuan"),
        ("grade 1 of copies", "grade 1 of copies"),
    ],
)
def test_one_is_told_in_the_singular(words: str, told: str) -> None:
    assert told_of_one(words) == told


def test_texts_tell_it_so_in_english_only() -> None:
    text, seen = Text("{n} 件", "{n} parcels"), []
    for language in LANGUAGES:
        use_language(language)
        seen += [str(text.fill(n=1)), str(text.fill(n=2))]
    assert seen == ["1 件", "2 件", "1 parcel", "2 parcels"]


COUNTED = re.compile(r'tr "[^"]*" "[^"]*?\{\w+\}(?:</b>)? ((?:[a-z]+ )??[a-z]+s)\b')
NO_PLURALS = {"is", "was", "has", "as", "this", "its", "does", "less"}


def test_every_counted_word_of_a_template_is_known() -> None:
    unknown = set()
    for template in Path("lingqu").rglob("templates/**/*.html"):
        for words in COUNTED.findall(template.read_text("utf-8")):
            last = words.split()[-1]
            if last not in NO_PLURALS and " " not in words and told_of_one(f"1 {words}") == f"1 {words}":
                unknown.add(words)
    assert unknown == NOT_COUNTED


NOT_COUNTED: set[str] = set()
