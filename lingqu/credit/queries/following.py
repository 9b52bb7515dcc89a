"""Which credit lines do not have the limits that the table of grades gives them."""

from __future__ import annotations

from lingqu.base.database import rows
from lingqu.policy.rules import Regulation

MOST_AT_ONCE = 500
_OFF = """
SELECT line.id
  FROM credit_creditline line
  JOIN ledger_running running ON running.account_id = line.account_id
  JOIN unnest(%s::text[], %s::numeric[], %s::int[]) AS terms(grade, "limit", batches) ON terms.grade = line.grade
 WHERE (running."limit" <> terms."limit" OR running.count_limit IS DISTINCT FROM terms.batches)
   AND (SELECT changed.document_kind FROM ledger_limitchange changed
         WHERE changed.account_id = line.account_id ORDER BY changed.id DESC LIMIT 1) IN ('grade_change', 'regulation')
 ORDER BY line.id LIMIT %s
"""


def lines_off_the_table(regulation: Regulation) -> list[int]:
    """Return credit lines whose limits come from the table of grades, but not from the one of this version; at most 500."""
    grades = regulation.parameters.grades
    terms = (list(grades), [grade.limit for grade in grades.values()], [grade.max_open_batches for grade in grades.values()])
    return [row.id for row in rows(_OFF, (*terms, MOST_AT_ONCE))]
