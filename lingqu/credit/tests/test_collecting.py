"""The ladder of collecting: each step is a duty of the right person, once for each batch, and a note of what was done fulfils it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lingqu.credit.actions import NewNote, note_collection, review_line
from lingqu.credit.models import Batch, CollectionNote, CreditLine
from lingqu.credit.queries import lines_to_review
from lingqu.credit.states import CollectionKind
from lingqu.credit.tests.hold_stories import code_of, later, owe, review
from lingqu.duties.models import Duty
from lingqu.duties.queries import responsible_people
from lingqu.notices.models import Notice
from tests.world import World

pytestmark = pytest.mark.django_db


def due_day(batch: Batch) -> date:
    assert batch.backstop_due_on is not None
    return batch.backstop_due_on


def note(
    world: World, kind: str = "visit", *, by: str = "representative", text: str = "见到负责人", amount: str = "", days: int | None = None
) -> CollectionNote:
    promised = None if days is None else world.at.date() + timedelta(days=days)
    new = NewNote(CollectionKind(kind), text, Decimal(amount) if amount else None, promised)
    return note_collection(world.lines["other_agent"].pk, new, by=world.who(by), at=world.at)


def rules(*states: str) -> list[str]:
    found = Duty.objects.filter(rule__startswith="collection_", state__in=states or ("open", "done", "void"))
    return sorted(found.values_list("rule", flat=True))


def test_each_step_comes_on_its_day_to_the_right_person_and_only_once(world: World) -> None:
    day = due_day(owe(world))
    later(world, day - timedelta(days=4))
    assert rules() == []
    people = {}
    for after in (-3, -2, 0, 1, 15, 16, 30, 60, 61):
        later(world, day + timedelta(days=after))
        review(world)
        for duty in Duty.objects.filter(state="open", rule__startswith="collection_"):
            (person,) = responsible_people([duty], on=world.at.date())[duty.pk]
            people[duty.rule] = next(name for name, known in world.people.items() if known.pk == person)
    assert rules() == ["collection_legal", "collection_letter", "collection_reminder", "collection_visit"]
    assert people == {
        "collection_reminder": "representative", "collection_visit": "representative", "collection_letter": "finance",
        "collection_legal": "director",
    }  # fmt: skip
    duty = Duty.objects.get(rule="collection_visit")
    assert duty.due_before_moving or duty.due_on == day + timedelta(days=15)
    assert Notice.objects.filter(key__startswith="collect:").count() == 1


def test_steps_that_nobody_saw_coming_are_not_asked_for_afterwards(world: World) -> None:
    day = due_day(owe(world))
    later(world, day + timedelta(days=40))
    assert rules() == ["collection_letter"]


def test_a_note_fulfils_what_it_answers_and_nothing_else(world: World) -> None:
    day = due_day(owe(world))
    later(world, day + timedelta(days=15))
    later(world, day + timedelta(days=30))
    note(world, "call")
    assert rules("open") == ["collection_letter", "collection_visit"]
    note(world, "visit")
    assert rules("open") == ["collection_letter"]
    note(world, "letter", by="finance")
    assert rules("done") == ["collection_letter", "collection_visit"]
    assert Duty.objects.get(rule="collection_letter").evidence_link == "/credit/collection/other_agent/"


def test_what_is_paid_needs_no_step_any_more_and_money_that_bounces_asks_again(world: World) -> None:
    batch = owe(world)
    later(world, due_day(batch) + timedelta(days=15))
    world.pay("other_agent", "6240.00")
    assert (rules("open"), rules("void")) == ([], ["collection_visit"])
    Batch.objects.filter(pk=batch.pk).update(settled_on=None, applied=0)
    review(world)
    assert (rules("open"), rules("void")) == (["collection_visit"], ["collection_visit"])


def test_a_disputed_batch_is_not_collected_while_it_is_disputed(world: World) -> None:
    batch = owe(world)
    day = due_day(batch) + timedelta(days=15)
    Batch.objects.filter(pk=batch.pk).update(disputed_until=day)
    later(world, day)
    assert rules() == []


@pytest.mark.parametrize(
    ("amount", "days", "code"), [("100.00", None, "bad_input"), ("", 3, "bad_input"), ("100.00", -1, "bad_input"), ("0", 3, "bad_input")]
)
def test_a_promise_has_its_amount_and_its_day(world: World, amount: str, days: int | None, code: str) -> None:
    assert code_of(lambda: note(world, amount=amount, days=days)) == code


def test_the_same_words_twice_are_one_note_and_others_note_nothing(world: World) -> None:
    assert note(world) == note(world)
    assert note(world, text="又去一次") != note(world)
    assert note(world, amount="100.00", days=3) != note(world, amount="200.00", days=3)
    assert code_of(lambda: note(world, text="  ")) == "bad_input"
    for who in ("warehouse", "other_agent_owner", "agent_owner", "deputy"):
        assert code_of(lambda who=who: note(world, by=who)) == "forbidden"  # type: ignore[misc]


def test_the_job_looks_at_lines_with_money_due_soon_and_at_no_others(world: World) -> None:
    day = due_day(owe(world))
    owe(world, "agent")
    line = world.lines["other_agent"].pk
    assert lines_to_review(on=day - timedelta(days=4), ahead=3) == []
    assert lines_to_review(on=day - timedelta(days=3), ahead=3) == [line]
    assert lines_to_review(on=day - timedelta(days=3), ahead=3, after=line) == []


def test_the_owner_of_an_agent_collects_from_its_own_customers(world: World) -> None:
    asked = world.submit("retailer", {0: 10})
    world.accept(asked, by="agent_owner")
    Batch.objects.filter(document_id=asked.order).update(triggered_due_on=world.at.date() - timedelta(days=30))
    line = CreditLine.objects.get(pk=world.lines["retailer"].pk)
    review_line(line.pk, regulation=world.regulation, at=world.at)
    duty = Duty.objects.get(rule="collection_letter")
    assert (duty.responsible, duty.issuer) == ("owner", world.firms["agent"])
