"""Partners of a seller with credit line, overdue money and representative: one statement, however many there are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.database import for_like, rows
from lingqu.base.refusal import not_found
from lingqu.desk.queries.money import overdue_before
from lingqu.organisation.models import PostHolding
from lingqu.organisation.queries import Acting
from lingqu.partners.models import Partner, Representation

PARTNERS_SHOWN = 200
MOST_WORDS = 5


class PartnerFilter(msgspec.Struct, frozen=True):
    """What a list of partners is narrowed to, and by what it is sorted (a key of `SORTS`)."""

    words: str = ""
    grade: str = ""
    representative: int | None = None
    state: str = ""
    sort: str = "name"


class PartnerRow(msgspec.Struct, frozen=True):
    """A partner with its credit line; amounts in yuan. Without a line `grade` is empty and the amounts are None."""

    partner: int
    code: str
    name: str
    level: str
    division: str
    areas: tuple[str, ...]
    line: int | None
    grade: str
    limit: Decimal | None
    used: Decimal | None
    held: Decimal | None
    free: Decimal | None
    unapplied: Decimal | None
    open_count: int | None
    held_count: int | None
    most_open: int | None
    overdue: Decimal
    next_due: date | None
    papers_until: date | None
    representative: str


class PartnerTotals(msgspec.Struct, frozen=True):
    """All partners that the filter leaves, also those past the number shown."""

    partners: int = 0
    limit: Decimal = Decimal(0)
    used: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    overdue: Decimal = Decimal(0)

    @property
    def taken(self) -> Decimal:
        """Return what is used and held together."""
        return self.used + self.held

    @property
    def share(self) -> Decimal | None:
        """Return the share of all limits that is taken, None without a limit."""
        return self.taken / self.limit if self.limit else None


class PartnerList(msgspec.Struct, frozen=True):
    """Partners of a seller as filtered and sorted, at most 200, and all of them added up."""

    rows: list[PartnerRow]
    totals: PartnerTotals


STATES = {
    "": "true",
    "overdue": "m.overdue > 0",
    "tight": 'r."limit" > 0 AND r.used + r.held >= r."limit" * 0.8',
    "full": "r.count_limit IS NOT NULL AND r.open_count + r.held_count >= r.count_limit",
}
"""Conditions by the word of the filter."""

SORTS = {
    "name": "f.pinyin, f.id",
    "used": '(r.used + r.held) / NULLIF(r."limit", 0) DESC NULLS LAST, f.pinyin',
    "free": 'r."limit" - r.used - r.held, f.pinyin',
    "overdue": "m.overdue DESC, f.pinyin",
}
"""Orders by the word of the address."""

# Money that a partner without a limit paid in advance is no credit taken: the totals leave it out, as its row does.
OWING = 'NOT (r."limit" = 0 AND r.used + r.held <= 0)'

# The places in braces take fixed texts of the tables above, never a person's words.
_LIST = """
SELECT p.id AS partner, f.code, f.name, f.kind AS level, f.division, p.areas, c.id AS line, COALESCE(c.grade, '') AS grade,
       r."limit", r.used, r.held, r."limit" - r.used - r.held AS free, c.unapplied, r.open_count, r.held_count, r.count_limit AS most_open,
       m.overdue, m.next_due, LEAST(p.certified_until, p.contract_until, p.licence_until) AS papers_until,
       COALESCE(rep.name, '') AS representative,
       count(*) OVER () AS partners, sum(r."limit") OVER () AS all_limit,
       sum(r.used) FILTER (WHERE {owing}) OVER () AS all_used, sum(r.held) FILTER (WHERE {owing}) OVER () AS all_held,
       sum(m.overdue) OVER () AS all_overdue
  FROM partners_partner p
  JOIN organisation_firm f ON f.id = p.firm_id
  LEFT JOIN credit_creditline c ON c.seller_id = p.seller_id AND c.buyer_id = p.firm_id
  LEFT JOIN ledger_running r ON r.account_id = c.account_id
  LEFT JOIN LATERAL (SELECT COALESCE(sum(b.value - b.applied)
                                FILTER (WHERE LEAST(b.triggered_due_on, b.backstop_due_on) < %s
                                          AND (b.disputed_until IS NULL OR b.disputed_until < %s)), 0) AS overdue,
                            min(LEAST(b.triggered_due_on, b.backstop_due_on)) AS next_due
                       FROM credit_batch b WHERE b.line_id = c.id AND b.settled_on IS NULL) AS m ON true
  LEFT JOIN LATERAL (SELECT person.id, person.name FROM partners_representation h JOIN organisation_person person ON person.id = h.person_id
                      WHERE h.partner_id = p.id AND h.period @> %s::date) AS rep ON true
 WHERE p.seller_id = %s AND (f.valid @> %s::date OR r.used <> 0)
   AND (%s = '' OR c.grade = %s) AND (%s::bigint IS NULL OR rep.id = %s::bigint)
   AND NOT EXISTS (SELECT 1 FROM unnest(%s::text[]) AS word(pattern)
                    WHERE NOT (f.code ILIKE pattern OR f.name ILIKE pattern OR f.pinyin ILIKE pattern
                               OR replace(f.pinyin, ' ', '') ILIKE pattern
                               OR regexp_replace(f.pinyin, '(\\w)\\w*\\s*', '\\1', 'g') ILIKE pattern))
   AND {state}
 ORDER BY {sort} LIMIT %s
"""
_EXTRA = ("partners", "all_limit", "all_used", "all_held", "all_overdue")


def list_partners(
    seller: int, wanted: PartnerFilter, *, on: date, tolerance_days: int, most: int = PARTNERS_SHOWN
) -> PartnerList:  # fmt: skip
    """Return the seller's partners that fit, found by every word of name, code, pinyin or its initials; at most `most`.

    An unknown state or order reads as none.
    """
    query = _LIST.format(owing=OWING, state=STATES.get(wanted.state, "true"), sort=SORTS.get(wanted.sort, SORTS["name"]))
    patterns = [f"%{for_like(word)}%" for word in wanted.words.split()[:MOST_WORDS]]
    found = rows(
        query,
        (
            overdue_before(on, tolerance_days), on, on, seller, on, wanted.grade, wanted.grade, wanted.representative,
            wanted.representative, patterns, most,
        ),
    )  # fmt: skip
    if not found:
        return PartnerList([], PartnerTotals())
    first = found[0]
    zero = Decimal(0)
    sums = (first.all_limit, first.all_used, first.all_held, first.all_overdue)
    totals = PartnerTotals(first.partners, *(amount or zero for amount in sums))
    return PartnerList([_row(row) for row in found], totals)


def _row(row: object) -> PartnerRow:
    values = {key: value for key, value in row._asdict().items() if key not in _EXTRA}  # type: ignore[attr-defined]
    values["areas"] = tuple(values["areas"])
    return PartnerRow(**values)


def find_partner(code: str, *, by: Acting) -> Partner:
    """Return the partner of this code as the person sees it: their own firm at its seller, or a partner of their firm.

    Refuses (404) what does not exist or is neither.
    """
    if "\x00" in code:
        raise not_found()
    sides = {"firm_id": by.firm} if _is_own(code, by) else {"seller_id": by.firm}
    found = Partner.objects.filter(firm__code=code, **sides).select_related("firm", "seller").order_by("pk").first()
    if found is None:
        raise not_found()
    return found


def _is_own(code: str, by: Acting) -> bool:
    return Partner.objects.filter(firm__code=code, firm_id=by.firm).exists()


def own_relation(firm: int) -> Partner | None:
    """Return the firm as a partner of the one it buys from, None for who buys from nobody here (the publisher)."""
    return Partner.objects.filter(firm_id=firm, seller_id__isnull=False).select_related("firm", "seller").order_by("pk").first()


def representatives_of(seller: int, *, on: date) -> list[tuple[int, str]]:
    """Return the people who represent the seller's partners on the day, id and name, by name."""
    found = rows(
        "SELECT DISTINCT person.id, person.name, person.pinyin FROM partners_partner p"
        " JOIN partners_representation r ON r.partner_id = p.id AND r.period @> %s::date"
        " JOIN organisation_person person ON person.id = r.person_id WHERE p.seller_id = %s ORDER BY person.pinyin",
        (on, seller),
    )
    return [(row.id, row.name) for row in found]


def people_of(firm: int, *, on: date) -> list[PostHolding]:
    """Return who holds which post at the firm on the day, with the person."""
    held = PostHolding.objects.filter(firm_id=firm, period__contains=on).select_related("person")
    return list(held.order_by("post_id", "person__pinyin"))


def representing(partner: int, *, on: date) -> tuple[str, date | None]:
    """Return the name of the partner's representative on the day and since when; an empty name when there is none."""
    found = Representation.objects.filter(partner_id=partner, period__contains=on).select_related("person").first()
    return (found.person.name, found.period.lower) if found else ("", None)
