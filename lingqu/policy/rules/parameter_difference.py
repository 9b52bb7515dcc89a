"""What changed in the parameters: one line for each value, for each cell of a table, and for each row that is new or gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lingqu.base.text import Text
from lingqu.policy.rules.change import Change
from lingqu.policy.rules.regulation import Column, ParameterNote, Regulation
from lingqu.policy.rules.words import (
    NOTHING,
    cell_words,
    choice_words,
    joined,
    ladder_words,
    parameter_value,
    row_words,
    table_cells,
    value_words,
)
from lingqu.policy.states import ChangeKind, ParameterKind

Path = tuple[str, ...]


def parameter_changes(before: Regulation, after: Regulation) -> Iterator[Change]:
    """Yield what changed in values and notes of parameters."""
    for key in dict.fromkeys((*before.notes, *after.notes)):
        old, new = before.notes.get(key), after.notes.get(key)
        values = parameter_value(before, key), parameter_value(after, key)
        note = new or old
        if note is None or (old == new and values[0] == values[1]):
            continue
        if old is None or new is None:
            first, second = (_whole(value, note) if kept else None for value, kept in zip(values, (old, new), strict=True))
            yield Change(ChangeKind.PARAMETER, f"parameters/{key}", note.clause, note.title, first, second)
            continue
        yield from _value_changes(key, note, *values)
        yield from _note_changes(key, old, new)


def _value_changes(key: str, note: ParameterNote, old: Any, new: Any) -> Iterator[Change]:  # noqa: ANN401 - plain data
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _table_changes(key, note, old, new)
    elif old != new:
        words = _whole(old, note), _whole(new, note)
        yield Change(ChangeKind.PARAMETER, f"parameters/{key}", note.clause, note.title, *words)


def _table_changes(key: str, note: ParameterNote, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    columns = {column.key: column for column in note.columns}
    rows_before, rows_after = _rows(old), _rows(new)
    for row in dict.fromkeys((*rows_before, *rows_after)):
        first, second = rows_before.get(row), rows_after.get(row)
        if first is None or second is None:
            place, title = _named(key, note, row, None)
            words = _row(first, columns), _row(second, columns)
            yield Change(ChangeKind.PARAMETER, place, note.clause, title, *words)
            continue
        for cell in dict.fromkeys((*first, *second)):
            if first.get(cell) != second.get(cell):
                place, title = _named(key, note, (*row, cell) if cell else row, columns.get(cell))
                words = cell_words(first.get(cell), columns.get(cell)), cell_words(second.get(cell), columns.get(cell))
                yield Change(ChangeKind.PARAMETER, place, note.clause, title, *words)


def _rows(table: Mapping[str, Any]) -> dict[Path, dict[str, Any]]:
    """Return the rows of a table, each with its cells by column; a table without columns has one cell without a name in each row."""
    found: dict[Path, dict[str, Any]] = {}
    for path, value in table_cells(table).items():
        row, cell = (path[:-1], path[-1]) if len(path) > 1 else (path, "")
        found.setdefault(row, {})[cell] = value
    return found


def _named(key: str, note: ParameterNote, path: Path, column: Column | None) -> tuple[str, Text]:
    names = [row_words(part, note) for part in path]
    if column is not None:
        names[-1] = column.title
    title = joined((note.title, *names), between=Text(" · ", " · "))
    return "/".join(("parameters", key, *path)), title


def _row(cells: Mapping[str, Any] | None, columns: Mapping[str, Column]) -> Text | None:
    if cells is None:
        return None
    said = []
    for cell, value in cells.items():
        column = columns.get(cell)
        label = column.title if column else row_words(cell)
        words = cell_words(value, column)
        said.append(Text(f"{label.zh} {words.zh}".strip(), f"{label.en} {words.en}".strip()))
    return joined(said, between=Text("；", "; "))


def _whole(value: Any, note: ParameterNote) -> Text:  # noqa: ANN401 - plain data
    if isinstance(value, Mapping):
        columns = {column.key: column for column in note.columns}
        said = []
        for path, cells in _rows(value).items():
            name = joined((row_words(part, note) for part in path), between=Text(" ", " "))
            words = _row(cells, columns) or NOTHING
            said.append(Text(f"{name.zh}：{words.zh}", f"{name.en}: {words.en}"))
        return joined(said, between=Text("；", "; "))
    if isinstance(value, list | tuple):
        return ladder_words(value, note) if note.kind is ParameterKind.LADDER else joined(Text(str(one), str(one)) for one in value)
    return value_words(value, note.kind, note.unit, choice_words(note))


_NOTE_FIELDS = (
    ("title", Text("名称", "title")), ("unit", Text("单位", "unit")), ("clause", Text("条款", "clause")), ("kind", Text("类型", "kind")),
    ("least", Text("下限", "least")), ("most", Text("上限", "most")), ("choices", Text("可选值", "choices")),
    ("rows_by", Text("行", "rows")), ("columns", Text("列", "columns")), ("origin", Text("来源", "origin")),
)  # fmt: skip


def _note_changes(key: str, old: ParameterNote, new: ParameterNote) -> Iterator[Change]:
    for field, label in _NOTE_FIELDS:
        first, second = getattr(old, field), getattr(new, field)
        if first != second:
            title = Text(f"{new.title.zh} · {label.zh}", f"{new.title.en} · {label.en}")
            yield Change(ChangeKind.PARAMETER, f"parameters/{key}/{field}", new.clause, title, _note_words(first), _note_words(second))


def _note_words(value: object) -> Text:
    if isinstance(value, Text):
        return value if value.zh or value.en else NOTHING
    if isinstance(value, tuple):
        return joined(one if isinstance(one, Text) else getattr(one, "title", NOTHING) for one in value)
    return NOTHING if value is None else Text(str(value), str(value))
