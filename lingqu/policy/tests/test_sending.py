"""What is sent is what was typed; who wrote it does not decide on it; signers see what changes; no version overtakes another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.policy.actions import Head, send_draft, set_reasons, start_draft
from lingqu.policy.rules import SetClause, SetParameter
from tests.regulation import drafted, issued
from tests.world import World

THREE = SetParameter("answer_days", 3)


def test_whoever_wrote_a_draft_does_not_decide_on_it_whoever_sends_it(world: World) -> None:
    draft = drafted(world, THREE, by="director")
    draft = send_draft(draft.pk, revision=draft.revision, head=Head("经验", None), by=world.who("manager"), at=world.at)
    world.sign(draft.approval_id or 0, "deputy")
    steps = ApprovalStep.objects.filter(approval=draft.approval_id).order_by("position")
    assert [step.state for step in steps] == ["approved", "passed_over", "open"]
    with pytest.raises(Refusal) as told:
        world.vote(draft.approval_id or 0, director="yes")
    assert told.value.code == "own_request"


def test_a_version_cannot_begin_before_the_one_that_it_follows(world: World) -> None:
    issued(world, THREE, first_day=world.at.date() + timedelta(days=30))
    draft = start_draft("publisher", by=world.who("manager"), at=world.at)
    with pytest.raises(Refusal) as told:
        set_reasons(draft.pk, revision=1, reasons="x", in_force_from=world.at.date(), by=world.who("manager"), at=world.at)
    assert (told.value.field, "v2" in told.value.text.zh) == ("in_force_from", True)


def test_what_is_typed_beside_the_send_button_is_sent(world: World) -> None:
    manager = world.who("manager")
    draft = drafted(world, THREE, reasons="")
    day = world.at.date() + timedelta(days=9)
    draft = send_draft(draft.pk, revision=draft.revision, head=Head("类比：同业三日", day), by=manager, at=world.at)
    assert (draft.state, draft.reasons, draft.in_force_from) == ("in_approval", "类比：同业三日", day)


def test_of_a_long_text_the_signers_see_what_was_put_in_and_taken_out(world: World) -> None:
    manager = world.who("manager")
    clause = world.regulation.clauses["M-19.1"]
    text = Text(clause.text.zh + "每季度通报一次。", clause.text.en + " It reports every quarter.")
    draft = drafted(world, SetClause("M-19.1", clause.title, text, clause.responsible, clause.appraiser))
    draft = send_draft(draft.pk, revision=draft.revision, head=Head("经验", None), by=manager, at=world.at)
    facts = {label: (zh, en) for label, _, zh, en in Approval.objects.get(pk=draft.approval_id or 0).facts}
    assert facts["条款 M-19.1 · 正文"] == ("新增 “每季度通报一次。”", "put in “每季度通报一次。”")
    assert facts["条款 M-19.1 · 正文（英文）"] == ("新增 “It reports every quarter.”", "put in “It reports every quarter.”")
