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
from lingqu.operate.said import words
from lingqu.operate.setup import load_django, set_up
from lingqu.operate.terminal import Terminal, command


@click.command(help=words("核对余额、分录与单据是否一致。", "Check that balances, postings and documents agree."))
@command
def verify(terminal: Terminal) -> dict[str, Any]:
    """Check that balances, postings and documents agree."""
    _ready(terminal)
    from lingqu.operate.verify import run_checks

    checks = run_checks()
    for check in checks:
        mark = Text("通过", "passed") if check["ok"] else Text("不符", "FAILED")
        terminal.report(f"{mark}  {check.get('title', check.get('name', ''))}  {check.get('detail', '')}".rstrip())
    return {"ok": all(check["ok"] for check in checks), "checks": checks}


@click.group(help=words("用现行规则重演历史订单。", "Run real orders of the past through the present rules."))
def replay() -> None:
    """Run real orders of the past through the present rules."""


@replay.command(help=words("重演 AdventureWorks DW 的经销商订单。", "Replay the reseller orders of AdventureWorks DW."))
@click.argument("source", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--policy", default="A", show_default=True, help=words("所有经销商采用的信用等级。", "Credit grade of every reseller."))
@command
def adventureworks(terminal: Terminal, *, source: Path, policy: str) -> dict[str, Any]:
    """Replay the reseller orders of AdventureWorks DW."""
    _ready(terminal)
    from lingqu.rehearsal.actions import replay_adventureworks

    with _bar(terminal) as progress:
        result = replay_adventureworks(folder=source, policy=policy, report=terminal.report, progress=progress)
    return dict(result)


@click.command(help=words("测量吞吐量（与本机极限之比）。", "Measure throughput, as ratios to what this machine can do."))
@click.option("--quick", is_flag=True, help=words("缩短到 50 秒以内。", "Shorter, within 50 seconds."))
@command
def bench(terminal: Terminal, *, quick: bool) -> dict[str, Any]:
    """Measure throughput, as ratios to what this machine can do."""
    _ready(terminal)
    from lingqu.bench.run import run_bench

    return dict(run_bench(quick=quick, report=terminal.report))


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
