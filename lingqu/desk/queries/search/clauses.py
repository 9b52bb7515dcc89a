"""By which letters clauses are found: the pinyin of their titles, spelt once for a version and kept while the process lives."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from lingqu.base.child import ChildFailed
from lingqu.base.names import pinyin_keys
from lingqu.base.refusal import Refusal
from lingqu.policy.rules import Regulation

MOST_VERSIONS: Final = 8
"""Versions whose keys are kept; one takes some tens of kilobytes."""

_kept: dict[str, Mapping[str, str]] = {}
logger = logging.getLogger("lingqu.desk")


def clause_keys(regulation: Regulation) -> Mapping[str, str]:
    """Return the pinyin of the titles of a version's clauses by their numbers.

    The first time costs half a second. Where they cannot be spelt now, clauses are found by number and words only, and it is tried again.
    """
    if (known := _kept.get(regulation.reference)) is not None:
        return known
    clauses = list(regulation.clauses.values())
    try:
        keys = pinyin_keys([clause.title.zh for clause in clauses])
    except (ChildFailed, Refusal):
        logger.exception("the clauses of %s could not be spelt", regulation.reference)
        return {}
    while len(_kept) >= MOST_VERSIONS:
        _kept.pop(next(iter(_kept)))
    _kept[regulation.reference] = dict(zip((clause.id for clause in clauses), keys, strict=True))
    return _kept[regulation.reference]
