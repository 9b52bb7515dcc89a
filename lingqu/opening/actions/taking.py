"""What each kind of row becomes. The modules that own it do the work; here it is called in an order that no two at once can cross."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.catalogue.models import Product
from lingqu.credit.actions import OldBatch, OldMoney, open_line, open_taken_over_batches, take_over_money
from lingqu.credit.models import CreditLine
from lingqu.inventory.actions import open_warehouse, take_goods_in
from lingqu.inventory.queries import warehouse_of
from lingqu.inventory.rules import Label
from lingqu.ledger.actions import lock_accounts
from lingqu.opening.models import OpeningFile, OpeningRow
from lingqu.opening.queries import known_for, people_by_name
from lingqu.opening.rules import Reading, RowRead
from lingqu.opening.states import OpeningKind
from lingqu.organisation.actions import enter_person, give_post, open_firm
from lingqu.organisation.models import Firm, Person
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.partners.actions import NewPaper, Terms, assign_representative, renew_papers, take_on_partner
from lingqu.partners.rules import Papers
from lingqu.partners.states import PaperKind
from lingqu.policy.rules import Regulation

TOLD_EVERY = 50


class Became(msgspec.Struct, frozen=True):
    """A row and what it became: the word for the document and its id."""

    row: RowRead
    kind: str
    id: int


class Taking(msgspec.Struct, frozen=True):
    """What taking over needs beside the rows: the workbook, the firm, the regulation, who, when, and what names mean."""

    file: OpeningFile
    firm: Firm
    regulation: Regulation
    by: Acting
    person: Person
    at: datetime
    names: dict[str, dict[str, Any]]
    told: Callable[[int], None]

    def each(self, rows: Iterable[RowRead]) -> Iterator[RowRead]:
        """Go through the rows and tell, time and again, how many are done."""
        for done, row in enumerate(rows):
            if done % TOLD_EVERY == 0:
                self.told(done)
            yield row


def take_over(
    file: OpeningFile, reading: Reading, *, regulation: Regulation, by: Acting, at: datetime, told: Callable[[int], None] = lambda _: None
) -> None:
    """Make every row what it becomes and note its key; the caller has locked the workbook. Refuses rows that another one brought meanwhile.

    `told` hears, time and again, how many rows are done; it must not touch this transaction. Who takes batches over lets the holds of their
    lines follow (`lines_of`, `review_line`), in the same transaction or right after it.

    The keys are noted first, so that of two workbooks with the same row the second waits, and is refused before it posts anything.
    """
    kind = OpeningKind(file.kind)
    names = {lookup: dict(found) for lookup, found in known_for(kind, firm=file.firm_id, on=file.on).names.items()}
    taking = Taking(file, Firm.objects.get(pk=file.firm_id), regulation, by, Person.objects.get(pk=by.person), at, names, told)
    noted = [
        OpeningRow(file=file, firm_id=file.firm_id, kind=kind.value, key=row.key, row=row.row, became_kind="", became_id=0)
        for row in sorted(reading.rows, key=lambda one: one.key)
    ]
    try:
        with transaction.atomic():
            OpeningRow.objects.bulk_create(noted)
    except IntegrityError as twice:
        words = Text("其中有行刚被另一份文件入账，未作任何更改。", "Some rows were just taken over from another file; nothing was changed.")
        raise Refusal("taken_over_already", words) from twice
    became = {one.row.key: one for one in _TAKE[kind](taking, reading.rows)}
    for one in noted:
        one.became_kind, one.became_id = became[one.key].kind, became[one.key].id
    OpeningRow.objects.bulk_update(noted, ["became_kind", "became_id"], batch_size=1000)


def _text(row: RowRead, name: str) -> str:
    return str(row.values.get(name) or "")


def _day(row: RowRead, name: str) -> date | None:
    day = row.values.get(name)
    return day if isinstance(day, date) else None


def _first_day(row: RowRead, name: str) -> date:
    day = _day(row, name)
    assert day is not None  # noqa: S101 - a column that every row needs
    return day


def _partners(taking: Taking, rows: list[RowRead]) -> list[Became]:
    people = Person.objects.in_bulk(set(taking.names["representative"].values()))
    made = []
    for row in taking.each(rows):
        since = _first_day(row, "since")
        firm = open_firm(
            _text(row, "name"), code=_text(row, "code"), kind=FirmKind.AGENT, parent=taking.firm, since=since,
            levels=taking.regulation.parameters.channel_levels, at=taking.at, by=taking.person, division=_text(row, "seat"),
        )  # fmt: skip
        papers = Papers(_day(row, "certified_until"), _day(row, "contract_until"), _day(row, "licence_until"))
        terms = Terms(
            _text(row, "certificate"), _text(row, "contract"), _text(row, "licence"), tuple(_text(row, "areas").split()),
            _text(row, "delivery_division"), _text(row, "delivery_address"),
        )  # fmt: skip
        partner = take_on_partner(firm, seller=taking.firm, papers=papers, terms=terms, by=taking.person, at=taking.at)
        who = people[taking.names["representative"][_text(row, "representative")]]
        assign_representative(partner, who, since=since, by=taking.person, at=taking.at)
        made.append(Became(row, "partner", partner.pk))
    return made


def _certificates(taking: Taking, rows: list[RowRead]) -> list[Became]:
    """Enter the paper that ends first first, so that one that follows on it leaves no gap."""
    in_order = sorted(rows, key=lambda one: (_first_day(one, "valid_until"), one.row))
    renewals = []
    for row in in_order:
        kind = PaperKind(taking.names["paper"][_text(row, "paper")])
        new = NewPaper(kind, _text(row, "number"), _first_day(row, "valid_until"), _day(row, "valid_from"))
        renewals.append((taking.names["partner"][_text(row, "partner")], new))
    papers = renew_papers(renewals, by=taking.by, at=taking.at)
    return [Became(row, "partner_paper", paper.pk) for row, paper in zip(in_order, papers, strict=True)]


def _people(taking: Taking, rows: list[RowRead]) -> list[Became]:
    firms = Firm.objects.in_bulk({taking.names["firm"][_text(row, "firm")] for row in rows})
    known = {key: people[0] for key, people in people_by_name(firms).items()}
    made = []
    for row in taking.each(rows):
        firm = firms[taking.names["firm"][_text(row, "firm")]]
        key = (firm.pk, _text(row, "name"))
        if key not in known:
            known[key] = enter_person(key[1], firm=firm, at=taking.at, by=taking.person, telephone=_text(row, "telephone"))
        post = PostCode(taking.names["post"][_text(row, "post")])
        holding = give_post(known[key], post, firm=firm, since=_first_day(row, "since"), at=taking.at, by=taking.person)
        made.append(Became(row, "post_holding", holding.pk))
    return made


def _grades(taking: Taking, rows: list[RowRead]) -> list[Became]:
    firms = Firm.objects.in_bulk({taking.names["partner"][_text(row, "partner")] for row in rows})
    made = []
    for row in taking.each(rows):
        buyer = firms[taking.names["partner"][_text(row, "partner")]]
        line = open_line(
            taking.firm, buyer, grade=_text(row, "grade"), regulation=taking.regulation, reason=_text(row, "reason"), by=taking.by,
            at=taking.at,
        )  # fmt: skip
        made.append(Became(row, "credit_line", line.pk))
    return made


def _lock_lines(taking: Taking, rows: list[RowRead]) -> None:
    """Lock all lines that the rows name, then their accounts, each in the order of ids (docs/decisions/0013)."""
    wanted = {taking.names["line"][_text(row, "partner")] for row in rows}
    lines = CreditLine.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    lock_accounts([line.account_id for line in lines])


def _batches(taking: Taking, rows: list[RowRead]) -> list[Became]:
    _lock_lines(taking, rows)
    in_order = sorted(rows, key=lambda one: (_first_day(one, "opened_on"), one.row))
    olds = (
        OldBatch(
            taking.names["line"][_text(row, "partner")], _text(row, "request"), _first_day(row, "opened_on"),
            Decimal(_text(row, "owed")), _day(row, "shipped_on"), _day(row, "due_on"),
        )
        for row in taking.each(in_order)
    )  # fmt: skip
    batches = open_taken_over_batches(olds, regulation=taking.regulation, by=taking.by, at=taking.at)
    return [Became(row, "batch", batch.pk) for row, batch in zip(in_order, batches, strict=True)]


def _unapplied(taking: Taking, rows: list[RowRead]) -> list[Became]:
    _lock_lines(taking, rows)
    made = []
    for row in taking.each(rows):
        old = OldMoney(
            taking.names["line"][_text(row, "partner")], f"opening:{_text(row, 'reference')}", Decimal(_text(row, "amount")),
            _first_day(row, "received_on"), _text(row, "payer"),
        )  # fmt: skip
        receipt = take_over_money(old, regulation=taking.regulation, by=taking.by, at=taking.at)
        made.append(Became(row, "receipt", receipt.pk))
    return made


def _stock(taking: Taking, rows: list[RowRead]) -> list[Became]:
    """Rows of the same day and lot come in on one paper, each as a lot of that name."""
    warehouse = warehouse_of(taking.firm.pk)
    if warehouse is None:
        warehouse = open_warehouse(taking.firm, name="总库", by=taking.person, at=taking.at)
    products = Product.objects.in_bulk({taking.names["product"][_text(row, "product")] for row in rows})
    lots: dict[tuple[date, str], list[RowRead]] = {}
    for row in rows:
        lots.setdefault((_first_day(row, "received_on"), _text(row, "lot")), []).append(row)
    made: list[Became] = []
    for (day, lot), members in sorted(lots.items()):
        taking.told(len(made))
        copies = {products[taking.names["product"][_text(row, "product")]]: int(_text(row, "copies")) for row in members}
        note = f"{taking.file.number} {lot}"
        paper = take_goods_in(warehouse, copies, received_on=day, by=taking.person, at=taking.at, note=note, label=Label(lot))
        made += [Became(row, "goods_in", paper.pk) for row in members]
    return made


_TAKE: dict[OpeningKind, Callable[[Taking, list[RowRead]], list[Became]]] = {
    OpeningKind.PARTNERS: _partners,
    OpeningKind.CERTIFICATES: _certificates,
    OpeningKind.PEOPLE: _people,
    OpeningKind.GRADES: _grades,
    OpeningKind.BATCHES: _batches,
    OpeningKind.UNAPPLIED: _unapplied,
    OpeningKind.STOCK: _stock,
}
