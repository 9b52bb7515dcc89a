"""Balances, receipts and the terms of retailers for other systems."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import Field

from lingqu.base.money import total
from lingqu.base.refusal import bad_input, not_found
from lingqu.base.text import Text
from lingqu.credit.actions import NewReceipt, enter_receipt, give_terms, reverse_receipt
from lingqu.credit.queries import (
    BalanceRow,
    ReceiptRow,
    balance_of,
    branch_rows_of,
    feed_of_balances,
    line_of_buyer,
    list_receipts,
    open_batches,
    receipt_by_number,
    receipt_row,
)
from lingqu.credit.rules import NewTerms, days_given, discount_for
from lingqu.documents.api import (
    Amount,
    ApiRequest,
    Day,
    Free,
    Key,
    Moment,
    OrderNumber,
    OwnKey,
    Paging,
    PartnerCode,
    Said,
    Shape,
    UpdatedSince,
    Yuan,
    day,
    does,
    moment,
    once,
    page_of,
    place_in_list,
    read_yuan,
    reads,
    yuan,
)
from lingqu.organisation.states import FirmKind, Scope
from lingqu.policy.queries import regulation_in_force

router = Router(tags=["money"])
ONE_MORE = 1


class BalanceOut(Shape):
    """What a partner owes and may still owe. `exposure` is what is owed on its batches less the money that came for none yet."""

    seller: str
    partner: str
    name: str
    grade: str
    exposure: Yuan
    unshipped: Yuan
    shipped: Yuan
    unapplied: Yuan
    overdue: Yuan
    next_due: Day | None
    limit: Yuan
    held: Yuan
    free: Yuan
    open_batches: int
    held_batches: int
    most_batches: int | None


class BalancePage(Shape):
    """Balances, and the address of the next page."""

    items: list[BalanceOut]
    next: str | None


class ReceiptFilter(Paging):
    """Which receipts are listed, newest first: those that your firm `received`, or those that it `paid`."""

    side: Literal["received", "paid"] | None = None
    updated_since: UpdatedSince = None


class ReceiptOut(Shape):
    """Money received and what became of it: applied to batches, written off with it, kept for no batch yet."""

    number: str
    partner: str
    name: str
    amount: Yuan
    received_on: Day
    entered_at: Moment
    payer: str
    bank_reference: str
    applied: Yuan
    written_off: Yuan
    unapplied: Yuan
    settled: int
    reversed_on: Day | None


class ReceiptPage(Shape):
    """Receipts, and the address of the next page."""

    items: list[ReceiptOut]
    next: str | None


class DetailIn(Shape):
    """Yuan meant for the batch of a request."""

    order: OrderNumber
    amount: Amount


class ReceiptIn(Shape):
    """Money received from a partner; without `detail` it settles the oldest batches first."""

    key: OwnKey
    partner: PartnerCode
    amount: Amount
    received_on: Day
    payer: Annotated[Free, Field(max_length=120)] = ""
    bank_reference: Annotated[Free, Field(max_length=60)] = ""
    detail: Annotated[list[DetailIn], Field(max_length=100)] = []


class ReverseIn(Shape):
    """Why a receipt is taken back, and for which day; today when left out."""

    reason: Annotated[Said, Field(max_length=200)]
    on: Day | None = None


class TermsIn(Shape):
    """What a retailer of your branch gets. Without `discount_bp` it pays by the table for its grade."""

    grade: Annotated[Free, Field(min_length=1, max_length=2)]
    limit: Annotated[str, Field(pattern=r"^[0-9]{1,11}\.[0-9]{2}$", examples=["120000.00"], description="Yuan.")]
    batches: Annotated[int, Field(ge=0, le=9_999)]
    days: Annotated[int, Field(ge=0, le=9_999, description="Days from shipping in which a batch is paid.")]
    discount_bp: Annotated[int, Field(ge=0, le=10_000, description="Basis points of the list price.")] | None = None
    reason: Annotated[Said, Field(max_length=200)]


class TermsOut(Shape):
    """What a retailer of your branch gets today; `waits` is the number of what a clerk asked for and nobody decided yet."""

    partner: str
    name: str
    grade: str
    limit: Yuan
    batches: int
    days: int
    price_bp: int | None
    own_price: bool
    number: str | None
    waits: str | None


def terms_out(code: str, request: ApiRequest) -> dict[str, Any]:
    """Return the terms of a retailer as they are today; refuses (404) a partner that is no retailer of the firm's own branch."""
    line, regulation = line_of_buyer(code, by=request.who), regulation_in_force(on=request.today)
    if line.seller.kind != FirmKind.AGENT.value:
        raise not_found()
    (row,) = branch_rows_of(line.seller_id, [line.pk])
    discount = discount_for(regulation, line.buyer.kind, row.grade, row.discount_bp)
    return {
        "partner": row.code,
        "name": row.name,
        "grade": row.grade,
        "limit": yuan(row.limit),
        "batches": row.batches,
        "days": days_given(row.days, row.grade, regulation.parameters, branch=True),
        "price_bp": discount.rule_bp if discount else None,
        "own_price": row.discount_bp is not None,
        "number": row.number or None,
        "waits": row.waits or None,
    }


def balance_out(row: BalanceRow) -> dict[str, Any]:
    """Return a credit line as it stands."""
    return {
        "seller": row.seller,
        "partner": row.buyer,
        "name": row.buyer_name,
        "grade": row.grade,
        "exposure": yuan(row.unshipped + row.shipped - row.unapplied),
        "unshipped": yuan(row.unshipped),
        "shipped": yuan(row.shipped),
        "unapplied": yuan(row.unapplied),
        "overdue": yuan(row.overdue),
        "next_due": day(row.next_due),
        "limit": yuan(row.limit),
        "held": yuan(row.held),
        "free": yuan(row.free),
        "open_batches": row.open_count,
        "held_batches": row.held_count,
        "most_batches": row.most_open,
    }


def receipt_out(row: ReceiptRow) -> dict[str, Any]:
    """Return a receipt."""
    return {
        "number": row.number,
        "partner": row.buyer_code,
        "name": row.buyer_name,
        "amount": yuan(row.amount),
        "received_on": day(row.received_on),
        "entered_at": moment(row.entered_at),
        "payer": row.payer,
        "bank_reference": row.bank_reference,
        "applied": yuan(row.applied),
        "written_off": yuan(row.written_off),
        "unapplied": yuan(row.unapplied),
        "settled": row.settled,
        "reversed_on": day(row.reversed_on),
    }


@reads(router, "/balances", name="balances", operation="list_balances", scope=Scope.MONEY_READ, out=BalancePage)
def list_balances(request: ApiRequest, asked: Query[Paging]) -> dict[str, Any]:
    """List what the partners of your firm owe, and what your firm owes, by the partner's code."""
    tolerance = regulation_in_force(on=request.today).parameters.overdue_tolerance_days
    code, line = place_in_list(request, asked) or ("", 0)
    found = feed_of_balances(request.who, on=request.today, tolerance_days=tolerance, after=(code, line), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=balance_out, place=lambda row: (row.buyer, row.line))


@reads(router, "/balances/{code}", name="balance", operation="get_balance", scope=Scope.MONEY_READ, out=BalanceOut)
def get_balance(request: ApiRequest, code: Path[PartnerCode]) -> dict[str, Any]:
    """Read what one partner owes, or your own firm by its own code."""
    tolerance = regulation_in_force(on=request.today).parameters.overdue_tolerance_days
    return balance_out(balance_of(code, by=request.who, on=request.today, tolerance_days=tolerance))


@reads(router, "/partners/{code}/terms", name="terms", operation="get_terms", scope=Scope.PARTNERS_READ, out=TermsOut)
def get_terms(request: ApiRequest, code: Path[PartnerCode]) -> dict[str, Any]:
    """Read what a retailer of your branch gets."""
    return terms_out(code, request)


@does(router, "/partners/{code}/terms", name="terms", operation="give_terms", scope=Scope.PARTNERS_WRITE, out=TermsOut)
def give(request: ApiRequest, code: Path[PartnerCode], idempotency_key: Key, sent: TermsIn) -> HttpResponse:
    """Give a retailer of your branch its terms, within the bounds of the regulation.

    What the owner gives is in force at once; what a clerk gives waits for the owner (`waits`).
    """

    def do() -> TermsOut:
        line = line_of_buyer(code, by=request.who)
        new = NewTerms(sent.grade, read_yuan(sent.limit), sent.batches, sent.days, sent.discount_bp, sent.reason)
        give_terms([(line.pk, new)], regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return TermsOut.model_validate(terms_out(code, request))

    return once(request, idempotency_key, do)


@does(router, "/receipts", name="receipts", operation="enter_receipt", scope=Scope.MONEY_WRITE, out=ReceiptOut)
def enter(request: ApiRequest, idempotency_key: Key, sent: ReceiptIn) -> HttpResponse:
    """Enter money received from a partner.

    It settles the batches that `detail` names, else the oldest first; what is left waits for the next batch.
    """

    def do() -> ReceiptOut:
        line = line_of_buyer(sent.partner, by=request.who)
        new = NewReceipt(
            line.pk, sent.key, read_yuan(sent.amount), sent.received_on, sent.payer, sent.bank_reference, _detail(sent, line.pk),
        )  # fmt: skip
        receipt = enter_receipt(new, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return ReceiptOut.model_validate(receipt_out(receipt_row(receipt.number, by=request.who)))

    return once(request, idempotency_key, do)


def _detail(sent: ReceiptIn, line: int) -> dict[int, Any]:
    """Return yuan by batch; refuses (422) a request without an open batch, and one that stands twice."""
    if not sent.detail:
        return {}
    batches = {batch.request: batch.batch for batch in open_batches(line)}
    found: dict[int, Any] = {}
    for number, part in enumerate(sent.detail):
        batch = batches.get(part.order)
        if batch is None or batch in found:
            text = Text(f"{part.order} 没有未结批次，或写了两次。", f"{part.order} has no open batch, or stands twice.")
            raise bad_input(f"detail.{number}.order", text)
        found[batch] = read_yuan(part.amount)
    if total(found.values()) > read_yuan(sent.amount):
        raise bad_input("detail", Text("明细合计大于到账金额。", "The details add up to more than the amount received."))
    return found


@reads(router, "/receipts", name="receipts", operation="list_receipts", scope=Scope.MONEY_READ, out=ReceiptPage)
def receipts(request: ApiRequest, asked: Query[ReceiptFilter]) -> dict[str, Any]:
    """List receipts, newest first: those that your firm received, or paid."""
    side = asked.side or ("received" if request.who.firm_kind == FirmKind.HQ.value else "paid")
    column = "seller" if side == "received" else "buyer"
    found = list_receipts(
        column, request.who.firm, before=place_in_list(request, asked), most=asked.limit + ONE_MORE, updated_since=asked.updated_since
    )
    return page_of(request, asked, found, shape=receipt_out, place=lambda row: row.id)


@reads(router, "/receipts/{number}", name="receipt", operation="get_receipt", scope=Scope.MONEY_READ, out=ReceiptOut)
def get_receipt(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one receipt that your firm received or paid."""
    return receipt_out(receipt_row(number, by=request.who))


@does(
    router, "/receipts/{number}/reverse", name="receipt_reverse", operation="reverse_receipt", scope=Scope.MONEY_WRITE, out=ReceiptOut,
    status=200,
)  # fmt: skip
def reverse(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: ReverseIn) -> HttpResponse:
    """Take a receipt back that your firm received, as when the bank took the money away again.

    What it paid is owed again, whatever the limit says.
    """

    def do() -> ReceiptOut:
        receipt = receipt_by_number(number, by=request.who)
        regulation, on = regulation_in_force(on=request.today), sent.on or request.today
        reverse_receipt(receipt.pk, reason=sent.reason, on=on, regulation=regulation, by=request.who, at=request.at)
        return ReceiptOut.model_validate(receipt_out(receipt_row(number, by=request.who)))

    return once(request, idempotency_key, do, status=200)


ROUTERS = (router,)
