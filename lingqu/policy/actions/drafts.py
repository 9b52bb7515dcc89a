"""Write the next version: start a draft, change it, say why and from when on, drop it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import reduce

import msgspec
from django.db import IntegrityError, transaction

from lingqu.approvals.actions import void_approvals
from lingqu.approvals.models import Approval
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import CHINA, china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.organisation.queries import Acting
from lingqu.policy.access import acts_for, may_draft
from lingqu.policy.models import Draft, DraftChange, Version
from lingqu.policy.pack import stored_form
from lingqu.policy.queries import draft_changes, draft_regulation, newest_version
from lingqu.policy.rules import Edit, apply_edit, differences, read_regulation
from lingqu.policy.states import DRAFTS, DraftState, DraftVerb

SUBJECT = "regulation_draft"
MOST_EDITS = 200
MOST_REASONS = 4_000
MOST_CONTENT = 4_000_000
"""Characters of a whole draft."""
MOST_TITLES = 50
LONGEST_AHEAD = timedelta(days=3 * 366)
SHOWN = 3
"""Changes that a refusal names."""


@transaction.atomic
def start_draft(pack: str, *, by: Acting, at: datetime) -> Draft:
    """Start the next version of a pack as a copy of its newest one and return the draft (M-4, M-34).

    Refuses a person who may not draft, an unknown pack, and a pack that has a draft on its way already.
    """
    _must_draft(by)
    base = newest_version(pack)
    if base is None:
        raise not_found()
    regulation = read_regulation(base.content)
    content = encode(stored_form(msgspec.structs.replace(regulation, number=base.number + 1)))
    draft = Draft(
        pack=pack, base=base, content=content, started_by_id=by.person, started_at=at, changed_by_id=by.person, changed_at=at
    )  # fmt: skip
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as known:
        raise Refusal("draft_exists", Text("已有一份草案，请在其上继续。", "There is a draft already; go on with that one.")) from known
    _record("start", draft, {"base": base.number}, by=by, at=at)
    return draft


@transaction.atomic
def edit_draft(draft_id: int, *, revision: int, edits: Sequence[Edit], by: Acting, at: datetime) -> Draft:
    """Make changes in a draft, all or none, and return it; changes that change nothing leave its revision as it is.

    `revision` is the one that the person saw. Refuses (`draft_changed`) when somebody else has changed the draft since, saying who, when
    and what; a draft that is being decided; and edits that cannot be made.
    """
    draft = lock_draft(draft_id, by)
    _must_be_seen(draft, revision)
    DRAFTS.next(DraftState(draft.state), DraftVerb.EDIT)
    if len(edits) > MOST_EDITS:
        raise bad_input("edits", Text(f"一次最多改 {MOST_EDITS} 处。", f"At most {MOST_EDITS} changes are made at once."))
    before = draft_regulation(draft)
    after = reduce(apply_edit, edits, before)
    content = encode(stored_form(after))
    if len(content) > MOST_CONTENT:
        raise bad_input("edits", Text("草案过长。", "The draft would be too long."))
    changes = differences(before, after)
    if not changes:
        return draft
    draft.content = content
    _save_change(draft, tuple(change.title for change in changes), by=by, at=at)
    return draft


@transaction.atomic
def set_reasons(draft_id: int, *, revision: int, reasons: str, in_force_from: date | None, by: Acting, at: datetime) -> Draft:
    """Say why a draft changes the regulation (M-8 to M-10) and from when on it shall hold (None: from the day of issue); return it.

    Refuses as `edit_draft` does, and a day in the past, more than three years ahead, or before the first day of the version that it
    follows.
    """
    draft = lock_draft(draft_id, by)
    _must_be_seen(draft, revision)
    DRAFTS.next(DraftState(draft.state), DraftVerb.EDIT)
    today = china_day(at)
    if in_force_from is not None and not today <= in_force_from <= today + LONGEST_AHEAD:
        raise bad_input(
            "in_force_from", Text("施行日须在今天与三年之内。", "The first day must lie between today and three years from now.")
        )
    if in_force_from is not None and in_force_from < draft.base.in_force_from:
        raise bad_input("in_force_from", _not_before(draft.base))
    if len(reasons) > MOST_REASONS:
        raise bad_input("reasons", Text(f"理由最多 {MOST_REASONS} 字。", f"The reasons have at most {MOST_REASONS} characters."))
    if (reasons.strip(), in_force_from) == (draft.reasons, draft.in_force_from):
        return draft
    draft.reasons, draft.in_force_from = reasons.strip(), in_force_from
    _save_change(draft, (Text("修订理由与施行日", "Reasons and first day"),), by=by, at=at)
    return draft


@transaction.atomic
def drop_draft(draft_id: int, *, by: Acting, at: datetime) -> Draft:
    """Give a draft up and return it; its content is kept, an approval that was sent back becomes void. Not while it is being decided."""
    draft = lock_draft(draft_id, by)
    draft.state = DRAFTS.next(DraftState(draft.state), DraftVerb.DROP).value
    draft.save(update_fields=["state"])
    void_approvals(SUBJECT, draft.pk, reason=Text("草案已放弃", "the draft was dropped"), by=by.person, at=at)
    _record("drop", draft, {"state": draft.state}, by=by, at=at)
    return draft


def _not_before(base: Version) -> Text:
    day = base.in_force_from
    return Text(
        f"v{base.number} 自 {day} 起施行，新版本不能早于这一天；不填则与发布日和这一天中较晚的一天相同。",
        f"v{base.number} is in force from {day}, and the next version cannot begin before it. Left empty: that day, or the day of issue.",
    )


def lock_draft(draft_id: int, by: Acting) -> Draft:
    """Lock the approval of a draft, then the draft, and return it; refuses (404) an unknown one, and people who may not draft."""
    must_be_atomic()
    _must_draft(by)
    found = Draft.objects.filter(pk=draft_id).values_list("approval_id", flat=True).first()
    list(Approval.objects.select_for_update().filter(pk=found or 0))
    # Without joins: a row whose foreign key changed while its lock was waited for would drop out of them.
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise not_found()
    return draft


def _must_draft(by: Acting) -> None:
    if not may_draft(by):
        raise forbidden(Text("制度由营销主管或主任起草。", "The marketing manager or the director drafts the regulation."))


def _must_be_seen(draft: Draft, revision: int) -> None:
    """Refuse when the draft is not as the person saw it."""
    if draft.revision == revision:
        return
    since = draft_changes(draft.pk, after=revision)
    newest = since[-1] if since else None
    who = newest.by if newest else draft.changed_by.name
    moment = f"{(newest.at if newest else draft.changed_at).astimezone(CHINA):%m-%d %H:%M}"
    titles = list(dict.fromkeys(title for one in since for title in one.titles))
    shown, rest = titles[:SHOWN], len(titles) - SHOWN
    zh = "、".join(title.zh for title in shown) + (f" 等 {len(titles)} 处" if rest > 0 else "")
    en = ", ".join(title.en for title in shown) + (f" and {rest} more" if rest > 0 else "")
    raise Refusal(
        "draft_changed",
        Text(
            f"您打开之后，{who} 于 {moment} 改了草案：{zh or '—'}。您的修改没有保存，请对照后再提交。",
            f"After you opened it {who} changed the draft at {moment}: {en or '—'}. Your changes are not saved; compare and send again.",
        ),
    )


def _save_change(draft: Draft, titles: tuple[Text, ...], *, by: Acting, at: datetime) -> None:
    draft.revision += 1
    draft.changed_by_id, draft.changed_at = by.person, at
    draft.save(update_fields=["content", "revision", "reasons", "in_force_from", "changed_by", "changed_at"])
    kept = list(dict.fromkeys(titles))[:MOST_TITLES]
    DraftChange.objects.create(
        draft=draft, revision=draft.revision, by_id=by.person, at=at, titles=[[title.zh, title.en] for title in kept]
    )
    _record("edit", draft, {"revision": draft.revision, "changed": [title.zh for title in kept]}, by=by, at=at)


def _record(verb: str, draft: Draft, after: dict[str, object], *, by: Acting, at: datetime) -> None:
    record([Deed(verb, SUBJECT, draft.pk, {"pack": draft.pack, **after}, on_behalf_of=acts_for(by))], by=by.person, at=at)
