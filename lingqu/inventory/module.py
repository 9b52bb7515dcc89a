"""What this module declares: the document type stock count. Its pages are written by hand: one enters copies on them."""

from __future__ import annotations

from typing import Any

from lingqu.base.text import Text
from lingqu.documents.registry import DocumentType, HandMade, Verb
from lingqu.inventory.access import may_take_goods_in
from lingqu.inventory.models import StockCount
from lingqu.inventory.states import COUNTS, CountVerb
from lingqu.organisation.queries import Acting


def _keeps(who: Acting, count: StockCount, on: Any) -> bool:  # noqa: ANN401, ARG001 - the registry hands the day too
    return may_take_goods_in(who, count.warehouse.firm_id)


COUNT = DocumentType(
    key="stock_count", title=Text("盘点", "Stock count"), plural=Text("盘点", "Stock counts"), slug="stock/counts", series="PD",
    model=StockCount, states=COUNTS, about="warehouse.firm", by="started_by", at="started_at",
    tones={
        "open": "planned", "asked": "waiting", "sent_back": "waivable", "booked": "done", "refused": "refused", "withdrawn": "closed",
    },
    hand_made=HandMade(list="stock_counts", one="stock_count", new="stock_count_new"),
    verbs=(
        Verb(verb=CountVerb.ENTER, may=_keeps, route="stock_count"),
        Verb(verb=CountVerb.ASK, may=_keeps, route="stock_count_send"),
        Verb(verb=CountVerb.WITHDRAW, may=_keeps, route="stock_count_give_up"),
    ),
)  # fmt: skip
"""Copies that come in (series RK) have no states: they are there or not, and are no type."""

DOCUMENT_TYPES = (COUNT,)
