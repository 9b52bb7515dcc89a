"""What the books before say is owed, and what waits: taken over on the first day, however high, and seen to be over where it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.money import ZERO
from lingqu.base.refusal import bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import GRADE_POSTS, may_change_grade
from lingqu.credit.actions.batches import term_of
from lingqu.credit.actions.booking import locked, set_unapplied
from lingqu.credit.models import Batch, CreditLine, Receipt
from lingqu.credit.rules import check_amount
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import lock_accounts, open_account, post
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

TAKEN_OVER = "taken_over"
_INSTANT = timedelta(microseconds=1)


class OldBatch(msgspec.Struct, frozen=True):
    """A batch of the books before: its request's number there, the days known, and what is still owed of it, yuan."""

    line: int
    request: str
    opened_on: date
    owed: Decimal
    shipped_on: date | None = None
    due_on: date | None = None


class OldMoney(msgspec.Struct, frozen=True):
    """Money of the books before that was applied to nothing: yuan, from whom, and the key that makes it the same receipt."""

    line: int
    key: str
    amount: Decimal
    received_on: date
    payer: str = ""


@transaction.atomic
def open_taken_over_batches(olds: Iterable[OldBatch], *, regulation: Regulation, by: Acting, at: datetime) -> list[Batch]:
    """Open batches of the books before in their order, without requests, and post what is owed of each; return them; all or none.

    It is debt that exists, so no limit stops it: for exactly what is over, in yuan and in batches, a waiver that names the batch is posted
    first, and lasts for this posting only (M-16.3.3.1). The value of a batch is what is owed. The due day of the books is kept; without
    one the back-stop counts from shipping by the grade (gap G-03). Whoever takes over the last one of a line lets its holds follow
    (`review_line`). Refuses people who may not grade, and an amount that is not more than nothing. Each line is read and written once: a
    row that is written thousands of times in one transaction grows slow.
    """
    lines: dict[int, CreditLine] = {}
    made = []
    for old in olds:
        if old.line not in lines:
            lines[old.line] = _line_to_take_over(old.line, by)
        made.append(_open(old, lines[old.line], regulation=regulation, by=by, at=at))
    for line in lines.values():
        line.save(update_fields=["last_batch"])
    return made


def _open(old: OldBatch, line: CreditLine, *, regulation: Regulation, by: Acting, at: datetime) -> Batch:
    owed = check_amount(old.owed)
    if max(old.opened_on, old.shipped_on or old.opened_on) > china_day(at):
        raise bad_input("opened_on", Text("批次日期不能晚于今天。", "The days of a batch cannot lie in the future."))
    line.last_batch += 1
    due = old.due_on
    if due is None and old.shipped_on is not None:
        due = old.shipped_on + timedelta(days=term_of(line, regulation))
    batch = Batch.objects.create(
        line=line, number=line.last_batch, request=old.request[:30], opened_on=old.opened_on, value=owed, shipped_on=old.shipped_on,
        backstop_due_on=due,
    )  # fmt: skip
    after = {"line": line.pk, "request": batch.request, "owed": str(owed)}
    absent = by.for_whom(GRADE_POSTS, line.seller_id)
    record([Deed("take_over", "batch", batch.pk, after, {}, regulation.reference, absent)], by=by.person, at=at)
    on = china_day(at)
    post(_let_through(line, batch, at=at), on=on, at=at)
    entry = Entry(
        source=line.account_id, destination=line.sales_id, amount=owed, count=1, document=("batch", batch.pk), reason=TAKEN_OVER
    )  # fmt: skip
    post([entry], on=on, at=at)
    return batch


def _let_through(line: CreditLine, batch: Batch, *, at: datetime) -> list[Entry]:
    """Return the waivers for exactly what the batch is over the line's limits, and over those of its group; none where it fits."""
    must_be_atomic()
    standings = lock_accounts([line.account_id])
    own = standings[line.account_id]
    wanted = []
    for account in dict.fromkeys((own.account, own.group)):
        if account is None:
            continue
        standing = standings[account]
        over = max(batch.value - standing.free, ZERO)
        places = 0
        if standing.count_limit is not None:
            places = max(standing.open_count + standing.held_count + 1 - standing.count_limit, 0)
        if over or places:
            wanted.append((account, over, places))
    if not wanted:
        return []
    authority = open_account("authority", holder=line.seller_id, unit="CNY")
    return [
        Entry(
            source=authority, destination=account, amount=over, count=places, document=("batch", batch.pk), reason="waiver",
            phase=Phase.WAIVER, expires_at=at + _INSTANT,
        )
        for account, over, places in wanted
    ]  # fmt: skip


@transaction.atomic
def take_over_money(old: OldMoney, *, regulation: Regulation, by: Acting, at: datetime) -> Receipt:
    """Enter money of the books before as a receipt that was applied to nothing, and return it; the same key is the same receipt.

    It waits on the line as it did in the books; the next accepted request, or finance, applies it (M-16.3.3.1). Refuses people who may not
    grade, a future day, and an amount that is not more than nothing.
    """
    line = _line_to_take_over(old.line, by)
    known = Receipt.objects.filter(line=line, key=old.key).first()
    if known:
        return known
    amount = check_amount(old.amount)
    if old.received_on > china_day(at):
        raise bad_input("received_on", Text("到账日不能晚于今天。", "The day of receipt cannot lie in the future."))
    lock_accounts([line.account_id])
    (number,) = take_numbers("SK", old.received_on.year)
    receipt = Receipt.objects.create(
        line=line, number=number, key=old.key, amount=amount, received_on=old.received_on, payer=old.payer[:120], unapplied=amount,
        opening=True, entered_by_id=by.person, entered_at=at,
    )  # fmt: skip
    set_unapplied(line, line.unapplied + amount)
    absent = by.for_whom(GRADE_POSTS, line.seller_id)
    deed = Deed("take_over", "receipt", receipt.pk, {"amount": str(amount)}, {}, regulation.reference, absent)
    record([deed], by=by.person, at=at)
    entry = Entry(source=line.cash_id, destination=line.account_id, amount=amount, document=("receipt", receipt.pk), reason="receipt")
    post([entry], on=china_day(at), at=at)
    return receipt


def _line_to_take_over(line_id: int, by: Acting) -> CreditLine:
    line = locked(line_id)
    if line is None:
        raise not_found()
    if not may_change_grade(by, line.seller_id):
        raise forbidden(Text("期初余额由主任复签入账。", "Opening balances are taken over by the director."))
    return line
