"""Enter money received: it settles batches as the remittance says, else the oldest first."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.money import CENT, MAX_AMOUNT, half_up, total
from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text
from lingqu.credit.access import MONEY_POSTS, may_enter_receipt
from lingqu.credit.actions.booking import Moment, set_unapplied, write_applications
from lingqu.credit.actions.holds import review_holds
from lingqu.credit.models import CreditLine, Receipt
from lingqu.credit.queries import open_batches
from lingqu.credit.rules import apply_money, draw
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import lock_accounts, post
from lingqu.ledger.rules import Entry
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation


class NewReceipt(msgspec.Struct, frozen=True):
    """Money that came in: `key` makes it the same receipt however often it is sent; `detail` is yuan per batch id, as remitted."""

    line: int
    key: str
    amount: Decimal
    received_on: date
    payer: str = ""
    bank_reference: str = ""
    detail: dict[int, Decimal] = {}


@transaction.atomic
def enter_receipt(new: NewReceipt, *, regulation: Regulation, by: Acting, at: datetime) -> Receipt:
    """Enter a receipt and return it; the same key returns the receipt that exists.

    Settles batches (remittance detail first, else oldest first, by money that waited before the new), writes off differences within the
    tolerance, keeps the rest as unapplied money of the line (M-16.3.3.1), and lets the line's holds follow. Refuses amounts outside 0.01
    to 99,999,999,999.99, a future day, a detail that does not fit, and a person who may not enter money.
    """
    line = CreditLine.objects.select_for_update().get(pk=new.line)
    if not may_enter_receipt(by, line.seller_id):
        raise forbidden(Text("回款由财务主管登记。", "Receipts are the finance head's to enter."))
    known = Receipt.objects.filter(line=line, key=new.key).first()
    if known:
        return known
    _check(new, at)
    lock_accounts([line.account_id])
    money = apply_money(
        open_batches(line.pk), line.unapplied + new.amount, tolerance=regulation.parameters.settles_at, detail=new.detail
    )  # fmt: skip
    drawn = draw(money, waiting=line.unapplied, amount=new.amount)
    (number,) = take_numbers("SK", new.received_on.year)
    receipt = Receipt.objects.create(
        line=line, number=number, key=new.key, amount=new.amount, received_on=new.received_on, payer=new.payer[:120],
        bank_reference=new.bank_reference[:60], unapplied=drawn.kept, entered_by_id=by.person, entered_at=at,
    )  # fmt: skip
    entries = [
        Entry(source=line.cash_id, destination=line.account_id, amount=new.amount, document=("receipt", receipt.pk), reason="receipt")
    ]
    entries += write_applications(line, drawn.money, receipt=receipt.pk, when=Moment(new.received_on, at))
    set_unapplied(line, drawn.unapplied)
    review_holds(line, regulation=regulation, at=at)
    after = {"amount": str(new.amount), "settled": list(money.settled)}
    deed = Deed("enter", "receipt", receipt.pk, after, {}, regulation.reference, by.for_whom(MONEY_POSTS, line.seller_id))
    record([deed], by=by.person, at=at)
    post(entries, on=new.received_on, at=at)
    return receipt


def _check(new: NewReceipt, at: datetime) -> None:
    if not new.amount.is_finite() or not CENT <= new.amount <= MAX_AMOUNT or new.amount != half_up(new.amount):
        raise bad_input("amount", Text("到账金额须大于零，到分为止。", "The amount must be more than zero and end at the cent."))
    if total(new.detail.values()) > new.amount:
        raise bad_input("detail", Text("明细合计大于到账金额。", "The details add up to more than the amount received."))
    if new.received_on > china_day(at):
        raise bad_input("received_on", Text("到账日不能晚于今天。", "The day of receipt cannot lie in the future."))
    if not 1 <= len(new.key) <= 64:  # noqa: PLR2004 - the column's length
        raise bad_input("key", Text("缺少表单键，请刷新页面后重试。", "The form key is missing; reload the page and try again."))
