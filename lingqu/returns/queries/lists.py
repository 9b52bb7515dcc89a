"""Lists of returns and of transfers, newest first."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from lingqu.organisation.queries import Acting
from lingqu.returns.access import visible_returns, visible_transfers
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.states import ReturnState, TransferState

MOST_SHOWN = 50


class ReturnFilter(msgspec.Struct, frozen=True):
    """What a list shows: a state, words of number or partner, and below which id the page begins; empty and None for all."""

    state: str = ""
    words: str = ""
    before: int | None = None


class Page(msgspec.Struct, frozen=True):
    """Rows of one page, and the id below which the next one begins, None at the end."""

    rows: list[Any]
    older: int | None


def returns_page(who: Acting, wanted: ReturnFilter, *, most: int = MOST_SHOWN) -> Page:
    """Return up to `most` returns that the person sees."""
    found = ReturnRequest.objects.filter(visible_returns(who)).select_related("seller", "buyer").order_by("-id")
    if wanted.state in ReturnState._value2member_map_:
        found = found.filter(state=wanted.state)
    if wanted.words.strip():
        found = found.filter(Q(number__icontains=wanted.words.strip()) | _called("buyer", wanted.words))
    return _page(found, wanted, most)


def transfers_page(who: Acting, wanted: ReturnFilter, *, most: int = MOST_SHOWN) -> Page:
    """Return up to `most` transfers that the person sees."""
    found = Transfer.objects.filter(visible_transfers(who)).select_related("giver", "taker", "order").order_by("-id")
    if wanted.state in TransferState._value2member_map_:
        found = found.filter(state=wanted.state)
    if wanted.words.strip():
        named = _called("giver", wanted.words) | _called("taker", wanted.words)
        found = found.filter(Q(number__icontains=wanted.words.strip()) | named)
    return _page(found, wanted, most)


def _page(found: QuerySet[Any], wanted: ReturnFilter, most: int) -> Page:
    if wanted.before is not None:
        found = found.filter(pk__lt=wanted.before)
    rows = list(found[: most + 1])
    return Page(rows[:most], rows[most - 1].pk if len(rows) > most else None)


def _called(side: str, words: str) -> Q:
    plain = words.strip()
    return Q(**{f"{side}__name__icontains": plain}) | Q(**{f"{side}__code__iexact": plain}) | Q(**{f"{side}__pinyin__icontains": plain})
