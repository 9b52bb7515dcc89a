"""Send a draft through the procedure of M-4, and take it back."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from difflib import SequenceMatcher

import msgspec
from django.db import transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, void_approvals, withdraw_approval
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.organisation.queries import Acting
from lingqu.policy.access import acts_for
from lingqu.policy.actions.drafts import SUBJECT, lock_draft, set_reasons
from lingqu.policy.models import Draft
from lingqu.policy.queries import draft_regulation, draft_writers, regulation_in_force
from lingqu.policy.rules import CHANGE_CHAIN, Change, Regulation, differences, problems_of, read_regulation
from lingqu.policy.states import DRAFTS, DraftState, DraftVerb

MOST_FACTS = 30
LONGEST_FACT = 200
SHOWN = 3
"""Problems that a refusal names."""

_WORD, _LETTER = re.compile(r"\w+(?:[.,]\w+)*|\s+|[^\w\s]"), re.compile(r".", re.DOTALL)


class Head(msgspec.Struct, frozen=True):
    """Why a draft changes the regulation, and from when on it shall hold (None: from the day of issue)."""

    reasons: str
    in_force_from: date | None


@transaction.atomic
def send_draft(draft_id: int, *, revision: int, by: Acting, at: datetime, head: Head | None = None) -> Draft:
    """Send a draft through the procedure of the version in force and return it (M-4); until it is decided nobody may change it.

    With `head` its reasons and first day are set before, all or nothing.
    One that was sent back goes on with its approval when the same person sends it again. Refuses a draft that changes nothing, has
    problems, or says no reasons (M-8 to M-10), and one that has changed since the person saw it.
    """
    if head is not None:
        said = set_reasons(draft_id, revision=revision, reasons=head.reasons, in_force_from=head.in_force_from, by=by, at=at)
        revision = said.revision
    draft = lock_draft(draft_id, by)
    state = DRAFTS.next(DraftState(draft.state), DraftVerb.SEND)
    if draft.revision != revision:
        raise Refusal("draft_changed", Text("草案已有改动，请看过后再送审。", "The draft has changed; look at it, then send it."))
    regulation = draft_regulation(draft)
    changes = _check(draft, regulation)
    facts = _facts(draft, changes, today=china_day(at))
    approval = _resubmitted(draft, facts, by, at) or _requested(draft, facts, by, at)
    draft.state, draft.approval_id = state.value, approval.pk
    draft.save(update_fields=["state", "approval_id"])
    after = {"pack": draft.pack, "revision": draft.revision, "approval": approval.number, "fingerprint": fingerprint(draft)}
    record([Deed("send", SUBJECT, draft.pk, after, on_behalf_of=acts_for(by))], by=by.person, at=at)
    return draft


@transaction.atomic
def take_back_draft(draft_id: int, *, reason: str, by: Acting, at: datetime) -> Draft:
    """Take a draft back that is being decided, and return it: it can be changed again. Only who sent it may."""
    draft = lock_draft(draft_id, by)
    DRAFTS.next(DraftState(draft.state), DraftVerb.SEND_BACK)
    withdraw_approval(draft.approval_id or 0, reason=reason, by=by, at=at)
    draft.refresh_from_db(fields=["state"])
    return draft


def fingerprint(draft: Draft) -> str:
    """Return what names the content of a draft exactly: the hash of every byte, and the day that it asks for."""
    day = draft.in_force_from.isoformat() if draft.in_force_from else "issue"
    return f"{hashlib.sha256(draft.content.encode()).hexdigest()}/{day}"


def _check(draft: Draft, regulation: Regulation) -> tuple[Change, ...]:
    """Return what the draft changes; refuses one that may not be sent."""
    changes = differences(read_regulation(draft.base.content), regulation)
    if not changes:
        raise Refusal(
            "draft_unchanged", Text("草案与现行版本相同，没有可送审的内容。", "The draft changes nothing; there is nothing to decide.")
        )
    if not draft.reasons.strip():
        raise bad_input("reasons", Text("请写明修订理由（类比、经验或两者）。", "Give the reasons: by analogy, by experience, or both."))
    problems = problems_of(regulation)
    if problems:
        zh = " ".join(problem.text.zh for problem in problems[:SHOWN])
        en = " ".join(problem.text.en for problem in problems[:SHOWN])
        raise Refusal(
            "draft_has_problems",
            Text(f"草案有 {len(problems)} 处须改正：{zh}", f"The draft has {len(problems)} things to put right. {en}"),
            status=422,
        )
    return changes


def _requested(draft: Draft, facts: tuple[tuple[Text, Text], ...], by: Acting, at: datetime) -> Approval:
    in_force = regulation_in_force(on=china_day(at), pack=draft.pack)
    if CHANGE_CHAIN not in in_force.chains:
        raise Refusal(
            "no_procedure", Text("现行制度没有制度修订流程，无法送审。", "The regulation in force has no procedure for its own change.")
        )
    void_approvals(SUBJECT, draft.pk, reason=Text("由他人重新送审", "sent again by somebody else"), by=by.person, at=at)
    title = Text(
        f"制度修订：{in_force.title.zh} v{draft.base.number + 1}", f"Change of the regulation: {in_force.title.en} v{draft.base.number + 1}"
    )
    new = NewApproval(
        SUBJECT, draft.pk, title, link_of(draft), by.firm, fingerprint(draft), facts=facts, reason=draft.reasons, asked_for=acts_for(by),
        co_askers=draft_writers(draft.pk),
    )  # fmt: skip
    chain = in_force.chains[CHANGE_CHAIN]
    return request_approval(new, chain=chain, committees=in_force.committees, regulation=in_force.reference, by=by, at=at)


def _resubmitted(draft: Draft, facts: tuple[tuple[Text, Text], ...], by: Acting, at: datetime) -> Approval | None:
    """Submit the approval again that was sent back to this person; None when there is none."""
    approval = Approval.objects.filter(pk=draft.approval_id or 0, state=ApprovalState.SENT_BACK.value).first()
    if approval is None or by.person not in (approval.asked_by_id, approval.asked_for_id):
        return None
    again = Resubmission(fingerprint(draft), facts=facts, reason=draft.reasons, co_askers=draft_writers(draft.pk))
    return resubmit_approval(approval.pk, again, by=by, at=at)


def link_of(draft: Draft) -> str:
    """Return the page of a draft."""
    return f"/regulation/drafts/{draft.pk}/"


def _facts(draft: Draft, changes: tuple[Change, ...], *, today: date) -> tuple[tuple[Text, Text], ...]:
    first = draft.in_force_from or (draft.base.in_force_from if draft.base.in_force_from > today else None)
    day = Text(str(first), str(first)) if first else Text("发布之日", "the day of issue")
    head = (
        (Text("施行日", "In force from"), day),
        (Text("修订处数", "Changes"), Text(str(len(changes)), str(len(changes)))),
    )
    return head + tuple((_clipped(change.title), _clipped(_words(change))) for change in changes[:MOST_FACTS])


def _words(change: Change) -> Text:
    new, gone = Text("（无）", "(none)"), Text("（删去）", "(taken out)")
    before, after = change.before or new, change.after or gone
    return Text(_told(before.zh, after.zh, ("新增", "删去"), "；"), _told(before.en, after.en, ("put in", "taken out"), "; "))


def _told(before: str, after: str, words: tuple[str, str], between: str) -> str:
    """Return a change in one line: short values whole, of long texts only what was put in and taken out."""
    if len(before) + len(after) <= LONGEST_FACT - 3:
        return f"{before} → {after}"
    pieces = _WORD if before.isascii() else _LETTER
    first, second = pieces.findall(before), pieces.findall(after)
    added, gone = [], []
    for kind, old, old_end, new, new_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind != "equal":
            gone.append("".join(first[old:old_end]).strip())
            added.append("".join(second[new:new_end]).strip())
    parts = zip(words, (added, gone), strict=True)
    return between.join(f"{name} “{' … '.join(filter(None, found))}”" for name, found in parts if any(found))


def _clipped(text: Text) -> Text:
    def clip(words: str) -> str:
        return words if len(words) <= LONGEST_FACT else words[: LONGEST_FACT - 1] + "…"

    return Text(clip(text.zh), clip(text.en))
