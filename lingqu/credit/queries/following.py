"""Which credit lines do not have the limits that the table of grades gives them, or lie outside the bounds of an agent's branch."""

from __future__ import annotations

from lingqu.base.database import rows
from lingqu.credit.rules import bounds_of, table_terms
from lingqu.policy.rules import Regulation

MOST_AT_ONCE = 500
_OFF = """
SELECT line.id
  FROM credit_creditline line
  JOIN organisation_firm seller ON seller.id = line.seller_id
  JOIN ledger_running running ON running.account_id = line.account_id
  JOIN unnest(%s::text[], %s::bool[], %s::numeric[], %s::int[]) AS terms(grade, branch, "limit", batches)
       ON terms.grade = line.grade AND terms.branch = (seller.kind <> 'hq')
 WHERE ((running."limit" <> terms."limit" OR running.count_limit IS DISTINCT FROM terms.batches)
        AND (SELECT changed.document_kind FROM ledger_limitchange changed
              WHERE changed.account_id = line.account_id ORDER BY changed.id DESC LIMIT 1) IN ('grade_change', 'regulation'))
    OR (terms.branch AND (running."limit" > %s OR running.count_limit > %s))
 ORDER BY line.id LIMIT %s
"""


def lines_off_the_table(regulation: Regulation) -> list[int]:
    """Return lines whose limits come from the table of grades, but not from the one of this version, and those of agents beyond bounds.

    At most 500.
    """
    terms = [
        (grade, branch, one.limit, one.max_open_batches)
        for branch in (False, True)
        for grade, one in table_terms(regulation.parameters, branch=branch).items()
    ]
    columns = [list(column) for column in zip(*terms, strict=True)] or [[], [], [], []]
    bounds = bounds_of(regulation.parameters)
    return [row.id for row in rows(_OFF, (*columns, bounds.limit, bounds.batches, MOST_AT_ONCE))]


def goes_by_table(account: int) -> bool:
    """Return whether the limits of an account came from the table of grades, not from a document of its own."""
    found = rows("SELECT document_kind FROM ledger_limitchange WHERE account_id = %s ORDER BY id DESC LIMIT 1", (account,))
    return bool(found) and found[0].document_kind in ("grade_change", "regulation")
