"""Claims in words and numbers: what is made good of each line, and by which clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lingqu.base.templatetags.words import money
from lingqu.base.text import Text
from lingqu.claims.models import PriceClaim, PriceClaimLine
from lingqu.claims.queries import lines_of, terms_of, titles_by_id
from lingqu.claims.rules import Judged, claim_sums
from lingqu.documents.registry import Looking
from lingqu.policy.queries import regulation_by_reference
from lingqu.policy.rules import Regulation

PREVIEW, TERMS = "claims/preview.html", "claims/terms.html"


def preview_of(lines: Sequence[Judged], regulation: Regulation) -> tuple[str, Mapping[str, Any]]:
    """Return what would be credited, line by line, or why nothing would."""
    products = titles_by_id([line.product for line in lines])
    copies, amount = claim_sums(lines)
    rows = [
        {
            "row": line.row, "product": products[line.product], "stock": line.stock, "cut": line.cut, "shipped": line.shipped,
            "claimed": line.claimed, "copies": line.copies, "amount": line.amount, "why": line.why,
            "parts": [source_words(one.number, one.copies, one.drop, one.discount_bp) for one in line.sources],
        }
        for line in lines
    ]  # fmt: skip
    bad = sum(1 for line in lines if line.why)
    return PREVIEW, {"rows": rows, "copies": copies, "amount": amount, "bad": bad, "terms": terms_told(regulation)}


def source_words(number: str, copies: int, drop: Any, discount_bp: int) -> str:  # noqa: ANN401 - yuan
    """Return how a source is made good: request, copies × drop × discount."""
    return f"{number} · {copies:,} × {money(drop)} × {discount_bp / 100:g}%"


def terms_told(regulation: Regulation) -> dict[str, Any]:
    """Return what the regulation says about price cuts, with its clause."""
    terms = terms_of(regulation.parameters)
    note = regulation.notes.get("price_protection_days")
    return {
        "window": terms.window_days, "days": terms.claim_days, "share": f"{terms.share.normalize():f}",
        "clause": {"id": note.clause, "url": f"/regulation/{regulation.pack}/v{regulation.number}/{note.clause}"} if note else None,
    }  # fmt: skip


def terms_panel(claim: PriceClaim, looking: Looking) -> dict[str, Any]:  # noqa: ARG001 - both sides see the same
    """Return by what a claim was judged: the clause of its version, the window, the share, and each source."""
    regulation = regulation_by_reference(claim.regulation)
    lines = lines_of(claim.pk)
    return {
        "claim": claim,
        "terms": terms_told(regulation) | {"window": claim.window_days, "share": f"{claim.share.normalize():f}"},
        "lines": [{"code": line.product.code, "parts": _parts(line), "amount": line.amount} for line in lines],
    }


def _parts(line: PriceClaimLine) -> list[str]:
    return [
        source_words(one.order_line.order.number, one.copies, one.drop, one.discount_bp)
        for one in sorted(line.sources.all(), key=lambda one: one.pk)
    ]


def credit_words(claim: PriceClaim) -> str | None:
    """Return the number of the credit, None before there is one."""
    return claim.credit.number if claim.credit else None


def price_words(line: PriceClaimLine) -> Text:
    """Return both list prices of a line."""
    words = f"{money(line.old_price)} → {money(line.price.amount)}"
    return Text(words, words)
