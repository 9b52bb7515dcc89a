"""The credit desk: all partners of a seller with their credit, as of now or as of the end of a past day, and the batches behind it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import msgspec
from django.db.models import Count, Prefetch, Q, QuerySet

from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.approvals.queries import approvals_seen_by
from lingqu.approvals.states import ApprovalState, StepState
from lingqu.base.calendar import CHINA
from lingqu.base.database import rows
from lingqu.base.money import ZERO
from lingqu.desk.queries.money import overdue_before
from lingqu.organisation.queries import Acting

MOST_PARTNERS = 5_000
"""How many partners of a seller the desk adds up."""
MOST_DOCUMENTS = 500
MOST_MOTIONS = 50
MOTIONS = ("limit_change", "grade_change", "special_signature", "hold_release", "write_off")
"""Procedures whose approvals stand on the desk."""
AGES = ("not_due", "d30", "d60", "d90", "d180", "over")
"""What is owed by days past the due day: not due (or no due day yet), 1 to 30, 31 to 60, 61 to 90, 91 to 180, more."""


class DeskRow(msgspec.Struct, frozen=True):
    """A partner on the desk; amounts in yuan, None without a credit line.

    `owed` is the sum of its open batches, `ages` the same by `AGES`. Empty `unapplied`: not kept for a past day.
    """

    code: str
    name: str
    short_name: str
    pinyin: str
    level: str
    division: str
    representative: str
    line: int | None
    grade: str
    limit: Decimal | None
    used: Decimal | None
    held: Decimal | None
    unapplied: Decimal | None
    taken_batches: int
    most_open: int | None
    owed: Decimal
    overdue: Decimal
    disputed: Decimal
    ages: tuple[Decimal, ...]
    next_due: date | None
    papers_until: date | None
    hold: str
    hold_level: str
    hold_state: str
    hold_until: date | None
    hold_asked: bool
    asked: str

    @property
    def taken(self) -> Decimal:
        """Return what is used and held together."""
        return (self.used or ZERO) + (self.held or ZERO)

    @property
    def prepaid(self) -> bool:
        """Return whether the partner has no limit and owes nothing: it pays first, and its money is no credit taken."""
        return not self.limit and self.taken <= 0

    @property
    def free(self) -> Decimal | None:
        """Return what is left of the limit."""
        return None if self.limit is None else self.limit - self.taken

    @property
    def share(self) -> Decimal | None:
        """Return the share of the limit that is taken, None without a limit."""
        return self.taken / self.limit if self.limit else None


class DeskTotals(msgspec.Struct, frozen=True):
    """Some partners added up, yuan. `used` and `held` leave out partners who pay first; what they paid in advance is `prepaid`."""

    partners: int
    limit: Decimal
    used: Decimal
    held: Decimal
    overdue: Decimal
    owed: Decimal
    unapplied: Decimal
    prepaid: Decimal
    disputed: Decimal
    ages: tuple[Decimal, ...]

    @property
    def free(self) -> Decimal:
        """Return what is left of all limits."""
        return self.limit - self.used - self.held

    @property
    def taken(self) -> Decimal:
        """Return what is used and held together."""
        return self.used + self.held

    @property
    def share(self) -> Decimal | None:
        """Return the share of all limits that is taken, None without a limit."""
        return self.taken / self.limit if self.limit else None


class OpenDocument(msgspec.Struct, frozen=True):
    """A batch that is owed on the day; `remaining` in yuan, `age` one of `AGES`."""

    id: int
    number: int
    request: str
    has_request: bool
    buyer_code: str
    buyer_name: str
    opened_on: date
    remaining: Decimal
    due_on: date | None
    disputed: bool
    age: str
    total: Decimal
    documents: int


# Now: the running rows of the ledger and the batches as they stand.
_NOW = """
line AS (
    SELECT c.id, c.buyer_id, c.grade, c.unapplied, r."limit", r.used, r.held, r.open_count + r.held_count AS taken_batches, r.count_limit
      FROM credit_creditline c JOIN ledger_running r ON r.account_id = c.account_id WHERE c.seller_id = %(seller)s
), batch AS (
    SELECT b.id, b.line_id, b.number, b.request, b.document_id, b.opened_on, b.value - b.applied AS remaining,
           LEAST(b.triggered_due_on, b.backstop_due_on) AS due_on, COALESCE(b.disputed_until >= %(on)s::date, false) AS disputed
      FROM line JOIN credit_batch b ON b.line_id = line.id AND b.settled_on IS NULL
), hold AS (
    SELECT DISTINCT ON (h.line_id) h.line_id, h.number, h.level, h.state, h.deferred_until,
           EXISTS (SELECT FROM credit_holdrequest q WHERE q.hold_id = h.id AND q.state IN ('proposed', 'sent_back')) AS asked
      FROM line JOIN credit_supplyhold h ON h.line_id = line.id AND h.state <> 'released'
     ORDER BY h.line_id, h.state = 'deferred', h.level <> 'stop', h.id
), asked AS (
    SELECT q.line_id, q.kind FROM line JOIN credit_creditproposal q ON q.line_id = line.id AND q.state IN ('proposed', 'sent_back')
)"""

# The end of a past day: the postings that count for that day or an earlier one, the limit and grade set last until then, and each batch
# with what was applied to it until then. A settled hold takes off what it held, also where less was settled. A batch of the books before
# is owed here since the day on which it was taken over, however old it is. How far a hold went stands in the record of what was done.
_THEN = """
line AS (
    SELECT c.id, c.buyer_id, COALESCE(g.after, '') AS grade, NULL::numeric AS unapplied, l."limit", COALESCE(m.used, 0) AS used,
           COALESCE(m.held, 0) AS held, COALESCE(m.batches, 0) AS taken_batches, l.count_limit
      FROM credit_creditline c
      JOIN LATERAL (SELECT s."limit", s.count_limit FROM ledger_limitchange s WHERE s.account_id = c.account_id AND s."on" <= %(on)s::date
                     ORDER BY s.id DESC LIMIT 1) AS l ON true
      LEFT JOIN LATERAL (SELECT s.after FROM credit_gradechange s WHERE s.line_id = c.id AND s.effective_on <= %(on)s::date
                          ORDER BY s.id DESC LIMIT 1) AS g ON true
      LEFT JOIN LATERAL (
          SELECT sum(CASE WHEN p.phase IN ('direct', 'settle', 'reverse') THEN p.sign * p.amount ELSE 0 END) AS used,
                 sum(CASE p.phase WHEN 'hold' THEN p.amount WHEN 'settle' THEN -h.amount WHEN 'release' THEN -h.amount ELSE 0 END) AS held,
                 sum(CASE WHEN p.phase IN ('direct', 'settle', 'reverse') THEN p.sign * p.count ELSE 0 END
                     + CASE p.phase WHEN 'hold' THEN p.count WHEN 'settle' THEN -h.count WHEN 'release' THEN -h.count ELSE 0 END) AS batches
            FROM (SELECT o.phase, o.amount, o.count, o.resolves_id, 1 AS sign FROM ledger_posting o
                   WHERE o.source_id = c.account_id AND o."on" <= %(on)s::date
                   UNION ALL
                  SELECT o.phase, o.amount, o.count, o.resolves_id, -1 FROM ledger_posting o
                   WHERE o.destination_id = c.account_id AND o."on" <= %(on)s::date AND o.phase IN ('direct', 'settle', 'reverse')) AS p
            LEFT JOIN ledger_posting h ON h.id = p.resolves_id) AS m ON true
     WHERE c.seller_id = %(seller)s
), dated AS (
    SELECT b.id, b.line_id, b.number, b.request, b.document_id, b.opened_on,
           b.value - COALESCE(grown.amount, 0) - COALESCE(paid.amount, 0) AS remaining,
           LEAST(CASE WHEN b.triggered_on IS NULL OR b.triggered_on <= %(on)s::date THEN b.triggered_due_on END,
                 CASE WHEN b.shipped_on IS NULL OR b.shipped_on <= %(on)s::date THEN b.backstop_due_on END) AS due_on,
           COALESCE(b.disputed_on <= %(on)s::date AND b.disputed_until >= %(on)s::date, false) AS disputed
      FROM line
      JOIN credit_batch b ON b.line_id = line.id AND b.opened_on <= %(on)s::date
      LEFT JOIN LATERAL (SELECT sum(a.amount) AS amount FROM credit_application a
                          WHERE a.batch_id = b.id AND a."on" <= %(on)s::date) AS paid ON true
      LEFT JOIN LATERAL (SELECT sum(p.amount) AS amount FROM ledger_posting p
                          WHERE p.document_kind = 'batch' AND p.document_id = b.id AND p.reason IN ('raised', 'taken_over')
                            AND p."on" > %(on)s::date) AS grown ON true
), batch AS (SELECT * FROM dated WHERE remaining <> 0
), hold AS (
    SELECT DISTINCT ON (h.line_id) h.line_id, h.number, COALESCE(f.after ->> 'level', '') AS level,
           COALESCE(f.after ->> 'state', '') AS state, NULLIF(f.after ->> 'deferred_until', '')::date AS deferred_until,
           EXISTS (SELECT FROM credit_holdrequest q WHERE q.hold_id = h.id AND q.asked_at < %(end)s
                                                      AND (q.ended_at IS NULL OR q.ended_at >= %(end)s)) AS asked
      FROM line
      JOIN credit_supplyhold h ON h.line_id = line.id AND h.set_at < %(end)s AND (h.released_at IS NULL OR h.released_at >= %(end)s)
      LEFT JOIN LATERAL (SELECT one.after FROM audit_fact one
                          WHERE one.subject = 'supply_hold' AND one.subject_id = h.id AND one.at < %(end)s
                            AND one.after ->> 'level' IS NOT NULL
                          ORDER BY one.id DESC LIMIT 1) AS f ON true
     ORDER BY h.line_id, COALESCE(f.after ->> 'state', '') = 'deferred', COALESCE(f.after ->> 'level', '') <> 'stop', h.id
), asked AS (
    SELECT DISTINCT ON (q.line_id) q.line_id, q.kind
      FROM line JOIN credit_creditproposal q ON q.line_id = line.id AND q.asked_at < %(end)s
       AND (COALESCE(q.applied_at, q.ended_at) IS NULL OR COALESCE(q.applied_at, q.ended_at) >= %(end)s)
     ORDER BY q.line_id, q.id DESC
)"""

_AGED = """
, aged AS (
    SELECT batch.*,
           CASE WHEN due_on IS NULL OR due_on >= %(on)s::date THEN 'not_due' WHEN due_on >= %(on)s::date - 30 THEN 'd30'
                WHEN due_on >= %(on)s::date - 60 THEN 'd60' WHEN due_on >= %(on)s::date - 90 THEN 'd90'
                WHEN due_on >= %(on)s::date - 180 THEN 'd180' ELSE 'over' END AS age,
           due_on < %(late)s::date AND NOT disputed AS overdue
      FROM batch
)"""

_TABLE = """
, owed AS (
    SELECT line_id, sum(remaining) AS owed, COALESCE(sum(remaining) FILTER (WHERE overdue), 0) AS overdue, min(due_on) AS next_due,
           COALESCE(sum(remaining) FILTER (WHERE disputed AND due_on < %(late)s::date), 0) AS disputed,
           COALESCE(sum(remaining) FILTER (WHERE age = 'not_due'), 0) AS not_due,
           COALESCE(sum(remaining) FILTER (WHERE age = 'd30'), 0) AS d30, COALESCE(sum(remaining) FILTER (WHERE age = 'd60'), 0) AS d60,
           COALESCE(sum(remaining) FILTER (WHERE age = 'd90'), 0) AS d90,
           COALESCE(sum(remaining) FILTER (WHERE age = 'd180'), 0) AS d180, COALESCE(sum(remaining) FILTER (WHERE age = 'over'), 0) AS over
      FROM aged GROUP BY line_id
)
SELECT f.code, f.name, f.short_name, f.pinyin, f.kind AS level, f.division, COALESCE(rep.name, '') AS representative, line.id AS line,
       COALESCE(line.grade, '') AS grade, line."limit", line.used, line.held, line.unapplied,
       COALESCE(line.taken_batches, 0)::int AS taken_batches, line.count_limit AS most_open, COALESCE(owed.owed, 0) AS owed,
       COALESCE(owed.overdue, 0) AS overdue, COALESCE(owed.disputed, 0) AS disputed,
       COALESCE(owed.not_due, 0) AS not_due, COALESCE(owed.d30, 0) AS d30, COALESCE(owed.d60, 0) AS d60, COALESCE(owed.d90, 0) AS d90,
       COALESCE(owed.d180, 0) AS d180, COALESCE(owed.over, 0) AS over, owed.next_due,
       LEAST(p.certified_until, p.contract_until, p.licence_until) AS papers_until,
       COALESCE(hold.number, '') AS hold, COALESCE(hold.level, '') AS hold_level, COALESCE(hold.state, '') AS hold_state,
       hold.deferred_until AS hold_until, COALESCE(hold.asked, false) AS hold_asked, COALESCE(asked.kind, '') AS asked
  FROM partners_partner p
  JOIN organisation_firm f ON f.id = p.firm_id
  LEFT JOIN line ON line.buyer_id = p.firm_id
  LEFT JOIN owed ON owed.line_id = line.id
  LEFT JOIN hold ON hold.line_id = line.id
  LEFT JOIN asked ON asked.line_id = line.id
  LEFT JOIN LATERAL (SELECT person.name FROM partners_representation h JOIN organisation_person person ON person.id = h.person_id
                      WHERE h.partner_id = p.id AND h.period @> %(on)s::date LIMIT 1) AS rep ON true
 WHERE p.seller_id = %(seller)s AND (f.valid @> %(on)s::date OR line.used <> 0 OR owed.owed <> 0)
 ORDER BY f.pinyin, f.id LIMIT %(most)s
"""

_DOCUMENTS = """
SELECT aged.id, aged.number, aged.request, aged.document_id IS NOT NULL AS has_request, f.code AS buyer_code, f.name AS buyer_name,
       aged.opened_on, aged.remaining, aged.due_on, aged.disputed, aged.age, sum(aged.remaining) OVER () AS total,
       count(*) OVER () AS documents
  FROM aged JOIN line ON line.id = aged.line_id JOIN organisation_firm f ON f.id = line.buyer_id
 WHERE (%(age)s = '' OR aged.age = %(age)s OR (%(age)s = 'overdue' AND aged.overdue)) AND (%(partner)s = '' OR f.code = %(partner)s)
 ORDER BY aged.due_on NULLS LAST, aged.opened_on, aged.id LIMIT %(most)s
"""


def desk_rows(seller: int, *, on: date, past: bool, tolerance_days: int) -> list[DeskRow]:
    """Return the seller's partners by name, at most 5,000, in one statement: as they stand, or as of the end of a past day `on`."""
    values = {"seller": seller, "on": on, "end": end_of(on), "late": overdue_before(on, tolerance_days), "most": MOST_PARTNERS}
    found = rows(f"WITH {_THEN if past else _NOW}{_AGED}{_TABLE}", values)
    return [_row(row) for row in found]


def open_documents(
    seller: int, *, on: date, past: bool, tolerance_days: int, age: str = "", partner: str = "", most: int = MOST_DOCUMENTS
) -> list[OpenDocument]:  # fmt: skip
    """Return the batches behind a figure by due day, at most `most`; each row has the sum and the number of all of them.

    `age` is one of `AGES`, or `overdue`; `partner` a firm's code. Empty is any, an unknown one finds nothing.
    """
    values = {
        "seller": seller, "on": on, "end": end_of(on), "late": overdue_before(on, tolerance_days), "most": most, "age": age,
        "partner": partner,
    }  # fmt: skip
    return [OpenDocument(**row._asdict()) for row in rows(f"WITH {_THEN if past else _NOW}{_AGED}{_DOCUMENTS}", values)]


def added_up(found: list[DeskRow]) -> DeskTotals:
    """Return some partners added up."""
    owing = [row for row in found if not row.prepaid]
    used_by_all = sum((row.used or ZERO for row in found), ZERO)
    used = sum((row.used or ZERO for row in owing), ZERO)
    owed = sum((row.owed for row in found), ZERO)
    kept = [row.unapplied for row in found if row.unapplied is not None]
    return DeskTotals(
        partners=len(found), limit=sum((row.limit or ZERO for row in found), ZERO), used=used,
        held=sum((row.held or ZERO for row in owing), ZERO), overdue=sum((row.overdue for row in found), ZERO), owed=owed,
        unapplied=sum(kept, ZERO) if kept else owed - used_by_all, prepaid=used - used_by_all,
        disputed=sum((row.disputed for row in found), ZERO),
        ages=tuple(sum((row.ages[place] for row in found), ZERO) for place in range(len(AGES))),
    )  # fmt: skip


def end_of(day: date) -> datetime:
    """Return the moment at which a day ends in China."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=CHINA)


def motions_seen_by(who: Acting, *, past: date | None = None) -> list[Approval]:
    """Return the open approvals about the credit of the firm's partners that the person sees, the newest first, at most 50.

    With `past` those that were on their way when that day ended; how far they were is not kept, so `open_steps` is empty. Else it is
    the step that waits (one or none); of a vote it has `members`, `cast` and `agreed`, which count its members' votes.
    """
    seen = approvals_seen_by(who).filter(firm=who.firm, chain_key__in=MOTIONS).select_related("about")
    if past:
        end = end_of(past)
        then = seen.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=end), asked_at__lt=end)
        return list(then.prefetch_related(Prefetch("steps", queryset=ApprovalStep.objects.none(), to_attr="open_steps"))[:MOST_MOTIONS])
    active = Q(signers__active=True)
    steps: QuerySet[ApprovalStep] = ApprovalStep.objects.filter(state=StepState.OPEN.value).annotate(
        members=Count("signers", filter=active),
        cast=Count("signers", filter=active & ~Q(signers__answer="")),
        agreed=Count("signers", filter=active & Q(signers__answer="yes")),
    )
    found = seen.filter(state=ApprovalState.OPEN.value)
    return list(found.prefetch_related(Prefetch("steps", queryset=steps, to_attr="open_steps"))[:MOST_MOTIONS])


def _row(row: object) -> DeskRow:
    values = row._asdict()  # type: ignore[attr-defined]
    return DeskRow(ages=tuple(values.pop(age) for age in AGES), **values)
