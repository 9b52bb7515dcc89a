"""What the house tests read: the files of the project, parsed once, and where in the house each stands."""

from __future__ import annotations

import ast
import fnmatch
import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
TOPS = ("base", "config", "operate", "bench")
"""Parts of the package that are no Django modules of the trade and have no rooms."""


class Place(NamedTuple):
    """Where a file stands: `lingqu/orders/actions/accept.py` is in room `actions` of module `orders`."""

    module: str
    room: str


@cache
def files() -> tuple[PurePosixPath, ...]:
    """Return the project's own files, relative to its root: what .gitignore names is left out."""
    ignored = [line.strip().rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()]
    ignored = [".git", *(line for line in ignored if line and not line.startswith("#"))]

    def walk() -> Iterator[PurePosixPath]:
        for folder, folders, names in os.walk(ROOT):
            folders[:] = sorted(name for name in folders if not any(fnmatch.fnmatch(name, pattern) for pattern in ignored))
            for name in sorted(names):
                if not any(fnmatch.fnmatch(name, pattern) for pattern in ignored):
                    yield PurePosixPath((Path(folder) / name).relative_to(ROOT).as_posix())

    return tuple(walk())


def own(*suffixes: str, under: str = "") -> list[PurePosixPath]:
    """Return our files with one of the suffixes; released files of others (in a folder `vendor`) are left out."""
    return [path for path in files() if path.suffix in suffixes and "vendor" not in path.parts and path.as_posix().startswith(under)]


@cache
def text(path: PurePosixPath) -> str:
    """Return the text of a file."""
    return (ROOT / path).read_text("utf-8")


@cache
def tree(path: PurePosixPath) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(text(path), filename=str(path))


def place(path: PurePosixPath) -> Place | None:
    """Return the module and room of a Python file of the package, or None for files outside it."""
    parts = path.with_suffix("").parts
    if len(parts) < 3 or parts[0] != "lingqu" or path.suffix != ".py":
        return None
    return Place(parts[1], parts[2])


def in_rooms(*rooms: str) -> list[PurePosixPath]:
    """Return the Python files of these rooms of the trade's modules."""
    found = []
    for path in own(".py", under="lingqu/"):
        where = place(path)
        if where and where.module not in TOPS and where.room in rooms:
            found.append(path)
    return found


def public_functions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the functions at the top of a file whose names have no leading underscore."""
    return [node for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")]


@cache
def contracts() -> dict[str, dict[str, Any]]:
    """Return the import contracts of pyproject.toml by their id."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["id"]: contract for contract in configuration["tool"]["importlinter"]["contracts"]}


@cache
def floors() -> dict[str, int]:
    """Return the floor of each module, standing or planned, the lowest being 0: read from the import contract, so there is one list."""
    layers = reversed(contracts()["floors"]["layers"])
    return {name.strip(" ()"): height for height, layer in enumerate(layers) for name in layer.replace(":", "|").split("|")}


def refuse(complaints: list[Any]) -> None:
    """Fail with one line per complaint."""
    assert not complaints, "\n" + "\n".join(str(complaint) for complaint in complaints)
