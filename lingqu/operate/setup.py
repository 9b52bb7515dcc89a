"""From nothing, or from an older version, to an installation that is ready to serve."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Final

from lingqu.config.home import Home, current_home, named_server
from lingqu.config.starting import unsafe_settings, weak_secrets
from lingqu.operate import assets, folder, locks, postgres, roles, schema
from lingqu.operate.connecting import Connection
from lingqu.operate.said import Report, refusal, say

SETTINGS: Final = "lingqu.config.settings"
MIGRATE_SECONDS: Final = 3600


@dataclass(frozen=True)
class Installation:
    """What `set_up` found or made."""

    embedded: bool
    server_started: bool
    migrations_applied: int
    seconds: float


def set_up(home: Home, report: Report | None = None) -> Installation:
    """Make the installation of `home` ready: folder, server, roles, tables, grants, posts and regulation; check the server.

    A second call changes nothing. Refuses what its parts refuse, a failed migration with the end of its log, and a server that
    `roles.check_server` refuses.
    """
    begun = time.monotonic()
    folder.prepare(home)
    check_secrets(home)
    with locks.exclusive(folder.run_folder(home) / "setup.lock"):
        started = False
        if not named_server():
            started = postgres.start(home, report)
        roles.ensure_roles(home)
        with roles.connect(home, "owner") as owner:
            roles.check_server(owner, role="owner")
            schema.check_schema(owner)
            applied = _bring_up_to_date(home, owner, report)
            roles.grant(owner)
        with roles.connect(home, "app") as app:
            roles.check_server(app)
            if applied or not schema.has_content(app):
                _run(home, "content", "app")
        if not assets.up_to_date(home):
            say(report, "正在准备样式和脚本", "Making styles and scripts ready")
            _run(home, "assets", "app")
    return Installation(not named_server(), started, applied, round(time.monotonic() - begun, 3))


def check_secrets(home: Home) -> None:
    """Make the secrets where there are none, and refuse those that could be guessed."""
    weak = weak_secrets(home.secrets())
    if weak:
        raise refusal(
            "weak_secrets",
            "{file} 里的 {names} 过短、重复或是默认值：请删去它们，重新运行后会随机生成。",
            "{names} in {file} are short, repeated or defaults: take them out and run again, and random ones are made.",
            names=", ".join(weak),
            file=home.secrets_file,
        )


def check_settings() -> None:
    """Refuse settings that are not safe to serve with. Django must be loaded."""
    wrong = unsafe_settings()
    if wrong:
        raise refusal(
            "unsafe_settings",
            "设置不安全，不能启动：{wrong}。",
            "These settings are not safe to start with: {wrong}.",
            wrong="; ".join(wrong),
        )


def load_django(home: Home) -> None:
    """Load Django in this process as the application's role on the database of `home`; the server must run. A second call does nothing."""
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ |= environment(home, "app")
        django.setup()


def make_ready(report: Report | None) -> None:
    """Bring the installation of this machine up to date and load Django, for a command that works in it."""
    home = current_home()
    set_up(home, report)
    load_django(home)


def environment(home: Home, role: str) -> dict[str, str]:
    """Return the variables that tell a process of ours its data folder, its settings and its role."""
    return {"LINGQU_HOME": str(home.path), "LINGQU_DATABASE_ROLE": role, "DJANGO_SETTINGS_MODULE": SETTINGS}


def _bring_up_to_date(home: Home, owner: Connection, report: Report | None) -> int:
    load_django(home)
    check_settings()
    from lingqu.config.watch.tables import migrations_on_disk

    missing = migrations_on_disk() - schema.applied_migrations(owner)
    if missing:
        say(report, "正在更新数据表（{count} 项）", "Bringing the tables up to date ({count} steps)", count=len(missing))
        _run(home, "migrate", "owner")
    return len(missing)


def _run(home: Home, name: str, role: str) -> None:
    """Run `lingqu.operate.<name>` in a process of its own: Django has one role and one database for each."""
    since = folder.log_size(home, name)
    log = folder.open_log(home, name)
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"lingqu.operate.{name}"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
            env=os.environ | environment(home, role),
            timeout=MIGRATE_SECONDS,
        )
    finally:
        os.close(log)
    if done.returncode != 0:
        raise refusal(
            "migration_failed",
            "安装步骤 {name} 失败，日志 {log} 末尾：\n{tail}",
            "The step {name} of the installation failed; the end of the log {log}:\n{tail}",
            name=name,
            log=home.logs / f"{name}.log",
            tail=folder.log_tail(home, name, since=since),
        )
