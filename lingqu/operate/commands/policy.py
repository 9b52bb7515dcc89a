"""`lingqu policy check, install, export, diff, clauses, copy`: packs of the regulation, as folders of YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.operate.commands import tables
from lingqu.operate.said import refusal, words
from lingqu.operate.setup import make_ready
from lingqu.operate.terminal import Terminal, command

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(help=words("制度包：检查、安装、导出、比较。", "Policy packs: check, install, export, compare."))
def policy() -> None:
    """Policy packs: check, install, export, compare."""


@policy.command(
    help=words("检查文件夹中的制度包，一次列出全部问题。", "Check the pack in a folder; everything that is wrong is told at once.")
)
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@command
def check(terminal: Terminal, *, folder: Path) -> dict[str, Any]:
    """Check the pack in a folder; everything that is wrong is told at once, with file, line and what to do."""
    from lingqu.policy.pack import check_pack

    checked = check_pack(folder)
    for finding in checked.findings:
        terminal.report(str(finding.text))
    if checked.findings:
        terminal.tell("共 {count} 处须改正。", "{count} things to put right.", count=len(checked.findings))
    else:
        counts = {"clauses": len(checked.regulation.clauses), "parameters": len(checked.regulation.notes)}
        terminal.tell(
            "没有问题：{clauses} 款，{parameters} 个参数。", "All is right: {clauses} clauses, {parameters} parameters.", **counts
        )
    found = [{"file": one.file, "line": one.line, "zh": one.zh, "en": one.en} for one in checked.findings]
    return {"ok": not found, "pack": checked.regulation.pack, "findings": found}


@policy.command(help=words("安装文件夹中的制度包，作为第一版。", "Install the pack in a folder as its first version."))
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@click.option("--adopt", is_flag=True, help=words("自今日起公司采用此制度包。", "The company goes by this pack from today on."))
@command
def install(terminal: Terminal, *, folder: Path, adopt: bool) -> dict[str, Any]:
    """Install the pack in a folder as its first version; a pack that is installed already stays as it is."""
    make_ready(terminal.report)
    from lingqu.base.clock import now
    from lingqu.policy.actions import install_pack
    from lingqu.policy.pack import HASH_LENGTH, read_pack
    from lingqu.policy.queries import newest_version

    pack = read_pack(folder).pack
    known = newest_version(pack)
    version = install_pack(pack, folder=folder, adopt=adopt, at=now())
    reference = f"{version.pack}/{version.number}/{version.content_hash[:HASH_LENGTH]}"
    if known:
        terminal.tell(
            "{pack} 早已安装，未作改动；现为 {reference}。",
            "{pack} is installed already and stays as it is: {reference}",
            pack=pack,
            reference=reference,
        )
    else:
        terminal.tell("已安装 {reference}", "Installed {reference}", reference=reference)
    return {"reference": reference, "installed": known is None, "adopted": adopt}


@policy.command(help=words("将已安装的版本导出为文件夹。", "Write an installed version into a folder."))
@click.argument("pack", metavar="PACK")
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@click.option("--version", "number", type=click.IntRange(min=1), help=words("版本号，默认最新。", "Which version; the newest by default."))
@command
def export(terminal: Terminal, *, pack: str, folder: Path, number: int | None) -> dict[str, Any]:
    """Write an installed version into a folder that reads back to the same content."""
    make_ready(terminal.report)
    from lingqu.policy.pack import write_pack

    files = write_pack(_installed(pack, number), folder)
    terminal.tell("已写出 {count} 个文件到 {folder}", "Wrote {count} files to {folder}", count=len(files), folder=folder)
    return {"files": [str(path) for path in files]}


@policy.command(help=words("比较两个制度包（文件夹，或 制度包/版本号）。", "Compare two packs: folders, or pack/number."))
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@command
def diff(terminal: Terminal, *, before: str, after: str) -> dict[str, Any]:
    """Say in words what changed from A to B; each is a folder, or an installed version written as pack/number."""
    first, second = _either(terminal, before), _either(terminal, after)
    from lingqu.policy.rules import differences

    changes = differences(first, second)
    if changes:
        terminal.console.print(tables.changes_table(changes))
    terminal.tell("{count} 处不同", "{count} differences", count=len(changes))
    return {"changes": msgspec.to_builtins(changes)}


@policy.command(help=words("列出每个条款的执行状态。", "List every clause with how far it is carried out."))
@click.argument("pack", metavar="PACK")
@click.option("--version", "number", type=click.IntRange(min=1), help=words("版本号，默认最新。", "Which version; the newest by default."))
@command
def clauses(terminal: Terminal, *, pack: str, number: int | None) -> dict[str, Any]:
    """List every clause with how far the product carries it out (full, part, not_yet), by what, and its open questions."""
    make_ready(terminal.report)
    from lingqu.policy.queries import clause_states

    regulation = _installed(pack, number)
    standings = clause_states(regulation)
    terminal.console.print(tables.clauses_table(regulation, standings))
    listed = {
        key: {
            "state": one.state.value,
            "carriers": {carried.carrier: carried.exists for carried in one.carriers},
            "gaps": list(one.gaps),
        }
        for key, one in standings.items()
    }
    return {"reference": regulation.reference, "clauses": listed}


@policy.command(help=words("以另一名称复制制度包，作为自己制度的起点。", "Copy a pack under another name, to start one's own."))
@click.argument("pack", metavar="PACK")
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@click.argument("name", metavar="NEWNAME")
@command
def copy(terminal: Terminal, *, pack: str, folder: Path, name: str) -> dict[str, Any]:
    """Copy a pack (installed, or a folder) under another name, to start one's own."""
    regulation = _either(terminal, pack, newest=True)
    from lingqu.policy.pack import PACK_NAME, write_pack

    if not PACK_NAME.fullmatch(name):
        raise refusal(
            "bad_name",
            "名称 {name} 须以小写字母开头，只含小写字母、数字、- 和 _，最多 30 个字符。",
            "The name {name} must be small letters, figures, - and _, at most 30, a letter first.",
            name=name[:60],
        )
    files = write_pack(msgspec.structs.replace(regulation, pack=name, number=1), folder)
    terminal.tell(
        "已复制到 {folder}。修改后运行 lingqu policy check {folder}",
        "Copied to {folder}. Change it, then run lingqu policy check {folder}",
        folder=folder,
    )
    return {"files": [str(path) for path in files]}


def _either(terminal: Terminal, name: str, *, newest: bool = False) -> Any:  # noqa: ANN401 - a regulation; its class needs Django
    """Return the regulation in a folder, or the installed version `pack/number`; a name without number is a folder unless `newest`."""
    folder = Path(name)
    pack, _, number = name.partition("/")
    if folder.is_dir():
        from lingqu.policy.pack import read_pack

        return read_pack(folder)
    if number.isdecimal() or (newest and not number):
        make_ready(terminal.report)
        return _installed(pack, int(number) if number else None)
    raise refusal(
        "no_such_pack",
        "{name} 既不是文件夹，也不是形如 publisher/1 的版本。",
        "{name} is neither a folder nor a version such as publisher/1.",
        name=name,
    )


def _installed(pack: str, number: int | None) -> Any:  # noqa: ANN401 - a regulation; its class needs Django
    from lingqu.policy.queries import newest_version, version

    if number is None:
        newest = newest_version(pack)
        if newest is None:
            raise Refusal("unknown_pack", Text(f"制度包 {pack} 尚未安装。", f"The pack {pack} is not installed."), status=404)
        number = newest.number
    return version(pack, number)
