"""The shipping decision in one place: every law judged, never only the first failure (domain rules A22).

Pure and frozen through and through: the same function decides a live request, explains it, and replays past ones.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.decision import Decision, LawResult, Number, Outcome, verdict_of
from lingqu.base.money import WHOLE_BP, ZERO, line_net
from lingqu.catalogue.rules import PricedLine, SpecialOffer, price_law, price_line
from lingqu.credit.rules import CreditFacts, batches_law, credit_law, discount_for, lets_through, overdue_law
from lingqu.inventory.rules import stock_law
from lingqu.orders.rules.cures import cures_for
from lingqu.partners.rules import Papers, area_law, certificate_law
from lingqu.policy.rules import Discount, Regulation
from lingqu.policy.states import Law


class LineFacts(msgspec.Struct, frozen=True):
    """One line as asked: list price in yuan, copies, discount asked (None = the rule's), copies available, product line (discipline).

    `special` is the special price that the buyer has for the title on the day, with the copies that are left of it.
    """

    product: int
    code: str
    product_line: str
    list_price: Decimal
    copies: int
    available: int
    discount_bp: int | None = None
    special: SpecialOffer | None = None


class RequestFacts(msgspec.Struct, frozen=True):
    """All that a decision looks at, read after the credit line and the stock were locked.

    `own_discount_bp` is the price that an agent gave this retailer alone, in basis points; left out where there is none.
    """

    on: date
    level: str
    papers: Papers
    areas: tuple[str, ...]
    product_lines: tuple[str, ...]
    delivery_division: str
    keeps_stock: bool
    drop_shortage: bool
    credit: CreditFacts
    lines: tuple[LineFacts, ...]
    own_discount_bp: int | msgspec.UnsetType = msgspec.UNSET


class Totals(msgspec.Struct, frozen=True):
    """Titles, copies, list-price value and net in yuan; each the sum of its rounded lines."""

    titles: int
    copies: int
    list_value: Decimal
    net: Decimal

    @property
    def discount_bp(self) -> Decimal:
        """Return net as basis points of the list-price value; 0 when that is 0."""
        return self.net * WHOLE_BP / self.list_value if self.list_value else ZERO


class Decided(msgspec.Struct, frozen=True):
    """A decision with the priced lines that it judged, the copies of each line that are ready to ship, and the totals."""

    decision: Decision
    lines: tuple[PricedLine, ...]
    ready: tuple[int, ...]
    totals: Totals


def price_request(facts: RequestFacts, discount: Discount | None) -> tuple[tuple[PricedLine, ...], tuple[int, ...]]:
    """Return the priced lines and how many copies of each are ready to ship; dropped shortages are out of the line already.

    A discount asked wins over the rule's (the price law judges it); with neither, the list price is paid.
    """
    rule = discount.rule_bp if discount else WHOLE_BP
    lines: list[PricedLine] = []
    ready: list[int] = []
    taken: dict[int, int] = {}
    for line in facts.lines:
        there = line.copies
        if facts.keeps_stock:
            before = taken.get(line.product, 0)
            there = min(line.copies, max(line.available - before, 0))
            taken[line.product] = before + there
        copies = there if facts.drop_shortage else line.copies
        lines.append(_priced(line, copies, discount, rule))
        ready.append(there)
    return tuple(lines), tuple(ready)


def _priced(line: LineFacts, copies: int, discount: Discount | None, rule: int) -> PricedLine:
    special = line.special
    if special and special.covers(copies, line.discount_bp, discount):
        asked = special.discount_bp if line.discount_bp is None else line.discount_bp
        return price_line(line.product, copies, line.list_price, asked, special.id)
    return price_line(line.product, copies, line.list_price, rule if line.discount_bp is None else line.discount_bp)


def _told_of_specials(facts: RequestFacts, lines: tuple[PricedLine, ...]) -> dict[str, Number]:
    """Return what the price law says of special prices: those that lines are sold by, and the first with fewer copies left than asked."""
    told: dict[str, Number] = {}
    used = [line.special.number for line, priced in zip(facts.lines, lines, strict=True) if line.special and priced.special]
    if used:
        told |= {"special": " ".join(dict.fromkeys(used)), "special_lines": len(used)}
    for line, priced in zip(facts.lines, lines, strict=True):
        if line.special and not priced.special and priced.copies > line.special.left:
            return told | {"special_short": line.special.number, "special_left": line.special.left}
    return told


def decide(facts: RequestFacts, regulation: Regulation) -> Decided:
    """Judge a request by every law of the regulation and return the decision with the money it is about (M-16.3.1, A22)."""
    own = None if isinstance(facts.own_discount_bp, msgspec.UnsetType) else facts.own_discount_bp
    discount = discount_for(regulation, facts.level, facts.credit.grade, own)
    lines, ready = price_request(facts, discount)
    totals = _totals(lines)
    parameters, laws = regulation.parameters, regulation.laws
    credit, net = facts.credit, totals.net
    outside = 0
    if facts.product_lines:
        outside = sum(line.product_line not in facts.product_lines for line in facts.lines)
    floor = discount.floor_bp if discount else WHOLE_BP
    if discount and lets_through(credit, Law.PRICE, below_floor(lines, floor), credit.waived_below_floor):
        floor = 0
    results: tuple[LawResult, ...] = (
        certificate_law(facts.papers, on=facts.on, setting=laws["certificate"]),
        area_law(facts.areas, facts.delivery_division, outside, laws["area"]),
        price_law(
            _lowest(lines, discount), sum(line.discount_bp < floor for line in lines if not line.special), discount, laws["price"],
            _told_of_specials(facts, lines),
        ),
        stock_law(totals.copies, sum(ready), sum(map(_is_short, facts.lines, ready)), keeps_stock=facts.keeps_stock, setting=laws["stock"]),
        credit_law(credit, net, laws["credit"]),
        batches_law(credit, net, laws["batches"]),
        overdue_law(
            credit, on=facts.on, tolerance_days=parameters.overdue_tolerance_days,
            tolerance_amount=parameters.overdue_tolerance_amount, setting=laws["overdue"],
        ),
    )  # fmt: skip
    off = [law for law, setting in laws.items() if not setting.enabled]
    if off:
        results = tuple(_set_aside(result) if result.law in off else result for result in results)
    verdict = verdict_of(results)
    cures = cures_for(results, credit, lines, facts.on, parameters) if verdict.value != "passed" else ()
    return Decided(Decision(verdict, results, cures, regulation.reference), lines, ready, totals)


def below_floor(lines: tuple[PricedLine, ...], floor_bp: int) -> Decimal:
    """Return by how many yuan the lines that are priced below the floor stay under it."""
    below = (line for line in lines if line.discount_bp < floor_bp and not line.special)
    return sum((line_net(line.list_price, line.copies, floor_bp) - line.net for line in below), ZERO)


def _lowest(lines: tuple[PricedLine, ...], discount: Discount | None) -> int:
    """Return the lowest discount of the lines that no special price covers; the rule's where all are covered."""
    rule = discount.rule_bp if discount else WHOLE_BP
    return min((line.discount_bp for line in lines if not line.special), default=rule)


def _set_aside(result: LawResult) -> LawResult:
    """Return what a law that is switched off says: it does not apply, and its open questions do not matter."""
    return msgspec.structs.replace(result, outcome=Outcome.NOT_APPLICABLE, waivable_by="", gaps=())


def _is_short(line: LineFacts, ready: int) -> bool:
    return ready < line.copies


def _totals(lines: tuple[PricedLine, ...]) -> Totals:
    titles = copies = 0
    list_value = net = ZERO
    for line in lines:
        titles += line.copies > 0
        copies += line.copies
        list_value += line.list_value
        net += line.net
    return Totals(titles, copies, list_value, net)
