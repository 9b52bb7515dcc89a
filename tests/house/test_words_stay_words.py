"""Words of people stay words: nothing marks them as safe, no script of ours writes HTML, and HTMX neither evaluates nor leaves the site."""

from __future__ import annotations

import json
import re

import pytest

from lingqu.config.middleware import CONTENT_POLICY
from tests.house import source

SAFE_WORDS = {"lingqu/base/templatetags/words.py": 2}
"""Where `mark_safe` stands, and how often: over parts that were escaped one by one, and over a constant."""

UNESCAPED = re.compile(r"\|\s*(?:safe|safeseq)\b|\{%\s*autoescape\s+off|\{%\s*verbatim")
MARKED = re.compile(r"\bmark_safe\(|\bSafeString\((?!(?:\"\")?\))|\bhtml_safe\b|__html__|\bSafeData\b|autoescape\s*=\s*False")
SPLICED = re.compile(r"format_html(?:_join)?\(\s*(?:f[\"']|[^,)\n]*(?:\+|\.format\())")
WRITES_HTML = re.compile(
    r"\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function|createContextualFragment|setHTMLUnsafe"
    r"|\.style\b|setAttribute\(\s*[\"'](?:style|on)|\.on[a-z]+\s*=|javascript:"
)


def unescaped(text: str) -> list[str]:
    """Return the places where a template would show words as they are."""
    return [found.group() for found in UNESCAPED.finditer(text)]


def test_no_template_shows_words_as_they_are() -> None:
    source.refuse([f"{path}: {found}" for path in source.own(".html", under="lingqu/") for found in unescaped(source.text(path))])


def test_only_escaped_parts_are_marked_as_safe() -> None:
    counted = {
        str(path): len(MARKED.findall(source.text(path)))
        for path in source.own(".py", under="lingqu/")
        if MARKED.search(source.text(path)) and "tests" not in path.parts
    }
    assert counted == SAFE_WORDS


def test_nothing_is_spliced_into_what_is_formatted_as_html() -> None:
    source.refuse([f"{path}: {found}" for path in source.own(".py", under="lingqu/") for found in SPLICED.findall(source.text(path))])


def test_no_script_writes_html_or_styles() -> None:
    source.refuse([f"{path}: {found}" for path in source.own(".js", under="lingqu/") for found in WRITES_HTML.findall(source.text(path))])


def test_the_content_policy_lets_nothing_run_inside_a_page() -> None:
    assert "unsafe" not in CONTENT_POLICY
    assert "default-src 'none'" in CONTENT_POLICY
    assert "script-src 'self';" in CONTENT_POLICY


def test_htmx_stays_on_this_site_and_keeps_no_page() -> None:
    (page,) = [path for path in source.own(".html", under="lingqu/") if path.name == "page.html" and "documents" in path.parts]
    found = re.search(r"name=\"htmx-config\" content='([^']+)'", source.text(page))
    assert found
    said = json.loads(found[1])
    assert (said["mode"], said["includeIndicatorCSS"]) == ("same-origin", False)
    (library,) = [path for path in source.files() if path.name == "htmx.min.js"]
    # What it would evaluate (hx-on, js:) is stopped by the content policy; pages gone back to are asked for anew.
    assert re.findall(r"localStorage|sessionStorage|indexedDB", source.text(library)) == []


@pytest.mark.parametrize(
    "text", ["{{ order.note|safe }}", "{{ order.note | safe }}", "{% autoescape off %}", "{{ names|safeseq|join:', ' }}", "{% verbatim %}"]
)
def test_words_shown_as_they_are_are_found(text: str) -> None:
    assert len(unescaped(text)) == 1


@pytest.mark.parametrize("text", ["mark_safe(note)", "SafeString(note)", "def __html__(self):", "Engine(autoescape=False)"])
def test_words_marked_as_safe_are_found(text: str) -> None:
    assert len(MARKED.findall(text)) == 1


@pytest.mark.parametrize("text", ['format_html(f"<b>{x}</b>")', 'format_html("<b>" + x)', 'format_html("<b>{}".format(x))'])
def test_what_is_spliced_is_found(text: str) -> None:
    assert len(SPLICED.findall(text)) == 1


@pytest.mark.parametrize(
    "text", ["one.innerHTML = words", "document.write(x)", "eval(x)", "one.style.width = x", 'one.setAttribute("onclick", x)']
)
def test_a_script_that_writes_html_is_found(text: str) -> None:
    assert len(WRITES_HTML.findall(text)) == 1
