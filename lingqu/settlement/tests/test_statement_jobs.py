"""Statements are issued on their day, each for itself: one that cannot be holds up no other, and its finance hears why."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from lingqu.credit.models import Receipt
from lingqu.notices.models import Notice
from lingqu.settlement.jobs import issue_statements
from lingqu.settlement.models import Statement
from tests.world import World

IN_DECEMBER = datetime(2026, 12, 20, 1, 0, tzinfo=UTC)


def test_what_cannot_be_issued_is_told_once_and_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for buyer in ("agent", "other_agent"):
        world.accept(world.submit(buyer, {0: 10}))
    receipt = world.pay("agent", "100.00")
    Receipt.objects.filter(pk=receipt.pk).update(amount="101.00")
    world.at = IN_DECEMBER
    monkeypatch.setattr("lingqu.settlement.jobs.now", lambda: world.at)
    with caplog.at_level(logging.WARNING, "lingqu.settlement"):
        assert [issue_statements(0), issue_statements(0)] == [1, 0]
    assert list(Statement.objects.values_list("line__buyer__code", flat=True)) == ["other_agent"]
    told = Notice.objects.filter(key__endswith=":left")
    assert [(one.person, one.title_zh, one.link) for one in told] == [
        (world.people["finance"], "agent公司 2026-11 对账单未能出具", "/partners/agent/statement?month=2026-11")
    ]
    assert "未结批次减预收" in told[0].body_zh
    assert [record.getMessage() for record in caplog.records] == ["1 statements of 2026-11 could not be issued"] * 2
    Receipt.objects.filter(pk=receipt.pk).update(amount="100.00")
    assert issue_statements(0) == 1
    assert Statement.objects.count() == 2
