"""Claims as shapes."""

from __future__ import annotations

from typing import Any

from lingqu.claims.models import PriceClaim
from lingqu.claims.queries import kept_lines, lines_of
from lingqu.claims.rules import Judged, Source
from lingqu.claims.states import CLAIMS, ClaimState
from lingqu.documents.api import day, moment, percent, quantity, words, yuan


def claim_out(claim: Any) -> dict[str, Any]:  # noqa: ANN401 - a claim with its firms and its credit
    """Return a claim as a list shows it."""
    return {
        "number": claim.number, "key": claim.key, "seller": claim.seller.code, "buyer": claim.buyer.code, "buyer_name": claim.buyer.name,
        "state": claim.state, "state_words": words(CLAIMS.words[ClaimState(claim.state)]), "note": claim.note,
        "copies": quantity(claim.copies), "amount": yuan(claim.amount), "share": f"{claim.share:.2f}", "window_days": claim.window_days,
        "credit": claim.credit.number if claim.credit else "", "asked_at": moment(claim.asked_at),
        "credited_at": moment(claim.credited_at), "ended_because": claim.ended_because,
    }  # fmt: skip


def whole_claim_out(claim: PriceClaim) -> dict[str, Any]:
    """Return a claim with its lines."""
    rows = lines_of(claim.pk)
    lines = [
        _judged(judged, row.product.code) | {
            "cut_on": day(row.price.since), "old_price": _price(row.old_price), "new_price": _price(row.price.amount),
        }
        for row, judged in zip(rows, kept_lines(rows), strict=True)
    ]  # fmt: skip
    return claim_out(claim) | {"lines": lines}


def tried_out(line: Judged, product: str) -> dict[str, Any]:
    """Return a line that was tried, with its cut or the reason why nothing is made good."""
    cut = line.cut
    return _judged(line, product) | {
        "cut_on": day(cut.on) if cut else None, "old_price": _price(cut.old) if cut else "", "new_price": _price(cut.new) if cut else "",
        "why": words(line.why) if line.why else None,
    }  # fmt: skip


def _judged(line: Judged, product: str) -> dict[str, Any]:
    return {
        "line": line.row, "product": product, "stock": quantity(line.stock), "shipped": quantity(line.shipped),
        "claimed": quantity(line.claimed), "copies": quantity(line.copies), "amount": yuan(line.amount),
        "sources": [_source(one) for one in line.sources],
    }  # fmt: skip


def _source(one: Source) -> dict[str, Any]:
    return {"order": one.number, "copies": quantity(one.copies), "drop": _price(one.drop), "discount": percent(one.discount_bp)}


def _price(amount: Any) -> str:  # noqa: ANN401 - yuan, to four decimals
    return f"{amount:.4f}"
