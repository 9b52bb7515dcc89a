"""From a draft to a version: who may write it, two people at once, the procedure, and the day from which the new version holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction

from lingqu.approvals.actions import withdraw_approval
from lingqu.approvals.models import Approval
from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.notices.models import Notice
from lingqu.organisation.actions import delegate
from lingqu.organisation.states import PostCode
from lingqu.policy.actions import confirm_reading, drop_draft, edit_draft, send_draft, set_reasons, start_draft, take_back_draft
from lingqu.policy.models import Draft, DraftChange, Reading, Version
from lingqu.policy.pack import content_hash
from lingqu.policy.queries import (
    draft_regulation,
    newest_version,
    open_draft,
    own_unread,
    readings,
    regulation_by_reference,
    regulation_in_force,
    version,
    versions,
)
from lingqu.policy.rules import AddClause, RemoveClause, SetLaw, SetParameter
from tests.regulation import carried, drafted, issued, sent
from tests.world import World

THREE = SetParameter("answer_days", 3)
FOUR = SetParameter("answer_days", 4)


def code_of(deed: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        deed()
    return refusal.value.code


@pytest.mark.parametrize("name", ["finance", "representative", "warehouse", "deputy", "agent_owner", "retailer_clerk"])
def test_only_manager_and_director_draft(world: World, name: str) -> None:
    draft = drafted(world, THREE)
    who = world.who(name)
    for deed in (
        lambda: start_draft("publisher", by=who, at=world.at),
        lambda: edit_draft(draft.pk, revision=draft.revision, edits=[FOUR], by=who, at=world.at),
        lambda: set_reasons(draft.pk, revision=draft.revision, reasons="x", in_force_from=None, by=who, at=world.at),
        lambda: send_draft(draft.pk, revision=draft.revision, by=who, at=world.at),
        lambda: take_back_draft(draft.pk, reason="", by=who, at=world.at),
        lambda: drop_draft(draft.pk, by=who, at=world.at),
    ):
        assert code_of(deed) == "forbidden"


def test_a_stand_in_drafts_for_the_absent_manager_and_the_record_says_so(world: World) -> None:
    delegate(
        world.people["manager"], stand_in=world.people["finance"], post=PostCode.MANAGER, first=world.at.date(),
        last=world.at.date(), reason="出差", at=world.at, by=world.people["director"],
    )  # fmt: skip
    draft = drafted(world, THREE, by="finance")
    fact = Fact.objects.filter(subject="regulation_draft", subject_id=draft.pk, verb="edit").first()
    assert fact
    assert (fact.person, fact.on_behalf_of) == (world.people["finance"].pk, world.people["manager"].pk)


def test_a_draft_is_a_copy_of_the_newest_version_and_there_is_one(world: World) -> None:
    draft = start_draft("publisher", by=world.who("manager"), at=world.at)
    before = world.regulation
    assert content_hash(msgspec.structs.replace(draft_regulation(draft), number=1)) == content_hash(before)
    assert code_of(lambda: start_draft("publisher", by=world.who("director"), at=world.at)) == "draft_exists"
    assert code_of(lambda: start_draft("nothing", by=world.who("director"), at=world.at)) == "not_found"
    drop_draft(draft.pk, by=world.who("manager"), at=world.at)
    assert open_draft("publisher") is None
    start_draft("publisher", by=world.who("director"), at=world.at)


def test_edits_are_made_all_or_none(world: World) -> None:
    draft = drafted(world, THREE)
    deed = lambda: edit_draft(  # noqa: E731
        draft.pk, revision=draft.revision, edits=[FOUR, SetLaw("credit", enabled=False)], by=world.who("manager"), at=world.at
    )
    assert code_of(deed) == "law_cannot_be_off"
    draft.refresh_from_db()
    assert draft_regulation(draft).parameters.answer_days == 3


def test_what_changes_nothing_is_no_revision(world: World) -> None:
    draft = drafted(world, THREE)
    again = edit_draft(draft.pk, revision=draft.revision, edits=[THREE], by=world.who("manager"), at=world.at)
    assert (again.revision, DraftChange.objects.filter(draft=draft).count()) == (draft.revision, 2)


def test_of_two_who_edit_one_draft_the_second_is_told_who_changed_what_and_when(world: World) -> None:
    draft = drafted(world, THREE)
    seen = draft.revision
    edit_draft(draft.pk, revision=seen, edits=[FOUR], by=world.who("director"), at=world.at + timedelta(minutes=5))
    with pytest.raises(Refusal) as refusal:
        edit_draft(draft.pk, revision=seen, edits=[SetParameter("trigger_grace_days", 9)], by=world.who("manager"), at=world.at)
    assert refusal.value.code == "draft_changed"
    assert "director 于 11-23 09:05" in refusal.value.text.zh
    assert "答复时限" in refusal.value.text.zh
    assert "Answer time" in refusal.value.text.en
    draft.refresh_from_db()
    regulation = draft_regulation(draft)
    assert (regulation.parameters.answer_days, regulation.parameters.trigger_grace_days) == (4, 3)
    saved = edit_draft(
        draft.pk, revision=draft.revision, edits=[SetParameter("trigger_grace_days", 9)], by=world.who("manager"), at=world.at
    )
    after = draft_regulation(saved).parameters
    assert (after.answer_days, after.trigger_grace_days) == (4, 9)
    for deed in (
        lambda: set_reasons(draft.pk, revision=seen, reasons="y", in_force_from=None, by=world.who("manager"), at=world.at),
        lambda: send_draft(draft.pk, revision=seen, by=world.who("manager"), at=world.at),
    ):
        assert code_of(deed) == "draft_changed"


def test_a_draft_needs_a_change_reasons_and_no_problems(world: World) -> None:
    who = world.who("manager")
    draft = start_draft("publisher", by=who, at=world.at)
    assert code_of(lambda: send_draft(draft.pk, revision=1, by=who, at=world.at)) == "draft_unchanged"
    draft = edit_draft(draft.pk, revision=1, edits=[THREE], by=who, at=world.at)
    assert code_of(lambda: send_draft(draft.pk, revision=draft.revision, by=who, at=world.at)) == "bad_input"
    draft = set_reasons(draft.pk, revision=draft.revision, reasons="类比", in_force_from=None, by=who, at=world.at)
    draft = edit_draft(draft.pk, revision=draft.revision, edits=[SetParameter("answer_days", 3_000)], by=who, at=world.at)
    assert code_of(lambda: send_draft(draft.pk, revision=draft.revision, by=who, at=world.at)) == "draft_has_problems"


def test_a_first_day_in_the_past_is_refused(world: World) -> None:
    who, draft = world.who("manager"), drafted(world, THREE)
    for day in (world.at.date() - timedelta(days=1), date(2031, 1, 1)):
        deed = lambda day=day: set_reasons(draft.pk, revision=draft.revision, reasons="x", in_force_from=day, by=who, at=world.at)  # noqa: E731
        assert code_of(deed) == "bad_input"


def test_while_it_is_decided_nobody_changes_it(world: World) -> None:
    draft = drafted(world, THREE)
    sent(world, draft)
    for deed in (
        lambda: edit_draft(draft.pk, revision=draft.revision, edits=[FOUR], by=world.who("director"), at=world.at),
        lambda: send_draft(draft.pk, revision=draft.revision, by=world.who("manager"), at=world.at),
        lambda: drop_draft(draft.pk, by=world.who("manager"), at=world.at),
    ):
        assert code_of(deed) == "wrong_state"


def test_the_procedure_issues_what_was_approved_byte_for_byte(world: World) -> None:
    before = world.regulation
    draft = drafted(world, THREE)
    approval = Approval.objects.get(pk=sent(world, draft))
    assert ["答复时限", "Answer time", "2 天 → 3 天", "2 days → 3 days"] in approval.facts
    carried(world, approval.pk)
    draft.refresh_from_db()
    new = Version.objects.get(number=2)
    assert (draft.state, draft.issued, new.approval_id, new.reasons) == ("issued", new, approval.pk, "凭经验。")
    assert new.in_force_from == world.at.date()
    wanted = msgspec.structs.replace(draft_regulation(draft), in_force_from=new.in_force_from)
    assert (new.content_hash, content_hash(wanted)) == (content_hash(version("publisher", 2)),) * 2
    assert (before.parameters.answer_days, world.regulation.parameters.answer_days) == (2, 3)
    assert world.regulation.reference == f"publisher/2/{new.content_hash[:12]}"


def test_past_days_are_answered_by_the_version_then_in_force(world: World) -> None:
    first = world.regulation
    later = world.at.date() + timedelta(days=10)
    issued(world, THREE, first_day=later)
    assert regulation_in_force(on=later - timedelta(days=1)).reference == first.reference
    assert regulation_in_force(on=later).parameters.answer_days == 3
    assert regulation_by_reference(first.reference).parameters.answer_days == 2
    new, old = versions("publisher")
    assert (new.number, new.in_force_from, new.in_force_until, new.issued_by) == (2, later, None, "director")
    assert (old.number, old.in_force_until, old.issued_by, old.approval_id) == (1, later, "", None)


def test_a_version_never_holds_before_the_newest_one(world: World) -> None:
    later = world.at.date() + timedelta(days=10)
    issued(world, THREE, first_day=later)
    assert issued(world, FOUR).in_force_from == later
    assert regulation_in_force(on=later).parameters.answer_days == 4


def test_a_day_that_has_passed_meanwhile_becomes_the_day_of_issue(world: World) -> None:
    draft = drafted(world, THREE, first_day=world.at.date())
    approval = sent(world, draft)
    world.at += timedelta(days=3)
    carried(world, approval)
    assert Version.objects.get(number=2).in_force_from == world.at.date()


def test_sent_back_it_is_changed_and_sent_again(world: World) -> None:
    draft = drafted(world, THREE)
    approval = sent(world, draft)
    world.sign(approval, "deputy", "send_back", "请说明依据")
    draft.refresh_from_db()
    assert draft.state == "draft"
    draft = edit_draft(draft.pk, revision=draft.revision, edits=[FOUR], by=world.who("manager"), at=world.at)
    assert sent(world, draft) == approval
    carried(world, approval)
    assert world.regulation.parameters.answer_days == 4


def test_sent_back_it_may_be_sent_by_somebody_else(world: World) -> None:
    draft = drafted(world, THREE)
    first = sent(world, draft)
    world.sign(first, "deputy", "send_back", "请主任定")
    second = sent(world, draft, by="director")
    assert (second != first, Approval.objects.get(pk=first).state) == (True, "void")


def test_refused_in_the_meeting_nothing_comes_into_force(world: World) -> None:
    draft = drafted(world, THREE)
    approval = sent(world, draft)
    world.sign(approval, "deputy")
    world.sign(approval, "director")
    world.vote(approval, director="no", deputy="no", board="yes")
    world.close(approval, "反对多数。")
    draft.refresh_from_db()
    assert (draft.state, Version.objects.filter(pack="publisher").count(), open_draft("publisher")) == ("refused", 1, None)


@pytest.mark.parametrize("through", ["draft", "approval"])
def test_taken_back_it_can_be_changed(world: World, through: str) -> None:
    draft = drafted(world, THREE)
    approval = sent(world, draft)
    if through == "draft":
        take_back_draft(draft.pk, reason="再想想", by=world.who("manager"), at=world.at)
    else:
        withdraw_approval(approval, reason="再想想", by=world.who("manager"), at=world.at)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert sent(world, draft) != approval


def test_dropped_after_it_was_sent_back_its_approval_is_void(world: World) -> None:
    draft = drafted(world, THREE)
    approval = sent(world, draft)
    world.sign(approval, "deputy", "send_back", "不必")
    drop_draft(draft.pk, by=world.who("manager"), at=world.at)
    assert Approval.objects.get(pk=approval).state == "void"


def at_the_last_step(world: World) -> tuple[Draft, int]:
    draft = drafted(world, THREE)
    approval = sent(world, draft)
    world.sign(approval, "deputy")
    world.sign(approval, "director")
    world.vote(approval, director="yes", deputy="yes", board="yes")
    return draft, approval


def test_what_was_not_approved_is_not_issued(world: World) -> None:
    draft, approval = at_the_last_step(world)
    Draft.objects.filter(pk=draft.pk).update(content=draft.content.replace('"answer_days":3', '"answer_days":9'))
    assert code_of(lambda: world.close(approval, "通过。")) == "not_as_approved"
    Draft.objects.filter(pk=draft.pk).update(content=draft.content, in_force_from=date(2027, 1, 1))
    assert code_of(lambda: world.close(approval, "通过。")) == "not_as_approved"
    draft.refresh_from_db()
    assert (draft.state, Approval.objects.get(pk=approval).state, Version.objects.count()) == ("in_approval", "open", before_any(world))


def test_a_draft_whose_base_is_superseded_is_not_issued(world: World) -> None:
    draft, approval = at_the_last_step(world)
    base = draft.base
    Version.objects.create(
        pack=base.pack, number=2, content_hash=base.content_hash, content=base.content, in_force_from=base.in_force_from,
        issued_at=world.at,
    )  # fmt: skip
    assert code_of(lambda: world.close(approval, "通过。")) == "base_superseded"


def test_nothing_is_half_published_when_issuing_fails_in_the_middle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, approval = at_the_last_step(world)

    def fall(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("lingqu.policy.actions.issuing.notify", fall)
    with pytest.raises(ConnectionError), transaction.atomic():
        world.close(approval, "通过。")
    draft.refresh_from_db()
    assert (draft.state, draft.issued, Reading.objects.count()) == ("in_approval", None, 0)
    assert Version.objects.count() == before_any(world)
    assert not Fact.objects.filter(verb="issue").exists()
    monkeypatch.undo()
    world.close(approval, "通过。")
    assert world.regulation.parameters.answer_days == 3


def before_any(world: World) -> int:
    """How many versions there were before the story began."""
    return Version.objects.filter(approval_id=None).count()


def test_everybody_concerned_is_told_once_and_confirms(world: World) -> None:
    new = issued(world, THREE)
    people = set(Reading.objects.filter(version=new).values_list("person__name", flat=True))
    assert {"director", "manager", "warehouse", "board", "agent_owner", "retailer_owner", "cash_agent_owner"} <= people
    assert not {"agent_clerk", "retailer_clerk"} & people
    told = Notice.objects.filter(key=f"regulation-{new.pk}")
    assert told.count() == len(people) == readings(new.pk).people
    unread = own_unread(world.people["agent_owner"].pk)
    assert unread
    assert unread.version == new
    confirm_reading(new.pk, by=world.who("agent_owner"), at=world.at)
    confirm_reading(new.pk, by=world.who("agent_owner"), at=world.at + timedelta(days=1))
    assert own_unread(world.people["agent_owner"].pk) is None
    assert (readings(new.pk).read, Reading.objects.get(version=new, person=world.people["agent_owner"]).read_at) == (1, world.at)
    assert code_of(lambda: confirm_reading(new.pk, by=world.who("agent_clerk"), at=world.at)) == "not_found"


def test_a_clause_may_come_and_go_with_versions(world: World) -> None:
    clause = AddClause("M-19", "M-19.7", Text("补充", "More"), Text("另行规定。", "As is laid down elsewhere."), "finance")
    issued(world, clause)
    assert "M-19.7" in world.regulation.clauses
    issued(world, RemoveClause("M-19.7"))
    assert "M-19.7" not in world.regulation.clauses
    assert "M-19.7" in version("publisher", 2).clauses


STATEMENTS = [f"{verb} {table}{rest}" for table in ("policy_version", "policy_adoption") for verb, rest in (
    ("UPDATE", " SET pack = 'x'"), ("DELETE FROM", ""), ("TRUNCATE", " CASCADE"),
)]  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS)
def test_an_issued_version_stays_as_it_is(world: World, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_negative_control_a_draft_may_be_written_over(world: World) -> None:
    drafted(world, THREE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE policy_draft SET reasons = 'x'")
        assert cursor.rowcount == 1


@pytest.mark.parametrize(
    "reference",
    ["", "publisher", "publisher/1", "publisher/x/0a1b2c", "publisher/1/zz", "publisher/99999999999/0a1b2c", "a/1/'; --", "/".join("abcd")],
)
def test_a_reference_that_is_none_is_not_found(world: World, reference: str) -> None:
    assert code_of(lambda: regulation_by_reference(reference)) == "no_regulation"


def test_the_newest_version_of_an_unknown_pack_is_none(world: World) -> None:
    assert newest_version("nothing") is None
    assert code_of(lambda: version("publisher", 2**40)) == "no_regulation"
