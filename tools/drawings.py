"""`python -m tools.drawings`: draw every table of states into the page of its module, between the marks that stand there.

A drawing shows what the table says and nothing else: tests/house/test_drawings.py compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from lingqu.base.states import StateTable
from lingqu.base.text import Text

ROOT = Path(__file__).resolve().parent.parent
MARKED = re.compile(r"<!-- drawing: (?P<name>\w+) -->\n(?P<drawing>.*?)<!-- end of drawing -->", re.DOTALL)


class Table(NamedTuple):
    """A table of states: the module that owns it, the name that it bears in `states.py`, and the table itself."""

    module: str
    name: str
    table: StateTable[Any, Any]


def tables() -> Iterator[Table]:
    """Return the tables of all modules; they are plain data, so neither Django nor a database is needed."""
    files = {path.parent.name for path in ROOT.glob("lingqu/*/states.py")}
    folders = {path.parent.parent.name for path in ROOT.glob("lingqu/*/states/__init__.py")}
    for module in sorted(files | folders):
        for name, value in vars(import_module(f"lingqu.{module}.states")).items():
            if isinstance(value, StateTable):
                yield Table(module, name, value)


def draw(table: StateTable[Any, Any]) -> str:
    """Return the Mermaid drawing of a table: states in their declared order, each verb an arrow, and an end where no verb leads on."""
    states = list(dict.fromkeys(state for (before, _), after in table.moves.items() for state in (before, after)))
    order = [*states[0].__class__]
    states.sort(key=order.index)
    lines = [f'    state "{_words(table.words[state])}" as {state.value}' for state in states]
    lines += [f"    {before.value} --> {after.value}: {_words(table.words[verb])}" for (before, verb), after in table.moves.items()]
    lines += [f"    {state.value} --> [*]" for state in states if not table.verbs(state)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def drawn(text: str, by_name: dict[str, StateTable[Any, Any]]) -> str:
    """Return the text of a page with its drawings made anew; raises KeyError for a mark that names no table of the module."""
    return MARKED.sub(lambda mark: f"<!-- drawing: {mark['name']} -->\n{draw(by_name[mark['name']])}<!-- end of drawing -->", text)


def page_of(module: str) -> Path:
    """Return the page of a module."""
    return ROOT / "docs" / "modules" / f"{module}.md"


def _words(text: Text) -> str:
    return f"{text.en} {text.zh}"


def main() -> None:
    """Bring all pages up to date and name those that changed."""
    found = list(tables())
    for module in sorted({table.module for table in found}):
        page = page_of(module)
        before = page.read_text("utf-8")
        after = drawn(before, {table.name: table.table for table in found if table.module == module})
        if after != before:
            page.write_text(after, "utf-8")
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
