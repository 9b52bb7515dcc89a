"""Which fields an address reads, and what nobody in their right mind would write into them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote_from_bytes
from zlib import crc32

from django.urls import URLPattern

from tests.house import source

READERS = {"get", "getlist", "pop", "setdefault"}
ROOMS = ("views", "forms", "sheets", "access", "api")
SHARED = ("documents", "base")
"""Modules whose parts read fields for the views of others."""

SOUND = re.compile(r"[A-Za-z_][\w-]{0,39}", re.ASCII)
RENDERED = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')

VALUES: tuple[bytes, ...] = (
    b"", b"\x00", b"a\x00b", b"-1", b"0", b"-0", b"+5", b"9" * 25, b"-" + b"9" * 25, b"1e400", b"1E+999999", b"NaN", b"-Infinity",
    b"0x10", b"1_000", b"1,000", "１２".encode(), "٣".encode(), "²".encode(), "½".encode(), b" 12 ", b"1.005", b"0.1e-999999",
    b"2026-02-30", b"0000-00-00", b"9999-12-31", b"99999-01-01", b"2026-13", b"0001-01", b"2026-W54-9", b"2026-11-23T99:99",
    b"\xff\xfe\xfa", b"\xed\xa0\x80", b"\xc0\x80", b"\"'><zz-a onzz=1>", b"{{7|add:7}}{% debug %}", b"javascript:zz()",
    b"//evil.example/", b"../../../etc/passwd", b"%s%n%d", b"%25", b"null", b"[]", b"{}", b'{"a":' * 30, b"'; DROP TABLE x; --", b"\\",
    b"*", b"\xe2\x80\xae", "𠮷".encode() * 30, b"1\r\nX-Zz: 1", b"x" * 500, b"true", b"publisher", b"id", b"pk", b"-id", b"__class__",
    b"v1", b"v99999999999999999999", b"draft", b"JH-2026-0001", b"1-1", b"1:2", b"1,2,,x",
)  # fmt: skip
LONGEST = b"y" * 10_000
MOST_NAMES = 120


def _read_by(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        found: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS and node.args:
            found = node.args[0]
        elif isinstance(node, ast.Subscript):
            found = node.slice
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            found = node.left
        if isinstance(found, ast.Constant) and isinstance(found.value, str) and SOUND.fullmatch(found.value):
            yield found.value


@cache
def read_in(module: str) -> frozenset[str]:
    """Return the names of fields that the pages of a module read."""
    paths = [
        path for path in source.in_rooms(*ROOMS) if (where := source.place(path)) and where.module == module and "tests" not in path.parts
    ]
    return frozenset(name for path in paths for name in _read_by(source.tree(path)))


def fields_of(pattern: URLPattern, rendered: frozenset[str]) -> list[str]:
    """Return the names of fields for an address: those that its module and the shared parts read, and those on the module's own pages."""
    module = getattr(pattern.callback, "__module__", "").split(".")[1]
    names = read_in(module) | {name for shared in SHARED for name in read_in(shared)} | rendered
    return sorted(names - {"csrfmiddlewaretoken"})


def value_for(route: str, name: str, turn: int) -> bytes:
    """Return what a field is filled with: another value for every address, field and turn, the same each time."""
    return VALUES[(crc32(f"{route} {name}".encode()) + turn * 7) % len(VALUES)]


def written(route: str, names: list[str], turn: int, usual: dict[str, Any] | None = None) -> bytes:
    """Return fields as a browser would send them: all hostile, or (with `usual`) every third of them hostile and the others as they may be.

    Some stand twice, some as an array; a turn has one field of 10,000 letters.
    """
    chosen = sorted(names, key=lambda name: crc32(f"{route} {name} {turn}".encode()))[:MOST_NAMES]
    pairs = []
    for place, name in enumerate(chosen):
        if usual is not None and name in usual and place % 3:
            pairs.append((name, str(usual[name]).encode()))
            continue
        value = value_for(route, name, turn)
        pairs += [(name, value)] * (2 if place % 11 == 0 else 1)
        if place % 17 == 0:
            pairs.append((f"{name}[]", value))
    if usual is not None:
        pairs += [(name, str(value).encode()) for name, value in usual.items() if name not in chosen]
    return b"&".join(quote_from_bytes(name.encode()).encode() + b"=" + quote_from_bytes(value).encode() for name, value in pairs)
