"""What the locks hold: each package with its version, the hashes of its files, and where it is needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
LOCKS: Final = ("base", "dev")
_PINNED: Final = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[\w.!+-]+)(?:\s*;\s*(?P<where>.+))?")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Locked(NamedTuple):
    """A package of a lock. `where` is the condition under which it is installed, "" for everywhere."""

    name: str
    version: str
    hashes: tuple[str, ...]
    where: str = ""


def lock_file(lock: str) -> Path:
    """Return the file of a lock."""
    return ROOT / "requirements" / f"{lock}.txt"


def read_lock(text: str) -> list[Locked]:
    """Return the packages of a lock in its order; raises ValueError for a line that pins nothing or has no hash."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        plain = line.partition(" #")[0].strip()
        if not plain or plain.startswith("#"):
            continue
        pinned = _PINNED.fullmatch(_HASH.sub("", plain).strip())
        hashes = tuple(_HASH.findall(plain))
        if pinned is None or not hashes:
            message = f"neither a version nor hashes: {plain[:80]}"
            raise ValueError(message)
        found.append(Locked(pinned["name"], pinned["version"], hashes, (pinned["where"] or "").strip()))
    return found
