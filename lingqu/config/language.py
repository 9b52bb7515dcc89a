"""In which language somebody is answered: people chose one, programs ask for one."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest

from lingqu.base.text import DEFAULT_LANGUAGE, LANGUAGES, Language

LONGEST_HEADER = 200
_QUALITY = re.compile(r"q=([01](?:\.\d{1,3})?)", re.ASCII)


def chosen_language(request: HttpRequest) -> Language:
    """Return the language that the person chose (a cookie), Chinese when none was chosen."""
    return "en" if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == "en" else "zh"


def asked_language(asked: str) -> Language:
    """Return the language that is wanted most of those that we speak; Chinese where none is."""
    best, weight = DEFAULT_LANGUAGE, 0.0
    for part in asked[:LONGEST_HEADER].split(","):
        tag, _, more = part.strip().lower().partition(";")
        found = next((language for language in LANGUAGES if tag == language or tag.startswith(f"{language}-")), None)
        given = _QUALITY.fullmatch(more.strip())
        quality = float(given[1]) if given else 1.0
        if found and quality > weight:
            best, weight = found, quality
    return best
