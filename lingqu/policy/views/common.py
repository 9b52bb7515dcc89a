"""What the pages of the regulation share: which version is read, the head over it, and the packs to switch between."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.policy.access import may_draft, may_see_drafts, may_see_readings
from lingqu.policy.models import Draft
from lingqu.policy.present.versions import Head, Place, last_day, state_of, switch_of
from lingqu.policy.queries import (
    VersionRow,
    adopted_pack,
    draft_regulation,
    installed_packs,
    open_draft,
    regulation_in_force,
    version,
    versions,
)
from lingqu.policy.queries.people import reading_counts
from lingqu.policy.rules import Regulation, differences
from lingqu.policy.states import DRAFTS, DraftState

DRAFT = "draft"
MOST_DIGITS = 9


class Seen(msgspec.Struct, frozen=True):
    """The version, or the draft, that a page shows; `before` is the version that it is compared with, None for the first."""

    pack: str
    key: str
    text: Regulation
    rows: list[VersionRow]
    before: Regulation | None
    draft: Draft | None

    @property
    def row(self) -> VersionRow | None:
        """Return the row of the version that is shown; None for the draft."""
        return next((row for row in self.rows if self.key == f"v{row.number}"), None)

    @property
    def is_draft(self) -> bool:
        """Return whether the draft is shown."""
        return self.key == DRAFT


def pack_rows(pack: str) -> list[VersionRow]:
    """Return the versions of a pack; refuses (404) a pack that is not installed."""
    rows = versions(pack)
    if not rows:
        raise not_found()
    return rows


def seen(request: PageRequest, pack: str, key: str) -> Seen:
    """Return the version or draft that an address names; refuses (404) what does not exist or is not the person's to see."""
    return seen_by(request.who, pack, key, compared=request.GET.get("with", ""))


def seen_by(who: Acting, pack: str, key: str, *, compared: str = "") -> Seen:
    """Return a version or the draft as a person sees it, beside the version `compared`, the one before when that is none."""
    rows = pack_rows(pack)
    open_one = open_draft(pack) if may_see_drafts(who) else None
    if key == DRAFT:
        if open_one is None:
            raise not_found(Text("现在没有修订草案。", "There is no draft now."))
        return Seen(pack, key, draft_regulation(open_one), rows, version(pack, open_one.base.number), open_one)
    number = read_number(key)
    text = version(pack, number)
    other = read_number(compared, default=0) or max((row.number for row in rows if row.number < number), default=0)
    before = version(pack, other) if 0 < other != number and any(row.number == other for row in rows) else None
    return Seen(pack, key, text, rows, before, open_one)


def read_number(words: str, *, default: int | None = None) -> int:
    """Return the number of a version from `v3` or `3`; refuses (404) what is none unless there is a default."""
    plain = words.removeprefix("v")
    if plain.isdecimal() and plain.isascii() and len(plain) <= MOST_DIGITS:
        return int(plain)
    if default is None:
        raise not_found()
    return default


def version_in_force(request: PageRequest, pack: str) -> int:
    """Return the number of the version of a pack that is in force today, else of the first one that will be."""
    return number_in_force(pack, on=request.today)


def number_in_force(pack: str, *, on: date) -> int:
    """Return the number of the version of a pack that is in force on a day, else of the first one that will be."""
    rows = pack_rows(pack)
    try:
        return regulation_in_force(on=on, pack=pack).number
    except Refusal:
        return min(row.number for row in rows)


def own_pack(request: PageRequest) -> str:
    """Return the pack that the company goes by; refuses (404) when it goes by none."""
    pack = adopted_pack(on=request.today)
    if not pack:
        raise not_found(Text("还没有生效的制度。", "No regulation is in force yet."))
    return pack


def packs_for(request: PageRequest, shown: str) -> list[dict[str, Any]]:
    """Return the packs to switch between, the company's own first. People outside are shown only the one that they read."""
    names = [shown] if request.who.firm_kind != FirmKind.HQ.value else installed_packs()
    own = adopted_pack(on=request.today)
    found = []
    for name in sorted(names, key=lambda one: (one != own, one)):
        title = version(name, version_in_force(request, name)).title
        word = Text("本公司", "Ours") if name == own else title
        found.append({"key": name, "title": title, "word": word, "own": name == own})
    return found


def head_of(request: PageRequest, found: Seen, *, clause: str = "") -> Head:
    """Return what stands over the version that is shown."""
    who, open_one, row = request.who, found.draft, found.row
    draft_url = reverse("regulation_draft", args=[found.pack]) if open_one else ""
    shown = row.number if row else 0
    switch, more = switch_of(found.rows, found.pack, shown=shown, clause=clause, on=request.today, draft_url=draft_url)
    if found.is_draft:
        switch = (*switch[:-1], msgspec.structs.replace(switch[-1], shown=True))
    kind, state = state_of(row, request.today) if row else draft_state(open_one)
    if row:
        state = Text(f"{state.zh} v{row.number}", f"v{row.number}, {state.en}")
    asked, read = reading_counts([row.id]).get(row.id, (0, 0)) if row and may_see_readings(who) else (0, 0)
    return Head(
        number=shown, kind=kind, state=state, hash=row.content_hash[:12] if row else "", until=last_day(row) if row else None,
        switch=switch, more=more, compare=found.before.number if found.before and row else None,
        changed=len(differences(found.before, found.text)) if found.before else 0, asked=asked, read=read,
        draft_url=draft_url, may_start=open_one is None and may_draft(who),
        writes=may_draft(who),
    )  # fmt: skip


def draft_state(found: Draft | None) -> tuple[str, Text]:
    """Return the kind of a draft's state and its words."""
    state = DraftState(found.state) if found else DraftState.DRAFT
    return {DraftState.IN_APPROVAL: "progress"}.get(state, "draft"), DRAFTS.words[state]


def draft_place(pack: str, found: Draft | None, *, shown: bool) -> Place | None:
    """Return the draft for the timeline of versions, None for none."""
    if found is None:
        return None
    name = Text(f"v{found.base.number} 之后的草案", f"draft after v{found.base.number}")
    return Place(name, reverse("regulation_draft", args=[pack]), shown, "amber", draft_state(found)[1])
