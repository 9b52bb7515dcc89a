"""What is taken away ends at once on every way: pages, interface, downloads, jobs under way, kept forms, links (P14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.documents.actions import ask_export
from lingqu.documents.jobs import make_export
from lingqu.documents.models import Export
from lingqu.documents.queries import list_called
from lingqu.organisation.actions import disable_sign_in, invite, make_reset_link, make_token
from lingqu.organisation.models import Firm, PostHolding, SignIn
from lingqu.organisation.states import PostCode, Scope
from lingqu.organisation.tests.conftest import Browser, account, browser, quick_passwords
from tests.world import World

__all__ = ["account", "browser", "quick_passwords"]

Give = Callable[[str], SignIn]
Open = Callable[..., Browser]
NEW = "four-green-hills-9"


class Ways:
    """Everything by which a clerk gets at anything: a page, the interface, a download, a job under way, a kept form, a reset link."""

    def __init__(self, world: World, account: Give, browser: Open) -> None:
        self.person = account("agent_clerk").person
        self.page = browser()
        self.page.sign_in("agent_clerk")
        who = world.who("agent_clerk")
        self.token = make_token("ERP", scopes=list(Scope), last_day=china_day(now()), by=who, at=now())[1]
        make = lambda words: ask_export(list_called("orders"), {"q": words}, name="x", language="zh", by=who, at=now()).pk  # noqa: E731
        self.export, self.running = make(""), make("x")
        make_export(self.export)
        self.page.get("/")
        self.reset = make_reset_link(self.person.pk, by=world.who("agent_owner"), at=now())[1]

    def open(self, browser: Open) -> dict[str, bool]:
        make_export(self.running)
        program = Client().get("/api/v1/orders", headers={"Authorization": f"Bearer {self.token}"})
        return {
            "page": self.page.get("/orders/").status_code == 200,
            "interface": program.status_code == 200,
            "download": self.page.get(reverse("export_file", args=[self.export])).status_code == 200,
            "job": Export.objects.get(pk=self.running).state == "ready",
            "kept": self.page.get(reverse("kept")).headers.get("Location") == "/",
            "link": browser().get(reverse("reset_link", args=[self.reset])).status_code == 200,
        }


def _disable(world: World, ways: Ways) -> None:
    disable_sign_in(ways.person.pk, by=world.who("agent_owner"), at=now())


def _end_post(world: World, ways: Ways) -> None:
    today = china_day(now())
    PostHolding.objects.filter(person=ways.person).update(period=DateRange(today - timedelta(days=200), today))


def _end_firm(world: World, ways: Ways) -> None:
    today = china_day(now())
    Firm.objects.filter(pk=ways.person.firm_id).update(valid=DateRange(today - timedelta(days=200), today))


@pytest.mark.parametrize(("take", "left"), [(_disable, set()), (_end_post, {"link"}), (_end_firm, set())])
def test_what_is_taken_away_ends_at_once_on_every_way(
    world: World, account: Give, browser: Open, take: Callable[[World, Ways], None], left: set[str]
) -> None:
    """Promised within 60 s; there is nothing that waits, so it is the next request.

    Who only lost the post still has a sign-in of their own.
    """
    ways = Ways(world, account, browser)
    begun = monotonic()
    take(world, ways)
    found = {way for way, is_open in ways.open(browser).items() if is_open}
    assert found == left
    assert monotonic() - begun < 60
    if not left:
        assert browser().post(reverse("reset_link", args=[ways.reset]), {"password": NEW, "again": NEW}).status_code == 410
        assert browser().sign_in("agent_clerk").status_code == 200


def test_all_ways_are_open_before(world: World, account: Give, browser: Open) -> None:
    """Negative control of the test above: nothing was taken away, and everything answers."""
    found = Ways(world, account, browser).open(browser)
    assert {way for way, is_open in found.items() if is_open} == set(found)


def test_links_that_somebody_made_for_others_end_with_their_own_sign_in(world: World, account: Give, browser: Open) -> None:
    owner, clerk, who = account("agent_owner").person_id, account("agent_clerk").person_id, world.who("agent_owner")
    reset = make_reset_link(clerk, by=who, at=now())[1]
    asked = invite(who.firm, PostCode.CLERK, name="新来的", login="new.clerk", telephone="", by=who, at=now())[1]
    links = [reverse("reset_link", args=[reset]), reverse("invitation", args=[asked])]
    assert [browser().get(link).status_code for link in links] == [200, 200]
    disable_sign_in(owner, by=world.who("director"), at=now())
    assert [browser().get(link).status_code for link in links] == [410, 410]


def test_an_export_stops_when_its_owner_is_disabled_while_it_is_made(
    world: World, account: Give, browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = Ways(world, account, browser)

    def disabled_meanwhile(*args: Any, **more: Any) -> bytes:
        _disable(world, ways)
        return b"rows"

    monkeypatch.setattr("lingqu.documents.jobs.write_workbook", disabled_meanwhile)
    make_export(ways.running)
    assert Export.objects.get(pk=ways.running).state != "ready"
