"""What is typed about a delivery: parcels, what was counted, what was found, and what is done about differences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from lingqu.base.money import MAX_COPIES, plain_digits
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.base.typed import plain_text, read_id
from lingqu.orders.forms.filters import read_words
from lingqu.orders.queries import DELIVERY_GROUPS, DeliveryFilter
from lingqu.orders.rules import MOST_PARCELS, Answered, Carriage, LineCount, ParcelWanted
from lingqu.orders.states import DifferenceAnswer, FreightPayer

MOST_LETTERS = 8_000
MOST_LINES = 5_000
_WEIGHT = re.compile(r"(\d{1,7}(?:\.\d{1,2})?)(?:kg|公斤|千克)", re.ASCII | re.IGNORECASE)
_COPIES = re.compile(r"(\d{1,7})(?:册|本|copies)", re.ASCII | re.IGNORECASE)
_COUNTED = re.compile(r"(good|damaged|wrong)-(\d{1,5})", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)


def read_delivery_filter(given: Mapping[str, str]) -> DeliveryFilter:
    """Return the filter that an address names; what is not understood is left out."""
    group = given.get("group", "all")
    return DeliveryFilter(group if group in DELIVERY_GROUPS else "all", read_words(given), read_id(given.get("before", "")))


def read_carriage(given: Mapping[str, str]) -> Carriage:
    """Return how a delivery travels: one parcel a line (waybill, kilograms, copies), or as many parcels as the count says.

    Refuses what is no count, a count below the lines, an amount that cannot be read, and an unknown payer.
    """
    lines = [line for line in plain_text(given.get("parcels"), most=MOST_LETTERS).split("\n") if line.strip()]
    parcels = [_parcel(line) for line in lines[: MOST_PARCELS + 1]]
    typed = plain_digits(plain_text(given.get("pieces"), most=12).strip())
    if typed and (not _WHOLE.fullmatch(typed) or not 1 <= int(typed) <= MOST_PARCELS):
        raise bad_input("parcels", Text(f"件数须是 1 至 {MOST_PARCELS} 的整数。", f"Parcels are a whole number from 1 to {MOST_PARCELS}."))
    if typed and int(typed) < len(parcels):
        raise bad_input("parcels", Text("运单多于件数。", "There are more waybills than parcels."))
    parcels += [ParcelWanted()] * (max(int(typed or 1), 1) - len(parcels))
    payer = given.get("payer", "")
    if payer and payer not in set(FreightPayer):
        raise bad_input("payer", Text("请选择运费由谁承担。", "Choose who pays the freight."))
    carrier = plain_text(given.get("carrier"), most=200).strip()
    return Carriage(tuple(parcels), carrier, FreightPayer(payer) if payer else None, _yuan(given.get("freight", "")))


def _parcel(line: str) -> ParcelWanted:
    words = [word for word in re.split(r"[\s,，;；\t]+", line.strip()) if word]
    weight: Decimal | None = None
    copies: int | None = None
    rest = []
    for word in words:
        plain = plain_digits(word)
        if found := _WEIGHT.fullmatch(plain):
            weight = Decimal(found[1])
        elif found := _COPIES.fullmatch(plain):
            copies = int(found[1])
        else:
            rest.append(word)
    return ParcelWanted(" ".join(rest), weight, copies)


def _yuan(typed: str) -> Decimal | None:
    plain = plain_digits(plain_text(typed, most=40).strip()).replace(",", "")
    if not plain:
        return None
    try:
        amount = Decimal(plain)
        if amount == round(amount, 2):
            return amount
    except InvalidOperation:  # no number, and one of more figures than can be rounded, such as 1E40
        pass
    raise bad_input("freight", Text(f"“{typed[:40]}”不是金额。", f"“{typed[:40]}” is no amount."))


def read_counted(given: Mapping[str, str]) -> dict[int, LineCount]:
    """Return what the receiver counted by line number, an empty cell as 0; refuses what is no whole number of copies."""
    cells: dict[int, dict[str, int]] = {}
    for name, value in list(given.items())[:MOST_LINES]:
        found = _COUNTED.fullmatch(name)
        if found:
            cells.setdefault(int(found[2]), {})[found[1]] = _whole(value, f"lines.{int(found[2])}.good")
    return {line: LineCount(cell.get("good", 0), cell.get("damaged", 0), cell.get("wrong", 0)) for line, cell in cells.items()}


def _whole(value: str, field: str) -> int:
    plain = plain_digits(plain_text(value, most=40).strip()) or "0"
    if not _WHOLE.fullmatch(plain) or int(plain) > MAX_COPIES:
        raise bad_input(field, Text(f"“{value[:40]}”不是整数册数。", f"“{value[:40]}” is no whole number of copies."))
    return int(plain)


def read_found(given: Mapping[str, str], many: int) -> list[int | None]:
    """Return the copies that the warehouse found, difference by difference; an empty cell is None."""
    typed = [given.get(f"found-{place}", "").strip() for place in range(many)]
    return [_whole(one, f"found.{place}") if one else None for place, one in enumerate(typed)]


def read_answers(given: Mapping[str, str], many: int) -> list[Answered | None]:
    """Return the answers, difference by difference; one that was not chosen is None."""
    answers: list[Answered | None] = []
    for place in range(many):
        chosen = given.get(f"answer-{place}", "")
        reason = plain_text(given.get(f"reason-{place}"), most=400)
        answers.append(Answered(DifferenceAnswer(chosen), reason) if chosen in set(DifferenceAnswer) else None)
    return answers


def read_note(given: Mapping[str, str], name: str = "note") -> str:
    """Return a note as typed; how long it may be is the action's to say."""
    return plain_text(given.get(name), most=2_000).strip()
