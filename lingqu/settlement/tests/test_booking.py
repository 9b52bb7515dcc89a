"""From a bank's file to settled batches: each movement is kept once and booked once, by a person, and what is taken back waits again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import reverse_receipt
from lingqu.credit.models import Batch, Receipt
from lingqu.credit.queries import exposure_of, standing_of
from lingqu.settlement.actions import Part, book_certain, book_line, keep_upload, set_aside, take_up, unbook_line
from lingqu.settlement.models import BankBooking, BankFile, BankLine, BankProfile, BankUpload, PayerAccount
from lingqu.settlement.states import LineState
from lingqu.settlement.tests.banks import LAYOUTS, Moved, serials, tabs_behind_cells
from lingqu.settlement.tests.stories import at_once, bank_day, matches, sent, take
from tests.world import World, build_world

ACCOUNT = "37001616608050123456"


def money(world: World, amount: str, payer: str = "agent公司", **more: str) -> Moved:
    return Moved(world.at.date(), Decimal(amount), payer, more.pop("account", ACCOUNT), **more)  # type: ignore[arg-type]


def owing(world: World) -> list[Batch]:
    """Two open batches of the agent: 6,240.00 and 13,000.00 yuan."""
    world.accept(world.submit("agent", {0: 100}))
    world.accept(world.submit("agent", {2: 1000}))
    return list(Batch.objects.filter(line=world.lines["agent"]).order_by("number"))


def line_of(world: World, amount: str, payer: str = "agent公司", **more: str) -> BankLine:
    file = take(world, tabs_behind_cells(serials([money(world, amount, payer, **more)])))
    return file.lines.get()


def book(world: World, line: BankLine, *parts: Part, by: str = "finance") -> list[Receipt]:
    return book_line(line.pk, parts, regulation=world.regulation, by=world.who(by), at=world.at)


def part(world: World, buyer: str, amount: str, **more: object) -> Part:
    return Part(world.lines[buyer].pk, Decimal(amount), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_taken_in_once(world: World, layout: str) -> None:
    moved = serials(bank_day(world, 30))
    content = LAYOUTS[layout](moved)
    file = take(world, content)
    assert (file.lines_count, file.repeated, file.lines.count()) == (30, 0, 30)
    assert sorted(file.lines.values_list("amount", flat=True)) == sorted(one.amount for one in moved)
    assert list(file.lines.order_by("id").values_list("amount", flat=True)) == [one.amount for one in moved]
    incoming = [one for one in moved if one.amount > 0]
    assert file.lines.filter(state=LineState.OPEN.value).count() == len(incoming)
    assert file.lines.filter(state=LineState.OUTGOING.value).count() == 30 - len(incoming)
    assert take(world, content).pk == file.pk
    assert (BankLine.objects.count(), BankUpload.objects.count()) == (30, 1)


def test_what_an_earlier_file_brought_is_counted_and_not_stored_again(world: World) -> None:
    moved = serials(bank_day(world, 30))
    take(world, tabs_behind_cells(moved[:20]))
    again = take(world, LAYOUTS["one_signed_column"](moved[10:]), name="第二次.xlsx")
    assert (again.lines_count, again.repeated, again.lines.count()) == (20, 10, 10)
    assert BankLine.objects.count() == 30


def test_without_serial_numbers_overlapping_files_are_known_by_all_fields(world: World) -> None:
    moved = bank_day(world, 30)
    take(world, LAYOUTS["two_row_head"](moved[:20]))
    again = take(world, LAYOUTS["two_row_head"](moved))
    assert (again.repeated, BankLine.objects.count()) == (20, 30)


def test_alike_movements_of_one_file_are_all_kept(world: World) -> None:
    same = [money(world, "100.00")] * 3
    rows = LAYOUTS["pages_with_heads"](same).decode("gb18030")
    for balance in ("1,250,100.00", "1,250,200.00", "1,250,300.00"):
        rows = rows.replace(balance, "")
    take(world, rows.encode("gb18030"))
    assert BankLine.objects.count() == 3
    assert take(world, (rows + "\r\n打印").encode("gb18030")).repeated == 3


def test_the_layout_is_remembered_and_an_account_has_one_profile(world: World) -> None:
    take(world, tabs_behind_cells(serials(bank_day(world, 5))), profile=" 工行  基本户 ")
    profile = BankProfile.objects.get()
    assert (profile.name, profile.account) == ("工行 基本户", "1602023409024567890")
    assert profile.mapping["money_in"] == ["贷方发生额"]
    take(world, LAYOUTS["one_signed_column"](serials(bank_day(world, 5), 55555555)), profile="工行 基本户")
    assert BankProfile.objects.get().mapping["amount"] == ["交易金额"]


def test_a_file_with_problems_or_doubts_is_not_taken_in(world: World) -> None:
    moved = serials(bank_day(world, 10))
    words = tabs_behind_cells(moved).decode("gb18030")
    gone = "\r\n".join(line for line in words.split("\r\n") if moved[4].serial not in line).encode("gb18030")
    with pytest.raises(Refusal) as refused:
        take(world, gone)
    assert (refused.value.code, refused.value.field) == ("file_does_not_add_up", "despite")
    assert not BankFile.objects.exists()
    assert take(world, gone, despite=True).lines.count() == 9
    doubts = Fact.objects.get(subject="bank_file").after["doubts"]
    assert len(doubts) == 2
    broken = words.replace(f"{moved[2].on:%Y%m%d}", "不详", 1).encode("gb18030")
    with pytest.raises(Refusal) as refused:
        take(world, broken, despite=True)
    assert refused.value.code == "file_has_problems"
    with pytest.raises(Refusal) as refused:
        take(world, words.encode("gb18030"), profile="  ")
    assert refused.value.field == "profile"


def test_files_that_nobody_took_in_are_thrown_away_after_a_week(world: World) -> None:
    old = keep_upload(sent("a.csv", b"x"), by=world.who("finance"), at=world.at)
    kept = take(world, tabs_behind_cells(serials(bank_day(world, 3)))).upload_id
    world.at += timedelta(days=8)
    new = keep_upload(sent("b.csv", b"y"), by=world.who("finance"), at=world.at)
    assert set(BankUpload.objects.values_list("pk", flat=True)) == {kept, new.pk}
    assert old.pk not in {kept, new.pk}


def test_a_line_pays_batches_as_a_receipt_does(world: World) -> None:
    first, second = owing(world)
    line = line_of(world, "6240.00", serial="2026112300009")
    match = matches(world)[line.pk]
    assert (match.level, match.candidates[0].name, match.candidates[0].why) == ("certain", "agent公司", "name,batch")
    (receipt,) = book(world, line, part(world, "agent", "6240.00", why=match.candidates[0].why))
    first.refresh_from_db()
    assert first.settled_on == world.at.date()
    assert (receipt.amount, receipt.payer, receipt.bank_reference) == (Decimal("6240.00"), "agent公司", "20261123000100")
    line.refresh_from_db()
    assert (line.state, line.decided_by_id) == (LineState.BOOKED.value, world.people["finance"].pk)
    assert BankBooking.objects.get().why == "name,batch"
    assert PayerAccount.objects.get().account == ACCOUNT
    second.refresh_from_db()
    assert second.applied == 0


def test_the_next_payment_from_the_account_is_recognised_by_it(world: World) -> None:
    owing(world)
    book(world, line_of(world, "6240.00", "王某某"), part(world, "agent", "6240.00"))
    line = BankLine.objects.get(pk=take(world, tabs_behind_cells(serials([money(world, "13000.00", "王某某")], 30000001))).lines.get().pk)
    match = matches(world)[line.pk]
    assert (match.level, match.candidates[0].why) == ("certain", "account,alias,batch")


def test_a_line_is_split_over_partners_and_batches(world: World) -> None:
    _, second = owing(world)
    line = line_of(world, "10000.00", "集团总公司")
    detail = {second.pk: Decimal("7000.00")}
    receipts = book(world, line, part(world, "agent", "7000.00", detail=detail), part(world, "other_agent", "3000.00"))
    assert [receipt.amount for receipt in receipts] == [Decimal("7000.00"), Decimal("3000.00")]
    second.refresh_from_db()
    assert second.applied == Decimal("7000.00")
    world.lines["other_agent"].refresh_from_db()
    assert world.lines["other_agent"].unapplied == Decimal("3000.00")


def test_more_than_is_owed_waits_as_unapplied_money(world: World) -> None:
    owing(world)
    book(world, line_of(world, "20000.00"), part(world, "agent", "20000.00"))
    world.lines["agent"].refresh_from_db()
    assert world.lines["agent"].unapplied == Decimal("760.00")


@pytest.mark.parametrize("amounts", [("6240.01",), ("6239.99",), ("3000.00", "3000.00"), ("0.00", "6240.00"), ("-1.00", "6241.00"), ()])
def test_the_parts_must_add_up(world: World, amounts: tuple[str, ...]) -> None:
    line = line_of(world, "6240.00")
    parts = [part(world, buyer, amount) for buyer, amount in zip(("agent", "other_agent"), amounts, strict=False)]
    with pytest.raises(Refusal) as refused:
        book(world, line, *parts)
    assert refused.value.status == 422
    assert not Receipt.objects.exists()


def test_one_part_that_is_refused_undoes_the_others(world: World) -> None:
    first, _ = owing(world)
    line = line_of(world, "10000.00")
    wrong = part(world, "other_agent", "3000.00", detail={first.pk: Decimal("3000.00")})
    with pytest.raises(Refusal):
        book(world, line, part(world, "agent", "7000.00"), wrong)
    assert not Receipt.objects.exists()
    line.refresh_from_db()
    assert line.state == LineState.OPEN.value


def test_the_same_partner_twice_and_a_partner_of_another_seller_are_refused(world: World) -> None:
    line = line_of(world, "100.00")
    for parts, status in (([part(world, "agent", "50.00")] * 2, 422), ([part(world, "retailer", "100.00")], 404)):
        with pytest.raises(Refusal) as refused:
            book(world, line, *parts)
        assert refused.value.status == status


@pytest.mark.parametrize("name", ["director", "manager", "representative", "warehouse", "agent_owner", "retailer_owner"])
def test_only_finance_books(world: World, name: str) -> None:
    line = line_of(world, "100.00")
    who = world.who(name)
    deeds = (
        partial(book, world, line, part(world, "agent", "100.00"), by=name),
        partial(set_aside, line.pk, note="利息", by=who, at=world.at),
        partial(take_up, line.pk, by=who, at=world.at),
        partial(unbook_line, line.pk, reason="错", regulation=world.regulation, by=who, at=world.at),
        partial(book_certain, {line.pk: world.lines["agent"].pk}, regulation=world.regulation, by=who, at=world.at),
    )
    for deed in deeds:
        with pytest.raises(Refusal) as refused:
            deed()
        assert refused.value.status == 404
    with pytest.raises(Refusal) as refused:
        keep_upload(sent("a.csv", b"x"), by=world.who("representative"), at=world.at)
    assert refused.value.status == 403


def test_an_agent_s_owner_takes_in_the_agent_s_own_files(world: World) -> None:
    file = take(world, tabs_behind_cells(serials([money(world, "100.00", "retailer公司")])), by="agent_owner")
    assert file.seller_id == world.firms["agent"].pk
    book(world, file.lines.get(), part(world, "retailer", "100.00"), by="agent_owner")
    assert Receipt.objects.get().line_id == world.lines["retailer"].pk
    hq = take(world, tabs_behind_cells(serials([money(world, "100.00", "retailer公司")])))
    assert (hq.pk != file.pk, hq.lines.count()) == (True, 1)


def test_a_line_is_booked_once(world: World) -> None:
    line = line_of(world, "100.00")
    book(world, line, part(world, "agent", "100.00"))
    with pytest.raises(Refusal) as refused:
        book(world, line, part(world, "agent", "100.00"))
    assert refused.value.code == "line_moved"
    assert "finance" in refused.value.text.en
    assert Receipt.objects.count() == 1


def test_all_certain_ones_are_booked_in_one_go_and_the_rest_is_left_with_its_reason(world: World) -> None:
    owing(world)
    moved = [money(world, "6240.00"), money(world, "13000.00"), money(world, "77.00", "路人")]
    lines = list(take(world, tabs_behind_cells(serials(moved))).lines.order_by("id"))
    found = matches(world)
    assert [found[line.pk].level for line in lines] == ["certain", "certain", "unknown"]
    agent = world.lines["agent"].pk
    wanted = {line.pk: agent for line in lines}
    done = book_certain(wanted, regulation=world.regulation, by=world.who("finance"), at=world.at)
    assert len(done.receipts) == 2
    assert list(done.left) == [lines[2].pk]
    assert not Batch.objects.filter(line=agent, settled_on__isnull=True).exists()
    again = book_certain({lines[0].pk: agent}, regulation=world.regulation, by=world.who("finance"), at=world.at)
    assert (again.receipts, "已入账" in again.left[lines[0].pk].zh) == ((), True)
    with pytest.raises(Refusal):
        book_certain({}, regulation=world.regulation, by=world.who("finance"), at=world.at)


def test_what_points_to_another_partner_now_is_left(world: World) -> None:
    owing(world)
    line = line_of(world, "6240.00")
    other = world.lines["other_agent"].pk
    done = book_certain({line.pk: other}, regulation=world.regulation, by=world.who("finance"), at=world.at)
    assert (done.receipts, list(done.left)) == ((), [line.pk])


def test_taken_back_the_batch_is_owed_and_the_line_waits_again(world: World) -> None:
    first, _ = owing(world)
    line = line_of(world, "6240.00")
    used = standing_of(world.lines["agent"], on=world.at.date()).used
    book(world, line, part(world, "agent", "6240.00"))
    unbook_line(line.pk, reason="认错客户", regulation=world.regulation, by=world.who("finance"), at=world.at)
    first.refresh_from_db()
    line.refresh_from_db()
    assert (first.settled_on, first.applied, line.state) == (None, Decimal(0), LineState.OPEN.value)
    assert standing_of(world.lines["agent"], on=world.at.date()).used == used == exposure_of(world.lines["agent"]).total
    assert not PayerAccount.objects.exists()
    (again,) = book(world, line, part(world, "other_agent", "6240.00"))
    assert (again.state, Receipt.objects.count()) == ("entered", 2)


def test_a_receipt_that_is_taken_back_on_its_own_page_opens_its_line_too(world: World) -> None:
    line = line_of(world, "10000.00", "集团总公司")
    first, second = book(world, line, part(world, "agent", "7000.00"), part(world, "other_agent", "3000.00"))
    reverse_receipt(second.pk, reason="退票", on=world.at.date(), regulation=world.regulation, by=world.who("finance"), at=world.at)
    line.refresh_from_db()
    assert line.state == LineState.OPEN.value
    with pytest.raises(Refusal):
        book(world, line, part(world, "cash_agent", "10000.00"))
    with pytest.raises(Refusal) as refused:
        set_aside(line.pk, note="退票", by=world.who("finance"), at=world.at)
    assert refused.value.code == "partly_booked"
    book(world, line, part(world, "cash_agent", "3000.00"))
    line.refresh_from_db()
    assert line.state == LineState.BOOKED.value
    assert first.state == "entered"


def test_a_receipt_entered_by_hand_has_no_line_to_open(world: World) -> None:
    receipt = world.pay("agent", "10.00")
    reverse_receipt(receipt.pk, reason="错", on=world.at.date(), regulation=world.regulation, by=world.who("finance"), at=world.at)
    assert not BankLine.objects.exists()


def test_a_line_is_set_aside_with_a_note_and_taken_up_again(world: World) -> None:
    line = line_of(world, "3.21", "某银行")
    who = world.who("finance")
    for note in ("", "  ", "长" * 201):
        with pytest.raises(Refusal) as refused:
            set_aside(line.pk, note=note, by=who, at=world.at)
        assert refused.value.field == "note"
    assert set_aside(line.pk, note="存款利息", by=who, at=world.at).note == "存款利息"
    with pytest.raises(Refusal) as refused:
        book(world, line, part(world, "agent", "3.21"))
    assert refused.value.code == "line_moved"
    assert take_up(line.pk, by=who, at=world.at).state == LineState.OPEN.value
    with pytest.raises(Refusal):
        take_up(line.pk, by=who, at=world.at)
    verbs = list(Fact.objects.filter(subject="bank_line").order_by("id").values_list("verb", flat=True))
    assert verbs == ["put_aside", "take_up"]


def test_money_that_went_out_is_never_booked(world: World) -> None:
    line = line_of(world, "-50.00")
    assert line.state == LineState.OUTGOING.value
    with pytest.raises(Refusal) as refused:
        book(world, line, part(world, "agent", "50.00"))
    assert refused.value.code == "line_moved"


def test_two_book_one_line_at_the_same_moment_and_one_wins(race_database: str) -> None:
    world = build_world()
    owing(world)
    line = line_of(world, "6240.00")
    parts = [part(world, buyer, "6240.00") for buyer in ("agent", "other_agent") * 3]
    deeds = [partial(book, world, line, one) for one in parts]
    assert at_once(deeds) == {"done": 1, "line_moved": 5}
    assert Receipt.objects.count() == 1


def test_two_take_in_overlapping_files_at_the_same_moment(race_database: str) -> None:
    world = build_world()
    moved = serials(bank_day(world, 40))
    contents = (tabs_behind_cells(moved[:30]), LAYOUTS["one_signed_column"](moved[10:]), LAYOUTS["formula_text"](moved))
    deeds = [partial(take, world, content) for content in contents * 2]
    assert at_once(deeds) == {"done": 6}
    assert (BankFile.objects.count(), BankLine.objects.count()) == (3, 40)


def test_taking_back_and_booking_at_the_same_moment_never_block_each_other(race_database: str) -> None:
    world = build_world()
    first = line_of(world, "100.00")
    (receipt,) = book(world, first, part(world, "agent", "100.00"))
    regulation, who, at = world.regulation, world.who("finance"), world.at
    deeds: list[Callable[[], object]] = [
        partial(unbook_line, first.pk, reason="错", regulation=regulation, by=who, at=at),
        partial(reverse_receipt, receipt.pk, reason="错", on=at.date(), regulation=regulation, by=who, at=at),
        partial(book, world, first, part(world, "other_agent", "100.00")),
    ] * 2
    done = at_once(deeds)
    assert set(done) <= {"done", "line_moved", "wrong_state"}
    entered = Receipt.objects.filter(state="entered").count()
    first.refresh_from_db()
    assert entered == (1 if first.state == LineState.BOOKED.value else 0)


def unequal(line: BankLine) -> list[str]:
    """What breaks the promise that a booked line is, to the cent, the receipts that stand for it."""
    found = []
    for one in BankLine.objects.filter(file__seller_id=line.seller_id):
        standing = one.bookings.filter(receipt__state="entered")
        booked = sum(standing.values_list("amount", flat=True), Decimal(0))
        receipts = sum(standing.values_list("receipt__amount", flat=True), Decimal(0))
        if booked != receipts or (one.state == LineState.BOOKED.value) != (booked == one.amount):
            found.append(f"{one.pk}: {booked} of {one.amount} booked, {receipts} received, {one.state}")
    return found


def test_a_booked_line_is_its_receipts_to_the_cent_and_a_defect_would_show(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    line = line_of(world, "100.00")
    book(world, line, part(world, "agent", "33.33"), part(world, "other_agent", "66.67"))
    assert unequal(line) == []
    other = BankLine.objects.get(pk=take(world, tabs_behind_cells(serials([money(world, "50.00")], 40000001))).lines.get().pk)
    monkeypatch.setattr("lingqu.settlement.actions.booking.total", lambda amounts: Decimal("50.00"))
    book(world, other, part(world, "agent", "49.99"))
    assert unequal(line) == [f"{other.pk}: 49.99 of 50.00 booked, 49.99 received, booked"]
