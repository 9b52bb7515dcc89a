"""Read bank files, their lines, and among whom a line is looked up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec
from django.db.models import Count, Q, QuerySet, Sum

from lingqu.base.database import rows
from lingqu.base.money import ZERO
from lingqu.base.refusal import not_found
from lingqu.credit.models import Batch, CreditLine
from lingqu.credit.queries import as_open_batch, total_overdue
from lingqu.credit.rules import OpenBatch
from lingqu.organisation.queries import Acting
from lingqu.settlement.access import may_book
from lingqu.settlement.models import BankBooking, BankFile, BankLine, BankProfile, BankUpload, PayerAccount
from lingqu.settlement.rules import KnownPayer, Match, Matcher, Owing, Paid
from lingqu.settlement.states import LineState

BIGGEST_ID: Final = 2**63 - 1
MOST_MATCHED: Final = 100
"""How many open lines are looked up for a page, the oldest first; the rest follow when these are done."""

MOST_PROFILES: Final = 50


class StateFigures(msgspec.Struct, frozen=True):
    """How many lines are in a state, and their sum in yuan."""

    count: int = 0
    amount: Decimal = ZERO


class LineBooking(msgspec.Struct, frozen=True):
    """What a part of a line was booked to, in yuan; `reversed` when the receipt was taken back since."""

    bank_line: int
    receipt: str
    amount: Decimal
    why: str
    buyer_code: str
    buyer_name: str
    reversed: bool
    entered_at: datetime
    entered_by: str


def figures_of(seller: int) -> dict[LineState, StateFigures]:
    """Return how many lines of a seller are in each state, with their sums; every state has its figures. One statement."""
    found = BankLine.objects.filter(seller_id=seller).values_list("state").annotate(Count("id"), Sum("amount"))
    told = {LineState(state): StateFigures(count, amount) for state, count, amount in found}
    return {state: told.get(state, StateFigures()) for state in LineState}


def open_lines(seller: int, *, most: int = MOST_MATCHED) -> list[BankLine]:
    """Return the lines that wait to be booked, the oldest money first."""
    return list(BankLine.objects.filter(seller_id=seller, state=LineState.OPEN.value).select_related("file").order_by("on", "id")[:most])


def list_lines(
    seller: int, state: LineState | None, *, words: str = "", file: int | None = None, before: int | None = None, most: int = 50
) -> list[BankLine]:  # fmt: skip
    """Return up to `most` lines of a state or a file, the newest first, those below the id `before`, with `words` in their words."""
    found = BankLine.objects.filter(seller_id=seller).select_related("file", "decided_by")
    if state:
        found = found.filter(state=state.value)
    if file:
        found = found.filter(file_id=file)
    if before:
        found = found.filter(pk__lt=before)
    if words:
        found = found.filter(_holding(words))
    return list(found.order_by("-id")[:most])


def _holding(words: str) -> Q:
    said = Q(payer__icontains=words) | Q(remark__icontains=words) | Q(serial__icontains=words) | Q(payer_account__icontains=words)
    plain = words.replace(",", "")
    if plain.replace(".", "", 1).isascii() and plain.replace(".", "", 1).isdigit() and len(plain) <= 14:  # noqa: PLR2004 - the column's digits
        said |= Q(amount=Decimal(plain)) | Q(amount=-Decimal(plain))
    return said


def line_to_book(line: int, *, by: Acting) -> BankLine:
    """Return a bank line with its file; refuses (404) an unknown one and one that is not the person's to book."""
    found = BankLine.objects.filter(pk=line).select_related("file", "decided_by").first() if 0 < line <= BIGGEST_ID else None
    if found is None or not may_book(by, found.seller_id):
        raise not_found()
    return found


def list_files(seller: int, *, before: int | None = None, most: int = 50) -> list[BankFile]:
    """Return up to `most` files that were taken in, the newest first, those below the id `before`."""
    found = BankFile.objects.filter(seller_id=seller).select_related("profile", "taken_by")
    return list((found.filter(pk__lt=before) if before else found).order_by("-id")[:most])


def file_by_number(number: str, *, by: Acting) -> BankFile:
    """Return a file by its number; refuses (404) an unknown one and one that is not the person's to see."""
    found = None
    if "\x00" not in number:
        found = BankFile.objects.filter(number=number).select_related("profile", "taken_by", "upload").defer("upload__content").first()
    if found is None or not may_book(by, found.seller_id):
        raise not_found()
    return found


def upload_to_see(upload: int, *, by: Acting) -> BankUpload:
    """Return a file that was sent, with its content; refuses (404) an unknown one and one that is not the person's to see."""
    found = BankUpload.objects.filter(pk=upload).first() if 0 < upload <= BIGGEST_ID else None
    if found is None or not may_book(by, found.seller_id):
        raise not_found()
    return found


def taken_in(upload: int) -> BankFile | None:
    """Return the file that was taken in from what was sent, None when it was not yet."""
    return BankFile.objects.filter(upload_id=upload).first()


def profiles_of(seller: int) -> list[BankProfile]:
    """Return the seller's profiles of banks, the one used last first, at most 50."""
    return list(BankProfile.objects.filter(seller_id=seller).order_by("-used_at", "-id")[:MOST_PROFILES])


def known_fingerprints(seller: int, fingerprints: Collection[str]) -> set[str]:
    """Return which of the movements an earlier file brought already."""
    return set(BankLine.objects.filter(seller_id=seller, fingerprint__in=list(fingerprints)).values_list("fingerprint", flat=True))


def alike_days(seller: int, wanted: Iterable[tuple[date, Decimal, str]]) -> set[tuple[date, Decimal, str]]:
    """Return which pairs of day, amount and payer stand among the seller's lines already."""
    asked = set(wanted)
    if not asked:
        return set()
    days = {on for on, _, _ in asked}
    held = BankLine.objects.filter(seller_id=seller, on__in=days).values_list("on", "amount", "payer")
    return asked & set(held)


_LEFT = """
SELECT l.id, l.amount - COALESCE(sum(b.amount) FILTER (WHERE r.state = 'entered'), 0) AS remaining
  FROM settlement_bankline l
  LEFT JOIN settlement_bankbooking b ON b.bank_line_id = l.id
  LEFT JOIN credit_receipt r ON r.id = b.receipt_id
 WHERE l.id = ANY(%s)
 GROUP BY l.id
"""


def left_of(lines: Collection[int]) -> dict[int, Decimal]:
    """Return what of each line is not booked, in yuan; parts whose receipts were taken back are not booked. One statement."""
    return {row.id: row.remaining for row in rows(_LEFT, (list(lines),))}


def bookings_of(lines: Collection[int]) -> dict[int, list[LineBooking]]:
    """Return what the lines were booked to, in order; every line has its list. One statement."""
    found: dict[int, list[LineBooking]] = {line: [] for line in lines}
    held = BankBooking.objects.filter(bank_line_id__in=found).select_related("receipt__line__buyer", "receipt__entered_by").order_by("id")
    for one in held if found else ():
        receipt = one.receipt
        found[one.bank_line_id].append(
            LineBooking(
                one.bank_line_id, receipt.number, one.amount, one.why, receipt.line.buyer.code, receipt.line.buyer.name,
                receipt.state != "entered", receipt.entered_at, receipt.entered_by.name if receipt.entered_by else "",
            )
        )  # fmt: skip
    return found


class Book(msgspec.Struct, frozen=True):
    """Among whom bank lines of a seller are looked up: its partners by credit line, and who has paid for them before."""

    owing: dict[int, Owing]
    matcher: Matcher


def book_of(seller: int, lines: Sequence[BankLine], *, on: date, tolerance_days: int) -> Book:
    """Return all partners of the seller with their open batches, and what is known of the payers of the lines. Three statements."""
    credit_lines = CreditLine.objects.filter(seller_id=seller).select_related("buyer").order_by("buyer__pinyin", "id")
    owed: dict[int, list[OpenBatch]] = defaultdict(list)
    for batch in Batch.objects.filter(line__seller_id=seller, settled_on__isnull=True).order_by("line_id", "number"):
        owed[batch.line_id].append(as_open_batch(batch))
    owing = {
        line.pk: Owing(
            line.pk, line.buyer.code, line.buyer.name, line.buyer.short_name, tuple(owed[line.pk]),
            total_overdue(owed[line.pk], on=on, tolerance_days=tolerance_days),
        )
        for line in credit_lines
    }  # fmt: skip
    accounts = {line.payer_account for line in lines if line.payer_account}
    names = {line.payer for line in lines if line.payer}
    payers: QuerySet[PayerAccount] = PayerAccount.objects.filter(Q(account__in=accounts) | Q(name__in=names), seller_id=seller)
    known = [KnownPayer(one.credit_line_id, one.account, one.name, one.times) for one in payers.order_by("id")]
    return Book(owing, Matcher(tuple(owing.values()), known))


def matches_of(book: Book, lines: Sequence[BankLine], left: dict[int, Decimal]) -> dict[int, Match]:
    """Return whose money each line may be. Lines of one day, amount and payer under several fingerprints may be doubled. One statement."""
    doubled = _doubled(lines)
    return {
        line.pk: book.matcher.match(Paid(left[line.pk], line.payer, line.payer_account, line.remark, line.pk in doubled)) for line in lines
    }


_DOUBLED = """
SELECT l.id FROM settlement_bankline l
 WHERE l.id = ANY(%s) AND EXISTS (
   SELECT 1 FROM settlement_bankline o
    WHERE o.seller_id = l.seller_id AND o.id <> l.id AND o.file_id <> l.file_id AND o."on" = l."on" AND o.amount = l.amount
      AND o.payer = l.payer)
"""


def _doubled(lines: Sequence[BankLine]) -> set[int]:
    """Return the lines that another file has, too, under another fingerprint; within one file the bank itself tells them apart."""
    return {row.id for row in rows(_DOUBLED, ([line.pk for line in lines],))}
