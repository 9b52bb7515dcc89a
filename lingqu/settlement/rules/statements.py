"""A statement of account as of any day: what was owed before, every movement, what is owed now, and on which batches (M-16.3.3.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final

import msgspec

from lingqu.base.calendar import CHINA
from lingqu.base.capitals import in_capitals
from lingqu.base.money import ZERO, total
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.settlement.rules.statement_goods import OnTheWay

AGES: Final = (0, 30, 60, 90, 180)
"""Up to how many days past due the classes of age go; the first is what is not past due, behind the last there is one more."""


class MoveKind(StrEnum):
    """What moved a balance."""

    ACCEPTED = "accepted"
    RAISED = "raised"
    RECEIPT = "receipt"
    REVERSED = "reversed"
    CREDIT = "credit"
    WRITE_OFF = "write_off"
    WRITE_OFF_BACK = "write_off_back"
    OTHER = "other"


MOVE_WORDS: Final = {
    MoveKind.ACCEPTED: Text("进货受理", "Request accepted"),
    MoveKind.RAISED: Text("受理后增加", "Request raised"),
    MoveKind.RECEIPT: Text("回款", "Receipt"),
    MoveKind.REVERSED: Text("回款冲回", "Receipt taken back"),
    MoveKind.CREDIT: Text("贷项", "Credit"),
    MoveKind.WRITE_OFF: Text("核销差额", "Written off"),
    MoveKind.WRITE_OFF_BACK: Text("核销冲回", "Write-off taken back"),
    MoveKind.OTHER: Text("其他", "Other"),
}


class Move(msgspec.Struct, frozen=True):
    """One posting on the account: what is owed grows by `debit` and falls by `credit`, yuan; `number` is its document's.

    `on` is the day for which it counts, `entered_on` the one on which it was posted.
    """

    id: int
    on: date
    kind: MoveKind
    number: str
    request: str
    debit: Decimal
    credit: Decimal
    entered_on: date | None = None


class Laid(msgspec.Struct, frozen=True):
    """Yuan applied to a batch for the day `on`, below nothing where they were taken back from the row `of`.

    `entered_on` is the day on which it was done, `waited`: by money that lay there already.
    """

    id: int
    batch: int
    amount: Decimal
    on: date
    entered_on: date | None = None
    waited: bool = False
    of: int | None = None


class Owed(msgspec.Struct, frozen=True):
    """A batch with all that is known of it; `raised` is by how many yuan it grew on which day.

    `counts_from` is the day from which one of the books before counts in these, which is later than the one on which it was opened.
    """

    batch: int
    number: int
    request: str
    opened_on: date
    value: Decimal
    raised: tuple[tuple[date, Decimal], ...] = ()
    shipped_on: date | None = None
    triggered_on: date | None = None
    triggered_due_on: date | None = None
    backstop_due_on: date | None = None
    counts_from: date | None = None

    @property
    def since(self) -> date:
        """Return the day from which it is owed in these books."""
        return self.counts_from or self.opened_on


class StatementLine(msgspec.Struct, frozen=True):
    """A movement with the balance after it; `late`: it counts for an earlier day, and was entered after the account was closed for it."""

    place: str
    on: date
    kind: MoveKind
    number: str
    request: str
    debit: Decimal
    credit: Decimal
    balance: Decimal
    late: bool = False
    entered_on: date | None = None


class StatementBatch(msgspec.Struct, frozen=True):
    """What was owed on a batch at the end of the day; `shipped_on` is empty while none of its goods were on their way.

    `sent` copies worth `sent_net` yuan had left the warehouse; empty where these books do not know (taken over, or issued before).
    """

    number: int
    request: str
    opened_on: date
    remaining: Decimal
    shipped_on: date | None
    due_on: date | None
    days_past: int
    sent: int | None = None
    sent_net: Decimal | None = None


class StatementContent(msgspec.Struct, frozen=True):
    """A statement of account, yuan. `unapplied` was paid for no batch yet, `ages` are the sums by days past due (see `AGES`).

    `last_posting` is the newest posting that it knows: what counts for its days and came after it, was entered later. `known_on` is the
    day at whose end it was read, empty: all that is known. `on_the_way` are the deliveries of the batches that are owed
    of which the receiver had not said that they arrived.
    """

    seller: str
    seller_name: str
    buyer: str
    buyer_name: str
    since: date
    until: date
    opening: Decimal
    lines: tuple[StatementLine, ...]
    debit: Decimal
    credit: Decimal
    closing: Decimal
    capitals: str
    batches: tuple[StatementBatch, ...]
    unapplied: Decimal
    ages: tuple[Decimal, ...]
    last_posting: int
    known_on: date | None = None
    on_the_way: tuple[OnTheWay, ...] = ()


class Firms(msgspec.Struct, frozen=True):
    """Between whom: codes and names."""

    seller: str
    seller_name: str
    buyer: str
    buyer_name: str


class Figures(msgspec.Struct, frozen=True):
    """What the ledger says by itself: balances before and at the end, and the newest posting."""

    opening: Decimal
    closing: Decimal
    last_posting: int = 0


def day_begins(day: date) -> datetime:
    """Return the first moment of a day in China."""
    return datetime.combine(day, time.min, tzinfo=CHINA)


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month of a day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_before(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month before that of a day."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def effective_days(laid: Iterable[Laid], opened: dict[int, date]) -> dict[int, date]:
    """Return from which day on each application makes its batch less.

    Money cannot pay a batch before the batch was there, and money that waited pays on the day on which it was taken: a receipt that is
    entered for an earlier day stays unapplied until then. What takes a row back does not count before that row.
    """
    days: dict[int, date] = {}
    for one in sorted(laid, key=lambda one: one.id):
        day = max(one.on, opened[one.batch])
        if one.of is not None:
            day = max(day, days.get(one.of, day))
        elif one.waited and one.entered_on:
            day = max(day, one.entered_on)
        days[one.id] = day
    return days


def batches_at(owed: Iterable[Owed], laid: Sequence[Laid], until: date) -> tuple[StatementBatch, ...]:
    """Return the batches on which something was owed at the end of the day, oldest first, with the due days as they were then."""
    batches = {one.batch: one for one in owed if one.since <= until}
    known = [one for one in laid if one.batch in batches]
    days = effective_days(known, {key: one.since for key, one in batches.items()})
    rest = {key: one.value - total(more for on, more in one.raised if on > until) for key, one in batches.items()}
    for one in known:
        if days[one.id] <= until:
            rest[one.batch] -= one.amount
    found = []
    for key, owed_one in sorted(batches.items(), key=lambda pair: pair[1].number):
        if rest[key]:
            due = _due_at(owed_one, until)
            shipped = owed_one.shipped_on if owed_one.shipped_on and owed_one.shipped_on <= until else None
            past = max((until - due).days, 0) if due else 0
            found.append(StatementBatch(owed_one.number, owed_one.request, owed_one.opened_on, rest[key], shipped, due, past))
    return tuple(found)


def _due_at(one: Owed, until: date) -> date | None:
    """Return the earlier of the due days that were known; one without a day of shipping comes from the books before."""
    days = []
    if one.triggered_due_on and one.triggered_on and one.triggered_on <= until:
        days.append(one.triggered_due_on)
    if one.backstop_due_on and (one.shipped_on is None or one.shipped_on <= until):
        days.append(one.backstop_due_on)
    return min(days) if days else None


def unapplied_at(money: Iterable[tuple[date, Decimal]], owed: Iterable[Owed], laid: Sequence[Laid], until: date) -> Decimal:
    """Return what lay there for no batch at the end of the day: receipts, credits and write-offs (`money`) less what was applied."""
    opened = {one.batch: one.since for one in owed}
    days = effective_days(laid, opened)
    came = total(amount for on, amount in money if on <= until)
    return came - total(one.amount for one in laid if days[one.id] <= until)


def ages_of(batches: Iterable[StatementBatch]) -> tuple[Decimal, ...]:
    """Return what is owed by days past due: not past due, 1 to 30, 31 to 60, 61 to 90, 91 to 180, and more."""
    sums = [ZERO] * (len(AGES) + 1)
    for one in batches:
        sums[sum(one.days_past > most for most in AGES)] += one.remaining
    return tuple(sums)


def make_statement(
    firms: Firms, days: tuple[date, date], figures: Figures, moves: Iterable[Move], owed: tuple[StatementBatch, ...], unapplied: Decimal
) -> StatementContent:  # fmt: skip
    """Return the statement of these days and check it; movements before the first day are those that were entered later.

    Refuses (`statement_unsound`) where opening + movements are not the closing, or the closing is not open batches − unapplied money.
    """
    since, until = days
    balance = figures.opening
    lines = []
    for move in sorted(moves, key=lambda move: (move.on, move.id)):
        balance += move.debit - move.credit
        lines.append(
            StatementLine(
                str(move.id), move.on, move.kind, move.number, move.request, move.debit, move.credit, balance, move.on < since,
                move.entered_on,
            )
        )  # fmt: skip
    content = StatementContent(
        firms.seller, firms.seller_name, firms.buyer, firms.buyer_name, since, until, figures.opening, tuple(lines),
        total(line.debit for line in lines), total(line.credit for line in lines), figures.closing, in_capitals(figures.closing), owed,
        unapplied, ages_of(owed), figures.last_posting,
    )  # fmt: skip
    check_statement(content)
    return content


def with_goods(
    content: StatementContent, goods: tuple[OnTheWay, ...], *, received: Collection[str], known: date | None, ours: Collection[str]
) -> StatementContent:  # fmt: skip
    """Return the statement with what left for its batches, and the deliveries among it that nobody received: those are on the way.

    `received` are numbers of deliveries; `ours` are the requests of which these books know the goods.
    """
    sums: dict[str, tuple[int, Decimal]] = {}
    for one in goods:
        copies, net = sums.get(one.request, (0, ZERO))
        sums[one.request] = (copies + one.copies, net + one.net)
    batches = []
    for batch in content.batches:
        sent = sums.get(batch.request, (0, ZERO))
        batches.append(msgspec.structs.replace(batch, sent=sent[0], sent_net=sent[1]) if batch.request in ours else batch)
    way = tuple(one for one in goods if one.delivery not in received)
    return msgspec.structs.replace(content, batches=tuple(batches), known_on=known, on_the_way=way)


def check_statement(content: StatementContent) -> None:
    """Refuse (`statement_unsound`) a statement whose figures do not agree, and say which."""
    moved = content.opening + total(line.debit - line.credit for line in content.lines)
    if moved != content.closing:
        raise _unsound("期初加发生额", "opening and movements", moved, content.closing)
    batches = total(one.remaining for one in content.batches) - content.unapplied
    if batches != content.closing:
        raise _unsound("未结批次减预收", "open batches less unapplied money", batches, content.closing)
    if total(content.ages) != batches + content.unapplied:
        raise _unsound("账龄合计", "ages", total(content.ages), batches + content.unapplied)


def _unsound(zh: str, en: str, found: Decimal, wanted: Decimal) -> Refusal:
    return Refusal(
        "statement_unsound",
        Text(
            f"账目不符，对账单不能出具：{zh} {found:,.2f} 元，应为 {wanted:,.2f} 元。请先运行核对。",
            f"The accounts do not agree, no statement can be made: {en} come to {found:,.2f} yuan, not {wanted:,.2f}. Run the check first.",
        ),
    )


def canonical(content: StatementContent) -> tuple[str, str]:
    """Return the statement as canonical JSON and the SHA-256 of its UTF-8 bytes, as it is kept and handed out."""
    written = msgspec.json.encode(content, order="deterministic")
    return written.decode(), sha256(written).hexdigest()


def read_canonical(text: str) -> StatementContent:
    """Return a statement as it was kept."""
    return msgspec.json.decode(text, type=StatementContent)


def check_month(first: date, *, today: date) -> None:
    """Refuse to issue a month that is not over: its movements are not all there."""
    if month_of(first)[1] >= today:
        raise bad_input("month", Text("该月尚未结束，不能出具对账单。", "The month is not over; no statement can be issued yet."))


def month_due(today: date, statement_day: int) -> date | None:
    """Return the first day of the month that is to be stated from this day on: the month before, from the statement day; None earlier.

    In a month that has no such day, its last day counts.
    """
    if today.day < min(statement_day, month_of(today)[1].day):
        return None
    return month_before(today)[0]
