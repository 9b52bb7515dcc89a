"""The archive of the embedded server: pieces of its log (WAL), each packed, checked and counted here."""

from __future__ import annotations

import gzip
import re
import secrets
import shutil
import zlib
from pathlib import Path
from typing import Final

import msgspec

from lingqu.config.home import Home
from lingqu.operate import archiving
from lingqu.operate.account import choose
from lingqu.operate.backup.kept import CHUNK, write_whole
from lingqu.operate.postgres_files import program
from lingqu.operate.said import refusal

PIECE: Final = re.compile(r"[0-9A-F]{24}\.gz")
BY_SEGMENT: Final = 0x1_0000_0000
PREFIX: Final = "wal-"


class Reach(msgspec.Struct, frozen=True):
    """How far an archive goes without a hole: its pieces, the time the last of them was kept, and the first that is missing behind it."""

    pieces: tuple[Path, ...]
    until: float
    missing: str = ""


def begin(home: Home, folder: Path) -> Path:
    """Let the server keep what it writes below `folder`, unless it does already; return the folder of the archive.

    Each installation gets an archive of its own: two that were restored from one backup would else write pieces of the same name.
    """
    standing = archiving.archive_folder(home)
    if standing is not None and standing.parent == folder and standing.is_dir():
        return standing
    made = folder / f"{PREFIX}{secrets.token_hex(8)}"
    made.mkdir(mode=0o700)
    account = choose(home, program("postgres"))
    if account.way == "user":
        # The server runs as another user: it may pass through the folder of backups, and read nothing there but its own.
        folder.chmod(0o711)
    account.take(made)
    try:
        _try_out(made, account.command(["/bin/sh", "-c", 'test -w "$1"', "sh", made]), account.options())
    except BaseException:
        made.rmdir()
        raise
    write_whole(archiving.note(home), f"{made}\n".encode(), mode=0o644)
    return made


def _try_out(folder: Path, command: list[str], options: dict[str, object]) -> None:
    import subprocess

    if subprocess.run(command, check=False, cwd="/", timeout=30, **options).returncode != 0:  # type: ignore[call-overload]
        raise refusal(
            "archive_not_reached",
            "数据库服务器的系统用户无法进入 {folder}：请用 --to 指定其他用户可经过的位置（各上级文件夹须有 o+x）。",
            "The system user of the database server cannot reach {folder}: name a place with --to whose parent folders others may pass "
            "through (o+x).",
            folder=folder,
        )


def segment_of(position: str, timeline: int, segment_bytes: int) -> str:
    """Return the name of the piece that holds a position such as `0/2000028`."""
    high, low = (int(part, 16) for part in position.split("/"))
    return _named(timeline, ((high << 32) + low) // segment_bytes, segment_bytes)


def reach_of(archive: Path, first: str, segment_bytes: int) -> Reach:
    """Return the unbroken row of pieces from `first` on."""
    timeline, number = int(first[:8], 16), _number(first, segment_bytes)
    pieces: list[Path] = []
    while (path := archive / f"{_named(timeline, number + len(pieces), segment_bytes)}.gz").exists():
        pieces.append(path)
    awaited = f"{_named(timeline, number + len(pieces), segment_bytes)}.gz"
    later = [path.name for path in archive.glob("*.gz") if PIECE.fullmatch(path.name) and path.name > awaited]
    until = pieces[-1].stat().st_mtime if pieces else 0.0
    return Reach(tuple(pieces), until, awaited.removesuffix(".gz") if later else "")


def copy_checked(reach: Reach, archive: Path, to: Path) -> int:
    """Copy pieces and the histories of timelines to a folder of the server that is to read them; return how many pieces.

    Every piece is unpacked on the way: the server would take a damaged one for the end of the archive, and stop without a word.
    """
    to.mkdir(mode=0o700)
    for path in (*reach.pieces, *archive.glob("*.history.gz")):
        try:
            with gzip.open(path) as packed:
                while packed.read(CHUNK):
                    pass
        except (OSError, EOFError, zlib.error):
            raise refusal(
                "archive_damaged",
                "归档文件 {path} 已损坏：用 --to 恢复到它之前的时间，或改用更新的备份。",
                "The archived piece {path} is damaged: restore to a time before it with --to, or use a newer backup.",
                path=path,
            ) from None
        shutil.copyfile(path, to / path.name)
    return len(reach.pieces)


def prune(archive: Path, needed_from: str) -> int:
    """Remove the pieces before the one that the oldest backup needs; return how many."""
    gone = [path for path in archive.glob("*.gz") if PIECE.fullmatch(path.name) and path.name[8:24] < needed_from[8:]]
    for path in gone:
        path.unlink()
    return len(gone)


def _number(name: str, segment_bytes: int) -> int:
    per = BY_SEGMENT // segment_bytes
    return int(name[8:16], 16) * per + int(name[16:24], 16)


def _named(timeline: int, number: int, segment_bytes: int) -> str:
    per = BY_SEGMENT // segment_bytes
    return f"{timeline:08X}{number // per:08X}{number % per:08X}"
