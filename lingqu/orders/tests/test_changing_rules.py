"""Pure rules of changing a request: what goes on at which price, what is split off and joined, and what returns are worth to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lingqu.base.money import line_net
from lingqu.base.refusal import Refusal
from lingqu.ledger.rules import Standing
from lingqu.orders.rules import (
    Agreed,
    Piece,
    Price,
    Share,
    Wanted,
    accepted_content,
    check_parts,
    check_return,
    is_lowering,
    joined,
    new_content,
    parted,
    reservations,
    return_value,
    set_aside,
    still_signed,
)

PRICE = Decimal("96.0000")
TEN = Agreed(1, 7, 10, PRICE, 6500)


def test_before_acceptance_fewer_copies_keep_their_price_and_more_are_priced_anew() -> None:
    assert new_content([TEN], [Wanted(7, 4)]) == (Piece(1, 7, 4, 6500, PRICE),)
    assert new_content([TEN], [Wanted(7, 11)]) == (Piece(1, 7, 11),)
    assert new_content([TEN], [Wanted(8, 3), Wanted(7, 10)]) == (Piece(0, 8, 3), Piece(1, 7, 10, 6500, PRICE))


def test_before_acceptance_what_is_left_out_is_taken_out_and_the_sellers_people_may_offer_a_discount() -> None:
    assert new_content([TEN, Agreed(2, 8, 5, PRICE, 6500)], [Wanted(8, 5, 6200)]) == (Piece(2, 8, 5, 6200, PRICE),)


def test_two_lines_of_one_title_go_on_in_their_order() -> None:
    lines = [TEN, Agreed(2, 7, 3, PRICE, 6000)]
    assert new_content(lines, [Wanted(7, 10), Wanted(7, 2)]) == (Piece(1, 7, 10, 6500, PRICE), Piece(2, 7, 2, 6000, PRICE))


def test_after_acceptance_more_of_the_same_price_is_one_line_and_of_another_price_a_line_of_its_own() -> None:
    same = {7: Price(PRICE, 6500)}
    dearer = {7: Price(Decimal("99.0000"), 6500)}
    assert accepted_content([TEN], [Wanted(7, 15)], same) == (Piece(1, 7, 15, 6500, PRICE),)
    assert accepted_content([TEN], [Wanted(7, 15)], dearer) == (Piece(1, 7, 10, 6500, PRICE), Piece(0, 7, 5))
    assert accepted_content([TEN], [Wanted(7, 15)], {7: Price(PRICE, 7000)}) == (Piece(1, 7, 10, 6500, PRICE), Piece(0, 7, 5))


def test_after_acceptance_a_line_taken_out_stays_to_be_read() -> None:
    pieces = accepted_content([TEN, Agreed(2, 8, 5, PRICE, 6500)], [Wanted(7, 10)], {})
    assert pieces == (Piece(1, 7, 10, 6500, PRICE), Piece(2, 8, 0, 6500, PRICE))
    assert is_lowering([TEN, Agreed(2, 8, 5, PRICE, 6500)], pieces)


def test_after_acceptance_no_line_falls_below_what_was_shipped() -> None:
    shipped = Agreed(1, 7, 10, PRICE, 6500, shipped=6)
    assert accepted_content([shipped], [Wanted(7, 6)], {}) == (Piece(1, 7, 6, 6500, PRICE),)
    with pytest.raises(Refusal) as refused:
        accepted_content([shipped], [Wanted(7, 5)], {})
    assert refused.value.field == "lines.1.copies"


def test_a_price_that_returns_were_credited_at_does_not_change_any_more() -> None:
    back = Agreed(1, 7, 10, PRICE, 6500, shipped=10, returned=1, credited=Decimal("62.40"))
    with pytest.raises(Refusal) as refused:
        accepted_content([back], [Wanted(7, 10, 3000)], {})
    assert refused.value.field == "lines.1.discount"


def test_another_price_is_no_lowering() -> None:
    assert not is_lowering([TEN], [Piece(1, 7, 5, 6400, PRICE)])
    assert not is_lowering([TEN], [Piece(1, 7, 10, 6500, PRICE), Piece(0, 8, 1)])
    assert not is_lowering([TEN], [Piece(1, 7, 11, 6500, PRICE)])


def test_splitting_moves_copies_and_loses_none() -> None:
    stays, goes = parted([TEN, Agreed(2, 8, 5, PRICE, 6500)], {1: 4, 2: 5})
    assert stays == (Piece(1, 7, 6, 6500, PRICE),)
    assert goes == (Piece(1, 7, 4, 6500, PRICE), Piece(2, 8, 5, 6500, PRICE))


@pytest.mark.parametrize("out", [{}, {1: 0}, {1: 10}, {1: 11}, {1: -1}, {3: 1}])
def test_splitting_nothing_everything_or_what_is_not_there_is_refused(out: dict[int, int]) -> None:
    with pytest.raises(Refusal):
        parted([TEN], out)


def test_joining_puts_one_title_at_one_price_on_one_line() -> None:
    pieces = joined([[TEN], [Agreed(1, 7, 3, PRICE, 6500), Agreed(2, 7, 2, PRICE, 6000), Agreed(3, 8, 0, PRICE, 6500)]])
    assert pieces == (Piece(1, 7, 13, 6500, PRICE), Piece(2, 7, 2, 6000, PRICE))


def test_shipping_more_than_agreed_says_to_change_the_request_first() -> None:
    line = Agreed(1, 7, 10, PRICE, 6500, shipped=4)
    assert check_parts([line], {1: 6}) == {1: 6}
    with pytest.raises(Refusal) as refused:
        check_parts([line], {1: 7})
    assert (refused.value.code, "change the request first" in refused.value.text.en) == ("more_than_agreed", True)


def test_no_more_comes_back_than_left() -> None:
    line = Agreed(1, 7, 10, PRICE, 6500, shipped=6, returned=2)
    assert check_return([line], {1: 4}) == {1: 4}
    for wrong in ({1: 5}, {1: 0}, {}, {2: 1}, {1: -1}):
        with pytest.raises(Refusal):
            check_return([line], wrong)


@pytest.mark.parametrize(("price", "discount"), [("0.0154", 6500), ("19.9900", 6333), ("0.0100", 5000), ("96.0000", 6500)])
@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_returns_in_any_steps_come_to_exactly_the_net_of_the_line(price: str, discount: int, step: int) -> None:
    copies, credited, returned = 21, Decimal("0.00"), 0
    net = line_net(Decimal(price), copies, discount)
    while returned < copies:
        now = min(step, copies - returned)
        line = Agreed(1, 7, copies, Decimal(price), discount, shipped=copies, returned=returned, credited=credited)
        worth = return_value(line, now)
        assert worth >= 0
        credited += worth
        returned += now
        assert credited <= net
    assert credited == net


def test_a_request_that_grew_is_not_the_one_that_was_signed_for() -> None:
    laws = ("batches", "credit", "overdue", "price")
    assert still_signed(laws, grew=False, price_named=False) == laws
    assert still_signed(laws, grew=True, price_named=False) == ("batches", "credit")
    assert still_signed(laws, grew=True, price_named=True) == ("batches", "credit", "price")


def test_free_copies_are_kept_for_the_lines_in_their_order() -> None:
    assert reservations([(7, 5), (8, 2), (7, 5)], {7: 7}) == [5, 0, 2]


def test_the_own_share_is_put_aside_on_the_line_and_on_its_group() -> None:
    line = Standing(1, Decimal(900), Decimal(60), Decimal(1000), 2, 1, 2, group=9)
    group = Standing(9, Decimal(5000), Decimal(60), Decimal(6000))
    aside = set_aside({1: line, 9: group}, {1: Share(Decimal(400), Decimal(60), 1, 1)})
    assert (aside[1].used, aside[1].held, aside[1].open_count, aside[1].held_count) == (Decimal(500), Decimal(0), 1, 0)
    assert (aside[9].used, aside[9].held) == (Decimal(4600), Decimal(0))
