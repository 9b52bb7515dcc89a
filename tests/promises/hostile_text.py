"""Hostile words in every column that holds words, and what a page may hold of them: text, and nothing that a browser obeys."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import DatabaseError

from lingqu.documents.rules import NewFile
from tests.promises import access_world

SHORT = "<zz-a onzz=1>"
MIDDLE = "\"'><zz-a onzz=1 hx-zz=1>zz{{7|add:7}}zz"
LONG = (
    MIDDLE + "<script>zz()</script><img src=x onerror=zz()>{% debug %}</title></textarea></script><!--' onzz='1\" onzz=\"1 "
    "hx-get=/zz hx-on:click=zz() javascript:zz() ＜zz＞ &lt;zz-a&gt; \u202e\u2066\u200f\ufeff𠮷龘 שלום \u2028\x0b\x1b[31m `${zz}` '||zz"
)
LINK = "javascript:zz()"
SHOWN_TEMPLATE = "zz14zz"
"""What would stand there if somebody's words were read as a template."""

LINKS = ("href", "src", "action", "formaction", "hx-get", "hx-post", "data-href", "data-opened", "poster", "xlink:href")
SCHEMES = frozenset(("", "http", "https", "mailto", "tel"))
SPOILT = re.compile(r"<\s*/?zz-|<script>|<img src=x", re.IGNORECASE)


class _Page(HTMLParser):
    """Collects what a browser would obey, as far as it comes from somebody's words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag.startswith("zz-") or (tag == "script" and "src" not in dict(attrs)):
            self.found.append(f"an element {tag}")
        for name, value in attrs:
            words = value or ""
            if name.startswith(("on", "zz", "style", "srcdoc")) or "hx-zz" in name or (name.startswith("hx-") and "zz(" in words):
                self.found.append(f"an attribute {name} of {tag}")
            if name in LINKS and not _leads_well(tag, words):
                self.found.append(f"{name} of {tag} leads to {words[:60]!r}")


def _leads_well(tag: str, words: str) -> bool:
    plain = re.sub(r"[\x00-\x20\x7f]", "", words)
    try:
        scheme = urlsplit(plain).scheme.lower()
    except ValueError:
        return True  # a browser finds no address in it either
    return scheme in SCHEMES or (tag in ("img", "use") and plain.startswith("data:image/"))


def obeyed(html: str) -> list[str]:
    """Return what in a page is somebody's words and yet more than text."""
    page = _Page()
    page.feed(html)
    page.close()
    if SPOILT.search(html):
        page.found.append("an element in somebody's words")
    if SHOWN_TEMPLATE in html:
        page.found.append("words read as a template")
    return page.found


MACHINE = re.compile(
    r"(^|_)(state|kind|level|code|number|key|cause|role|pack|grade|verdict|failed|source|verb|subject|step|rule|route|sha256|digest|login"
    r"|password|post|language|name_key|pinyin|initials|search|media_type|series|unit|phase|account|reference|regulation|carrier_key"
    r"|fingerprint|hash|revision|responsible|appraiser|appraisers|paper_kind|action|deed|chain|resolver|query|filters|scopes|columns|posts"
    r"|isbn|barcode|ean|laws|law|clause|why|method|status|event|field|stable_id|token|secret|order|parameters|calendar|content|facts|decision"
    r"|committees|caps|relief_by|before|after|grade_before|grade_after|division|delivery_division|channel|lead|escalate_to|prefix|list|taken_as"
    r"|asked|leads_to|body|reason_code)$"
)
"""Columns that programs read: what stands there comes from our own code, from a list of words, or is shown nowhere."""


def text_columns() -> list[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Return every column of ours that holds words of people."""
    found: list[tuple[type[models.Model], models.Field[Any, Any]]] = []
    for model in apps.get_models():
        if model.__module__.startswith("lingqu.") and model._meta.managed:
            found += [
                (model, field) for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField) and not field.choices and not MACHINE.search(field.name)
                and not field.primary_key
            ]  # fmt: skip
    return found


def spoil() -> tuple[int, list[str]]:
    """Put hostile words into every column that may be written to; return how many there were, and those that only grow."""
    spoilt, left = 0, []
    with connection.cursor() as cursor:
        for model, field in text_columns():
            most = getattr(field, "max_length", None) or 1_000
            link = field.name in ("link", "url", "address", "waybill_url")
            words = LINK if link else next((one for one in (LONG, MIDDLE, SHORT) if len(one) + 8 <= most), SHORT[:most])
            made = "left(%s, %s)" if not field.unique else "left(id::text || %s, %s)"
            query = f'UPDATE "{model._meta.db_table}" SET "{field.column}" = {made} WHERE "{field.column}" <> \'\''
            try:
                with transaction.atomic():
                    cursor.execute(query, (words, most))
                spoilt += 1
            except DatabaseError as refused:
                left.append(f"{model._meta.label}.{field.name}: {str(refused).splitlines()[0]}")
    return spoilt, left


def without_a_sample(left: list[str]) -> list[str]:
    """Return those of the columns that only grow in which no hostile word stands either."""
    found = []
    for line in left:
        label, _, name = line.partition(":")[0].rpartition(".")
        model = apps.get_model(label)
        if not model._default_manager.filter(**{f"{name}__contains": "<zz-a"}).exists():
            found.append(f"{label}.{name}")
    return found


def hostile_marks(patch: pytest.MonkeyPatch) -> None:
    """Let every word that the rich world writes carry a hostile tail; it goes through the real actions, so what only grows has it too."""
    real = access_world.mark

    def mark(*firms: str) -> str:
        return real(*firms) + SHORT

    patch.setattr(access_world, "mark", mark)
    patch.setattr(access_world, "PAPER", NewFile(f"{SHORT}.pdf", access_world.PAPER.content))
