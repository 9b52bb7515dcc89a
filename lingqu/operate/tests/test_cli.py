"""The command line as scripts and people use it: each command in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from operator import itemgetter
from typing import Any

import psutil
import pytest

from lingqu.config.home import Home
from lingqu.operate import folder, ports, records
from lingqu.operate.tests.conftest import kill_all, server_processes

JSON = dict[str, Any]


@pytest.fixture(autouse=True)
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    chosen = ports.choose_free()
    monkeypatch.setenv("LINGQU_PORT", str(chosen))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return chosen


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "lingqu.operate.cli", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(*words: str) -> tuple[int, str, str]:
    process = start(*words)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def told(*words: str) -> tuple[int, JSON]:
    """Run a command with --json and return its exit status and its object."""
    status, out, err = run(*words, "--json")
    assert "Traceback" not in err
    return status, json.loads(out.splitlines()[-1])


def main_processes(home: Home) -> list[psutil.Process]:
    known = [records.read(home, name) for name in ("web", "worker")]
    return [process for record in known if record for process in record.processes()]


def test_the_whole_life_of_an_installation(private_home: Home, port: int) -> None:
    begun = time.monotonic()
    status, first = told("serve")
    took = time.monotonic() - begun
    assert (status, first["ok"], first["started"], first["address"]) == (0, True, ["web", "worker"], f"http://127.0.0.1:{port}/")
    status, second = told("serve")
    assert (status, second["started"], second["migrations_applied"]) == (0, [], 0)
    assert told("status")[1]["web"]["healthy"] is True

    kill_all([*main_processes(private_home), *server_processes(private_home)])
    status, after = told("status")
    assert (status, after["ok"], after["web"]["running"], after["database"]["running"]) == (1, False, False, False)
    begun = time.monotonic()
    status, third = told("serve")
    assert (status, third["started"]) == (0, ["web", "worker"])
    assert time.monotonic() - begun < took, "after everything was killed it serves again sooner than it was set up"

    main = records.read(private_home, "web")
    assert main is not None
    os.kill(main.pid, signal.SIGKILL)
    status, fourth = told("serve")
    assert (status, fourth["started"]) == (0, ["web"])

    status, last = told("stop")
    assert (status, last["stopped"]) == (0, ["web", "worker", "database"])
    assert told("stop") == (0, {"ok": True, "stopped": []})
    assert main_processes(private_home) + server_processes(private_home) == []


def test_in_the_foreground_a_signal_ends_everything_and_a_death_is_told(demo_home: Home) -> None:
    for ending, expected in (("signal", 0), ("death", 1)):
        with start("serve", "--foreground", "--json") as process:
            assert process.stderr is not None
            assert any("Lingqu serves at" in line for line in process.stderr)
            refused = told("serve", "--foreground")
            assert (refused[0], refused[1]["code"]) == (1, "already_serving")
            worker = records.read(demo_home, "worker")
            assert worker is not None
            os.kill(process.pid if ending == "signal" else worker.pid, signal.SIGTERM if ending == "signal" else signal.SIGKILL)
            out, _ = process.communicate(timeout=30)
        assert process.returncode == expected
        assert json.loads(out.splitlines()[-1])["ended_by_itself"] == (None if ending == "signal" else "worker")
        assert main_processes(demo_home) + server_processes(demo_home) == []


def test_a_port_taken_by_another_program_is_refused_before_anything_is_made(private_home: Home, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        status, refused = told("serve")
    assert (status, refused["ok"], refused["code"]) == (1, False, "port_taken")
    assert str(port) in refused["error"]["en"]
    assert "LINGQU_PORT" in refused["error"]["zh"]
    assert str(os.getpid()) in refused["error"]["en"]
    assert not private_home.database.exists()


def test_an_address_that_is_not_this_machine_s_is_refused(private_home: Home) -> None:
    status, refused = told("serve", "--host", "203.0.113.5")
    assert (status, refused["code"]) == (1, "cannot_listen")
    assert not private_home.database.exists()


def test_a_setup_that_was_killed_is_taken_up_by_two_at_once_and_another_is_quick(private_home: Home) -> None:
    process = start("setup")
    while not (private_home.logs / "migrate.log").exists():
        assert process.poll() is None
    process.kill()
    process.communicate()
    both = [start("setup", "--json") for _ in range(2)]
    second, first = sorted(
        (json.loads(one.communicate(timeout=120)[0].splitlines()[-1]) for one in both), key=itemgetter("migrations_applied")
    )
    assert (second["ok"], first["ok"], second["migrations_applied"], first["migrations_applied"] > 0) == (True, True, 0, True)
    status, another = told("setup")
    assert (status, another["migrations_applied"]) == (0, 0)
    assert another["seconds"] < first["seconds"] / 3


@pytest.mark.parametrize("value", ["eighty", "0", "-1", "65536"])
def test_a_port_that_is_none_is_told_in_one_sentence(private_home: Home, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LINGQU_PORT", value)
    status, out, err = run("serve")
    assert (status, out, err) == (1, "", "LINGQU_PORT must be a number from 1 to 65535.\n")


def test_words_come_in_the_language_of_the_terminal(private_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run("stop") == (0, "没有正在运行的进程\n", "")
    assert "停止本数据文件夹的所有进程" in run("--help")[1]


def test_a_reset_empties_a_data_folder_and_no_other_folder(private_home: Home) -> None:
    private_home.path.mkdir()
    precious = private_home.path / "thesis.txt"
    precious.write_text("years of work", "utf-8")
    status, refused = told("demo", "--reset")
    assert (status, refused["code"]) == (1, "not_a_home")
    assert precious.exists()

    precious.unlink()
    folder.prepare(private_home)
    (private_home.path / "uploads").mkdir()
    (private_home.path / "uploads" / "paper.pdf").write_bytes(b"%PDF")
    folder.wipe(private_home)
    assert sorted(entry.name for entry in private_home.path.iterdir()) == [folder.MARKER, "run"]


def test_a_wrong_database_url_is_one_sentence_on_the_command_line(private_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://keeper:hidden@127.0.0.1:1/books")
    status, out, err = run("setup")
    assert (status, out) == (1, "")
    assert err.startswith("The database books on 127.0.0.1:1 cannot be reached as keeper: ")
    assert err.count("\n") == 1
    assert "hidden" not in err
