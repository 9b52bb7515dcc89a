"""What Lingqu is made of is listed whole, and an audit that could not look is never told as one that found nothing."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import cyclonedx.schema
import jsonschema_rs
import pytest

from tests.house import source
from tools import audit, parts_list
from tools.audit import Accepted, Outcome, findings_of, judge, read_accepted, tell
from tools.locks import LOCKS, Locked, lock_file, read_lock

ON = date(2026, 11, 23)
SCHEMAS = Path(cyclonedx.schema.__file__).parent / "_res"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return dict(json.loads(parts_list.write(tmp_path_factory.mktemp("parts") / "sbom.json").read_text("utf-8")))


def test_every_locked_package_is_listed_with_version_and_all_hashes(parts: dict[str, Any]) -> None:
    listed = {
        (one["name"], one["version"]): {found["content"] for found in one["externalReferences"][0]["hashes"]}
        for one in parts["components"]
        if one["purl"].startswith("pkg:pypi/")
    }
    locked = {(one.name, one.version): set(one.hashes) for lock in LOCKS for one in read_lock(lock_file(lock).read_text("utf-8"))}
    assert listed == locked
    assert len(listed) > 90
    every_hash = set(re.findall(r"sha256:([0-9a-f]{64})", "".join(lock_file(lock).read_text("utf-8") for lock in LOCKS)))
    assert set().union(*listed.values()) == every_hash


def test_what_the_product_needs_is_told_from_what_the_checks_need(parts: dict[str, Any]) -> None:
    scopes = {one["name"]: one["scope"] for one in parts["components"]}
    assert (scopes["django"], scopes["pytest"], scopes["htmx.org"]) == ("required", "optional", "required")


def test_released_files_of_others_are_listed(parts: dict[str, Any]) -> None:
    named = {one["name"] for one in parts["components"] if one["purl"].startswith("pkg:npm/")}
    assert named == {"@tabler/core", "htmx.org", "@fontsource-variable/inter", "@tabler/icons"}
    folders = {path.parts[path.parts.index("vendor") + 1] for path in source.files() if "vendor" in path.parts}
    assert folders == {"tabler", "htmx", "inter", "tabler-icons"}


def test_the_list_fits_the_schema_of_cyclonedx(parts: dict[str, Any]) -> None:
    read = {path.name: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.schema.json")}
    base = "http://cyclonedx.org/schema/"
    names = ("spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json", "cryptography-defs.SNAPSHOT.schema.json")
    known = [(f"{base}{name.replace('.SNAPSHOT', '')}", read[name]) for name in names]
    known += [(f"{base}{name}", read[name]) for name in names]
    validator = jsonschema_rs.validator_for(read["bom-1.6.SNAPSHOT.schema.json"], registry=jsonschema_rs.Registry(known))
    assert [error.message for error in validator.iter_errors(parts)] == []
    assert [error.message for error in validator.iter_errors(parts | {"specVersion": 1})] != []


def test_the_same_locks_give_the_same_list(parts: dict[str, Any], tmp_path: Path) -> None:
    assert json.loads(parts_list.write(tmp_path / "again.json").read_text("utf-8")) == parts


def test_a_line_of_a_lock_that_pins_nothing_is_refused() -> None:
    digest = "0" * 64
    assert read_lock(f"a-b==1.0 ; x == 'y' \\\n    --hash=sha256:{digest}\n    # via c\n") == [Locked("a-b", "1.0", (digest,), "x == 'y'")]
    for line in ("a>=1.0 --hash=sha256:" + digest, "a==1.0", "-e ."):
        with pytest.raises(ValueError, match="neither a version nor hashes"):
            read_lock(line)


def told(*packages: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(packages)}


FINE = {"name": "django", "version": "5.2.19", "vulns": []}
WRONG = {"name": "django", "version": "5.2.19", "vulns": [{"id": "PYSEC-1", "fix_versions": ["5.2.20"]}]}
SKIPPED = {"name": "click", "skip_reason": "Dependency not found on PyPI and could not be audited: click (8.5.1)"}


def test_a_run_that_skipped_a_package_has_not_audited() -> None:
    assert findings_of(told(FINE, SKIPPED)) == ([], ["click"])
    outcome = judge(lambda lock, source: told(FINE, SKIPPED), [], on=ON)
    assert outcome == Outcome(None, ())
    words, status = tell(outcome, required=False, annotate=False)
    assert "not audited: source not reachable" in words
    assert ("NOT looked up" in words, "findings" in words, status) == (True, False, 0)
    assert tell(outcome, required=True, annotate=False)[1] == 2
    assert tell(outcome, required=False, annotate=True)[0].startswith("::warning ")


def test_the_second_source_is_asked_when_the_first_does_not_know() -> None:
    asked: list[tuple[str, str]] = []

    def run(lock: str, source: str) -> dict[str, Any] | None:
        asked.append((lock, source))
        return told(FINE) if source == "osv" else None

    assert judge(run, [], on=ON) == Outcome(2, ())
    assert asked == [("base", "pypi"), ("base", "osv"), ("dev", "pypi"), ("dev", "osv")]


def test_a_finding_fails_until_it_is_accepted_and_again_when_that_is_over() -> None:
    def run(lock: str, source: str) -> dict[str, Any]:
        return told(WRONG)

    outcome = judge(run, [], on=ON)
    assert outcome.wrong == ("django 5.2.19: PYSEC-1, mended in 5.2.20",)
    assert tell(outcome, required=False, annotate=False)[1] == 1
    excuse = Accepted("PYSEC-1", "django", "the page that is attacked does not exist here", ON)
    outcome = judge(run, [excuse], on=ON)
    assert (outcome.wrong, len(outcome.passed_over), tell(outcome, required=False, annotate=False)[1]) == ((), 1, 0)
    over = judge(run, [excuse], on=date(2026, 11, 24)).wrong
    assert over == ("django 5.2.19: PYSEC-1, mended in 5.2.20 (was accepted until 2026-11-23)",)
    assert judge(run, [excuse._replace(package="click")], on=ON).wrong[0].startswith("django")


def test_what_is_accepted_and_is_no_more_is_taken_out() -> None:
    excuse = Accepted("PYSEC-1", "django", "the page that is attacked does not exist here", ON)
    assert "take it out" in judge(lambda lock, source: told(FINE), [excuse], on=ON).wrong[0]


@pytest.mark.parametrize(("reason", "until"), [("short", "2026-12-01"), ("a reason that is long enough", "2027-12-01")])
def test_an_acceptance_needs_a_reason_and_an_end(reason: str, until: str) -> None:
    with pytest.raises(ValueError, match="PYSEC-1"):
        read_accepted(f'[[finding]]\nnumber = "PYSEC-1"\npackage = "django"\nreason = "{reason}"\nuntil = {until}\n', on=ON)


def test_the_list_of_accepted_findings_can_be_read() -> None:
    read_accepted(audit.ACCEPTED.read_text("utf-8"), on=audit.today())


def test_the_command_says_what_came_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(run=lambda lock, source: None, outcome_file=tmp_path / "audit.json") == 0
    assert "not audited: source not reachable" in capsys.readouterr().out
    assert json.loads((tmp_path / "audit.json").read_text())["state"] == "not audited: source not reachable"
    assert audit.main(run=lambda lock, source: told(WRONG), outcome_file=tmp_path / "audit.json") == 1
    assert json.loads((tmp_path / "audit.json").read_text())["state"] == "findings"
