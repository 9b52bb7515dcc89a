"""How a request would pass: concrete ways, each with its effect on every failed law. Computed, never written by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.decision import Cure, Effect, LawResult, Number, Outcome
from lingqu.base.money import CENT, WHOLE_BP, ZERO, line_net
from lingqu.catalogue.rules import PricedLine
from lingqu.credit.rules import CreditFacts, OpenBatch, batches_taken, days_overdue
from lingqu.policy.rules import Parameters
from lingqu.policy.states import Law

MOST_BATCHES_TO_PAY = 3


class After(msgspec.Struct, frozen=True):
    """What a cure would change: money paid in, batches settled, a smaller net, discounts lifted to the floor, laws signed away."""

    paid: Decimal = ZERO
    settled: int = 0
    overdue_paid: bool = False
    net: Decimal | None = None
    prices_lifted: bool = False
    waived: tuple[str, ...] = ()


Context = tuple[CreditFacts, Decimal]


def cures_for(
    laws: tuple[LawResult, ...], credit: CreditFacts, lines: tuple[PricedLine, ...], on: date, parameters: Parameters
) -> tuple[Cure, ...]:
    """Return the ways in which the failed laws would pass, each with its effect on every one of them.

    Paying the oldest batches or in advance, taking copies out, lifting discounts to the floor, the special signature where all failures
    allow it, mending papers, area or time, and the release of a stop that was set by hand.
    """
    failed = tuple(law for law in laws if law.outcome is Outcome.FAILED)
    net = sum((line.net for line in lines), ZERO)
    context = (credit, net)
    cures = [
        *_pay(failed, context, on, parameters),
        *_reduce(failed, context, lines),
        *_lift_prices(failed, context, lines),
        *_ask(failed, context),
        *_papers(failed),
        *_release(failed, credit, parameters),
    ]
    return tuple(cures)


def _pay(failed: tuple[LawResult, ...], context: Context, on: date, parameters: Parameters) -> list[Cure]:
    names = {law.law for law in failed}
    credit, _ = context
    helped = {Law.CREDIT.value, Law.BATCHES.value} if credit.stopped_by_hand else {Law.CREDIT.value, Law.BATCHES.value, Law.OVERDUE.value}
    if not names & helped:
        return []
    payable = credit.batches[:MOST_BATCHES_TO_PAY]
    cures = []
    for many in range(1, len(payable) + 1):
        chosen = payable[:many]
        cure = _payment(chosen, failed, context, on, parameters)
        cures.append(cure)
        if all(effect.passes for effect in cure.effects if effect.law in (Law.CREDIT.value, Law.BATCHES.value, Law.OVERDUE.value)):
            break
    helpful = [cure for cure in cures if any(effect.passes for effect in cure.effects)]
    if helpful:
        return helpful[-1:]
    return _prepay(failed, context)


def _payment(chosen: tuple[OpenBatch, ...], failed: tuple[LawResult, ...], context: Context, on: date, parameters: Parameters) -> Cure:
    amount = sum((batch.remaining for batch in chosen), ZERO)
    tolerance = parameters.overdue_tolerance_days
    rest_overdue = any(days_overdue(batch, on, tolerance) for batch in context[0].batches[len(chosen) :])
    after = After(paid=amount, settled=len(chosen), overdue_paid=not rest_overdue)
    numbers: dict[str, Number] = {
        "first": chosen[0].number, "last": chosen[-1].number, "request": chosen[0].request, "amount": amount,
        "at_least": max(amount - parameters.settles_at, CENT),
    }  # fmt: skip
    return Cure("pay", numbers, _effects(failed, context, after))


def _prepay(failed: tuple[LawResult, ...], context: Context) -> list[Cure]:
    """Where settling open batches helps nothing, or none is open, money in advance is the way (grade D pays first)."""
    credit, net = context
    needed = max(credit.used + credit.held + net, ZERO)
    if credit.max_open:
        over = _over(credit, net)
        needed = over if over > 0 else needed
    if needed <= 0:
        return []
    return [Cure("prepay", {"amount": needed}, _effects(failed, context, After(paid=needed)))]


def _reduce(failed: tuple[LawResult, ...], context: Context, lines: tuple[PricedLine, ...]) -> list[Cure]:
    """Take as few copies as needed out of one line, so that the rest fits the limit: of all lines the one that keeps most of the net."""
    if not any(law.law == Law.CREDIT.value for law in failed):
        return []
    credit, net = context
    over = _over(credit, net)
    room = net - over
    best: tuple[Decimal, int, PricedLine, Decimal] | None = None
    for line in lines:
        cut = _least_copies(line, over)
        if cut is None:
            continue
        new_net = net - line.net + line_net(line.list_price, line.copies - cut, line.discount_bp)
        if new_net > 0 and (best is None or (room - new_net, cut) < (best[0], best[1])):
            best = (room - new_net, cut, line, new_net)
    if best is None:
        return [Cure("order_at_most", {"net": room}, _effects(failed, context, After(net=room)))] if room > 0 else []
    _, cut, line, new_net = best
    numbers: dict[str, Number] = {"product": line.product, "copies": cut, "net": new_net}
    return [Cure("reduce", numbers, _effects(failed, context, After(net=new_net)))]


def _least_copies(line: PricedLine, over: Decimal) -> int | None:
    """Return the least number of copies whose removal lowers the line's net by at least `over`; None when the whole line does not."""
    if line.net < over or not line.copies:
        return None
    low, high = 1, line.copies
    while low < high:
        middle = (low + high) // 2
        if line.net - line_net(line.list_price, line.copies - middle, line.discount_bp) >= over:
            high = middle
        else:
            low = middle + 1
    return low


def _lift_prices(failed: tuple[LawResult, ...], context: Context, lines: tuple[PricedLine, ...]) -> list[Cure]:
    floor = next((law.numbers.get("floor_bp") for law in failed if law.law == Law.PRICE.value), None)
    if not isinstance(floor, int):
        return []
    least = min(floor, WHOLE_BP)
    lifted = (line.net if line.special else line_net(line.list_price, line.copies, max(line.discount_bp, least)) for line in lines)
    net = sum(lifted, ZERO)
    return [Cure("lift_prices", {"floor_bp": floor, "net": net}, _effects(failed, context, After(net=net, prices_lifted=True)))]


def _ask(failed: tuple[LawResult, ...], context: Context) -> list[Cure]:
    posts = {law.waivable_by for law in failed}
    if not failed or "" in posts:
        return []
    post = "director" if "director" in posts else min(posts)
    return [Cure("ask", {"post": post}, _effects(failed, context, After(waived=tuple(law.law for law in failed))))]


def _papers(failed: tuple[LawResult, ...]) -> list[Cure]:
    """Papers, areas and an empty shelf are mended outside the request, each for itself."""
    kinds = {Law.CERTIFICATE.value: "renew_papers", Law.AREA.value: "other_area", Law.STOCK.value: "order_later"}
    return [
        Cure(kinds[law.law], {}, tuple(Effect(other.law, other.law == law.law) for other in failed)) for law in failed if law.law in kinds
    ]


def _release(failed: tuple[LawResult, ...], credit: CreditFacts, parameters: Parameters) -> list[Cure]:
    """Return the way out of a stop that somebody set by hand: it ends by a decision, whatever is paid."""
    law = next((law for law in failed if law.law == Law.OVERDUE.value), None)
    if law is None or not credit.stopped_by_hand:
        return []
    overdue = law.numbers["overdue"]
    passes = isinstance(overdue, Decimal) and overdue <= parameters.overdue_tolerance_amount
    return [Cure("release_hold", {"hold": credit.stopped}, tuple(Effect(other.law, passes and other is law) for other in failed))]


def _effects(failed: tuple[LawResult, ...], context: Context, after: After) -> tuple[Effect, ...]:
    return tuple(_EFFECTS.get(law.law, _no_effect)(law, context, after) for law in failed)


def _over(credit: CreditFacts, net: Decimal) -> Decimal:
    """Return by how many yuan a request would pass the limit of the line, or of its group where it would pass that by more."""
    over = credit.used + credit.held + net - credit.limit
    return over if credit.group is msgspec.UNSET else max(over, credit.group.over(net))


def _on_credit(law: LawResult, context: Context, after: After) -> Effect:
    if law.law in after.waived:
        return Effect(law.law, passes=True)
    credit, net = context
    free = after.paid - _over(credit, net if after.net is None else after.net)
    return Effect(law.law, passes=free >= 0, number=free)


def _on_batches(law: LawResult, context: Context, after: After) -> Effect:
    if law.law in after.waived:
        return Effect(law.law, passes=True)
    credit, net = context
    net = net if after.net is None else after.net
    taken = batches_taken(msgspec.structs.replace(credit, used=credit.used - after.paid), net)
    over = credit.open_count - after.settled + credit.held_count + taken - credit.max_open
    return Effect(law.law, passes=taken == 0 or over <= 0, number=max(over, 0))


def _on_overdue(law: LawResult, context: Context, after: After) -> Effect:
    by_hand = context[0].stopped_by_hand
    return Effect(law.law, passes=(after.overdue_paid and not by_hand) or law.law in after.waived)


def _on_price(law: LawResult, context: Context, after: After) -> Effect:
    del context
    return Effect(law.law, passes=after.prices_lifted or law.law in after.waived)


def _no_effect(law: LawResult, context: Context, after: After) -> Effect:
    del context, after
    return Effect(law.law, passes=False)


_EFFECTS: dict[str, Callable[[LawResult, Context, After], Effect]] = {
    Law.CREDIT.value: _on_credit,
    Law.BATCHES.value: _on_batches,
    Law.OVERDUE.value: _on_overdue,
    Law.PRICE.value: _on_price,
}
