"""What somebody keeps an eye on: papers of partners that end, requests that were not answered in time, how answers kept their time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from lingqu.base.counted import upto
from lingqu.base.database import rows

SOON_DAYS = 90
WATCHED = 4
JUDGED, LOOKED_AT, BLOCKS = 200, 400, 8


class EndingPapers(msgspec.Struct, frozen=True):
    """A partner whose certificate, agreement or licence ends first on `until` (None: one is missing); `total` counts all such partners."""

    code: str
    name: str
    representative: str
    until: date | None
    total: int


class LateAnswer(msgspec.Struct, frozen=True):
    """A request past its answer time, with its buyer and who should have answered; `total` counts them, up to a thousand."""

    number: str
    buyer_name: str
    representative: str
    net: Decimal
    answer_until: datetime
    total: int


class AnswerRecord(msgspec.Struct, frozen=True):
    """How the last requests were answered: how many of how many in time; the share in percent over eight stretches, the oldest first."""

    kept: int
    owed: int
    trend: tuple[Decimal, ...]


_REP = """
  LEFT JOIN partners_representation r ON r.partner_id = p.id AND r.period @> %(on)s::date
  LEFT JOIN organisation_person person ON person.id = r.person_id
"""
_PAPERS = f"""
SELECT f.code, f.name, COALESCE(person.name, '') AS representative,
       CASE WHEN num_nulls(p.certified_until, p.contract_until, p.licence_until) = 0
            THEN LEAST(p.certified_until, p.contract_until, p.licence_until) END AS until, count(*) OVER () AS total
  FROM partners_partner p JOIN organisation_firm f ON f.id = p.firm_id AND f.valid @> %(on)s::date {_REP}
 WHERE p.seller_id = %(seller)s AND (%(mine)s::bigint IS NULL OR r.person_id = %(mine)s::bigint)
   AND (LEAST(p.certified_until, p.contract_until, p.licence_until) <= %(until)s::date
        OR num_nulls(p.certified_until, p.contract_until, p.licence_until) > 0)
 ORDER BY until NULLS FIRST, f.pinyin, f.id LIMIT %(most)s
"""  # noqa: S608 - made of our own words
_LATE_ONES = """FROM orders_order o
  WHERE o.seller_id = %(seller)s AND o.state IN ('held', 'review', 'expired') AND o.answer_until <= %(at)s"""
_LATE = f"""
SELECT o.number, f.name AS buyer_name, COALESCE(person.name, '') AS representative, o.net, o.answer_until,
       {upto(_LATE_ONES)} AS total
  FROM (SELECT o.* {_LATE_ONES} ORDER BY o.answer_until, o.id LIMIT %(most)s) AS o JOIN organisation_firm f ON f.id = o.buyer_id
  LEFT JOIN partners_partner p ON p.seller_id = o.seller_id AND p.firm_id = o.buyer_id {_REP}
 ORDER BY o.answer_until, o.id
"""  # noqa: S608 - made of our own words
# BETWEEN and the seller in the order: only the index of the seller's own requests can serve it.
_ANSWERS = """
SELECT done.late FROM (SELECT o.id, o.late, o.accepted_at, o.state FROM orders_order o
                        WHERE o.seller_id BETWEEN %s AND %s ORDER BY o.seller_id, o.id DESC LIMIT %s) AS done
 WHERE done.late OR done.accepted_at IS NOT NULL OR done.state = 'declined' ORDER BY done.id DESC LIMIT %s
"""


def ending_papers(seller: int, *, on: date, representative: int | None = None) -> list[EndingPapers]:
    """Return the first four partners whose papers are missing, ended, or end within 90 days; with `representative` only theirs."""
    named = {"seller": seller, "on": on, "until": on + timedelta(days=SOON_DAYS), "mine": representative, "most": WATCHED}
    return [EndingPapers(**row._asdict()) for row in rows(_PAPERS, named)]


def late_answers(seller: int, *, at: datetime, on: date) -> list[LateAnswer]:
    """Return the first four requests whose answer time is over, the longest first."""
    return [LateAnswer(**row._asdict()) for row in rows(_LATE, {"seller": seller, "at": at, "on": on, "most": WATCHED})]


def answer_record(seller: int) -> AnswerRecord:
    """Return how the last 200 answered requests kept their time; it looks at the newest 400 only."""
    late = [row.late for row in rows(_ANSWERS, (seller, seller, LOOKED_AT, JUDGED))]
    size = len(late) // BLOCKS
    blocks = [late[at * size : (at + 1) * size] for at in range(BLOCKS)] if size else []
    trend = tuple(Decimal(100 * block.count(False)) / len(block) for block in reversed(blocks))
    return AnswerRecord(late.count(False), len(late), trend)


def partners_of(seller: int, person: int, *, on: date) -> frozenset[str]:
    """Return the codes of the seller's partners whom the person represents on the day."""
    found = rows(
        "SELECT f.code FROM partners_representation r JOIN partners_partner p ON p.id = r.partner_id AND p.seller_id = %s"
        " JOIN organisation_firm f ON f.id = p.firm_id WHERE r.person_id = %s AND r.period @> %s::date",
        (seller, person, on),
    )
    return frozenset(row.code for row in found)
