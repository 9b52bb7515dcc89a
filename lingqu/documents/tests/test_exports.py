"""Lists as workbooks: what is filtered, whose it is, made by a job when long, gone after a day or with the person's post (P15)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from psycopg.types.range import DateRange

from lingqu.base.refusal import Refusal
from lingqu.base.sheets import read_table
from lingqu.documents import jobs
from lingqu.documents.actions import ask_export, delete_expired, fail_export, finish_export, start_export
from lingqu.documents.models import Export
from lingqu.documents.queries import exports as queries
from lingqu.documents.queries import list_called
from lingqu.documents.states import ExportState
from lingqu.documents.views import exporting as views
from lingqu.organisation.models import PostHolding
from tests.pages import SitDown, counted
from tests.world import START, World

LISTS = (
    *("orders", "partners", "stock", "receipts", "holds", "specials", "approvals", "duties"),
    *("deliveries", "to_ship", "returns", "transfers", "credit_desk", "batches", "signatures", "credit_groups", "stock_counts"),
    *("titles", "parameters?pack=publisher", "gaps?pack=publisher"),
)


def rows_of(answer: Any) -> list[list[Any]]:
    (sheet, *_) = read_table("x.xlsx", answer.content, most_rows=5_000, most_columns=60)
    return sheet.rows


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of more than one row are long."""
    monkeypatch.setattr(views, "MOST_AT_ONCE", 1)


@pytest.fixture
def job_now(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "now", lambda: world.at)


@pytest.mark.parametrize("key", LISTS)
def test_every_list_goes_out_with_its_heads_to_who_may_see_it(world: World, at_desk: SitDown, key: str) -> None:
    world.submit("agent", {0: 5})
    answer = at_desk("director").get(f"/exports/new/{key}")
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert rows_of(answer)[0] == [column.title.zh for column in list_called(key.partition("?")[0]).columns]


def test_the_workbook_holds_what_is_filtered_and_its_sums(world: World, at_desk: SitDown) -> None:
    one, two = world.submit("agent", {0: 5}), world.submit("other_agent", {1: 3})
    found = rows_of(at_desk("director").get("/exports/new/orders"))
    assert [row[0] for row in found[1:]] == [two.number, one.number, "合计"]
    assert found[3][9] == 8
    narrowed = rows_of(at_desk("director").get("/exports/new/orders", {"q": one.number, "before": "1"}))
    assert [row[0] for row in narrowed[1:]] == [one.number, "合计"]
    assert narrowed[1][10:12] == [Decimal(480), Decimal(312)]


def test_a_partner_takes_out_its_own_only(world: World, at_desk: SitDown) -> None:
    one = world.submit("agent", {0: 5})
    world.submit("other_agent", {1: 3})
    assert [row[0] for row in rows_of(at_desk("agent_owner").get("/exports/new/orders"))[1:]] == [one.number, "合计"]
    assert at_desk("retailer_owner").get("/exports/new/partners").status_code == 404
    assert at_desk("director").get("/exports/new/nothing").status_code == 404


def test_more_rows_do_not_cost_more_queries(world: World, at_desk: SitDown) -> None:
    browser = at_desk("director")
    counts = []
    for many in (1, 6):
        for _ in range(many):
            world.submit("agent", {0: 1})
        with counted() as sent:
            browser.get("/exports/new/orders")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def asked(world: World, browser: Client) -> Export:
    world.submit("agent", {0: 5})
    world.submit("agent", {0: 6})
    page = browser.get("/exports/new/orders?q=agent")
    assert "在后台生成" in page.content.decode()
    assert not Export.objects.exists()
    answer = browser.post("/exports/new/orders?q=agent")
    export = Export.objects.get()
    assert answer.headers["Location"] == f"/exports/{export.pk}/"
    return export


def test_a_long_list_is_made_by_a_job_and_waits_for_its_owner(world: World, at_desk: SitDown, short: None, job_now: None) -> None:
    browser = at_desk("director")
    export = asked(world, browser)
    assert browser.post("/exports/new/orders?q=agent").headers["Location"] == f"/exports/{export.pk}/"
    assert "排队中" in browser.get(f"/exports/{export.pk}/").content.decode()
    assert browser.get(f"/exports/{export.pk}/file").status_code == 409
    assert jobs.make_export(export.pk) == 2
    assert jobs.make_export(export.pk) == 0
    page = browser.get("/exports/").content.decode()
    assert f"/exports/{export.pk}/file" in page
    answer = browser.get(f"/exports/{export.pk}/file")
    assert len(rows_of(answer)) == 4
    assert "no-store" in answer.headers["Cache-Control"]
    for stranger in ("finance", "agent_owner"):
        assert at_desk(stranger).get(f"/exports/{export.pk}/file").status_code == 404
        assert at_desk(stranger).get(f"/exports/{export.pk}/").status_code == 404


def test_it_is_gone_after_a_day_and_then_deleted(world: World, at_desk: SitDown, short: None, job_now: None) -> None:
    browser = at_desk("director")
    export = asked(world, browser)
    jobs.make_export(export.pk)
    assert delete_expired(at=world.at + timedelta(hours=23)) == 0
    world.at += timedelta(hours=24)
    assert browser.get(f"/exports/{export.pk}/file").status_code == 404
    assert (delete_expired(at=world.at), Export.objects.count()) == (1, 0)


@pytest.mark.parametrize("when", ["before", "after"])
def test_who_lost_the_post_gets_no_file(world: World, at_desk: SitDown, short: None, job_now: None, when: str) -> None:
    browser = at_desk("director")
    export = asked(world, browser)
    if when == "after":
        jobs.make_export(export.pk)
    held = PostHolding.objects.filter(person=world.people["director"])
    held.update(period=DateRange(START, world.at.date()))
    if when == "before":
        assert jobs.make_export(export.pk) == 0
        assert Export.objects.get().state == ExportState.FAILED.value
    assert browser.get(f"/exports/{export.pk}/file").status_code == 403


def test_too_many_rows_are_told(world: World, short: None, job_now: None, monkeypatch: pytest.MonkeyPatch, at_desk: SitDown) -> None:
    monkeypatch.setattr(queries, "MOST_OUT", 1)
    export = asked(world, at_desk("director"))
    assert jobs.make_export(export.pk) == 0
    assert "超过" in at_desk("director").get(f"/exports/{export.pk}/").content.decode()


def test_no_more_than_three_are_made_at_once(world: World) -> None:
    made, by = list_called("orders"), world.who("director")
    several = [ask_export(made, {"q": str(number)}, name="x", language="zh", by=by, at=world.at) for number in range(3)]
    with pytest.raises(Refusal) as refused:
        ask_export(made, {"q": "9"}, name="x", language="zh", by=by, at=world.at)
    assert refused.value.code == "too_many_exports"
    assert start_export(several[0].pk)
    finish_export(several[0].pk, b"x", rows=0, at=world.at)
    assert ask_export(made, {"q": "9"}, name="x", language="zh", by=by, at=world.at).pk not in [one.pk for one in several]


def test_a_worker_that_died_leaves_an_export_that_is_begun_anew(world: World, job_now: None) -> None:
    export = ask_export(list_called("orders"), {}, name="x", language="zh", by=world.who("director"), at=world.at)
    assert start_export(export.pk)
    assert jobs.make_export(export.pk) == 0
    assert Export.objects.get().state == ExportState.READY.value
    fail_export(export.pk, jobs.BROKEN, at=world.at)
    assert Export.objects.get().state == ExportState.READY.value
