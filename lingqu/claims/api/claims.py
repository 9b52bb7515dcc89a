"""Price protection claims are listed, read, tried, made and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpResponse
from ninja import Path, Query

from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.claims.access import may_claim
from lingqu.claims.actions import ask_claim, withdraw_claim
from lingqu.claims.api.router import router
from lingqu.claims.api.shapes import (
    ClaimBackIn,
    ClaimFilter,
    ClaimIn,
    ClaimOut,
    ClaimPage,
    ClaimTriedOut,
    ClaimWishIn,
    WholeClaimOut,
)
from lingqu.claims.api.told import claim_out, tried_out, whole_claim_out
from lingqu.claims.queries import ClaimFeed, buyer_called, claim_by_number, feed_of_claims, judge_lines, terms_of
from lingqu.claims.rules import AskedLine, NewClaim, claim_sums
from lingqu.documents.api import (
    ApiRequest,
    Key,
    OrderNumber,
    asks,
    does,
    once,
    page_of,
    place_in_list,
    quantity,
    read_copies,
    read_files,
    reads,
    told_by_place,
    yuan,
)
from lingqu.orders.queries import titles_named
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force

ONE_MORE = 1


@reads(router, "/price-claims", name="price_claims", operation="list_price_claims", scope=Scope.MONEY_READ, out=ClaimPage)
def list_claims(request: ApiRequest, asked: Query[ClaimFilter]) -> dict[str, Any]:
    """List price protection claims, newest first, of which your firm is seller or partner."""
    wanted = ClaimFeed(asked.state.value if asked.state else "", asked.buyer or "", asked.updated_since)
    found = feed_of_claims(request.who, wanted, below=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=claim_out, place=lambda one: one.pk)


@asks(
    router, "/price-claims/preview", name="price_claims_preview", operation="preview_price_claim", scope=Scope.MONEY_READ, out=ClaimTriedOut
)  # fmt: skip
def preview(request: ApiRequest, sent: ClaimWishIn) -> dict[str, Any]:
    """See what would be credited for price cuts, line by line, or why nothing would. Nothing is stored."""
    new = _asked(request, sent, key="preview", note="")
    if not may_claim(request.who, new.seller, new.buyer):
        raise forbidden(Text("价格保护由客户申请，或由供货方代为登记。", "Partners claim for price cuts, or the seller for them."))
    terms = terms_of(regulation_in_force(on=request.today).parameters)
    lines = judge_lines(new.seller, new.buyer, new.lines, terms, on=request.today)
    copies, amount = claim_sums(lines)
    return {
        "buyer": sent.buyer or request.token.person.firm.code, "copies": quantity(copies), "amount": yuan(amount),
        "lines": [tried_out(line, one.product) for one, line in zip(sent.lines, lines, strict=True)],
    }  # fmt: skip


@reads(router, "/price-claims/{number}", name="price_claim", operation="get_price_claim", scope=Scope.MONEY_READ, out=WholeClaimOut)
def get_claim(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one price protection claim with its lines and where their copies are from."""
    return whole_claim_out(claim_by_number(number, by=request.who))


@does(router, "/price-claims", name="price_claims", operation="ask_price_claim", scope=Scope.MONEY_WRITE, out=ClaimOut)
def ask(request: ApiRequest, idempotency_key: Key, sent: ClaimIn) -> HttpResponse:
    """Claim the difference on copies in stock after a price cut.

    The product finds the cut, the copies shipped before it, and what was paid; a procedure decides.
    """

    def do() -> ClaimOut:
        new = _asked(request, sent, key=sent.key, note=sent.note)
        with _told_by_product(), told_by_place({number: number - 1 for number in range(1, len(sent.lines) + 1)}):
            files = read_files(sent.evidence, field="evidence")
            made = ask_claim(new, files, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return ClaimOut.model_validate(claim_out(claim_by_number(made.number, by=request.who)))

    return once(request, idempotency_key, do)


@does(
    router, "/price-claims/{number}/withdraw", name="price_claim_withdraw", operation="withdraw_price_claim", scope=Scope.MONEY_WRITE,
    out=ClaimOut, status=200,
)  # fmt: skip
def withdraw(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: ClaimBackIn) -> HttpResponse:
    """Take a price protection claim back that is not decided; its copies may be claimed anew."""

    def do() -> ClaimOut:
        found = claim_by_number(number, by=request.who)
        withdraw_claim(found.pk, reason=sent.reason, by=request.who, at=request.at)
        return ClaimOut.model_validate(claim_out(claim_by_number(number, by=request.who)))

    return once(request, idempotency_key, do, status=200)


@contextmanager
def _told_by_product() -> Iterator[None]:
    """Name the field of a title as a program sends it."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = refusal.field.replace(".title", ".product")
        raise


def _asked(request: ApiRequest, sent: ClaimWishIn, *, key: str, note: str) -> NewClaim:
    """Return a claim as the action takes it; refuses (404) who is no partner and (422) unknown titles."""
    seller, buyer = buyer_called(request.who, sent.buyer or request.token.person.firm.code)
    titles = titles_named(seller, [line.product for line in sent.lines], on=request.today)
    lines = tuple(AskedLine(title, read_copies(line.copies), line.cut_on) for title, line in zip(titles, sent.lines, strict=True))
    return NewClaim(key, seller, buyer, lines, note)
