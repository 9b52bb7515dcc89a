"""The pages of the modules tell the truth: drawings are those of the tables of states, and every table and verb has its row."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath

import pytest

from lingqu.base.states import StateTable
from lingqu.base.text import Text
from tests.house import source
from tests.house.test_floors import house_models
from tests.house.test_rooms import shown
from tools import drawings

PAGES = PurePosixPath("docs/modules")
COMMAND = "python -m tools.drawings"


def modules() -> set[str]:
    """Return the folders of the package that hold code."""
    return {path.parts[1] for path in source.own(".py", under="lingqu/") if len(path.parts) > 2}


def page(module: str) -> str:
    """Return the page of a module, empty when there is none."""
    path = PAGES / f"{module}.md"
    return source.text(path) if path in source.files() else ""


def stale_drawings(name: str, text: str, tables: dict[str, StateTable[StrEnum, StrEnum]]) -> list[str]:
    """Return the complaints about drawings that are missing, foreign, or other than their tables."""
    marks = [mark["name"] for mark in drawings.MARKED.finditer(text)]
    found = [f"{name}: the table {table} has no drawing" for table in tables if table not in marks]
    foreign = [f"{name}: there is no table {mark}" for mark in marks if mark not in tables]
    if not foreign and drawings.drawn(text, tables) != text:
        found.append(f"{name}: a drawing is not as its table; run {COMMAND}")
    return found + foreign


def rows_under(text: str, title: str) -> set[str]:
    """Return the names in the first column of the table below a title."""
    part = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"^\| `(\w+)` \|", part[1], re.MULTILINE)) if part else set()


def wrong_rows(name: str, title: str, written: set[str], real: set[str]) -> list[str]:
    """Return the complaints about names that a page leaves out, and about those that do not exist."""
    missing = [f"{name}: {one} is missing under {title}" for one in sorted(real - written)]
    return missing + [f"{name}: there is no {one}, written under {title}" for one in sorted(written - real)]


def wrong_pages(title: str, real: dict[str, set[str]]) -> list[str]:
    """Return the complaints about the rows below a title, on the pages of all modules."""
    pages = [(module, rows_under(page(module), title)) for module in sorted(modules())]
    return [line for module, written in pages for line in wrong_rows(module, title, written, real.get(module, set()))]


def verbs() -> dict[str, set[str]]:
    """Return the public functions of every module's actions."""
    found: dict[str, set[str]] = {}
    for path in source.in_rooms("actions"):
        names = shown(path)
        functions = {one.name for one in source.public_functions(source.tree(path))}
        found.setdefault(path.parts[1], set()).update(functions if names is None else functions & names)
    return found


def models() -> dict[str, set[str]]:
    """Return the names of every module's models."""
    found: dict[str, set[str]] = {}
    for model in house_models():
        found.setdefault(model.__module__.split(".")[1], set()).add(model.__name__)
    return found


def test_every_module_has_its_page() -> None:
    source.refuse([f"there is no {PAGES}/{module}.md" for module in sorted(modules()) if not page(module)])


def test_every_drawing_is_as_its_table() -> None:
    by_module: dict[str, dict[str, StateTable[StrEnum, StrEnum]]] = {module: {} for module in modules()}
    for module, name, table in drawings.tables():
        by_module[module][name] = table
    source.refuse([complaint for module in sorted(by_module) for complaint in stale_drawings(module, page(module), by_module[module])])


def test_every_table_of_the_database_stands_on_its_page() -> None:
    source.refuse(wrong_pages("Tables", models()))


def test_every_verb_stands_on_its_page() -> None:
    source.refuse(wrong_pages("Verbs", verbs()))


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Hand(StrEnum):
    PUSH = "push"


WORDS: dict[StrEnum, Text] = {Door.OPEN: Text("开", "Open"), Door.SHUT: Text("关", "Shut"), Hand.PUSH: Text("推", "Push")}
TABLE: StateTable[StrEnum, StrEnum] = StateTable({(Door.OPEN, Hand.PUSH): Door.SHUT}, WORDS)
DRAWING = """```mermaid
stateDiagram-v2
    state "Open 开" as open
    state "Shut 关" as shut
    open --> shut: Push 推
    shut --> [*]
```
"""


def marked(drawing: str, name: str = "DOORS") -> str:
    return f"# A page\n\n<!-- drawing: {name} -->\n{drawing}<!-- end of drawing -->\n"


def test_a_table_is_drawn_with_its_words_and_its_ends() -> None:
    assert drawings.draw(TABLE) == DRAWING
    assert drawings.drawn(marked("something old\n"), {"DOORS": TABLE}) == marked(DRAWING)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (marked(DRAWING), []),
        (marked(DRAWING.replace("Push", "Pull")), ["door: a drawing is not as its table; run python -m tools.drawings"]),
        (marked(DRAWING.replace("    shut --> [*]\n", "")), ["door: a drawing is not as its table; run python -m tools.drawings"]),
        ("# A page\n", ["door: the table DOORS has no drawing"]),
        (marked(DRAWING) + marked(DRAWING, "GATES"), ["door: there is no table GATES"]),
    ],
)
def test_a_drawing_other_than_its_table_is_found(text: str, found: list[str]) -> None:
    assert stale_drawings("door", text, {"DOORS": TABLE}) == found


def test_a_row_too_few_and_a_row_too_many_are_found() -> None:
    text = "# A page\n\n## Tables\n| table | holds |\n|---|---|\n| `Order` | a |\n| `Ordre` | b |\n\n## Verbs\n| `ship` | c |\n"
    assert rows_under(text, "Tables") == {"Order", "Ordre"}
    assert rows_under(text, "Verbs") == {"ship"}
    assert wrong_rows("orders", "Tables", {"Order", "Ordre"}, {"Order", "Delivery"}) == [
        "orders: Delivery is missing under Tables",
        "orders: there is no Ordre, written under Tables",
    ]
