"""Copies that did not arrive and are sent again are with the partner once: they can be returned once, and count once in the year."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.orders.actions import Received, answer_difference, count_difference, receive_delivery, ship_order
from lingqu.orders.models import Delivery, OrderLine
from lingqu.orders.rules import Answered, LineCount
from lingqu.orders.states import DifferenceAnswer
from lingqu.returns.queries import year_figures
from lingqu.returns.tests.steps import PHOTO, ask, propose, shipped
from tests.world import World


def sent_twice(world: World) -> int:
    """Ten copies of which four were missing and left again; return the request."""
    order = shipped(world, {0: 10})
    delivery = Delivery.objects.get(order=order)
    counted = Received({1: LineCount(6)}, "少四册", (PHOTO,))
    report = receive_delivery(delivery.pk, counted, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert report
    count_difference(report.number, [4], by=world.who("warehouse"), at=world.at)
    answer = [Answered(DifferenceAnswer.SEND_AGAIN)]
    answer_difference(report.number, answer, regulation=world.regulation, by=world.who("representative"), at=world.at)
    ship_order(order.pk, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    line = OrderLine.objects.get(order=order)
    assert (line.copies, line.shipped) == (10, 10)
    return int(order.pk)


def test_no_more_can_be_returned_than_arrived(world: World) -> None:
    order = sent_twice(world)
    for named in (None, order):
        with pytest.raises(Refusal) as refused:
            ask(world, {0: 11}, order=named)
        assert refused.value.code == "bad_input"
    assert [one.copies for one in ask(world, {0: 10}).lines.get().sources.all()] == [10]


def test_no_more_can_be_transferred_than_arrived(world: World) -> None:
    sent_twice(world)
    with pytest.raises(Refusal) as refused:
        propose(world, {0: 11})
    assert "10 册" in refused.value.text.zh


def test_the_year_counts_them_once(world: World) -> None:
    sent_twice(world)
    figures = year_figures(world.hq.pk, world.firms["agent"].pk, year=world.at.year)
    assert (figures.shipped, figures.returned) == (Decimal("960.00"), Decimal(0))
