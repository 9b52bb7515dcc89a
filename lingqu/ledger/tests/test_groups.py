"""Groups: what is posted on a member must fit the group's limit, too, and the group stands at the sums of its members."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from lingqu.base.refusal import Refusal
from lingqu.ledger.actions import join_group, leave_group, lock_accounts, open_account
from lingqu.ledger.models import GroupChange
from lingqu.ledger.queries import balance, standings
from lingqu.ledger.rules import Entry, Standing
from lingqu.ledger.states import GROUP_KIND, Phase
from lingqu.ledger.tests.till import Till
from tests.world import World


class Group:
    """Two tills with 100.00 each that share 150.00, and one that shares nothing."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.account = open_account(GROUP_KIND, holder=world.hq.pk, unit="CNY", limit=Decimal("150.00"))
        self.north, self.south, self.alone = (Till(world, kind=kind) for kind in ("north", "south", "alone"))
        self.north.join(self.account)
        self.south.join(self.account)

    def standing(self) -> Standing:
        return standings([self.account])[self.account]

    def sums(self) -> tuple[Decimal, Decimal, int, int]:
        one = self.standing()
        return one.used, one.held, one.open_count, one.held_count


@pytest.fixture
def group(world: World) -> Group:
    return Group(world)


def refused(action: object, *positional: object, **named: object) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        action(*positional, **named)  # type: ignore[operator]
    return refusal.value.code


def test_the_group_moves_with_its_members(group: Group) -> None:
    (hold,) = group.north.post(group.north.out("60.00", phase=Phase.HOLD, count=1))
    group.south.post(group.south.out("40.00", count=1))
    assert group.sums() == (Decimal("40.00"), Decimal("60.00"), 1, 1)
    group.north.post(group.north.out("50.00", phase=Phase.SETTLE, count=1, resolves=hold))
    assert group.sums() == (Decimal("90.00"), Decimal(0), 2, 0)
    group.south.post(group.south.back("15.00", count=1))
    assert group.sums() == (Decimal("75.00"), Decimal(0), 1, 0)


def test_exactly_the_group_s_limit_passes_and_one_cent_more_is_refused(group: Group) -> None:
    group.north.post(group.north.out("100.00"))
    group.south.post(group.south.out("50.00", phase=Phase.HOLD))
    assert group.south.refused(group.south.out("0.01")) == "limit_exceeded"
    assert (group.south.standing().used, group.standing().free) == (0, 0)


def test_the_member_s_own_limit_holds_too(group: Group) -> None:
    assert group.north.refused(group.north.out("100.01")) == "limit_exceeded"
    assert group.sums() == (0, 0, 0, 0)


def test_two_members_in_one_call_count_together(group: Group) -> None:
    assert group.north.refused(group.north.out("80.00"), group.south.out("70.01")) == "limit_exceeded"
    group.north.post(group.north.out("80.00"), group.south.out("70.00"))
    assert group.standing().used == Decimal("150.00")


def test_what_moves_between_two_members_leaves_the_group_as_it_is(group: Group) -> None:
    group.north.post(group.north.out("100.00"), group.south.out("50.00"))
    group.north.post(Entry(group.south.line, group.north.line, Decimal("20.00"), ("test", 5), "moved"))
    assert (group.standing().used, group.south.standing().used) == (Decimal("150.00"), Decimal("70.00"))


def test_who_shares_nothing_is_not_held_up(group: Group) -> None:
    group.north.post(group.north.out("100.00"), group.south.out("50.00"))
    group.alone.post(group.alone.out("100.00"))
    assert group.standing().used == Decimal("150.00")


def test_a_waiver_of_the_group_is_good_for_its_document_alone(group: Group) -> None:
    north, south = group.north, group.south
    north.post(north.out("75.00"), south.out("75.00"))
    north.post(north.waiver(group.account, "5.00", document=7))
    assert south.refused(south.out("5.00", document=8)) == "limit_exceeded"
    assert south.refused(south.out("2.00", document=7), north.out("2.00", document=8)) == "limit_exceeded"
    assert south.refused(south.out("3.00", document=7), north.out("2.01", document=7)) == "limit_exceeded"
    south.post(south.out("3.00", document=7), north.out("2.00", document=7))


def test_a_waiver_of_the_member_is_none_of_the_group(group: Group) -> None:
    group.north.post(group.north.out("100.00"), group.south.out("50.00"))
    group.north.post(group.north.waiver(group.north.line, "5.00", document=7))
    assert group.north.refused(group.north.out("5.00", document=7)) == "limit_exceeded"


def test_a_reversal_passes_the_group_as_well(group: Group) -> None:
    (receipt,) = group.north.post(group.north.back("30.00"))
    group.north.post(group.north.out("100.00"), group.south.out("80.00"))
    group.north.post(group.north.taken_back("30.00", receipt))
    assert (group.standing().used, group.standing().free) == (Decimal("180.00"), Decimal("-30.00"))
    assert group.south.refused(group.south.out("0.01")) == "limit_exceeded"
    group.south.post(group.south.back("1.00"))


def test_what_goes_beside_a_reversal_must_fit_the_group(group: Group) -> None:
    (receipt,) = group.north.post(group.north.back("30.00"))
    group.north.post(group.north.out("80.00"), group.south.out("90.00"))
    assert group.north.refused(group.north.taken_back("30.00", receipt), group.south.out("5.00")) == "limit_exceeded"


def test_a_lowered_group_lets_only_less_through(group: Group) -> None:
    group.north.post(group.north.out("60.00"))
    group.north.limit(group.account, "10.00")
    assert group.south.refused(group.south.out("0.01")) == "limit_exceeded"
    group.north.post(group.north.back("1.00"))
    assert group.standing().free == Decimal("-49.00")


def test_a_group_may_count_batches(group: Group) -> None:
    group.north.limit(group.account, "150.00", 3)
    group.north.post(group.north.out("1.00", count=2), group.south.out("1.00", count=1))
    assert group.south.refused(group.south.out("1.00", count=1)) == "limit_exceeded"


def test_paid_ahead_is_asked_of_the_member_not_of_the_group(group: Group) -> None:
    group.north.post(group.north.back("10.00"))
    group.south.post(group.south.out("100.00"))
    group.north.post(group.north.out("10.00", phase=Phase.HOLD, reason="prepaid"))
    assert group.south.refused(group.south.out("1.00", phase=Phase.HOLD, reason="prepaid")) == "limit_exceeded"


def test_who_joins_brings_what_is_used_and_held(group: Group) -> None:
    group.alone.post(group.alone.out("20.00", count=1), group.alone.out("30.00", phase=Phase.HOLD, count=1))
    group.alone.join(group.account)
    assert group.sums() == (Decimal("20.00"), Decimal("30.00"), 1, 1)
    assert group.alone.standing().group == group.account


def test_who_brings_too_much_stays_out(group: Group) -> None:
    group.north.post(group.north.out("100.00"))
    group.alone.post(group.alone.out("50.01"))
    assert refused(group.alone.join, group.account) == "limit_exceeded"
    assert (group.alone.standing().group, group.standing().used) == (None, Decimal("100.00"))
    group.alone.post(group.alone.back("0.01"))
    group.alone.join(group.account)


def test_who_brings_nothing_joins_a_group_that_is_over_its_limit(group: Group) -> None:
    group.north.post(group.north.out("100.00"))
    group.north.limit(group.account, "0.00")
    group.alone.join(group.account)
    assert group.alone.refused(group.alone.out("0.01")) == "limit_exceeded"


def test_who_leaves_takes_it_along(group: Group) -> None:
    group.north.post(group.north.out("100.00", count=1), group.south.out("30.00"), group.south.out("20.00", phase=Phase.HOLD))
    group.north.leave()
    assert (group.sums(), group.north.standing().group) == ((Decimal("30.00"), Decimal("20.00"), 0, 0), None)
    group.south.post(group.south.out("50.00"))
    assert group.north.refused(group.north.out("0.01")) == "limit_exceeded"


def test_one_belongs_to_one_group(group: Group) -> None:
    other = open_account(GROUP_KIND, holder=group.world.hq.pk, item=2, unit="CNY", limit=Decimal(10))
    assert refused(group.north.join, other) == refused(group.north.join, group.account) == "in_a_group"
    group.north.leave()
    assert refused(group.north.leave) == "in_no_group"
    group.north.join(other)
    assert group.north.standing().group == other


def test_one_moves_to_another_group_in_one_go(group: Group) -> None:
    other = open_account(GROUP_KIND, holder=group.world.hq.pk, item=2, unit="CNY", limit=Decimal(10))
    group.north.post(group.north.out("10.00"))
    assert set(lock_accounts([group.north.line, other])) == {group.north.line, group.account, other}
    group.north.leave()
    group.north.join(other)
    assert (group.standing().used, standings([other])[other].used) == (0, Decimal("10.00"))


def test_what_cannot_be_a_group_or_in_one(group: Group) -> None:
    used, hq = group.alone, group.world.hq.pk
    used.post(used.out("1.00"))
    pieces = open_account(GROUP_KIND, holder=hq, unit="PCS", limit=Decimal(10))
    fresh = open_account(GROUP_KIND, holder=hq, item=2, unit="CNY", limit=Decimal(10))
    unlimited = open_account(GROUP_KIND, holder=hq, item=3, unit="CNY")
    day = {"on": group.world.at.date(), "at": group.world.at}
    wrong = [
        (used.line, unlimited), (used.line, used.line), (used.line, used.other), (used.line, pieces), (used.line, group.north.line),
        (used.line, 0), (used.other, fresh), (0, fresh), (group.account, fresh), (fresh, used.line),
    ]  # fmt: skip
    assert [refused(join_group, account, whole, **day) for account, whole in wrong] == ["no_group"] * len(wrong)
    assert refused(leave_group, used.other, **day) == "in_no_group"


def test_nothing_moves_on_a_group_itself(group: Group) -> None:
    out = Entry(group.account, group.north.other, Decimal(1), ("test", 1), "test")
    held = Entry(group.account, group.north.other, Decimal(1), ("test", 1), "test", Phase.HOLD)
    into = Entry(group.north.other, group.account, Decimal(1), ("test", 1), "test")
    assert [group.north.refused(entry) for entry in (out, held, into)] == ["hold_gone"] * 3
    group.north.post(group.north.out("30.00", count=1))
    assert balance(group.account, on=group.world.at.date()).amount == 0


def test_locking_members_locks_and_returns_their_groups(group: Group) -> None:
    north, south, alone = group.north.line, group.south.line, group.alone.line
    group.north.post(group.north.out("60.00"))
    everything = standings([north, south, alone, group.account])
    assert lock_accounts([alone]) == {alone: everything[alone]}
    assert lock_accounts([south, alone, north, group.north.other]) == everything
    assert lock_accounts([group.account]) == {group.account: everything[group.account]}
    assert lock_accounts([group.account, north]) == {one: everything[one] for one in (group.account, north)}
    assert (everything[north].group, everything[alone].group, everything[group.account].group) == (group.account, None, None)


def test_every_change_is_written_down(group: Group) -> None:
    group.north.leave()
    changes = [str(change) for change in GroupChange.objects.filter(account_id=group.north.line).order_by("id")]
    assert changes == [f"{group.north.line}: {group.account}", f"{group.north.line}: -"]
