"""Handing in: who may, lateness, one paper for several duties, files, asking again, feedback, and what other modules fulfil."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.documents.rules import NewFile
from lingqu.duties.actions import NewPaper, fulfil, give_feedback, hand_in, reopen_duty, void_duty
from lingqu.duties.models import Attachment, Duty, Paper, PaperDuty, Remark
from lingqu.duties.tests.rules import APPRAISAL, HALF, MONTHLY, PDF, VISIT, duty_of, make
from lingqu.organisation.actions import delegate, enter_person, give_post
from lingqu.organisation.states import PostCode
from tests.world import START, World

JULY = date(2026, 7, 1)
DECEMBER = date(2026, 12, 1)
EVERYBODY = (
    "director", "manager", "representative", "finance", "warehouse", "agent_owner", "agent_clerk", "other_agent_owner", "retailer_owner",
)  # fmt: skip
REPORT = NewPaper("monthly_report", "十月报表", "销售 120 册，库存 40 册。")


@pytest.fixture
def owed(world: World) -> World:
    """The story on 23 November with what is owed since July."""
    make(world, world.at.date(), since=JULY)
    return world


def code_of(deed: object) -> str:
    """How a deed is refused."""
    with pytest.raises(Refusal) as refused:
        deed()  # type: ignore[operator]
    return refused.value.code


def test_a_paper_handed_in_late_counts_for_its_own_period(owed: World) -> None:
    october = duty_of(owed, "agent")
    paper = hand_in([october.pk], REPORT, by=owed.who("agent_owner"), at=owed.at)
    done = duty_of(owed, "agent")
    assert (done.state, done.late_days, done.done_by_id, done.paper_id) == ("done", 18, owed.people["agent_owner"].pk, paper.pk)
    assert paper.number == "BG-2026-0001"
    assert duty_of(owed, "agent", start=date(2026, 11, 1)).state == "open"


def test_in_time_is_in_time_until_midnight_in_china(owed: World) -> None:
    november = duty_of(owed, "agent", start=date(2026, 11, 1))
    last_minute = datetime(2026, 12, 7, 15, 59, tzinfo=UTC)
    hand_in([november.pk], REPORT, by=owed.who("agent_owner"), at=last_minute)
    assert duty_of(owed, "agent", start=date(2026, 11, 1)).late_days == 0
    other = duty_of(owed, "other_agent", start=date(2026, 11, 1))
    hand_in([other.pk], REPORT, by=owed.who("other_agent_owner"), at=datetime(2026, 12, 7, 16, 0, tzinfo=UTC))
    assert duty_of(owed, "other_agent", start=date(2026, 11, 1)).late_days == 1


def test_one_paper_fulfils_several_each_with_its_own_lateness(owed: World) -> None:
    duties = [duty_of(owed, "agent"), duty_of(owed, "agent", start=date(2026, 11, 1)), duty_of(owed, "agent", HALF, JULY)]
    paper = hand_in([duty.pk for duty in duties], REPORT, by=owed.who("agent_owner"), at=owed.at)
    assert [Duty.objects.get(pk=duty.pk).late_days for duty in duties] == [18, 0, 0]
    assert PaperDuty.objects.filter(paper=paper).count() == 3
    assert Fact.objects.filter(verb="hand_in", subject="duty").count() == 3


def test_a_second_click_hands_in_once(owed: World) -> None:
    october = duty_of(owed, "agent")
    new = NewPaper("monthly_report", "十月", "全", key="made-by-the-page")
    papers = {hand_in([october.pk], new, by=owed.who("agent_owner"), at=owed.at).pk for _ in range(2)}
    assert len(papers) == 1
    assert Paper.objects.count() == 1


def test_another_paper_for_what_is_done_is_refused(owed: World) -> None:
    october = duty_of(owed, "agent")
    hand_in([october.pk], REPORT, by=owed.who("agent_owner"), at=owed.at)
    assert (
        code_of(lambda: hand_in([october.pk], NewPaper("monthly_report", "再", "再"), by=owed.who("agent_owner"), at=owed.at))
        == "wrong_state"
    )


@pytest.mark.parametrize("name", EVERYBODY)
def test_only_the_post_at_the_firm_that_owes_it_hands_in(owed: World, name: str) -> None:
    october = duty_of(owed, "agent")

    def deed() -> Paper:
        return hand_in([october.pk], REPORT, by=owed.who(name), at=owed.at)

    if name == "agent_owner":
        assert deed().made_by_id == owed.people[name].pk
    else:
        seen = name in {"agent_clerk", "director", "manager", "representative", "finance", "warehouse"}
        assert code_of(deed) == ("forbidden" if seen else "not_found")
        assert not Paper.objects.exists()


def test_a_stand_in_hands_in_for_the_absent_owner(owed: World) -> None:
    owner, clerk = owed.people["agent_owner"], owed.people["agent_clerk"]
    delegate(owner, stand_in=clerk, post=PostCode.OWNER, first=owed.at.date(), last=DECEMBER, reason="出差", at=owed.at, by=owner)
    paper = hand_in([duty_of(owed, "agent").pk], REPORT, by=owed.who("agent_clerk"), at=owed.at)
    assert (paper.made_by_id, paper.on_behalf_of_id) == (clerk.pk, owner.pk)
    assert Fact.objects.get(verb="hand_in").on_behalf_of == owner.pk


def test_the_representative_of_the_agent_and_who_stands_in_hand_in_a_visit(representatives: World) -> None:
    world = representatives
    make(world, world.at.date(), since=JULY)
    visit, foreign = duty_of(world, "agent", VISIT), duty_of(world, "cash_agent", VISIT)
    new = NewPaper("visit", "走访", "盘点相符。")
    assert code_of(lambda: hand_in([foreign.pk], new, by=world.who("representative"), at=world.at)) == "forbidden"
    assert code_of(lambda: hand_in([visit.pk], new, by=world.who("manager"), at=world.at)) == "forbidden"
    absent = world.people["representative"]
    stand_in, first = world.people["warehouse"], world.at.date()
    delegate(absent, stand_in=stand_in, post=PostCode.REPRESENTATIVE, first=first, last=DECEMBER, reason="休假", at=world.at, by=absent)
    assert hand_in([visit.pk], new, by=world.who("warehouse"), at=world.at).on_behalf_of_id == absent.pk
    other = duty_of(world, "other_agent", VISIT)
    assert hand_in([other.pk], new, by=world.who("representative"), at=world.at).on_behalf_of_id is None


def test_another_representative_who_stands_in_is_known_though_the_post_is_their_own(representatives: World) -> None:
    world = representatives
    make(world, world.at.date(), since=JULY)
    colleague = enter_person("同事", firm=world.hq, at=world.at, by=None)
    world.people["colleague"] = colleague
    give_post(colleague, PostCode.REPRESENTATIVE, firm=world.hq, since=START, at=world.at, by=None)
    visit = duty_of(world, "agent", VISIT)
    new = NewPaper("visit", "走访", "相符")
    assert code_of(lambda: hand_in([visit.pk], new, by=world.who("colleague"), at=world.at)) == "forbidden"
    absent = world.people["representative"]
    delegate(
        absent,
        stand_in=colleague,
        post=PostCode.REPRESENTATIVE,
        first=world.at.date(),
        last=DECEMBER,
        reason="休假",
        at=world.at,
        by=absent,
    )
    assert hand_in([visit.pk], new, by=world.who("colleague"), at=world.at).on_behalf_of_id == absent.pk


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewPaper("monthly_report", "", "x"), "title"),
        (NewPaper("monthly_report", "长" * 201, "x"), "title"),
        (NewPaper("monthly_report", "t", " "), "text"),
        (NewPaper("monthly_report", "t", "长" * 20_001), "text"),
        (NewPaper("monthly_report", "t", "a\x00b"), "text"),
        (NewPaper("minutes", "t", "x"), "kind"),
        (NewPaper("monthly_report", "t", "x", tuple(NewFile(f"{n}.pdf", PDF) for n in range(6))), "files"),
        (NewPaper("monthly_report", "t", "x", (NewFile("a.exe", PDF),)), "files"),
    ],
)
def test_a_paper_that_is_none_is_refused_and_nothing_is_written(owed: World, new: NewPaper, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        hand_in([duty_of(owed, "agent").pk], new, by=owed.who("agent_owner"), at=owed.at)
    assert (refused.value.field, refused.value.status) == (field, 422)
    assert not Paper.objects.exists()


def test_twenty_thousand_characters_fit_and_files_are_kept_whole(owed: World) -> None:
    files = tuple(NewFile(f"../{n}.pdf", PDF + bytes([n])) for n in range(5))
    paper = hand_in(
        [duty_of(owed, "agent").pk], NewPaper("monthly_report", "t", "长" * 20_000, files), by=owed.who("agent_owner"), at=owed.at
    )
    kept = Attachment.objects.filter(paper=paper).order_by("pk")
    assert [(file.name, bytes(file.content)) for file in kept] == [(f"{n}.pdf", PDF + bytes([n])) for n in range(5)]
    assert len({file.sha256 for file in kept}) == 5


@pytest.mark.parametrize("duties", [[], [0], [999_999], list(range(1, 40))])
def test_duties_that_are_none_are_refused(owed: World, duties: list[int]) -> None:
    assert code_of(lambda: hand_in(duties, REPORT, by=owed.who("agent_owner"), at=owed.at)) in {"bad_input", "not_found"}


def test_a_paper_is_of_one_firm(owed: World) -> None:
    agent = owed.people["agent_owner"]
    give_post(agent, PostCode.OWNER, firm=owed.firms["retailer"], since=START, at=owed.at, by=None)
    duties = [duty_of(owed, "agent", HALF, JULY).pk, duty_of(owed, "retailer", HALF, JULY).pk]
    assert code_of(lambda: hand_in(duties, NewPaper("analysis", "t", "x"), by=owed.who("agent_owner"), at=owed.at)) == "bad_input"


def test_the_appraiser_asks_again_with_a_new_day_and_the_papers_stay(owed: World) -> None:
    october = duty_of(owed, "agent")
    first = hand_in([october.pk], REPORT, by=owed.who("agent_owner"), at=owed.at)
    again = reopen_duty(october.pk, "缺库存", by=owed.who("manager"), at=owed.at, until=date(2026, 11, 28))
    assert (again.state, again.late_days, again.asked, again.paper_id) == ("open", None, 2, None)
    assert (again.due_on, again.due_before_moving) == (date(2026, 11, 30), date(2026, 11, 28))  # a Saturday
    second = hand_in([october.pk], REPORT, by=owed.who("agent_owner"), at=datetime(2026, 12, 1, 4, tzinfo=UTC))
    done = duty_of(owed, "agent")
    assert (done.late_days, done.paper_id, first.pk != second.pk) == (1, second.pk, True)
    assert PaperDuty.objects.filter(duty=october).count() == 2


def test_asked_again_without_a_day_the_old_one_stands(owed: World) -> None:
    october = duty_of(owed, "agent")
    hand_in([october.pk], REPORT, by=owed.who("agent_owner"), at=owed.at)
    assert reopen_duty(october.pk, "缺库存", by=owed.who("manager"), at=owed.at).due_on == date(2026, 11, 5)


@pytest.mark.parametrize(("reason", "until"), [("", None), ("x" * 201, None), ("x", date(2026, 11, 22)), ("x", date(2028, 1, 1))])
def test_asking_again_needs_a_reason_and_a_day_ahead(owed: World, reason: str, until: date | None) -> None:
    october = duty_of(owed, "agent")
    hand_in([october.pk], REPORT, by=owed.who("agent_owner"), at=owed.at)
    assert code_of(lambda: reopen_duty(october.pk, reason, by=owed.who("manager"), at=owed.at, until=until)) == "bad_input"


@pytest.mark.parametrize("name", EVERYBODY)
def test_only_the_appraiser_asks_again_only_managers_void(owed: World, name: str) -> None:
    done, waiting = duty_of(owed, "agent"), duty_of(owed, "agent", start=date(2026, 9, 1))
    hand_in([done.pk], REPORT, by=owed.who("agent_owner"), at=owed.at)
    hidden = name in {"other_agent_owner", "retailer_owner"}
    for deed, may in (
        (lambda: reopen_duty(done.pk, "再交", by=owed.who(name), at=owed.at), {"manager"}),
        (lambda: void_duty(waiting.pk, "停业", by=owed.who(name), at=owed.at), {"manager", "director"}),
    ):
        if name in may:
            deed()
        else:
            assert code_of(deed) == ("not_found" if hidden else "forbidden")


def test_what_is_void_or_done_is_not_voided(owed: World) -> None:
    october = duty_of(owed, "agent")
    assert void_duty(october.pk, "停业整顿", by=owed.who("director"), at=owed.at).void_reason == "停业整顿"
    assert code_of(lambda: void_duty(october.pk, "再", by=owed.who("director"), at=owed.at)) == "wrong_state"
    assert code_of(lambda: hand_in([october.pk], REPORT, by=owed.who("agent_owner"), at=owed.at)) == "wrong_state"


@pytest.mark.parametrize(
    ("name", "may"), [("manager", True), ("director", True), ("agent_owner", False), ("finance", False), ("warehouse", False)]
)
def test_who_gives_feedback(owed: World, name: str, may: bool) -> None:
    paper = hand_in([duty_of(owed, "agent").pk], REPORT, by=owed.who("agent_owner"), at=owed.at)

    def deed() -> Remark:
        return give_feedback(paper.pk, "请补三月以上库存。", by=owed.who(name), at=owed.at)

    if may:
        assert deed().text == "请补三月以上库存。"
    else:
        assert code_of(deed) == "forbidden"


def test_the_agent_guides_its_retailer_and_strangers_see_nothing(owed: World) -> None:
    half = duty_of(owed, "retailer", HALF, JULY)
    paper = hand_in([half.pk], NewPaper("analysis", "分析", "需求稳定"), by=owed.who("retailer_owner"), at=owed.at)
    assert give_feedback(paper.pk, "可以", by=owed.who("agent_owner"), at=owed.at).by_id == owed.people["agent_owner"].pk
    assert code_of(lambda: give_feedback(paper.pk, "可以", by=owed.who("other_agent_owner"), at=owed.at)) == "not_found"
    assert code_of(lambda: give_feedback(paper.pk, " ", by=owed.who("agent_owner"), at=owed.at)) == "bad_input"


def test_a_deed_elsewhere_fulfils_the_duty_of_its_day(representatives: World) -> None:
    world = representatives
    make(world, world.at.date(), since=JULY)

    def visit(on: date) -> int:
        agent = world.firms["agent"].pk
        return fulfil(
            "visit", about=agent, on=on, link="/visits/7/", text=Text("走访 7", "Visit 7"), by=world.who("representative"), at=world.at
        )

    assert visit(date(2026, 9, 30)) == 1
    third, fourth = duty_of(world, "agent", VISIT, JULY), duty_of(world, "agent", VISIT)
    assert (third.state, third.late_days, third.evidence_link, fourth.state) == ("done", 54, "/visits/7/", "open")
    assert visit(date(2026, 9, 30)) == 0
    assert visit(date(2026, 10, 1)) == 1
    assert fulfil("nothing", about=None, on=world.at.date(), link="", text=Text("无", "x"), by=world.who("director"), at=world.at) == 0
    assert duty_of(world, "hq", APPRAISAL, date(2026, 1, 1)).state == "open"
    assert duty_of(world, "agent", MONTHLY).state == "open"


def test_asked_again_what_proved_the_round_before_proves_nothing_any_more(representatives: World) -> None:
    world = representatives
    make(world, world.at.date(), since=JULY)
    visit, who = duty_of(world, "agent", VISIT), world.who("representative")
    told = Text("走访 7", "Visit 7")
    fulfil("visit", about=world.firms["agent"].pk, on=world.at.date(), link="/visits/7/", text=told, by=who, at=world.at)
    again = reopen_duty(visit.pk, "没有照片", by=world.who("manager"), at=world.at)
    assert (again.evidence_link, again.evidence_zh, again.evidence_en) == ("", "", "")
    assert Fact.objects.get(verb="reopen").before["evidence"] == "/visits/7/"
    paper = hand_in([visit.pk], NewPaper("visit", "走访", "附照片"), by=who, at=world.at)
    done = duty_of(world, "agent", VISIT)
    assert (done.paper_id, done.evidence_link) == (paper.pk, "")
    reopen_duty(visit.pk, "再看", by=world.who("manager"), at=world.at)
    fulfil("visit", about=world.firms["agent"].pk, on=world.at.date(), link="/visits/8/", text=told, by=who, at=world.at)
    done = duty_of(world, "agent", VISIT)
    assert (done.paper_id, done.evidence_link) == (None, "/visits/8/")


def test_a_form_sent_again_for_more_duties_or_after_it_was_asked_again_does_not_claim_to_fulfil_them(owed: World) -> None:
    october, november = duty_of(owed, "agent"), duty_of(owed, "agent", start=date(2026, 11, 1))
    new = NewPaper("monthly_report", "十月", "全", key="made-by-the-page")
    hand_in([october.pk], new, by=owed.who("agent_owner"), at=owed.at)
    assert code_of(lambda: hand_in([october.pk, november.pk], new, by=owed.who("agent_owner"), at=owed.at)) == "sent_already"
    reopen_duty(october.pk, "缺库存", by=owed.who("manager"), at=owed.at)
    assert code_of(lambda: hand_in([october.pk], new, by=owed.who("agent_owner"), at=owed.at)) == "sent_already"
