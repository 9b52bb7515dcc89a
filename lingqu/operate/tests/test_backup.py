"""Backups on a real server: what was confirmed comes back to the second, and what is not whole is never taken for a backup."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from psycopg import sql

from lingqu.base.clock import now
from lingqu.base.refusal import Refusal
from lingqu.config.condition import read_condition
from lingqu.config.home import Home, named_server
from lingqu.config.home import connection as parts_of
from lingqu.operate import archiving, assets, folder, postgres, roles
from lingqu.operate.backup import kept, restore
from lingqu.operate.backup.drill import drill
from lingqu.operate.backup.kept import Kept
from lingqu.operate.backup.take import take
from lingqu.operate.cli import main
from lingqu.operate.doctor.examining import judge
from lingqu.operate.doctor.looking import look
from tests.databases import HOME

TAKE = "from lingqu.config.home import current_home\nfrom lingqu.operate.backup.take import take\ntake(current_home())"
CHANNEL = """
INSERT INTO notices_channel
    (kind, firm_id, name, address, secret, kinds, language, host, port, "user", security, active, made_by_id, made_at)
SELECT 'wecom', (SELECT min(id) FROM organisation_firm), 'robot', 'https://localhost/', '', '{}', 'zh', '', 0, '', 'tls', true,
       (SELECT min(id) FROM organisation_person), now()
"""
WAITING = """
INSERT INTO notices_sending (channel_id, key, payload, stable_id, state, once, attempts, made_at, next_at, answer_code, last_error)
SELECT id, 'told', '{}', gen_random_uuid(), 'waiting', false, 0, now(), now(), '', '' FROM notices_channel WHERE name = 'robot'
"""
LINK = """
INSERT INTO organisation_resetlink (person_id, digest, made_by_id, made_at, until)
SELECT min(id), 'of a link', min(id), now(), now() + interval '1 day' FROM organisation_person
"""
FACT_TO_COME = """
INSERT INTO audit_fact (at, verb, subject, subject_id, before, after, regulation)
VALUES (now() + interval '1 hour', 'x', 'x', 0, '{}', '{}', '')
"""


def url_of(home: Home, database: str) -> str:
    parts = parts_of(home, "owner", database=database)
    return f"postgresql://{parts['user']}:{parts['password']}@{parts['host']}:{parts['port']}/{database}"


@pytest.fixture(scope="module")
def dump(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Give a dump of the suite's own database, taken as from a named server."""
    from django.db import connections

    giver = Home(tmp_path_factory.mktemp("named") / "home")
    folder.prepare(giver)
    giver.secrets()
    with pytest.MonkeyPatch.context() as patch:
        name = connections["default"].settings_dict["NAME"]
        patch.setenv("DATABASE_URL", os.environ["DATABASE_URL"] if named_server() else url_of(HOME, name))
        done = take(giver)
    assert (done["kind"], done["point_in_time"]) == ("dump", False)
    return kept.find(kept.backups_folder(giver), "latest")


@pytest.fixture(scope="module")
def home(dump: Kept, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Give an installation with an embedded server, made from the dump; it holds what the suite's small world holds."""
    made = Home(tmp_path_factory.mktemp("installation") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("LINGQU_HOME", str(made.path))
        restore.load(dump, made, to=None, report=None)
        with closing(roles.connect(made, "owner")) as owner:
            roles.grant(owner)
        with_static(made)
        yield made
        postgres.stop(made)


def with_static(home: Home) -> None:
    """Let the installation think that its styles are made: no test here looks at a page."""
    (home.path / "static").mkdir(exist_ok=True)
    (home.path / "static" / assets.MARK).write_text(assets._fingerprint(), "utf-8")


@pytest.fixture(scope="module")
def backup(home: Home) -> Kept:
    """Give a backup of the installation, with a message that waits to be sent and a session in it."""
    with closing(roles.connect(home, "owner")) as owner:
        owner.execute("CREATE TABLE mark (at timestamptz NOT NULL DEFAULT clock_timestamp())")
        roles.grant(owner)
        owner.execute(CHANNEL)
        owner.execute(WAITING)
        owner.execute("INSERT INTO django_session VALUES ('key', 'data', now() + interval '1 day')")
        owner.execute(LINK)
    done = take(home)
    assert (done["kind"], done["point_in_time"], done["kept"]) == ("server", True, 1)
    return kept.find(kept.backups_folder(home), "latest")


def add_marks(home: Home, count: int) -> datetime:
    """Confirm rows, wait for the next full second, and return it: what is confirmed later is after it."""
    with closing(roles.connect(home, "owner")) as owner:
        for _ in range(count):
            owner.execute("INSERT INTO mark DEFAULT VALUES")
    moment = now().replace(microsecond=0) + timedelta(seconds=1)
    while now() < moment + timedelta(milliseconds=50):
        time.sleep(0.02)
    return moment


def switch_log(home: Home) -> None:
    """Let the server hand over its log now, as it does by itself after 45 s, and wait until the archive has it."""
    with closing(roles.open_connection(postgres.superuser(home))) as admin:
        last = admin.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        assert last is not None
        archive = archiving.archive_folder(home)
        assert archive is not None
        deadline = time.monotonic() + 30
        while not (archive / f"{last[0]}.gz").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)


def value(home: Home, question: str) -> Any:
    with closing(roles.connect(home, "owner")) as owner:
        row = owner.execute(sql.SQL(question)).fetchone()
    return None if row is None else row[0]


def test_a_backup_is_private_whole_and_says_what_it_is(home: Home, backup: Kept) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in backup.path.rglob("*") if path.is_file()} == {0o600}
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o700
    kept.check_whole(backup)
    assert backup.told.rows["django_migrations"] == value(home, "SELECT count(*) FROM django_migrations")
    last = json.loads((home.path / "backups.json").read_text("utf-8"))
    assert (last["name"], datetime.fromisoformat(last["last"])) == (backup.name, backup.told.made_at)
    assert value(home, "SELECT current_setting('archive_timeout')") == "45s"


def test_the_installation_comes_back_to_the_second_with_the_exact_rows_and_serves_nothing_twice(
    home: Home, backup: Kept, tmp_path: Path
) -> None:
    before = value(home, "SELECT count(*) FROM mark")
    moment = add_marks(home, 7)
    add_marks(home, 5)
    switch_log(home)
    second = Home(tmp_path / "second")
    told = restore.restore(backup, second, to=moment)
    try:
        assert told["ok"], [check for check in told["checks"] if not check["ok"]]
        assert (told["messages_not_sent"], told["sessions_ended"]) == (1, 1)
        postgres.start(second)
        assert value(second, "SELECT count(*) FROM mark") == before + 7
        assert value(second, "SELECT max(at) FROM mark") < moment
        assert value(second, "SELECT concat(state, ' ', answer_code) FROM notices_sending WHERE key = 'told'") == "given_up restored"
        assert value(second, "SELECT withdrawn_at IS NOT NULL FROM organisation_resetlink WHERE digest = 'of a link'") is True
        assert value(second, "SELECT count(*) FROM audit_fact WHERE verb = 'restored' AND subject = 'installation'") == 1
        assert value(second, "SELECT pg_is_in_recovery()") is False
        assert second.secrets() == home.secrets()
        assert stat.S_IMODE(second.secrets_file.stat().st_mode) == 0o600
        # It keeps no log in the first one's archive: two lives would else write pieces of one name.
        assert archiving.archive_folder(second) is None
    finally:
        postgres.stop(second)
    assert value(home, "SELECT count(*) FROM mark") == before + 12
    assert not list(second.path.parent.glob("*.restoring"))


def verdicts(home: Home) -> dict[str, str]:
    return {check.key: check.verdict.value for check in judge(look(home)) if check.verdict.value == "bad"}


def test_the_doctor_finds_what_is_wrong_with_a_real_installation(home: Home, backup: Kept) -> None:
    # No worker runs here.
    assert verdicts(home) == {"worker": "bad"} | ({"second_factor": "bad"} if os.environ.get("LINGQU_SECOND_FACTOR") == "off" else {})
    sound = verdicts(home)
    for key, wrong, well in (
        ("roles", "GRANT UPDATE ON ledger_posting TO lingqu_app", "REVOKE UPDATE ON ledger_posting FROM lingqu_app"),
        ("roles", "ALTER TABLE mark OWNER TO lingqu_app", "ALTER TABLE mark OWNER TO lingqu_owner"),
        ("roles", "ALTER ROLE lingqu_app BYPASSRLS", "ALTER ROLE lingqu_app NOBYPASSRLS"),
        ("durable", "ALTER ROLE lingqu_app SET synchronous_commit = off", "ALTER ROLE lingqu_app RESET synchronous_commit"),
        (
            "isolation",
            "ALTER ROLE lingqu_app SET default_transaction_isolation = 'serializable'",
            "ALTER ROLE lingqu_app RESET default_transaction_isolation",
        ),
        (
            "queue",
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES ('default', 'x', now() - interval '2 hours')",
            "DELETE FROM procrastinate_jobs WHERE task_name = 'x'",
        ),
        (
            "clock",
            FACT_TO_COME,
            "DELETE FROM audit_fact WHERE verb = 'x'",
        ),
        ("migrations", "UPDATE django_migrations SET name = name || '?' WHERE app = 'audit'",
         "UPDATE django_migrations SET name = rtrim(name, '?') WHERE app = 'audit'"),
    ):  # fmt: skip
        with closing(roles.open_connection(postgres.superuser(home, database="lingqu"))) as admin:
            admin.execute(sql.SQL(wrong))
            assert verdicts(home) == sound | {key: "bad"}, wrong
            admin.execute(sql.SQL(well))
        with closing(roles.connect(home, "owner")) as owner:
            roles.grant(owner)  # a table that goes to another owner and back loses its grants
    home.secrets_file.chmod(0o640)
    assert verdicts(home) == sound | {"secrets": "bad"}
    home.secrets_file.chmod(0o600)
    archive = archiving.archive_folder(home)
    assert archive is not None
    away = archive.with_name("unplugged")
    archive.rename(away)
    assert verdicts(home) == sound | {"archive": "bad"}
    away.rename(archive)
    assert verdicts(home) == sound


def test_the_commands_say_by_exit_status_and_json_how_it_ended(home: Home, backup: Kept) -> None:
    def told(*words: str) -> tuple[int, dict[str, Any]]:
        done = CliRunner().invoke(main, [*words, "--json"])
        return done.exit_code, json.loads(done.stdout.splitlines()[-1])

    status, found = told("doctor")
    condition = read_condition(home)
    assert condition is not None
    assert (status, found["ok"], found["verdict"]) == (1, False, "bad")
    assert {check.key for check in condition.checks} == {check["key"] for check in found["checks"]}
    for words, code in (
        (("restore", "latest"), "home_holds_data"),
        (("restore", "20200101T000000Z"), "no_backup"),
        (("restore", "latest", "--to", "soon"), "bad_time"),
        (("backup", "--to", str(home.path / "inside")), "backup_inside_home"),
    ):
        status, refused = told(*words)
        assert (status, refused["ok"], refused["code"]) == (1, False, code)
        assert refused["error"]["zh"]


def test_a_drill_proves_the_newest_backup_and_leaves_nothing_but_its_result(home: Home, backup: Kept) -> None:
    told = drill(home)
    assert told["ok"], told
    assert (told["backup"], told["wrong"], told["lost_rows_in"], told["amcheck"]) == (backup.name, [], [], "ok")
    assert json.loads((home.path / "drill.json").read_text("utf-8")) == told
    assert sorted(path.name for path in home.path.parent.iterdir()) == ["home", "home-backups"]


def test_a_drill_finds_lost_rows_and_a_backup_that_is_not_there(home: Home, backup: Kept, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    with pytest.raises(Refusal) as refused:
        drill(home, source=Kept(tmp_path / "backups" / "20260101T000000Z", backup.told))
    assert refused.value.code == "backup_damaged"
    assert json.loads((home.path / "drill.json").read_text("utf-8"))["ok"] is False


def test_a_backup_that_was_killed_leaves_nothing_that_looks_like_one_and_the_next_clears_it(home: Home, backup: Kept) -> None:
    place = backup.path.parent
    known = [one.name for one in kept.kept_in(place)]
    environment = os.environ | {"LINGQU_HOME": str(home.path)}
    with subprocess.Popen([sys.executable, "-c", TAKE], env=environment, start_new_session=True) as process:
        while not list(place.glob(f"{kept.MAKING}*/server/base.tar.gz")):
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert [one.name for one in kept.kept_in(place)] == known
    assert list(place.glob(f"{kept.MAKING}*"))
    with pytest.raises(Refusal) as refused:
        kept.find(place, next(place.glob(f"{kept.MAKING}*")).name)
    assert refused.value.code == "no_backup"
    done = take(home)
    assert done["kept"] == len(known) + 1
    assert not list(place.glob(f"{kept.MAKING}*"))
    shutil.rmtree(done["path"])


def test_a_second_backup_at_the_same_time_is_refused(home: Home, backup: Kept) -> None:
    with kept.alone(backup.path.parent), pytest.raises(Refusal) as refused:
        take(home)
    assert refused.value.code == "backup_busy"


def test_a_disk_without_room_is_told_before_anything_is_written(home: Home, backup: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(home.path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=kept.SPARE_BYTES))
    with pytest.raises(Refusal) as refused:
        take(home)
    assert refused.value.code == "no_space"
    assert not list(backup.path.parent.glob(f"{kept.MAKING}*"))


@pytest.mark.parametrize("damaged", ["server/base.tar.gz", "server/backup_manifest", "files.tar", "backup.json"])
def test_a_damaged_backup_is_refused_and_nothing_is_made_of_it(backup: Kept, tmp_path: Path, damaged: str) -> None:
    copy = tmp_path / backup.name
    shutil.copytree(backup.path, copy)
    shutil.copytree(backup.path.parent / backup.told.archive, tmp_path / backup.told.archive)
    content = bytearray((copy / damaged).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / damaged).write_bytes(content if damaged != "backup.json" else content[:100])
    with pytest.raises(Refusal) as refused:
        restore.restore(kept.find(tmp_path, backup.name), Home(tmp_path / "home"))
    assert refused.value.code == ("no_backup" if damaged == "backup.json" else "backup_damaged")
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "home.restoring").exists()


def test_a_restore_never_overwrites_data_and_asks_for_a_time_that_can_be_had(home: Home, backup: Kept, dump: Kept, tmp_path: Path) -> None:
    for code, source, where, to in (
        ("home_holds_data", backup, home, None),
        ("before_backup", backup, Home(tmp_path / "new"), backup.told.made_at - timedelta(hours=1)),
        ("dump_has_one_moment", dump, Home(tmp_path / "new"), now()),
    ):
        with pytest.raises(Refusal) as refused:
            restore.restore(source, where, to=to)
        assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []
    assert value(home, "SELECT 1") == 1


def test_a_folder_of_backups_inside_the_data_folder_is_refused(home: Home) -> None:
    with pytest.raises(Refusal) as refused:
        take(home, to=home.path / "backups")
    assert refused.value.code == "backup_inside_home"


FILLER = """
CREATE TABLE filler AS
SELECT number, md5(number::text) || md5((number * 7)::text) || md5((number * 13)::text) AS words FROM generate_series(1, %d) AS number
"""
GIGABYTE = 1024**3


@pytest.mark.soak
def test_a_gigabyte_is_backed_up_and_drilled_within_its_time(home: Home, backup: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(roles.connect(home, "owner")) as owner:
        owner.execute(sql.SQL(FILLER % 6_000_000))
        owner.execute("CREATE INDEX ON filler (words)")
        roles.grant(owner)
    assert value(home, "SELECT pg_database_size(current_database())") > GIGABYTE
    taken = take(home)
    told = drill(home)
    with capsys.disabled():
        sys.stdout.write(json.dumps({"backup": taken, "drill": told}, indent=2, ensure_ascii=False) + "\n")
    assert told["ok"], told
    assert told["backup"] == taken["backup"]
    # Fifteen minutes are promised for ten gigabytes (P30): unpacked, every file verified, recovered.
    restored_in = sum(told["parts"][part] for part in ("unpack_s", "verify_backup_s", "recover_s"))
    assert restored_in < 15 * 60 / 10 * told["database_bytes"] / GIGABYTE
    with closing(roles.connect(home, "owner")) as owner:
        owner.execute("DROP TABLE filler")


@pytest.mark.soak
def test_what_was_confirmed_a_minute_before_the_disk_was_lost_is_there(home: Home, backup: Kept, tmp_path: Path) -> None:
    before = value(home, "SELECT count(*) FROM mark")
    with closing(roles.connect(home, "owner")) as owner:
        deadline = time.monotonic() + 150
        confirmed = 0
        while time.monotonic() < deadline:
            owner.execute("INSERT INTO mark DEFAULT VALUES")
            confirmed += 1
            time.sleep(0.5)
    lost_at = now()
    second = Home(tmp_path / "second")
    told = restore.restore(backup, second)
    try:
        postgres.start(second)
        kept_until = value(second, "SELECT max(at) FROM mark")
        assert told["ok"], told
        assert before < value(second, "SELECT count(*) FROM mark") <= before + confirmed
        assert (lost_at - kept_until).total_seconds() <= 60
    finally:
        postgres.stop(second)
