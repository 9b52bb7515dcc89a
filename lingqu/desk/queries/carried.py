"""What duties, procedures and accounts did: counted and listed, for the regulation's pages."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from lingqu.approvals.states import APPROVALS, ApprovalState
from lingqu.base.calendar import CHINA
from lingqu.base.database import rows
from lingqu.base.text import Text
from lingqu.credit.queries import evidence_of_account
from lingqu.duties.states import DUTIES, DutyState
from lingqu.policy.queries import Evidence, EvidenceAsk, MonthCount, Sample

NO_MORE = 2**62
"""Above every id."""

_FAILED = (ApprovalState.REFUSED.value, ApprovalState.VOID.value)
_CHAINS = """
SELECT chain_key AS key, count(*) AS count, count(*) FILTER (WHERE state = ANY(%s::text[])) AS failed
  FROM approvals_approval WHERE firm_id = %s AND asked_at >= %s AND asked_at < %s GROUP BY chain_key
"""
_CHAIN_MONTHS = """
SELECT date_trunc('month', asked_at AT TIME ZONE 'Asia/Shanghai')::date AS month, count(*) AS count,
       count(*) FILTER (WHERE state = ANY(%s::text[])) AS failed
  FROM approvals_approval WHERE chain_key = %s AND firm_id = %s AND asked_at >= %s AND asked_at < %s GROUP BY 1 ORDER BY 1
"""
_CHAIN_PAGE = """
SELECT id, asked_at AS at, number, title_zh, title_en, state
  FROM approvals_approval
 WHERE chain_key = %s AND firm_id = %s AND asked_at >= %s AND asked_at < %s AND id < %s ORDER BY id DESC LIMIT %s
"""
_RULES = """
SELECT rule AS key, count(*) AS count,
       count(*) FILTER (WHERE coalesce(late_days, 0) > 0 OR (state = 'open' AND late_from < %s)) AS failed
  FROM duties_duty WHERE issuer_id = %s AND state <> 'void' AND due_on >= %s AND due_on < %s GROUP BY rule
"""
_RULE_MONTHS = """
SELECT date_trunc('month', due_on)::date AS month, count(*) AS count,
       count(*) FILTER (WHERE coalesce(late_days, 0) > 0 OR (state = 'open' AND late_from < %s)) AS failed
  FROM duties_duty WHERE rule = %s AND issuer_id = %s AND state <> 'void' AND due_on >= %s AND due_on < %s GROUP BY 1 ORDER BY 1
"""
_RULE_PAGE = """
SELECT duty.id, duty.due_on, duty.title_zh, duty.title_en, duty.state, duty.late_days, firm.name AS about,
       duty.state = 'open' AND duty.late_from < %s AS late
  FROM duties_duty duty JOIN organisation_firm firm ON firm.id = duty.firm_id
 WHERE duty.rule = %s AND duty.issuer_id = %s AND duty.state <> 'void' AND duty.due_on >= %s AND duty.due_on < %s AND duty.id < %s
 ORDER BY duty.id DESC LIMIT %s
"""
LATE = Text("逾期未交", "late")


def approvals_per_chain(firm: int, since: date, until: date) -> dict[str, tuple[int, int]]:
    """Return per procedure how many approvals the firm was asked for in the days, and how many of them were refused or became void."""
    found = rows(_CHAINS, (list(_FAILED), firm, *_bounds(since, until)))
    return {row.key: (row.count, row.failed) for row in found}


def approvals_of_chain(ask: EvidenceAsk) -> Evidence:
    """Return what one procedure decided: counts by month, and the newest approvals with their outcome. Two statements."""
    bounds = _bounds(ask.since, ask.until)
    months = () if ask.after else _months(rows(_CHAIN_MONTHS, (list(_FAILED), ask.key, ask.firm, *bounds)))
    found = rows(_CHAIN_PAGE, (ask.key, ask.firm, *bounds, ask.after or NO_MORE, ask.limit + 1))
    samples = tuple(
        Sample(
            row.id, row.at, row.number, str(Text(row.title_zh, row.title_en)), APPROVALS.words[ApprovalState(row.state)],
            row.state not in _FAILED, f"/approvals/{row.number}",
        )
        for row in found[: ask.limit]
    )  # fmt: skip
    return _evidence(months, samples, more=len(found) > ask.limit)


def duties_per_rule(firm: int, since: date, until: date) -> dict[str, tuple[int, int]]:
    """Return per duty rule how many duties were due to the firm in the days, and how many of them were or are late."""
    found = rows(_RULES, (until, firm, since, until))
    return {row.key: (row.count, row.failed) for row in found}


def duties_of_rule(ask: EvidenceAsk) -> Evidence:
    """Return what one duty rule made: counts by month, and the newest duties with whom they are about. Two statements."""
    asked = (ask.key, ask.firm, ask.since, ask.until)
    months = () if ask.after else _months(rows(_RULE_MONTHS, (ask.until, *asked)))
    found = rows(_RULE_PAGE, (ask.until, *asked, ask.after or NO_MORE, ask.limit + 1))
    samples = tuple(
        Sample(
            row.id, datetime.combine(row.due_on, time(), CHINA), str(Text(row.title_zh, row.title_en)), row.about,
            LATE if row.late else DUTIES.words[DutyState(row.state)], not row.late and not row.late_days, f"/duties/{row.id}/",
        )
        for row in found[: ask.limit]
    )  # fmt: skip
    return _evidence(months, samples, more=len(found) > ask.limit)


def accounts_of_key(ask: EvidenceAsk) -> Evidence:
    """Return the lines or batches that an account of the regulation is kept for, the newest first."""
    found = evidence_of_account(ask.key, ask.firm, since=ask.since, until=ask.until, limit=ask.limit + 1, after=ask.after)
    samples = tuple(
        Sample(row.id, datetime.combine(row.on, time(), CHINA), str(row.label), "", Text("", ""), good=not row.failed, link=row.link)
        for row in found.rows[: ask.limit]
    )
    more = samples[-1].id if len(found.rows) > ask.limit else None
    return Evidence(found.count, found.failed, (), samples, more)


def _months(found: list[Any]) -> tuple[MonthCount, ...]:
    return tuple(MonthCount(row.month, row.count, row.failed) for row in found)


def _evidence(months: tuple[MonthCount, ...], samples: tuple[Sample, ...], *, more: bool) -> Evidence:
    count, failed = sum(month.count for month in months), sum(month.failed for month in months)
    return Evidence(count, failed, months, samples, samples[-1].id if more else None)


def _bounds(since: date, until: date) -> tuple[datetime, datetime]:
    return datetime.combine(since, time(), CHINA), datetime.combine(until, time(), CHINA)
