"""The pages that tell how other systems speak to this one."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.base.refusal import not_found
from lingqu.config.api import api
from lingqu.config.help import GROUP_WORDS, Group, groups, operation_called
from lingqu.documents.api import MOST_ROWS
from lingqu.documents.api.gate import MOST_BYTES
from lingqu.documents.api.problems import TITLES
from lingqu.documents.pages import PageRequest, page
from lingqu.organisation.states import SCOPE_WORDS

MEGABYTE = 1024 * 1024


@lru_cache(maxsize=1)
def _described() -> tuple[Group, ...]:
    """Return what the pages show; while the server runs the interface stays what it is."""
    return groups(api.get_openapi_schema())


@require_safe
@page
def api_help(request: PageRequest) -> HttpResponse:
    """Tell how to begin: token, keys, pages, problems, limits; and list the operations by area."""
    context = {
        "groups": _described(),
        "scopes": [{"scope": scope.value, "words": words} for scope, words in SCOPE_WORDS.items()],
        "problems": [{"status": status, "words": words} for status, words in TITLES.items()],
        "most_rows": MOST_ROWS,
        "most_megabytes": MOST_BYTES // MEGABYTE,
    }
    return render(request, "help/api.html", context)


@require_safe
@page
def api_operation(request: PageRequest, name: str) -> HttpResponse:
    """Tell everything about one operation: what it asks for, what it answers, and how a call looks."""
    found = operation_called(_described(), name)
    if found is None:
        raise not_found()
    return render(request, "help/operation.html", {"operation": found, "group": GROUP_WORDS[found.group]})
