"""The embedded server: it starts once, starts again after anything, and lets nobody in without a password."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
import pytest
from psycopg import sql

from lingqu.base.refusal import Refusal
from lingqu.config.home import Home
from lingqu.operate import folder, postgres
from lingqu.operate.connecting import open_connection
from lingqu.operate.tests.conftest import as_root, kill_all, server_processes

START = """
from lingqu.config.home import current_home
from lingqu.operate import postgres
print(postgres.start(current_home()))
"""
Runner = Callable[[str, Home], "subprocess.Popen[str]"]


def ask(home: Home, question: LiteralString) -> str:
    """Return one value that the superuser of the embedded server reads."""
    with open_connection(postgres.superuser(home)) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


def keep_something(home: Home) -> None:
    with open_connection(postgres.superuser(home)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")


def test_of_two_starts_at_once_exactly_one_starts_it_and_both_find_it_running(private_home: Home, run_python: Runner) -> None:
    both = [run_python(START, private_home) for _ in range(2)]
    said = sorted(process.communicate(timeout=120)[0].strip() for process in both)
    assert said == ["False", "True"]
    assert [process.returncode for process in both] == [0, 0]
    assert ask(private_home, "SELECT 1") == "1"


def test_the_server_is_utf8_durable_and_asks_everybody_for_a_password(private_home: Home) -> None:
    assert postgres.start(private_home)
    wanted = {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "100",
        "shared_buffers": "256MB",
        "TimeZone": "UTC",
        "jit": "off",
    }
    with open_connection(postgres.superuser(private_home)) as connection:
        shown = {name: connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone() for name in wanted}
    assert shown == {name: (value,) for name, value in wanted.items()}
    assert ask(private_home, "SELECT concat(datlocprovider, ' ', datlocale) FROM pg_database WHERE datname = 'template1'") == "b C.UTF-8"
    assert ask(private_home, "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules") == "scram-sha-256"
    for password in ("", "guess"):
        with pytest.raises(psycopg.OperationalError):
            open_connection(postgres.superuser(private_home) | {"password": password}).close()
    assert stat.S_IMODE(private_home.database.stat().st_mode) == 0o700
    assert stat.S_IMODE(private_home.secrets_file.stat().st_mode) == 0o600


def test_it_starts_again_after_all_its_processes_were_killed_and_keeps_what_was_committed(private_home: Home) -> None:
    postgres.start(private_home)
    keep_something(private_home)
    kill_all(server_processes(private_home))
    assert postgres.start(private_home)
    assert ask(private_home, "SELECT seven FROM kept") == "7"


def test_it_starts_again_when_only_the_main_process_was_killed_and_a_backend_still_works(private_home: Home) -> None:
    postgres.start(private_home)
    # In a loop without a wait, a backend does not notice that its parent has gone.
    with closing(open_connection(postgres.superuser(private_home))) as busy:
        busy.pgconn.send_query(b"DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$")
        busy.pgconn.flush()
        os.kill(int((private_home.database / "postmaster.pid").read_text("utf-8").split()[0]), signal.SIGKILL)
        assert postgres.start(private_home)
        assert ask(private_home, "SELECT 1") == "1"


def test_a_pid_file_that_names_a_living_foreign_process_stands_in_nobodys_way(private_home: Home) -> None:
    postgres.start(private_home)
    left = (private_home.database / "postmaster.pid").read_text("utf-8").splitlines()
    kill_all(server_processes(private_home))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as foreign:
        (private_home.database / "postmaster.pid").write_text("\n".join([str(foreign.pid), *left[1:]]) + "\n", "utf-8")
        assert not postgres.running(private_home)
        assert postgres.start(private_home)
        assert postgres.stop(private_home)
        assert foreign.poll() is None
        foreign.kill()


def test_a_half_made_data_folder_is_made_anew(private_home: Home) -> None:
    folder.prepare(private_home)
    half = private_home.path / "database.new-1"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert postgres.start(private_home)
    assert not half.exists()
    assert ask(private_home, "SELECT 1") == "1"


def test_an_initialisation_that_was_killed_is_repeated(private_home: Home, run_python: Runner) -> None:
    process = run_python(START, private_home)
    while not list(private_home.path.glob("database.new*/data/base")):
        assert process.poll() is None
    process.kill()
    process.wait()
    assert postgres.start(private_home)
    assert ask(private_home, "SELECT 1") == "1"
    assert not list(private_home.path.glob("database.new*"))


def test_a_taken_port_is_exchanged_for_another_one_that_is_remembered(private_home: Home) -> None:
    postgres.start(private_home)
    before = private_home.server_port()
    assert before is not None
    postgres.stop(private_home)
    with socket.create_server(("127.0.0.1", before)):
        assert postgres.start(private_home)
    assert private_home.server_port() != before
    assert json.loads(private_home.server_file.read_text("utf-8")) == {"port": private_home.server_port()}


def test_starting_does_not_keep_the_pipes_of_the_caller_open(private_home: Home) -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "True\n"
    assert postgres.running(private_home)
    main = int((private_home.database / "postmaster.pid").read_text("utf-8").split()[0])
    assert os.getsid(main) == main


def test_a_foreign_password_is_told_at_once_and_not_after_two_minutes(private_home: Home) -> None:
    postgres.start(private_home)
    postgres.stop(private_home)
    private_home.secrets_file.unlink()
    with pytest.raises(Refusal, match="put the right secrets"):
        postgres.start(private_home)


def test_a_folder_that_others_may_enter_is_refused_and_not_repaired(private_home: Home) -> None:
    postgres.start(private_home)
    postgres.stop(private_home)
    private_home.database.chmod(0o755)
    with pytest.raises(Refusal, match="chmod 0700"):
        postgres.start(private_home)
    private_home.database.chmod(0o700)


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(private_home: Home) -> None:
    private_home.path.mkdir()
    (private_home.path / "thesis.txt").write_text("years of work")
    with pytest.raises(Refusal, match=r"thesis\.txt"):
        postgres.start(private_home)
    with pytest.raises(Refusal, match="marker"):
        folder.wipe(private_home)
    assert [entry.name for entry in private_home.path.iterdir()] == ["thesis.txt"]


@as_root
def test_root_in_a_private_folder_serves_without_opening_a_parent(private_home: Home) -> None:
    parents = {path: path.stat().st_mode for path in private_home.path.parents}
    assert postgres.start(private_home)
    assert private_home.database.stat().st_uid == 0
    assert {path: path.stat().st_mode for path in private_home.path.parents} == parents
    postgres.stop(private_home)
    assert postgres.start(private_home)


def users_of(found: list[psutil.Process]) -> set[int]:
    """Return whose these processes are; one that serves a connection may have ended since it was found."""
    users = set()
    for process in found:
        with suppress(psutil.NoSuchProcess):
            users.add(process.uids().real)
    return users


@as_root
def test_root_in_an_open_folder_serves_as_an_unprivileged_user(open_home: Home) -> None:
    assert postgres.start(open_home)
    owner = open_home.database.stat().st_uid
    assert owner != 0
    assert users_of(server_processes(open_home)) == {owner}
    postgres.stop(open_home)
    assert postgres.start(open_home)


@as_root
def test_a_folder_made_in_private_serves_in_the_open_and_the_other_way(private_home: Home, open_home: Home) -> None:
    postgres.start(private_home)
    keep_something(private_home)
    postgres.stop(private_home)
    moved = Home(open_home.path.parent / "moved")
    private_home.path.rename(moved.path)
    assert postgres.start(moved)
    assert ask(moved, "SELECT seven FROM kept") == "7"
    postgres.stop(moved)

    postgres.start(open_home)
    postgres.stop(open_home)
    open_home.path.parent.chmod(0o700)
    assert postgres.start(open_home)
    postgres.stop(open_home)
    open_home.path.parent.chmod(0o755)


def without(tools: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let these programs fail, as they do where the machine forbids what they ask for."""
    folder.mkdir()
    for tool in tools:
        (folder / tool).write_text("#!/bin/sh\nexit 1\n")
        (folder / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@as_root
def test_root_in_a_private_folder_serves_where_namespaces_are_forbidden(
    private_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(["unshare"], tmp_path / "tools", monkeypatch)
    assert postgres.start(private_home)
    assert private_home.database.stat().st_uid != 0
    main = int((private_home.database / "postmaster.pid").read_text("utf-8").split()[0])
    held = next(line for line in Path(f"/proc/{main}/status").read_text("ascii").splitlines() if line.startswith("CapEff"))
    assert held.split()[1] == f"{1 << 1:016x}"
    postgres.stop(private_home)
    monkeypatch.undo()
    assert postgres.start(private_home)


@as_root
def test_root_that_no_way_is_left_to_is_told_the_folder_and_what_to_do(
    private_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(["unshare", "setpriv"], tmp_path / "tools", monkeypatch)
    with pytest.raises(Refusal, match="move the program and LINGQU_HOME") as refused:
        postgres.start(private_home)
    assert str(private_home.path) in refused.value.text.zh
    assert "DATABASE_URL" in refused.value.text.en
