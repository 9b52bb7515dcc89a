"""Visits: planned, recorded, reviewed; what a record fulfils, and what follows from it (M-15.1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.documents.queries import attachments_of
from lingqu.documents.rules import NewFile
from lingqu.duties.actions import make_duties
from lingqu.duties.models import Duty
from lingqu.policy.queries import regulation_in_force
from lingqu.visits.actions import cancel_visit, move_visit, plan_visit, record_visit
from lingqu.visits.models import Visit
from lingqu.visits.queries import partners_to_visit, visits_made
from lingqu.visits.rules import NewVisit, Record, check_record, still_owed
from lingqu.visits.states import Also, VisitState
from lingqu.visits.tests.things import answered, planned, recorded
from tests.pages import SitDown
from tests.world import World

pytestmark = pytest.mark.django_db
PHOTO = NewFile("门店.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64)


def went(world: World, visit: Visit, **more: Any) -> Visit:
    """Write the record of a visit."""
    given = replace(Record(world.at.date(), "张经理", "库存偏高"), **more)
    return record_visit(visit.pk, given, (PHOTO,), regulation=world.regulation, by=world.who("representative"), at=world.at)


def test_a_record_goes_to_the_appraiser_who_confirms_it(world: World) -> None:
    visit = went(world, planned(world))
    assert (visit.state, visit.approval and visit.approval.chain_key) == (VisitState.REVIEW, "visit")
    assert [one.name for one in attachments_of("visit", [visit.pk])[visit.pk]] == ["门店.png"]
    world.sign(visit.approval_id or 0, "manager")
    visit.refresh_from_db()
    assert visit.state == VisitState.CONFIRMED
    assert list(Fact.objects.filter(subject="visit", subject_id=visit.pk).order_by("id").values_list("verb", flat=True)) == [
        "ask", "attach", "record", "confirm",
    ]  # fmt: skip


def test_the_page_leads_whom_the_review_waits_for_to_it_and_nobody_else(world: World, at_desk: SitDown) -> None:
    visit = recorded(world)
    assert visit.approval
    pages = {who: at_desk(who).get(f"/visits/{visit.number}/").content.decode() for who in ("manager", "representative")}
    assert {who: "轮到您：去审批" in page for who, page in pages.items()} == {"manager": True, "representative": False}
    assert f'href="/approvals/{visit.approval.number}">轮到您' in pages["manager"]
    world.sign(visit.approval.pk, "manager")
    assert "轮到您" not in at_desk("manager").get(f"/visits/{visit.number}/").content.decode()


def test_one_visit_fulfils_several_duties(world: World) -> None:
    rules, reference = list(world.regulation.duties.values()), world.regulation.reference
    on = world.at.date()
    make_duties(
        rules, issuer=world.hq.pk, regulation=reference, calendar=world.regulation.calendar, on=on, at=world.at, since=date(2026, 10, 1)
    )
    about = Duty.objects.filter(firm=world.firms["agent"], state="open")
    wanted = {duty.rule for duty in about if {"visit_record", "stock_count"} & set(duty.papers)}
    assert "visit" in wanted
    visit = went(world, planned(world), also=(Also.STOCK_COUNT,))
    done = Duty.objects.filter(firm=world.firms["agent"], state="done", evidence_link=f"/visits/{visit.number}/")
    today = [duty.rule for duty in done]
    assert "visit" in today
    assert set(today) <= wanted
    assert not Duty.objects.filter(firm=world.firms["other_agent"], state="done").exists()


def test_with_a_day_to_come_again_the_next_visit_is_planned(world: World) -> None:
    visit = went(world, planned(world), again_on=date(2027, 2, 1))
    (following,) = Visit.objects.exclude(pk=visit.pk)
    assert (following.state, following.planned_on, following.partner_id) == ("planned", date(2027, 2, 1), visit.partner_id)


def test_sent_back_it_is_completed_and_goes_the_same_way_again(world: World) -> None:
    visit = answered(world, "send_back")
    again = went(world, visit, found="库存 1,240 册")
    assert (again.state, again.found) == (VisitState.REVIEW, "库存 1,240 册")
    world.sign(again.approval_id or 0, "manager")
    again.refresh_from_db()
    assert again.state == VisitState.CONFIRMED


def test_negative_control_what_was_changed_behind_the_review_is_not_confirmed(world: World) -> None:
    visit = recorded(world)
    Visit.objects.filter(pk=visit.pk).update(found="别的")
    with pytest.raises(Refusal) as refused:
        world.sign(visit.approval_id or 0, "manager")
    assert refused.value.code == "content_changed"


def test_a_second_sending_with_the_same_key_is_the_same_visit(world: World) -> None:
    new = NewVisit("once", world.firms["agent"].pk, world.at.date(), "看库存")
    one, two = (plan_visit(new, by=world.who("representative"), at=world.at) for _ in range(2))
    assert (one.pk, Visit.objects.count()) == (two.pk, 1)


@pytest.mark.parametrize(
    ("who", "partner", "code"),
    [
        ("finance", "agent", "forbidden"), ("agent_owner", "agent", "not_found"), ("representative", "retailer", "not_found"),
        ("agent_clerk", "retailer", "forbidden"),
    ],
)  # fmt: skip
def test_people_who_do_not_look_after_a_partner_plan_no_visit(world: World, who: str, partner: str, code: str) -> None:
    new = NewVisit("k", world.firms[partner].pk, world.at.date(), "看库存")
    with pytest.raises(Refusal) as refused:
        plan_visit(new, by=world.who(who), at=world.at)
    assert (refused.value.code, Visit.objects.count()) == (code, 0)


def test_an_agents_owner_visits_its_own_retailers(world: World) -> None:
    new = NewVisit("k", world.firms["retailer"].pk, world.at.date(), "看库存")
    visit = plan_visit(new, by=world.who("agent_owner"), at=world.at)
    assert (visit.seller_id, visit.partner_id) == (world.firms["agent"].pk, world.firms["retailer"].pk)
    assert [firm.code for firm in partners_to_visit(world.who("agent_owner"), on=world.at.date())] == ["retailer"]


def test_only_whose_visit_it_is_writes_its_record(world: World) -> None:
    visit = planned(world)
    given = Record(world.at.date(), "张经理", "库存偏高")
    with pytest.raises(Refusal) as refused:
        record_visit(visit.pk, given, regulation=world.regulation, by=world.who("manager"), at=world.at)
    assert refused.value.code == "forbidden"
    with pytest.raises(Refusal) as refused:
        cancel_visit(visit.pk, reason="x", by=world.who("agent_owner"), at=world.at)
    assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"visited_on": timedelta(days=1)}, "visited_on"), ({"visited_on": timedelta(days=-93)}, "visited_on"),
        ({"met": "  "}, "met"), ({"found": "字" * 2_001}, "found"), ({"agreed": "字" * 2_001}, "agreed"),
        ({"again_on": timedelta(days=-1)}, "again_on"), ({"again_on": timedelta(days=367)}, "again_on"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_record_is_told_at_its_field(given: dict[str, Any], field: str) -> None:
    today = date(2026, 11, 23)
    told = {name: today + value if isinstance(value, timedelta) else value for name, value in given.items()}
    with pytest.raises(Refusal) as refused:
        check_record(replace(Record(today, "张", "好"), **told), today=today)
    assert refused.value.field == field


def test_a_visit_is_moved_and_given_up_with_a_reason(world: World) -> None:
    visit = planned(world)
    by, later = world.who("representative"), world.at.date() + timedelta(days=30)
    assert move_visit(visit.pk, later, reason="", by=by, at=world.at).planned_on == later
    with pytest.raises(Refusal) as refused:
        cancel_visit(visit.pk, reason=" ", by=by, at=world.at)
    assert refused.value.field == "reason"
    assert cancel_visit(visit.pk, reason="客户出差", by=by, at=world.at).state == "cancelled"
    with pytest.raises(Refusal) as refused:
        went(world, visit)
    assert refused.value.code == "wrong_state"


def test_visits_of_a_year_are_counted_against_the_regulation(world: World) -> None:
    recorded(world)
    answered(world, "refuse")
    year = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}
    assert visits_made(world.firms["agent"].pk, **year) == 1
    rhythm = regulation_in_force(on=world.at.date()).parameters.visits_per_year
    assert {level: one.visits for level, one in rhythm.items()} == {"agent": 4, "retailer": 1}
    assert (still_owed(1, 4), still_owed(9, 4)) == (3, 0)


def test_a_visit_is_found_by_its_number_with_its_series_and_without_by_who_sees_it(world: World, at_desk: SitDown) -> None:
    visit = planned(world)
    numbers, address = (visit.number, visit.number.removeprefix("ZF-")), f"/visits/{visit.number}/"
    told = {
        name: [address in at_desk(name).get("/search", {"q": words}).content.decode() for words in numbers]
        for name in ("representative", "manager", "other_agent_owner")
    }
    assert told == {"representative": [True, True], "manager": [True, True], "other_agent_owner": [False, False]}
