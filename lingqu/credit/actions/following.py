"""When a new version of the regulation changes the table of grades, the lines that go by the table follow it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.credit.actions.told import tell_table
from lingqu.credit.models import CreditLine
from lingqu.credit.queries import goes_by_table, lines_off_the_table
from lingqu.credit.queries.following import MOST_AT_ONCE
from lingqu.credit.rules import bounds_of, grade_terms
from lingqu.ledger.actions import lock_accounts, set_limit
from lingqu.ledger.rules import Standing
from lingqu.organisation.states import FirmKind
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

DRAFT = "regulation_draft"
"""The kind under which approvals know a draft of the regulation."""

BY_TABLE, BY_BOUNDS = "regulation", "branch_bounds"
"""Of what a limit is a document that came with a version: the table of grades, or the bounds of a branch."""


class Followed(msgspec.Struct, frozen=True):
    """How many lines took new limits from the table, and whether more may be left for another run."""

    lines: int
    more: bool


@transaction.atomic
def follow_table(*, regulation: Regulation, at: datetime) -> Followed:
    """Give the limits of the table in force to lines whose limits come from the table, at most 500 at once (M-19.5).

    A limit that was decided for one partner by a proposal stays; what an agent gave a retailer comes down to the bounds of its branch where
    these are lower now (M-15.1). Nothing that was accepted is recalled: a lower limit judges new requests only. A second run changes
    nothing.
    """
    off = lines_off_the_table(regulation)
    day = china_day(at)
    lines = CreditLine.objects.select_for_update(of=("self",)).select_related("seller", "buyer").filter(pk__in=off).order_by("pk")
    changed = 0
    for line in lines:
        standing = lock_accounts([line.account_id])[line.account_id]
        limit, batches = _wanted(line, standing, regulation)
        before = {"limit": str(standing.limit), "batches": standing.count_limit}
        after = {"limit": str(limit), "batches": batches}
        if before == after:
            continue
        record([Deed("follow_table", "credit_line", line.pk, after, before, regulation.reference)], by=None, at=at)
        document = (BY_TABLE if goes_by_table(line.account_id) else BY_BOUNDS, regulation.number)
        if limit != standing.limit:
            tell_table(line, limit, document=document, on=day, at=at)
        set_limit(line.account_id, limit=limit, count_limit=batches, document=document, on=day, at=at)
        changed += 1
    return Followed(changed, more=len(off) == MOST_AT_ONCE)


def _wanted(line: CreditLine, standing: Standing, regulation: Regulation) -> tuple[Decimal, int | None]:
    """Return the limits that a locked line should have: those of the table, or its own within the bounds of the branch."""
    branch = line.seller.kind != FirmKind.HQ.value
    if goes_by_table(line.account_id):
        terms = grade_terms(line.grade, regulation.parameters, branch=branch)
        return terms.limit, terms.max_open_batches
    bounds = bounds_of(regulation.parameters)
    return min(standing.limit, bounds.limit), None if standing.count_limit is None else min(standing.count_limit, bounds.batches)


def follow_issue(event: ApprovalMoved) -> None:
    """Hear that a new version was issued: where it is in force already, the lines follow in the same transaction."""
    must_be_atomic()
    if event.subject_kind == DRAFT and event.state is ApprovalState.APPROVED:
        follow_table(regulation=regulation_in_force(on=china_day(event.at)), at=event.at)
