"""Judge requests on locked facts, one after the other, each seeing what the one before it took."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.decision import Verdict
from lingqu.base.money import ZERO
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.credit.rules import CreditFacts, batches_taken
from lingqu.ledger.actions import lock_accounts_found
from lingqu.ledger.rules import Entry, Standing
from lingqu.ledger.states import Phase
from lingqu.orders.actions.requests import Asked
from lingqu.orders.queries.facts import ACCOUNTS, Bench, Place, columns_of, load_bench
from lingqu.orders.rules import Decided, LineFacts, RequestFacts, decide
from lingqu.orders.states import OrderState, Shortage
from lingqu.policy.rules import Regulation

STATE_OF_VERDICT = {
    Verdict.PASSED: OrderState.HELD,
    Verdict.WAIVABLE: OrderState.REVIEW,
    Verdict.REFUSED: OrderState.REFUSED,
}


class Waived(msgspec.Struct, frozen=True):
    """What a special signature lets through for one request."""

    amount: Decimal = ZERO
    batches: int = 0
    laws: tuple[str, ...] = ()


class Judged(msgspec.Struct, frozen=True):
    """A request with the facts it was judged on and what came out."""

    asked: Asked
    place: Place
    facts: RequestFacts
    decided: Decided

    @property
    def state(self) -> OrderState:
        """Return the state that follows from the verdict."""
        return STATE_OF_VERDICT[self.decided.decision.verdict]


class Court:
    """The locked facts of some requests. Made inside the action's transaction; holds the locks until its end."""

    def __init__(self, asked: list[Asked], *, on: date) -> None:
        """Lock credit lines and stock in id order, then read everything else: what was decided is what stood while they were locked."""
        self.on = on
        firms = {(one.seller, one.buyer) for one in asked}
        products = {(one.seller, line.product) for one in asked for line in one.lines}
        self.standings: dict[int, Standing] = lock_accounts_found(ACCOUNTS, (*columns_of(firms), *columns_of(products)))
        self.bench: Bench = load_bench(firms, products, {(one.buyer, one.key) for one in asked}, on=on)

    def judge(self, asked: Asked, regulation: Regulation, waived: Waived | None = None) -> Judged:
        """Judge one request; a passed one takes its money, batch and copies from what the next ones see.

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
        judged = Judged(asked, place, facts, decided)
        if decided.decision.verdict is Verdict.PASSED:
            self._take(judged)
        return judged

    def _facts(self, asked: Asked, place: Place, waived: Waived) -> RequestFacts:
        line = self.standings[place.credit_account]
        credit = CreditFacts(
            place.grade, line.limit, line.used, line.held, line.count_limit or 0, line.open_count, line.held_count,
            self.bench.batches.get(place.line, ()), waived.amount, waived.batches, waived.laws,
        )  # fmt: skip
        return RequestFacts(
            self.on, place.level, place.papers, place.areas, place.product_lines, asked.delivery_division or place.delivery_division,
            bool(place.warehouse), asked.shortage is Shortage.DROP, credit, tuple(self._lines(asked)),
        )  # fmt: skip

    def _lines(self, asked: Asked) -> list[LineFacts]:
        lines: list[LineFacts] = []
        shelves, standings = self.bench.shelves, self.standings
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
            lines.append(LineFacts(line.product, shelf.code, shelf.product_line, price, line.copies, max(free, 0), line.discount_bp))
        return lines

    def _take(self, judged: Judged) -> None:
        account = judged.place.credit_account
        net = judged.decided.totals.net
        line = self.standings[account]
        taken = batches_taken(judged.facts.credit, net)
        self.standings[account] = msgspec.structs.replace(line, held=line.held + net, held_count=line.held_count + taken)
        if not judged.place.warehouse:
            return
        for asked, ready in zip(judged.asked.lines, judged.decided.ready, strict=True):
            stock = self.bench.shelves[(judged.asked.seller, asked.product)].account
            if ready:
                self.standings[stock] = msgspec.structs.replace(self.standings[stock], held=self.standings[stock].held + ready)

    def holds(self, judged: Judged, order: int, *, until: datetime) -> list[Entry]:
        """Return the holds of a passed request: its net on the credit line, its ready copies in stock, both until the answer time ends."""
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
