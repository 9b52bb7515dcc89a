"""What changed between two regulations, in words for people: values with their units, posts by their names, texts before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from lingqu.base.decision import encode
from lingqu.base.text import Text
from lingqu.duties.states import PAPER_WORDS, RHYTHM_WORDS, ForEach, OwedBy
from lingqu.policy.rules.chain_difference import chain_changes
from lingqu.policy.rules.change import Change
from lingqu.policy.rules.parameter_difference import parameter_changes
from lingqu.policy.rules.regulation import Regulation
from lingqu.policy.rules.words import NOTHING, joined, law_name, post_name
from lingqu.policy.states import ChangeKind, Origin

Words = Callable[[Any], Text]
Field = tuple[str, Text, Words]
"""A field of a part of the regulation: its name in code, what people call it, and how its value is written."""


def differences(before: Regulation, after: Regulation) -> tuple[Change, ...]:
    """Return every difference in what the two regulations say, in the order: title, chapters, articles, clauses, parameters, laws,
    gaps, committees, procedures, duties, accounts, scorecards. Number, day and reference of the version are no part of what it says.
    """  # noqa: D205 - the order of the list is the point of it
    found = [*_titles(before, after)]
    for kind, part, fields, name in _PARTS:
        if kind is ChangeKind.PARAMETER:
            found += parameter_changes(before, after)
        elif kind is ChangeKind.CHAIN:
            found += chain_changes(before, after)
        else:
            found += _part_changes(kind, getattr(before, part), getattr(after, part), fields, name)
    return tuple(found) or _otherwise(before, after)


def _titles(before: Regulation, after: Regulation) -> Iterator[Change]:
    if before.title != after.title:
        yield Change(ChangeKind.TITLE, "title", "", Text("制度名称", "Title of the regulation"), before.title, after.title)
    old, new = {one.id: one for one in before.chapters}, {one.id: one for one in after.chapters}
    yield from _part_changes(ChangeKind.CHAPTER, old, new, _CHAPTER, _chapter_name)


def _part_changes(
    kind: ChangeKind, before: Mapping[str, Any], after: Mapping[str, Any], fields: tuple[Field, ...], name: Callable[[str, Any], Text]
) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        title = name(key, new or old)
        clause = _clause_of(kind, key, new or old)
        place = f"{_PLACES[kind]}/{key}"
        if old is None or new is None:
            yield Change(kind, place, clause, title, _summary(old, fields), _summary(new, fields))
            continue
        for field, label, words in fields:
            first, second = getattr(old, field), getattr(new, field)
            if first != second:
                shown = Text(f"{title.zh} · {label.zh}", f"{title.en} · {label.en}")
                yield from _in_each_language(Change(kind, f"{place}/{field}", clause, shown, words(first), words(second)), first)


def _in_each_language(change: Change, value: object) -> Iterator[Change]:
    """Return a change of words as people read it: where each language has words of its own, a change of each."""
    before, after = change.before, change.after
    if not isinstance(value, Text) or before is None or after is None:
        yield change
        return
    if before.zh != after.zh:
        zh = Text(f"{change.title.zh}", f"{change.title.en} (Chinese)")
        yield msgspec.structs.replace(change, title=zh, before=Text(before.zh, before.zh), after=Text(after.zh, after.zh), language="zh")
    if before.en != after.en:
        en = Text(f"{change.title.zh}（英文）", change.title.en)
        yield msgspec.structs.replace(change, title=en, before=Text(before.en, before.en), after=Text(after.en, after.en), language="en")


def _summary(part: object, fields: tuple[Field, ...]) -> Text | None:
    if part is None:
        return None
    said = []
    for field, label, words in fields:
        shown = words(getattr(part, field))
        if shown not in (NOTHING, Text("", "")):
            said.append(Text(f"{label.zh}：{shown.zh}", f"{label.en}: {shown.en}"))
    return joined(said, between=Text("；", "; "))


def _clause_of(kind: ChangeKind, key: str, part: object) -> str:
    if kind is ChangeKind.CLAUSE:
        return key
    if kind is ChangeKind.GAP:
        return next(iter(getattr(part, "clauses", ())), "")
    return str(getattr(part, "clause", ""))


def _otherwise(before: Regulation, after: Regulation) -> tuple[Change, ...]:
    """Return one difference for what no person reads (an order, a mark), so that a change never looks like none."""
    same = msgspec.structs.replace(after, number=before.number, in_force_from=before.in_force_from, reference="", calendar=before.calendar)
    if encode(same) == encode(msgspec.structs.replace(before, reference="")):
        return ()
    return (Change(ChangeKind.OTHER, "", "", Text("编排顺序或标记", "Order of parts, or marks"), None, None),)


def _plain(value: object) -> Text:
    return NOTHING if value in ("", None, ()) else Text(str(value), str(value))


def _text(value: Text | None) -> Text:
    return value or NOTHING


def _posts(value: tuple[str, ...]) -> Text:
    return joined(post_name(post) for post in value)


def _list(value: tuple[object, ...]) -> Text:
    return joined(_plain(one) for one in value)


def _on_or_off(value: object) -> Text:
    return Text("启用", "on") if value else Text("停用", "off")


def _origin(value: Origin) -> Text:
    return Text("本公司文本", "the company's text") if value is Origin.TEXT else Text("补充", "supplement")


def _percent(value: int) -> Text:
    return Text(f"{value}%", f"{value}%")


def _days(value: int) -> Text:
    return Text(f"{value} 天", f"{value} days")


def _waiver(value: str) -> Text:
    return post_name(value) if value else Text("任何人都不能特批", "nobody may waive it")


def _laws(value: tuple[str, ...]) -> Text:
    return joined(law_name(law) for law in value)


def _papers(value: tuple[str, ...]) -> Text:
    return joined(PAPER_WORDS.get(kind) or _plain(kind) for kind in value)


def _judged(value: str) -> Text:
    return FOR_EACH_WORDS[ForEach(value)] if value in ForEach._value2member_map_ else post_name(value)


def _rhythm(value: str) -> Text:
    return _RHYTHMS.get(value) or _plain(value)


def _indicators(value: tuple[Any, ...]) -> Text:
    return joined(Text(f"{one.title.zh} {one.weight}%", f"{one.title.en} {one.weight}%") for one in value)


FOR_EACH_WORDS = {
    ForEach.ISSUER: Text("本单位", "our own firm"),
    ForEach.AGENT: Text("每个代理商", "each agent"),
    ForEach.RETAILER: Text("每个零售商", "each retailer"),
    ForEach.PARTNER: Text("每个客户", "each partner"),
}
OWED_BY_WORDS = {OwedBy.ISSUER: Text("本单位", "our own people"), OwedBy.PARTNER: Text("该客户", "the partner")}

_RHYTHMS = {rhythm.value: words for rhythm, words in RHYTHM_WORDS.items()}

_TITLE: Field = ("title", Text("名称", "title"), _text)
_CITED: Field = ("clause", Text("条款", "clause"), _plain)
_CHAPTER: tuple[Field, ...] = (_TITLE, ("articles", Text("各条", "articles"), _list))
_ARTICLE: tuple[Field, ...] = (_TITLE, ("clauses", Text("条款", "clauses"), _list))
_CLAUSE: tuple[Field, ...] = (
    _TITLE, ("text", Text("正文", "text"), _text), ("responsible", Text("责任岗位", "responsible"), post_name),
    ("appraiser", Text("考核岗位", "appraised by"), post_name), ("carried_by", Text("另由其执行", "also carried out by"), _list),
    ("origin", Text("来源", "origin"), _origin),
)  # fmt: skip
_LAW: tuple[Field, ...] = (
    ("enabled", Text("启用或停用", "on or off"), _on_or_off), ("waivable_by", Text("特批岗位", "may be waived by"), _waiver), _CITED,
    ("gaps", Text("所用暂行口径", "interim rules in use"), _list),
)  # fmt: skip
_GAP: tuple[Field, ...] = (
    ("question", Text("问题", "question"), _text), ("interim", Text("暂行口径", "interim rule"), _text),
    ("answer", Text("答复", "answer"), _text), ("owner", Text("负责岗位", "owner"), post_name),
    ("clauses", Text("相关条款", "clauses concerned"), _list), ("laws", Text("曾用其暂行口径", "laws that used it"), _laws),
)  # fmt: skip
_COMMITTEE: tuple[Field, ...] = (
    _TITLE, _CITED, ("members", Text("成员", "members"), _posts), ("head", Text("主持人", "head"), post_name),
    ("quorum", Text("法定人数", "quorum"), _percent), ("majority", Text("通过比例（超过）", "majority (more than)"), _percent),
)  # fmt: skip
_DUTY: tuple[Field, ...] = (
    _TITLE, _CITED, ("task", Text("内容", "task"), _text), ("rhythm", Text("周期", "rhythm"), RHYTHM_WORDS.__getitem__),
    ("for_each", Text("对象", "for"), FOR_EACH_WORDS.__getitem__), ("owed_by", Text("由谁完成", "owed by"), OWED_BY_WORDS.__getitem__),
    ("responsible", Text("责任岗位", "responsible"), post_name), ("appraiser", Text("考核岗位", "appraised by"), post_name),
    ("due_days", Text("期末后到期天数", "days from the end of the period until due"), _days),
    ("grace_days", Text("宽限", "grace"), _days), ("remind_days", Text("提前提醒（天）", "reminders (days before)"), _list),
    ("escalate_days", Text("迟交后上报", "escalated after"), _days), ("escalate_to", Text("上报岗位", "escalated to"), post_name),
    ("papers", Text("完成材料", "papers"), _papers),
)  # fmt: skip
_ACCOUNT: tuple[Field, ...] = (_TITLE, _CITED, ("unit", Text("单位", "unit"), _text))
_SCORECARD: tuple[Field, ...] = (
    _TITLE, _CITED, ("judges", Text("对象", "judges"), _judged), ("rhythm", Text("周期", "rhythm"), _rhythm),
    ("indicators", Text("指标与权重", "indicators and weights"), _indicators),
)  # fmt: skip


def _named(zh: str, en: str) -> Callable[[str, Any], Text]:
    def name(key: str, part: Any) -> Text:  # noqa: ANN401 - any part with a title
        del key
        return Text(f"{zh}“{part.title.zh}”", f"{en} “{part.title.en}”")

    return name


def _numbered(zh: str, en: str) -> Callable[[str, Any], Text]:
    def name(key: str, part: Any) -> Text:  # noqa: ANN401 - any part
        del part
        return Text(f"{zh} {key}", f"{en} {key}")

    return name


def _article_name(key: str, part: Any) -> Text:  # noqa: ANN401 - an article
    del part
    return Text(f"第 {key} 条", f"Article {key}")


def _chapter_name(key: str, part: Any) -> Text:  # noqa: ANN401 - a chapter
    return _named("章", "Chapter")(key, part)


def _law_title(key: str, part: Any) -> Text:  # noqa: ANN401 - a law
    del part
    name = law_name(key)
    return Text(f"规则“{name.zh}”", f"Law on {name.en}")


_PARTS: tuple[tuple[ChangeKind, str, tuple[Field, ...], Callable[[str, Any], Text]], ...] = (
    (ChangeKind.ARTICLE, "articles", _ARTICLE, _article_name),
    (ChangeKind.CLAUSE, "clauses", _CLAUSE, _numbered("条款", "Clause")),
    (ChangeKind.PARAMETER, "parameters", (), _numbered("参数", "Parameter")),
    (ChangeKind.LAW, "laws", _LAW, _law_title),
    (ChangeKind.GAP, "gaps", _GAP, _numbered("待明确事项", "Gap")),
    (ChangeKind.COMMITTEE, "committees", _COMMITTEE, _named("委员会", "Committee")),
    (ChangeKind.CHAIN, "chains", (), _named("流程", "Procedure")),
    (ChangeKind.DUTY, "duties", _DUTY, _named("职责", "Duty")),
    (ChangeKind.ACCOUNT, "accounts", _ACCOUNT, _named("账户", "Account")),
    (ChangeKind.SCORECARD, "scorecards", _SCORECARD, _named("评分卡", "Scorecard")),
)
_PLACES = {kind: part for kind, part, _, _ in _PARTS} | {ChangeKind.CHAPTER: "chapters"}
