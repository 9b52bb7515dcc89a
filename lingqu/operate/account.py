"""Under which system account the embedded server runs: PostgreSQL refuses to run as root, and a newcomer in a container is root.

Four ways, tried in this order and judged by trying, never by guessing:

- *plain*: we are not root; the server runs as we do.
- *user*: we are root; the server runs as the system user `lingqu-pg` (or `nobody`), who owns the database folder.
- *namespace*: we are root, but that user cannot reach the folder or the program (a clone inside a private folder). No parent is ever
  opened up. Instead the server runs in a user namespace, where root's own number reads as another one; the folder stays root's.
- *capability*: the same, where namespaces are forbidden (in most containers): `lingqu-pg` again, with the one capability to pass through
  folders that are closed to it.

The owner of the database folder tells the way it was made in, so later starts take the same.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from lingqu.config.home import Home
from lingqu.operate.folder import check_owner, check_private
from lingqu.operate.said import refusal

OWN_USER: Final = "lingqu-pg"
# Not root there, may enter the data folder, may run the program.
TRIAL: Final = 'test "$(id -u)" -ne 0 && cd "$1" && exec "$2" --version'


@dataclass(frozen=True)
class Account:
    """The account of the server's processes: `uid` and `gid` own the database folder on disk."""

    way: Literal["plain", "user", "namespace", "capability"]
    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def command(self, words: Sequence[str | Path]) -> list[str]:
        """Return the command line that runs `words` under this account."""
        return [*self.prefix, *(str(word) for word in words)]

    def options(self) -> dict[str, Any]:
        """Return the keyword arguments of `subprocess.Popen` that change to this account."""
        if self.way != "user":
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        """Make this account the owner of `path` and all below it; the top comes last, so an interrupted change is seen and repeated."""
        if os.geteuid() != 0 or (path.stat().st_uid, path.stat().st_gid) == (self.uid, self.gid):
            return
        for folder, folders, files in os.walk(path, topdown=False):
            for name in (*folders, *files):
                os.chown(Path(folder) / name, self.uid, self.gid, follow_symlinks=False)
        os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose(home: Home, program: Path) -> Account:
    """Return the account for the server of `home`; refuses with the name of the folder when no way works.

    Side effects: as root, may make the system user `lingqu-pg` and lets others pass through (not read) the data folder itself.
    """
    made = home.database.stat().st_uid if home.database.exists() else None
    if made is not None:
        check_private(home.database)
    if os.geteuid() != 0:
        if made is not None:
            check_owner(home.database)
        return Account("plain", os.geteuid(), os.getegid())
    ways = [_as_user, _in_namespace, _with_capability] if made != 0 else [_in_namespace, _as_user, _with_capability]
    for way in ways:
        account = way(home, program, made or None)
        if account is not None:
            return account
    raise refusal(
        "root_cannot_serve",
        "PostgreSQL 不能以 root 运行，而其他系统用户无法进入 {path} 或运行 {program}，本机又不允许用户命名空间和能力（capabilities）："
        "请把程序和 LINGQU_HOME 移到其他用户可进入的位置，或以普通用户运行，或用 DATABASE_URL 指定 PostgreSQL 服务器。",
        "PostgreSQL does not run as root, no other system user can reach {path} or run {program}, "
        "and this machine allows neither user namespaces nor capabilities: move the program and LINGQU_HOME to where other users "
        "may enter, or run as an ordinary user, or name a PostgreSQL server in DATABASE_URL.",
        path=home.path,
        program=program,
    )


def _as_user(home: Home, program: Path, made: int | None) -> Account | None:
    """Return the account of an unprivileged user that can reach folder and program. Whether anybody can is tried before a user is made."""
    mode = home.path.stat().st_mode
    home.path.chmod(mode | 0o011)
    stranger = _of(_named("nobody"))
    if stranger is None or not _works(stranger, home, program):
        home.path.chmod(mode)
        return None
    own = _unprivileged(made) or stranger
    return own if _works(own, home, program) else None


def _in_namespace(home: Home, program: Path, _made: int | None) -> Account | None:
    unshare = shutil.which("unshare")
    # PostgreSQL looks its user up by name, so the number that root appears as must have one.
    guise = _named("nobody") or next((entry for entry in pwd.getpwall() if entry.pw_uid), None)
    if unshare is None or guise is None:
        return None
    prefix = (unshare, "--user", f"--map-user={guise.pw_uid}", f"--map-group={guise.pw_gid}", "--")
    account = Account("namespace", os.geteuid(), os.getegid(), prefix)
    return account if _works(account, home, program) else None


def _with_capability(home: Home, program: Path, made: int | None) -> Account | None:
    tool = shutil.which("setpriv")
    user = _unprivileged(made) if tool else None
    if tool is None or user is None:
        return None
    who = (f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups")
    prefix = (tool, *who, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--bounding-set=-all,+dac_override", "--")
    account = Account("capability", user.uid, user.gid, prefix)
    return account if _works(account, home, program) else None


def _unprivileged(made: int | None) -> Account | None:
    """Return the user to whom the database folder belongs already, else the one of our own."""
    return Account("user", made, _group_of(made)) if made is not None else _of(_own_user()) or _of(_named("nobody"))


def _works(account: Account, home: Home, program: Path) -> bool:
    command = account.command(["/bin/sh", "-c", TRIAL, "sh", home.path, program])
    try:
        tried = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd="/", timeout=30, **account.options()
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _of(entry: pwd.struct_passwd | None) -> Account | None:
    return None if entry is None else Account("user", entry.pw_uid, entry.pw_gid)


def _group_of(uid: int) -> int:
    try:
        return pwd.getpwuid(uid).pw_gid
    except KeyError:
        return uid


def _own_user() -> pwd.struct_passwd | None:
    tool = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if _named(OWN_USER) is None and tool is not None:
        words = ["--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin", OWN_USER]
        # Where it fails (a read-only system, two at once), what stands afterwards decides.
        subprocess.run([tool, *words], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=30)
    return _named(OWN_USER)
