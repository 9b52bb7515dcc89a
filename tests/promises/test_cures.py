"""A cure is a promise: what it says would pass, passes when it is done. Checked on generated requests by deciding again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lingqu.base.decision import Cure, Outcome, Verdict, encode
from lingqu.credit.rules import CreditFacts, OpenBatch
from lingqu.orders.rules import Decided, LineFacts, RequestFacts, decide
from lingqu.partners.rules import Papers
from lingqu.policy.pack import PACKS, read_pack

REGULATION = read_pack(PACKS / "publisher")
DAY = date(2026, 11, 23)
VALID = date(2027, 12, 31)
GRADES = st.sampled_from(["A", "B", "C", "D"])
MONEY = st.decimals(min_value=0, max_value=400_000, places=2)


@st.composite
def requests(draw: st.DrawFn) -> RequestFacts:
    grade = draw(GRADES)
    terms = REGULATION.parameters.grades[grade]
    rests = draw(st.lists(st.decimals(min_value="0.01", max_value=200_000, places=2), max_size=3))
    due = st.sampled_from([None, date(2026, 11, 1), date(2026, 12, 1)])
    batches = tuple(OpenBatch(number, number, f"JH-{number}", DAY, rest, draw(due)) for number, rest in enumerate(rests, 1))
    used = sum(rests, Decimal(0)) if batches else -draw(MONEY)
    credit = CreditFacts(grade, terms.limit, used, draw(MONEY), terms.max_open_batches, len(batches), draw(st.integers(0, 1)), batches)
    if any(one.due_on and one.due_on < DAY for one in batches) and draw(st.booleans()):
        credit = msgspec.structs.replace(credit, stopped="GK-1")
    elif draw(st.sampled_from([False, False, True])):
        credit = msgspec.structs.replace(credit, stopped="GK-2", stopped_by_hand=True)
    prices = st.decimals(min_value="0.0100", max_value=2_000, places=4)
    lines = tuple(
        LineFacts(place, f"QH-{place}", "S", draw(prices), draw(st.integers(1, 900)), draw(st.integers(0, 900)),
                  draw(st.sampled_from([None, 6_000, 6_300, 7_000])))
        for place in range(draw(st.integers(1, 4)))
    )  # fmt: skip
    papers = Papers(VALID, VALID, VALID)
    return RequestFacts(DAY, "agent", papers, ("37",), (), "370112", draw(st.booleans()), draw(st.booleans()), credit, lines)


def done(facts: RequestFacts, decided: Decided, cure: Cure) -> RequestFacts | None:
    """The facts after a person did what the cure says; None for what happens outside the request."""
    numbers, credit = cure.numbers, facts.credit
    if cure.kind == "pay":
        paid = [one for one in credit.batches if numbers["first"] <= one.number <= numbers["last"]]  # type: ignore[operator]
        rest = tuple(one for one in credit.batches if one not in paid)
        used = credit.used - sum((one.remaining for one in paid), Decimal(0))
        credit = msgspec.structs.replace(credit, batches=rest, used=used, open_count=credit.open_count - len(paid))
        if not credit.stopped_by_hand and not any(one.due_on and one.due_on < DAY for one in rest):
            credit = msgspec.structs.replace(credit, stopped="")
        return msgspec.structs.replace(facts, credit=credit)
    if cure.kind == "prepay":
        return msgspec.structs.replace(facts, credit=msgspec.structs.replace(credit, used=credit.used - numbers["amount"]))  # type: ignore[operator]
    if cure.kind == "release_hold":
        return msgspec.structs.replace(facts, credit=msgspec.structs.replace(credit, stopped="", stopped_by_hand=False))
    if cure.kind == "ask":
        over = {law.law: law.numbers.get("over", 0) for law in decided.decision.failed()}
        credit = msgspec.structs.replace(
            credit, waived_amount=over.get("credit", Decimal(0)), waived_batches=over.get("batches", 0), waived_laws=tuple(over)
        )
        return msgspec.structs.replace(facts, credit=credit)
    if cure.kind in ("reduce", "lift_prices"):
        return msgspec.structs.replace(facts, lines=tuple(changed_line(line, decided, cure) for line in facts.lines))
    return None


def changed_line(line: LineFacts, decided: Decided, cure: Cure) -> LineFacts:
    if cure.kind == "reduce":
        kept = next(priced.copies for priced in decided.lines if priced.product == line.product)
        cut = cure.numbers["copies"] if line.product == cure.numbers["product"] else 0
        return msgspec.structs.replace(line, copies=kept - cut)  # type: ignore[operator]
    floor = cure.numbers["floor_bp"]
    asked = line.discount_bp
    return line if asked is None else msgspec.structs.replace(line, discount_bp=max(asked, floor))  # type: ignore[type-var]


@settings(max_examples=400, deadline=None)
@given(requests())
def test_what_a_cure_promises_comes_true(facts: RequestFacts) -> None:
    decided = decide(facts, REGULATION)
    assume(decided.decision.verdict is not Verdict.PASSED and decided.totals.copies)
    for cure in decided.decision.cures:
        after = done(facts, decided, cure)
        if after is None or not all(line.copies for line in after.lines):
            continue
        again = decide(after, REGULATION)
        for effect in cure.effects:
            assert (again.decision.law(effect.law).outcome is Outcome.PASSED) == effect.passes, (cure.kind, effect)


@settings(max_examples=200, deadline=None)
@given(requests())
def test_stored_facts_give_the_stored_decision_byte_for_byte(facts: RequestFacts) -> None:
    decided = decide(facts, REGULATION)
    read_back = msgspec.json.decode(encode(facts), type=RequestFacts)
    assert encode(decide(read_back, REGULATION).decision) == encode(decided.decision)


@settings(max_examples=200, deadline=None)
@given(requests())
def test_all_seven_laws_are_judged_in_order_and_sums_are_sums_of_lines(facts: RequestFacts) -> None:
    decided = decide(facts, REGULATION)
    assert [law.law for law in decided.decision.laws] == ["certificate", "area", "price", "stock", "credit", "batches", "overdue"]
    assert decided.totals.net == sum(line.net for line in decided.lines)
    assert decided.totals.list_value == sum(line.list_value for line in decided.lines)
    assert all(line.net == line.net.quantize(Decimal("0.01")) for line in decided.lines)
