"""Money that waits for no batch is applied by hand: to the batches that finance names (M-16.3.3.1)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import MONEY_POSTS, may_enter_receipt
from lingqu.credit.actions.booking import Moment, locked, set_unapplied, write_applications
from lingqu.credit.actions.holds import review_holds
from lingqu.credit.models import CreditLine
from lingqu.credit.queries import open_batches
from lingqu.credit.rules import apply_money, check_use
from lingqu.ledger.actions import lock_accounts, post
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation


@transaction.atomic
def apply_unapplied(line_id: int, detail: dict[int, Decimal], *, regulation: Regulation, by: Acting, at: datetime) -> CreditLine:
    """Apply money that waits on a line to batches, in yuan per batch id, and return the line.

    Differences within the tolerance are written off as with a receipt. What the partner owes in all does not change; which batches are
    owed, and overdue, does, so holds follow. Refuses whoever may not enter money, more than waits, more than a batch owes, a batch that is
    not open, and nothing at all.
    """
    line = locked(line_id)
    if line is None:
        raise not_found()
    if not may_enter_receipt(by, line.seller_id):
        raise forbidden(Text("预收余额由财务主管核销。", "Unapplied money is the finance head's to apply."))
    whole = check_use(detail, waiting=line.unapplied)
    lock_accounts([line.account_id])
    when = Moment(china_day(at), at)
    used = {batch: part for batch, part in detail.items() if part}
    money = apply_money(open_batches(line.pk), whole, tolerance=regulation.parameters.settles_at, detail=used)
    before = line.unapplied
    entries = write_applications(line, money, receipt=None, when=when)
    set_unapplied(line, line.unapplied - whole)
    after = {"applied": {str(batch): str(part) for batch, part in used.items()}, "unapplied": str(line.unapplied)}
    deed = Deed(
        "apply", "credit_line", line.pk, after, {"unapplied": str(before)}, regulation.reference, by.for_whom(MONEY_POSTS, line.seller_id)
    )  # fmt: skip
    record([deed], by=by.person, at=at)
    review_holds(line, regulation=regulation, at=at)
    post(entries, on=when.on, at=at)
    return line
