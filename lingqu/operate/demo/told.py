"""Where the demo keeps who its people are and their password: `demo.json` in the data folder, for its owner only."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

from lingqu.config.home import current_home

# Without letters and digits that look alike.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_PARTS: Final = 3
_PART: Final = 4


def demo_file() -> Path:
    """Return the file of the demo's people and password; where it stands, the installation is a demo."""
    return current_home().path / "demo.json"


def read_told() -> dict[str, Any] | None:
    """Return what the file holds, None when there is no demo here."""
    path = demo_file()
    if not path.exists():
        return None
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told


def write_told(told: dict[str, Any]) -> None:
    """Write the file with mode 0600, whole or not at all."""
    path = demo_file()
    fresh = path.with_name(f"demo.{os.getpid()}.fresh")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def new_password() -> str:
    """Return a password at random, twelve letters and digits that can be typed from paper."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_PART)) for _ in range(_PARTS))
