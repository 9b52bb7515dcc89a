"""Requests, their decisions and titles are read."""

from __future__ import annotations

from typing import Any

from ninja import Path, Query

from lingqu.documents.api import ApiRequest, OrderNumber, page_of, place_in_list, reads
from lingqu.orders.api.delivery_told import delivery_out
from lingqu.orders.api.router import router
from lingqu.orders.api.shapes import (
    DecisionsOut,
    OrderFilter,
    OrderPage,
    ProductFilter,
    ProductPage,
    WholeOut,
)
from lingqu.orders.api.told import decision_out, line_out, order_out, product_out
from lingqu.orders.queries import (
    Feed,
    buyer_for,
    deliveries_of_order,
    desk_for,
    feed_of_orders,
    lines_to_tell,
    newest_decisions,
    order_row,
    regulation_words,
    titles_behind,
)
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force

ONE_MORE = 1


@reads(router, "/orders", name="orders", operation="list_orders", scope=Scope.ORDERS_READ, out=OrderPage)
def list_orders(request: ApiRequest, asked: Query[OrderFilter]) -> dict[str, Any]:
    """List purchase requests, newest first.

    Those in which your firm sells or buys. With `updated_since` only those with which anything was done since that moment.
    """
    wanted = Feed(asked.state.value if asked.state else "", asked.buyer or "", asked.since, asked.until, asked.updated_since)
    found = feed_of_orders(request.who, wanted, below=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=order_out, place=lambda row: row.order.pk)


@reads(router, "/orders/{number}", name="order", operation="get_order", scope=Scope.ORDERS_READ, out=WholeOut)
def get_order(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one request with its lines, its newest decision and its deliveries."""
    row = order_row(number, by=request.who)
    decisions = newest_decisions(row.order.pk, most=1)
    return order_out(row) | {
        "lines": [line_out(line) for line in lines_to_tell(row.order.pk)],
        "decision": _decision(decisions[0]) if decisions else None,
        "deliveries": [delivery_out(one) for one in deliveries_of_order(row.order.pk)],
    }


@reads(router, "/orders/{number}/decisions", name="order_decisions", operation="list_decisions", scope=Scope.ORDERS_READ, out=DecisionsOut)
def list_decisions(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read the decisions about a request, newest first.

    Each with all laws, the clause and the numbers of each, what would make it pass, and the words in both languages.
    """
    row = order_row(number, by=request.who)
    return {"items": [_decision(one) for one in newest_decisions(row.order.pk)]}


def _decision(one: Any) -> dict[str, Any]:  # noqa: ANN401 - a stored decision
    return decision_out(one.decision, one.facts, at=one.at, reference=one.regulation, regulation=regulation_words(one.regulation))


@reads(router, "/products", name="products", operation="list_products", scope=Scope.CATALOGUE_READ, out=ProductPage)
def list_products(request: ApiRequest, asked: Query[ProductFilter]) -> dict[str, Any]:
    """List titles on sale today with the price for a buyer, by number.

    The price is the rule's for the buyer's grade; special prices are told by the decision about a request.
    """
    buyer = buyer_for(request.who, asked.buyer or "", own=request.token.person.firm, on=request.today)
    desk = desk_for(buyer, regulation=regulation_in_force(on=request.today))
    found = titles_behind(desk, asked.q or "", on=request.today, after=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=product_out, place=lambda title: title.code)
