"""What an address of the credit desk asks for, for its pages and its workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import SELLING, may_see_desk
from lingqu.desk.present.credit_desk import AGE_WORDS, VIEW_WORDS, DeskAsked, narrowed
from lingqu.desk.queries.credit_desk import MOST_DOCUMENTS, DeskRow, OpenDocument, desk_rows, open_documents
from lingqu.organisation.queries import Acting
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

LONGEST = 60


class DeskSight(msgspec.Struct, frozen=True):
    """What the desk looks at: the day, whether it is past, the regulation of that day, and what was wrong with the day asked for."""

    on: date
    past: date | None
    regulation: Regulation
    error: Text | None = None

    @property
    def tolerance_days(self) -> int:
        """Return by how many days money may be late before it is overdue."""
        return self.regulation.parameters.overdue_tolerance_days


def sight_of(who: Acting, given: Mapping[str, str], *, today: date) -> DeskSight:
    """Return what the person looks at; refuses who may not. A day that cannot be looked at is told, and today is shown."""
    if who.firm_kind not in SELLING:
        raise not_found()
    if not may_see_desk(who, who.firm):
        raise forbidden(
            Text(
                "信用台由财务、主任、副主任、营销主管和区域销售员查看。",
                "The credit desk is for finance, director, deputy, manager and representatives.",
            )
        )
    now = DeskSight(today, None, regulation_in_force(on=today))
    typed = given.get("on", "").strip()
    if not typed:
        return now
    try:
        day = date.fromisoformat(typed[:LONGEST])
    except ValueError:
        return msgspec.structs.replace(now, error=Text("日期请写成 2026-07-01 的样子。", "Write the day like 2026-07-01."))
    if day == today:
        return now
    if day > today:
        return msgspec.structs.replace(now, error=Text("只能回看今天以前的日子。", "Only days before today can be looked at."))
    try:
        return DeskSight(day, day, regulation_in_force(on=day))
    except Refusal as refusal:
        return msgspec.structs.replace(now, error=refusal.text)


def asked_of(given: Mapping[str, str], sight: DeskSight) -> DeskAsked:
    """Return the filters of the address; what is not understood is as usual."""
    view, sort, region = _word(given, "view"), _word(given, "sort"), _word(given, "region")[:2]
    return DeskAsked(
        view=view if view in VIEW_WORDS else "attention", grade=_word(given, "grade"), words=_word(given, "q"),
        representative=_word(given, "representative"), region=region if region.isascii() and region.isdigit() else "",
        sort=sort or "share", on=sight.past,
    )  # fmt: skip


def partners_seen(who: Acting, sight: DeskSight, asked: DeskAsked) -> tuple[list[DeskRow], list[DeskRow]]:
    """Return all partners of the desk, and those that the filters leave."""
    whole = desk_rows(who.firm, on=sight.on, past=sight.past is not None, tolerance_days=sight.tolerance_days)
    return whole, narrowed(whole, asked, on=sight.on)


def batches_seen(
    who: Acting, given: Mapping[str, str], sight: DeskSight, *, most: int = MOST_DOCUMENTS
) -> tuple[str, str, list[OpenDocument]]:
    """Return the age and the partner that the address names (empty: any), and their open batches, at most `most`."""
    age, partner = _word(given, "age"), _word(given, "partner")
    age = age if age in AGE_WORDS else ""
    found = open_documents(
        who.firm, on=sight.on, past=sight.past is not None, tolerance_days=sight.tolerance_days, age=age, partner=partner, most=most
    )  # fmt: skip
    return age, partner, found


def _word(given: Mapping[str, str], name: str) -> str:
    return given.get(name, "").replace("\x00", "")[:LONGEST]
