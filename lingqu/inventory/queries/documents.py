"""By which documents copies of lots moved: number and page of each, told by the module that wrote it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import msgspec

from lingqu.inventory.models import GoodsIn, StockCount
from lingqu.inventory.queries.lots import MoveRow
from lingqu.organisation.queries import Acting


class Named(msgspec.Struct, frozen=True):
    """A document by its number, and the address of the page on which it stands."""

    number: str
    url: str


Namer = Callable[[Collection[int], Acting], Mapping[int, Named]]
"""Documents of a kind by their ids, as a person may see them; one statement, however many there are."""


def _goods_in(ids: Collection[int], who: Acting) -> dict[int, Named]:
    found = GoodsIn.objects.filter(pk__in=ids, warehouse__firm_id=who.firm).values_list("pk", "number")
    return {pk: Named(number, f"/stock/in/{number}/") for pk, number in found}


def _counts(ids: Collection[int], who: Acting) -> dict[int, Named]:
    found = StockCount.objects.filter(pk__in=ids, warehouse__firm_id=who.firm).values_list("pk", "number")
    return {pk: Named(number, f"/stock/counts/{number}/") for pk, number in found}


_namers: dict[str, Namer] = {"goods_in": _goods_in, "stock_count": _counts}


def register_moving_document(kind: str, namer: Namer) -> None:
    """Make the documents of a kind known that move lots; called once for each when Django is ready."""
    _namers[kind] = namer


def documents_of(moves: Collection[MoveRow], who: Acting) -> dict[tuple[str, int], Named]:
    """Return the documents of moves by kind and id; one statement for each kind that occurs. What the reader may not see is not in it."""
    found: dict[tuple[str, int], Named] = {}
    for kind in {move.document_kind for move in moves}:
        namer = _namers.get(kind)
        ids = {move.document_id for move in moves if move.document_kind == kind}
        found |= {(kind, pk): named for pk, named in (namer(ids, who) if namer else {}).items()}
    return found
