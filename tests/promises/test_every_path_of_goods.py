"""Whatever is done to goods that left, in any order: no copy comes back twice, no cent is credited twice, and all accounts agree.

Each walk is a seed, as in `test_every_path.py`: a step is predicted on paper (`goods_model.py`), done in the product (`goods_walk.py`),
and everything is compared, the shelf and its lots as well. The seeded bugs are the negative control.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError
from django.db.models import F

from lingqu.orders.actions import NewReturn
from lingqu.orders.actions.judging import Court
from lingqu.orders.models import Order, OrderLine
from lingqu.returns.states import CLAIMING
from tests.promises.goods_walk import VERBS, GoodsWalk
from tests.promises.path_walk import VERBS as OF_REQUESTS
from tests.promises.test_every_path import around, none_of_them, nothing, undone, while_it_runs
from tests.world import World

STEPS, SEEDS = 70, (0, 1, 2, 3, 4, 5, 17)
Patch = pytest.MonkeyPatch
VARIANTS = {"receive": ("confirm", "report", "consent"), "confirm_transfer": ("confirm_given", "confirm_taken")}
"""What is done by one verb in several ways."""

REFUSED = {
    "report:too_late", "confirm:wrong_state", "ask_return:bad_input", "agree_return:beyond_caps", "count_return:wrong_state",
    "transfer:bad_input", "move_transfer:not_counted",
}  # fmt: skip


@pytest.fixture(scope="module")
def walks(django_db_setup: None, django_db_blocker: Any) -> list[tuple[GoodsWalk, Exception | None]]:
    """Walk every seed once; return the walks with what stopped them."""
    done: list[tuple[GoodsWalk, Exception | None]] = []
    with django_db_blocker.unblock():
        for seed in SEEDS:
            with undone() as world:
                walk, stopped = GoodsWalk(world, seed), None
                try:
                    walk.run(STEPS)
                except Exception as error:  # noqa: BLE001 - it is raised again by the test of this seed
                    stopped = error
                done.append((walk, stopped))
    return done


@pytest.mark.parametrize("place", range(len(SEEDS)))
def test_goods_and_money_agree_on_every_path(walks: list[tuple[GoodsWalk, Exception | None]], place: int) -> None:
    _, stopped = walks[place]
    if stopped:
        raise stopped


def test_the_walks_do_every_verb_and_meet_every_refusal(walks: list[tuple[GoodsWalk, Exception | None]]) -> None:
    counted: Counter[str] = Counter()
    for walk, _ in walks:
        counted.update(walk.counts)
    verbs = [one for verb in VERBS if verb not in OF_REQUESTS for one in VARIANTS.get(verb, (verb,))]
    assert [verb for verb in (*verbs, "ship_all", "ship_part") if not counted[f"{verb}:done"]] == []
    assert REFUSED - set(counted) == set()
    assert min(counted["credited"], counted["again"], counted["held"]) > 0


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("seed", range(2_000, 2_030))
def test_long_walks_of_goods_end_the_same(world: World, seed: int) -> None:
    GoodsWalk(world, seed).run(300)


def a_difference_is_credited_twice(patch: Patch) -> None:
    def twice(real: Any, order: Order, line: Any, new: NewReturn, **more: Any) -> Any:
        paper = real(order, line, new, **more)
        rows = OrderLine.objects.filter(order=order, line__in=new.copies)
        if all(row.shipped - row.returned >= new.copies[row.line] for row in rows):
            real(order, line, new, **more)
        return paper

    around(patch, "lingqu.orders.actions.deliveries_answer.book_return", twice)


def a_difference_is_credited_and_sent_again(patch: Patch) -> None:
    def both(real: Any, order: Order, credit: Any, difference: Any, lines: list[Any], *more: Any) -> Any:
        for line in lines:
            OrderLine.objects.filter(pk=line.order_line_id).update(shipped=F("shipped") - line.copies)
        return real(order, credit, difference, lines, *more)

    around(patch, "lingqu.orders.actions.deliveries_answer._credit", both)


def lost_copies_stand_on_the_shelf(patch: Patch) -> None:
    patch.setattr("lingqu.orders.actions.returns.check_lost", lambda *told: {})


def a_lot_is_not_put_back(patch: Patch) -> None:
    patch.setattr("lingqu.orders.actions.returns.put_back_in_lots", none_of_them)


def two_papers_name_the_same_copies(patch: Patch) -> None:
    def all_free(real: Any, parcel: Any, shipments: Any) -> Any:
        return real(msgspec.structs.replace(parcel, claimed=0), shipments)

    around(patch, "lingqu.returns.queries.shipped.parcels_of", all_free)


def what_came_back_counts_in_no_cap(patch: Patch) -> None:
    def none_back(real: Any, *told: Any, **more: Any) -> Any:
        return msgspec.structs.replace(real(*told, **more), returned=Decimal(0))

    around(patch, "lingqu.returns.queries.judged.year_figures", none_back)


def damaged_copies_are_always_credited(patch: Patch) -> None:
    patch.setattr("lingqu.returns.actions.counting.accepts_damaged", lambda *told: True)


def a_taken_back_return_keeps_its_copies(patch: Patch) -> None:
    patch.setattr("lingqu.returns.queries.shipped.CLAIMING", (*CLAIMING, "withdrawn", "refused"))


def nobody_is_too_late(patch: Patch) -> None:
    patch.setattr("lingqu.orders.actions.deliveries.report_until", lambda *told: date.max)


def the_takers_request_meets_no_law(patch: Patch) -> None:
    class Boundless(Court):
        def judge(self, *told: Any) -> Any:
            for account, standing in self.standings.items():
                self.standings[account] = msgspec.structs.replace(standing, limit=Decimal(10) ** 9, count_limit=99)
            return super().judge(*told)

    while_it_runs(patch, "lingqu.returns.actions.moving.submit_orders", "lingqu.orders.actions.submit.Court", Boundless)


def both_sides_need_not_count_alike(patch: Patch) -> None:
    patch.setattr("lingqu.returns.actions.moving._must_agree", nothing)


DEFECTS = (
    a_difference_is_credited_twice, a_difference_is_credited_and_sent_again, lost_copies_stand_on_the_shelf, a_lot_is_not_put_back,
    two_papers_name_the_same_copies, what_came_back_counts_in_no_cap, damaged_copies_are_always_credited,
    a_taken_back_return_keeps_its_copies, nobody_is_too_late, the_takers_request_meets_no_law, both_sides_need_not_count_alike,
)  # fmt: skip


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("defect", DEFECTS, ids=attrgetter("__name__"))
def test_a_defect_on_a_path_of_goods_is_found(monkeypatch: Patch, defect: Callable[[Patch], None]) -> None:
    defect(monkeypatch)
    for seed in SEEDS:
        try:
            with undone() as world:
                GoodsWalk(world, seed).run(STEPS)
        except (AssertionError, DatabaseError):
            return
    pytest.fail(f"no walk of {SEEDS} found it")
