"""Which processes `lingqu stop` may end: the ones it started, and what those left behind, and no other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from lingqu.config.home import Home
from lingqu.operate import folder, pids, processes, records

SLEEPER = "import time; time.sleep(60)"
# A main process with a worker; both would sleep on.
FAMILY = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', '{SLEEPER}']).pid, flush=True); {SLEEPER}"


@pytest.fixture
def foreign() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", SLEEPER], start_new_session=True) as process:
        yield process
        process.kill()


def record(process: subprocess.Popen[bytes], *, birth: str | None = None, token: str = "token") -> records.Record:
    return records.Record("web", process.pid, birth or pids.birth(process.pid) or "", token, "127.0.0.1", 1, None)


def test_a_foreign_process_that_has_got_the_number_of_ours_is_left_alone(private_home: Home, foreign: subprocess.Popen[bytes]) -> None:
    folder.prepare(private_home)
    records.write(private_home, record(foreign, birth="long ago"))
    assert processes.stop(private_home) == []
    assert foreign.poll() is None
    assert records.read(private_home, "web") is None


def test_a_process_without_our_token_is_left_alone_even_if_number_and_start_agree(
    private_home: Home, foreign: subprocess.Popen[bytes]
) -> None:
    folder.prepare(private_home)
    records.write(private_home, record(foreign))
    assert processes.stop(private_home) == []
    assert foreign.poll() is None


def test_the_workers_of_a_killed_process_are_ended_too(private_home: Home, foreign: subprocess.Popen[bytes]) -> None:
    folder.prepare(private_home)
    environment = os.environ | {records.TOKEN: "token"}
    with subprocess.Popen([sys.executable, "-c", FAMILY], stdout=subprocess.PIPE, start_new_session=True, env=environment) as main:
        assert main.stdout is not None
        worker = int(main.stdout.readline())
        records.write(private_home, record(main))
        main.kill()
        main.wait()
        known = records.read(private_home, "web")
        assert known is not None
        assert not known.alive
        assert [process.pid for process in known.processes()] == [worker]
        assert processes.stop(private_home) == ["web"]
        assert pids.birth(worker) is None
    assert foreign.poll() is None


def test_a_process_whose_command_was_killed_before_it_could_write_a_record_is_ended_too(
    private_home: Home, foreign: subprocess.Popen[bytes]
) -> None:
    folder.prepare(private_home)
    environment = os.environ | {records.TOKEN: "token", "LINGQU_HOME": str(private_home.path)}
    others = environment | {"LINGQU_HOME": str(private_home.path.parent)}
    with (
        subprocess.Popen([sys.executable, "-c", SLEEPER], env=environment) as stray,
        subprocess.Popen([sys.executable, "-c", SLEEPER], env=others) as neighbour,
    ):
        assert [process.pid for process in records.of_home(private_home)] == [stray.pid]
        processes.stop(private_home)
        assert stray.wait() == -9
        assert neighbour.poll() is None
        neighbour.kill()
    assert foreign.poll() is None


def test_a_process_that_ignores_the_request_is_killed(private_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "TERM_SECONDS", 0.3)
    folder.prepare(private_home)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); " + SLEEPER
    environment = os.environ | {records.TOKEN: "token"}
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True, env=environment) as main:
        assert main.stdout is not None
        main.stdout.readline()
        records.write(private_home, record(main))
        begun = time.monotonic()
        assert processes.stop(private_home) == ["web"]
        assert main.wait() == -9
        assert time.monotonic() - begun < 5


def test_a_damaged_record_counts_as_none(private_home: Home) -> None:
    folder.prepare(private_home)
    (folder.run_folder(private_home) / "web.json").write_text("{", "utf-8")
    assert records.read(private_home, "web") is None
    assert processes.stop(private_home) == []


def test_stopping_what_was_never_made_makes_nothing(private_home: Home) -> None:
    assert processes.stop(private_home) == []
    assert not private_home.path.exists()
