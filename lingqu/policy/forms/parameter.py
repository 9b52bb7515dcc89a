"""A parameter as it is edited: one field, a grid of fields, or the rungs of a ladder; read back with the errors at their cells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from lingqu.base.templatetags.words import money
from lingqu.base.text import Text
from lingqu.policy.forms.typed import EMPTY, Typed, read_number, read_whole, small_number
from lingqu.policy.present.values import Cell, columns_of, head_words, key_words, levels_of, table_rows
from lingqu.policy.present.words import MODE_WORDS, NO, YES
from lingqu.policy.rules import Column, ParameterNote
from lingqu.policy.rules.words import number_of
from lingqu.policy.states import ParameterKind

MOST_RUNGS = 50
MOST_DAYS = 366
LONGEST_DAY = len("2026-01-31")
FLAGS = {"true": YES, "false": NO}
WHOLE_KINDS = (ParameterKind.INTEGER, ParameterKind.BASIS_POINTS)
MOST_POINTS = 10_000
CENT = Decimal("0.01")
FROM_COLUMN = Column("from", Text("自", "From"), kind=ParameterKind.FACTOR)
TO_COLUMN = Column("to", Text("至（最高一级留空）", "To (empty at the top)"), kind=ParameterKind.FACTOR)


class Field(msgspec.Struct, frozen=True):
    """One input: its name, what it is called for those who hear the page, its text, and what is wrong with it."""

    name: str
    label: Text
    text: str
    error: Text | None = None
    kind: str = "number"


class FormRow(msgspec.Struct, frozen=True):
    """One row of a grid: its heads, its fields, and for a ladder its place, by which it is removed."""

    heads: tuple[Cell, ...]
    fields: tuple[Field, ...]
    place: int


class ParameterForm(msgspec.Struct, frozen=True):
    """A parameter ready to be edited. `shape` is one, choice, grid, ladder or days."""

    shape: str
    head: tuple[Cell, ...] = ()
    rows: tuple[FormRow, ...] = ()
    field: Field | None = None
    choices: Mapping[str, Text] = {}


def shape_of(note: ParameterNote, value: object) -> str:
    """Return how a parameter is edited."""
    if note.kind is ParameterKind.CALENDAR:
        return "days"
    if note.kind is ParameterKind.LADDER or (isinstance(value, list) and value and isinstance(value[0], Mapping)):
        return "ladder"
    if isinstance(value, Mapping):
        return "grid"
    return "choice" if note.kind in {ParameterKind.CHOICE, ParameterKind.FLAG} or str(value) in MODE_WORDS else "one"


def texts_of(note: ParameterNote, value: Any) -> dict[str, str]:  # noqa: ANN401 - plain data
    """Return the texts that the fields of a parameter hold before anything was typed."""
    shape = shape_of(note, value)
    if shape == "days":
        return {"value": "\n".join(map(str, _days(value)))}
    if shape == "ladder":
        columns = _rung_columns(note, value)
        return {
            f"{column.key}-{place}": written(column.kind, row.get(column.key)) for place, row in enumerate(value) for column in columns
        } | {"rungs": str(len(value))}
    if shape == "grid":
        rows, columns = _grid(note, value)
        return {
            f"{column.key}-{place}": written(column.kind, _cell(row, column)) for place, (_, row) in enumerate(rows) for column in columns
        }
    return {"value": str(value).lower() if isinstance(value, bool) else written(note.kind, value)}


def form_of(note: ParameterNote, value: Any, typed: Typed) -> ParameterForm:  # noqa: ANN401 - plain data
    """Return the form of a parameter with what was typed in it."""
    shape = shape_of(note, value)
    if shape == "grid":
        rows, columns = _grid(note, value)
        levels = note.rows_by or (Text("", ""),) * levels_of(note, value)
        lines = tuple(_row(tuple(key_words(key, note) for key in keys), place, columns, typed) for place, (keys, _) in enumerate(rows))
        return ParameterForm(shape, (*levels, *map(head_words, columns)), lines)
    if shape == "ladder":
        columns = _rung_columns(note, value)
        lines = tuple(_row((), place, columns, typed) for place in range(rungs_of(typed)))
        return ParameterForm(shape, tuple(map(head_words, columns)), lines)
    return ParameterForm(shape, field=_field("value", note.title, note.kind, typed), choices=choices_of(note, value))


def choices_of(note: ParameterNote, value: object) -> dict[str, Text]:
    """Return what a parameter may be chosen from."""
    if note.kind is ParameterKind.FLAG:
        return FLAGS
    if note.choices:
        return {choice.value: choice.title for choice in note.choices}
    return dict(MODE_WORDS) if str(value) in MODE_WORDS else {}


def rungs_of(typed: Typed) -> int:
    """Return how many rungs of a ladder were sent."""
    return small_number(typed.texts.get("rungs", ""), default=0, most=MOST_RUNGS)


def with_rung(typed: Typed) -> Typed:
    """Return what was typed with one more empty rung below the others."""
    return msgspec.structs.replace(typed, texts=typed.texts | {"rungs": str(min(rungs_of(typed) + 1, MOST_RUNGS))})


def without_rung(note: ParameterNote, value: Any, typed: Typed, place: int) -> Typed:  # noqa: ANN401 - plain data
    """Return what was typed without one of the rungs; those below move up."""
    count = rungs_of(typed)
    if not 0 <= place < count:
        return typed
    texts = dict(typed.texts)
    for column in _rung_columns(note, value):
        kept = [texts.get(f"{column.key}-{one}", "") for one in range(count) if one != place]
        texts |= {f"{column.key}-{one}": text for one, text in enumerate(kept)}
    return msgspec.structs.replace(typed, texts=texts | {"rungs": str(count - 1)})


def read_parameter(note: ParameterNote, value: Any, typed: Typed) -> Any:  # noqa: ANN401 - plain data
    """Return the new value of a parameter as plain data; errors stand at their fields when something is wrong."""
    shape = shape_of(note, value)
    if shape == "days":
        return _read_days(typed)
    if shape == "ladder":
        return _as_before(_read_ladder(note, value, typed), value)
    if shape == "grid":
        return _as_before(_read_grid(note, value, typed), value)
    if shape == "choice":
        return _read_choice(note, value, typed)
    return _as_before(read_one(typed, "value", note.kind, note.least, note.most), value)


def _as_before(new: Any, old: Any) -> Any:  # noqa: ANN401 - plain data
    """Return the new value, with every number that did not change written as it was: 2 and "2" are no difference."""
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return {key: _as_before(part, old.get(key)) for key, part in new.items()}
    if isinstance(new, list) and isinstance(old, list):
        return [_as_before(part, old[place] if place < len(old) else None) for place, part in enumerate(new)]
    number = number_of(new)
    return old if number is not None and number == number_of(old) else new


def read_one(typed: Typed, field: str, kind: ParameterKind, least: Decimal | None, most: Decimal | None) -> int | str | None:
    """Return one number as it is stored: whole kinds as int, money with two decimals as text, others as text."""
    if kind is ParameterKind.BASIS_POINTS:
        return _read_points(typed, field, least, most)
    floor = Decimal(0) if least is None and kind in {ParameterKind.MONEY, ParameterKind.PERCENT} else least
    if kind in WHOLE_KINDS:
        return read_whole(typed, field, least=int(floor) if floor is not None else None, most=int(most) if most is not None else None)
    number = read_number(typed, field, least=floor, most=most)
    if number is None:
        return None
    if kind is ParameterKind.MONEY:
        if number != number.quantize(CENT):
            typed.error(field, Text("金额最多到分。", "An amount has at most two decimals."))
            return None
        return f"{number:.2f}"
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"


def written(kind: ParameterKind, value: object) -> str:
    """Return a stored value as it stands in a field: money with commas, basis points as percent."""
    if value is None:
        return ""
    if kind is ParameterKind.MONEY:
        return money(Decimal(str(value)))
    if kind is ParameterKind.BASIS_POINTS:
        return f"{Decimal(str(value)) / 100:f}"
    return str(value)


def _read_points(typed: Typed, field: str, least: Decimal | None, most: Decimal | None) -> int | None:
    """Read a percentage with at most two decimals as basis points."""
    floor, top = (Decimal(0) if least is None else least) / 100, (Decimal(MOST_POINTS) if most is None else most) / 100
    number = read_number(typed, field, least=floor, most=top)
    if number is None:
        return None
    if number != number.quantize(CENT):
        typed.error(field, Text("百分数最多两位小数。", "A percentage has at most two decimals."))
        return None
    return int(number * 100)


def _read_choice(note: ParameterNote, value: object, typed: Typed) -> str | bool:
    word = typed.texts.get("value", "")
    if word not in choices_of(note, value):
        typed.error("value", Text("请从列表中选择。", "Choose one of the list."))
    return word == "true" if note.kind is ParameterKind.FLAG else word


def _read_grid(note: ParameterNote, value: Any, typed: Typed) -> dict[str, Any]:  # noqa: ANN401 - plain data
    rows, columns = _grid(note, value)
    found: dict[str, Any] = {}
    for place, (keys, row) in enumerate(rows):
        cells = {column.key: read_one(typed, f"{column.key}-{place}", column.kind, column.least, column.most) for column in columns}
        home = found
        for key in keys[:-1]:
            home = home.setdefault(key, {})
        home[keys[-1]] = cells if isinstance(row, Mapping) else next(iter(cells.values()))
    return found


def _read_ladder(note: ParameterNote, value: Any, typed: Typed) -> list[dict[str, Any]]:  # noqa: ANN401 - plain data
    columns = _rung_columns(note, value)
    count = rungs_of(typed)
    if not count:
        typed.error("rungs", Text("至少要有一级。", "There must be at least one rung."))
    rungs: list[dict[str, Any]] = []
    for place in range(count):
        rung: dict[str, Any] = {}
        for column in columns:
            name = f"{column.key}-{place}"
            if column.key == "to" and not typed.has(name):
                rung["to"] = None
                continue
            rung[column.key] = read_one(typed, name, column.kind, column.least, column.most)
        rungs.append(rung)
    _check_rungs(typed, rungs)
    return rungs


def _check_rungs(typed: Typed, rungs: list[dict[str, Any]]) -> None:
    """Rungs must follow each other without hole or overlap, and the last one must be open at the top."""
    for place, rung in enumerate(rungs):
        start, end, last = rung.get("from"), rung.get("to"), place == len(rungs) - 1
        if f"to-{place}" in typed.errors or f"from-{place}" in typed.errors or start is None:
            continue
        if last and end is not None:
            typed.error(f"to-{place}", Text("最高一级的“至”须留空。", "The top rung's “to” must be empty."))
        elif not last and end is None:
            typed.error(f"to-{place}", Text("只有最高一级可以留空。", "Only the top rung may be open."))
        elif end is not None and Decimal(str(end)) <= Decimal(str(start)):
            typed.error(f"to-{place}", Text("“至”须大于“自”。", "“To” must be greater than “from”."))
        following = rungs[place + 1].get("from") if not last else None
        if end is not None and following is not None and Decimal(str(end)) != Decimal(str(following)):
            typed.error(
                f"from-{place + 1}", Text(f"须从上一级的 {end} 起，不能有空档或重叠。", f"Must begin at {end}, where the rung before ends.")
            )


def _read_days(typed: Typed) -> list[str]:
    days = [line.strip() for line in typed.texts.get("value", "").replace("、", "\n").replace(",", "\n").split("\n") if line.strip()]
    if not days:
        typed.error("value", EMPTY)
    if len(days) > MOST_DAYS:
        typed.error("value", Text(f"最多 {MOST_DAYS} 天。", f"At most {MOST_DAYS} days."))
    for day in days:
        try:
            date.fromisoformat(day if len(day) == LONGEST_DAY else f"2024-{day}")
        except ValueError:
            typed.error("value", Text(f"“{day}”不是日期，请写成 01-31 或 2026-01-31。", f"“{day}” is no day; write 01-31 or 2026-01-31."))
    return days


def _days(value: Any) -> list[Any]:  # noqa: ANN401 - plain data
    return list(value.values()) if isinstance(value, Mapping) else list(value or ())


def _grid(note: ParameterNote, value: Mapping[str, Any]) -> tuple[list[tuple[tuple[str, ...], Any]], tuple[Column, ...]]:
    rows = list(table_rows(value, levels_of(note, value)))
    sample = rows[0][1] if rows else {}
    return rows, columns_of(note, sample if isinstance(sample, Mapping) else {"value": sample})


def _cell(row: object, column: Column) -> object:
    return row.get(column.key) if isinstance(row, Mapping) else row


def _rung_columns(note: ParameterNote, value: Any) -> tuple[Column, ...]:  # noqa: ANN401 - plain data
    known = {column.key: column for column in note.columns}
    rest = [column for column in note.columns if column.key not in {"from", "to"}]
    if not rest:
        keys = [key for row in value or ({"value": None},) for key in row if key not in {"from", "to"}]
        kind = ParameterKind.FACTOR if note.kind is ParameterKind.LADDER else note.kind
        rest = [
            Column(key, note.title if key == "value" else Text(key, key), note.unit, kind, note.least, note.most)
            for key in dict.fromkeys(keys)
        ]
    return (known.get("from", FROM_COLUMN), known.get("to", TO_COLUMN), *rest)


def _row(heads: tuple[Cell, ...], place: int, columns: tuple[Column, ...], typed: Typed) -> FormRow:
    names = " ".join(str(head) for head in heads) or str(place + 1)
    fields = tuple(
        _field(f"{column.key}-{place}", Text(f"{names} {column.title.zh}", f"{names} {column.title.en}"), column.kind, typed)
        for column in columns
    )
    return FormRow(heads, fields, place)


def _field(name: str, label: Text, kind: ParameterKind, typed: Typed) -> Field:
    return Field(name, label, typed.texts.get(name, ""), typed.errors.get(name), kind.value)
