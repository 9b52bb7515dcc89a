"""Read terms of an agent's retailers: how the branch stands, one document, what is on its way for a line."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from lingqu.base.refusal import not_found
from lingqu.credit.access import may_see_terms
from lingqu.credit.models import CreditLine, RetailerTerms
from lingqu.credit.states import ON_ITS_WAY, ProposalState
from lingqu.ledger.queries import standings
from lingqu.organisation.queries import Acting

MOST_IN_BRANCH = 500
MOST_DOCUMENTS = 20


class BranchRow(msgspec.Struct, frozen=True):
    """A retailer of an agent with its terms and how it stands, yuan. An empty term or price is that of the tables for its grade.

    `waits` is the number of what a clerk asked for and nobody decided yet.
    """

    line: int
    code: str
    name: str
    grade: str
    limit: Decimal
    batches: int
    days: int | None
    discount_bp: int | None
    used: Decimal
    held: Decimal
    open_count: int
    since: datetime | None
    number: str
    waits: str


def branch_rows(seller: int, *, line: int | None = None, most: int = MOST_IN_BRANCH) -> list[BranchRow]:
    """Return the retailers of an agent with their terms, by pinyin, at most `most`, or that of one line; three statements."""
    wanted = CreditLine.objects.filter(seller_id=seller) if line is None else CreditLine.objects.filter(seller_id=seller, pk=line)
    lines = list(wanted.select_related("buyer").order_by("buyer__pinyin", "id")[:most])
    standing = standings({one.account_id for one in lines})
    ids = [one.pk for one in lines]
    found = RetailerTerms.objects.filter(line_id__in=ids, state__in=(*ON_ITS_WAY, ProposalState.APPLIED.value))
    documents = {(one.line_id, one.state in ON_ITS_WAY): one for one in found}
    rows = []
    for one in lines:
        known, waits, holds = standing[one.account_id], documents.get((one.pk, True)), documents.get((one.pk, False))
        rows.append(
            BranchRow(
                one.pk, one.buyer.code, one.buyer.name, one.grade, known.limit, known.count_limit or 0, one.own_days,
                one.own_discount_bp, known.used, known.held, known.open_count, holds.applied_at if holds else None,
                holds.number if holds else "", waits.number if waits else "",
            )
        )  # fmt: skip
    return rows


def lines_by_code(seller: int) -> dict[str, int]:
    """Return the credit lines of a seller's partners by the partner's code, at most 500."""
    found = CreditLine.objects.filter(seller_id=seller).order_by("id")[:MOST_IN_BRANCH]
    return dict(found.values_list("buyer__code", "pk"))


def terms_on_their_way(line: int) -> RetailerTerms | None:
    """Return what a clerk asked for a line and nobody decided yet."""
    return RetailerTerms.objects.filter(line_id=line, state__in=ON_ITS_WAY).select_related("line__buyer").first()


def terms_of_line(line: int) -> list[RetailerTerms]:
    """Return the newest documents of a line, at most 20."""
    return list(RetailerTerms.objects.filter(line_id=line).select_related("asked_by").order_by("-id")[:MOST_DOCUMENTS])


def terms_by_number(number: str, *, by: Acting) -> RetailerTerms:
    """Return a document with its line, firms, people and approval; refuses (404) what does not exist or is not the person's to see."""
    found = None
    if "\x00" not in number:
        whole = RetailerTerms.objects.select_related("line__seller", "line__buyer", "asked_by", "asked_for", "approval")
        found = whole.filter(number=number).first()
    if found is None or not may_see_terms(by, found.line.seller_id, found.line.buyer_id, found.state):
        raise not_found()
    return found
