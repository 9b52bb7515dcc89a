"""What an installation must not start with: secrets that keep nothing secret, and error pages that show the inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHORTEST: Final = 32
FEWEST_LETTERS: Final = 10
"""Different characters in a secret for which nobody just leaned on a key."""

WELL_KNOWN: Final = ("insecure", "changeme", "change-me", "secret", "default", "example", "password", "no-installation")
"""Words that stand in examples. That a random secret of ours holds one happens once in some million installations."""


def is_weak(value: str) -> bool:
    """Return whether a secret could be guessed: under 32 characters, of few different ones, or with a word of an example in it."""
    return len(value) < SHORTEST or len(set(value)) < FEWEST_LETTERS or any(word in value.lower() for word in WELL_KNOWN)


def weak_secrets(secrets: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the secrets that could be guessed, and of those that are the same as another."""
    values = list(secrets.values())
    return tuple(name for name, value in sorted(secrets.items()) if is_weak(value) or values.count(value) > 1)


def unsafe_settings() -> tuple[str, ...]:
    """Return what is wrong with the settings of this process, in words for a log."""
    wrong = []
    if settings.DEBUG:
        wrong.append("DEBUG is on: take it away, error pages would show the inside")
    if is_weak(settings.SECRET_KEY):
        wrong.append("SECRET_KEY is short or a default: take django_secret out of secrets.json and run lingqu setup, which makes a new one")
    if settings.METRICS_TOKEN and is_weak(settings.METRICS_TOKEN):
        wrong.append("LINGQU_METRICS_TOKEN is short or from an example: make one of 32 characters or more at random, or leave it out")
    return tuple(wrong)


def refuse_unsafe() -> None:
    """Refuse to start a process that serves or works (ImproperlyConfigured) with settings that are not safe."""
    wrong = unsafe_settings()
    if wrong:
        raise ImproperlyConfigured("; ".join(wrong))
