"""The special signature: one request, exactly the laws named, until a moment. A posting on the credit line, tied to the request."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.credit.access import SIGNING_POSTS
from lingqu.credit.models import CreditLine, Waiver
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import open_account, post
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.organisation.queries import Acting


class NewWaiver(msgspec.Struct, frozen=True):
    """What is signed: the request's id, the laws by name, yuan and batches over the limits, the reason, and until when it holds."""

    document_id: int
    laws: tuple[str, ...]
    amount: Decimal
    batches: int
    reason: str
    expires_at: datetime


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
        reason=new.reason.strip()[:200], expires_at=new.expires_at, signed_by_id=by.person, signed_at=at,
    )  # fmt: skip
    after = {"laws": list(new.laws), "amount": str(new.amount)}
    absent = by.for_whom(tuple(post for posts in SIGNING_POSTS.values() for post in posts), line.seller_id)
    record([Deed("sign", "waiver", waiver.pk, after, on_behalf_of=absent)], by=by.person, at=at)
    if new.amount or new.batches:
        authority = open_account("authority", holder=line.seller_id, unit="CNY")
        entry = Entry(
            source=authority, destination=line.account_id, amount=new.amount, count=new.batches,
            document=("order", new.document_id), reason="waiver", phase=Phase.WAIVER, expires_at=new.expires_at,
        )  # fmt: skip
        post([entry], on=china_day(at), at=at)
    return waiver
