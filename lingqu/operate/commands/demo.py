"""`lingqu demo`: a small fictional publisher, ready to be walked through."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
from rich.box import SIMPLE
from rich.table import Table

from lingqu.base.text import Text
from lingqu.config.home import Home, current_home, named_server
from lingqu.operate import folder, processes, roles, schema
from lingqu.operate.commands.running import place, tell_serving
from lingqu.operate.said import words
from lingqu.operate.setup import load_django, set_up
from lingqu.operate.terminal import Terminal, command

COLUMNS = {
    "login": Text("登录名", "Login"),
    "password": Text("密码", "Password"),
    "name": Text("姓名", "Name"),
    "post": Text("岗位", "Post"),
    "firm": Text("单位", "Firm"),
}


@click.command(help=words("启动演示出版单位，并显示网址和人员。", "Start the demo publisher and print its address and people."))
@click.option(
    "--reset",
    is_flag=True,
    help=words("停止并清空数据文件夹，重新开始。", "Stop, throw away everything in the data folder, and start over."),
)
@command
def demo(terminal: Terminal, *, reset: bool) -> dict[str, Any]:
    """Start the demo publisher and print its address and people."""
    home, where = current_home(), place()
    if reset:
        start_over(home, terminal)
    folder.prepare(home)
    processes.check_port(home, where)
    installation = set_up(home, terminal.report)
    load_django(home)
    from lingqu.operate.demo.seed import seed_demo

    # Settings read the demo's mark once, at their start: processes from before it do not know that this is a demo.
    known = _is_demo(home)
    told = seed_demo(terminal.report)
    renew = bool(installation.migrations_applied) or known != _is_demo(home)
    serving = processes.serve(home, where, terminal.report, renew=renew)
    tell_serving(terminal, serving)
    terminal.console.print(_people(told["people"]))
    return {**processes.as_data(serving), **asdict(installation), **told}


def start_over(home: Home, terminal: Terminal) -> None:
    """End every process of the data folder and empty it; on a named server, empty the schema `public` of the database too.

    Refuses a folder without our marker and a database with another program's tables; nothing is touched then. With a named server the
    secrets stay: the password of the application's role is known to that server.
    """
    folder.require_marker(home)
    processes.stop(home, terminal.report)
    if named_server():
        with roles.connect(home, "owner") as owner:
            schema.empty_schema(owner)
    folder.wipe(home, keep=frozenset({home.secrets_file.name}) if named_server() else frozenset())
    terminal.tell("已清空 {path}", "Emptied {path}", path=home.path)


def _is_demo(home: Home) -> bool:
    return (home.path / "demo.json").exists()


def _people(people: list[dict[str, Any]]) -> Table:
    # Narrow, and never folded: a login and a password are copied from here.
    table = Table(box=SIMPLE, pad_edge=False)
    for title in COLUMNS.values():
        table.add_column(str(title), no_wrap=True)
    for person in people:
        table.add_row(*(str(person[key]) for key in COLUMNS))
    return table
