"""Record deeds, in the transaction of the action that did them: no fact, no deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from lingqu.base.database import must_be_atomic, run


class Deed(msgspec.Struct, frozen=True):
    """What an action did to one subject; `before` and `after` name the fields that changed; `on_behalf_of` is the absent person's id."""

    verb: str
    subject: str
    subject_id: int
    after: Mapping[str, object]
    before: Mapping[str, object] = {}
    regulation: str = ""
    on_behalf_of: int | None = None


_INSERT = """
INSERT INTO audit_fact (at, person, on_behalf_of, verb, subject, subject_id, before, after, regulation)
SELECT %s, %s, d.on_behalf_of, d.verb, d.subject, d.subject_id, d.before::jsonb, d.after::jsonb, d.regulation
  FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[])
       AS d(verb, subject, subject_id, before, after, regulation, on_behalf_of)
"""


def record(deeds: Sequence[Deed], *, by: int | None, at: datetime) -> None:
    """Write one fact per deed. `by` is a Person id, None for a job. Raises TransactionManagementError outside a transaction."""
    must_be_atomic()
    json = msgspec.json.encode
    run(
        _INSERT,
        (
            at,
            by,
            [deed.verb for deed in deeds],
            [deed.subject for deed in deeds],
            [deed.subject_id for deed in deeds],
            [json(deed.before).decode() for deed in deeds],
            [json(deed.after).decode() for deed in deeds],
            [deed.regulation for deed in deeds],
            [deed.on_behalf_of for deed in deeds],
        ),
    )
