"""Sign-in: django-allauth with our persons, a second factor, sessions. Nobody signs up: people are invited by HQ or a partner's owner."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta
from functools import cache
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.stages import LoginStage
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.database import rows
from lingqu.organisation.actions import begin_try, note_seen, open_session, session_over, take_back_try
from lingqu.organisation.models import SignIn
from lingqu.organisation.queries import active_sign_in, may_enter, needs_second_factor, sign_in_named

SEEN_EVERY = timedelta(minutes=1)
UNDER = "under"
"""Where a step keeps the hash of the password and epoch under which it began."""


class PersonBackend(AuthenticationBackend):
    """Checks passwords, for unknown names and disabled people too; loads person and firm together with the sign-in, in one query."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> SignIn | None:  # noqa: ANN401, ARG002 - Django's signature
        """Return the sign-in of a name whose password this is. One password is hashed, whoever is or is not there."""
        found = sign_in_named(str(credentials.get("username") or ""))
        return found if _is_password_of(found, str(credentials.get("password") or "")) else None

    def get_user(self, user_id: Any) -> SignIn | None:  # noqa: ANN401 - Django's signature
        """Return the active sign-in with person and firm; nobody where the firm has left, or a second factor is needed and not there."""
        account = active_sign_in(int(user_id))
        if account is None or not _may_stay(account):
            return None
        return account


def _may_stay(account: SignIn) -> bool:
    return may_enter(account, on=china_day(now())) and (account.second_factor_at is not None or not needs_second_factor(account))


def _is_password_of(found: SignIn | None, password: str) -> bool:
    nobodys = _nobodys_password(settings.PASSWORD_HASHERS[0])
    if found is None or not is_password_usable(found.password):
        check_password(password, nobodys)
        return False
    return found.check_password(password) and may_enter(found, on=china_day(now()))


@cache
def _nobodys_password(hasher: str) -> str:
    """Return the hash of a password that nobody knows, made as those of people are; once for each way to hash."""
    del hasher
    return make_password(token_urlsafe())


def address_of(request: HttpRequest) -> str:
    """Return the address from which somebody asks; what a listed proxy tells of it was put there before."""
    return str(request.META.get("REMOTE_ADDR", ""))


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open registration; tries are counted; a session is noted when it begins and forgotten when it ends."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Refuse every sign-up."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Return whether to go there after signing in: never to what is no address at all."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> SignIn | None:  # noqa: ANN401 - allauth's signature
        """Return whose name and password these are. Refuses (429) after too many failures, before it looks at the password."""
        login = str(credentials.get("username") or "")
        known = sign_in_named(login)
        begun = begin_try(known.login if known else login, address_of(request), at=now())
        found = PersonBackend().authenticate(request, **credentials)
        if found:
            take_back_try(begun)
        return found

    def get_login_stages(self) -> list[str]:
        """Return what is asked after the password: a code of who has a second factor, and to enrol of who must have one."""
        return [f"{__name__}.{CodeStage.__name__}", f"{__name__}.{EnrolStage.__name__}"]

    def login(self, request: HttpRequest, user: SignIn) -> None:
        """Sign in, under a new session key, whoever may still enter, and note the session."""
        fresh = active_sign_in(user.pk)
        if fresh is None or not _may_stay(fresh):
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, fresh)
        if request.session.session_key is None:
            request.session.create()
        told = {"browser": request.headers.get("User-Agent", ""), "address": address_of(request)}
        open_session(fresh.person_id, request.session.session_key or "", at=now(), **told)

    def logout(self, request: HttpRequest) -> None:
        """Sign out and forget the session."""
        key = request.session.session_key
        super().logout(request)
        if key:
            session_over(key)


class AfterPassword(LoginStage):  # type: ignore[misc]
    """A step after the password, which waits for somebody: a password that is changed meanwhile, or all sessions ended, ends it too."""

    def begin(self) -> HttpResponse:
        """Lead to the page of the step."""
        self.state[UNDER] = self.login.user.get_session_auth_hash()
        return redirect(self.urlname)

    def still_stands(self) -> bool:
        """Return whether the password is the one that was given, and nobody ended the sessions since."""
        return constant_time_compare(self.state.get(UNDER, ""), self.login.user.get_session_auth_hash())


class CodeStage(AfterPassword):
    """After the password of who has a second factor: nothing is open before the code."""

    key = "code"
    urlname = "second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Ask for the code."""
        return (self.begin() if self.login.user.second_factor_at else None), True


class EnrolStage(AfterPassword):
    """After the password of who must have a second factor and has none: nothing is open before there is one."""

    key = "enrol"
    urlname = "second_factor_enrol"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead to enrolling."""
        user = self.login.user
        return (self.begin() if needs_second_factor(user) and not user.second_factor_at else None), True


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What second factors are made of stands encrypted in the database, under a key that only the data folder has."""

    def encrypt(self, text: str) -> str:
        """Return a text as nobody can read it without the key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text again."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return the name under which the person's telephone lists the code: never that of the host that was asked."""
        return "Lingqu"


@cache
def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(settings.SECOND_FACTOR_KEY.encode()).digest()))


_SESSION = """
SELECT s.session_data, o.seen_at
  FROM django_session s LEFT JOIN organisation_opensession o ON o.key = s.session_key
 WHERE s.session_key = %s AND s.expire_date > %s
"""


class SessionStore(DatabaseSessions):
    """Sessions as Django keeps them in the database, but read by one prepared statement, because every page begins with it.

    When one was last seen is written once a minute, not with every page.
    """

    def load(self) -> dict[str, Any]:
        """Return what the session holds; a session that has expired or is not known holds nothing and loses its key."""
        key, at = self.session_key, now()
        if key and "\x00" in key:
            key = None  # a forged cookie; no database takes it
        found = rows(_SESSION, (key, at))
        if not found:
            self._session_key = None
            return {}
        if key and found[0].seen_at and at - found[0].seen_at >= SEEN_EVERY:
            note_seen(key, at=at)
        data: dict[str, Any] = self.decode(found[0].session_data)
        return data
