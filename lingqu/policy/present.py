"""The regulation as its page shows it: beside each clause what carries it out, with which numbers, and what is still open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lingqu.base.templatetags.words import money, percent_bp
from lingqu.base.text import Text
from lingqu.organisation.states import FIRM_KIND_WORDS, POST_WORDS, FirmKind
from lingqu.policy.rules import Clause, Discount, Gap, Grade, ParameterNote, Regulation
from lingqu.policy.states import DayMode, Law

LAW_WORDS = {
    Law.CERTIFICATE.value: (Text("资格证书", "Papers"), Text("证书、合同、许可证均有效", "certificate, agreement, licence valid")),
    Law.AREA.value: (Text("产品区域", "Area"), Text("收货地与品种均在授权内", "delivery and titles inside what was granted")),
    Law.PRICE.value: (Text("价格折扣", "Price"), Text("每行折扣 ≥ 等级底线", "discount of every line ≥ floor of the grade")),
    Law.STOCK.value: (Text("库存", "Stock"), Text("有货先发，缺货后补或取消", "what is there goes, the rest later or not at all")),
    Law.CREDIT.value: (Text("信用金额", "Credit"), Text("已占用 + 预占 + 本单 − 额度 ≤ 0", "used + held + this − limit ≤ 0")),
    Law.BATCHES.value: (Text("未结批次", "Batches"), Text("未结 + 预占 + 本单 − 上限 ≤ 0", "open + held + this − most ≤ 0")),
    Law.OVERDUE.value: (Text("逾期", "Overdue"), Text("逾期金额 ≤ 容忍金额", "overdue ≤ tolerated amount")),
}
MODE_WORDS = {DayMode.CALENDAR: Text("日历日", "calendar days"), DayMode.WORKING: Text("工作日", "working days")}
_ID = re.compile(r"M-(\d+)(?:\.(.+))?")
_DIGITS = "零一二三四五六七八九"


def chapters_of(regulation: Regulation) -> list[dict[str, Any]]:
    """Return the clauses by article, in the order of their numbers."""
    chapters: dict[int, dict[str, Any]] = {}
    for clause in sorted(regulation.clauses.values(), key=_order):
        article = _order(clause)[0]
        chapter = chapters.setdefault(article, {"title": article_words(article), "clauses": []})
        chapter["clauses"].append(_clause(clause, regulation))
    return list(chapters.values())


def summary_of(chapters: list[dict[str, Any]], regulation: Regulation) -> dict[str, int]:
    """Return how many clauses there are and how they are carried out, and how many questions are open."""
    clauses = [clause for chapter in chapters for clause in chapter["clauses"]]
    states = [clause["state"] for clause in clauses]
    return {
        "clauses": len(clauses),
        "by_law": states.count("law"),
        "by_parameter": states.count("parameter"),
        "not_yet": states.count("not_yet"),
        "gaps": len(regulation.gaps),
    }


def loose_gaps(regulation: Regulation) -> list[dict[str, Any]]:
    """Return the open questions that no law uses: they stand at the end."""
    used = {gap for law in regulation.laws.values() for gap in law.gaps}
    return [_gap(gap, ()) for gap in regulation.gaps.values() if gap.id not in used]


def evidence_rows(regulation: Regulation, counts: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """Return per law how many decisions judged it and how many it stopped; None for both where nobody counted."""
    nothing: tuple[int | None, int | None] = (None, None)
    found = {law: counts.get(law, nothing) for law in regulation.laws}
    return [{"law": law, "judged": judged, "failed": failed} for law, (judged, failed) in found.items()]


def article_words(article: int) -> Text:
    """Return the name of an article: 第十九条."""
    return Text(f"第{chinese_number(article)}条", f"Article {article}") if article else Text("其他", "Other")


def chinese_number(number: int) -> str:
    """Return 1 to 99 as people write it: 十九, 二十一. Larger numbers keep their digits."""
    if not 0 < number < 100:  # noqa: PLR2004 - two digits
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def _order(clause: Clause) -> tuple[int, ...]:
    found = _ID.fullmatch(clause.id)
    if found is None:
        return (0,)
    parts = [int(part) for part in re.findall(r"\d+", found[2] or "")]
    return (int(found[1]), *parts)


def _clause(clause: Clause, regulation: Regulation) -> dict[str, Any]:
    laws = {key: law for key, law in regulation.laws.items() if law.clause == clause.id}
    notes = {key: note for key, note in regulation.notes.items() if note.clause == clause.id}
    gaps = dict.fromkeys(gap for law in laws.values() for gap in law.gaps)
    return {
        "id": clause.id, "title": clause.title, "text": clause.text,
        "responsible": post_words(clause.responsible), "appraiser": post_words(clause.appraiser),
        "laws": [_law(key, regulation) for key in laws],
        "parameters": [_parameter(key, note, regulation) for key, note in notes.items()],
        "gaps": [_gap(regulation.gaps[gap], _laws_using(gap, regulation)) for gap in gaps if gap in regulation.gaps],
        "state": "law" if laws else "parameter" if notes else "not_yet",
    }  # fmt: skip


def _law(key: str, regulation: Regulation) -> dict[str, Any]:
    name, formula = LAW_WORDS.get(key, (Text(f"规则 {key}", f"Law {key}"), Text("见判定", "see a decision")))
    setting = regulation.laws[key]
    waiver = post_words(setting.waivable_by)
    return {"key": key, "name": name, "formula": formula, "waivable_by": waiver}


def post_words(post: str) -> Text | None:
    """Return the name of a post, None for none; a post that this version does not know keeps its code."""
    if not post:
        return None
    known = {code.value: words for code, words in POST_WORDS.items()}
    return known.get(post, Text(f"岗位 {post}", f"post {post}"))


def _gap(gap: Gap, laws: tuple[Text, ...]) -> dict[str, Any]:
    return {"id": gap.id, "question": gap.question, "interim": gap.interim, "owner": post_words(gap.owner), "laws": laws}


def _laws_using(gap: str, regulation: Regulation) -> tuple[Text, ...]:
    return tuple(LAW_WORDS[key][0] for key, law in regulation.laws.items() if gap in law.gaps and key in LAW_WORDS)


def _parameter(key: str, note: ParameterNote, regulation: Regulation) -> dict[str, Any]:
    value = getattr(regulation.parameters, key, None)
    shown: dict[str, Any] = {"key": key, "title": note.title, "unit": note.unit, "table": None, "value": None}
    if key == "grades" and isinstance(value, dict):
        return shown | {"table": _grades(value), "unit": None}
    if key == "discounts" and isinstance(value, dict):
        return shown | {"table": _discounts(value), "unit": None}
    return shown | {"value": _plain(value)}


def _plain(value: object) -> Text | str:
    if isinstance(value, DayMode):
        return MODE_WORDS[value]
    if isinstance(value, Decimal):
        return money(value)
    return str(value) if value is not None else "—"


def _grades(grades: Mapping[str, Grade]) -> dict[str, Any]:
    head = (
        Text("等级", "Grade"), Text("信用额度（元）", "Limit (yuan)"), Text("未结批次", "Open batches"),
        Text("第几批受理后到期", "Due after so many batches"), Text("发货后最迟（天）", "Latest, days after shipping"),
    )  # fmt: skip
    rows = []
    for code, grade in grades.items():
        cash = not grade.max_open_batches
        rows.append(
            (
                code, "—" if cash else money(grade.limit), Text("现款现货", "pays first") if cash else str(grade.max_open_batches),
                "—" if cash else str(grade.due_after_batches), "—" if cash else str(grade.backstop_days),
            )
        )  # fmt: skip
    return {"head": head, "rows": rows}


def _discounts(discounts: Mapping[str, Mapping[str, Discount]]) -> dict[str, Any]:
    head = (Text("渠道级别", "Level"), Text("等级", "Grade"), Text("供货折扣", "Discount"), Text("折扣底线", "Floor"))
    rows = []
    for level, table in discounts.items():
        known = level in FirmKind._value2member_map_
        word = FIRM_KIND_WORDS[FirmKind(level)] if known else Text(f"级别 {level}", level)
        rows += [(word, grade, percent_bp(row.rule_bp), percent_bp(row.floor_bp)) for grade, row in table.items()]
    return {"head": head, "rows": rows}
