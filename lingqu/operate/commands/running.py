"""`lingqu setup, serve, stop, status`: the life of an installation."""

from __future__ import annotations

from typing import Any

import click

from lingqu.config.home import current_home, web_port
from lingqu.operate import processes
from lingqu.operate.processes import Place, Serving
from lingqu.operate.said import refusal, words
from lingqu.operate.setup import set_up
from lingqu.operate.terminal import Terminal, command

HIGHEST_PORT = 65535


def place(host: str = "127.0.0.1") -> Place:
    """Return where the web server shall listen; refuses a `LINGQU_PORT` that is no port."""
    try:
        port = web_port()
    except ValueError:
        port = 0
    if not 0 < port <= HIGHEST_PORT:
        raise refusal("bad_port", "LINGQU_PORT 必须是 1 到 65535 的数字。", "LINGQU_PORT must be a number from 1 to 65535.")
    return Place(host, port)


def tell_serving(terminal: Terminal, serving: Serving) -> None:
    """Tell where the product is to be found, and whether it ran already."""
    if serving.started:
        terminal.tell("灵渠已启动：{address}", "Lingqu serves at {address}", address=serving.address)
    else:
        terminal.tell("灵渠已在运行：{address}", "Lingqu serves already at {address}", address=serving.address)


@click.command(help=words("准备数据文件夹和数据表。", "Make the data folder and the tables ready."))
@command
def setup(terminal: Terminal) -> dict[str, Any]:
    """Make the data folder and the tables ready."""
    done = set_up(current_home(), terminal.report)
    terminal.tell("已就绪（{seconds} 秒）", "Ready ({seconds} s)", seconds=done.seconds)
    return {
        "database": "embedded" if done.embedded else "named",
        "migrations_applied": done.migrations_applied,
        "seconds": done.seconds,
        "home": str(current_home().path),
    }


@click.command(help=words("启动网页服务、后台任务和数据库。", "Start the web server, the job worker and the database."))
@click.option("--host", default="127.0.0.1", show_default=True, help=words("监听地址。", "Address to listen on."))
@click.option(
    "--foreground", is_flag=True, help=words("前台运行，供服务管理器使用。", "Stay until a signal asks for the end, for service managers.")
)
@command
def serve(terminal: Terminal, *, host: str, foreground: bool) -> dict[str, Any]:
    """Start the web server, the job worker and the database."""
    home, where = current_home(), place(host)
    if foreground:
        fallen = processes.serve_foreground(home, where, terminal.report)
        if fallen:
            terminal.tell("{name} 自行退出，其余进程已停止", "{name} ended by itself, and the others were ended", name=fallen)
        return {"ok": not fallen, "address": where.address, "ended_by_itself": fallen or None}
    serving = processes.serve(home, where, terminal.report)
    tell_serving(terminal, serving)
    return processes.as_data(serving)


@click.command(help=words("停止本数据文件夹的所有进程。", "End what runs in the data folder."))
@command
def stop(terminal: Terminal) -> dict[str, Any]:
    """End what runs in the data folder."""
    ended = processes.stop(current_home(), terminal.report)
    if not ended:
        terminal.tell("没有正在运行的进程", "Nothing was running")
    return {"stopped": ended}


@click.command(help=words("查看运行状态。", "Tell what runs; exit status 1 when not all does."))
@command
def status(terminal: Terminal) -> dict[str, Any]:
    """Tell what runs; exit status 1 when not all does."""
    told = processes.status(current_home())
    for name in ("web", "worker", "database"):
        running = told[name]["running"]
        if running:
            terminal.tell("{name}：运行中", "{name}: runs", name=name)
        else:
            terminal.tell("{name}：未运行", "{name}: does not run", name=name)
    well = told["web"].get("healthy", False) and told["worker"]["running"] and told["database"]["running"]
    return {"ok": bool(well), **told}
