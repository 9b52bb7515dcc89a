"""The pure rules of the contract: which request needs one of its own, what covers it, and the mark by which its paper is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from lingqu.base.decision import Outcome, encode
from lingqu.credit.rules import CreditFacts
from lingqu.orders.rules import ContractLine, LineFacts, RequestFacts, content_mark, contract_number, decide
from lingqu.partners.rules import Papers, certificate_law, needs_stamped
from lingqu.policy.pack import PACKS, read_pack
from lingqu.policy.rules import LawSetting
from lingqu.policy.states import ContractMode

TODAY = date(2026, 11, 23)
VALID, ENDED = date(2027, 12, 31), date(2026, 11, 22)
SETTING = LawSetting("M-14.2")
LINE = ContractLine("QH26-101", "图集", 10, Decimal("96.0000"), Decimal("960.00"), 6500, Decimal("624.00"))


@pytest.mark.parametrize(
    ("until", "mode", "needed"),
    [
        (VALID, ContractMode.FRAMEWORK, False),
        (TODAY, ContractMode.FRAMEWORK, False),
        (ENDED, ContractMode.FRAMEWORK, True),
        (None, ContractMode.FRAMEWORK, True),
        (VALID, ContractMode.EACH, True),
        (None, ContractMode.EACH, True),
    ],
)
def test_who_needs_a_contract_of_their_own(until: date | None, mode: ContractMode, needed: bool) -> None:
    assert needs_stamped(Papers(VALID, until, VALID), on=TODAY, mode=mode) is needed


@pytest.mark.parametrize(
    ("papers", "passes"),
    [
        (Papers(VALID, VALID, VALID), True),
        (Papers(VALID, ENDED, VALID), False),
        (Papers(VALID, None, VALID, stamped="HT-2026-0001"), True),
        (Papers(VALID, ENDED, VALID, stamped="HT-2026-0001"), True),
        (Papers(ENDED, VALID, VALID, stamped="HT-2026-0001"), False),
        (Papers(VALID, None, ENDED, stamped="HT-2026-0001"), False),
    ],
)
def test_a_stamped_contract_covers_the_contract_and_nothing_else(papers: Papers, passes: bool) -> None:
    law = certificate_law(papers, on=TODAY, setting=SETTING)
    assert (law.outcome is Outcome.PASSED, law.numbers.get("stamped", "")) == (passes, papers.stamped)


def test_decisions_from_before_come_out_the_same_letter_for_letter() -> None:
    """Facts that were stored when nobody knew of stamped contracts lack the field, and their decisions have no such number."""
    regulation = read_pack(PACKS / "publisher")
    credit = CreditFacts("A", Decimal(300_000), Decimal(0), Decimal(0), 2, 0, 0, ())
    lines = (LineFacts(1, "QH26-101", "S", Decimal(96), 10, 100),)
    facts = RequestFacts(TODAY, "agent", Papers(VALID, VALID, VALID), ("37",), (), "370112", True, False, credit, lines)
    stored = encode(facts).replace(',"stamped":""', "")
    assert stored != encode(facts)
    again = encode(decide(msgspec.json.decode(stored, type=RequestFacts), regulation).decision)
    assert again == encode(decide(facts, regulation).decision)
    assert "stamped" not in again


def test_the_number_is_the_requests() -> None:
    assert contract_number("JH-2026-0012") == "HT-2026-0012"


@pytest.mark.parametrize(
    "other",
    [
        msgspec.structs.replace(LINE, copies=11),
        msgspec.structs.replace(LINE, list_price=Decimal("96.0001")),
        msgspec.structs.replace(LINE, discount_bp=6400),
        msgspec.structs.replace(LINE, net=Decimal("624.01")),
        msgspec.structs.replace(LINE, code="QH26-102"),
    ],
)
def test_the_mark_changes_with_anything_that_is_agreed(other: ContractLine) -> None:
    mark = content_mark("HT-2026-0001", "agent", [LINE])
    assert (len(mark), mark == content_mark("HT-2026-0001", "agent", [LINE])) == (8, True)
    assert mark not in {
        content_mark("HT-2026-0001", "agent", [other]),
        content_mark("HT-2026-0001", "agent", [LINE, other]),
        content_mark("HT-2026-0001", "other_agent", [LINE]),
        content_mark("HT-2026-0002", "agent", [LINE]),
    }
