"""Where the operations of this module are gathered, and the warehouse that all of them are about."""

from __future__ import annotations

from typing import Any

from ninja import Router

from lingqu.base.refusal import not_found
from lingqu.base.text import Text
from lingqu.documents.api import ApiRequest
from lingqu.inventory.access import may_see_stock
from lingqu.inventory.queries import warehouse_of

router = Router(tags=["stock"])


def own_warehouse(request: ApiRequest) -> Any:  # noqa: ANN401 - a warehouse
    """Return the warehouse of the person's firm; refuses (404) firms without one."""
    found = warehouse_of(request.who.firm)
    if found is None or not may_see_stock(request.who, found.firm_id):
        raise not_found(Text("贵方的库存不在系统内管理。", "Your firm keeps no stock here."))
    return found
