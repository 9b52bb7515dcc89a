"""Statements of account against histories played on paper: any day in the past, to the cent; issued, agreed, disputed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import msgspec
import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.actions import NewReceipt, OldBatch, OldMoney, enter_receipt, open_taken_over_batches, take_over_money
from lingqu.credit.models import CreditLine, Receipt
from lingqu.credit.tests.purse import Purse
from lingqu.credit.tests.test_money_model import Play
from lingqu.ledger.queries import balance
from lingqu.notices.models import Notice
from lingqu.settlement import queries
from lingqu.settlement.actions import agree_statement, answer_dispute, dispute_statement, issue_month, issue_statement, remind_statement
from lingqu.settlement.models import Statement
from lingqu.settlement.queries import closings, entered_since, statement_of, statements_to_remind
from lingqu.settlement.queries import statements as reading
from lingqu.settlement.queries.statement_papers import papers_of
from lingqu.settlement.rules import (
    Figures,
    Firms,
    Laid,
    Move,
    MoveKind,
    Owed,
    StatementContent,
    batches_at,
    canonical,
    check_statement,
    make_statement,
    month_due,
    month_of,
    read_canonical,
    unapplied_at,
)
from tests.world import World

STEPS = 30
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


class LatePurse(Purse):
    """Money is entered for any of the last nine days, and taken back for any day since."""

    dice = Random(0)

    def receive(self, amount: str, **detail: str) -> Receipt:
        named = {self.batch(int(key[1:])).pk: Decimal(part) for key, part in detail.items()}
        self.world.sent += 1
        on = self.world.at.date() - timedelta(days=self.dice.randint(0, 9))
        new = NewReceipt(self.line.pk, f"late-{self.world.sent}", Decimal(amount), on, detail=named)
        return enter_receipt(new, regulation=self.world.regulation, by=self.world.who("finance"), at=self.world.at)

    def reverse(self, receipt: Receipt, *, reason: str = "银行退票", on: date | None = None, by: str = "finance") -> Receipt:
        day = receipt.received_on + timedelta(days=self.dice.randint(0, (self.world.at.date() - receipt.received_on).days))
        return super().reverse(receipt, reason=reason, on=on or day, by=by)


def days_of(world: World, since: date) -> Iterator[date]:
    day = since
    while day <= world.at.date():
        yield day
        day += timedelta(days=1)


def line_of(world: World, buyer: str = "agent") -> CreditLine:
    return CreditLine.objects.select_related("seller", "buyer").get(pk=world.lines[buyer].pk)


@pytest.mark.parametrize("seed", range(8))
def test_any_past_day_reads_as_it_stood_on_paper_that_evening(world: World, seed: int) -> None:
    game, began = Play(Purse(world), seed), world.at.date()
    evenings: dict[date, tuple[dict[int, Decimal], Decimal]] = {}
    for _ in range(STEPS):
        game.step()
        owed = {place + 1: debt.left for place, debt in enumerate(game.paper.debts) if debt.left}
        evenings[world.at.date()] = (owed, game.paper.waiting)
        world.at += timedelta(days=game.dice.choice((0, 1, 1, 2)), minutes=1)
    line = line_of(world)
    for day, (owed, waiting) in evenings.items():
        content = statement_of(line, began, day)
        assert ({one.number: one.remaining for one in content.batches}, content.unapplied) == (owed, waiting), game.story
        assert content.closing == sum(owed.values(), Decimal(0)) - waiting == balance(line.account_id, on=day).amount


@pytest.mark.parametrize("seed", range(8))
def test_money_entered_and_taken_back_for_earlier_days_keeps_every_day_sound(world: World, seed: int) -> None:
    LatePurse.dice, began = Random(seed), world.at.date() - timedelta(days=9)
    game = Play(LatePurse(world), seed)
    for _ in range(STEPS):
        game.step()
        world.at += timedelta(days=game.dice.choice((0, 1, 1, 2)), minutes=1)
    line = line_of(world)
    closing = Decimal(0)
    for day in days_of(world, began):
        content = statement_of(line, day, day)
        late = sum((one.debit - one.credit for one in content.lines if one.late), Decimal(0))
        assert (content.opening + late, content.closing) == (closing, balance(line.account_id, on=day).amount), game.story
        closing = content.closing
    assert closing == Decimal(game.purse.used)


@pytest.mark.parametrize("seed", range(8))
def test_as_known_on_an_evening_it_reads_as_it_read_that_evening(world: World, seed: int) -> None:
    LatePurse.dice, began = Random(seed), world.at.date() - timedelta(days=9)
    game, line = Play(LatePurse(world), seed), line_of(world)
    evenings: dict[date, list[StatementContent]] = {}
    for _ in range(STEPS):
        game.step()
        days = (world.at.date(), world.at.date() - timedelta(days=5))
        evenings[world.at.date()] = [statement_of(line, began, day) for day in days]
        world.at += timedelta(days=game.dice.choice((0, 1, 1, 2)), minutes=1)
    for known, read in evenings.items():
        for one in read:
            again = statement_of(line, began, one.until, known=known)
            assert again == msgspec.structs.replace(one, known_on=known), game.story
            since = entered_since(line, again)
            now = statement_of(line, began, one.until).closing
            assert again.closing + sum((move.debit - move.credit for move in since), Decimal(0)) == now, game.story


def receive_for(world: World, day: date, amount: str, *, key: str = "late") -> Receipt:
    """Money of the agent, entered now for a day."""
    new = NewReceipt(world.lines["agent"].pk, key, Decimal(amount), day)
    return enter_receipt(new, regulation=world.regulation, by=world.who("finance"), at=world.at)


def test_what_is_entered_later_for_a_month_that_was_never_issued_stands_in_the_next_one(world: World) -> None:
    Purse(world).open("1000.00")
    world.at = FIRST_OF_DECEMBER
    receive_for(world, date(2026, 11, 30), "50.00")
    november, following = (statement_of(line_of(world), month, until) for month, until in (
        (NOVEMBER, date(2026, 11, 30)), (DECEMBER, world.at.date())
    ))  # fmt: skip
    assert (november.closing, following.opening, following.closing) == (Decimal("950.00"), Decimal("1000.00"), Decimal("950.00"))
    assert [(one.late, one.on, one.entered_on, one.credit) for one in following.lines] == [
        (True, date(2026, 11, 30), DECEMBER, Decimal("50.00"))
    ]  # fmt: skip
    then = statement_of(line_of(world), NOVEMBER, date(2026, 11, 30), known=date(2026, 11, 30))
    assert (then.closing, [move.credit for move in entered_since(line_of(world), then)]) == (Decimal("1000.00"), [Decimal("50.00")])


def test_the_books_before_count_from_the_day_on_which_they_were_taken_over(world: World) -> None:
    today, line = world.at.date(), world.lines["agent"].pk
    old = OldBatch(line, "旧-1", today - timedelta(days=90), Decimal("300.00"), due_on=today - timedelta(days=30))
    open_taken_over_batches([old], regulation=world.regulation, by=world.who("director"), at=world.at)
    money = OldMoney(line, "旧-2", Decimal("20.00"), today - timedelta(days=40))
    take_over_money(money, regulation=world.regulation, by=world.who("director"), at=world.at)
    before, now = (statement_of(line_of(world), NOVEMBER, day) for day in (today - timedelta(days=1), today))
    assert (before.closing, before.batches) == (Decimal(0), ())
    assert (now.closing, [one.days_past for one in now.batches], now.batches[0].sent) == (Decimal("280.00"), [30], None)


def test_all_partners_together_owe_what_the_ledger_says(world: World) -> None:
    for buyer, net in (("agent", "100.00"), ("other_agent", "77.01")):
        Purse(world, buyer).open(net)
    lines = [line_of(world, buyer) for buyer in ("agent", "other_agent", "cash_agent")]
    assert closings(lines, on=world.at.date()) == {
        lines[0].pk: Decimal("100.00"), lines[1].pk: Decimal("77.01"), lines[2].pk: Decimal(0)
    }  # fmt: skip
    assert set(closings(lines, on=world.at.date() - timedelta(days=1)).values()) == {Decimal(0)}


def wrong(content: StatementContent) -> list[StatementContent]:
    """The same statement with one figure a cent off."""
    cent = Decimal("0.01")
    line = msgspec.structs.replace(content.lines[0], debit=content.lines[0].debit + cent)
    return [
        msgspec.structs.replace(content, opening=content.opening + cent),
        msgspec.structs.replace(content, lines=(line, *content.lines[1:])),
        msgspec.structs.replace(content, closing=content.closing + cent),
        msgspec.structs.replace(content, unapplied=content.unapplied + cent),
        msgspec.structs.replace(content, batches=content.batches[1:]),
        msgspec.structs.replace(content, ages=(content.ages[0] + cent, *content.ages[1:])),
    ]


def test_negative_control_a_cent_too_much_anywhere_is_refused(world: World) -> None:
    Purse(world).open("100.00")
    content = statement_of(line_of(world), NOVEMBER, world.at.date())
    for one in wrong(content):
        with pytest.raises(Refusal):
            check_statement(one)


def test_negative_control_a_paper_that_the_ledger_does_not_know_stops_the_statement(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    Purse(world).open("100.00")
    owed, laid, money = papers_of(line_of(world), before=reading.FAR)
    monkeypatch.setattr(reading, "papers_of", lambda line, before: (owed[:0], laid, money))
    with pytest.raises(Refusal) as refused:
        queries.statement_of(line_of(world), NOVEMBER, world.at.date())
    assert refused.value.code == "statement_unsound"


def test_a_batch_is_due_as_it_was_known_on_the_day() -> None:
    owed = Owed(
        1, 1, "JH-1", date(2026, 1, 1), Decimal(10), (), date(2026, 1, 5), date(2026, 2, 1), date(2026, 2, 4), date(2026, 4, 5)
    )  # fmt: skip
    found = [batches_at([owed], [], day)[0] for day in (date(2026, 1, 3), date(2026, 1, 31), date(2026, 2, 14))]
    assert [(one.shipped_on, one.due_on, one.days_past) for one in found] == [
        (None, None, 0),
        (date(2026, 1, 5), date(2026, 4, 5), 0),
        (date(2026, 1, 5), date(2026, 2, 4), 10),
    ]


def issued(world: World) -> Statement:
    """November of the agent, issued on the first of December."""
    Purse(world).open("1000.00")
    Purse(world).receive("300.00")
    world.at = FIRST_OF_DECEMBER
    return issue_statement(world.lines["agent"].pk, NOVEMBER, regulation=world.regulation, by=world.who("finance"), at=world.at)


def test_an_issued_statement_is_frozen_and_what_comes_later_stands_in_the_next_one(world: World) -> None:
    statement = issued(world)
    told = Notice.objects.filter(person=world.people["agent_owner"], key=f"statement:{statement.pk}").count()
    assert (statement.closing, statement.reply_until, told) == (Decimal("700.00"), date(2026, 12, 11), 1)
    again = issue_statement(world.lines["agent"].pk, NOVEMBER, regulation=world.regulation, by=world.who("finance"), at=world.at)
    assert (again.pk, again.sha256) == (statement.pk, canonical(read_canonical(statement.content))[1])
    enter_receipt(
        NewReceipt(world.lines["agent"].pk, "late", Decimal("50.00"), date(2026, 11, 30)),
        regulation=world.regulation, by=world.who("finance"), at=world.at,
    )  # fmt: skip
    old = read_canonical(statement.content)
    late = entered_since(line_of(world), old)
    following = statement_of(line_of(world), DECEMBER, world.at.date())
    assert [(move.kind, move.credit) for move in late] == [(MoveKind.RECEIPT, Decimal("50.00"))]
    assert (following.opening, following.closing) == (old.closing, Decimal("650.00"))
    assert [(one.late, one.credit) for one in following.lines] == [(True, Decimal("50.00"))]


def test_a_month_is_issued_at_once_where_money_moved_or_is_owed(world: World) -> None:
    Purse(world).open("1000.00")
    world.at = FIRST_OF_DECEMBER
    done = [
        issue_month(NOVEMBER, seller=world.hq.pk, regulation=world.regulation, by=world.who("finance"), at=world.at) for _ in range(2)
    ]  # fmt: skip
    assert ([len(one.numbers) for one in done], done[0].left) == ([1, 0], {})


def test_who_may_not_issue_and_months_that_are_not_over_are_refused(world: World) -> None:
    line = world.lines["agent"].pk
    for name, month, code in (
        ("representative", NOVEMBER, "forbidden"),
        ("agent_owner", NOVEMBER, "forbidden"),
        ("finance", NOVEMBER, "bad_input"),
    ):
        with pytest.raises(Refusal) as refused:
            issue_statement(line, month, regulation=world.regulation, by=world.who(name), at=world.at)
        assert refused.value.code == code


def test_a_line_is_disputed_answered_and_the_statement_agreed(world: World) -> None:
    statement = issued(world)
    place = read_canonical(statement.content).lines[0].place
    dispute = dispute_statement(statement.pk, place, kind="quantity", text="少到 2 册", by=world.who("agent_owner"), at=world.at)
    with pytest.raises(Refusal) as early:
        agree_statement(statement.pk, by=world.who("agent_owner"), at=world.at)
    with pytest.raises(Refusal):
        answer_dispute(dispute.pk, answer="不", by=world.who("representative"), at=world.at)
    answer_dispute(dispute.pk, answer="已补发", by=world.who("finance"), at=world.at)
    agreed = agree_statement(statement.pk, by=world.who("agent_owner"), at=world.at)
    assert (early.value.code, agreed.state) == ("dispute_open", "agreed")
    with pytest.raises(Refusal):
        dispute_statement(statement.pk, "", kind="other", text="再议", by=world.who("agent_owner"), at=world.at)


@pytest.mark.parametrize(
    ("who", "place", "kind", "text", "code"),
    [
        ("agent_clerk", "", "other", "不对", "not_found"),
        ("other_agent_owner", "", "other", "不对", "not_found"),
        ("finance", "", "other", "不对", "not_found"),
        ("agent_owner", "no-such", "other", "不对", "bad_input"),
        ("agent_owner", "", "no-such", "不对", "bad_input"),
        ("agent_owner", "", "other", "  ", "bad_input"),
        ("agent_owner", "", "other", "长" * 401, "bad_input"),
    ],
)
def test_an_objection_that_cannot_be_is_refused(world: World, who: str, place: str, kind: str, text: str, code: str) -> None:
    statement = issued(world)
    with pytest.raises(Refusal) as refused:
        dispute_statement(statement.pk, place, kind=kind, text=text, by=world.who(who), at=world.at)
    assert (refused.value.code, Statement.objects.get().state) == (code, "issued")


def test_no_answer_is_remembered_once_and_agrees_to_nothing(world: World) -> None:
    statement = issued(world)
    assert statements_to_remind(on=statement.reply_until) == []
    assert statements_to_remind(on=statement.reply_until + timedelta(days=1)) == [statement.pk]
    for _ in range(2):
        remind_statement(statement.pk, at=world.at)
    statement.refresh_from_db()
    assert (Notice.objects.filter(key=f"statement:{statement.pk}:late").count(), statement.state) == (1, "issued")


def test_the_month_before_is_due_from_its_day_on() -> None:
    days = (date(2026, 12, 4), date(2026, 12, 5), date(2026, 12, 31), date(2027, 2, 28))
    assert [month_due(day, at) for day, at in zip(days, (5, 5, 5, 31), strict=True)] == [
        None, NOVEMBER, NOVEMBER, date(2027, 1, 1)
    ]  # fmt: skip


def generated(many: int) -> tuple[list[Move], list[Owed], list[Laid], list[tuple[date, Decimal]], dict[date, int]]:
    """Documents of four years, in cents on paper: batches, receipts that pay the oldest, credits; and what is owed each evening."""
    dice, began = Random(many), date(2023, 1, 1)
    moves: list[Move] = []
    owed: list[Owed] = []
    laid: list[Laid] = []
    money: list[tuple[date, Decimal]] = []
    rest: list[int] = []
    first = waiting = total = 0
    evenings: dict[date, int] = {}
    for place in range(many):
        day = began + timedelta(days=place * 1460 // many)
        cents = dice.randint(1, 9_999_999)
        opens = dice.random() < 0.5
        if opens:
            owed.append(Owed(len(owed), len(owed) + 1, f"JH-{place}", day, Decimal(cents) / 100))
            rest.append(cents)
            moves.append(Move(place, day, MoveKind.ACCEPTED, f"JH-{place}", "", Decimal(cents) / 100, Decimal(0)))
        else:
            kind = dice.choice((MoveKind.RECEIPT, MoveKind.RECEIPT, MoveKind.CREDIT))
            moves.append(Move(place, day, kind, f"SK-{place}", "", Decimal(0), Decimal(cents) / 100))
            money.append((day, Decimal(cents) / 100))
            waiting += cents
        total += cents if opens else -cents
        while waiting and first < len(rest):
            part = min(rest[first], waiting)
            rest[first], waiting = rest[first] - part, waiting - part
            laid.append(Laid(len(laid), first, Decimal(part) / 100, day, day, waited=opens))
            first += rest[first] == 0
        evenings[day] = total
    return moves, owed, laid, money, evenings


def sums_of(many: int) -> None:
    """Every month of four years from `many` documents: each sound, each closing the next opening, the last the sum of all, to the cent."""
    moves, owed, laid, money, evenings = generated(many)
    opening, day, stated = Decimal(0), date(2023, 1, 1), 0
    while day < date(2026, 12, 31):
        first, until = month_of(day)
        cents = evenings[max(one for one in evenings if one <= until)]
        within = [move for move in moves if first <= move.on <= until]
        content = make_statement(
            Firms("HQ", "HQ", "A", "A"), (first, until), Figures(opening, Decimal(cents) / 100), within, batches_at(owed, laid, until),
            unapplied_at(money, owed, laid, until),
        )  # fmt: skip
        opening, stated, day = content.closing, stated + len(content.lines), until + timedelta(days=1)
    assert stated == many
    assert opening == sum((move.debit - move.credit for move in moves), Decimal(0))


def test_the_statements_of_two_thousand_documents_sum_to_the_cent() -> None:
    sums_of(2_000)


@pytest.mark.soak
def test_the_statements_of_a_hundred_thousand_documents_sum_to_the_cent() -> None:
    sums_of(100_000)
