"""What a return would be credited against, and which caps it keeps: read for a preview, and again under the lock of the credit line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from lingqu.base.money import total
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.catalogue.queries import priced_products
from lingqu.orders.queries import ComesBack, relief_left
from lingqu.orders.queries.entry import publisher_of
from lingqu.orders.states import ReturnReason
from lingqu.policy.rules import Regulation
from lingqu.returns.models import ReturnRequest
from lingqu.returns.queries.shipped import parcels_for, year_figures
from lingqu.returns.rules import AskedLine, CapFacts, CapRow, Parcel, Sourced, Taken, assign, back_to, cap_rows, read_rows
from lingqu.returns.states import Condition


def source_lines(seller: int, buyer: int, asked: Sequence[AskedLine], *, order: int | None, on: date, request: int = 0) -> list[Sourced]:
    """Return where the copies of each line are from.

    Refuses at its line a title that is not the seller's, or has no list price on the day.
    """
    products = {line.product for line in asked}
    priced = priced_products(publisher_of(seller), on=on).filter(pk__in=products)
    prices = {product.pk: Decimal(product.list_price) for product in priced}  # type: ignore[attr-defined]
    for number, line in enumerate(asked, 1):
        if line.product not in prices:
            raise bad_input(f"lines.{number}.product", Text("没有这个品种，或没有定价。", "There is no such title, or it has no price."))
    parcels = parcels_for(seller, buyer, products, order=order, request=request)
    found = with_relief(parcels, assign(parcels, [(number, line.product, line.copies) for number, line in enumerate(asked, 1)]))
    return [Sourced(number, line, prices[line.product], tuple(found[number][0]), found[number][1]) for number, line in enumerate(asked, 1)]


def with_relief(parcels: Sequence[Parcel], found: Mapping[int, tuple[list[Taken], int]]) -> dict[int, tuple[list[Taken], int]]:
    """Return what lines have found, each source with what was credited for its copies already when their list price fell.

    Copies that other open returns and transfers have claimed, and those of the lines before, come back first.
    """
    before = {one.order_line: one.claimed for one in parcels}
    asked = []
    for taken, _ in found.values():
        for one in taken:
            asked.append(ComesBack(one.order_line, one.copies, one.net, before[one.order_line]))
            before[one.order_line] += one.copies
    told = iter(relief_left(asked))
    return {
        number: ([replace(one, relief=less.amount, relief_by=less.documents) for one, less in zip(taken, told, strict=False)], extra)
        for number, (taken, extra) in found.items()
    }


def judge_caps(
    seller: int, buyer: int, lines: Sequence[Sourced], *, reason: ReturnReason, files: int, regulation: Regulation, on: date,
    request: int = 0,
) -> tuple[CapRow, ...]:  # fmt: skip
    """Return the caps of a return with these lines, by the regulation and the calendar year of the day (M-16.3.2)."""
    figures = year_figures(seller, buyer, year=on.year, request=request)
    parameters = regulation.parameters
    since = back_to(on, parameters.return_age_months)
    days = [(one.on, one.copies) for line in lines for one in line.taken]
    unfit = 0 if reason is ReturnReason.QUALITY else sum(line.asked.copies for line in lines if line.asked.condition is not Condition.GOOD)
    return cap_rows(
        CapFacts(
            year=on.year, shipped=figures.shipped, returned=figures.returned, asked=total(line.list_value for line in lines),
            share=parameters.return_share, months=parameters.return_age_months, since=since,
            oldest=min((day for day, _ in days), default=None), old=sum(copies for day, copies in days if day < since), unfit=unfit,
            extra=sum(line.extra for line in lines), files=files,
        )
    )  # fmt: skip


def lines_as_kept(request: ReturnRequest) -> list[Sourced]:
    """Return the lines of a return as they stand, with their sources."""
    return [
        Sourced(
            row.line, AskedLine(row.product_id, row.copies, Condition(row.condition)), row.list_price,
            tuple(
                Taken(
                    one.order_line_id, one.order_line.order_id, one.order_line.order.number, one.copies, one.net,
                    one.order_line.list_price, one.order_line.discount_bp, one.shipped_on, one.relief, one.relief_by,
                )
                for one in sorted(row.sources.all(), key=lambda source: source.place)
            ),
            row.extra, row.extra_price,
        )
        for row in request.lines.prefetch_related("sources__order_line__order").order_by("line")
    ]  # fmt: skip


def caps_of(request: ReturnRequest, *, regulation: Regulation, on: date) -> tuple[CapRow, ...]:
    """Return the caps of a return that is there as they are judged on the day: by these an answer goes, not by those of when it was asked.

    They are read once for a row that was loaded, so that a page asks for every button without asking the database each time.
    """
    kept: dict[tuple[str, date], tuple[CapRow, ...]] = request.__dict__.setdefault("_caps_of", {})
    key = (regulation.reference, on)
    if key not in kept:
        kept[key] = judge_caps(
            request.seller_id, request.buyer_id, lines_as_kept(request), reason=ReturnReason(request.reason), files=_files(request),
            regulation=regulation, on=on, request=request.pk,
        )  # fmt: skip
    return kept[key]


def _files(request: ReturnRequest) -> int:
    return max((int(row.numbers.get("files", 0)) for row in read_rows(request.caps)), default=0)
