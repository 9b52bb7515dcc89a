"""What the doctor looks at, as it was found; judging it is `judging.py`'s."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from lingqu.base.text import Text, alike

GIB = 1024**3
NOTHING = alike("")


class Disk(msgspec.Struct, frozen=True):
    """Free and whole size in bytes of the disk on which something lies."""

    what: str
    free: int
    total: int


class Settings(msgspec.Struct, frozen=True):
    """What the installation was told. `open_files` are private things that other system users may read."""

    open_files: tuple[str, ...] = ()
    weak_secrets: tuple[str, ...] = ()
    debug: bool = False
    hosts: tuple[str, ...] = ("localhost",)
    origins: tuple[str, ...] = ()
    proxies: int = 0
    secure_cookies: bool = False
    second_factor: str = "hq"
    """Who is asked for a code after the password: `hq`, `all` or `off`."""
    demo: bool = False


class Files(msgspec.Struct, frozen=True):
    """What stands in the data folder and in that of the backups. `drill_ok` is None before the first drill."""

    disks: tuple[Disk, ...] = ()
    embedded: bool = True
    backups: int = 1
    first_backup_at: datetime | None = None
    last_backup_at: datetime | None = None
    last_backup_kind: str = "server"
    archiving: bool = True
    archive_there: bool = True
    drill_at: datetime | None = None
    drill_ok: bool | None = None
    drill_seconds: float = 0.0
    restored_at: datetime | None = None
    clock_moved: float = 0.0
    """Seconds by which the clock was set since the last look: what it shows beyond the time that has passed."""


class Queue(msgspec.Struct, frozen=True):
    """Background jobs: seconds that the oldest due one waits, how many failed in a day, how many are held by a worker that is gone."""

    waiting: int = 0
    oldest_seconds: float = 0.0
    failed: int = 0
    stalled: int = 0
    heartbeat_seconds: float | None = 5.0
    """Since a worker last said that it lives; None: there is none."""


class Server(msgspec.Struct, frozen=True):
    """The database, as the application's role sees it."""

    version: int = 180000
    version_words: str = "18"
    settings: dict[str, str] = {}
    role_powers: tuple[str, ...] = ()
    owned: tuple[str, ...] = ()
    ledger_rights: tuple[str, ...] = ()
    wrong_grants: tuple[str, ...] = ()
    migrations_missing: int = 0
    skew_seconds: float = 0.0
    last_fact_ahead: float = 0.0
    """Seconds by which the newest fact lies in the future; negative when it lies in the past, as it should."""
    connections: int = 5
    max_connections: int = 100
    oldest_transaction: int = 0
    archive_failed: int = 0
    archive_waiting_seconds: float = 0.0
    queue: Queue = Queue()
    years_known: tuple[int, ...] = ()
    signs_in: int = 0
    without_second_factor: int = 0


class Facts(msgspec.Struct, frozen=True):
    """All of it, at one moment. `server` is None, with the reason, where the database cannot be reached."""

    at: datetime
    on: date
    settings: Settings = Settings()
    files: Files = Files()
    server: Server | None = None
    unreachable: Text = NOTHING
