"""The doctor's judgement: each check is well on a sound installation, and turned by what it is there to find."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from lingqu.base.text import Text
from lingqu.config.condition import Found, Verdict
from lingqu.operate.doctor.examining import judge
from lingqu.operate.doctor.facts import GIB, Disk, Facts, Files, Queue, Server, Settings

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SETTINGS = {
    "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "default_transaction_isolation": "read committed",
    "archive_mode": "on",
}  # fmt: skip
FILES = Files(
    disks=(Disk("data", 200 * GIB, 400 * GIB), Disk("backups", 200 * GIB, 400 * GIB)),
    first_backup_at=AT - timedelta(days=14),
    last_backup_at=AT - timedelta(hours=3),
    drill_at=AT - timedelta(days=3),
    drill_ok=True,
    drill_seconds=40.0,
)
SERVER = Server(settings=SETTINGS, years_known=(2026, 2027))
SOUND = Facts(at=AT, on=date(2026, 11, 23), files=FILES, server=SERVER)


def found(facts: Facts) -> dict[str, Found]:
    return {check.key: check for check in judge(facts)}


def with_server(**changes: object) -> Facts:
    return msgspec.structs.replace(SOUND, server=msgspec.structs.replace(SERVER, **changes))


def with_queue(**changes: object) -> Facts:
    return with_server(queue=msgspec.structs.replace(Queue(), **changes))


def with_setting(name: str, value: str) -> Facts:
    return with_server(settings=SETTINGS | {name: value})


def with_files(**changes: object) -> Facts:
    return msgspec.structs.replace(SOUND, files=msgspec.structs.replace(FILES, **changes))


def told(**changes: object) -> Facts:
    return msgspec.structs.replace(SOUND, settings=msgspec.structs.replace(Settings(), **changes))


def on_day(day: date, years: tuple[int, ...]) -> Facts:
    return msgspec.structs.replace(with_server(years_known=years), on=day)


BY_TLS = {"origins": ("https://books.example.com",), "secure_cookies": True}
BAD, WARN, OK = Verdict.BAD, Verdict.WARN, Verdict.OK
CASES = [
    ("database", BAD, msgspec.structs.replace(SOUND, server=None, unreachable=Text("拒绝", "refused"))),
    ("version", BAD, with_server(version=150013)),
    ("version", OK, with_server(version=150014)),
    ("durable", BAD, with_setting("fsync", "off")),
    ("durable", BAD, with_setting("full_page_writes", "off")),
    ("durable", BAD, with_setting("synchronous_commit", "off")),
    ("durable", OK, with_setting("synchronous_commit", "remote_apply")),
    ("isolation", BAD, with_setting("default_transaction_isolation", "repeatable read")),
    ("roles", BAD, with_server(role_powers=("BYPASSRLS",))),
    ("roles", BAD, with_server(owned=("orders_order",))),
    ("roles", BAD, with_server(ledger_rights=("ledger_posting UPDATE",))),
    ("roles", BAD, with_server(wrong_grants=("audit_fact",))),
    ("migrations", BAD, with_server(migrations_missing=1)),
    ("connections", WARN, with_server(connections=81)),
    ("connections", BAD, with_server(connections=96)),
    ("transactions", WARN, with_server(oldest_transaction=1_000_000_001)),
    ("transactions", BAD, with_server(oldest_transaction=1_500_000_001)),
    ("queue", WARN, with_queue(oldest_seconds=11 * 60)),
    ("queue", BAD, with_queue(oldest_seconds=61 * 60)),
    ("queue", WARN, with_queue(failed=1)),
    ("queue", BAD, with_queue(failed=21)),
    ("queue", WARN, with_queue(stalled=1)),
    ("worker", BAD, with_queue(heartbeat_seconds=None)),
    ("worker", BAD, with_queue(heartbeat_seconds=61.0)),
    ("clock", WARN, with_server(skew_seconds=-3.0)),
    ("clock", BAD, with_server(skew_seconds=31.0)),
    ("clock", BAD, with_server(last_fact_ahead=61.0)),
    ("clock", OK, with_server(last_fact_ahead=-86_400.0)),
    ("clock", WARN, with_files(clock_moved=-3600.0)),
    ("archive", BAD, with_files(archiving=False)),
    ("archive", BAD, with_files(archive_there=False)),
    ("archive", BAD, with_server(archive_failed=1)),
    ("archive", WARN, with_server(archive_waiting_seconds=121.0)),
    ("archive", BAD, with_setting("archive_mode", "off")),
    ("archive", OK, with_files(embedded=False, archiving=False)),
    ("calendar", WARN, on_day(date(2026, 12, 14), (2026,))),
    ("calendar", BAD, on_day(date(2026, 12, 15), (2026,))),
    ("calendar", BAD, on_day(date(2026, 6, 1), (2025,))),
    ("second_factor", WARN, with_server(signs_in=3, without_second_factor=1)),
    ("second_factor", BAD, told(second_factor="off")),
    ("second_factor", OK, told(second_factor="off", demo=True)),
    ("backup", BAD, with_files(last_backup_at=None, backups=0)),
    ("backup", WARN, with_files(last_backup_at=AT - timedelta(hours=27))),
    ("backup", BAD, with_files(last_backup_at=AT - timedelta(hours=51))),
    ("backup", WARN, with_files(restored_at=AT)),
    ("drill", BAD, with_files(drill_at=AT - timedelta(days=31))),
    ("drill", BAD, with_files(drill_ok=False)),
    ("drill", WARN, with_files(drill_at=None)),
    ("drill", BAD, with_files(drill_at=None, first_backup_at=AT - timedelta(days=31))),
    ("disk", WARN, with_files(disks=(Disk("data", 4 * GIB, 40 * GIB),))),
    ("disk", BAD, with_files(disks=(Disk("data", 200 * GIB, 400 * GIB), Disk("backups", GIB - 1, 40 * GIB)))),
    ("disk", OK, with_files(disks=(Disk("data", 30 * GIB, 4000 * GIB),))),
    ("secrets", BAD, told(open_files=("secrets.json",))),
    ("secrets", BAD, told(weak_secrets=("django_secret",))),
    ("debug", BAD, told(debug=True)),
    ("hosts", BAD, told(hosts=("*",), **BY_TLS)),
    ("hosts", BAD, told(hosts=(".example.com",), **BY_TLS)),
    ("tls", BAD, told(hosts=("books.example.com",), origins=("http://books.example.com",))),
    ("tls", WARN, told(hosts=("books.example.com",))),
    ("tls", BAD, told(origins=("https://*.example.com",))),
    ("tls", OK, told(hosts=("books.example.com",), origins=("https://books.example.com",), secure_cookies=True, proxies=1)),
]


def test_of_a_sound_installation_every_check_is_well_and_asks_for_nothing() -> None:
    checks = found(SOUND)
    assert {check.verdict for check in checks.values()} == {OK}
    assert {check.advice.zh for check in checks.values()} == {""}


@pytest.mark.parametrize(("key", "verdict", "facts"), CASES, ids=[f"{key}-{verdict}-{at}" for at, (key, verdict, _) in enumerate(CASES)])
def test_a_check_turns_with_what_it_is_there_to_find_and_no_other_does(key: str, verdict: Verdict, facts: Facts) -> None:
    checks = found(facts)
    assert checks[key].verdict is verdict
    assert bool(checks[key].advice.zh and checks[key].advice.en) == (verdict is not OK)
    assert {name for name, check in checks.items() if check.verdict is not OK} == ({key} if verdict is not OK else set())


def test_every_check_is_turned_bad_by_something_here() -> None:
    assert {check.key for check in judge(SOUND)} == {key for key, verdict, _ in CASES if verdict is BAD}


def test_a_demo_without_backups_is_looked_at_and_not_broken() -> None:
    facts = msgspec.structs.replace(with_files(last_backup_at=None, archiving=False, drill_ok=False), settings=Settings(demo=True))
    assert {name: check.verdict for name, check in found(facts).items() if check.verdict is not OK} == {
        "backup": WARN, "archive": WARN, "drill": WARN,
    }  # fmt: skip
