"""Marks that a finished file does not carry: promises of later work, paths of one machine, names of package registries."""

from __future__ import annotations

import re

import pytest

from tests.house import source

# Written in pieces, so that this file does not find itself.
LATER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
MACHINE = re.compile(r"(?<![\w.])/(?:" + "|".join(("wor" + "k", "roo" + "t", "hom" + r"e/\w+", "User" + r"s/\w+", "tmp/" + r"\w+")) + r")/")
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("crates", "io"),
        ("deb", "debian", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    )
)


def marks(name: str, text: str) -> list[str]:
    """Return the complaints about marks in one text."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := LATER.search(line):
            found.append(f"{name}:{number}: {match[0]}: do it, or write an issue")
        if match := MACHINE.search(line):
            found.append(f"{name}:{number}: {match[0]} is a path of one machine")
        found += [f"{name}:{number}: {host} is an address of a registry" for host in HOSTS if host in line]
    return found


def readable() -> list[tuple[str, str]]:
    """Return name and text of every file of the project that is text."""
    found = []
    for path in source.files():
        try:
            found.append((str(path), source.text(path)))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_carries_such_a_mark() -> None:
    source.refuse([complaint for name, text in readable() if "/vendor/" not in name for complaint in marks(name, text)])


@pytest.mark.parametrize(
    "line",
    [
        "# " + "TO" + "DO: later",
        "x = 1  # " + "FIX" + "ME",
        "open('/" + "work/main/var')",
        "HOME=/" + "home/somebody/lingqu",
        "--ind" + "ex-url https://" + "pypi." + "org/simple",
    ],
)
def test_each_kind_of_mark_is_found(line: str) -> None:
    assert len(marks("made_up.py", line)) == 1


@pytest.mark.parametrize("line", ["the homework/notes", "GET /home/", "a mastodon", "url('/network/')"])
def test_ordinary_words_are_not_found(line: str) -> None:
    assert marks("made_up.py", line) == []
