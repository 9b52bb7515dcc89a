"""The special signature: one request, exactly the laws named, until a moment. A posting on the credit line, tied to the request."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.money import ZERO
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.credit.access import SIGNING_POSTS
from lingqu.credit.models import CreditLine, Waiver
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import lock_accounts, open_account, post
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.organisation.queries import Acting

MOST_REASON = 400


class NewWaiver(msgspec.Struct, frozen=True):
    """What is signed: the request's id, the laws by name, yuan and batches over the limits, the reason, and until when it holds.

    `overdue` and `below_floor` are the greatest yuan overdue and below the floor of prices that are let through; None names no number.
    `group_amount` is what is let through over the limit of the group that the line belongs to, yuan.
    """

    document_id: int
    laws: tuple[str, ...]
    amount: Decimal
    batches: int
    reason: str
    expires_at: datetime
    overdue: Decimal | None = None
    below_floor: Decimal | None = None
    group_amount: Decimal = ZERO


@transaction.atomic
def sign_waiver(new: NewWaiver, *, line: CreditLine, by: Acting, at: datetime) -> Waiver:
    """Write the waiver and its posting and return it; the caller has checked that the signer may sign these laws (A22).

    A later waiver for the same request adds to an earlier one. Refuses an empty reason and an end in the past.
    """
    if not new.reason.strip():
        raise bad_input("reason", Text("特批须写明理由。", "A special signature needs its reason."))
    if new.expires_at <= at:
        raise bad_input("expires_at", Text("有效期已过。", "It would have expired already."))
    (number,) = take_numbers("TP", china_day(at).year)
    waiver = Waiver.objects.create(
        line=line, number=number, document_id=new.document_id, laws=" ".join(new.laws), amount=new.amount, batches=new.batches,
        overdue=new.overdue, below_floor=new.below_floor, reason=new.reason.strip()[:MOST_REASON], expires_at=new.expires_at,
        signed_by_id=by.person, signed_at=at,
    )  # fmt: skip
    after = {"laws": list(new.laws), "amount": str(new.amount)}
    absent = by.for_whom(tuple(one for posts in SIGNING_POSTS.values() for one in posts), line.seller_id)
    record([Deed("sign", "waiver", waiver.pk, after, on_behalf_of=absent)], by=by.person, at=at)
    post(_let_through(new, line), on=china_day(at), at=at)
    return waiver


def _let_through(new: NewWaiver, line: CreditLine) -> list[Entry]:
    """Return the postings of a waiver: on the line and, where its group would be over its limit, a second one on the group's account."""
    wanted = [(line.account_id, new.amount, new.batches)] if new.amount or new.batches else []
    group = lock_accounts([line.account_id])[line.account_id].group if new.group_amount else None
    if group:
        wanted.append((group, new.group_amount, 0))
    if not wanted:
        return []
    authority = open_account("authority", holder=line.seller_id, unit="CNY")
    return [
        Entry(
            source=authority, destination=account, amount=amount, count=count, document=("order", new.document_id), reason="waiver",
            phase=Phase.WAIVER, expires_at=new.expires_at,
        )
        for account, amount, count in wanted
    ]  # fmt: skip
