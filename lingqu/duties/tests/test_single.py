"""Single duties: asked for once, done on the page of their matter, and void when it is settled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.duties.actions import NewDuty, NewPaper, ask_duty, fulfil, hand_in, make_duties, send_reminders, settle_asked, void_duty
from lingqu.duties.models import Duty, Paper
from lingqu.duties.queries import inbox_counts
from lingqu.duties.tests.rules import MONTHLY, make
from lingqu.notices.models import Notice
from tests.pages import SitDown, of_the_other_language, spoken
from tests.world import World

pytestmark = pytest.mark.django_db
SATURDAY = date(2026, 11, 28)


def ask(world: World, key: str = "7", due_on: date | None = None) -> Duty | None:
    on = world.at.date()
    new = NewDuty(
        world.hq.pk, world.firms["agent"].pk, "collection_visit", key, Text("上门催收", "Visit to collect"), Text("第 1 批", "batch 1"),
        "M-19.3", world.regulation.reference, "finance", "collection_visit", due_on or on, "/credit/collection/agent/",
        "director", "director",
    )  # fmt: skip
    with transaction.atomic():
        return ask_duty(new, calendar=world.regulation.calendar, on=on, at=world.at)


def settle(world: World, *still: str) -> int:
    with transaction.atomic():
        return settle_asked(["collection_visit"], issuer=world.hq.pk, about=world.firms["agent"].pk, still=still, at=world.at)


def test_the_same_matter_is_asked_for_once(world: World) -> None:
    assert ask(world) is not None
    assert ask(world) is None
    assert ask(world, "8") is not None
    assert Duty.objects.filter(key__in=("7", "8")).count() == 2


def test_a_day_off_moves_it_and_people_are_reminded_and_told_like_of_any_other(world: World) -> None:
    duty = ask(world, due_on=SATURDAY)
    assert duty is not None
    assert (duty.due_on, duty.due_before_moving, duty.late_from) == (date(2026, 11, 30), SATURDAY, date(2026, 12, 1))
    for day in (duty.due_on, duty.late_from, duty.escalate_on):
        send_reminders(on=day, at=world.at + timedelta(days=(day - world.at.date()).days))
    told = Notice.objects.filter(kind="duty").order_by("pk").values_list("person__name", "title_en")
    assert [name for name, _ in told] == ["finance", "finance", "director"]


def test_a_deed_fulfils_it_whenever_it_comes(world: World) -> None:
    duty = ask(world)
    assert duty is not None
    world.at += timedelta(days=9)
    done = fulfil(
        "collection_visit", about=world.firms["agent"].pk, on=world.at.date(), link="/credit/", text=Text("上门", "Visit"),
        by=world.who("finance"), at=world.at,
    )  # fmt: skip
    duty.refresh_from_db()
    assert (done, duty.state, duty.late_days) == (1, "done", 9)
    assert ask(world) is None


def test_what_is_done_on_the_page_of_its_matter_takes_no_paper(world: World) -> None:
    duty = ask(world)
    assert duty is not None
    with pytest.raises(Refusal) as refused:
        hand_in([duty.pk], NewPaper("collection_visit", "上门", "去过"), by=world.who("finance"), at=world.at)
    duty.refresh_from_db()
    assert (refused.value.code, duty.state, Paper.objects.count()) == ("done_elsewhere", "open", 0)


def test_a_settled_matter_voids_it_and_may_be_asked_again_but_not_what_people_voided(world: World) -> None:
    first = ask(world)
    assert first is not None
    assert settle(world, "7") == 0
    assert settle(world) == 1
    again = ask(world)
    assert again is not None
    void_duty(again.pk, "客户已撤销", by=world.who("director"), at=world.at)
    assert ask(world) is None


def test_the_rules_of_the_regulation_leave_it_alone(world: World) -> None:
    duty = ask(world)
    assert duty is not None
    make(world, world.at.date(), [MONTHLY])
    with transaction.atomic():
        make_duties(
            [], issuer=world.hq.pk, regulation=world.regulation.reference, calendar=world.regulation.calendar, on=world.at.date(),
            at=world.at,
        )  # fmt: skip
    duty.refresh_from_db()
    assert duty.state == "open"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_its_page_and_the_inbox_lead_to_where_it_is_done(world: World, at_desk: SitDown, language: str) -> None:
    duty = ask(world)
    assert duty is not None
    assert inbox_counts(world.who("finance"), on=world.at.date()).soon == 1
    browser = at_desk("finance", language=language)
    page = browser.get(f"/duties/{duty.pk}/").content.decode()
    assert 'href="/credit/collection/agent/"' in page
    assert 'name="files"' not in page
    assert of_the_other_language(page, language, world) == []
    assert ("上门催收" if language == "zh" else "Visit to collect") in spoken(browser.get("/duties/").content.decode())
