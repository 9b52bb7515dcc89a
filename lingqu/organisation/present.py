"""What pages of sign-ins show: the picture that a telephone scans, and links as they are sent."""

from __future__ import annotations

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse

from lingqu.organisation.models import SignIn

ENROLLING = "enrolling"


def enrolling_secret(session: SessionBase) -> str:
    """Return the secret that is being shown to who enrols, made at the first look; in the session it stands encrypted."""
    kept = session.get(ENROLLING)
    if kept:
        return str(get_adapter().decrypt(kept))
    secret = generate_totp_secret()
    session[ENROLLING] = get_adapter().encrypt(secret)
    return secret


def stop_enrolling(session: SessionBase) -> None:
    """Forget the secret that was shown."""
    session.pop(ENROLLING, None)


def enrolling_context(account: SignIn, secret: str) -> dict[str, object]:
    """Return what a page of enrolling shows: the picture to scan, and the same in letters."""
    address = get_adapter().build_totp_url(account, secret)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="white", dark="black")
    return {
        "picture": picture,
        "letters": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "login": account.login,
    }


def invitation_link(secret: str) -> str:
    """Return the link of an invitation: it begins with the configured address, whatever a request says of its host."""
    return settings.PUBLIC_ADDRESS + reverse("invitation", args=[secret])


def reset_link(secret: str) -> str:
    """Return the link by which a password is set anew; as for invitations."""
    return settings.PUBLIC_ADDRESS + reverse("reset_link", args=[secret])
