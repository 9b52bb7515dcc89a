"""`lingqu verify, replay, bench`: what shows that the numbers are right, and how fast they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lingqu.base.text import Text
from lingqu.config.home import current_home
from lingqu.operate.commands import tables
from lingqu.operate.said import words
from lingqu.operate.setup import load_django, set_up
from lingqu.operate.terminal import Terminal, command
from lingqu.rehearsal.states import GradePolicy


@click.command(help=words("核对余额、分录与单据是否一致。", "Check that balances, postings and documents agree."))
@command
def verify(terminal: Terminal) -> dict[str, Any]:
    """Check that balances, postings and documents agree."""
    _ready(terminal)
    from lingqu.operate.verify import run_checks

    checks = run_checks()
    terminal.console.print(tables.checks_table(checks))
    return {"ok": all(check["ok"] for check in checks), "checks": checks}


@click.group(help=words("用现行规则重演历史订单。", "Run real orders of the past through the present rules."))
def replay() -> None:
    """Run real orders of the past through the present rules."""


@replay.command(help=words("重演 AdventureWorks DW 的经销商订单。", "Replay the reseller orders of AdventureWorks DW."))
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--policy",
    default=GradePolicy.BY_TURNOVER.value,
    show_default=True,
    type=click.Choice([policy.value for policy in GradePolicy]),
    help=words("经销商如何定级；每种各自重演，互不影响。", "How resellers are graded; each policy is replayed by itself."),
)
@command
def adventureworks(terminal: Terminal, *, folder: Path, policy: str) -> dict[str, Any]:
    """Replay the reseller orders of AdventureWorks DW."""
    _ready(terminal)
    from lingqu.operate.replay import replay_adventureworks

    with _bar(terminal) as progress:
        result = replay_adventureworks(folder, policy, terminal.report, progress)
    terminal.console.print(tables.replay_table(result), tables.stopped_table(result), tables.exposures_table(result))
    return result


@click.command(help=words("测量吞吐量（与本机极限之比）。", "Measure throughput, as ratios to what this machine can do."))
@click.option("--quick", is_flag=True, help=words("没有历史数据的短测，70 秒以内。", "The short one without a history, within 70 seconds."))
@click.option("--profile", is_flag=True, help=words("显示时间用在哪里。", "Show where the time goes instead."))
@click.option(
    "--orders",
    type=click.IntRange(1_000, 2_000_000),
    default=1_000_000,
    show_default=True,
    metavar="N",
    help=words("历史订单的份数。", "How many orders the history has."),
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help=words(
        "把带历史的库留在这个文件夹，下次直接再用。", "Keep the installations with their history in this folder and use them again."
    ),
)
@command
def bench(terminal: Terminal, *, quick: bool, profile: bool, orders: int, keep: Path | None) -> dict[str, Any]:
    """Measure on scratch installations of their own; the data folder is not touched."""
    from lingqu.bench.profile import run_profile
    from lingqu.bench.run import run_bench
    from lingqu.bench.whole import run_whole

    if profile:
        return run_profile(report=terminal.report)
    result = run_bench(report=terminal.report) if quick else run_whole(orders=orders, keep=keep, report=terminal.report)
    terminal.console.print(tables.bench_table(result))
    for name, found in result.get("worst", {}).items():
        terminal.console.print(tables.profile_table(name, found))
    return result


def _ready(terminal: Terminal) -> None:
    home = current_home()
    set_up(home, terminal.report)
    load_django(home)


@contextmanager
def _bar(terminal: Terminal) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while the block runs; give the function to call with how many are done, of how many."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal.console, transient=True) as shown:
        task = shown.add_task(str(Text("重演", "Replay")), total=None)

        def progress(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        yield progress
