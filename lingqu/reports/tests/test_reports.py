"""Reports of partners: handed in once for a time, changed, asked back about, answered; what the product adds (M-15.3, M-15.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import convert
from msgspec.structs import replace

from lingqu.audit.models import Fact
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal
from lingqu.catalogue.actions import enter_disciplines
from lingqu.catalogue.models import Discipline
from lingqu.documents.queries import attachments_of
from lingqu.documents.rules import NewFile
from lingqu.duties.actions import make_duties
from lingqu.duties.models import Duty
from lingqu.notices.models import Notice
from lingqu.orders.actions import accept_order
from lingqu.organisation.actions import delegate
from lingqu.organisation.states import PostCode
from lingqu.reports.actions import answer_report, ask_back, make_report
from lingqu.reports.models import PartnerReport
from lingqu.reports.rules import Figures, NewReport, ToldLine
from lingqu.reports.tests.things import answered, changed, months_left, questioned, reported, structures, told
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = NewFile("10月库存.csv", "专业,册数\n结构,60\n".encode())


def known(report: PartnerReport) -> Figures:
    """What the product knew when a report was handed in."""
    return convert(report.known, Figures)


def test_a_report_leaves_its_facts_its_files_and_its_notice(world: World) -> None:
    new = NewReport("one", "2026-10", told(world))
    report = make_report(new, (LIST,), regulation=world.regulation, by=world.who("agent_clerk"), at=world.at)
    changed(world, report)
    ask_back(report.pk, "请补充", by=world.who("representative"), at=world.at)
    changed(world, report)
    answer_report(report.pk, "先消化库存", by=world.who("manager"), at=world.at)
    facts = Fact.objects.filter(subject="partner_report", subject_id=report.pk).order_by("id")
    assert list(facts.values_list("verb", flat=True)) == ["attach", "ask", "change", "ask_back", "complete", "answer"]
    assert [one.name for one in attachments_of("partner_report", [report.pk])[report.pk]] == ["10月库存.csv"]
    notices = Notice.objects.filter(link=f"/partner-reports/{report.number}/")
    told_of = {
        name: notices.filter(person=world.people[name]).count() for name in ("representative", "agent_clerk", "agent_owner", "manager")
    }
    assert told_of == {"representative": 2, "agent_clerk": 2, "agent_owner": 2, "manager": 0}


def test_the_same_key_is_the_same_report_and_a_second_of_its_time_is_refused_with_the_number_of_the_first(world: World) -> None:
    new = NewReport("once", "2026-10", told(world))
    one, two = (make_report(new, regulation=world.regulation, by=world.who("agent_owner"), at=world.at) for _ in range(2))
    assert (one.pk, PartnerReport.objects.count()) == (two.pk, 1)
    with pytest.raises(Refusal) as refused:
        reported(world, period="2026-10", by="agent_clerk")
    assert (refused.value.code, refused.value.field, one.number in refused.value.text.zh) == ("reported_already", "period", True)
    assert reported(world, "other_agent", period="2026-10").pk != one.pk


@pytest.mark.parametrize("period", ["2026-11", "2025-12", "2026-13", "", "2026", "2026-H2"])
def test_only_a_time_that_is_over_and_in_which_one_was_there_is_told_of(world: World, period: str) -> None:
    new = NewReport("k", period, told(world))
    with pytest.raises(Refusal) as refused:
        make_report(new, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert refused.value.field == "period"


def test_half_a_year_is_told_of_beside_its_months_and_fulfils_its_duty(world: World) -> None:
    rules = list(world.regulation.duties.values())
    make_duties(
        rules, issuer=world.hq.pk, regulation=world.regulation.reference, calendar=world.regulation.calendar, on=world.at.date(),
        at=world.at, since=date(2026, 6, 1),
    )  # fmt: skip
    report = reported(world, period="2026-H1", content=replace(told(world), lines=()))
    assert (report.kind, report.due_on, report.late_days) == ("half_year", date(2026, 7, 15), (world.at.date() - date(2026, 7, 15)).days)
    done = Duty.objects.filter(firm=world.firms["agent"], state="done")
    assert [(one.rule, one.late_days) for one in done] == [("half_year_analysis", report.late_days)]


@pytest.mark.parametrize(("who", "code"), [("representative", "forbidden"), ("manager", "forbidden"), ("director", "forbidden")])
def test_headquarters_hands_in_no_report(world: World, who: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        make_report(NewReport("k", "2026-10", told(world)), regulation=world.regulation, by=world.who(who), at=world.at)
    assert (refused.value.code, PartnerReport.objects.count()) == (code, 0)


@pytest.mark.parametrize(
    ("who", "code"),
    [("agent_owner", "forbidden"), ("finance", "forbidden"), ("other_agent_owner", "not_found"), ("retailer_owner", "not_found")],
)
def test_only_who_is_above_answers_and_asks_back(world: World, who: str, code: str) -> None:
    report = reported(world)
    for do in (answer_report, ask_back):
        with pytest.raises(Refusal) as refused:
            do(report.pk, "好", by=world.who(who), at=world.at)
        assert refused.value.code == code
    report.refresh_from_db()
    assert report.state == "submitted"


def test_an_agents_owner_answers_its_retailers_and_headquarters_does_not_see_them(world: World) -> None:
    report = reported(world, "retailer")
    assert report.seller_id == world.firms["agent"].pk
    with pytest.raises(Refusal) as refused:
        answer_report(report.pk, "好", by=world.who("representative"), at=world.at)
    assert refused.value.code == "not_found"
    assert answer_report(report.pk, "好", by=world.who("agent_owner"), at=world.at).state == "answered"


def test_who_stands_in_for_the_representative_answers_for_them(world: World) -> None:
    report, day = reported(world), world.at.date()
    people = world.people
    delegate(
        people["representative"], stand_in=people["researcher"], post=PostCode.REPRESENTATIVE, first=day, last=day, reason="休假",
        at=world.at, by=people["representative"],
    )  # fmt: skip
    answer_report(report.pk, "好", by=world.who("researcher"), at=world.at)
    fact = Fact.objects.get(subject="partner_report", verb="answer")
    assert (fact.person, fact.on_behalf_of) == (world.people["researcher"].pk, world.people["representative"].pk)


@pytest.mark.parametrize("who", ["representative", "other_agent_clerk", "retailer_owner"])
def test_only_the_partner_changes_its_report(world: World, who: str) -> None:
    with pytest.raises(Refusal) as refused:
        changed(world, reported(world), by=who)
    assert refused.value.code == ("forbidden" if who == "representative" else "not_found")


def test_what_is_answered_is_neither_changed_nor_answered_again(world: World) -> None:
    report = answered(world)
    with pytest.raises(Refusal) as refused:
        changed(world, report)
    assert refused.value.code == "wrong_state"
    with pytest.raises(Refusal) as refused:
        answer_report(report.pk, "再说", by=world.who("manager"), at=world.at)
    assert (refused.value.code, PartnerReport.objects.get(pk=report.pk).guidance) == ("wrong_state", "库存偏高，先消化")


def test_one_that_was_asked_back_may_be_answered_as_it_is(world: World) -> None:
    report = questioned(world)
    assert answer_report(report.pk, "下次请写竞争产品", by=world.who("manager"), at=world.at).state == "answered"


def test_a_report_says_other_things_after_a_change_and_keeps_the_day_on_which_it_came(world: World) -> None:
    report = reported(world)
    late = report.late_days
    world.at += timedelta(days=3)
    two = (ToldLine(structures(world), 1, Decimal("96.00"), 2), ToldLine(None, 3, Decimal("0.00"), 4, 4))
    report = changed(world, report, content=replace(told(world), lines=two))
    assert (report.sold, report.value, report.stock, report.near_expiry) == (4, Decimal("96.00"), 6, 4)
    assert [(one.line, one.discipline_id) for one in report.lines.order_by("line")] == [(1, structures(world)), (2, None)]
    assert report.late_days == late


def test_a_discipline_of_another_publisher_is_refused(world: World) -> None:
    enter_disciplines(world.firms["other_agent"], {"X": ("别的", "Other")})
    foreign = Discipline.objects.get(code="X")
    with pytest.raises(Refusal) as refused:
        reported(world, content=replace(told(world), lines=(ToldLine(foreign.pk, 1, Decimal(1), 1),)))
    assert refused.value.field == "lines.1.discipline"


def test_the_product_counts_what_happened_in_the_time_and_nothing_else(world: World) -> None:
    """Negative control of the borders: what was shipped at midnight of 1 November in China is November's."""
    last, first = datetime(2026, 10, 31, 15, 59, tzinfo=UTC), datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
    now = world.at
    for moment, copies in ((last, 10), (first, 7)):
        world.at = moment
        made = world.submit("agent", {0: copies})
        by, day = world.who("representative"), china_day(moment)
        accept_order(made.order or 0, ship_on=day, regulation=world.regulation, by=by, at=moment)
        world.ship(made)
    world.at = now
    october = known(reported(world, period="2026-10"))
    assert (october.requests, october.shipped, october.returned, october.bought) == (1, 10, 0, Decimal("624.00"))
    assert (october.open_batches, october.owed) == (2, Decimal("1060.80"))
    world.at += timedelta(days=10)
    november = known(reported(world, period="2026-11"))
    assert (november.requests, november.shipped, november.bought, november.last_stock) == (1, 7, Decimal("436.80"), 60)


def test_an_agent_is_told_how_its_retailers_did_and_a_retailer_nothing(world: World) -> None:
    made = world.submit("retailer", {0: 5}, by="agent_owner")
    assert made.order
    reported(world, "retailer", period="2026-10")
    report = reported(world, period="2026-10")
    branch = known(report).branch
    assert branch
    assert (branch.retailers, branch.fresh, branch.requests, branch.reports) == (1, 0, 0, 1)
    assert known(PartnerReport.objects.get(partner=world.firms["retailer"])).branch is None
    january = known(reported(world, period="2026-01")).branch
    assert january
    assert (january.retailers, january.fresh) == (1, 1)


def test_a_partner_is_offered_the_months_that_it_has_not_told_of(world: World) -> None:
    assert months_left(world, "agent")[:2] == ["2026-10", "2026-09"]
    reported(world, period="2026-10")
    assert months_left(world, "agent")[0] == "2026-09"
    assert months_left(world, "other_agent")[0] == "2026-10"
