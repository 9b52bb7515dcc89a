"""What people call a place in a regulation: `chains/regulation_change/steps/vote` is the procedure “…”, step “…”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lingqu.base.text import Text
from lingqu.policy.rules.problem import Problem
from lingqu.policy.rules.regulation import Regulation
from lingqu.policy.rules.words import joined, row_words

_PLACE = re.compile(r"\b(?:parameters|clauses|chains|committees|duties|gaps|accounts|scorecards|articles)/[^\s：，。、；:;,“”（）()]+")
_PARTS = {
    "chains": Text("流程", "procedure"), "committees": Text("委员会", "committee"), "duties": Text("职责", "duty"),
    "accounts": Text("账户", "account"), "scorecards": Text("评分卡", "scorecard"),
}  # fmt: skip
_NUMBERED = {"clauses": Text("条款", "clause"), "gaps": Text("待明确事项", "gap"), "articles": Text("条", "article")}
_FIELDS = {
    "title": Text("名称", "title"), "text": Text("正文", "text"), "responsible": Text("责任岗位", "responsible"),
    "appraiser": Text("考核岗位", "appraiser"), "owner": Text("负责岗位", "owner"), "question": Text("问题", "question"),
    "interim": Text("暂行口径", "interim rule"), "answer": Text("答复", "answer"), "escalate_to": Text("上报岗位", "escalated to"),
    "due_days": Text("到期天数", "days until due"), "grace_days": Text("宽限天数", "days of grace"),
    "over": Text("起点金额", "needed above"),
    "remind_days": Text("提醒天数", "days of reminders"), "escalate_days": Text("上报天数", "days until escalated"),
    "enough_up_to": Text("权限金额", "final up to"),
}  # fmt: skip


def in_words(problem: Problem, regulation: Regulation) -> Problem:
    """Return a problem whose sentences name places as people do; `place` itself stays as it is."""

    def named(language: str, words: str) -> str:
        def name(found: re.Match[str]) -> str:
            place = found[0].rstrip(".")
            return str(getattr(place_words(place, regulation), language)) + found[0][len(place) :]

        said = _PLACE.sub(name, words)
        return said[:1].upper() + said[1:]

    return Problem(problem.place, Text(named("zh", problem.text.zh), named("en", problem.text.en)))


def place_words(place: str, regulation: Regulation) -> Text:
    """Return what people call a place; what is not known there keeps its code."""
    part, key, *rest = place.split("/")
    if part == "parameters":
        return joined(_parameter(key, rest, regulation), between=Text(" · ", " · "))
    if part in _NUMBERED:
        words = _NUMBERED[part]
        head = Text(f"{words.zh} {key}", f"{words.en} {key}")
    else:
        words, known = _PARTS.get(part, Text(part, part)), getattr(regulation, part, {}).get(key)
        head = Text(f"{words.zh}“{known.title.zh if known else key}”", f"{words.en} “{known.title.en if known else key}”")
    return joined([head, *_below(part, key, rest, regulation)], between=Text(" · ", " · "))


def _below(part: str, key: str, rest: list[str], regulation: Regulation) -> Iterator[Text]:
    if part == "chains" and len(rest) > 1 and rest[0] == "steps" and key in regulation.chains:
        step = next((one for one in regulation.chains[key].steps if one.key == rest[1]), None)
        yield Text(f"步骤“{step.title.zh if step else rest[1]}”", f"step “{step.title.en if step else rest[1]}”")
        rest = rest[2:]
    if rest and rest[0] in _FIELDS:
        yield _FIELDS[rest[0]]


def _parameter(key: str, rest: list[str], regulation: Regulation) -> Iterator[Text]:
    note = regulation.notes.get(key)
    yield Text(f"“{note.title.zh}”", f"“{note.title.en}”") if note else Text(key, key)
    columns = {column.key: column.title for column in note.columns} if note else {}
    for one in rest[1:] if rest[:1] == ["value"] else ():
        if one.isdecimal() and not columns.get(one):
            yield Text(f"第 {int(one) + 1} 项", f"entry {int(one) + 1}")
        else:
            yield columns.get(one) or row_words(one, note)
