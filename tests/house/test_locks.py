"""The lock: every package pinned with its hashes, no address of an index, the same versions for the product and for its checks."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from tests.house import source

PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)([^\n]*)\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)*)", re.MULTILINE)
NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)", re.MULTILINE)
ADDRESS = re.compile(r"://|@ file:|(?:^|\s)--(?!hash=sha256:)")
"""What a lock may not carry: an address of any kind, and any option but a hash, whatever it is called."""


def normal(name: str) -> str:
    """Return a package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    """Return package → version of a lock."""
    return {normal(match[1]): match[2] for match in PIN.finditer(lock)}


def complaints(wanted: str, lock: str) -> list[str]:
    """Return what is wrong with a lock for a list of wanted packages."""
    found = [f"address: {line}" for line in lock.splitlines() if ADDRESS.search(line)]
    found += [f"no hash: {match[1]}" for match in PIN.finditer(lock) if not match[4]]
    found += [f"not pinned: {name}" for name in NAME.findall(wanted) if normal(name) not in pins(lock)]
    unpinned = [line for line in lock.splitlines() if line and line[0] not in " #" and "==" not in line]
    return found + [f"not a pin: {line}" for line in unpinned]


def requirements(name: str) -> str:
    return source.text(PurePosixPath("requirements") / name)


def test_the_locks_are_whole() -> None:
    source.refuse(complaints(requirements("base.in"), requirements("base.txt")))
    source.refuse(complaints(requirements("dev.in"), requirements("dev.txt")))


def test_the_checks_run_on_the_versions_of_the_product() -> None:
    base, dev = pins(requirements("base.txt")), pins(requirements("dev.txt"))
    assert {name: dev.get(name) for name in base} == base


def test_a_hole_in_a_lock_is_found() -> None:
    whole = "django==5.2.19 \\\n    --hash=sha256:" + "a" * 64 + "\n    # via -r requirements/base.in\n"
    assert complaints("Django~=5.2.0\n", whole) == []
    assert complaints("Django\npsycopg[binary]\n", whole) == ["not pinned: psycopg"]
    assert complaints("Django\n", "django==5.2.19\n") == ["no hash: django"]
    for named in ("--where https://example.test/simple", "--from-folder /somewhere", "-c https://example.test/more.txt"):
        assert complaints("Django\n", f"{named}\n{whole}") == [f"address: {named}", f"not a pin: {named}"]
