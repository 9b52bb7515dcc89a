"""Read stock: on hand, reserved, available."""

from __future__ import annotations

from django.db.models import F, QuerySet

from lingqu.inventory.models import StockItem


def stock_of(firm: int) -> QuerySet[StockItem]:
    """Return the products in a firm's warehouse with `on_hand`, `reserved` and `available` copies, by product number."""
    return (
        StockItem.objects.filter(warehouse__firm_id=firm)
        .select_related("product")
        .annotate(
            on_hand=-F("account__running__used"),
            reserved=F("account__running__held"),
            available=-F("account__running__used") - F("account__running__held"),
        )
        .order_by("product__code")
    )
