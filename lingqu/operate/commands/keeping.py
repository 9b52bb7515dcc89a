"""`lingqu backup, restore, drill, doctor`: what keeps an installation safe, and what tells whether it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from lingqu.config.home import Home, current_home
from lingqu.operate.backup import kept
from lingqu.operate.commands import tables
from lingqu.operate.said import words
from lingqu.operate.terminal import Terminal, command

FOLDER = click.Path(path_type=Path, file_okay=False)
MEGABYTE = 1024 * 1024


@click.command(
    help=words(
        "备份数据库、数据文件和密钥；服务照常运行。",
        "Back up database, files and secrets while the product serves.\n\nKeeps 14 days. "
        "Of the embedded server its log is kept from now on, so that any second can be restored; of a named server "
        "(DATABASE_URL) a dump of this moment.",
    )
)
@click.option(
    "--to",
    type=FOLDER,
    metavar="FOLDER",
    help=words("备份文件夹，最好在另一块磁盘；会记住。", "Folder of backups, best on another disk; remembered."),
)
@command
def backup(terminal: Terminal, *, to: Path | None) -> dict[str, Any]:
    """Back up database, files and secrets while the product serves."""
    from lingqu.operate.backup.take import take

    done = take(current_home(), to=to, report=terminal.report)
    terminal.tell(
        "备份完成：{path}（{mb} MB，{seconds} 秒；共 {kept} 份）",
        "Backed up: {path} ({mb} MB, {seconds} s; {kept} backups are kept)",
        mb=done["bytes"] // MEGABYTE,
        **{key: done[key] for key in ("path", "seconds", "kept")},
    )
    return done


@click.command(
    help=words(
        "把备份恢复为可运行的安装。\n\nBACKUP 为文件夹、备份名或 latest。",
        "Make an installation of a backup: a folder, the name of one, or latest.",
    )
)
@click.argument("backup", metavar="BACKUP")
@click.option(
    "--to",
    metavar="TIME",
    help=words(
        "恢复到这一秒：2026-11-23 12:30:05（北京时间）或带时区；不给则恢复到归档末尾。",
        "Restore to this second: 2026-11-23 12:30:05 (China time) or with an offset; else as far as the archive reaches.",
    ),
)
@click.option(
    "--home",
    type=FOLDER,
    metavar="FOLDER",
    help=words("恢复到这个空文件夹，默认 LINGQU_HOME。", "Empty folder to restore into; default LINGQU_HOME."),
)
@click.option(
    "--move-aside",
    is_flag=True,
    help=words("停止并改名保留现有数据文件夹。", "Stop the data folder that stands there and keep it under another name."),
)
@command
def restore(terminal: Terminal, *, backup: str, to: str | None, home: Path | None, move_aside: bool) -> dict[str, Any]:
    """Make an installation of a backup."""
    from lingqu.operate.backup import restore as restoring

    moment = restoring.read_time(to) if to else None
    target = Home(home.resolve()) if home else current_home()
    source = kept.find(kept.backups_folder(current_home()), backup)
    done = restoring.restore(source, target, to=moment, move_aside=move_aside, report=terminal.report)
    terminal.console.print(tables.checks_table(done["checks"]))
    terminal.tell(
        "已恢复到 {reached}（{seconds} 秒）：{home}",
        "Restored, as it stood at {reached} ({seconds} s): {home}",
        **{key: done[key] for key in ("reached", "seconds", "home")},
    )
    terminal.tell(
        "未再发送 {messages_not_sent} 条当时待发的消息（可能已发出，仍在收件箱）；结束了 {sessions_ended} 个登录。"
        "请核对此后停用的账号和令牌，然后运行 lingqu serve 和 lingqu backup。",
        "{messages_not_sent} messages that waited then are not sent again (they may have gone out; they stand in the inboxes); "
        "{sessions_ended} sessions were ended. Look through accounts and tokens that were revoked since, then run lingqu serve and "
        "lingqu backup.",
        **{key: done[key] for key in ("messages_not_sent", "sessions_ended")},
    )
    return done


@click.command(
    help=words("演练：恢复最新备份到临时处，核对，计时，清除。", "Restore the newest backup elsewhere, prove it, time it, remove it.")
)
@command
def drill(terminal: Terminal) -> dict[str, Any]:
    """Restore the newest backup elsewhere, prove it, time it, remove it."""
    from lingqu.operate.backup.drill import drill as run_drill

    done = run_drill(current_home(), report=terminal.report)
    for name, seconds in done["parts"].items():
        terminal.report(f"{name:>18}  {seconds}")
    if done["ok"]:
        terminal.tell(
            "演练通过：备份 {backup}，{tables} 个表 {rows} 行，{checks} 项核对，{seconds} 秒",
            "The drill went well: backup {backup}, {tables} tables, {rows} rows, {checks} checks, {seconds} s",
            **{key: done[key] for key in ("backup", "tables", "rows", "checks", "seconds")},
        )
    else:
        terminal.tell(
            "演练失败：缺行的表 {lost}；未通过的核对 {wrong}；索引 {amcheck}",
            "The drill failed: tables that lost rows {lost}; checks that failed {wrong}; indexes {amcheck}",
            lost=", ".join(done["lost_rows_in"]) or "—",
            wrong=", ".join(done["wrong"]) or "—",
            amcheck=done["amcheck"],
        )
    return done


@click.command(
    help=words(
        "检查设置、数据库、备份和队列；有严重问题时退出码为 1。", "Look at settings, database, backups and queue; exit status 1 when bad."
    )
)
@command
def doctor(terminal: Terminal) -> dict[str, Any]:
    """Look at settings, database, backups and queue; exit status 1 when bad."""
    from lingqu.operate.doctor.examining import examine

    found = examine(current_home())
    terminal.console.print(tables.doctor_table(found.checks))
    return {"ok": found.ok, **msgspec.to_builtins(found)}
