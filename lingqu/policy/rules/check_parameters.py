"""Whether the values of parameters are what their notes allow: kind, bounds, choices, whole rows, ladders without hole or overlap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from lingqu.base.money import CENT
from lingqu.policy.rules.problem import Problem, problem
from lingqu.policy.rules.regulation import Column, ParameterNote, Parameters, Regulation
from lingqu.policy.rules.words import number_of, parameter_value
from lingqu.policy.states import ParameterKind

MOST_ROWS = 500
MOST_POINTS = 10_000
"""Basis points of the whole."""

LONGEST_DAY = len("2026-01-31")
_WHOLE_KINDS = {ParameterKind.INTEGER, ParameterKind.BASIS_POINTS}
_KIND_WORDS = {
    ParameterKind.INTEGER: ("整数", "a whole number"),
    ParameterKind.MONEY: ('到分的金额，写成如 "300.00"', 'an amount in yuan that ends at the cent, such as "300.00"'),
    ParameterKind.PERCENT: ("百分数", "a number of percent"),
    ParameterKind.BASIS_POINTS: ("0 至 10000 的万分数", "basis points from 0 to 10000"),
    ParameterKind.FACTOR: ("数", "a number"),
}  # fmt: skip


_MUST_STAND = tuple(field.name for field in msgspec.structs.fields(Parameters) if field.required)
"""A version that is older than a parameter goes by the value that stands in the product, and need not name it."""


def parameter_problems(regulation: Regulation) -> Iterator[Problem]:
    """Yield what is not right with the parameters."""
    for key in _MUST_STAND:
        if key not in regulation.notes:
            yield problem(
                f"parameters/{key}", f"缺参数 {key} 的说明，请写上。", f"The parameter {key} has no title, unit and clause; write them."
            )
    for key, note in regulation.notes.items():
        if key not in Parameters.__struct_fields__ and key not in regulation.declared:
            yield problem(f"parameters/{key}/value", f"参数 {key} 没有值，请写上。", f"The parameter {key} has no value; write one.")
            continue
        yield from value_problems(key, note, parameter_value(regulation, key))
    for key in regulation.declared:
        if key not in regulation.notes:
            yield problem(
                f"parameters/{key}", f"缺参数 {key} 的说明，请写上。", f"The parameter {key} has no title, unit and clause; write them."
            )


def value_problems(key: str, note: ParameterNote, value: Any) -> Iterator[Problem]:  # noqa: ANN401 - plain data
    """Yield what is not right with one value under its note."""
    place = f"parameters/{key}/value"
    if note.kind is ParameterKind.TABLE:
        yield from _table(place, note, value)
    elif note.kind is ParameterKind.LADDER:
        yield from _ladder(place, note, value)
    elif note.kind is ParameterKind.CHOICE:
        yield from _choice(place, note, value)
    elif note.kind is ParameterKind.FLAG:
        if not isinstance(value, bool):
            yield problem(place, f"{place} 须为 true 或 false。", f"{place} must be true or false.")
    elif note.kind is ParameterKind.CALENDAR:
        yield from _calendar(place, value)
    else:
        yield from _number(place, note.kind, note.least, note.most, value)


def _choice(place: str, note: ParameterNote, value: object) -> Iterator[Problem]:
    known = [choice.value for choice in note.choices]
    if not known:
        yield problem(place, f"{place} 没有可选值，请在 choices 中写上。", f"{place} offers no choices; write them.")
    elif value not in known:
        words = ", ".join(known)
        yield problem(place, f"{place} 的“{value}”不在可选值中：{words}。", f"{place} is “{value}”, which is none of {words}.")


def _number(place: str, kind: ParameterKind, least: Decimal | None, most: Decimal | None, value: object) -> Iterator[Problem]:
    number = number_of(value)
    zh, en = _KIND_WORDS[kind]
    if number is None or not _fits(number, kind, value):
        yield problem(place, f"{place} 的“{value}”须为{zh}。", f"{place} is “{value}”; it must be {en}.")
        return
    if least is None and kind in {ParameterKind.MONEY, ParameterKind.PERCENT}:
        least = Decimal(0)
    if least is not None and number < least:
        yield problem(place, f"{place} 为 {value}，不能小于 {least}。", f"{place} is {value}; it must not be less than {least}.")
    if most is not None and number > most:
        yield problem(place, f"{place} 为 {value}，不能大于 {most}。", f"{place} is {value}; it must not be more than {most}.")


def _fits(number: Decimal, kind: ParameterKind, value: object) -> bool:
    if kind in _WHOLE_KINDS and not isinstance(value, int):
        return False
    if kind is ParameterKind.MONEY:
        return number == number.quantize(CENT) if abs(number) < 10**15 else False
    return kind is not ParameterKind.BASIS_POINTS or 0 <= number <= MOST_POINTS


def _table(place: str, note: ParameterNote, value: Any) -> Iterator[Problem]:  # noqa: ANN401 - plain data
    if not note.rows_by or not note.columns:
        yield problem(place, f"{place} 须写明 rows_by 和 columns。", f"{place} needs rows_by and columns.")
        return
    rows = list(_rows(place, value, len(note.rows_by)))
    if not rows or len(rows) > MOST_ROWS:
        yield problem(place, f"{place} 须有 1 至 {MOST_ROWS} 行。", f"{place} must have 1 to {MOST_ROWS} rows.")
    for where, row in rows:
        yield from _row(where, note.columns, row)


def _rows(place: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - plain data
    if depth == 0:
        yield place, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _rows(f"{place}/{key}", part, depth - 1)
    else:
        yield place, None


def _row(place: str, columns: tuple[Column, ...], row: Any) -> Iterator[Problem]:  # noqa: ANN401 - plain data
    wanted = [column.key for column in columns]
    if not isinstance(row, Mapping):
        words = ", ".join(wanted)
        yield problem(place, f"{place} 须为一行，含各列：{words}。", f"{place} must be a row with the columns {words}.")
        return
    for column in columns:
        if column.key not in row:
            yield problem(place, f"{place} 缺列 {column.key}，请写上。", f"{place} lacks the column {column.key}; write it.")
        else:
            yield from _number(f"{place}/{column.key}", column.kind, column.least, column.most, row[column.key])
    for key in row:
        if key not in wanted:
            yield problem(
                f"{place}/{key}", f"{place} 的列 {key} 未在 columns 中说明。", f"{place} has a column {key} that columns does not name."
            )


def _ladder(place: str, note: ParameterNote, value: Any) -> Iterator[Problem]:  # noqa: ANN401 - plain data
    if not isinstance(value, list | tuple) or not value:
        yield problem(place, f"{place} 须列出各级（from、to、value）。", f"{place} must list rungs with from, to and value.")
        return
    columns = {column.key: column for column in note.columns}
    column = columns.get("value") or Column("value", note.title, note.unit, ParameterKind.FACTOR, note.least, note.most)
    bounds: list[tuple[Decimal, Decimal | None]] = []
    for number, rung in enumerate(value):
        where = f"{place}/{number}"
        start = number_of(rung.get("from")) if isinstance(rung, Mapping) else None
        if not isinstance(rung, Mapping) or start is None or "value" not in rung or (rung.get("to") and number_of(rung["to"]) is None):
            yield problem(where, f"{where} 须含数 from、to（末级可空）和 value。", f"{where} needs from, to (empty at the top) and value.")
            return
        yield from _number(f"{where}/value", column.kind, column.least, column.most, rung["value"])
        bounds.append((start, number_of(rung.get("to"))))
    yield from _rungs(place, bounds)


def _rungs(place: str, bounds: list[tuple[Decimal, Decimal | None]]) -> Iterator[Problem]:
    for number, (start, end) in enumerate(bounds):
        where = f"{place}/{number}"
        last = number == len(bounds) - 1
        if end is not None and end <= start:
            yield problem(
                where, f"{where} 的 to（{end}）须大于 from（{start}）。", f"{where}: to ({end}) must be greater than from ({start})."
            )
        if last and end is not None:
            yield problem(where, f"{where} 是末级，to 须留空。", f"{where} is the top rung; leave its to empty.")
        if last:
            continue
        following = bounds[number + 1][0]
        if end is None or following < end:
            yield problem(
                where,
                f"{where} 与下一级重叠：下一级从 {following} 起。",
                f"{where} overlaps the next rung, which begins at {following}; end it there.",
            )
        elif following > end:
            yield problem(
                where,
                f"{where} 与下一级之间有空档：{end} 至 {following}。",
                f"Between {where} and the next rung lies a hole from {end} to {following}.",
            )


def _calendar(place: str, value: Any) -> Iterator[Problem]:  # noqa: ANN401 - plain data
    days = list(value.values()) if isinstance(value, Mapping) else value
    if not isinstance(days, list | tuple) or not days:
        yield problem(place, f"{place} 须列出日期。", f"{place} must list days.")
        return
    for number, day in enumerate(days):
        if not _is_day(day):
            yield problem(
                f"{place}/{number}",
                f"{place} 的“{day}”不是日期，请写成如 01-31 或 2026-01-31。",
                f"{place}: “{day}” is no day; write it like 01-31 or 2026-01-31.",
            )


def _is_day(day: object) -> bool:
    words = day if isinstance(day, str) else ""
    whole = words if len(words) == LONGEST_DAY else f"2024-{words}"
    try:
        return date.fromisoformat(whole).isoformat() == whole
    except ValueError:
        return False
