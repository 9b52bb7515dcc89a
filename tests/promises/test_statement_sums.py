"""A hundred thousand documents in the database: every statement sound, and all of them together what the ledger says, to the cent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from lingqu.base.calendar import CHINA
from lingqu.credit.models import Application, Batch, BatchCredit, CreditLine, Receipt
from lingqu.desk.queries.credit_desk import added_up, desk_rows
from lingqu.desk.tests.test_partner_pages import take_on_more
from lingqu.ledger.actions import post, set_limit
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Entry
from lingqu.operate.verify import run_checks
from lingqu.settlement.queries import closings, statement_of
from lingqu.settlement.rules import month_of
from tests.world import World

BEGAN, DAYS, PARTNERS = date(2024, 12, 1), 700, 17
AT_ONCE = 2_000


def cents(amount: int) -> Decimal:
    return Decimal(amount) / 100


@dataclass
class Doc:
    """A document on paper: what it is of how many cents, for which day, and on which it was entered."""

    kind: str
    amount: int
    on: date
    entered: date
    batch: int = -1
    unapplied: int = 0


@dataclass
class Part:
    """Cents laid on a batch by a document; `waited`: by money that lay there."""

    batch: int
    by: int
    amount: int
    kind: str


@dataclass
class Book:
    """The book of one partner, kept in cents: what is owed on each batch, oldest first, and what waits."""

    line: CreditLine
    docs: list[Doc] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)
    settled: dict[int, int] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    waits: int = 0
    first: int = 0

    def add(self, dice: Random, day: date) -> None:
        amount, kind = dice.randint(1, 9_999_999), dice.choice(("batch",) * 10 + ("receipt",) * 8 + ("credit", "write_off"))
        if not self.rest or (kind in ("credit", "write_off") and self.first == len(self.rest)):
            kind = "batch"
        late = dice.choice((0, 0, 0, 0, 3, 9)) if kind == "receipt" else 0
        doc = Doc(kind, amount, max(day - timedelta(days=late), BEGAN), day)
        self.docs.append(doc)
        here = len(self.docs) - 1
        if kind == "batch":
            self.batches.append(here)
            self.rest.append(amount)
            self._sweep(here, self.waits, "prepaid")
        elif kind == "receipt":
            doc.unapplied = self._sweep(here, amount, "receipt")
            self.waits += doc.unapplied
        else:
            doc.batch = self.first
            doc.amount = part = min(amount, self.rest[self.first]) if kind == "credit" else self.rest[self.first]
            self._lay(here, self.first, part, kind)

    def _sweep(self, by: int, money: int, kind: str) -> int:
        """Lay money on the oldest batches and return what is left of it."""
        while money and self.first < len(self.rest):
            part = min(self.rest[self.first], money)
            money -= part
            if kind == "prepaid":
                self.waits -= part
            self._lay(by, self.first, part, kind)
        return money

    def _lay(self, by: int, batch: int, part: int, kind: str) -> None:
        self.rest[batch] -= part
        self.parts.append(Part(batch, by, part, kind))
        if not self.rest[batch]:
            self.settled[batch] = by
            self.first = batch + 1


@dataclass
class Papers:
    """The receipts and credits of a book as they were written, by their place in it."""

    receipts: dict[int, Receipt]
    credits: dict[int, BatchCredit]

    def id_of(self, place: int) -> int:
        return self.receipts[place].pk if place in self.receipts else self.credits[place].pk


def moment(day: date) -> datetime:
    return datetime.combine(day, time(10), CHINA)


def write(book: Book, regulation: str) -> Iterator[tuple[date, date, Entry]]:
    """Write the documents of a book, and give what is to be posted: the day of entry, the day for which it counts, the entry."""
    line, docs = book.line, book.docs
    value = [docs[place].amount for place in book.batches]
    batches = Batch.objects.bulk_create(
        [
            Batch(
                line=line, number=number + 1, request=f"旧-{line.pk}-{number}", opened_on=docs[place].on, value=cents(value[number]),
                applied=cents(value[number] - book.rest[number]), counted=1,
                settled_on=docs[book.settled[number]].on if number in book.settled else None,
            )
            for number, place in enumerate(book.batches)
        ],
        AT_ONCE,
    )  # fmt: skip
    made = Papers(dict(_receipts(book)), _credits(book, batches, regulation))
    Application.objects.bulk_create([_application(book, part, batches, made) for part in book.parts], AT_ONCE)
    CreditLine.objects.filter(pk=line.pk).update(unapplied=cents(book.waits), last_batch=len(batches))
    ordinal = {place: number for number, place in enumerate(book.batches)}
    for place, doc in enumerate(docs):
        if doc.kind == "batch":
            batch = batches[ordinal[place]].pk
            yield doc.entered, doc.on, Entry(line.account_id, line.sales_id, cents(doc.amount), ("batch", batch), "accepted", count=1)
            continue
        source = line.write_offs_id if doc.kind == "write_off" else line.sales_id if doc.kind == "credit" else line.cash_id
        paper = {"receipt": "receipt", "credit": "batch_credit", "write_off": "batch"}[doc.kind]
        number = batches[doc.batch].pk if doc.kind == "write_off" else made.id_of(place)
        yield doc.entered, doc.on, Entry(source, line.account_id, cents(doc.amount), (paper, number), doc.kind)
    for number, by in book.settled.items():
        entry = Entry(line.cash_id, line.account_id, Decimal(0), ("batch", batches[number].pk), "settled", count=1)
        yield docs[by].entered, docs[by].on, entry


def _receipts(book: Book) -> Iterator[tuple[int, Receipt]]:
    places = [place for place, doc in enumerate(book.docs) if doc.kind == "receipt"]
    found = [
        Receipt(
            line=book.line, number=f"SK-{book.line.pk}-{place}", key=f"many-{place}", amount=cents(book.docs[place].amount),
            received_on=book.docs[place].on, unapplied=cents(book.docs[place].unapplied), entered_at=moment(book.docs[place].entered),
        )
        for place in places
    ]  # fmt: skip
    return zip(places, Receipt.objects.bulk_create(found, AT_ONCE), strict=True)


def _credits(book: Book, batches: list[Batch], regulation: str) -> dict[int, BatchCredit]:
    places = [place for place, doc in enumerate(book.docs) if doc.kind == "credit"]
    found = [
        BatchCredit(
            line=book.line, batch=batches[doc.batch], number=f"DX-{book.line.pk}-{place}", amount=cents(doc.amount), cause="returned",
            reason="退回", made_at=moment(doc.entered), on=doc.on, regulation=regulation,
        )
        for place, doc in ((place, book.docs[place]) for place in places)
    ]  # fmt: skip
    return dict(zip(places, BatchCredit.objects.bulk_create(found, AT_ONCE), strict=True))


def _application(book: Book, part: Part, batches: list[Batch], made: Papers) -> Application:
    doc = book.docs[part.by]
    kind = {"receipt": "oldest_first", "prepaid": "prepaid", "credit": "credit", "write_off": "write_off"}[part.kind]
    return Application(
        batch=batches[part.batch], receipt=made.receipts[part.by] if part.kind == "receipt" else None,
        credit=made.credits[part.by] if part.kind == "credit" else None, amount=cents(part.amount), kind=kind, on=doc.on,
        at=moment(doc.entered),
    )  # fmt: skip


@transaction.atomic
def generate(lines: Iterable[CreditLine], many: int, regulation: str) -> list[Book]:
    """Write that many documents of two years, dealt out to the lines, with their postings day by day."""
    dice = Random(many)
    books = [Book(line) for line in lines]
    for place in range(many):
        dice.choice(books).add(dice, BEGAN + timedelta(days=place * DAYS // many))
    for book in books:
        set_limit(book.line.account_id, limit=Decimal(10**12), count_limit=10**6, document=("test", 1), on=BEGAN, at=moment(BEGAN))
    entries: dict[tuple[date, date], list[Entry]] = defaultdict(list)
    for book in books:
        for entered, on, entry in write(book, regulation):
            entries[entered, on].append(entry)
    for (entered, on), found in sorted(entries.items(), key=lambda pair: (pair[0][0], -pair[0][1].toordinal())):
        # What opens comes before what settles, which money for an earlier day may do.
        post(sorted(found, key=lambda entry: entry.reason == "settled"), on=on, at=moment(entered))
    return books


def every_statement_is_sound(line: CreditLine, until: date) -> tuple[Decimal, Counter[str]]:
    """Every month of a line: it opens with the closing of the month before less what was entered late; its last closing, and its rows."""
    closing, first, found = Decimal(0), BEGAN, Counter[str]()
    while first <= until:
        last = month_of(first)[1]
        content = statement_of(line, first, last)
        late = [one for one in content.lines if one.late]
        assert content.opening + sum((one.debit - one.credit for one in late), Decimal(0)) == closing
        found.update({"rows": len(content.lines) - len(late), "late": len(late), "statements": 1})
        closing, first = content.closing, last + timedelta(days=1)
    return closing, found


def documents_sum_to_the_cent(world: World, many: int, partners: int) -> Counter[str]:
    take_on_more(world, partners)
    lines = list(CreditLine.objects.filter(seller=world.hq).select_related("seller", "buyer").order_by("id"))
    until = BEGAN + timedelta(days=DAYS - 1)
    books = generate([line for line in lines if not Batch.objects.filter(line=line).exists()], many, world.regulation.reference)
    found: Counter[str] = Counter()
    stands, total = standings([book.line.account_id for book in books]), Decimal(0)
    for book in books:
        closing, counted = every_statement_is_sound(book.line, until)
        assert closing == cents(sum(book.rest) - book.waits) == stands[book.line.account_id].used
        total += closing
        found += counted
    assert found["rows"] == many
    assert closings([book.line for book in books], on=until) == {book.line.pk: stands[book.line.account_id].used for book in books}
    desk = added_up([row for row in desk_rows(world.hq.pk, on=until, past=True, tolerance_days=0) if row.used is not None])
    assert desk.owed - desk.unapplied == desk.used - desk.prepaid == total == sum((one.used for one in stands.values()), Decimal(0))
    assert {one["key"]: one["first_wrong"] for one in run_checks() if not one["ok"]} == {}
    return found


def test_a_thousand_documents_sum_to_the_cent(world: World) -> None:
    assert documents_sum_to_the_cent(world, 1_000, 0)["statements"] == 3 * 23


@pytest.mark.soak
def test_a_hundred_thousand_documents_sum_to_the_cent(world: World) -> None:
    documents_sum_to_the_cent(world, 100_000, PARTNERS)
