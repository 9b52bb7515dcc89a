"""Whatever is done to requests, in any order: no limit and no batch count is exceeded, and all accounts agree with plain paper.

Each walk is a seed. A step is predicted on paper (`path_model.py`), done in the product (`path_walk.py`), and everything is compared.
The seeded bugs are the negative control: each is one that somebody could build into a path, and some walk must stumble over it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.module_loading import import_string

from lingqu.credit.models import Waiver
from lingqu.credit.states import CreditCause
from lingqu.ledger.rules import Entry
from tests.databases import as_owner
from tests.promises.path_walk import VERBS, Walk
from tests.world import World, fresh_world

STEPS, SEEDS = 80, 12
Patch = pytest.MonkeyPatch
VARIANTS = {"amend_accepted": ("amend_more", "amend_less"), "ship": ("ship_part", "ship_all"), "prepay_and_take_back": ("reverse",)}
"""What is done by one verb in several ways."""

REFUSED = {
    "accept:limit_exceeded", "amend_more:not_within", "amend_accepted:bad_input", "ship_more:more_than_agreed", "take_back:bad_input",
    "change_grade:needs_procedure", "join_group:limit_exceeded", "join_group:in_a_group", "leave_group:in_no_group",
}  # fmt: skip


@contextmanager
def undone() -> Iterator[World]:
    """Give a world of its own; what was done to it is rolled back, so that many walks fit into one test."""
    with transaction.atomic():
        try:
            yield fresh_world()
        finally:
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def walks(django_db_setup: None, django_db_blocker: Any) -> list[tuple[Walk, Exception | None]]:
    """Walk every seed once; return the walks with what stopped them."""
    done: list[tuple[Walk, Exception | None]] = []
    with django_db_blocker.unblock():
        for seed in range(SEEDS):
            with undone() as world:
                walk, stopped = Walk(world, seed), None
                try:
                    walk.run(STEPS)
                except Exception as error:  # noqa: BLE001 - it is raised again by the test of this seed
                    stopped = error
                done.append((walk, stopped))
    return done


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_path_exceeds_a_limit_and_all_accounts_agree(walks: list[tuple[Walk, Exception | None]], seed: int) -> None:
    _, stopped = walks[seed]
    if stopped:
        raise stopped


def test_the_walks_do_every_verb_and_meet_every_refusal(walks: list[tuple[Walk, Exception | None]]) -> None:
    counted: Counter[str] = Counter()
    for walk, _ in walks:
        counted.update(walk.counts)
    verbs = [one for verb in VERBS for one in VARIANTS.get(verb, (verb,))]
    assert {verb: counted[f"{verb}:done"] for verb in verbs if counted[f"{verb}:done"] < SEEDS // 6} == {}
    assert REFUSED - set(counted) == set()
    assert any(any(request.waived) for walk, _ in walks for request in walk.paper.requests.values())
    assert any(request.waived[2] for walk, _ in walks for request in walk.paper.requests.values())


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1_000, 1_040))
def test_long_walks_end_the_same(world: World, seed: int) -> None:
    Walk(world, seed).run(400)


def nothing(*_: Any, **__: Any) -> None:
    return None


def none_of_them(*_: Any, **__: Any) -> list[Any]:
    return []


def while_it_runs(patch: Patch, where: str, inner: str, defect: Any) -> None:
    """Let `inner` be broken only while the function at `where` runs."""
    real = import_string(where)

    def worse(*told: Any, **more: Any) -> Any:
        with patch.context() as inside:
            inside.setattr(inner, defect)
            return real(*told, **more)

    patch.setattr(where, worse)


def around(patch: Patch, where: str, worse: Callable[..., Any]) -> None:
    """Put `worse` in the place of a function; it is given the real one first."""
    real = import_string(where)
    patch.setattr(where, lambda *told, **more: worse(real, *told, **more))


def amend_keeps_the_old_hold(patch: Patch) -> None:
    while_it_runs(patch, "lingqu.orders.actions.amend.store_again", "lingqu.orders.actions.again.releases", none_of_them)


def split_does_not_release(patch: Patch) -> None:
    while_it_runs(patch, "lingqu.orders.actions.splitting.store_again", "lingqu.orders.actions.again.releases", none_of_them)


def merge_keeps_the_holds_of_the_others(patch: Patch) -> None:
    patch.setattr("lingqu.orders.actions.merging.releases", none_of_them)


def decline_and_expiry_release_nothing(patch: Patch) -> None:
    patch.setattr("lingqu.orders.actions.answer.own_holds", none_of_them)


def reopen_skips_the_court(patch: Patch) -> None:
    def boundless(real: Any, *told: Any) -> Any:
        court = real(*told)
        for account, standing in court.standings.items():
            court.standings[account] = msgspec.structs.replace(standing, limit=Decimal(10) ** 9, count_limit=99)
        return court

    around(patch, "lingqu.orders.actions.reopening.court_for", boundless)


def cancel_credits_twice(patch: Patch) -> None:
    def twice(real: Any, order: int, amount: Decimal, *, cause: CreditCause, **more: Any) -> Any:
        if cause is CreditCause.CANCELLED:
            real(order, amount, cause=cause, **more)
        return real(order, amount, cause=cause, **more)

    around(patch, "lingqu.orders.actions.cancel.credit_batch", twice)


def close_rest_forgets_the_credit(patch: Patch) -> None:
    def forgets(real: Any, *told: Any, cause: CreditCause, **more: Any) -> Any:
        return None if cause is CreditCause.CLOSED else real(*told, cause=cause, **more)

    around(patch, "lingqu.orders.actions.cancel.credit_batch", forgets)


def a_return_credits_a_cent_too_much(patch: Patch) -> None:
    around(patch, "lingqu.orders.actions.returns.return_value", lambda real, *told: real(*told) + Decimal("0.01"))


def a_reversal_does_not_take_the_place_again(patch: Patch) -> None:
    def no_place(real: Any, *told: Any, **more: Any) -> list[Entry]:
        real(*told, **more)
        return []

    around(patch, "lingqu.credit.actions.reversing.reopen", no_place)


def a_waiver_covers_any_document(patch: Patch) -> None:
    def of_any(*, document_id: int, **more: Any) -> Any:
        assert document_id
        return Waiver.objects.filter(**more)

    everywhere = SimpleNamespace(filter=of_any)
    patch.setattr("lingqu.orders.actions.again.Waiver", SimpleNamespace(objects=everywhere))


def accepting_counts_no_batch(patch: Patch) -> None:
    def uncounted(real: Any, *told: Any) -> Entry:
        return msgspec.structs.replace(real(*told), count=0)

    around(patch, "lingqu.credit.actions.batches._settle_hold", uncounted)


def more_after_acceptance_is_not_judged(patch: Patch) -> None:
    def all_priced(real: Any, agreed: Any, pieces: Any) -> bool:
        return real(agreed, pieces) or all(piece.line for piece in pieces)

    around(patch, "lingqu.orders.actions.amend.is_lowering", all_priced)


def a_paid_batch_that_grows_takes_no_place(patch: Patch) -> None:
    def uncounted(real: Any, **more: Any) -> Entry:
        return real(**more | ({"count": 0} if more["reason"] == "raised" else {}))  # type: ignore[no-any-return]

    around(patch, "lingqu.credit.actions.batches.Entry", uncounted)


def money_that_waits_is_used_twice(patch: Patch) -> None:
    patch.setattr("lingqu.credit.actions.unapplied.set_unapplied", nothing)


DOCUMENT = "w.document_kind = c.kind AND w.document_id = c.document AND"
SQL = {
    "the row of the group does not change": ("ledger_post", "IF groups IS NOT NULL THEN", "IF false THEN"),
    "whoever joins a group need not fit": ("ledger_join_group", "AND (member.used + member.held <= 0", "AND (true"),
    "whoever leaves a group stays in its sum": ("ledger_leave_group", "SET used = used - member.used,", "SET used = used - 0,"),
    "a waiver covers any document, in the ledger, too": ("ledger_post", DOCUMENT, ""),
}  # fmt: skip
DEFECTS = (
    amend_keeps_the_old_hold, split_does_not_release, merge_keeps_the_holds_of_the_others, decline_and_expiry_release_nothing,
    reopen_skips_the_court, cancel_credits_twice, close_rest_forgets_the_credit, a_return_credits_a_cent_too_much,
    a_reversal_does_not_take_the_place_again, a_waiver_covers_any_document, accepting_counts_no_batch,
    more_after_acceptance_is_not_judged, a_paid_batch_that_grows_takes_no_place, money_that_waits_is_used_twice,
)  # fmt: skip


def must_be_found() -> None:
    """Some walk stumbles; without a defect none does, which the first test says."""
    for seed in range(SEEDS):
        try:
            with undone() as world:
                Walk(world, seed).run(STEPS)
        except (AssertionError, DatabaseError):
            return
    pytest.fail(f"no walk of {SEEDS} found it")


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("defect", DEFECTS, ids=attrgetter("__name__"))
def test_a_defect_on_a_path_is_found(monkeypatch: Patch, defect: Callable[[Patch], None]) -> None:
    defect(monkeypatch)
    must_be_found()


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", SQL)
def test_a_defect_in_the_ledger_is_found(monkeypatch: Patch, name: str) -> None:
    function, sound, defect = SQL[name]
    if sound == DOCUMENT:
        a_waiver_covers_any_document(monkeypatch)
    with as_owner(connection.settings_dict["NAME"]) as owner:
        (source,) = owner.execute("SELECT pg_get_functiondef(%s::regproc)", (function,)).fetchone()
        assert sound in source
        owner.execute(source.replace(sound, defect))
        try:
            must_be_found()
        finally:
            owner.execute(source)
