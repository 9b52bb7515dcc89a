"""What a person reads where the regulation keeps codes: names of laws and posts, values of parameters with their unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

import msgspec

from lingqu.approvals.rules import Who
from lingqu.base.text import Text
from lingqu.organisation.states import FIRM_KIND_WORDS, POST_WORDS
from lingqu.policy.rules.regulation import Column, ParameterNote, Regulation
from lingqu.policy.states import DayMode, Law, ParameterKind

LAW_NAMES = {
    Law.CERTIFICATE.value: Text("资格证书", "papers"),
    Law.AREA.value: Text("产品区域", "area"),
    Law.PRICE.value: Text("价格折扣", "price"),
    Law.STOCK.value: Text("库存", "stock"),
    Law.CREDIT.value: Text("信用金额", "credit"),
    Law.BATCHES.value: Text("未结批次", "open batches"),
    Law.OVERDUE.value: Text("逾期", "overdue money"),
}
RELATION_NAMES = {"representative_of": Text("负责该客户的区域销售员", "the partner's representative")}
NOTHING = Text("—", "—")
YES = Text("是", "yes")
NO = Text("否", "no")
LARGEST = Decimal(10) ** 15
MOST_DECIMALS = 20
END = "end"
"""What `next` of a step says when nothing follows."""

_POSTS = {code.value: words for code, words in POST_WORDS.items()}
_LEVELS = {kind.value: words for kind, words in FIRM_KIND_WORDS.items()}
_MODES = {DayMode.CALENDAR.value: Text("日历日", "calendar days"), DayMode.WORKING.value: Text("工作日", "working days")}


def post_name(post: str) -> Text:
    """Return the name of a post or relation; — for none, the code itself for one that this version does not know."""
    if not post:
        return NOTHING
    return _POSTS.get(post) or RELATION_NAMES.get(post) or _code(post)


def law_name(law: str) -> Text:
    """Return the name of a law; its code where this version does not know it."""
    return LAW_NAMES.get(law) or _code(law)


def who_name(who: Who, regulation: Regulation) -> Text:
    """Return who decides a step: a post, a relation, or a committee of the regulation."""
    if who.committee:
        committee = regulation.committees.get(who.committee)
        return committee.title if committee else _code(who.committee)
    return post_name(who.post or who.relation)


def joined(parts: Iterable[Text], *, between: Text | None = None) -> Text:
    """Return the texts as one, with 、 and a comma between them unless told otherwise; — for none."""
    found = list(parts)
    between = between or Text("、", ", ")
    if not found:
        return NOTHING
    return Text(between.zh.join(part.zh for part in found), between.en.join(part.en for part in found))


def number_of(value: object) -> Decimal | None:
    """Return a value of a parameter as a number; None when it is none: a flag, NaN, or one with more digits than anybody means."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < LARGEST and found.adjusted() >= -MOST_DECIMALS else None


def value_words(value: object, kind: ParameterKind, unit: Text, choices: Mapping[str, Text] | None = None) -> Text:
    """Return one value in words: money with two decimals and commas, shares in percent, choices by name, each with its unit."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Enum):
        value = value.value
    number = number_of(value)
    if number is None:
        return (choices or {}).get(str(value)) or _MODES.get(str(value)) or _code(str(value))
    if kind is ParameterKind.CHOICE and choices and str(value) in choices:
        return choices[str(value)]
    return _with_unit(_number_words(number, value, kind), unit, kind)


def _number_words(number: Decimal, value: object, kind: ParameterKind) -> str:
    if kind is ParameterKind.MONEY or isinstance(value, Decimal):
        return f"{number:,.2f}"
    if kind is ParameterKind.BASIS_POINTS:
        return f"{number / 100:.2f}%"
    if kind is ParameterKind.PERCENT:
        return f"{number.normalize():f}%"
    return f"{number:,f}"


def _with_unit(shown: str, unit: Text, kind: ParameterKind) -> Text:
    if kind in {ParameterKind.BASIS_POINTS, ParameterKind.PERCENT} or not (unit.zh or unit.en):
        return Text(shown, shown)
    return Text(f"{shown} {unit.zh}".strip(), f"{shown} {unit.en}".strip())


def parameter_value(regulation: Regulation, key: str) -> Any:  # noqa: ANN401 - a parameter may be a number, a word, a table
    """Return the value of a parameter as plain data (numbers, words, lists, mappings); None when the regulation has none."""
    if key in msgspec.structs.asdict(regulation.parameters):
        return msgspec.to_builtins(getattr(regulation.parameters, key))
    return regulation.declared.get(key)


def choice_words(note: ParameterNote) -> dict[str, Text]:
    """Return the words of what a parameter of the kind `choice` may be."""
    return {choice.value: choice.title for choice in note.choices}


def row_words(key: str, note: ParameterNote | None = None) -> Text:
    """Return the name of a row of a table: as its note names it, a level of the channel by its name, else the key, such as a grade."""
    return (choice_words(note).get(key) if note else None) or _LEVELS.get(key) or _code(key)


def cell_words(value: object, column: Column | None) -> Text:
    """Return one cell of a table in words, with the unit of its column."""
    if column is None:
        return value_words(value, ParameterKind.MONEY if isinstance(value, str) else ParameterKind.INTEGER, Text("", ""))
    return value_words(value, column.kind, column.unit)


def table_cells(value: object, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Return a table as one flat mapping from the keys that lead to a cell to what stands in it."""
    if not isinstance(value, Mapping):
        return {path: value}
    found: dict[tuple[str, ...], Any] = {}
    for key, part in value.items():
        found |= table_cells(part, (*path, str(key)))
    return found


def ladder_words(value: object, note: ParameterNote) -> Text:
    """Return a ladder as one line: each rung with its bounds and its value."""
    columns = {column.key: column for column in note.columns}
    parts = []
    for rung in value if isinstance(value, list | tuple) else ():
        if isinstance(rung, Mapping):
            start, end = cell_words(rung.get("from"), columns.get("from")), cell_words(rung.get("to"), columns.get("to"))
            words = cell_words(rung.get("value"), columns.get("value"))
            top = Text(f"{start.zh} 起", f"from {start.en} on")
            bounds = top if rung.get("to") is None else Text(f"{start.zh} 至 {end.zh}", f"{start.en} to {end.en}")
            parts.append(Text(f"{bounds.zh}：{words.zh}", f"{bounds.en}: {words.en}"))
    return joined(parts, between=Text("；", "; "))


def _code(code: str) -> Text:
    return Text(code, code)
