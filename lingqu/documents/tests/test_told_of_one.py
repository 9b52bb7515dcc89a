"""Pages read right in English for what there is one of, with markup in the words too."""

from __future__ import annotations

import pytest
from django.template import engines

from lingqu.base.text import LANGUAGES, use_language


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('{% tr "{n} 册" "{n} copies" n=n %}', ["1 册", "2 册", "1 copy", "2 copies"]),
        ('{% tr "<b>{n}</b> 批" "<b>{n}</b> batches" n=n %}', ["<b>1</b> 批", "<b>2</b> 批", "<b>1</b> batch", "<b>2</b> batches"]),
        ('{% tr "{n} 件" "{n}" n=n %} copies', ["1 件 copies", "2 件 copies", "1 copies", "2 copies"]),
    ],
)
def test_a_page_tells_one_in_the_singular(words: str, told: list[str]) -> None:
    page, seen = engines["django"].from_string("{% load words %}" + words), []
    for language in LANGUAGES:
        use_language(language)
        seen += [page.render({"n": 1}), page.render({"n": 2})]
    assert seen == told
