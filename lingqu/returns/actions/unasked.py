"""Goods that come back to the warehouse without a return request: the caps bind them too (M-16.3.2)."""

from __future__ import annotations

from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.orders.events import GoodsAtTheDoor
from lingqu.returns.actions.answering import cap_clause
from lingqu.returns.queries import judge_caps, source_lines
from lingqu.returns.rules import AskedLine, Sourced
from lingqu.returns.states import CAP_WORDS


def on_goods_at_the_door(event: GoodsAtTheDoor) -> None:
    """Refuse (`beyond_caps`) to book goods that nobody asked for when they are beyond a cap: a return request is to be decided first.

    Refuses (`asked_for`) copies that a return or a transfer on its way has named: they are counted on its page. An agent's owner decides
    in their own house, as with returns.
    """
    must_be_atomic()
    asked = [AskedLine(product, copies) for product, copies in sorted(event.copies.items())]
    lines = source_lines(event.seller, event.buyer, asked, order=event.order, on=event.on)
    _must_be_free(lines)
    if event.owner:
        return
    caps = judge_caps(event.seller, event.buyer, lines, reason=event.reason, files=0, regulation=event.regulation, on=event.on)
    failed = [CAP_WORDS[row.cap] for row in caps if not row.passed]
    if failed:
        named = Text("、".join(word.zh for word in failed), ", ".join(word.en.lower() for word in failed))
        raise Refusal(
            "beyond_caps",
            Text(
                f"超出退货上限（{named.zh}），不能直接入账。请由客户或区域销售员对 {event.number} 申请退货（/returns/new），批准后再清点。",
                f"Beyond a cap of returns ({named.en}), so it is not booked. The partner or the representative asks for a return of "
                f"{event.number} first (/returns/new); once agreed, count it there.",
            ),
            clause=cap_clause(event.regulation),
        )


def _must_be_free(lines: list[Sourced]) -> None:
    claimed = sum(line.extra for line in lines)
    if claimed:
        raise Refusal(
            "asked_for",
            Text(
                f"其中 {claimed} 册已列入在办的退货或调货，请在那份单据上清点。",
                f"{claimed} of these copies are in a return or transfer on its way: count them there.",
            ),
        )
