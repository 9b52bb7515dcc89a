"""Where sessions are kept: in the database, as Django keeps them, but read by one prepared statement, because every page begins with it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from lingqu.base.clock import now
from lingqu.base.database import rows


class SessionStore(DatabaseSessions):
    """Django's sessions with their own way of reading."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; a session that has expired or is not known holds nothing and loses its key."""
        found = rows("SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s", (self.session_key, now()))
        if not found:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(found[0].session_data)
        return data
