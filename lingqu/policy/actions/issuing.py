"""The end of the procedure: the new version is issued whole, or the draft comes back."""

from __future__ import annotations

from datetime import date

import msgspec

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic, rows
from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.policy.actions.drafts import SUBJECT
from lingqu.policy.actions.reading import notice_key
from lingqu.policy.actions.sending import fingerprint
from lingqu.policy.models import Draft, Version
from lingqu.policy.pack import content_hash, reference_of, stored_form
from lingqu.policy.queries import draft_regulation, newest_version
from lingqu.policy.rules import Regulation
from lingqu.policy.states import DRAFTS, DraftState, DraftVerb

MOST_AT_ONCE = 5_000
"""People that one notice is told to."""

_VERBS = {
    ApprovalState.APPROVED: DraftVerb.ISSUE,
    ApprovalState.REFUSED: DraftVerb.REFUSE,
    ApprovalState.SENT_BACK: DraftVerb.SEND_BACK,
    ApprovalState.WITHDRAWN: DraftVerb.SEND_BACK,
    ApprovalState.VOID: DraftVerb.SEND_BACK,
}
_READERS = """
INSERT INTO policy_reading (version_id, person_id)
SELECT DISTINCT %s::bigint, held.person_id
  FROM organisation_postholding held JOIN organisation_firm firm ON firm.id = held.firm_id AND firm.valid @> %s::date
 WHERE held.period @> %s::date AND (firm.kind = 'hq' OR (firm.kind IN ('agent', 'retailer') AND held.post_id = 'owner'))
    ON CONFLICT DO NOTHING RETURNING person_id AS person
"""


def on_approval_moved(event: ApprovalMoved) -> None:
    """Hear how the approval of a draft went on: approved, it is issued as a version; refused, sent back or taken back, it changes state.

    Runs in the transaction of the decision: where the version cannot be issued, the decision is undone as well.
    """
    must_be_atomic()
    if event.subject_kind != SUBJECT or event.state not in _VERBS:
        return
    draft = Draft.objects.select_for_update().get(pk=event.subject_id)
    before = DraftState(draft.state)
    if draft.approval_id != event.approval or (before is DraftState.DRAFT and _VERBS[event.state] is DraftVerb.SEND_BACK):
        return
    draft.state = DRAFTS.next(before, _VERBS[event.state]).value
    if event.state is ApprovalState.APPROVED:
        draft.issued = _issue(draft, event)
    draft.save(update_fields=["state", "issued"])
    after = {"pack": draft.pack, "state": draft.state, "reason": event.reason[:200]}
    record([Deed(_VERBS[event.state].value, SUBJECT, draft.pk, after, {"state": before.value})], by=event.by, at=event.at)


def _issue(draft: Draft, event: ApprovalMoved) -> Version:
    """Write the version: byte for byte what was approved, with the day from which it holds."""
    approval = Approval.objects.get(pk=event.approval)
    if approval.fingerprint != fingerprint(draft):
        raise Refusal(
            "not_as_approved", Text("草案与所批准的内容不一致，不能发布。", "The draft is not what was approved; it cannot be issued.")
        )
    newest = newest_version(draft.pack)
    if newest is None or newest.pk != draft.base_id:
        raise Refusal(
            "base_superseded",
            Text(
                f"草案依据的 v{draft.base.number} 之后已有新版本，请以新版本重新起草。",
                f"A newer version has followed v{draft.base.number}, from which the draft starts; draft anew from that one.",
            ),
        )
    on = china_day(event.at)
    first_day = max(draft.in_force_from or on, on, newest.in_force_from)
    regulation = stored_form(msgspec.structs.replace(draft_regulation(draft), in_force_from=first_day, number=newest.number + 1))
    version = Version.objects.create(
        pack=draft.pack, number=regulation.number, content_hash=content_hash(regulation), content=encode(regulation),
        in_force_from=first_day, issued_at=event.at, issued_by_id=event.by, approval_id=event.approval, reasons=draft.reasons,
    )  # fmt: skip
    reference = reference_of(regulation)
    after = {"reference": reference, "in_force_from": str(first_day), "approval": approval.number, "draft": draft.pk}
    record([Deed("issue", "regulation", version.pk, after, {"version": newest.number}, reference)], by=event.by, at=event.at)
    _tell(version, regulation, on, event)
    return version


def _tell(version: Version, regulation: Regulation, on: date, event: ApprovalMoved) -> None:
    """Ask everybody at HQ and the partners' owners to confirm that they have read it (M-4)."""
    people = [row.person for row in rows(_READERS, (version.pk, on, on))]
    title, day = regulation.title, version.in_force_from
    message = Message(
        key=notice_key(version.pk),
        kind="regulation",
        title=Text(f"新制度：{title.zh} v{version.number}", f"New regulation: {title.en} v{version.number}"),
        body=Text(f"自 {day} 起施行，请阅读并确认。", f"In force from {day}. Read it and confirm."),
        link=f"/regulation/versions/{version.pack}/{version.number}/",
    )
    for start in range(0, len(people), MOST_AT_ONCE):
        notify(message, to=people[start : start + MOST_AT_ONCE], at=event.at)
