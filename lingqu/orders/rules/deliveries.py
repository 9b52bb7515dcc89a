"""What may stand on a delivery's papers, what differs from them, and what becomes of copies that did not arrive as sent (M-16.3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from lingqu.base.money import MAX_COPIES
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.orders.states import ANSWER_WORDS, DIFFERENCE_WORDS, DifferenceAnswer, DifferenceKind, FreightPayer

MOST_PARCELS = 50
MOST_WAYBILL = 60
MOST_CARRIER = 60
MOST_REASON = 200
MOST_KILOGRAMS = Decimal(100_000)
MOST_FREIGHT = Decimal(1_000_000)

NOT_ARRIVED = (DifferenceKind.SHORT, DifferenceKind.DAMAGED, DifferenceKind.WRONG_TITLE)
"""Copies of these kinds were on the delivery note and are not with the receiver, fit for sale."""

MAKES_UP = (DifferenceAnswer.SEND_AGAIN, DifferenceAnswer.CREDIT)
"""With these answers the copies move on paper: they are owed again, or not owed for."""

FITTING = {
    **dict.fromkeys(NOT_ARRIVED, (*MAKES_UP, DifferenceAnswer.REFUSE)),
    DifferenceKind.TOO_MANY: (DifferenceAnswer.SEND_BACK, DifferenceAnswer.NEW_REQUEST, DifferenceAnswer.REFUSE),
}
"""The answers to each kind. Copies that nobody ordered are never just billed: they go back, or stand in a request of their own."""


class ParcelWanted(msgspec.Struct, frozen=True):
    """A parcel as it is written down: its waybill, kilograms and copies where they are known."""

    waybill: str = ""
    weight: Decimal | None = None
    copies: int | None = None


class Carriage(msgspec.Struct, frozen=True):
    """How a delivery travels: its parcels in order, the carrier, who pays it, and what it costs in yuan where that is known.

    `lots` (ids) are those out of which it leaves before all others, as goods of a transfer do.
    """

    parcels: tuple[ParcelWanted, ...] = (ParcelWanted(),)
    carrier: str = ""
    payer: FreightPayer | None = None
    freight: Decimal | None = None
    lots: tuple[int, ...] = ()


class LineCount(msgspec.Struct, frozen=True):
    """Copies of a line as the receiver counted them: in good order, damaged, and of another title in their place."""

    good: int
    damaged: int = 0
    wrong: int = 0


class Differs(msgspec.Struct, frozen=True):
    """Copies of a line that differ in one way from the delivery note."""

    line: int
    kind: DifferenceKind
    copies: int


class Answered(msgspec.Struct, frozen=True):
    """What the seller does about one difference; a reason belongs to a refusal."""

    answer: DifferenceAnswer
    reason: str = ""


def check_carriage(carriage: Carriage) -> None:
    """Refuse no parcel and more than 50, long waybills and carriers, a waybill that stands twice, and figures out of reason."""
    if not 1 <= len(carriage.parcels) <= MOST_PARCELS:
        raise bad_input("parcels", Text(f"一次发货 1 至 {MOST_PARCELS} 件。", f"A delivery has 1 to {MOST_PARCELS} parcels."))
    if len(carriage.carrier) > MOST_CARRIER:
        raise bad_input("carrier", Text(f"承运单位最多 {MOST_CARRIER} 字。", f"A carrier has at most {MOST_CARRIER} characters."))
    if carriage.freight is not None and not 0 <= carriage.freight <= MOST_FREIGHT:
        raise bad_input("freight", Text(f"运费须在 0 至 {MOST_FREIGHT:,} 元之间。", f"Freight lies between 0 and {MOST_FREIGHT:,} yuan."))
    waybills = [parcel.waybill for parcel in carriage.parcels if parcel.waybill]
    for place, parcel in enumerate(carriage.parcels, 1):
        _check_parcel(place, parcel)
    twice = next((one for one in waybills if waybills.count(one) > 1), "")
    if twice:
        raise bad_input("parcels", Text(f"运单号 {twice} 写了两次。", f"Waybill {twice} stands twice."))


def _check_parcel(place: int, parcel: ParcelWanted) -> None:
    wrong: Text | None = None
    if len(parcel.waybill) > MOST_WAYBILL:
        wrong = Text(f"运单号最多 {MOST_WAYBILL} 字", f"a waybill has at most {MOST_WAYBILL} characters")
    elif parcel.weight is not None and not 0 < parcel.weight <= MOST_KILOGRAMS:
        wrong = Text(f"重量须大于 0、不超过 {MOST_KILOGRAMS:,} 公斤", f"a weight is above 0 and at most {MOST_KILOGRAMS:,} kg")
    elif parcel.copies is not None and not 0 < parcel.copies <= MAX_COPIES:
        wrong = Text(f"册数须在 1 至 {MAX_COPIES:,} 之间", f"copies lie between 1 and {MAX_COPIES:,}")
    if wrong:
        raise bad_input("parcels", Text(f"第 {place} 件：{wrong.zh}。", f"Parcel {place}: {wrong.en}."))


def report_until(shipped_on: date, days: int) -> date:
    """Return the last day on which differences are taken without the manager's consent: `days` after shipping, whose day is not counted."""
    return shipped_on + timedelta(days=days)


def differences_of(expected: Mapping[int, int], counted: Mapping[int, LineCount]) -> tuple[Differs, ...]:
    """Return what differs, by line number and then kind; nothing when all arrived as sent.

    `expected` are the copies of the delivery note by line number. Refuses a line that is not on it, and copies outside 0 to 1,000,000.
    """
    found: list[Differs] = []
    for line in counted:
        if line not in expected:
            raise bad_input("lines", Text(f"配送单上没有第 {line} 行。", f"There is no line {line} on the delivery note."))
    for line, copies in expected.items():
        one = counted.get(line, LineCount(copies))
        if min(one.good, one.damaged, one.wrong) < 0 or max(one.good, one.damaged, one.wrong) > MAX_COPIES:
            raise bad_input(f"lines.{line}.good", Text(f"册数须在 0 至 {MAX_COPIES:,} 之间。", f"Copies lie between 0 and {MAX_COPIES:,}."))
        if one.damaged + one.wrong > copies:
            raise bad_input(
                f"lines.{line}.good",
                Text(f"破损和错品合计超过应收的 {copies} 册。", f"Damaged and wrong copies are more than the {copies} that were sent."),
            )
        missing = copies - one.good - one.damaged - one.wrong
        ways = (
            (DifferenceKind.SHORT, max(missing, 0)), (DifferenceKind.TOO_MANY, max(-missing, 0)),
            (DifferenceKind.DAMAGED, one.damaged), (DifferenceKind.WRONG_TITLE, one.wrong),
        )  # fmt: skip
        found += [Differs(line, kind, number) for kind, number in ways if number]
    return tuple(found)


def check_answers(kinds: Sequence[DifferenceKind], answers: Sequence[Answered | None]) -> list[Answered]:
    """Return the answers, one for each difference in their order. Refuses a missing or misfit one, and no reason."""
    checked: list[Answered] = []
    for place, (kind, one) in enumerate(zip(kinds, answers, strict=True)):
        field = f"answers.{place}"
        if one is None:
            raise bad_input(field, Text("请选择怎样处理。", "Choose what is to be done."))
        if one.answer not in FITTING[kind]:
            raise bad_input(field, _not_fitting(kind, one.answer))
        reason = one.reason.strip()
        if one.answer is DifferenceAnswer.REFUSE and not reason:
            raise bad_input(field, Text("不予认可须写明理由。", "Say why it is not accepted."))
        if len(reason) > MOST_REASON:
            raise bad_input(field, Text(f"理由最多 {MOST_REASON} 字。", f"A reason has at most {MOST_REASON} characters."))
        checked.append(Answered(one.answer, reason))
    return checked


def _not_fitting(kind: DifferenceKind, answer: DifferenceAnswer) -> Text:
    what, how = DIFFERENCE_WORDS[kind], ANSWER_WORDS[answer]
    if kind is DifferenceKind.TOO_MANY:
        return Text(
            f"{what.zh}不能“{how.zh}”：没有订的不能直接计价，请对方退回，或另补一份申请。",
            f"“{how.en}” does not fit copies that nobody ordered: they go back, or a request of their own is made for them.",
        )
    return Text(f"{what.zh}不能“{how.zh}”。", f"“{how.en}” does not fit “{what.en.lower()}”.")


def check_found(missing: Sequence[int], found: Sequence[int | None]) -> list[int]:
    """Return the copies that the warehouse has of each difference; refuses none named, fewer than nothing, and more than differ."""
    checked: list[int] = []
    for place, (copies, have) in enumerate(zip(missing, found, strict=True)):
        if have is None or not 0 <= have <= copies:
            raise bad_input(f"found.{place}", Text(f"请填 0 至 {copies} 册。", f"Enter 0 to {copies} copies."))
        checked.append(have)
    return checked


def too_late(until: date) -> Refusal:
    """Return the refusal of differences that are reported after their time."""
    return Refusal(
        "too_late",
        Text(
            f"提出差异的期限是 {until}，已过。逾期提出须经营销主管同意；请与供货方联系，同意后再提交。",
            f"Differences were to be reported until {until}. A later report needs the marketing manager's consent; ask the seller first.",
        ),
        clause="M-16.3.2",
    )
