"""The folder of backups: the archive's pieces, what is kept for how long, and times as people write them."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from lingqu.base.clock import now
from lingqu.base.refusal import Refusal
from lingqu.config.home import Home
from lingqu.operate import archiving, folder
from lingqu.operate.backup import kept, pieces, recover, restore
from lingqu.operate.backup.drill import lost_rows
from lingqu.operate.backup.kept import Kept, Told
from lingqu.operate.backup.take import prune

MADE = datetime(2026, 1, 2, tzinfo=UTC)
TOLD = Told(
    format=1, kind="server", begun_at=MADE, made_at=MADE, product="0.1.0", server="18.6", migrations=1, database_bytes=1, rows={}, files=(),
    home="/home", archive="wal-here", needed_from="000000010000000000000001", end_segment="000000010000000000000001",
)  # fmt: skip


def test_a_damaged_or_missing_piece_of_the_archive_is_told_and_never_taken_for_its_end(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    names = [f"0000000100000000000000{number:02X}.gz" for number in range(0xFE, 0x100)] + ["000000010000000100000000.gz"]
    for name in names:
        (archive / name).write_bytes(gzip.compress(name.encode() * 1000))
    reach = pieces.reach_of(archive, "0000000100000000000000FE", TOLD.segment_bytes)
    assert ([path.name for path in reach.pieces], reach.missing) == (names, "")
    assert pieces.copy_checked(reach, archive, tmp_path / "copied") == 3

    (archive / names[1]).rename(archive / "aside")
    broken = pieces.reach_of(archive, "0000000100000000000000FE", TOLD.segment_bytes)
    assert broken.missing == "0000000100000000000000FF"
    with pytest.raises(Refusal, match="0000000100000000000000FF"):
        recover.check_time(Kept(archive, TOLD), broken, None)

    (archive / names[1]).write_bytes((archive / "aside").read_bytes()[:-9])
    with pytest.raises(Refusal) as refused:
        pieces.copy_checked(reach, archive, tmp_path / "again")
    assert refused.value.code == "archive_damaged"
    assert pieces.segment_of("1/2000028", 3, TOLD.segment_bytes) == "000000030000000100000002"


def test_the_archive_never_overwrites_a_piece_and_takes_the_same_one_twice(tmp_path: Path) -> None:
    other = Home(tmp_path / "with 'quotes' and 5 %")
    folder.prepare(other)
    (tmp_path / "archive").mkdir()
    piece = tmp_path / "piece"

    def keep(content: bytes) -> int:
        piece.write_bytes(content)
        words = archiving.settings(other)["archive_command"].replace("%p", str(piece)).replace("%f", "A").replace("%%", "%")
        return subprocess.run(["sh", "-c", words], check=False, cwd="/").returncode

    assert keep(b"before the first backup") == 0
    assert not list((tmp_path / "archive").iterdir())
    archiving.note(other).write_text(f"{tmp_path / 'archive'}\n", "utf-8")
    assert [keep(b"one"), keep(b"one"), keep(b"another")] == [0, 0, 1]
    assert [path.name for path in (tmp_path / "archive").iterdir()] == ["A.gz"]
    assert gzip.decompress((tmp_path / "archive" / "A.gz").read_bytes()) == b"one"
    shutil.rmtree(tmp_path / "archive")
    assert keep(b"one") == 1


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2026-01-02 12:30:05", datetime(2026, 1, 2, 4, 30, 5, tzinfo=UTC)),
        ("2026-01-02T12:30:05", datetime(2026, 1, 2, 4, 30, 5, tzinfo=UTC)),
        ("2026-01-02 12:30:05 +08:00", datetime(2026, 1, 2, 4, 30, 5, tzinfo=UTC)),
        ("2026-01-02T04:30:05.900Z", datetime(2026, 1, 2, 4, 30, 5, tzinfo=UTC)),
    ],
)
def test_a_time_is_china_s_unless_it_says_otherwise(words: str, moment: datetime) -> None:
    assert restore.read_time(words) == moment


@pytest.mark.parametrize(
    ("words", "code"), [("yesterday", "bad_time"), ("2026-13-01", "bad_time"), ("9999-01-01 00:00:00", "time_to_come")]
)
def test_a_time_that_is_none_is_refused(words: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        restore.read_time(words)
    assert refused.value.code == code


def standing(place: Path, told: Told, days: int, archive: str, needed: str) -> None:
    made = now() - timedelta(days=days)
    path = place / f"{made:%Y%m%dT%H%M%SZ}"
    path.mkdir()
    older = msgspec.structs.replace(told, made_at=made, archive=archive, needed_from=needed, files=())
    (path / kept.TOLD).write_bytes(msgspec.json.encode(older))


def test_fourteen_days_are_kept_with_the_backup_that_their_first_second_needs(tmp_path: Path) -> None:
    for name in ("wal-here", "wal-gone"):
        (tmp_path / name).mkdir()
        for number in range(6):
            (tmp_path / name / f"00000001000000000000000{number}.gz").touch()
    for days, archive, needed in ((40, "wal-gone", 0), (20, "wal-here", 1), (15, "wal-here", 3), (13, "wal-here", 4), (1, "wal-here", 5)):
        standing(tmp_path, TOLD, days, archive, f"00000001000000000000000{needed}")
    gone = prune(Home(tmp_path / "home"), tmp_path, at=now())
    assert len(gone) == 2
    assert [round((now() - one.told.made_at).days) for one in kept.kept_in(tmp_path)] == [15, 13, 1]
    assert not (tmp_path / "wal-gone").exists()
    assert sorted(path.name[-4] for path in (tmp_path / "wal-here").iterdir()) == ["3", "4", "5"]


def test_a_table_that_only_grows_and_has_shrunk_or_is_gone_has_lost_rows() -> None:
    least = {"ledger_posting": 5, "audit_fact": 7}
    assert lost_rows(least, {"ledger_posting": 5, "audit_fact": 9}) == []
    assert lost_rows(least, {"ledger_posting": 4}) == ["ledger_posting", "audit_fact"]


def test_what_a_killed_restore_left_is_removed_and_what_is_none_of_ours_stays(tmp_path: Path) -> None:
    home, left = Home(tmp_path / "home"), Home(tmp_path / "home.restoring")
    folder.prepare(left)
    (left.path / "database").mkdir()
    with restore.beside(home) as fresh:
        assert not fresh.path.exists()
        fresh.path.mkdir()
        (fresh.path / "thesis.txt").write_text("years of work", "utf-8")
        with pytest.raises(Refusal, match="marker"):
            restore.remove(fresh)
        (fresh.path / folder.MARKER).touch()
    assert list(tmp_path.iterdir()) == []
