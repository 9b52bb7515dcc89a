"""What stands in the purchase contract of a request and in the note of its acceptance, and the files that belong to it."""

from __future__ import annotations

from datetime import date

import msgspec

from lingqu.base.calendar import china_day
from lingqu.catalogue.models import Product
from lingqu.credit.models import Batch, CreditLine
from lingqu.credit.rules import own_terms, table_terms
from lingqu.documents.queries import FileContent, attachment_content
from lingqu.ledger.queries import standings
from lingqu.orders.models import Order, OrderLine
from lingqu.orders.queries.preview import Preview, Wish, preview_request
from lingqu.orders.rules import ContractLine, content_mark, contract_number
from lingqu.organisation.states import FirmKind
from lingqu.partners.models import Partner, Representation
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Grade, Regulation

SUBJECT = "order"


class RequestPaper(msgspec.Struct, frozen=True):
    """A request as its papers state it: both firms, what is bought at what price, where it goes, and the regulation of its day.

    `number` is the contract's, `mark` changes with its content; `grade` is empty for a buyer without a credit line, `terms` are what that
    line allows: those of its grade, or what an agent gave this retailer alone.
    """

    number: str
    mark: str
    order: Order
    partner: Partner | None
    representative: str
    grade: str
    terms: Grade | None
    batch: Batch | None
    lines: tuple[ContractLine, ...]
    regulation: Regulation


def paper_of(order: Order) -> RequestPaper:
    """Return what the papers of a request state, as it stands now. The terms are those in force on the day of its submission."""
    partner = Partner.objects.filter(seller_id=order.seller_id, firm_id=order.buyer_id).first()
    on = china_day(order.submitted_at)
    regulation = regulation_in_force(on=on)
    found = Representation.objects.filter(partner=partner, period__contains=on).select_related("person").first() if partner else None
    credit = CreditLine.objects.filter(seller_id=order.seller_id, buyer_id=order.buyer_id).select_related("seller").first()
    lines = tuple(map(_contract_line, order.lines.filter(copies__gt=0).select_related("product").order_by("line")))
    number = contract_number(order.number)
    return RequestPaper(
        number=number,
        mark=mark_of(order, lines),
        order=order,
        partner=partner,
        representative=found.person.name if found else "",
        grade=credit.grade if credit else "",
        terms=_terms_of(credit, regulation) if credit else None,
        batch=Batch.objects.filter(document_id=order.pk).first() if order.accepted_at else None,
        lines=lines,
        regulation=regulation,
    )


def _terms_of(line: CreditLine, regulation: Regulation) -> Grade | None:
    """Return what a credit line allows by its grade, or by what an agent gave it alone."""
    if line.own_days is None:
        return table_terms(regulation.parameters, branch=line.seller.kind != FirmKind.HQ.value).get(line.grade)
    standing = standings([line.account_id])[line.account_id]
    return own_terms(line.own_days, standing.limit, standing.count_limit or 0, regulation.parameters)


def mark_of(order: Order, lines: tuple[ContractLine, ...]) -> str:
    """Return the mark of a request's content, by which a stamped paper is known to be about it."""
    return content_mark(contract_number(order.number), order.buyer.code, lines)


def contract_lines(lines: list[OrderLine]) -> tuple[ContractLine, ...]:
    """Return lines, their products loaded, as a contract states them; lines without copies are left out."""
    return tuple(_contract_line(line) for line in lines if line.copies)


def _contract_line(line: OrderLine) -> ContractLine:
    product: Product = line.product
    return ContractLine(product.code, product.name, line.copies, line.list_price, line.list_value, line.discount_bp, line.net)


def file_of(order: Order, attachment: int) -> FileContent:
    """Return a file of the request with its bytes; refuses (404) one that is not its own."""
    return attachment_content(attachment, kind=SUBJECT, document=order.pk)


def preview_of_stored(order: Order, lines: list[OrderLine], *, regulation: Regulation, on: date) -> Preview | None:
    """Return what a request that waits for its contract would be decided if it came this moment; nothing is held."""
    wishes = tuple(Wish(line.product_id, line.copies, line.discount_bp) for line in lines if line.copies)
    return preview_request(order.seller_id, order.buyer_id, wishes, drop_shortage=False, regulation=regulation, on=on)
