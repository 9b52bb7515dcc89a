"""Judge requests on locked facts, one after the other, each seeing what the one before it took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.decision import Verdict, encode
from lingqu.base.money import ZERO
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.credit.rules import CreditFacts, GroupFacts, batches_taken
from lingqu.ledger.actions import lock_accounts_found
from lingqu.ledger.rules import Entry, Standing
from lingqu.ledger.states import Phase
from lingqu.orders.actions.requests import Asked
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.queries.facts import ACCOUNTS, Bench, Place, columns_of, load_bench
from lingqu.orders.rules import Decided, LineFacts, RequestFacts, decide
from lingqu.orders.states import OrderState, Shortage
from lingqu.partners.rules import Papers, needs_stamped
from lingqu.policy.rules import Regulation

STATE_OF_VERDICT = {
    Verdict.PASSED: OrderState.HELD,
    Verdict.WAIVABLE: OrderState.REVIEW,
    Verdict.REFUSED: OrderState.REFUSED,
}


class Waived(msgspec.Struct, frozen=True):
    """What a special signature lets through for one request; `groups` is yuan over the limit of a group, by its account."""

    amount: Decimal = ZERO
    batches: int = 0
    laws: tuple[str, ...] = ()
    overdue: Decimal | None = None
    below_floor: Decimal | None = None
    groups: Mapping[int, Decimal] = {}


class Judged(msgspec.Struct, frozen=True):
    """A request with the facts it was judged on and what came out. One that `waits` for its stamped contract was priced, not decided."""

    asked: Asked
    place: Place
    facts: RequestFacts
    decided: Decided
    waits: bool = False

    @property
    def state(self) -> OrderState:
        """Return the state that follows from the verdict, or that of waiting for the contract."""
        return OrderState.PAPERS if self.waits else STATE_OF_VERDICT[self.decided.decision.verdict]


def keep_decision(order: Order, judged: Judged, *, regulation: Regulation, at: datetime) -> StoredDecision:
    """Store how a request was judged: facts and decision as canonical texts, never changed afterwards."""
    decision = judged.decided.decision
    return StoredDecision.objects.create(
        order=order, at=at, verdict=decision.verdict.value, failed=" ".join(law.law for law in decision.failed()),
        regulation=regulation.reference, facts=encode(judged.facts), decision=encode(decision),
    )  # fmt: skip


class Court:
    """The locked facts of some requests. Made inside the action's transaction; holds the locks until its end."""

    def __init__(self, asked: list[Asked], *, on: date) -> None:
        """Lock credit lines and stock in id order, then read everything else: what was decided is what stood while they were locked."""
        self.on = on
        firms = {(one.seller, one.buyer) for one in asked}
        products = {(one.seller, line.product) for one in asked for line in one.lines}
        self.standings: dict[int, Standing] = lock_accounts_found(ACCOUNTS, (*columns_of(firms), *columns_of(products)))
        self.bench: Bench = load_bench(firms, products, {(one.buyer, one.key) for one in asked}, on=on)
        self.special_taken: dict[int, int] = {}

    def judge(self, asked: Asked, regulation: Regulation, waived: Waived | None = None) -> Judged:
        """Judge one request; a passed one takes its money, batch and copies from what the next ones see.

        One that needs a stamped contract of its own waits for it and takes nothing (M-16.3.1).
        Refuses what is no matter of laws: not a partner or no credit line, a product that is not the seller's, no price on the day.
        """
        place = self.bench.places.get((asked.seller, asked.buyer))
        if place is None or place.credit_account not in self.standings:
            raise Refusal(
                "no_partner",
                Text("双方没有有效的客户关系或信用档案。", "The two firms are no partners today, or have no credit line."),
                status=422,
            )
        facts = self._facts(asked, place, waived or Waived())
        decided = decide(facts, regulation)
        judged = Judged(asked, place, facts, decided, self._waits(asked, place, regulation))
        if judged.state is OrderState.HELD:
            self._take(judged)
        return judged

    def _waits(self, asked: Asked, place: Place, regulation: Regulation) -> bool:
        if asked.covered is None:
            return place.asks_stamped(regulation.parameters) and needs_stamped(
                place.papers, on=self.on, mode=regulation.parameters.contract_mode
            )
        return asked.covered.needed and not asked.covered.stamped

    def _facts(self, asked: Asked, place: Place, waived: Waived) -> RequestFacts:
        line = self.standings[place.credit_account]
        credit = CreditFacts(
            place.grade, line.limit, line.used, line.held, line.count_limit or 0, line.open_count, line.held_count,
            self.bench.batches.get(place.line, ()), waived.amount, waived.batches, waived.laws, waived.overdue, waived.below_floor,
            place.stopped, place.stopped_by_hand, self._group(line, waived),
        )  # fmt: skip
        return RequestFacts(
            self.on, place.level, _papers(asked, place), place.areas, place.product_lines,
            asked.delivery_division or place.delivery_division,
            bool(place.warehouse), asked.shortage is Shortage.DROP, credit, tuple(self._lines(asked)), place.own_price,
        )  # fmt: skip

    def _group(self, line: Standing, waived: Waived) -> GroupFacts | msgspec.UnsetType:
        """Return how the group of a line stands: it was locked with the line, after it."""
        if line.group is None:
            return msgspec.UNSET
        group = self.standings[line.group]
        return GroupFacts(group.limit, group.used, group.held, waived.groups.get(group.account, ZERO))

    def _lines(self, asked: Asked) -> list[LineFacts]:
        lines: list[LineFacts] = []
        shelves, standings, taken = self.bench.shelves, self.standings, dict(self.special_taken)
        for number, line in enumerate(asked.lines, 1):
            shelf = shelves.get((asked.seller, line.product))
            if shelf is None:
                raise bad_input(
                    f"lines.{number}.product", Text(f"第 {number} 行：没有这个产品。", f"Line {number}: there is no such product.")
                )
            price = shelf.list_price if line.list_price is None else line.list_price
            if price is None:
                raise bad_input(
                    f"lines.{number}.product", Text(f"{shelf.code} 当日没有定价。", f"{shelf.code} has no list price on the day.")
                )
            standing = standings.get(shelf.account)
            free = int(standing.free) if standing else 0
            special = self.bench.special(asked.seller, asked.buyer, line.product, line.copies, taken)
            if special and line.copies <= special.left:
                taken[special.id] = taken.get(special.id, 0) + line.copies
            lines.append(
                LineFacts(line.product, shelf.code, shelf.product_line, price, line.copies, max(free, 0), line.discount_bp, special)
            )
        return lines

    def _take(self, judged: Judged) -> None:
        account = judged.place.credit_account
        net = judged.decided.totals.net
        line = self.standings[account]
        taken = batches_taken(judged.facts.credit, net)
        for one in (line, self.standings[line.group]) if line.group else (line,):
            self.standings[one.account] = msgspec.structs.replace(one, held=one.held + net, held_count=one.held_count + taken)
        for priced in judged.decided.lines:
            if priced.special:
                self.special_taken[priced.special] = self.special_taken.get(priced.special, 0) + priced.copies
        if not judged.place.warehouse:
            return
        for asked, ready in zip(judged.asked.lines, judged.decided.ready, strict=True):
            stock = self.bench.shelves[(judged.asked.seller, asked.product)].account
            if ready:
                self.standings[stock] = msgspec.structs.replace(self.standings[stock], held=self.standings[stock].held + ready)

    def holds(self, judged: Judged, order: int, *, until: datetime | None) -> list[Entry]:
        """Return the holds of a passed request: net on the line, ready copies in stock, until the answer time ends (None: no clock)."""
        document = ("order", order)
        net, place = judged.decided.totals.net, judged.place
        entries: list[Entry] = []
        if net:
            taken = batches_taken(judged.facts.credit, net)
            reason = "request" if taken else "prepaid"
            entries.append(Entry(place.credit_account, place.sales_account, net, document, reason, Phase.HOLD, taken, None, until))
        if place.warehouse:
            entries += [
                Entry(self.bench.shelves[(judged.asked.seller, line.product)].account, place.sink, Decimal(ready), document, "reserve",
                      Phase.HOLD, 0, None, until)
                for line, ready in zip(judged.asked.lines, judged.decided.ready, strict=True)
                if ready
            ]  # fmt: skip
        return entries


def _papers(asked: Asked, place: Place) -> Papers:
    """Return the papers by which a request is judged: a stored one that needs its own stamped contract is covered by that and no other."""
    covered = asked.covered
    if covered is None or not covered.needed:
        return place.papers
    if covered.stamped:
        return msgspec.structs.replace(place.papers, stamped=covered.stamped)
    return msgspec.structs.replace(place.papers, contract_until=None)
