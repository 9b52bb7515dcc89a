"""Copies that a claim made good come back: they are credited at their original net less what was credited for them, once.

The first title fell from 96.00 to 80.00; at 65 % a copy costs 62.40 and its relief is 16 × 65 % = 10.40, so it comes back at 52.00.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F, Sum

from lingqu.approvals.actions import Answer, decide_step
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.claims.models import PriceClaim, ReliefTakenBack
from lingqu.claims.rules import Relieved, take_back
from lingqu.claims.tests.things import answered, claim, cut, shipped_before
from lingqu.credit.models import BatchCredit
from lingqu.orders.actions import NewReturn, accept_order, ship_order, take_back_goods, take_back_unasked
from lingqu.orders.models import Delivery, GoodsReturn, GoodsReturnLine, Order
from lingqu.orders.rules import LineCount
from lingqu.orders.states import ReturnReason
from lingqu.orders.tests import delivery_steps as deliveries
from lingqu.returns.present import slip_of
from lingqu.returns.queries import return_by_number, source_lines, whole_return
from lingqu.returns.rules import AskedLine
from lingqu.returns.tests import steps
from tests.checks import must_agree
from tests.pages import SitDown, spoken
from tests.promises.test_two_at_once import at_once
from tests.world import World, build_world

BOOKS = ("claims", "returns", "return_requests", "transfers", "credits", "waiting", "exposure", "running", "two_sided", "lots")


def relieved(world: World, *, shipped: int = 100, stock: int = 10, price: str = "80") -> PriceClaim:
    """Return a credited claim for copies of the first title, of which the agent was shipped more ten days ago."""
    shipped_before(world, {0: shipped})
    cut(world, 0, price)
    return answered(world, claim(world, {0: stock}))


def back(world: World, copies: int) -> Decimal:
    """Book copies that came back on the page of their request, and return the yuan credited."""
    order = Order.objects.filter(buyer=world.firms["agent"]).earliest("pk")
    new = NewReturn({1: copies}, ReturnReason.OTHER)
    paper = take_back_goods(order.pk, new, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    return paper.credit.amount if paper.credit else Decimal(0)


def test_copies_that_were_made_good_come_back_less_what_was_credited_for_them(world: World) -> None:
    made = relieved(world)
    before = steps.used(world)
    assert made.amount == Decimal("104.00")
    # 10 × 62.40 − 104.00
    assert back(world, 10) == Decimal("520.00")
    assert before - steps.used(world) == Decimal("520.00")
    line = GoodsReturnLine.objects.get()
    assert (line.net, line.relief, line.relief_by) == (Decimal("624.00"), Decimal("104.00"), made.number)
    credit = BatchCredit.objects.get(cause="returned")
    number = line.goods_return.number
    assert credit.reason == (
        f"其他 {number}，扣除已补价差 104.00 元（{made.number}） / "
        f"Other {number}, less 104.00 yuan of price relief already credited ({made.number})"
    )
    # The others were never made good.
    assert back(world, 10) == Decimal("624.00")
    must_agree(*BOOKS)


def test_of_several_returns_each_takes_back_its_own_part_and_no_more(world: World) -> None:
    relieved(world)
    # 7 × 52.00; 3 × 52.00 + 2 × 62.40; 5 × 62.40
    assert [back(world, copies) for copies in (7, 5, 5)] == [Decimal("364.00"), Decimal("280.80"), Decimal("312.00")]
    assert list(ReliefTakenBack.objects.order_by("pk").values_list("copies", "amount")) == [(7, Decimal("72.80")), (3, Decimal("31.20"))]
    must_agree(*BOOKS)


def test_no_cent_is_lost_or_won_however_many_returns_there_are(world: World) -> None:
    # 96.00 → 95.99: 7 copies lose 7 × 0.01 × 65 % = 0.0455, so 0.05 was credited; 7 × 62.40 − 0.05 = 436.75.
    made = relieved(world, stock=7, price="95.99")
    assert made.amount == Decimal("0.05")
    credited = [back(world, 1) for _ in range(7)]
    # Of 1 to 7 copies: 0.01, 0.01, 0.02, 0.03, 0.04, 0.04, 0.05.
    cents = [Decimal("62.40") - one for one in credited]
    assert cents == [Decimal(one) for one in ("0.01", "0.00", "0.01", "0.01", "0.01", "0.00", "0.01")]
    assert sum(credited) == Decimal("436.75")
    assert back(world, 1) == Decimal("62.40")
    must_agree(*BOOKS)


def test_all_of_a_request_comes_back_and_nothing_was_won_by_either(world: World) -> None:
    before = steps.used(world)
    relieved(world, shipped=30, stock=30)
    back(world, 30)
    assert steps.used(world) == before
    must_agree(*BOOKS)


def test_two_cuts_are_both_taken_back_and_two_claims_of_one_after_each_other(world: World) -> None:
    relieved(world, stock=4)
    answered(world, claim(world, {0: 10}))
    cut(world, 0, "60", on=world.at.date().replace(day=world.at.day + 1))
    world.at = world.at.replace(day=world.at.day + 1)
    second = answered(world, claim(world, {0: 5}))
    # 5 × 20 × 65 %
    assert second.amount == Decimal("65.00")
    # Of 5 copies each lost 10.40 and 13.00: 5 × 62.40 − 52.00 − 65.00; of the next 5 each lost 10.40.
    assert [back(world, copies) for copies in (5, 5, 5)] == [Decimal("195.00"), Decimal("260.00"), Decimal("312.00")]
    assert ReliefTakenBack.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal("169.00")
    must_agree(*BOOKS)


def test_copies_that_came_back_leave_room_for_those_that_were_never_made_good(world: World) -> None:
    relieved(world, stock=40)
    back(world, 40)
    again = claim(world, {0: 60})
    assert (again.copies, again.lines.get().shipped, again.lines.get().claimed) == (60, 60, 0)
    answered(world, again)
    with pytest.raises(Refusal):
        claim(world, {0: 60})
    assert back(world, 60) == Decimal("3120.00")
    must_agree(*BOOKS)


def test_a_claim_that_was_not_credited_takes_nothing_back(world: World) -> None:
    shipped_before(world, {0: 100})
    cut(world, 0, "80")
    made = claim(world, {0: 40})
    assert back(world, 10) == Decimal("624.00")
    answered(world, made, "refuse")
    assert back(world, 10) == Decimal("624.00")
    must_agree(*BOOKS)


def test_copies_that_nobody_asked_to_send_back_are_credited_less_as_well(world: World) -> None:
    relieved(world)
    new = NewReturn({1: 10}, ReturnReason.OTHER)
    order = Order.objects.get()
    paper = take_back_unasked(order.pk, new, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    assert paper.credit
    assert paper.credit.amount == Decimal("520.00")


def test_a_return_says_before_and_after_what_is_taken_off(world: World) -> None:
    made = relieved(world)
    firms = world.hq.pk, world.firms["agent"].pk
    first = steps.ask(world, {0: 7})
    # 7 × 62.40 − 72.80
    assert (first.net, first.lines.get().sources.get().relief) == (Decimal("364.00"), Decimal("72.80"))
    # Of the next 5, behind those that are asked already, 3 were made good.
    (line,) = source_lines(*firms, [AskedLine(world.products[0].pk, 5)], order=None, on=world.at.date())
    assert [(one.net, one.relief, one.relief_by) for one in line.taken] == [(Decimal("312.00"), Decimal("31.20"), made.number)]
    assert line.net == Decimal("280.80")
    steps.agree(world, first)
    done = steps.count(world, first, {1: 7})
    assert (done.credited, done.lines.get().credited) == (Decimal("364.00"), Decimal("364.00"))
    must_agree(*BOOKS)


def test_a_return_that_is_refused_or_taken_back_leaves_the_relief_where_it_was(world: World) -> None:
    relieved(world)
    steps.refuse(world, steps.ask(world, {0: 10}))
    steps.withdraw(world, steps.ask(world, {0: 10}))
    assert (ReliefTakenBack.objects.count(), steps.ask(world, {0: 10}).net) == (0, Decimal("520.00"))
    must_agree(*BOOKS)


def test_a_claim_agreed_to_between_asking_and_counting_is_taken_off_at_the_count(world: World) -> None:
    shipped_before(world, {0: 100})
    cut(world, 0, "80")
    waiting = claim(world, {0: 100})
    request = steps.agree(world, steps.ask(world, {0: 10}))
    assert request.net == Decimal("624.00")
    answered(world, waiting)
    assert steps.count(world, request, {1: 10}).credited == Decimal("520.00")
    must_agree(*BOOKS)


def test_a_difference_that_is_credited_is_credited_less_as_well(world: World) -> None:
    shipped_before(world, {0: 100}, days=1)
    cut(world, 0, "80")
    answered(world, claim(world, {0: 10}))
    report = deliveries.receive(world, Delivery.objects.get(), {1: LineCount(95)})
    done = deliveries.answer(world, deliveries.count(world, report, 5), "credit")
    assert done.goods_return
    assert done.goods_return.credit
    assert done.goods_return.credit.amount == Decimal("260.00")
    must_agree(*BOOKS, "differences")


def test_copies_that_go_on_to_another_partner_come_back_less_and_go_out_at_its_own_price(world: World) -> None:
    relieved(world)
    transfer = steps.propose(world, {0: 10})
    assert transfer.net == Decimal("520.00")
    assert transfer.lines.get().sources.get().relief == Decimal("104.00")
    before = steps.used(world)
    for signer in ("manager", "deputy"):
        if transfer.state == "deciding" and transfer.approval_id:
            world.sign(transfer.approval_id, signer)
            transfer.refresh_from_db()
    steps.order_it(world, transfer)
    transfer.refresh_from_db()
    accept_order(transfer.order_id or 0, ship_on=world.at.date(), regulation=world.regulation, by=world.who("representative"), at=world.at)
    for taker in (False, True):
        steps.confirm(world, transfer, {1: 10}, taker=taker)
    moved = steps.book(world, transfer)
    assert moved.credited == Decimal("520.00")
    assert before - steps.used(world) == Decimal("520.00")
    # The taker's own request: 10 × 80.00 × 65 %, and nothing of it was ever made good.
    assert Order.objects.get(buyer=world.firms["other_agent"]).net == Decimal("520.00")
    assert GoodsReturn.objects.get().lines.get().relief == Decimal("104.00")
    must_agree(*BOOKS)


def _once_more(copies: int, amount: str) -> None:
    """Take something back for the second return too, of which nothing was made good."""
    line = GoodsReturnLine.objects.latest("pk")
    made = ReliefTakenBack.objects.earliest("pk")
    ReliefTakenBack.objects.create(source=made.source, return_line=line, copies=copies, amount=Decimal(amount))
    GoodsReturnLine.objects.filter(pk=line.pk).update(relief=Decimal(amount), relief_by="JB-1" if Decimal(amount) else "")


DAMAGE = {
    "more copies than were made good": lambda: _once_more(1, "0"),
    "more than was granted": lambda: _once_more(1, "0.01"),
    "a cent more than the claims say": lambda: GoodsReturnLine.objects.filter(relief__gt=0).update(relief=F("relief") + Decimal("0.01")),
    "of a claim that was not credited": lambda: PriceClaim.objects.update(state="refused", credit=None),
    "taken back without its document": lambda: GoodsReturnLine.objects.update(relief_by=""),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_found(world: World, what: str) -> None:
    relieved(world)
    back(world, 10)
    back(world, 5)
    must_agree("claims", "returns")
    DAMAGE[what]()
    with pytest.raises(AssertionError):
        must_agree("claims")


def test_copies_that_come_back_as_if_nothing_had_been_credited_for_them_are_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    relieved(world)
    for room in ("queries", "actions.taking_back"):
        monkeypatch.setattr(f"lingqu.claims.{room}.take_back", lambda *_told, **_more: [])
    assert back(world, 7) == Decimal("436.80")
    with pytest.raises(AssertionError):
        must_agree("claims")


def test_what_was_taken_back_is_never_changed(world: World) -> None:
    relieved(world)
    back(world, 7)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReliefTakenBack.objects.update(amount=0)


def test_a_return_credited_at_its_original_net_is_found(world: World) -> None:
    relieved(world)
    back(world, 7)
    GoodsReturnLine.objects.update(relief=0)
    with pytest.raises(AssertionError):
        must_agree("returns")


def test_many_returns_while_the_claim_is_agreed_to_take_back_what_was_credited_and_no_more(race_database: str) -> None:
    world = build_world()
    shipped_before(world, {0: 100})
    cut(world, 0, "80")
    before = steps.used(world)
    made = claim(world, {0: 96})
    assert made.approval_id
    step, order = world.step_of(made.approval_id).pk, Order.objects.get().pk
    agree = partial(decide_step, made.approval_id, Answer(step, "approve", ""), by=world.who("manager"), at=world.at)
    new, by = NewReturn({1: 1}, ReturnReason.OTHER), world.who("warehouse")
    take = partial(take_back_goods, order, new, regulation=world.regulation, by=by, at=world.at)
    # At most 4 may come back before the agreement, so that it is refused or stands; every copy behind it comes back at 52.00.
    told = at_once([take, take, take, agree, take, take, take, take])
    taken = GoodsReturnLine.objects.aggregate(relief=Sum("relief"), copies=Sum("copies"))
    made.refresh_from_db()
    assert taken["copies"] == 7
    assert told == ({"done": 8} if made.state == "credited" else {"done": 7, "came_back": 1})
    owed = before - 7 * Decimal("62.40") + taken["relief"] - (made.amount if made.state == "credited" else 0)
    assert steps.used(world) == owed
    assert taken["relief"] == (ReliefTakenBack.objects.aggregate(sum=Sum("amount"))["sum"] or 0)
    must_agree(*BOOKS)


def test_counted_by_many_at_once_the_relief_is_taken_back_once(race_database: str) -> None:
    world = build_world()
    relieved(world, stock=40)
    order, by = Order.objects.get().pk, world.who("warehouse")
    new = NewReturn({1: 10}, ReturnReason.OTHER)
    take = partial(take_back_goods, order, new, regulation=world.regulation, by=by, at=world.at)
    assert at_once([take] * 8) == {"done": 8}
    # 80 copies, of which 40 were made good: 80 × 62.40 − 416.00
    assert BatchCredit.objects.filter(cause="returned").aggregate(sum=Sum("amount"))["sum"] == Decimal("4576.00")
    assert ReliefTakenBack.objects.aggregate(copies=Sum("copies"), sum=Sum("amount")) == {"copies": 40, "sum": Decimal("416.00")}
    must_agree(*BOOKS)


def test_pages_and_papers_say_what_was_taken_off(world: World, at_desk: SitDown) -> None:
    made = relieved(world)
    owner = at_desk("agent_owner")
    zh, en = f"扣除已补价差 104.00 元（{made.number}）", f"less 104.00 yuan of price relief already credited ({made.number})"
    form = {"key": "k-1", "buyer": "agent", "reason": "slow", "note": "", f"copies-{world.products[0].pk}": "20"}
    tried = spoken(owner.post("/returns/new", form | {"try": "1"}).content.decode())
    assert (zh in tried, "1,144.00" in tried) == (True, True)
    request = steps.agree(world, steps.ask(world, {0: 20}))
    for counted in (False, True):
        if counted:
            steps.count(world, request, {1: 20})
        assert zh in spoken(owner.get(f"/returns/{request.number}/").content.decode())
        whole = whole_return(return_by_number(request.number, by=world.who("agent_owner")), inside=False)
        assert slip_of(whole)["notes"][-1] == Text(f"冲减金额{zh}。", f"What is credited is {en}.")
    english = at_desk("agent_owner", language="en")
    assert en in spoken(english.get(f"/returns/{request.number}/").content.decode())
    statement = "/partners/agent/statement"
    assert zh in spoken(owner.get(f"{statement}?on={world.at.date()}").content.decode())


def test_the_share_of_copies_behind_others_is_theirs_alone() -> None:
    relieved_by = [Relieved(1, "JB-1", 1, 1, 7, Decimal("0.05"))]
    parts = [take_back(relieved_by, 1, Decimal("62.40"), before=place)[0].amount for place in range(7)]
    assert (sum(parts), take_back(relieved_by, 1, Decimal("62.40"), before=7)) == (Decimal("0.05"), [])


def test_no_more_is_taken_back_than_the_copies_are_credited_at() -> None:
    (part,) = take_back([Relieved(1, "JB-1", 1, 1, 1, Decimal("0.02"))], 1, Decimal("0.01"))
    assert (part.copies, part.amount) == (1, Decimal("0.01"))


def test_copies_that_did_not_arrive_and_were_sent_again_are_made_good_once(world: World) -> None:
    shipped_before(world, {0: 10}, days=1)
    delivery = Delivery.objects.get()
    report = deliveries.receive(world, delivery, {1: LineCount(6)})
    deliveries.answer(world, deliveries.count(world, report, 4), "send_again")
    ship_order(delivery.order_id, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    world.at += timedelta(days=1)
    cut(world, 0, "80")
    made = claim(world, {0: 14})
    assert (made.copies, made.lines.get().shipped) == (10, 10)
    must_agree(*BOOKS)
