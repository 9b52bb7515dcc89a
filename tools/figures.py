"""`python -m tools.figures`: how big the house is: lines by module, files, functions, cycles of imports, and how much of it is typed."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import grimp

PACKAGE = Path(__file__).resolve().parent.parent / "lingqu"
LEFT_OUT = {"migrations", "tests", "__pycache__"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(folder: Path) -> Iterator[Path]:
    """Return the Python files below a folder, without migrations and tests."""
    for path in sorted(folder.rglob("*.py")):
        if not LEFT_OUT.intersection(path.relative_to(PACKAGE).parts):
            yield path


def lines_of(path: Path) -> int:
    """Return how many lines of a file are not empty."""
    return sum(1 for line in path.read_text("utf-8").splitlines() if line.strip())


def functions_of(path: Path) -> list[Function]:
    """Return all functions of a file."""
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, Function)]


def is_typed(function: Function) -> bool:
    """Return whether every argument, but self and cls, and the result of a function have a type."""
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    named = [one for one in given if one.arg not in ("self", "cls")]
    return function.returns is not None and all(one.annotation is not None for one in named)


def cycles() -> int:
    """Return how many modules of the house import each other in a ring, tests apart."""
    graph = grimp.build_graph("lingqu")
    imports: dict[str, set[str]] = {}
    for importer in (one for one in graph.modules if ".tests" not in one and one.count(".")):
        module = importer.split(".")[1]
        named = {one.split(".")[1] for one in graph.find_modules_directly_imported_by(importer) if one.count(".")}
        imports[module] = imports.get(module, set()) | (named - {module})
    while free := [one for one, others in imports.items() if not others & imports.keys()]:
        for one in free:
            del imports[one]
    return len(imports)


def figures() -> dict[str, object]:
    """Return the figures of the house."""
    files = {path: lines_of(path) for path in sources(PACKAGE)}
    functions = [one for path in files for one in functions_of(path)]
    longest = max(files, key=lambda path: files[path])
    modules: dict[str, int] = {}
    for path, many in files.items():
        name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        modules[name] = modules.get(name, 0) + many
    tests = [
        path for path in PACKAGE.parent.rglob("*.py") if "tests" in path.relative_to(PACKAGE.parent).parts and ".venv" not in path.parts
    ]
    return {
        "lines": sum(files.values()),
        "lines_by_module": dict(sorted(modules.items(), key=lambda one: -one[1])),
        "lines_of_tests": sum(map(lines_of, tests)),
        "files": len(files),
        "median_file": median(files.values()),
        "longest_file": [str(longest.relative_to(PACKAGE.parent)), files[longest]],
        "functions": len(functions),
        "median_function": median((one.end_lineno or one.lineno) - one.lineno + 1 for one in functions),
        "typed_percent": round(100 * sum(map(is_typed, functions)) / len(functions), 1),
        "modules_in_import_cycles": cycles(),
    }


if __name__ == "__main__":
    json.dump(figures(), sys.stdout, indent=2)
    sys.stdout.write("\n")
