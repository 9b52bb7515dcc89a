"""Book a bank line to partners, take that back, set a line aside. Locks: credit lines, bank lines, then what receipts lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec
from django.db import transaction
from django.db.models import F

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.money import ZERO, half_up, total
from lingqu.base.refusal import Refusal, bad_input, not_found
from lingqu.base.text import Text
from lingqu.credit.access import MONEY_POSTS
from lingqu.credit.actions import NewReceipt, enter_receipt, reverse_receipt
from lingqu.credit.events import ReceiptReversed
from lingqu.credit.models import CreditLine, Receipt
from lingqu.credit.states import ReceiptState
from lingqu.ledger.actions import lock_accounts
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation
from lingqu.settlement.access import may_book
from lingqu.settlement.models import BankBooking, BankLine, PayerAccount
from lingqu.settlement.queries import book_of, left_of, matches_of
from lingqu.settlement.rules import Level, Match
from lingqu.settlement.states import BANK_LINES, LineState, LineVerb

MOST_PARTS: Final = 20
MOST_AT_ONCE: Final = 100
LONGEST_NOTE: Final = 200


class Part(msgspec.Struct, frozen=True):
    """A part of a bank line for one partner (credit line id), yuan; `detail` is yuan per batch id, `why` the signs that were found."""

    line: int
    amount: Decimal
    detail: dict[int, Decimal] = {}
    why: str = ""


class BookedMany(msgspec.Struct, frozen=True):
    """What became of many lines: the receipts entered, and those left, each with the reason (bank line id → sentence)."""

    receipts: tuple[str, ...]
    left: dict[int, Text]


@transaction.atomic
def book_line(bank_line_id: int, parts: Sequence[Part], *, regulation: Regulation, by: Acting, at: datetime) -> list[Receipt]:
    """Book a bank line to one partner or several, and return the receipts: all of it or nothing (M-16.3.3.1).

    Each part is a receipt of its partner and settles batches as `enter_receipt` does; the payer's account is remembered for next time. The
    parts must add up to what is not booked yet. Refuses (409) a line that somebody booked or set aside meanwhile, (404) partners of another
    seller, and whoever may not book.
    """
    _check_parts(parts)
    credit_lines = _lock_credit_lines({part.line for part in parts})
    line = _locked(bank_line_id, by=by)
    return _book(line, parts, credit_lines, regulation=regulation, by=by, at=at)


@transaction.atomic
def book_certain(wanted: Mapping[int, int], *, regulation: Regulation, by: Acting, at: datetime) -> BookedMany:
    """Book many bank lines, each to the partner (credit line) that a person saw proposed, and return what was done.

    Each is looked up again: what is not certain any more, or points to another partner now, is left with the reason, and so is what
    somebody else booked meanwhile. Refuses more than 100 at once, and none.
    """
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise bad_input("lines", Text(f"请勾选 1 至 {MOST_AT_ONCE} 笔。", f"Tick 1 to {MOST_AT_ONCE} lines."))
    credit_lines = _lock_credit_lines(set(wanted.values()))
    locking = BankLine.objects.select_for_update(of=("self",)).select_related("file", "decided_by")
    found = list(locking.filter(pk__in=list(wanted)).order_by("pk"))
    if len(found) != len(wanted) or any(not may_book(by, line.seller_id) for line in found):
        raise not_found()
    lock_accounts(sorted(line.account_id for line in credit_lines.values()))
    receipts: list[str] = []
    left: dict[int, Text] = {}
    matches = _matches(found, regulation=regulation, at=at)
    touched: set[int] = set()
    for line in sorted(found, key=lambda one: (one.on, one.pk)):
        try:
            with transaction.atomic():
                # A line before may have paid the batch that this one would: its partner is looked up again.
                again = wanted[line.pk] in touched
                match = _matches([line], regulation=regulation, at=at)[line.pk] if again else matches[line.pk]
                part = _certain_part(line, match, wanted[line.pk])
                receipts += [one.number for one in _book(line, [part], credit_lines, regulation=regulation, by=by, at=at)]
                touched.add(wanted[line.pk])
        except Refusal as refusal:
            left[line.pk] = refusal.text
    return BookedMany(tuple(receipts), left)


def _matches(lines: Sequence[BankLine], *, regulation: Regulation, at: datetime) -> dict[int, Match]:
    tolerance = regulation.parameters.overdue_tolerance_days
    book = book_of(lines[0].seller_id, lines, on=china_day(at), tolerance_days=tolerance)
    return matches_of(book, lines, left_of([line.pk for line in lines]))


def _certain_part(line: BankLine, match: Match, wanted: int) -> Part:
    _next(line, LineVerb.BOOK)
    best = match.candidates[0] if match.candidates else None
    if best is None or match.level is not Level.CERTAIN or best.line != wanted:
        raise Refusal("not_certain", Text("已不再是确定的，请逐笔核对。", "It is not certain any more; look at it by itself."))
    return Part(best.line, left_of([line.pk])[line.pk], best.detail, best.why)


@transaction.atomic
def unbook_line(bank_line_id: int, *, reason: str, regulation: Regulation, by: Acting, at: datetime) -> BankLine:
    """Take back what a bank line was booked to: its receipts are reversed, and the line waits again. Return the line.

    Refuses no reason, a line that is not booked, and whoever may not book.
    """
    held = BankBooking.objects.filter(bank_line_id=bank_line_id, receipt__state=ReceiptState.ENTERED.value)
    credit_lines = _lock_credit_lines(set(held.values_list("receipt__line_id", flat=True)))
    line = _locked(bank_line_id, by=by)
    _next(line, LineVerb.UNBOOK)
    receipts = list(held.order_by("receipt_id").values_list("receipt_id", "receipt__line_id"))
    if not {credit_line for _, credit_line in receipts} <= set(credit_lines):
        # Booked to another partner between the two locks: locking that one now could stop somebody who waits for the bank line.
        raise Refusal("line_moved", Text("这笔流水刚被改动，请刷新后再看。", "This line was changed this very moment; look again."))
    for receipt, _ in receipts:
        reverse_receipt(receipt, reason=reason, on=china_day(at), regulation=regulation, by=by, at=at)
    line.refresh_from_db()
    return line


@transaction.atomic
def set_aside(bank_line_id: int, *, note: str, by: Acting, at: datetime) -> BankLine:
    """Set a bank line aside with a note (it is no partner's money: interest, a deposit) and return it.

    Refuses no note, a line of which something is booked, and whoever may not book.
    """
    line = _locked(bank_line_id, by=by)
    words = " ".join(note.split())
    if not words or len(words) > LONGEST_NOTE:
        raise bad_input("note", Text(f"请写明原因，最多 {LONGEST_NOTE} 字。", f"Say why, in at most {LONGEST_NOTE} characters."))
    if left_of([line.pk])[line.pk] != line.amount:
        raise Refusal("partly_booked", Text("这笔已部分入账，不能搁置。", "Part of it is booked; it cannot be set aside."))
    return _move(line, LineVerb.PUT_ASIDE, note=words, by=by, at=at)


@transaction.atomic
def take_up(bank_line_id: int, *, by: Acting, at: datetime) -> BankLine:
    """Let a bank line that was set aside wait again, and return it. Refuses one that was not, and whoever may not book."""
    return _move(_locked(bank_line_id, by=by), LineVerb.TAKE_UP, note="", by=by, at=at)


def on_receipt_reversed(event: ReceiptReversed) -> None:
    """Let the bank line of a receipt that was taken back wait again, and forget that the payer paid for this partner."""
    must_be_atomic()
    booking = BankBooking.objects.select_related("receipt").filter(receipt_id=event.receipt_id).first()
    if booking is None:
        return
    line = BankLine.objects.select_for_update(of=("self",)).get(pk=booking.bank_line_id)
    known = PayerAccount.objects.filter(
        seller_id=line.seller_id, account=line.payer_account, name=line.payer, credit_line_id=booking.receipt.line_id
    )
    known.filter(times__lte=1).delete()
    known.update(times=F("times") - 1)
    if line.state != LineState.BOOKED.value:
        return
    line.state = BANK_LINES.next(LineState.BOOKED, LineVerb.UNBOOK).value
    line.decided_by_id, line.decided_at = event.by, event.at
    line.save(update_fields=["state", "decided_by", "decided_at"])
    after, before = {"state": line.state, "reason": event.reason}, {"state": LineState.BOOKED.value}
    record([Deed("unbook", "bank_line", line.pk, after, before)], by=event.by, at=event.at)


def _book(
    line: BankLine, parts: Sequence[Part], credit_lines: Mapping[int, CreditLine], *, regulation: Regulation, by: Acting, at: datetime
) -> list[Receipt]:  # fmt: skip
    state = _next(line, LineVerb.BOOK)
    if any(part.line not in credit_lines or credit_lines[part.line].seller_id != line.seller_id for part in parts):
        raise not_found()
    left = left_of([line.pk])[line.pk]
    if total(part.amount for part in parts) != left:
        raise bad_input(
            "amount", Text(f"各部分合计须等于待入账的 {left:,}。", f"The parts must add up to the {left:,} that is not booked.")
        )
    lock_accounts(sorted(credit_lines[part.line].account_id for part in parts))
    before = line.bookings.count()
    receipts = [
        enter_receipt(
            NewReceipt(
                part.line, f"bank-{line.fingerprint[:40]}-{before + place}", part.amount, line.on, line.payer,
                line.serial or f"{line.file.number}/{line.row}", part.detail,
            ),
            regulation=regulation, by=by, at=at,
        )
        for place, part in enumerate(parts)
    ]  # fmt: skip
    BankBooking.objects.bulk_create(
        BankBooking(bank_line=line, receipt=receipt, amount=part.amount, why=part.why[:200])
        for part, receipt in zip(parts, receipts, strict=True)
    )
    for part in parts:
        _remember(line, part.line)
    before_state, line.state, line.decided_by_id, line.decided_at = line.state, state.value, by.person, at
    line.save(update_fields=["state", "decided_by", "decided_at"])
    after = {"state": line.state, "receipts": [receipt.number for receipt in receipts], "why": [part.why for part in parts]}
    absent = by.for_whom(MONEY_POSTS, line.seller_id)
    record([Deed("book", "bank_line", line.pk, after, {"state": before_state}, regulation.reference, absent)], by=by.person, at=at)
    return receipts


def _check_parts(parts: Sequence[Part]) -> None:
    if not 1 <= len(parts) <= MOST_PARTS:
        raise bad_input("parts", Text(f"请分为 1 至 {MOST_PARTS} 部分。", f"One to {MOST_PARTS} parts, please."))
    if len({part.line for part in parts}) != len(parts):
        raise bad_input("parts", Text("同一客户只能有一部分。", "A partner can have one part only."))
    if any(not part.amount.is_finite() or part.amount <= ZERO or part.amount != half_up(part.amount) for part in parts):
        raise bad_input("amount", Text("每部分须大于零，到分为止。", "Each part must be more than zero and end at the cent."))


def _lock_credit_lines(ids: set[int]) -> dict[int, CreditLine]:
    return {line.pk: line for line in CreditLine.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


def _locked(bank_line_id: int, *, by: Acting) -> BankLine:
    line = BankLine.objects.select_for_update(of=("self",)).select_related("file", "decided_by").filter(pk=bank_line_id).first()
    if line is None or not may_book(by, line.seller_id):
        raise not_found()
    return line


def _next(line: BankLine, verb: LineVerb) -> LineState:
    """Return the state that a verb leads to; refuses what somebody did meanwhile, naming them."""
    state = LineState(line.state)
    if verb not in BANK_LINES.verbs(state):
        words = BANK_LINES.words[state]
        name = f" {line.decided_by.name}" if line.decided_by else ""
        raise Refusal(
            "line_moved",
            Text(f"这笔流水已是“{words.zh}”{name and '，经办' + name}。", f"This line is “{words.en}” already{name and ', by' + name}."),
        )
    return BANK_LINES.next(state, verb)


def _move(line: BankLine, verb: LineVerb, *, note: str, by: Acting, at: datetime) -> BankLine:
    state, before = _next(line, verb), line.state
    line.state, line.note, line.decided_by_id, line.decided_at = state.value, note, by.person, at
    line.save(update_fields=["state", "note", "decided_by", "decided_at"])
    absent = by.for_whom(MONEY_POSTS, line.seller_id)
    deed = Deed(verb.value, "bank_line", line.pk, {"state": line.state, "note": note}, {"state": before}, on_behalf_of=absent)
    record([deed], by=by.person, at=at)
    return line


def _remember(line: BankLine, credit_line: int) -> None:
    if not line.payer and not line.payer_account:
        return
    known, made = PayerAccount.objects.get_or_create(
        seller_id=line.seller_id, account=line.payer_account, name=line.payer, credit_line_id=credit_line, defaults={"last_on": line.on}
    )
    if not made:
        PayerAccount.objects.filter(pk=known.pk).update(times=F("times") + 1, last_on=max(known.last_on, line.on))
