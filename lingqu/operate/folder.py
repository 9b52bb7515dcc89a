"""The data folder on disk: made, checked and emptied here, never opened up for others."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from pathlib import Path
from typing import Final

from lingqu.config.home import Home
from lingqu.operate.said import refusal

MARKER: Final = "lingqu-home"
MARKER_WORDS: Final = (
    "This folder belongs to Lingqu: `lingqu demo --reset` empties it.\n本文件夹属于灵渠：`lingqu demo --reset` 会清空它。\n"
)
# What may stand in a folder that has no marker yet: the settings or a test made it before the first `lingqu setup`.
EXPECTED: Final = frozenset({MARKER, "secrets.json", "logs", "run", ".gitignore", ".gitkeep", "lost+found"})
LOG_LIMIT: Final = 20 * 1024 * 1024
OTHERS_MAY_WRITE: Final = 0o022
OTHERS_MAY_ANYTHING: Final = 0o077


def marker(home: Home) -> Path:
    """Return the file that says that the folder is a Lingqu data folder."""
    return home.path / MARKER


def run_folder(home: Home) -> Path:
    """Return the folder of locks and of the state of running processes."""
    return home.path / "run"


def figures_folder(home: Home) -> Path:
    """Return the folder of the figures that the running processes count together (`/metrics`)."""
    return run_folder(home) / "figures"


def empty_figures(home: Home) -> None:
    """Begin the figures anew, as all processes begin anew."""
    shutil.rmtree(figures_folder(home), ignore_errors=True)
    figures_folder(home).mkdir(mode=0o700)


def prepare(home: Home) -> None:
    """Make the data folder (0700) with its marker, `logs` and `run`, or check the one that stands.

    Refuses a folder that holds something else, that another system user owns, or that others may write to: it keeps passwords.
    """
    if home.path.exists() and not home.path.is_dir():
        raise refusal(
            "home_not_folder", "{path} 不是文件夹，请另设 LINGQU_HOME。", "{path} is not a folder; set LINGQU_HOME to one.", path=home.path
        )
    try:
        home.path.parent.mkdir(parents=True, exist_ok=True)
        home.path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise refusal(
            "home_not_made",
            "无法建立数据文件夹 {path}（{reason}），请把 LINGQU_HOME 设为可写的位置。",
            "The data folder {path} cannot be made ({reason}); set LINGQU_HOME to a place where you may write.",
            path=home.path,
            reason=error.strerror,
        ) from None
    check_owner(home.path)
    if not marker(home).exists():
        _refuse_foreign_content(home)
        marker(home).write_text(MARKER_WORDS, "utf-8")
    for folder in (home.logs, run_folder(home), figures_folder(home)):
        folder.mkdir(mode=0o700, exist_ok=True)


def _refuse_foreign_content(home: Home) -> None:
    foreign = sorted(entry.name for entry in home.path.iterdir() if entry.name not in EXPECTED)
    if foreign:
        raise refusal(
            "home_holds_other_things",
            "文件夹 {path} 里有不属于灵渠的内容（如 {name}），请把 LINGQU_HOME 设为空文件夹。",
            "The folder {path} holds things that are not Lingqu's ({name}); set LINGQU_HOME to an empty folder.",
            path=home.path,
            name=foreign[0],
        )


def check_owner(path: Path) -> None:
    """Refuse a folder that belongs to another system user or that others may write to."""
    found = path.stat()
    if found.st_uid != os.geteuid():
        raise refusal(
            "home_of_another_user",
            "文件夹 {path} 属于系统用户 {owner}，当前用户是 {me}：请以 {owner} 身份运行，或另设 LINGQU_HOME。",
            "The folder {path} belongs to the system user {owner}, and you are {me}: "
            "run as {owner}, or set LINGQU_HOME to a folder of your own.",
            path=path,
            owner=user_name(found.st_uid),
            me=user_name(os.geteuid()),
        )
    if found.st_mode & OTHERS_MAY_WRITE:
        raise refusal(
            "home_open",
            "其他系统用户可写文件夹 {path}（权限 {mode}），请运行：chmod go-w {path}",
            "Other system users may write to the folder {path} (mode {mode}); run: chmod go-w {path}",
            path=path,
            mode=f"{stat.S_IMODE(found.st_mode):04o}",
        )


def check_private(path: Path) -> None:
    """Refuse a folder of database files that other system users may read or write."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OTHERS_MAY_ANYTHING:
        raise refusal(
            "database_folder_open",
            "其他系统用户可进入数据库文件夹 {path}（权限 {mode}），请运行：chmod 0700 {path}",
            "Other system users may enter the database folder {path} (mode {mode}); run: chmod 0700 {path}",
            path=path,
            mode=f"{mode:04o}",
        )


def user_name(uid: int) -> str:
    """Return the name of a system user, or its number when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def require_marker(home: Home) -> None:
    """Refuse a folder without our marker: what is not ours is never emptied."""
    if home.path.exists() and not marker(home).exists():
        raise refusal(
            "not_a_home",
            "{path} 没有灵渠的标记文件 {marker}，因此不会清空它；请检查 LINGQU_HOME。",
            "{path} has no marker file {marker}, so it is not Lingqu's to empty; check LINGQU_HOME.",
            path=home.path,
            marker=MARKER,
        )


def wipe(home: Home, *, keep: frozenset[str] = frozenset()) -> None:
    """Remove everything in the data folder but the marker, the locks in `run` and the names in `keep`. Every process of it must have ended.

    The marker stays, so that a wipe that was cut short can be repeated; locks stay, because the caller holds one.
    """
    require_marker(home)
    if not home.path.exists():
        return
    for entry in home.path.iterdir():
        if entry.name in keep | {MARKER}:
            continue
        if entry == run_folder(home):
            for file in entry.iterdir():
                if file.suffix != ".lock":
                    _remove(file)
        else:
            _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()


def open_log(home: Home, name: str) -> int:
    """Open `logs/<name>.log` for appending (0600) and return its descriptor; a file beyond 20 MiB is put aside as `<name>.log.1` first."""
    path = home.logs / f"{name}.log"
    home.logs.mkdir(mode=0o700, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def log_size(home: Home, name: str) -> int:
    """Return the size of `logs/<name>.log` in bytes, 0 when there is none."""
    path = home.logs / f"{name}.log"
    return path.stat().st_size if path.exists() else 0


def log_tail(home: Home, name: str, *, since: int = 0, lines: int = 20) -> str:
    """Return the last `lines` lines of `logs/<name>.log` written after byte `since`."""
    path = home.logs / f"{name}.log"
    if not path.exists():
        return ""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(since if since <= size else 0, size - 200 * lines))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])
