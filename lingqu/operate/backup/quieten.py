"""What a restored installation must not do: send again what was sent after the moment it went back to, or let in who was signed in then."""

from __future__ import annotations

from datetime import datetime

from lingqu.config.home import Home
from lingqu.operate import roles

CODE = "restored"
# What still waited then may have gone out since. It stays in everybody's inbox, and whoever set the channel up reads why it was not sent.
OUTBOX = """
UPDATE notices_sending SET state = 'given_up', answer_code = %s, last_error = %s WHERE state IN ('waiting', 'failed')
"""
# One that was used since would open once more: "once" would not be true.
LINKS = "UPDATE organisation_resetlink SET withdrawn_at = %s WHERE used_at IS NULL AND withdrawn_at IS NULL"
FACT = """
INSERT INTO audit_fact (at, person, on_behalf_of, verb, subject, subject_id, before, after, regulation)
VALUES (%s, NULL, NULL, 'restored', 'installation', 0, '{}', jsonb_build_object('backup', %s::text, 'to', %s::text), '')
"""


def quieten(home: Home, *, backup: str, to: str, at: datetime) -> dict[str, int]:
    """Give up the messages that wait to be sent, end all sessions and links to reset, and write down the restore; return how many.

    Jobs stay: what they do happens once, in the database, and that went back with them.
    """
    with roles.connect(home, "owner") as owner, owner.transaction():
        given_up = owner.execute(OUTBOX, (CODE, f"restored to {to}"[:300])).rowcount
        sessions = owner.execute("DELETE FROM django_session").rowcount
        if owner.execute("SELECT to_regclass('public.organisation_opensession') IS NOT NULL").fetchone() == (True,):
            owner.execute("DELETE FROM organisation_opensession")
            owner.execute(LINKS, (at,))
        owner.execute(FACT, (at, backup, to))
    return {"messages_not_sent": given_up, "sessions_ended": sessions}
