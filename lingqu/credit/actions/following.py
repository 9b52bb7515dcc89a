"""When a new version of the regulation changes the table of grades, the lines that go by the table follow it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.credit.models import CreditLine
from lingqu.credit.queries import lines_off_the_table
from lingqu.ledger.actions import lock_accounts, set_limit
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

DRAFT = "regulation_draft"
"""The kind under which approvals know a draft of the regulation."""


class Followed(msgspec.Struct, frozen=True):
    """How many lines took new limits from the table, and whether some are left for the next run."""

    lines: int
    more: bool


@transaction.atomic
def follow_table(*, regulation: Regulation, at: datetime) -> Followed:
    """Give the limits of the table in force to lines whose limits come from the table, at most 500 at once (M-19.5).

    A limit that was decided for one partner by a proposal stays. Nothing that was accepted is recalled: a lower limit judges new
    requests only. A second run changes nothing.
    """
    off = lines_off_the_table(regulation)
    day = china_day(at)
    lines = CreditLine.objects.select_for_update().filter(pk__in=off).order_by("pk")
    changed = 0
    for line in lines:
        terms = regulation.parameters.grades[line.grade]
        standing = lock_accounts([line.account_id])[line.account_id]
        before = {"limit": str(standing.limit), "batches": standing.count_limit}
        after = {"limit": str(terms.limit), "batches": terms.max_open_batches}
        if before == after:
            continue
        record([Deed("follow_table", "credit_line", line.pk, after, before, regulation.reference)], by=None, at=at)
        document = ("regulation", regulation.number)
        set_limit(line.account_id, limit=terms.limit, count_limit=terms.max_open_batches, document=document, on=day, at=at)
        changed += 1
    return Followed(changed, more=len(off) > changed)


def follow_issue(event: ApprovalMoved) -> None:
    """Hear that a new version was issued: where it is in force already, the lines follow in the same transaction."""
    must_be_atomic()
    if event.subject_kind == DRAFT and event.state is ApprovalState.APPROVED:
        follow_table(regulation=regulation_in_force(on=china_day(event.at)), at=event.at)
