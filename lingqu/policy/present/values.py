"""Values of parameters as people read them: numbers with their units, tables with heads and rows, ladders as rungs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from lingqu.base.templatetags.words import NOTHING, copies, money, percent_bp
from lingqu.base.text import Text
from lingqu.policy.present.words import MODE_WORDS, NO, YES
from lingqu.policy.rules import Column, ParameterNote, Regulation
from lingqu.policy.rules.words import number_of, row_words
from lingqu.policy.states import ParameterKind

FROM, TO = Text("自", "From"), Text("至", "To")
NO_TOP = Text("以上", "and more")
FIELD_WORDS = {
    "limit": Text("信用额度", "Limit"),
    "max_open_batches": Text("占用批次", "Open batches"),
    "due_after_batches": Text("第几批受理后到期", "Due after batches"),
    "backstop_days": Text("发货后最迟（天）", "Latest, days after shipping"),
    "rule_bp": Text("供货折扣", "Discount"),
    "floor_bp": Text("折扣底线", "Floor"),
    "value": Text("值", "Value"),
}
"""Heads for tables whose columns the pack does not describe."""

FIELD_KINDS = {"limit": ParameterKind.MONEY, "rule_bp": ParameterKind.BASIS_POINTS, "floor_bp": ParameterKind.BASIS_POINTS}
Cell = Text | str


class Grid(msgspec.Struct, frozen=True):
    """A table of a parameter: its heads, and its rows; each row begins with `keys` heads of its own."""

    keys: int
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Shown(msgspec.Struct, frozen=True):
    """A parameter as a page shows it. `obeyed` is False for one that this version of the product keeps but does not use yet."""

    key: str
    title: Text
    unit: Text
    clause: str
    kind: ParameterKind
    obeyed: bool
    supplement: bool
    bounds: Text | None
    grid: Grid | None = None
    value: Cell = NOTHING


def shown_parameter(key: str, regulation: Regulation) -> Shown:
    """Return a parameter of the regulation as a page shows it."""
    note = regulation.notes[key]
    value = value_of(key, regulation)
    grid = grid_of(note, value)
    return Shown(
        key=key, title=note.title, unit=note.unit, clause=note.clause, kind=note.kind, obeyed=key not in regulation.declared,
        supplement=note.origin == "supplement", bounds=bounds_of(note), grid=grid, value=NOTHING if grid else plain(note, value),
    )  # fmt: skip


def value_of(key: str, regulation: Regulation) -> Any:  # noqa: ANN401 - whatever kind of value the parameter has
    """Return the value of a parameter, obeyed or declared, as numbers, words, lists and mappings."""
    value = getattr(regulation.parameters, key) if hasattr(regulation.parameters, key) else regulation.declared.get(key)
    return msgspec.to_builtins(value, builtin_types=(Decimal, date))


def plain(note: ParameterNote, value: object) -> Cell:
    """Return a single value in words."""
    if value is None:
        return NOTHING
    if note.kind is ParameterKind.CHOICE or str(value) in MODE_WORDS:
        return choice_words(note, str(value))
    if note.kind is ParameterKind.FLAG or isinstance(value, bool):
        return YES if value is True or value == "true" else NO
    if isinstance(value, list | tuple):
        return "、".join(str(one) for one in value) or NOTHING
    return number_words(note.kind, value)


def choice_words(note: ParameterNote, value: str) -> Cell:
    """Return what a choice is called."""
    return next((choice.title for choice in note.choices if choice.value == value), MODE_WORDS.get(value, value))


def number_words(kind: ParameterKind, value: object) -> str:
    """Return a number as its kind is written; what is no number stays as it is, nothing is —."""
    if value is None or value == "":
        return NOTHING
    number = number_of(value)
    if number is None:
        return str(value)
    if kind is ParameterKind.MONEY:
        return money(number)
    if kind is ParameterKind.BASIS_POINTS:
        return percent_bp(number)
    plain_number = copies(number) if number == number.to_integral_value() else f"{number.normalize():f}"
    return f"{plain_number}%" if kind is ParameterKind.PERCENT else plain_number


def bounds_of(note: ParameterNote | Column) -> Text | None:
    """Return the bounds of a value in words, None when there are none."""
    least = number_words(note.kind, note.least) if note.least is not None else ""
    most = number_words(note.kind, note.most) if note.most is not None else ""
    if least and most:
        return Text(f"{least} 至 {most}", f"{least} to {most}")
    if least:
        return Text(f"至少 {least}", f"at least {least}")
    return Text(f"至多 {most}", f"at most {most}") if most else None


def grid_of(note: ParameterNote, value: object) -> Grid | None:
    """Return a table or ladder as heads and rows; None for a single value."""
    if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        return _ladder(note, value)
    if isinstance(value, Mapping):
        return _table(note, value)
    return None


def columns_of(note: ParameterNote, row: Mapping[str, Any]) -> tuple[Column, ...]:
    """Return the columns of a table: those of the pack, else one for each field of a row."""
    if note.columns:
        return note.columns
    return tuple(Column(key, FIELD_WORDS.get(key, Text(key, key)), kind=FIELD_KINDS.get(key, ParameterKind.INTEGER)) for key in row)


def head_words(column: Column) -> Text:
    """Return the head of a column with its unit."""
    if not column.unit.zh:
        return column.title
    return Text(f"{column.title.zh}（{column.unit.zh}）", f"{column.title.en} ({column.unit.en})")


def key_words(key: str, note: ParameterNote | None = None) -> Cell:
    """Return a key of a table in words: as its note names it, the kind of a firm, or the letter of a grade as it stands."""
    named = row_words(key, note)
    return key if named.zh == key else named


def table_rows(value: Mapping[str, Any], levels: int, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give the rows of a table as pairs of their keys and what stands in them; `levels` is how many keys a row has."""
    for key, below in value.items():
        if levels > 1 and isinstance(below, Mapping):
            yield from table_rows(below, levels - 1, (*above, key))
        else:
            yield (*above, key), below


def levels_of(note: ParameterNote, value: Mapping[str, Any]) -> int:
    """Return how many keys name a row of a table."""
    if note.rows_by:
        return len(note.rows_by)
    first = next(iter(value.values()), None)
    deeper = next(iter(first.values()), None) if isinstance(first, Mapping) else None
    return 2 if isinstance(deeper, Mapping) else 1


def _table(note: ParameterNote, value: Mapping[str, Any]) -> Grid:
    levels = levels_of(note, value)
    rows = list(table_rows(value, levels))
    sample = rows[0][1] if rows else {}
    fields = sample if isinstance(sample, Mapping) else {"value": sample}
    columns = columns_of(note, fields)
    keys = note.rows_by or tuple([Text("渠道级别", "Level"), Text("等级", "Grade")][-levels:])
    head = (*keys, *(head_words(column) for column in columns))
    lines = []
    for names, row in rows:
        cells = row if isinstance(row, Mapping) else {columns[0].key: row}
        words = tuple(number_words(column.kind, cells.get(column.key)) for column in columns)
        lines.append((*(key_words(name, note) for name in names), *words))
    return Grid(levels, head, tuple(lines))


def _ladder(note: ParameterNote, value: list[Mapping[str, Any]]) -> Grid:
    ends = {"from", "to"}
    columns = columns_of(note, {key: None for row in value for key in row if key not in ends})
    values = tuple(column for column in columns if column.key not in ends)
    kinds = {column.key: column for column in columns}
    if not any("from" in row for row in value):
        return Grid(0, tuple(map(head_words, values)), tuple(tuple(_cell(one, row) for one in values) for row in value))
    rung = kinds.get("from", Column("from", FROM))
    top = kinds.get("to", Column("to", TO, rung.unit, rung.kind))
    lines = [
        (
            number_words(rung.kind, row.get("from")),
            NO_TOP if row.get("to") in (None, "") else number_words(top.kind, row.get("to")),
            *(_cell(one, row) for one in values),
        )
        for row in value
    ]
    return Grid(2, (head_words(rung), head_words(top), *map(head_words, values)), tuple(lines))


def _cell(column: Column, row: Mapping[str, Any]) -> Cell:
    value = row.get(column.key)
    return key_words(value) if isinstance(value, str) and not value[:1].isdigit() else number_words(column.kind, value)
