"""Sign-in: django-allauth with our persons. Nobody signs up; accounts are made by HQ or by a partner's owner."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

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
