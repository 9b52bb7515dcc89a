"""Read terms of an agent's retailers: how the branch stands, one document, what is on its way for a line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

import msgspec
from django.db.models import Q, QuerySet

from lingqu.base.refusal import not_found
from lingqu.credit.access import may_see_terms
from lingqu.credit.models import CreditLine, RetailerTerms
from lingqu.credit.states import ON_ITS_WAY, ProposalState
from lingqu.ledger.queries import standings
from lingqu.organisation.queries import Acting

A_PAGE = 200
MOST_KNOWN = 50_000
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


def branch_rows(seller: int, *, after: int | None = None, most: int = A_PAGE) -> list[BranchRow]:
    """Return up to `most` retailers of an agent with their terms, by pinyin, those behind the line `after`. At most four statements.

    A line of somebody else's, or none, as `after` is the beginning.
    """
    wanted = CreditLine.objects.filter(seller_id=seller)
    behind = wanted.filter(pk=after).values_list("buyer__pinyin", "pk").first() if after else None
    if behind:
        wanted = wanted.filter(Q(buyer__pinyin__gt=behind[0]) | Q(buyer__pinyin=behind[0], pk__gt=behind[1]))
    return _rows_of(wanted.select_related("buyer").order_by("buyer__pinyin", "id")[:most])


def branch_rows_of(seller: int, lines: Collection[int]) -> list[BranchRow]:
    """Return those retailers of an agent whose lines are named, with their terms. Three statements."""
    return _rows_of(CreditLine.objects.filter(seller_id=seller, pk__in=lines).select_related("buyer"))


def _rows_of(wanted: QuerySet[CreditLine]) -> list[BranchRow]:
    lines = list(wanted)
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


def branch_size(seller: int) -> int:
    """Return to how many retailers an agent gives credit."""
    return CreditLine.objects.filter(seller_id=seller).count()


def lines_by_code(seller: int) -> dict[str, int]:
    """Return the credit lines of a seller's partners by the partner's code, at most 50,000."""
    found = CreditLine.objects.filter(seller_id=seller).order_by("id")[:MOST_KNOWN]
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
