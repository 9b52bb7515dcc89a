"""P16: no file of a stranger takes more than 30 seconds or 512 MB, none harms the process that answers pages, each is told in words."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from lingqu.base.refusal import Refusal
from lingqu.base.unpacking import MEGABYTES, SECONDS
from lingqu.documents.rules import check_file, plain_name
from tests.promises import hostile_files

SECONDS_AT_MOST = 30
MEGABYTES_AT_MOST = 512
OWN_AT_MOST_KIB = 100 * 1024
"""A process that answers pages holds a file of 10 MB, its copy for the child, and the answer."""

CODES = {"read", "unreadable_table", "encrypted_table", "table_too_large"}
GROWING = """
import resource, sys
from lingqu.base import unpacking
from lingqu.base.child import limit_self
unpacking.MOST_UNPACKED = 10**12
limit_self(megabytes=3_000, seconds=60)
try:
    parts = list(unpacking.opened(unpacking.Wanted(sys.stdin.buffer.read(), 1_000_000, 200)))
except MemoryError:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def run(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, timeout=250)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What became of every file; the files are made and read by processes of their own."""
    folder = tmp_path_factory.mktemp("hostile")
    run("-m", "tests.promises.hostile_files", str(folder))
    return [json.loads(line) for line in run("-m", "tests.promises.hostile_probe", str(folder)).splitlines()]


@pytest.mark.timeout(600)
def test_each_of_many_hostile_files_is_read_or_refused_in_words(told: list[dict[str, Any]]) -> None:
    assert len(told) >= 60
    assert {one["what"]: one["answer"] for one in told if one["answer"] not in CODES} == {}
    assert [one["what"] for one in told if one["answer"] != "read" and (one["status"] != 422 or not one["words"].startswith("“"))] == []


def test_the_laws_of_the_limits_stand() -> None:
    assert (MEGABYTES <= MEGABYTES_AT_MOST, SECONDS < SECONDS_AT_MOST) == (True, True)


def test_none_takes_longer_or_more_memory_than_allowed(told: list[dict[str, Any]]) -> None:
    assert {one["what"]: one["seconds"] for one in told if one["seconds"] > SECONDS_AT_MOST} == {}
    assert max(one["child_mb"] for one in told) <= MEGABYTES_AT_MOST


def test_the_process_that_answers_pages_does_not_grow(told: list[dict[str, Any]]) -> None:
    assert told[-1]["highest_kib"] < OWN_AT_MOST_KIB


def test_what_is_a_bomb_is_never_read(told: list[dict[str, Any]]) -> None:
    bombs = [
        one for one in told if any(word in one["what"] for word in ("150 MB", "archives", "laughs", "50,000 times", "overlap", "bomb"))
    ]
    assert len(bombs) >= 9
    assert [one["what"] for one in bombs if one["answer"] == "read"] == []


def test_without_the_limits_a_bomb_of_a_few_kilobytes_grows() -> None:
    bomb = hostile_files.one_text(50_000)
    assert len(bomb) < 500_000
    done = subprocess.run([sys.executable, "-c", GROWING], input=bomb, capture_output=True, check=False, timeout=120)
    starved = done.returncode != 0 and b"memory" in done.stderr
    assert starved or int(done.stdout) > MEGABYTES_AT_MOST


@pytest.mark.parametrize("name", hostile_files.NAMES)
def test_no_name_leads_anywhere(name: str) -> None:
    plain = plain_name(name)
    assert len(plain) <= 120
    assert not {"/", "\\", "\x00", "\r", "\n", "\u202e"}.intersection(plain)
    assert not plain.startswith(".")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg/>"),
        ("a.html", b"<script/>"),
        ("a.xlsm", hostile_files.xlsx(parts={"xl/vbaProject.bin": b"x"})),
        ("a.xlsx", hostile_files.xlsx(parts={"xl/vbaProject.bin": b"x"})),
        ("a.pdf", b"\x89PNG\r\n\x1a\n"),
        ("a.png", b"%PDF-1.7"),
        ("a.jpg", b"<svg onload=alert(1)>"),
        ("a.docx", hostile_files.xlsx()),
        ("a.txt", b"a\x00b"),
        ("a.exe", b"MZ"),
        ("a.pdf.exe", b"%PDF-"),
        ("a", b"%PDF-"),
    ],
)
def test_attachments_are_what_they_are_called_or_refused(name: str, content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        check_file(name, content)
    assert refused.value.status == 422
