"""P8: what comes into force is what was signed. What is altered before the last signature is refused, and nothing moves.

Unaltered, all of these come into force in `test_document_types.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from lingqu.approvals.models import Approval
from lingqu.base.refusal import Refusal
from lingqu.inventory.models import StockCountLine
from lingqu.orders.models import OrderLine
from lingqu.returns.models import ReturnLine, TransferLine
from tests.documents import answered, things_of_types
from tests.world import World

THINGS = dict(things_of_types())


def one_more(field: str) -> Callable[[Any], None]:
    """Alter a number of the document itself."""

    def alter(document: Any) -> None:
        type(document).objects.filter(pk=document.pk).update(**{field: getattr(document, field) + 1})

    return alter


def a_day_later(document: Any) -> None:
    type(document).objects.filter(pk=document.pk).update(until=document.until + timedelta(days=1))


ALTERED: dict[str, tuple[str, Callable[[Any], object]]] = {
    "special_price": ("asked", one_more("copies")),
    "write_off": ("proposed", one_more("amount")),
    "credit_proposal": ("proposed", one_more("limit_after")),
    "group_proposal": ("proposed", one_more("limit_after")),
    "retailer_terms": ("proposed", one_more("limit")),
    "hold_request": ("proposed", a_day_later),
    "stock_count": ("asked", lambda count: StockCountLine.objects.filter(count=count).update(counted=F("counted") + 1)),
    "signature_request": ("asked", lambda asked: OrderLine.objects.filter(order=asked.order_id).update(copies=F("copies") + 1)),
    "return_request": ("deciding", lambda request: ReturnLine.objects.filter(request=request).update(copies=F("copies") + 1)),
    "transfer": ("deciding", lambda transfer: TransferLine.objects.filter(transfer=transfer).update(copies=F("copies") + 1)),
    "price_claim": ("asked", one_more("amount")),
}


@pytest.mark.parametrize("key", sorted(ALTERED))
def test_what_was_altered_after_it_was_asked_does_not_come_into_force(world: World, key: str) -> None:
    state, alter = ALTERED[key]
    document = THINGS[key].states[state](world)
    alter(document)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        answered(world, document, "approve")
    document.refresh_from_db()
    assert (refused.value.code in ("content_changed", "hold_changed"), document.state) == (True, state)
    assert Approval.objects.get(pk=document.approval_id).state == "open"
