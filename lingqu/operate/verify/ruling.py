"""Checks of the regulation and of approvals: each statement gives one row per thing that was looked at, and whether it is well."""

from __future__ import annotations

from typing import Final

VERSIONS: Final = """
SELECT format('version %%s/%%s', pack, number) AS what, encode(sha256(convert_to(content, 'UTF8')), 'hex') = content_hash AS well
  FROM policy_version
"""

ISSUED: Final = """
SELECT format('version %%s/%%s: approval %%s', v.pack, v.number, COALESCE(a.number, '-')) AS what,
       COALESCE(a.state = 'approved' AND d.id = a.subject_id
                AND split_part(a.fingerprint, '/', 1) = encode(sha256(convert_to(d.content, 'UTF8')), 'hex'), false) AS well
  FROM policy_version v
  LEFT JOIN policy_draft d ON d.issued_id = v.id
  LEFT JOIN approvals_approval a ON a.id = v.approval_id AND a.subject_kind = 'regulation_draft'
 WHERE v.number > 1
"""

OWN_REQUESTS: Final = """
SELECT format('approval %%s, step %%s: answered by its asker', a.number, s.key) AS what,
       g.answered_by_id <> a.asked_by_id AND g.answered_by_id IS DISTINCT FROM a.asked_for_id
       AND NOT g.answered_by_id = ANY (a.co_askers) AS well
  FROM approvals_signer g JOIN approvals_approvalstep s ON s.id = g.step_id JOIN approvals_approval a ON a.id = s.approval_id
 WHERE g.answer <> ''
"""

ROUTES: Final = """
SELECT format('approval %%s: approved with %%s', a.number, string_agg(s.key || ' ' || s.state, ', ' ORDER BY s.position)) AS what,
       bool_and(s.state IN ('approved', 'passed_over')) AND bool_or(s.state = 'approved') AS well
  FROM approvals_approval a JOIN approvals_approvalstep s ON s.approval_id = a.id AND s.round = a.round
 WHERE a.state = 'approved' GROUP BY a.id
"""

SIGNED: Final = """
SELECT format('approval %%s, step %%s: nobody said yes', a.number, s.key) AS what,
       EXISTS (SELECT FROM approvals_signer g WHERE g.step_id = s.id AND g.active AND g.answer IN ('approve', 'yes')) AS well
  FROM approvals_approvalstep s JOIN approvals_approval a ON a.id = s.approval_id
 WHERE s.state = 'approved'
"""
