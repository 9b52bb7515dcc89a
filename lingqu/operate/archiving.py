"""How the embedded server hands over what it writes: each piece of its log (WAL) is kept outside as soon as it is full, or 45 s old.

The server is always started with the same command. Whether and where it keeps anything stands in a file of the data folder, so that the
first `lingqu backup` turns the archive on without a restart. The command is made of programs of every system, because the server may run
as a user who cannot reach our Python.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

from lingqu.config.home import Home

NOTE: Final = "archive-to"
TIMEOUT_SECONDS: Final = 45
"""Sooner than the 60 s that may be lost at most (P30): the rest is for packing and copying."""

# A piece that stands there already is well when it is the same (we died between keeping it and saying so), and never overwritten else.
KEEP: Final = (
    'test -f {note} || exit 0; to=$(cat {note}) && test -d "$to" || exit 1; '
    'if test -e "$to/%f.gz"; then gzip -dc "$to/%f.gz" | cmp -s - "%p"; exit $?; fi; '
    'gzip -1 -c "%p" > "$to/%f.new" && sync "$to/%f.new" && mv "$to/%f.new" "$to/%f.gz" && sync "$to"'
)


def note(home: Home) -> Path:
    """Return the file that names the folder of the archive; without it nothing is kept."""
    return home.path / NOTE


def archive_folder(home: Home) -> Path | None:
    """Return where the pieces are kept, or None before the first backup."""
    try:
        told = note(home).read_text("utf-8").strip()
    except OSError:
        return None
    return Path(told) if told else None


def settings(home: Home) -> dict[str, str]:
    """Return the settings of the server that keeps what it writes."""
    quoted = shlex.quote(str(note(home))).replace("%", "%%")
    return {"archive_mode": "on", "archive_timeout": str(TIMEOUT_SECONDS), "archive_command": KEEP.replace("{note}", quoted)}
