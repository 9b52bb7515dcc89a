"""A file past 400 lines becomes a folder, a function past 50 lines becomes two. There is no list of exceptions."""

from __future__ import annotations

import ast

from tests.house import source

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50


def long_file(name: str, text: str) -> list[str]:
    """Return the complaint about a file that is too long."""
    lines = text.count("\n")
    return [f"{name}: {lines} lines, at most {MOST_LINES_OF_A_FILE}"] if lines > MOST_LINES_OF_A_FILE else []


def long_functions(name: str, tree: ast.Module) -> list[str]:
    """Return the complaints about functions that are too long, from `def` to the last line, docstring included."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                found.append(f"{name}:{node.lineno}: {node.name} has {lines} lines, at most {MOST_LINES_OF_A_FUNCTION}")
    return found


def test_no_file_is_too_long() -> None:
    paths = [path for path in source.own(".py", ".html", ".css") if "migrations" not in path.parts]
    source.refuse([complaint for path in paths for complaint in long_file(str(path), source.text(path))])


def test_no_function_is_too_long() -> None:
    paths = [path for path in source.own(".py") if "migrations" not in path.parts]
    source.refuse([complaint for path in paths for complaint in long_functions(str(path), source.tree(path))])


def test_a_file_of_401_lines_is_found() -> None:
    assert long_file("orders/views.py", "x\n" * 400) == []
    assert long_file("orders/views.py", "x\n" * 401) == ["orders/views.py: 401 lines, at most 400"]


def test_a_function_of_51_lines_is_found() -> None:
    body = "    x = 1\n"
    assert long_functions("rules.py", ast.parse("def fits():\n" + body * 49)) == []
    assert long_functions("rules.py", ast.parse("class A:\n  def long(self):\n" + body * 50)) == [
        "rules.py:2: long has 51 lines, at most 50"
    ]
