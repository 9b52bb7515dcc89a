"""The shared page parts: whole in both languages, true to what they are given, and nothing comes from the internet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from lingqu.base.templatetags.words import ICONS
from lingqu.base.text import LANGUAGES, Language, Text, use_language

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "lingqu/documents/static"
CHINESE = re.compile(r"[\u3400-\u9fff]")
CLAUSE = {"id": "M-19.5", "title": Text("第十九条 信用政策", "Art. 19 Credit policy"), "url": "/regulation/M-19.5"}
OVER = {"value": "0.01", "label": Text("超出，须 ≤ 0", "over, must be ≤ 0"), "tone": "amber"}
TERMS = [
    {
        "operator": "",
        "value": "240,000.00",
        "label": Text("已占用", "used"),
        "dotted": True,
        "parts": {"terms": [{"operator": "", "value": "42,000.00", "label": Text("已订未发", "ordered")}], "result": None},
    },
    {"operator": "+", "value": "60,000.01", "label": Text("本单实洋", "this request"), "dotted": False},
    {"operator": "−", "value": "300,000.00", "label": Text("A 级额度", "limit"), "dotted": False},
]
PASSED = {
    "state": "passed",
    "state_text": Text("通过", "Passed"),
    "name": Text("资格证书", "Certificates"),
    "sentence": Text("授权证书至 2027-02-28", "Certificate until 2027-02-28"),
    "clause": CLAUSE,
}
FAILED = {
    "state": "waivable",
    "state_text": Text("不通过·可特批", "Failed·waivable"),
    "name": Text("信用金额", "Credit amount"),
    "terms": TERMS,
    "result": OVER,
    "note": Text("已占用 = 已订未发", "used = ordered"),
    "chips": [{"tone": "green", "text": Text("第 1 批 已结清", "Batch 1 settled")}],
    "clause": CLAUSE,
    "waivable_by": Text("主任", "the director"),
    "cure": {"text": Text("减 1 册", "One copy less"), "action": {"url": "/less", "label": Text("减 1 册", "One less"), "method": "post"}},
}
CURE = {
    "text": Text("减 1 册 QH25-711", "One copy of QH25-711 less"),
    "effects": [{"tone": "green", "text": Text("余 30.22", "30.22 left")}],
    "action": {"url": "/less", "label": Text("建议修改", "Suggest change"), "method": "get"},
}
SET = {"label": Text("减到 116", "Set 116"), "method": "submit", "form": "order", "name": "set", "value": "7:116"}
DECISION = {
    "verdict": "waivable",
    "headline": Text("2 项中 1 项通过", "1 of 2 laws passed"),
    "counts": {"total": 2, "passed": 1, "failed": 1, "remark": Text("可由主任特批", "the director may waive it")},
    "at": datetime(2026, 11, 24, 1, 41, 7, tzinfo=UTC),
    "version": "v3",
    "laws": [PASSED, FAILED],
    "cures": {"columns": [Text("信用金额", "Credit amount")], "rows": [CURE, CURE | {"action": SET}]},
    "gaps": [
        {
            "id": "G-3",
            "url": "/regulation/G-3",
            "question": Text("从哪天起算", "Counted from when"),
            "interim": Text("申请日", "Request day"),
        }
    ],
}
BATCH = {
    "name": Text("第 8 批", "Batch 8"),
    "state": "overdue",
    "state_text": Text("逾期 8 天", "8 days overdue"),
    "request": "JH-2026-1015",
    "on": date(2026, 9, 17),
    "amount": Decimal("38600.00"),
    "amount_word": Text("欠", "due"),
}
EXPOSURE = {"limit": Decimal(200), "used": Decimal(163), "overdue": Decimal(38), "held": Decimal(24), "free": Decimal(13)}
WHY = {
    "id": "line-3",
    "title": Text("为什么是 0.01", "Why 0.01"),
    "basis": Text("制度版本 v3", "regulation v3"),
    "terms": TERMS,
    "result": OVER,
    "inputs": [{"name": Text("定价", "List price"), "value": "69.00", "url": "/price"}],
    "clause": CLAUSE,
}
ACTION = {"url": "/new", "label": Text("新建", "New"), "method": "get"}
TOTALS = {"titles": 6, "copies": 1153, "list_value": Decimal("92804.50"), "discount_bp": 6465, "net": Decimal("60000.01")}
SUBMIT = {"name": "verb", "value": "submit", "label": Text("提交", "Submit")}
STAGE = {"state": "now", "act": Text("复核", "Review"), "who": "Lin", "note": Text("剩 7 小时", "7 h left"), "clock": "17:30"}
CELL = {
    "label": Text("逾期应收", "Overdue"),
    "value": "23.6",
    "unit": Text("万元", "×10,000"),
    "trend": [1, 2],
    "tone": "red",
    "note": "",
    "why_url": "/",
}
EVENT = {
    "tone": "red",
    "text": Text("暂缓发货", "Shipping delayed"),
    "at": datetime(2026, 11, 17, tzinfo=UTC),
    "note": Text("系统", "system"),
}
LABEL = Text("批次", "Batches")

CONTEXTS: dict[str, dict[str, Any]] = {
    "action.html": {"action": ACTION},
    "batch_chips.html": {"batches": [BATCH], "title": LABEL, "note": LABEL},
    "decision.html": {"decision": DECISION, "recalculate_url": "/again"},
    "decision_foot.html": {"decision": DECISION, "totals": TOTALS, "submit": SUBMIT, "form_id": "order"},
    "empty.html": {"title": LABEL, "text": LABEL, "action": ACTION},
    "exposure_bar.html": {"exposure": EXPOSURE},
    "kpi_strip.html": {"cells": [CELL]},
    "notice.html": {"tone": "red", "icon_name": "hand-stop", "lead": LABEL, "text": LABEL, "clause": CLAUSE, "action": ACTION},
    "pager.html": {"next_url": "?after=3", "shown": 30, "total": 61},
    "phone_back.html": {"back_url": "/", "title": LABEL},
    "refusal.html": {"refusal": {"text": LABEL, "clause": "M-19.5"}},
    "route.html": {"stages": [STAGE, STAGE | {"state": "done"}, STAGE | {"state": "next"}, STAGE | {"state": "refused"}]},
    "steps.html": {"steps": [{"text": LABEL, "state": "done"}, {"text": LABEL, "note": LABEL, "state": "now"}]},
    "timeline.html": {"events": [EVENT]},
    "totals.html": {"totals": TOTALS},
    "why.html": {"why": WHY},
    "why_link.html": {"why": WHY},
    "why_row.html": {"why": WHY, "columns": 9},
}


@pytest.fixture(autouse=True)
def _chinese_again() -> Iterator[None]:
    yield
    use_language("zh")


def part(name: str, language: Language = "zh", address: str = "/", **context: object) -> str:
    use_language(language)
    request = RequestFactory().get(address)
    return render_to_string(f"parts/{name}", {"request": request} | CONTEXTS.get(name, {}) | context)


@pytest.mark.parametrize("name", CONTEXTS)
def test_an_english_part_has_no_chinese_left(name: str) -> None:
    assert not CHINESE.search(part(name, "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_law_and_every_cure_shows_with_its_clause(language: Language) -> None:
    use_language(language)
    page = part("decision.html", language)
    for words in (PASSED["name"], FAILED["name"], OVER["label"], CURE["text"], CLAUSE["title"]):
        assert str(words) in page
    assert page.count('href="/regulation/M-19.5"') == 2


def test_a_refused_decision_offers_no_cure_and_says_so_in_red() -> None:
    page = part("decision.html", decision=DECISION | {"verdict": "refused", "cures": None})
    assert "cures" not in page
    assert '<b class="tone-red">1 项不通过</b>' in page


def test_a_headline_without_a_remark_ends_with_its_counts() -> None:
    counts = {"total": 7, "passed": 6, "failed": 1, "remark": None}
    page = part("headline.html", decision={"verdict": "waivable", "counts": counts})
    assert page.strip() == '7 项中 <b class="tone-green">6 项通过</b>，<b class="tone-amber">1 项不通过</b>'


def test_a_cure_may_press_a_button_of_the_request_being_typed() -> None:
    assert re.search(r'<button[^>]*form="order"\s+name="set"\s+value="7:116"', part("decision.html"))


def test_an_open_question_shows_the_interim_rule_that_was_used() -> None:
    page = part("decision.html")
    assert "申请日" in page
    assert 'href="/regulation/G-3"' in page


def test_what_people_typed_is_escaped() -> None:
    law = PASSED | {"sentence": "<script>2026-11-24</script>"}
    page = part("decision.html", decision=DECISION | {"laws": [law]})
    assert "<script>" not in page
    assert "&lt;script&gt;<b>2026-11-24</b>&lt;/script&gt;" in page


def test_the_address_keeps_a_why_open() -> None:
    assert "open" not in part("why.html").split(">", 1)[0]
    assert "open" in part("why.html", address="/?why=line-3").split(">", 1)[0]
    assert "hidden" in part("why_row.html").split(">", 1)[0]
    assert "hidden" not in part("why_row.html", address="/?why=line-3").split(">", 1)[0]


def test_a_batch_always_names_its_request_and_day() -> None:
    for as_list in (False, True):
        page = part("batch_chips.html", as_list=as_list)
        assert "JH-2026-1015" in page
        assert "09-17" in page


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    found = finders.find(ICONS)
    assert isinstance(found, str)
    drawn = {symbol.get("id") for symbol in ET.parse(found).getroot()}
    templates = ROOT.glob("lingqu/*/templates/**/*.html")
    named = {name for path in templates for name in re.findall(r"\{%\s*icon \"([\w-]+)\"", path.read_text("utf-8"))}
    assert named - drawn == set()


def test_every_vendored_file_stands_in_the_list_with_its_licence() -> None:
    listed = (ROOT / "docs/vendored.md").read_text("utf-8")
    for folder in (STATIC / "vendor").iterdir():
        assert (folder / "LICENSE").is_file()
        for path in folder.iterdir():
            assert path.name == "LICENSE" or f"{folder.name}/{path.name}" in listed


def test_no_style_sheet_or_script_fetches_from_elsewhere() -> None:
    fetching = re.compile(r"""(?:url\(\s*["']?|@import\s+["']|src=["']|import\s*\(\s*["']|from\s+["'])(?:https?:)?//""")
    for path in STATIC.rglob("*"):
        if path.suffix in {".css", ".js", ".svg"}:
            assert not fetching.search(path.read_text("utf-8")), path
