"""Who one is and whom one trades with, for other systems."""

from __future__ import annotations

from typing import Any

from ninja import Path, Query, Router

from lingqu.desk.queries import PartnerFeedRow, feed_of_partners, partner_called
from lingqu.documents.api import (
    ApiRequest,
    Day,
    Moment,
    Paging,
    PartnerCode,
    Shape,
    Words,
    Yuan,
    day,
    moment,
    page_of,
    place_in_list,
    reads,
    words,
    yuan,
)
from lingqu.organisation.states import FIRM_KIND_WORDS, POST_WORDS, FirmKind, Scope
from lingqu.policy.queries import regulation_in_force

router = Router(tags=["partners"])
ONE_MORE = 1


class PostOut(Shape):
    """A post that the person acts in today. `lent`: somebody who is away has lent it."""

    post: str
    words: Words
    lent: bool


class MeOut(Shape):
    """As whom this token acts, and what it opens until when."""

    person: str
    firm: str
    firm_name: str
    firm_kind: FirmKind
    posts: list[PostOut]
    token: str
    scopes: list[Scope]
    last_day: Day
    at: Moment


class PartnerOut(Shape):
    """A partner with its credit line; without one the grade is empty and the amounts are null."""

    code: str
    name: str
    seller: str
    level: FirmKind
    level_words: Words
    division: str
    areas: list[str]
    grade: str
    limit: Yuan | None
    used: Yuan | None
    held: Yuan | None
    free: Yuan | None
    open_batches: int | None
    held_batches: int | None
    most_batches: int | None
    overdue: Yuan
    next_due: Day | None
    papers_until: Day | None
    representative: str


class PartnerPage(Shape):
    """Partners, and the address of the next page."""

    items: list[PartnerOut]
    next: str | None


def partner_out(row: PartnerFeedRow) -> dict[str, Any]:
    """Return a partner."""
    return {
        "code": row.code,
        "name": row.name,
        "seller": row.seller,
        "level": row.level,
        "level_words": words(FIRM_KIND_WORDS[FirmKind(row.level)]),
        "division": row.division,
        "areas": list(row.areas),
        "grade": row.grade,
        **{name: None if (amount := getattr(row, name)) is None else yuan(amount) for name in ("limit", "used", "held", "free")},
        "open_batches": row.open_count,
        "held_batches": row.held_count,
        "most_batches": row.most_open,
        "overdue": yuan(row.overdue),
        "next_due": day(row.next_due),
        "papers_until": day(row.papers_until),
        "representative": row.representative,
    }


@reads(router, "/me", name="me", scope=None, out=MeOut)
def me(request: ApiRequest) -> dict[str, Any]:
    """See as whom the token acts, and what it opens."""
    posts = sorted(post for post, firm in request.who.posts if firm == request.who.firm)
    return {
        "person": request.who.name,
        "firm": request.token.person.firm.code,
        "firm_name": request.token.person.firm.name,
        "firm_kind": request.who.firm_kind,
        "posts": [
            {"post": post.value, "words": words(POST_WORDS[post]), "lent": (post, request.who.firm) in request.who.lent} for post in posts
        ],
        "token": request.token.name,
        "scopes": list(request.token.scopes),
        "last_day": day(request.token.last_day),
        "at": moment(request.at),
    }


@reads(router, "/partners", name="partners", operation="list_partners", scope=Scope.PARTNERS_READ, out=PartnerPage)
def list_partners(request: ApiRequest, asked: Query[Paging]) -> dict[str, Any]:
    """List the partners of your firm, and your firm itself where it buys, by code."""
    tolerance = regulation_in_force(on=request.today).parameters.overdue_tolerance_days
    code, partner = place_in_list(request, asked) or ("", 0)
    found = feed_of_partners(request.who, on=request.today, tolerance_days=tolerance, after=(code, partner), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=partner_out, place=lambda row: (row.code, row.id))


@reads(router, "/partners/{code}", name="partner", operation="get_partner", scope=Scope.PARTNERS_READ, out=PartnerOut)
def get_partner(request: ApiRequest, code: Path[PartnerCode]) -> dict[str, Any]:
    """Read one partner of your firm, or your own firm by its own code."""
    tolerance = regulation_in_force(on=request.today).parameters.overdue_tolerance_days
    return partner_out(partner_called(code, by=request.who, on=request.today, tolerance_days=tolerance))


ROUTERS = (router,)
