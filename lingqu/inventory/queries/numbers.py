"""The numbers of titles that a firm may stock."""

from __future__ import annotations

from typing import Final

from lingqu.catalogue.models import Product

MOST_NUMBERS: Final = 50_000


def title_numbers(firm: int) -> dict[str, int]:
    """Return the ids of the titles of the firm's publisher by their numbers, at most 50,000."""
    found = Product.objects.filter(publisher__paths_down__descendant_id=firm).order_by("code")
    return dict(found.values_list("code", "pk")[:MOST_NUMBERS])
