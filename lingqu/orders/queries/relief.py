"""What was credited already for copies that come back, because their list price was lowered; told by whoever grants it, above orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec
from django.db.models import Sum

from lingqu.base.money import ZERO
from lingqu.base.text import Text
from lingqu.orders.models import GoodsReturn

MOST_NAMED: Final = 6


class ComesBack(msgspec.Struct, frozen=True):
    """Copies of a line of a request (OrderLine id) that come back, at their original net, yuan; `before` others of it come back first."""

    order_line: int
    copies: int
    net: Decimal
    before: int = 0


class Relief(msgspec.Struct, frozen=True):
    """What was credited already for copies that come back, yuan, at most their net, and the numbers of the documents, by blanks."""

    amount: Decimal = ZERO
    documents: str = ""


Teller = Callable[[Sequence[ComesBack]], list[Relief]]
_tellers: list[Teller] = []


def register_relief(teller: Teller) -> None:
    """Make known who tells what was credited already for copies: in the order asked; called once, when Django is ready."""
    _tellers[:] = [teller]


def relief_left(asked: Iterable[ComesBack]) -> list[Relief]:
    """Return, in the order asked, what was credited already for copies that come back and was not taken back yet.

    The same statements however many are asked. Under the lock of the credit line it is what holds when they are booked.
    """
    wanted = list(asked)
    return _tellers[0](wanted) if _tellers and wanted else [Relief()] * len(wanted)


def papers_named(numbers: Iterable[str]) -> str:
    """Return numbers of documents once each, by blanks, 6 at most; an ellipsis stands for the others."""
    known = list(dict.fromkeys(numbers))
    return " ".join([*known[:MOST_NAMED], *(["…"] if len(known) > MOST_NAMED else [])])


def relief_words(amount: Decimal, documents: str) -> Text:
    """Return in words what is taken off a credit: price relief that was credited already, its yuan and the documents."""
    return Text(
        f"扣除已补价差 {amount:,.2f} 元（{documents.replace(' ', '、')}）",
        f"less {amount:,.2f} yuan of price relief already credited ({', '.join(documents.split())})",
    )


def relief_of_credits(numbers: Iterable[str]) -> Mapping[str, Text]:
    """Return, by the number of a credit (series DX), what was taken off it; credits of which nothing was are not in it. Two statements."""
    found = GoodsReturn.objects.filter(credit__number__in=set(numbers), lines__relief__gt=0)
    papers = found.annotate(relief=Sum("lines__relief")).select_related("credit").prefetch_related("lines")
    return {
        paper.credit.number: relief_words(paper.relief, papers_named(n for line in paper.lines.all() for n in line.relief_by.split()))
        for paper in papers
        if paper.credit
    }
