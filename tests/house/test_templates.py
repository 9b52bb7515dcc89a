"""Templates: no bare words (every text through `{% tr %}`, in both languages) and nothing inline that a content policy would stop."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from tests.house import source
from tests.house.test_floors import set_up_django

TAG = re.compile(r"\{%-?\s*(?P<name>\w+)(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^%\"']|%(?!\}))*)%\}", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)
STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
CHINESE = re.compile(r"[\u3400-\u9fff]")
LETTERS = re.compile(r"[^\W\d_]")
SAME_IN_BOTH = {"Lingqu", "灵渠", "中文", "中", "English", "EN", "Excel", "PDF", "QR"}
"""Names that are written alike in both languages; a language is named in itself."""

SPOKEN_ATTRIBUTES = {
    "title",
    "placeholder",
    "alt",
    "label",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "hx-confirm",
    "hx-prompt",
}
DJANGO_WORDS = {"trans", "translate", "blocktrans", "blocktranslate"}


class Page(HTMLParser):
    """Collects what a template says bare, and what it carries inline."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style":
            self._say("a style element")
        if tag == "script" and "src" not in given:
            self._say("a script without src")
        for name, value in attrs:
            if name == "style":
                self._say("a style attribute")
            if re.match(r"on\w|hx-on", name) or re.match(r"\s*(javascript|js):", value or ""):
                self._say(f"a script in {name}")
            spoken = name in SPOKEN_ATTRIBUTES or (name == "value" and given.get("type") in {"submit", "button", "reset"})
            if spoken:
                self._bare(value or "", f"in {name}")
        if tag in {"script", "style"}:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._bare(data, "")

    def _bare(self, data: str, where: str) -> None:
        words = [word for word in re.findall(r"[\w'’.-]+", data) if LETTERS.search(word) and word.strip(".-'’") not in SAME_IN_BOTH]
        if words:
            self._say(f"bare words {where}: {' '.join(words)}".replace(" :", ":"))

    def _say(self, complaint: str) -> None:
        self.found.append(f"{self.getpos()[0]}: {complaint}")


def _strings(rest: str) -> list[str]:
    return [first or second for first, second in STRING.findall(rest)]


def tag_complaints(text: str) -> list[str]:
    """Return the complaints about template tags: halves of `{% tr %}`, other translation tags, Chinese outside `{% tr %}`."""
    found = []
    for match in TAG.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        name, strings = match["name"], _strings(match["rest"])
        if name in DJANGO_WORDS:
            found.append(f"{line}: {name}: both languages stand side by side in tr")
        if name != "tr":
            found += [f"{line}: Chinese outside tr: {word}" for word in strings if CHINESE.search(word)]
            continue
        if len(strings) < 2:
            found.append(f"{line}: tr needs the words in both languages")
            continue
        zh, en = strings[:2]
        if CHINESE.search(en):
            found.append(f"{line}: Chinese in the English half: {en}")
        if zh != en and re.search(r"[A-Za-z]{3}", re.sub(r"\{.*?\}", "", zh)) and not CHINESE.search(zh):
            found.append(f"{line}: no Chinese in the Chinese half: {zh}")
    for match in VALUE.finditer(text):
        if CHINESE.search(match[0]):
            found.append(f"{text.count(chr(10), 0, match.start()) + 1}: Chinese outside tr: {match[0]}")
    return found


def _blank(match: re.Match[str]) -> str:
    # Keep the lines, so that positions stay true.
    return "\n" * match[0].count("\n")


def blocks_in_attributes(texts: list[str]) -> set[str]:
    """Return the blocks that a template opens inside an attribute, such as a class: what fills them is not read by people."""
    return {name for text in texts for name in re.findall(r"=\"[^\"<>]*\{%\s*block\s+(\w+)", text)}


def complaints(name: str, text: str, attribute_blocks: frozenset[str] = frozenset()) -> list[str]:
    """Return all complaints about one template."""
    text = COMMENT.sub(_blank, text)
    if attribute_blocks:
        names = "|".join(sorted(attribute_blocks))
        text = re.sub(r"\{%\s*block\s+(?:" + names + r")\s*%\}.*?\{%\s*endblock", _blank, text, flags=re.DOTALL)
    page = Page()
    page.feed(VALUE.sub(_blank, TAG.sub(_blank, text)))
    page.close()
    return [f"{name}:{complaint}" for complaint in tag_complaints(text) + page.found]


def test_templates_say_everything_in_both_languages_and_carry_nothing_inline() -> None:
    paths = source.own(".html", under="lingqu/")
    classes = frozenset(blocks_in_attributes([source.text(path) for path in paths]))
    source.refuse([complaint for path in paths for complaint in complaints(str(path), source.text(path), classes)])


def template_names() -> list[str]:
    """Return the names by which Django finds our templates."""
    return [path.as_posix().split("/templates/", 1)[1] for path in source.own(".html", under="lingqu/")]


def test_every_template_can_be_read() -> None:
    set_up_django()
    unreadable = []
    for name in template_names():
        try:
            get_template(name)
        except (TemplateSyntaxError, TemplateDoesNotExist) as wrong:
            unreadable.append(f"{name}: {wrong}")
    source.refuse(unreadable)


def test_every_template_that_is_named_exists() -> None:
    named = re.compile(r"\{%\s*(?:include|extends)\s+[\"']([^\"'#]+)")
    known = set(template_names())
    paths = source.own(".html", under="lingqu/")
    missing = [(path, name) for path in paths for name in named.findall(COMMENT.sub("", source.text(path))) if name not in known]
    source.refuse([f"{path}: there is no {name}" for path, name in missing])


@pytest.mark.parametrize(
    "snippet",
    [
        "<p>订单</p>",
        "<p>Order</p>",
        "<p>{{ order.number }} copies</p>",
        '<button title="Close"></button>',
        '<input placeholder="{% tr "数量" "Quantity" %} pieces">',
        '<input type="submit" value="Send">',
        '{% tr "订单" %}',
        '{% tr "Order" "Orders" %}',
        '{% tr "订单" "订单" %}',
        '{% include "tab.html" with title="订单" %}',
        '{{ order.note|default:"无" }}',
        '{% trans "Order" %}',
        '<p style="width: 3%"></p>',
        "<style></style>",
        "<script>start()</script>",
        '<a onclick="start()"></a>',
        '<a hx-on:click="start()"></a>',
        '<a href="javascript:start()"></a>',
        '<a hx-vals="js:{a: 1}"></a>',
    ],
)
def test_each_kind_of_offence_is_found_once(snippet: str) -> None:
    assert len(complaints("made_up.html", snippet)) == 1


@pytest.mark.parametrize(
    "snippet",
    [
        '<h1>{% tr "共 {n} 册，{p}%" "{n} copies, {p}%" n=order.copies p=share %}</h1>',
        '<a title="{% tr "关闭" "Close" %}" href="{% url "orders:list" %}">×</a>',
        "<td>{{ line.net|money }} / {{ line.copies }} (12.5 %)</td>",
        '{# why: 中文 #}<script src="{% static "x.js" %}" defer></script>',
        '<a lang="en" href="?language=en">English</a>',
        '<input type="hidden" name="order" value="new"><input type="submit" value="{% tr "提交" "Submit" %}">',
        "{% comment %}Order{% endcomment %}<!-- Order -->",
    ],
)
def test_what_is_right_is_not_found(snippet: str) -> None:
    assert complaints("made_up.html", snippet) == []


def test_a_block_inside_an_attribute_is_not_read_by_people() -> None:
    assert blocks_in_attributes(['<main class="door {% block width %}{% endblock %}">{% block box %}{% endblock %}']) == {"width"}
    assert complaints("made_up.html", "{% block width %}wide{% endblock %}", frozenset({"width"})) == []
    assert len(complaints("made_up.html", "{% block box %}wide{% endblock %}", frozenset({"width"}))) == 1


def test_the_line_of_an_offence_is_told() -> None:
    assert complaints("made_up.html", '{% if a\n  b %}\n<p>{% tr "一" "One" %}</p>\n<p>Two</p>') == ["made_up.html:4: bare words: Two"]
