"""One request that fails stops no other of a run: it is logged, the others are done, and the next run finds it again."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from lingqu.base.jobs import for_each
from lingqu.base.refusal import Refusal
from lingqu.orders import jobs
from lingqu.orders.models import Order
from lingqu.orders.queries import late_requests
from tests.world import World

GONE = 999_999_999
"""A request that is not there any more: whatever is done with it is refused."""


def test_each_is_done_whatever_became_of_the_one_before(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []

    def do(item: int) -> int:
        if item in {2, 4}:
            message = f"no {item}"
            raise ValueError(message)
        done.append(item)
        return item

    with caplog.at_level(logging.ERROR, "lingqu.jobs"), pytest.raises(ValueError, match="no 2"):
        for_each([1, 2, 3, 4, 5], do)
    assert done == [1, 3, 5]
    assert [record.getMessage() for record in caplog.records] == ["2 could not be done in this run", "4 could not be done in this run"]
    assert for_each([1, 3, 5], do) == 9


def state_of(*orders: int | None) -> list[str]:
    return [Order.objects.get(pk=order or 0).state for order in orders]


def test_a_request_that_cannot_be_released_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = (world.submit(buyer, {0: 1}).order for buyer in ("agent", "other_agent"))
    world.at += timedelta(days=20)
    monkeypatch.setattr(jobs, "now", lambda: world.at)
    found = late_requests
    monkeypatch.setattr(jobs, "late_requests", lambda *, at: [GONE, *found(at=at)])
    with caplog.at_level(logging.ERROR, "lingqu.jobs"), pytest.raises(Refusal):
        jobs.expire_requests(0)
    assert state_of(first, second) == ["expired", "expired"]
    assert f"{GONE} could not be done in this run" in caplog.text
