"""The regulation is changed by the real actions: drafted by the manager, reviewed, approved, passed by the meeting, issued."""

from __future__ import annotations

from datetime import date

from lingqu.policy.actions import edit_draft, send_draft, set_reasons, start_draft
from lingqu.policy.models import Draft, Version
from lingqu.policy.rules import Edit
from tests.world import World

MEMBERS = {"director": "yes", "deputy": "yes", "board": "yes"}


def drafted(world: World, *edits: Edit, by: str = "manager", reasons: str = "凭经验。", first_day: date | None = None) -> Draft:
    """A draft of the pack in force with these edits, not sent yet."""
    who = world.who(by)
    draft = start_draft(world.regulation.pack, by=who, at=world.at)
    draft = edit_draft(draft.pk, revision=draft.revision, edits=list(edits), by=who, at=world.at)
    return set_reasons(draft.pk, revision=draft.revision, reasons=reasons, in_force_from=first_day, by=who, at=world.at)


def sent(world: World, draft: Draft, *, by: str = "manager") -> int:
    """Send a draft; return its approval."""
    approval = send_draft(draft.pk, revision=draft.revision, by=world.who(by), at=world.at).approval_id
    assert approval
    return approval


def carried(world: World, approval: int) -> None:
    """Carry an approval through: the deputy reviews, the director approves, the meeting passes it."""
    world.sign(approval, "deputy")
    world.sign(approval, "director")
    world.vote(approval, **MEMBERS)
    world.close(approval, "一致同意。")


def issued(world: World, *edits: Edit, first_day: date | None = None) -> Version:
    """Change the regulation in force by its procedure, and return the version that was issued."""
    draft = drafted(world, *edits, first_day=first_day)
    carried(world, sent(world, draft))
    draft.refresh_from_db()
    assert draft.issued
    return draft.issued
