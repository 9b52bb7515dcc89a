"""Marked pieces of a text as `ins` and `del`, without the blanks that a template would put between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lingqu.base.text import Text
from lingqu.policy.present.marks import IN, OUT, Piece
from lingqu.policy.present.reading import ClauseText

register = Library()
_TAGS = {IN: "<ins>{}</ins>", OUT: "<del>{}</del>"}


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """Return the pieces as one text with what was put in and taken out marked."""
    return format_html_join("", "{}", ((format_html(_TAGS.get(piece.kind, "{}"), piece.text),) for piece in pieces))


@register.filter
def of(values: Mapping[Any, Any], key: object) -> Any:  # noqa: ANN401 - whatever is kept there
    """Return what a mapping holds for a key, None when it holds nothing."""
    return values.get(key)


@register.simple_tag
def clause_head(clause: ClauseText, url: str = "") -> SafeString:
    """Return number and title of a clause as they begin its first paragraph, as a link when there is an address."""
    if not clause.title:
        return SafeString("")
    title = marked(clause.title)
    words = format_html(str(Text("{}{}。", "{} {}. ")), clause.number, title)
    if url:
        return format_html('<a class="clause-head" href="{}">{}</a>', url, words)
    return format_html('<span class="clause-head">{}</span>', words)


@register.simple_tag
def first_paragraph(clause: ClauseText) -> SafeString:
    """Return the first paragraph of a clause with its marks."""
    return marked(clause.paragraphs[0]) if clause.paragraphs else marked(())
