"""The lines of the inboxes: what every telling begins with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lingqu.base.database import must_be_atomic, rows
from lingqu.base.plural import told_of_one
from lingqu.notices.rules import Message, clean
from lingqu.notices.rules.message import MOST_BODY, MOST_TITLE

# Ordered, so that two who tell the same people wait for each other and never in a circle.
_TELL = """
INSERT INTO notices_notice (person_id, key, kind, title_zh, title_en, body_zh, body_en, link, urgent, at)
SELECT id, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM organisation_person WHERE id = ANY(%s::bigint[]) ORDER BY id
ON CONFLICT (person_id, key) DO NOTHING RETURNING person_id
"""


def tell(message: Message, *, to: Collection[int], at: datetime) -> list[int]:
    """Write the lines of the inboxes only, and return who is told for the first time. A part of an action."""
    must_be_atomic()
    if not to:
        return []
    titles = [clean(words, MOST_TITLE) for words in (message.title.zh, told_of_one(message.title.en))]
    bodies = [clean(words, MOST_BODY) for words in (message.body.zh, told_of_one(message.body.en))]
    found = rows(_TELL, (message.key, message.kind, *titles, *bodies, message.link, message.urgent, at, sorted(set(to))))
    return [row.person_id for row in found]
