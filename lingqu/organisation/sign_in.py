"""Sign-in: django-allauth with our persons, and sessions. Nobody signs up; accounts are made by HQ or by a partner's owner."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.http import HttpRequest

from lingqu.base.clock import now
from lingqu.base.database import rows
from lingqu.organisation.models import SignIn
from lingqu.organisation.queries import active_sign_in


class PersonBackend(AuthenticationBackend):
    """Checks passwords as allauth does; loads the person and the firm together with the sign-in, in one query."""

    def get_user(self, user_id: Any) -> SignIn | None:  # noqa: ANN401 - Django's signature
        """Return the active sign-in with its person and firm."""
        return active_sign_in(int(user_id))


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Refuse every sign-up."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Return whether to go there after signing in: never to what is no address at all."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False


class SessionStore(DatabaseSessions):
    """Sessions as Django keeps them in the database, but read by one prepared statement, because every page begins with it."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; a session that has expired or is not known holds nothing and loses its key."""
        key = self.session_key
        if key and "\x00" in key:
            key = None  # a forged cookie; no database takes it
        found = rows("SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s", (key, now()))
        if not found:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(found[0].session_data)
        return data
