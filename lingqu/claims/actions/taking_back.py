"""Copies that a claim made good come back: what was credited for them is taken back once, off the credit of their return (M-17.1)."""

from __future__ import annotations

from lingqu.base.database import must_be_atomic
from lingqu.claims.models import ReliefTakenBack
from lingqu.claims.queries import relieved_of
from lingqu.claims.rules import take_back
from lingqu.orders.events import GoodsCameBack


def on_goods_came_back(event: GoodsCameBack) -> None:
    """Keep, for each line of a return, of which claims its relief was, so that no other return takes it back again.

    In the transaction of the return, under the lock of the credit line behind which claims are agreed to.
    """
    must_be_atomic()
    known = relieved_of({line.order_line for line in event.lines})
    ReliefTakenBack.objects.bulk_create(
        ReliefTakenBack(source_id=part.source, return_line_id=line.return_line, copies=part.copies, amount=part.amount)
        for line in event.lines
        for part in take_back(known.get(line.order_line, ()), line.copies, line.net)
    )
