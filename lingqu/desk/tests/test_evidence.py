"""The evidence of a clause is counted from what really happened: decisions, approvals, duties, credit lines."""

from __future__ import annotations

from datetime import date, timedelta

from lingqu.documents.rules import NewFile
from lingqu.duties.actions import NewPaper, hand_in, make_duties
from lingqu.duties.models import Duty
from lingqu.duties.rules import DutyRule
from lingqu.orders.actions import hand_in_contract
from lingqu.policy.actions import edit_draft, send_draft, set_reasons, start_draft
from lingqu.policy.queries import Evidence, evidence_counts, evidence_of
from lingqu.policy.rules import SetParameter
from tests.regulation import issued
from tests.world import World

SINCE, UNTIL = date(2026, 1, 1), date(2026, 11, 24)
"""From New Year to the day of the story, both inside: `until` is the day after the last."""


def evidence(world: World, carrier: str, *, firm: str = "", after: int | None = None, limit: int = 20) -> Evidence:
    whose = world.firms[firm] if firm else world.hq
    found = evidence_of(carrier, firm=whose.pk, since=SINCE, until=UNTIL, limit=limit, after=after)
    assert found is not None
    return found


def test_a_law_has_the_decisions_that_it_judged(world: World) -> None:
    world.accept(world.submit("agent", {0: 10}))
    world.accept(world.submit("agent", {0: 10}))
    stopped = world.submit("agent", {0: 10})
    found = evidence(world, "law:batches")
    assert (found.count, found.failed) == (3, 1)
    assert (found.samples[0].title, found.samples[0].good) == (stopped.number, False)
    assert (evidence(world, "law:credit").failed, evidence_counts("law", firm=world.hq.pk, since=SINCE, until=UNTIL)["batches"]) == (
        0,
        (3, 1),
    )


def test_a_stranger_is_shown_their_own_decisions_only(world: World) -> None:
    world.submit("agent", {0: 10})
    assert (evidence(world, "law:credit", firm="agent").count, evidence(world, "law:credit", firm="other_agent").count) == (1, 0)


def test_pages_of_evidence_do_not_overlap(world: World) -> None:
    for _ in range(5):
        world.submit("other_agent", {0: 1})
    first = evidence(world, "law:credit", limit=3)
    second = evidence(world, "law:credit", limit=3, after=first.more)
    titles = [sample.title for sample in (*first.samples, *second.samples)]
    assert (len(titles), len(set(titles)), second.more) == (5, 5, None)


def test_a_procedure_has_its_approvals(world: World) -> None:
    manager = world.who("manager")
    draft = start_draft("publisher", by=manager, at=world.at)
    draft = edit_draft(draft.pk, revision=draft.revision, edits=[SetParameter("answer_days", 3)], by=manager, at=world.at)
    draft = set_reasons(draft.pk, revision=draft.revision, reasons="经验", in_force_from=None, by=manager, at=world.at)
    draft = send_draft(draft.pk, revision=draft.revision, by=manager, at=world.at)
    found = evidence(world, "procedure:regulation_change")
    assert (found.count, found.failed, found.samples[0].outcome.en) == (1, 0, "Being decided")
    world.sign(draft.approval_id or 0, "deputy", "refuse", "再议")
    assert evidence(world, "procedure:regulation_change").failed == 1
    assert evidence(world, "procedure:limit_change").count == 0


def test_a_duty_has_its_papers_and_late_ones_count_as_failed(world: World) -> None:
    rule: DutyRule = world.regulation.duties["monthly_report"]
    since = date(2026, 10, 1)
    regulation = world.regulation
    make_duties(
        [rule], issuer=world.hq.pk, regulation=regulation.reference, calendar=regulation.calendar, on=world.at.date(), at=world.at,
        since=since,
    )  # fmt: skip
    october = Duty.objects.get(rule=rule.key, firm=world.firms["agent"], period_start=since)
    world.at += timedelta(hours=1)
    hand_in([october.pk], NewPaper(rule.papers[0], "十月月报", "数字见正文。"), by=world.who("agent_owner"), at=world.at)
    found = evidence(world, f"duty:{rule.key}")
    assert (found.count, found.failed) == (4, 4)  # October's of four partners: one handed in late, three still open and late
    assert {sample.about for sample in found.samples} >= {world.firms["agent"].name}


def test_an_account_has_its_lines(world: World) -> None:
    found = evidence(world, "account:credit_line")
    assert (found.count, found.failed, len(found.samples)) == (3, 0, 3)


def test_a_record_has_its_papers_and_strangers_count_their_own(world: World) -> None:
    asked = world.submit("agent", {0: 10})
    world.accept(asked)
    world.ship(asked)
    world.pay("agent", "1.00")
    for key, count in (("orders", 1), ("deliveries", 1), ("receipts", 1), ("versions", 1), ("drafts", 0), ("minutes", 0), ("partners", 0)):
        assert evidence(world, f"record:{key}").count == count, key
    assert [evidence(world, f"record:{key}", firm="other_agent").count for key in ("orders", "deliveries", "receipts", "stock")] == [0] * 4
    assert evidence_counts("record", firm=world.hq.pk, since=SINCE, until=UNTIL)["orders"] == (1, 0)


def test_what_a_meeting_wrote_is_kept_for_hq_only(world: World) -> None:
    issued(world, SetParameter("answer_days", 3))
    seen = {
        firm: [evidence(world, f"record:{key}", firm=firm).count for key in ("versions", "drafts", "minutes")] for firm in ("", "agent")
    }
    assert seen == {"": [2, 1, 1], "agent": [2, 0, 0]}


def test_answers_count_as_records_and_late_ones_as_failed(world: World) -> None:
    world.accept(world.submit("agent", {0: 10}))
    late = world.submit("other_agent", {0: 10})
    world.at += timedelta(days=3)
    assert world.expire() == 1
    found = evidence(world, "record:answers")
    assert (found.count, found.failed) == (2, 1)
    assert (found.samples[0].title, found.samples[0].good) == (late.number, False)
    assert evidence_counts("record", firm=world.hq.pk, since=SINCE, until=UNTIL)["answers"] == (2, 1)
    assert evidence(world, "record:answers", firm="retailer").count == 0


def test_contracts_that_were_handed_in_are_records(world: World) -> None:
    world.partners["agent"].contract_until = date(2026, 10, 31)
    world.partners["agent"].save()
    sent = world.submit("agent", {0: 10})
    assert sent.order
    scan = NewFile("合同.pdf", b"%PDF-1.7")
    hand_in_contract(sent.order, (scan,), regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    found = evidence(world, "record:purchase_contracts")
    assert (found.count, found.failed, found.samples[0].title) == (1, 0, f"{sent.number} 合同.pdf")
    assert evidence(world, "record:purchase_contracts", firm="other_agent").count == 0
