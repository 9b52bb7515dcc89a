"""Pages of a list: each tells where the next begins, by a signed mark that fits this list and these filters only. Nothing is counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest

from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.documents.api.shapes import Paging

SALT: Final = "lingqu.api.cursor.2"
RowT = TypeVar("RowT")


def place_in_list(request: HttpRequest, asked: Paging) -> Any:  # noqa: ANN401 - an id or a word, whatever the list is kept in order by
    """Return behind what the page begins, None for the first page; refuses (422) a mark that is not of this list with these filters."""
    if asked.cursor is None:
        return None
    try:
        mark, place = signing.loads(asked.cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise _wrong_cursor() from None
    if mark != _mark(request):
        raise _wrong_cursor()
    return place


def page_of(
    request: HttpRequest, asked: Paging, found: Sequence[RowT], *, shape: Callable[[RowT], Mapping[str, Any]], place: Callable[[RowT], Any]
) -> dict[str, Any]:
    """Return a page of `found`, which holds one row more than asked for if there is one, and the address of the next, None at the end."""
    rows = found[: asked.limit]
    more = len(found) > asked.limit
    following = _address(request, asked, place(rows[-1])) if more else None
    return {"items": [shape(row) for row in rows], "next": following}


def _address(request: HttpRequest, asked: Paging, place: Any) -> str:  # noqa: ANN401 - as above
    cursor = signing.dumps([_mark(request), place], salt=SALT)
    return f"{request.path}?{urlencode([*_filters(request), ('limit', str(asked.limit)), ('cursor', cursor)])}"


def _filters(request: HttpRequest) -> list[tuple[str, str]]:
    return sorted((name, str(value)) for name, value in request.GET.items() if name not in {"cursor", "limit"})


def _mark(request: HttpRequest) -> str:
    person = getattr(request, "who").person  # noqa: B009 - set by the gate
    return sha256(json.dumps([request.path, person, _filters(request)]).encode()).hexdigest()[:16]


def _wrong_cursor() -> Refusal:
    return bad_input(
        "cursor",
        Text(
            "游标不属于这个列表和这些筛选，请从第一页重新取。",
            "This cursor is not of this list with these filters; begin at the first page.",
        ),
    )
