"""Packs are installed once, recorded as issued by set-up, and adopted from a day on; duties are made by the regulation in force."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.duties.models import Duty
from lingqu.policy import jobs
from lingqu.policy.actions import NewBenchmark, adopt_pack, install_pack, note_benchmark, strike_benchmark
from lingqu.policy.models import Adoption, Version
from lingqu.policy.pack import BadPack
from lingqu.policy.queries import (
    adopted_pack,
    benchmarks,
    clause_states,
    evidence_counts,
    evidence_of,
    installed_packs,
    regulation_in_force,
)
from lingqu.policy.rules import SetLaw
from lingqu.policy.states import ClauseState
from tests.regulation import issued
from tests.world import World

SMALL = Path(__file__).parent / "small"


def test_the_first_version_is_recorded_as_issued_by_set_up(world: World) -> None:
    version = Version.objects.get(pack="publisher")
    assert (version.number, version.issued_by, version.approval_id) == (1, None, None)
    fact = Fact.objects.get(verb="install", subject_id=version.pk)
    assert (fact.person, fact.after["by"]) == (None, "set-up")


def test_an_installed_pack_stays_as_it_is(world: World, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SMALL, tmp_path / "mine"))
    first = install_pack("small", folder=folder, at=world.at)
    path = folder / "1-trade.yaml"
    path.write_text(path.read_text("utf-8").replace('"30000.00"', '"60000.00"'), "utf-8")
    assert install_pack("small", folder=folder, at=world.at) == first
    assert adopted_pack(on=world.at.date()) == "publisher"


def test_the_company_goes_by_another_pack_from_a_day_on(world: World) -> None:
    today, tomorrow = world.at.date(), world.at.date() + timedelta(days=1)
    install_pack("small", folder=SMALL, at=world.at)
    adopt_pack("small", since=tomorrow, by=None, at=world.at)
    assert (regulation_in_force(on=today).pack, regulation_in_force(on=tomorrow).pack) == ("publisher", "small")
    assert regulation_in_force(on=tomorrow, pack="publisher").pack == "publisher"
    adopt_pack("small", since=tomorrow, by=None, at=world.at)
    assert Adoption.objects.count() == 2


def refused(deed: object) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        deed()  # type: ignore[operator]
    return refusal.value.code


def test_what_cannot_be_installed_or_adopted_is_refused(world: World, tmp_path: Path) -> None:
    assert refused(lambda: adopt_pack("nothing", since=world.at.date(), by=None, at=world.at)) == "unknown_pack"
    install_pack("small", folder=SMALL, at=world.at)
    assert refused(lambda: adopt_pack("small", since=world.at.date() - timedelta(days=1), by=None, at=world.at)) == "too_late"
    assert refused(lambda: install_pack("other", folder=SMALL, at=world.at)) == "bad_pack"
    with pytest.raises(BadPack), transaction.atomic():
        install_pack("empty", folder=tmp_path, at=world.at)
    assert installed_packs() == ["publisher", "small"]


def test_the_duties_of_the_regulation_in_force_are_made_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingqu.policy.jobs.now", lambda: world.at)
    made = jobs.make_the_duties(0)
    assert made == Duty.objects.count() > 0
    assert set(Duty.objects.values_list("regulation", flat=True)) == {world.regulation.reference}
    assert jobs.make_the_duties(0) == 0


def test_evidence_is_what_really_happened_since_a_day(world: World) -> None:
    world.accept(world.submit("agent", {0: 1}))
    world.accept(world.submit("agent", {0: 1}))
    world.submit("agent", {0: 1})
    world.submit("retailer", {0: 1})
    today = world.at.date()
    tomorrow = today + timedelta(days=1)
    found = evidence_of("law:batches", firm=world.hq.pk, since=today, until=tomorrow, limit=2)
    assert found
    month = (today.replace(day=1), 3, 1)
    assert (found.count, found.failed, [(one.month, one.count, one.failed) for one in found.months]) == (3, 1, [month])
    assert [(one.title[:8], one.about, one.good, one.link) for one in found.samples] == [
        ("JH-2026-", "agent公司", False, f"/orders/{found.samples[0].title}/"),
        ("JH-2026-", "agent公司", True, f"/orders/{found.samples[1].title}/"),
    ]
    rest = evidence_of("law:batches", firm=world.hq.pk, since=today, until=tomorrow, limit=2, after=found.more)
    assert rest
    assert (len(rest.samples), rest.more) == (1, None)
    assert evidence_counts("law", firm=world.hq.pk, since=today, until=tomorrow)["batches"] == (3, 1)
    assert evidence_counts("law", firm=world.firms["agent"].pk, since=today, until=tomorrow)["credit"] == (4, 0)
    assert evidence_counts("law", firm=world.hq.pk, since=tomorrow, until=tomorrow + timedelta(days=1))["batches"] == (0, 0)
    assert evidence_of("poem:x", firm=world.hq.pk, since=today, until=tomorrow) is None


def test_a_law_that_is_off_judges_nothing_and_carries_nothing_out(world: World) -> None:
    world.accept(world.submit("agent", {0: 1}))
    issued(world, SetLaw("price", enabled=False), SetLaw("stock", enabled=False))
    standing = clause_states(world.regulation)
    assert standing["M-17.1"].state is not ClauseState.FULL


def test_benchmarks_are_noted_and_struck_and_the_record_keeps_them(world: World) -> None:
    by, day = world.who("researcher"), world.at.date()
    new = NewBenchmark("publisher", "grades", "甲社", "A 级 20 万元", "展会询问", day)
    noted = note_benchmark(new, by=by, at=world.at)
    (row,) = benchmarks("publisher", "grades")
    assert (row.competitor, row.value, row.noted_by) == ("甲社", "A 级 20 万元", "researcher")
    strike_benchmark(noted.pk, by=world.who("manager"), at=world.at)
    assert benchmarks("publisher") == []
    assert Fact.objects.get(subject="benchmark", verb="strike").before["value"] == "A 级 20 万元"
    assert refused(lambda: strike_benchmark(noted.pk, by=by, at=world.at)) == "not_found"
    for name in ("finance", "agent_owner"):
        assert refused(lambda name=name: note_benchmark(new, by=world.who(name), at=world.at)) == "forbidden"
    for changed in (
        NewBenchmark("publisher", "grades", " ", "x", "x", day), NewBenchmark("publisher", "grades", "x", "x" * 201, "x", day),
        NewBenchmark("publisher", "grades", "x", "x", "x", day + timedelta(days=1)),
    ):  # fmt: skip
        assert refused(lambda changed=changed: note_benchmark(changed, by=by, at=world.at)) == "bad_input"
    unknown = NewBenchmark("publisher", "nothing", "x", "x", "x", day)
    assert refused(lambda: note_benchmark(unknown, by=by, at=world.at)) == "not_found"


def test_the_same_note_of_the_same_person_sent_again_is_one_note(world: World) -> None:
    new = NewBenchmark("publisher", "grades", "甲社", "A 级 20 万元", "展会询问", world.at.date())
    kept = {note_benchmark(new, by=world.who(name), at=world.at).pk for name in ("researcher", "researcher", "manager")}
    assert (len(kept), len(benchmarks("publisher"))) == (2, 2)
