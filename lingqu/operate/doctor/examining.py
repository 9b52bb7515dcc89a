"""The whole examination: every check on what was found, written down for the page that shows it."""

from __future__ import annotations

import msgspec

from lingqu.config.condition import FILE, Condition, Found, Verdict
from lingqu.config.home import Home
from lingqu.operate.backup.kept import write_whole
from lingqu.operate.doctor import installation, keeping, server
from lingqu.operate.doctor.facts import Facts
from lingqu.operate.doctor.judging import worst
from lingqu.operate.doctor.looking import look


def judge(facts: Facts) -> list[Found]:
    """Return every check on what was found; of a database that cannot be reached only that."""
    checks = [server.judge_reached(facts)]
    if facts.server is not None:
        seen = facts.server
        one_by_one = (
            server.judge_version, server.judge_durable, server.judge_isolation, server.judge_roles, server.judge_migrations,
            server.judge_connections, server.judge_age,
        )  # fmt: skip
        checks += [check(seen) for check in one_by_one]
        checks += [server.judge_queue(seen.queue), server.judge_worker(seen.queue), server.judge_clock(facts, seen)]
        checks += [keeping.judge_archive(facts, seen), installation.judge_calendar(facts), installation.judge_second_factor(facts)]
    checks += [check(facts) for check in (keeping.judge_backup, keeping.judge_drill, keeping.judge_disks)]
    checks += [
        check(facts)
        for check in (installation.judge_secrets, installation.judge_debug, installation.judge_hosts, installation.judge_origins)
    ]
    return checks


def examine(home: Home) -> Condition:
    """Look at an installation, judge it, write the result into the data folder for the page, and return it.

    Refuses a folder that is no installation; an absent database is a result.
    """
    facts = look(home)
    checks = judge(facts)
    condition = Condition(facts.at, worst(Verdict.OK, *(check.verdict for check in checks)), tuple(checks))
    write_whole(home.path / FILE, msgspec.json.encode(condition))
    return condition
