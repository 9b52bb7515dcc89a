"""Judging what keeps the data: disks, backups, the archive, drills."""

from __future__ import annotations

from typing import Final

from lingqu.base.text import Text
from lingqu.config.condition import Found, Verdict
from lingqu.operate.doctor.facts import GIB, Disk, Facts, Server
from lingqu.operate.doctor.judging import by_size, duration, found, worst

DISK_WORDS: Final = {"data": Text("数据", "data"), "backups": Text("备份", "backups")}
HOUR, DAY = 3600.0, 86400.0
LEAST_WARN, LEAST_BAD = 5 * GIB, GIB
PART_WARN, PART_BAD = (0.10, 20 * GIB), (0.03, 10 * GIB)
"""A part of the disk that is little where it is also fewer bytes than this."""

BACKUP_WARN, BACKUP_BAD = 26 * HOUR, 50 * HOUR
DRILL_BAD: Final = 30 * DAY
ARCHIVE_WARN, ARCHIVE_BAD = 120.0, 15 * 60.0


def judge_disks(facts: Facts) -> Found:
    """Judge the free space where data and backups lie."""
    disks = facts.files.disks
    verdict = worst(Verdict.OK, *(_of_disk(disk) for disk in disks))
    told = [f"{disk.free / GIB:.1f} / {disk.total / GIB:.0f} GB" for disk in disks]
    figure = Text(
        "；".join(f"{DISK_WORDS[disk.what].zh} {words}" for disk, words in zip(disks, told, strict=True)),
        "; ".join(f"{DISK_WORDS[disk.what].en} {words}" for disk, words in zip(disks, told, strict=True)),
    )
    advice = Text(
        "请清理或扩大磁盘；备份可用 lingqu backup --to 移到另一块磁盘。",
        "Make room, or move the backups to another disk with lingqu backup --to.",
    )
    return found("disk", Text("磁盘余量", "Free disk space"), verdict, figure, advice)


def _of_disk(disk: Disk) -> Verdict:
    limits = ((Verdict.BAD, LEAST_BAD, PART_BAD), (Verdict.WARN, LEAST_WARN, PART_WARN))
    for verdict, least, (part, most) in limits:
        if disk.free < max(least, min(part * disk.total, most)):
            return verdict
    return Verdict.OK


def judge_backup(facts: Facts) -> Found:
    """Judge the age of the newest backup: more than two days without one is bad; after a restore the first is due at once."""
    files, last = facts.files, facts.files.last_backup_at
    name, advice = Text("备份", "Backup"), Text("请运行 lingqu backup，并每天定时运行。", "Run lingqu backup, and let it run every day.")
    if last is None:
        return found("backup", name, _milder(facts, Verdict.BAD), Text("没有", "none"), advice)
    age = (facts.at - last).total_seconds()
    verdict = by_size(age, warn=BACKUP_WARN, bad=BACKUP_BAD)
    if files.restored_at is not None and files.restored_at > last:
        verdict = worst(verdict, Verdict.WARN)
    told = duration(age)
    kind = (
        Text("可恢复到任意秒", "any second can be restored")
        if files.last_backup_kind == "server"
        else Text("转储，只有一个时刻", "a dump: one moment")
    )
    figure = Text(f"{told.zh}前，共 {files.backups} 份，{kind.zh}", f"{told.en} old, {files.backups} kept, {kind.en}")
    return found("backup", name, _milder(facts, verdict), figure, advice)


def judge_archive(facts: Facts, server: Server) -> Found:
    """Judge whether the embedded server's log leaves it in time: at most 60 s may be lost."""
    name = Text("归档", "Archive")
    if not facts.files.embedded:
        words = Text("由自备服务器负责", "is for your own server to keep")
        return found("archive", name, Verdict.OK, words, words)
    if not facts.files.archiving:
        advice = Text("请运行 lingqu backup：此后每 45 秒归档一次。", "Run lingqu backup: from then on it is kept every 45 s.")
        return found("archive", name, _milder(facts, Verdict.BAD), Text("未开启", "off"), advice)
    verdict = by_size(server.archive_waiting_seconds, warn=ARCHIVE_WARN, bad=ARCHIVE_BAD)
    there = facts.files.archive_there
    if not there or server.archive_failed or server.settings.get("archive_mode") == "off":
        verdict = worst(verdict, Verdict.BAD)
    waits = duration(server.archive_waiting_seconds)
    gone = Text("" if there else "归档文件夹不在；", "" if there else "its folder is gone; ")
    figure = Text(
        f"{gone.zh}最久未归档 {waits.zh}；连续失败 {server.archive_failed} 次",
        f"{gone.en}oldest piece waits {waits.en}; {server.archive_failed} failures in a row",
    )
    advice = Text(
        "检查备份文件夹的磁盘是否挂载、可写、有余量；看 logs/database.log。失败期间日志堆积在数据磁盘上。",
        "See that the disk of the backups is there, writable and not full; see logs/database.log. Until then it piles up beside the data.",
    )
    return found("archive", name, verdict, figure, advice)


def judge_drill(facts: Facts) -> Found:
    """Judge the last drill: a failed one is bad, and so is none within 30 days."""
    files, name = facts.files, Text("恢复演练", "Drill")
    advice = Text("请运行 lingqu drill，并每月定时运行。", "Run lingqu drill, and let it run every month.")
    if files.drill_at is None:
        since = files.first_backup_at
        overdue = since is not None and (facts.at - since).total_seconds() > DRILL_BAD
        return found("drill", name, _milder(facts, Verdict.BAD if overdue else Verdict.WARN), Text("从未", "never"), advice)
    age = (facts.at - files.drill_at).total_seconds()
    verdict = by_size(age, warn=DRILL_BAD - 2 * DAY, bad=DRILL_BAD)
    if not files.drill_ok:
        verdict = Verdict.BAD
    told, result = duration(age), Text("通过", "went well") if files.drill_ok else Text("失败", "failed")
    figure = Text(
        f"{told.zh}前{result.zh}，用时 {files.drill_seconds:.0f} 秒", f"{told.en} ago, {result.en}, took {files.drill_seconds:.0f} s"
    )
    return found("drill", name, _milder(facts, verdict), figure, advice)


def _milder(facts: Facts, verdict: Verdict) -> Verdict:
    """Return the verdict, of a demo at most a warning: nothing in it is worth keeping."""
    return Verdict.WARN if facts.settings.demo and verdict is Verdict.BAD else verdict
