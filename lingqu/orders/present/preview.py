"""A request being typed: each title's cells, and the preview of the decision beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from lingqu.base.decision import encode
from lingqu.base.money import WHOLE_BP
from lingqu.base.templatetags.words import percent_bp
from lingqu.base.text import Text
from lingqu.orders.present.cures import Offers
from lingqu.orders.present.decision import panel_of
from lingqu.orders.present.lines import price_text
from lingqu.orders.present.shapes import Panel, Sums
from lingqu.orders.queries import Preview, Title
from lingqu.policy.rules import Regulation


class Cell(msgspec.Struct, frozen=True):
    """One title of the form: what was typed for it, what it comes to, and what is wrong with it."""

    title: Title
    price: str
    rule: str
    copies: str
    discount: str
    list_value: Decimal | None
    net: Decimal | None
    short: bool
    error: Text | None


class PreviewView(msgspec.Struct, frozen=True):
    """What the request would come to: its sums, and the decision that would be made this moment (None while nothing is filled in)."""

    sums: Sums
    panel: Panel | None


EMPTY = Sums(0, 0, Decimal("0.00"), None, Decimal("0.00"))


def preview_of(preview: Preview | None, *, regulation: Regulation, at: datetime, offers: Offers) -> PreviewView:
    """Return the sums and the panel of a preview, through the same words as a stored decision."""
    if preview is None:
        return PreviewView(EMPTY, None)
    decided = preview.decided
    totals = decided.totals
    share = totals.net * WHOLE_BP / totals.list_value if totals.list_value else None
    panel = panel_of(
        encode(decided.decision), encode(preview.facts), at=at, reference=regulation.reference, regulation=regulation, offers=offers
    )
    return PreviewView(Sums(totals.titles, totals.copies, totals.list_value, share, totals.net), panel)


def cells_of(
    titles: list[Title], *, copies: Mapping[int, str], discounts: Mapping[int, str], preview: Preview | None, errors: Mapping[str, Text]
) -> list[Cell]:
    """Return the rows of the form, each with what was typed (by product id) and what it comes to."""
    priced = {line.product: line for line in preview.decided.lines} if preview else {}
    wanted = {line.product: line.copies for line in preview.facts.lines} if preview else {}
    cells = []
    for title in titles:
        line = priced.get(title.product)
        error = errors.get(f"copies-{title.product}") or errors.get(f"discount-{title.product}")
        short = title.available is not None and wanted.get(title.product, 0) > title.available
        cells.append(
            Cell(
                title,
                price_text(title.list_price),
                percent_bp(title.rule_bp).rstrip("%"),
                copies.get(title.product, ""),
                discounts.get(title.product, ""),
                line.list_value if line else None,
                line.net if line else None,
                short,
                error,
            )
        )
    return cells
