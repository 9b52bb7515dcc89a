"""Backups on disk: where they stand, what each says of itself, and whether it is whole.

A folder of backups holds one folder per backup, named by its moment (`20261123T043000Z`), and the archive of the embedded server
(`wal-...`). A backup is made under another name and renamed when all of it is on the disk, so whatever has the name of a backup is one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from lingqu.base.clock import now
from lingqu.config.home import Home
from lingqu.operate import locks
from lingqu.operate.said import refusal

PLACE: Final = "backups.json"
VARIABLE: Final = "LINGQU_BACKUPS"
TOLD: Final = "backup.json"
DRILLED: Final = "drill.json"
RESTORED: Final = "restored.json"
"""In the data folder: how the last drill went, and from which backup the installation was made."""

MAKING: Final = ".making-"
LOCK: Final = ".lock"
NAME: Final = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
FORMAT: Final = 1
SERVER, DUMP = "server", "dump"
CHUNK: Final = 1024 * 1024
SPARE_BYTES: Final = 256 * 1024 * 1024
"""What must stay free beside a backup or a restored installation."""


class File(msgspec.Struct, frozen=True):
    """One file of a backup: its path below the backup's folder, bytes, and SHA-256."""

    path: str
    size: int
    sha256: str


class Told(msgspec.Struct, frozen=True):
    """What a backup says of itself (`backup.json`).

    `kind` is `server` (the embedded server's files; with `archive` any second since is to be had) or `dump` (one moment of a named
    server). `rows` counts tables that only ever grow, before the backup began: a restored one has at least as many.
    """

    format: int
    kind: str
    begun_at: datetime
    made_at: datetime
    product: str
    server: str
    migrations: int
    database_bytes: int
    rows: dict[str, int]
    files: tuple[File, ...]
    home: str
    archive: str = ""
    needed_from: str = ""
    end_segment: str = ""
    segment_bytes: int = 16 * CHUNK


class Kept(msgspec.Struct, frozen=True):
    """A backup that stands on the disk."""

    path: Path
    told: Told

    @property
    def name(self) -> str:
        """Return the name of its folder, which is its moment."""
        return self.path.name

    @property
    def size(self) -> int:
        """Return its size in bytes, the archive not counted."""
        return sum(file.size for file in self.told.files)


def backups_folder(home: Home) -> Path:
    """Return where the backups of a data folder stand: as last told, by `LINGQU_BACKUPS`, or beside the data folder."""
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE]).resolve()
    try:
        return Path(json.loads((home.path / PLACE).read_text("utf-8"))["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return home.path.with_name(f"{home.path.name}-backups")


def remember(home: Home, folder: Path) -> None:
    """Write down where the backups stand and when the last was finished (`last`), for the next command, the drill, doctor and metrics."""
    known = kept_in(folder)
    told = {"folder": str(folder)} | ({"last": known[-1].told.made_at.isoformat(), "name": known[-1].name} if known else {})
    write_whole(home.path / PLACE, json.dumps(told).encode())


def prepare_folder(home: Home, folder: Path) -> None:
    """Make the folder of backups, for its owner alone; refuses one inside the data folder, which would be lost with it."""
    if folder == home.path or home.path in folder.parents:
        raise refusal(
            "backup_inside_home",
            "{folder} 在数据文件夹 {home} 之内，会与它一起丢失：请用 --to 指定别处，最好是另一块磁盘。",
            "{folder} is inside the data folder {home} and would be lost with it: name another place with --to, best on another disk.",
            folder=folder,
            home=home.path,
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(
            "backups_not_made",
            "无法建立备份文件夹 {folder}（{reason}），请用 --to 指定可写的位置。",
            "The folder of backups {folder} cannot be made ({reason}); name a place where you may write with --to.",
            folder=folder,
            reason=error.strerror,
        ) from None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder of backups; refuses at once while another backup, restore or drill works in it."""
    handle = locks.claim(folder / LOCK, seconds=0)
    if handle is None:
        raise refusal(
            "backup_busy",
            "{folder} 里正在进行另一次备份、恢复或演练，请等它结束。",
            "Another backup, restore or drill is at work in {folder}; let it end.",
            folder=folder,
        )
    try:
        yield
    finally:
        os.close(handle)


def kept_in(folder: Path) -> list[Kept]:
    """Return the backups in a folder, oldest first; what is no whole backup is not among them."""
    if not folder.is_dir():
        return []
    named = [path for path in folder.iterdir() if NAME.fullmatch(path.name)]
    found = [Kept(path, told) for path in named if (told := _read(path)) is not None]
    return sorted(found, key=lambda one: one.told.made_at)


def find(folder: Path, named: str) -> Kept:
    """Return the backup that is meant: a path, a name in `folder`, or `latest`. Refuses what is none, naming those there are."""
    known = kept_in(folder)
    if named == "latest" and known:
        return known[-1]
    path = Path(named) if Path(named).is_dir() else folder / named
    told = _read(path) if path.is_dir() else None
    if told is None:
        raise refusal(
            "no_backup",
            "{named} 不是备份。{folder} 里的备份：{known}。",
            "{named} is no backup. Backups in {folder}: {known}.",
            named=named,
            folder=folder,
            known=", ".join(one.name for one in known[-10:]) or "—",
        )
    if told.format > FORMAT:
        raise refusal(
            "newer_backup",
            "{named} 由更新版本的灵渠（{product}）所作，请先升级。",
            "{named} was made by a newer version of Lingqu ({product}); update first.",
            named=named,
            product=told.product,
        )
    return Kept(path.resolve(), told)


def check_whole(kept: Kept) -> None:
    """Refuse a backup of which a file is missing, longer, shorter, or not the one that was written."""
    for file in kept.told.files:
        path = kept.path / file.path
        if not path.is_file() or path.stat().st_size != file.size or sha256_of(path) != file.sha256:
            raise refusal(
                "backup_damaged",
                "备份 {name} 已损坏：文件 {file} 缺失或与校验值不符。请改用另一个备份。",
                "The backup {name} is damaged: the file {file} is missing or does not fit its hash. Use another backup.",
                name=kept.name,
                file=path,
            )


def need_space(folder: Path, needed: int) -> None:
    """Refuse to begin where the disk has not `needed` bytes and 256 MB beside."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise refusal(
            "no_space",
            "{folder} 所在磁盘只剩 {free} MB，需要 {needed} MB：请清理，或指定另一块磁盘。",
            "The disk of {folder} has {free} MB left, and {needed} MB are needed: make room, or name another disk.",
            folder=folder,
            free=free // CHUNK,
            needed=(needed + SPARE_BYTES) // CHUNK,
        )


def clear_unfinished(folder: Path) -> None:
    """Remove what a killed backup left. The caller holds the folder, so nobody is at work on it."""
    for path in folder.glob(f"{MAKING}*"):
        shutil.rmtree(path)


def finish(making: Path, told: Told) -> Kept:
    """Write what the backup says of itself, force all of it to the disk, and give it its name."""
    (making / TOLD).write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=2))
    (making / TOLD).chmod(0o600)
    for folder, _, files in os.walk(making, topdown=False):
        for name in files:
            sync(Path(folder) / name)
        sync(Path(folder))
    stamp = f"{told.made_at:%Y%m%dT%H%M%SZ}"
    names = (stamp, *(f"{stamp}-{number}" for number in range(2, 100)))
    path = next(place for name in names if not (place := making.parent / name).exists())
    making.rename(path)
    sync(making.parent)
    return Kept(path, told)


def files_below(folder: Path) -> tuple[File, ...]:
    """Return every file below a folder with size and hash."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(File(str(path.relative_to(folder)), path.stat().st_size, sha256_of(path)) for path in paths)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file whole or not at all, also when the power fails."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(mode)
    fresh.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Force a file or the names in a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def making_name() -> str:
    """Return the name under which a backup is made."""
    return f"{MAKING}{now():%Y%m%dT%H%M%SZ}-{os.getpid()}"


def _read(path: Path) -> Told | None:
    try:
        return msgspec.json.decode((path / TOLD).read_bytes(), type=Told)
    except (OSError, msgspec.MsgspecError):
        return None
