"""A process of its own: what it answers, what it may not, and what is told when it does not answer."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from lingqu.base import child
from lingqu.base.child import Child, ChildFailed
from lingqu.base.refusal import Refusal

MODULE = """
import os, sys, time
from lingqu.base.child import limit_self
word = sys.stdin.buffer.read().decode()
limit_self(megabytes=300, seconds=2)
if word == "write":
    with open({place!r}, "w") as file:
        file.write("x")
elif word == "eat":
    bytearray(2_000_000_000)
elif word == "spin":
    while True:
        pass
elif word == "sleep":
    time.sleep(60)
elif word == "fail":
    raise RuntimeError("a defect")
elif word == "by parts":
    for part in "123":
        print(part, end="", flush=True)
        time.sleep(0.2)
elif word == "environment":
    print(",".join(sorted(os.environ)), end="")
else:
    print(word, end="")
"""


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A module that does as it is told, beside ours."""
    (tmp_path / "told_what_to_do.py").write_text(MODULE.format(place=str(tmp_path / "written")))
    monkeypatch.setattr(child, "CODE", f"{child.CODE}{os.pathsep}{tmp_path}")
    yield "told_what_to_do"
    assert not (tmp_path / "written").exists() or (tmp_path / "written").stat().st_size == 0


def test_it_answers(worker: str) -> None:
    assert Child(worker, at_once=1, seconds=20).run("答".encode()) == "答".encode()


def test_much_goes_both_ways_at_once(worker: str) -> None:
    given = b"0123456789" * 300_000
    assert Child(worker, at_once=1, seconds=20).run(given) == given


def test_its_answer_is_taken_in_while_it_is_made(worker: str) -> None:
    taken: list[tuple[float, bytes]] = []
    Child(worker, at_once=1, seconds=20).feed(b"by parts", lambda piece: taken.append((time.monotonic(), piece)))
    assert b"".join(piece for _, piece in taken) == b"123"
    assert taken[-1][0] - taken[0][0] > 0.3


def test_who_cannot_take_the_answer_ends_it(worker: str) -> None:
    ours = Child(worker, at_once=1, seconds=20)
    with pytest.raises(ZeroDivisionError):
        ours.feed(b"by parts", lambda _: 1 // 0)
    assert ours.run(b"next") == b"next"


def test_it_gets_no_secrets(worker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:secret@host/x")
    known = Child(worker, at_once=1, seconds=20).run(b"environment").decode().split(",")
    assert set(known) - {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"} == {"PYTHONPATH", "PATH", "LANG", "RAYON_NUM_THREADS"}


@pytest.mark.parametrize(
    ("word", "slow", "starved"), [("eat", False, True), ("spin", True, False), ("write", False, False), ("fail", False, False)]
)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems know not all of these limits")
def test_what_it_may_not_ends_it(worker: str, word: str, slow: bool, starved: bool) -> None:
    with pytest.raises(ChildFailed) as failed:
        Child(worker, at_once=1, seconds=20).run(word.encode())
    assert (failed.value.slow, failed.value.starved) == (slow, starved)


def test_one_that_sleeps_is_ended_by_the_clock_and_its_place_is_free_again(worker: str) -> None:
    ours = Child(worker, at_once=1, seconds=0.5)
    with pytest.raises(ChildFailed) as failed:
        ours.run(b"sleep")
    assert failed.value.slow
    ours.seconds = 20
    assert ours.run(b"next") == b"next"


def test_who_finds_no_place_is_asked_to_come_back(worker: str) -> None:
    ours, start = Child(worker, at_once=1, seconds=2, wait=0.2), Barrier(5)
    told: list[object] = []

    def one() -> None:
        start.wait(30)
        try:
            ours.run(b"sleep")
        except Refusal as refusal:
            told.append((refusal.code, refusal.status))
        except ChildFailed:
            told.append("ended")

    threads = [Thread(target=one) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, told)) == sorted(map(str, [*[("busy", 503)] * 4, "ended"]))
