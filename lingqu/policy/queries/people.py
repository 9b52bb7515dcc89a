"""Who holds the posts that the regulation names, and how many have read a version."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lingqu.base.database import rows
from lingqu.organisation.states import FirmKind

_HOLDERS = """
SELECT held.post_id AS post, p.name
  FROM organisation_postholding held
  JOIN organisation_firm f ON f.id = held.firm_id AND f.kind = %s
  JOIN organisation_firmpath above ON above.ancestor_id = f.id AND above.descendant_id = %s
  JOIN organisation_person p ON p.id = held.person_id
 WHERE held.post_id = ANY(%s) AND held.period @> %s::date
 ORDER BY held.post_id, p.pinyin, p.id
"""
_READ = """
SELECT version_id AS version, count(*) AS people, count(read_at) AS done FROM policy_reading WHERE version_id = ANY(%s) GROUP BY version_id
"""
MOST_NAMES = 3
"""Of a post that more people hold only the first are named."""


def holder_names(posts: Collection[str], *, firm: int, on: date) -> dict[str, tuple[str, ...]]:
    """Return the names of those who hold the posts at the firm's HQ on the day, by post; nobody for one that many hold. One statement."""
    found: dict[str, list[str]] = {}
    for row in rows(_HOLDERS, (FirmKind.HQ.value, firm, sorted({post for post in posts if post}), on)):
        found.setdefault(row.post, []).append(row.name)
    return {post: tuple(names) if len(names) <= MOST_NAMES else () for post, names in found.items()}


def reading_counts(versions: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return, for each of the versions that anybody was asked to read, how many were asked and how many have read it. One statement."""
    return {row.version: (row.people, row.done) for row in rows(_READ, (list(versions),))}
