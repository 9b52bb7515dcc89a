"""`python -m tools.audit`: the list of parts, and whether something known is wrong with one of them.

Ends with 0 when every package was looked up and nothing is wrong, or when the source cannot be reached (it says so, and never that all is
well); with 1 for a finding that is not accepted, or an acceptance that is over; with 2 where `LINGQU_AUDIT=required` asks for an answer and
there is none. `build/audit.json` holds the outcome.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from lingqu.base.clock import today
from tools import parts_list
from tools.locks import LOCKS, ROOT, lock_file

ACCEPTED: Final = ROOT / "requirements" / "accepted-findings.toml"
OUTCOME: Final = ROOT / "build" / "audit.json"
SOURCES: Final = ("pypi", "osv")
SECONDS: Final = 120
REACH_SECONDS: Final = 5
LONGEST_ACCEPTANCE: Final = 90
LEAST_REASON: Final = 20
NOT_AUDITED: Final = "not audited: source not reachable"
Run = Callable[[str, str], "dict[str, Any] | None"]


class Accepted(NamedTuple):
    """A finding that is known and does not hurt: why, and until when that is believed."""

    number: str
    package: str
    reason: str
    until: date


class Finding(NamedTuple):
    """Something known to be wrong with a package, and the versions that mend it."""

    package: str
    version: str
    number: str
    mended: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """What came of it: `looked_up` is None when no source answered for every package."""

    looked_up: int | None
    wrong: tuple[str, ...]
    passed_over: tuple[str, ...] = ()


def read_accepted(text: str, *, on: date) -> list[Accepted]:
    """Return the accepted findings; raises ValueError for one without a reason, or that is accepted for more than 90 days."""
    found = []
    for row in tomllib.loads(text).get("finding", []):
        one = Accepted(row["number"], row["package"], row["reason"].strip(), row["until"])
        if len(one.reason) < LEAST_REASON:
            message = f"{one.number}: say why it does not hurt"
            raise ValueError(message)
        if (one.until - on).days > LONGEST_ACCEPTANCE:
            message = f"{one.number}: at most {LONGEST_ACCEPTANCE} days ahead"
            raise ValueError(message)
        found.append(one)
    return found


def findings_of(told: dict[str, Any]) -> tuple[list[Finding], list[str]]:
    """Return the findings of a run, and the packages that were not looked up: a run that skipped one has not audited."""
    found, skipped = [], []
    for one in told["dependencies"]:
        if "skip_reason" in one:
            skipped.append(one["name"])
        found += [Finding(one["name"], one["version"], wrong["id"], tuple(wrong.get("fix_versions", ()))) for wrong in one.get("vulns", ())]
    return found, skipped


def judge(run: Run, accepted: list[Accepted], *, on: date) -> Outcome:
    """Ask for each lock one source after the other until one knows every package; take off what is accepted and not over."""
    found: dict[Finding, None] = {}
    looked_up = 0
    for lock in LOCKS:
        told = next((told for source in SOURCES if (told := run(lock, source)) is not None and not findings_of(told)[1]), None)
        if told is None:
            return Outcome(None, ())
        looked_up += len(told["dependencies"])
        found |= dict.fromkeys(findings_of(told)[0])
    known = {(one.number, one.package): one for one in accepted}
    wrong, passed_over = [], []
    for one in found:
        words = f"{one.package} {one.version}: {one.number}, mended in {', '.join(one.mended) or 'no version yet'}"
        excuse = known.get((one.number, one.package))
        if excuse and excuse.until >= on:
            passed_over.append(f"{words} (accepted until {excuse.until}: {excuse.reason})")
        else:
            wrong.append(f"{words}{f' (was accepted until {excuse.until})' if excuse else ''}")
    used = {(one.number, one.package) for one in found}
    gone = [one for key, one in known.items() if key not in used]
    wrong += [f"{one.number} of {one.package} is accepted, but there is no such finding: take it out" for one in gone]
    return Outcome(looked_up, tuple(wrong), tuple(passed_over))


def ask(lock: str, source: str) -> dict[str, Any] | None:
    """Let pip-audit ask a source about a lock; None when it got no answer."""
    words = [sys.executable, "-m", "pip_audit", "-r", str(lock_file(lock)), "--require-hashes", "--disable-pip", "--format", "json"]
    words += ["--progress-spinner", "off", "--timeout", str(REACH_SECONDS), "--vulnerability-service", source]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=SECONDS)
        told: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return told if told.get("dependencies") else None


def tell(outcome: Outcome, *, required: bool, annotate: bool) -> tuple[str, int]:
    """Return the words of an outcome and the status with which the command ends."""
    if outcome.looked_up is None:
        words = f"WARNING: {NOT_AUDITED}. The list of parts is written; whether something known is wrong with one was NOT looked up."
        return (f"::warning title=Supply chain::{words}\n{words}" if annotate else words), (2 if required else 0)
    lines = [f"accepted: {line}" for line in outcome.passed_over] + [f"WRONG: {line}" for line in outcome.wrong]
    lines.append(f"audited: {outcome.looked_up} entries of {len(LOCKS)} locks, {len(outcome.wrong)} findings")
    return "\n".join(lines), 1 if outcome.wrong else 0


def main(run: Run = ask, outcome_file: Path = OUTCOME) -> int:
    """Write the list of parts, audit, write and say the outcome."""
    written = parts_list.write()
    on = today()
    outcome = judge(run, read_accepted(ACCEPTED.read_text("utf-8"), on=on), on=on)
    told, status = tell(outcome, required=os.environ.get("LINGQU_AUDIT") == "required", annotate=bool(os.environ.get("GITHUB_ACTIONS")))
    state = NOT_AUDITED if outcome.looked_up is None else "findings" if outcome.wrong else "clean"
    outcome_file.write_text(json.dumps({"state": state, "wrong": outcome.wrong, "accepted": outcome.passed_over}, indent=1) + "\n", "utf-8")
    sys.stdout.write(f"list of parts: {written.relative_to(ROOT)}\n{told}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
