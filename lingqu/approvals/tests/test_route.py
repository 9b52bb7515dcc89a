"""Which steps a document takes, by its amount and by what follows what."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from lingqu.approvals.rules import Chain, Step, Who, route_of
from lingqu.base.text import Text


def step(key: str, *, over: str = "", enough: str = "", next_step: str = "") -> Step:
    return Step(
        key, Text(key, key), Who(post="director"), over=Decimal(over) if over else None, enough_up_to=Decimal(enough) if enough else None,
        next=next_step,
    )  # fmt: skip


def route(*steps: Step, amount: str = "") -> list[str]:
    chain = Chain("c", Text("c", "c"), "M-4", steps)
    return [taken.key for taken in route_of(chain, Decimal(amount) if amount else None)]


LADDER = (step("manager", enough="5000"), step("finance", enough="20000"), step("director", over="20000"))


@pytest.mark.parametrize(
    ("amount", "taken"),
    [
        ("5000.00", ["manager"]),
        ("5000.01", ["manager", "finance"]),
        ("20000.00", ["manager", "finance"]),
        ("20000.01", ["manager", "finance", "director"]),
        ("", ["manager", "finance", "director"]),
    ],
)
def test_authority_by_amount(amount: str, taken: list[str]) -> None:
    assert route(*LADDER, amount=amount) == taken


def test_a_step_names_what_follows() -> None:
    assert route(step("a", next_step="c"), step("b"), step("c", next_step="end"), step("d")) == ["a", "c"]


def test_a_circle_is_an_error_and_not_an_endless_loop() -> None:
    with pytest.raises(ValueError, match="comes back to a"):
        route(step("a"), step("b", next_step="a"))


def test_a_chain_is_kept_and_read_back_as_it_was() -> None:
    chain = Chain("c", Text("c", "c"), "M-4", LADDER)
    assert msgspec.json.decode(msgspec.json.encode(chain), type=Chain) == chain
