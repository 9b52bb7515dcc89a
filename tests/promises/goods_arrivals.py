"""Goods that leave, arrive and differ, in the product and on paper; and how the papers of goods, and the shelf, are compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Sum

from lingqu.inventory.models import Lot
from lingqu.inventory.queries import stock_of
from lingqu.ledger.models import Account, Posting
from lingqu.orders import actions as orders
from lingqu.orders.models import Delivery, Difference, DifferenceLine
from lingqu.orders.rules import Answered, LineCount
from lingqu.orders.states import DifferenceAnswer
from lingqu.returns.models import ReturnRequest, Transfer
from tests.promises import goods_model as plain
from tests.promises.goods_model import MISSING, OPEN_TRANSFERS, SURPLUS, Differing, Goods, Parcel, Place, Report
from tests.promises.path_walk import Walk
from tests.world import World

LATE = timedelta(days=30)
"""When differences are reported that nobody takes any more without consent."""

NEEDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "receive": ("parcels", ("sent", "confirmed", "answered")), "look_for": ("reports", ("reported", "counted")),
    "answer": ("reports", ("counted",)), "agree_return": ("returns", ("asked",)), "refuse_return": ("returns", ("asked",)),
    "send_up": ("returns", ("asked",)), "count_return": ("returns", ("agreed",)), "take_return_back": ("returns", ("asked", "agreed")),
    "order_transfer": ("transfers", ("agreed",)), "confirm_transfer": ("transfers", ("ordered",)),
    "move_transfer": ("transfers", ("ordered",)), "take_transfer_back": ("transfers", OPEN_TRANSFERS),
}  # fmt: skip
"""Of which papers, in which states, each verb is possible."""

FITTING = {"short": ("send_again", "credit", "refuse"), SURPLUS: ("send_back", "new_request", "refuse")}


class Arrivals(Walk):
    """Steps chosen by a seed, in the product and on paper; the shelf is compared as well."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(world, seed)
        self.goods = Goods(self.paper, {self.title[item.product_id]: int(item.on_hand) for item in self.stock()})
        self.made: Any = None

    def begin(self) -> None:
        """Two buyers have goods from the first step on."""
        for buyer in ("agent", "other_agent"):
            key = self.submit(buyer, {0: self.dice.randint(20, 300), 1: self.dice.randint(1, 40)})
            self.accept(key)
            self.ship(key)

    def stock(self) -> list[Any]:
        """The titles of the walk in the warehouse."""
        return [item for item in stock_of(self.world.hq.pk) if self.title[item.product_id] in range(3)]

    def can(self, verb: str) -> bool:
        if verb in NEEDS:
            kind, states = NEEDS[verb]
            return any(one.state in states for one in getattr(self.goods, kind).values())
        return super().can(verb)

    def tries(self, verb: str, expected: str, deed: Any, *told: object) -> Any:
        self.made = super().tries(verb, expected, deed, *told)
        return self.made

    def one_of(self, verb: str) -> tuple[int, Any, str]:
        """A paper, mostly one for which the verb is possible, and the code by which it is refused otherwise; 0 where there is none."""
        kind, states = NEEDS[verb]
        papers = getattr(self.goods, kind)
        able = [key for key, one in papers.items() if one.state in states]
        keys = able if able and self.dice.random() < 0.93 else list(papers)
        if not keys:
            return 0, None, ""
        key = self.dice.choice(keys)
        return key, papers[key], "" if papers[key].state in states else "wrong_state"

    # How both are compared.

    def compare(self) -> None:
        super().compare()
        goods, told = self.goods, " / ".join(self.story[-12:])
        for model, papers in ((Delivery, goods.parcels), (Difference, goods.reports)):
            assert dict(model.objects.values_list("pk", "state")) == {key: one.state for key, one in papers.items()}, told
        rows = {row[0]: row[1:] for row in ReturnRequest.objects.values_list("pk", "state", "net", "within", "credited")}
        for key, one in goods.returns.items():
            credited = one.credited if one.state == "booked" else rows[key][3]
            assert rows.pop(key) == (one.state, one.net, one.within, credited), (key, told)
        moved = dict(Transfer.objects.values_list("pk", "state"))
        assert (rows, moved) == ({}, {key: one.state for key, one in goods.transfers.items()}), told
        lots = dict(Lot.objects.values_list("item_id").annotate(left=Sum("remaining")))
        losses = Account.objects.filter(kind="loss").values("pk")
        lost = dict(Posting.objects.filter(destination__in=losses).values_list("destination__item").annotate(sum=Sum("amount")))
        for item in self.stock():
            title = self.title[item.product_id]
            found = (item.on_hand, lots[item.pk], lost.get(item.product_id, 0))
            assert found == (goods.shelf[title], goods.shelf[title], goods.lost[title]), (title, found, told)

    # What the walk of requests does to goods.

    def by_place(self, what: str) -> dict[Place, int]:
        return {(key, row.number): getattr(row, what) for key, one in self.paper.requests.items() for row in one.rows}

    def ship(self, key: int = 0) -> None:
        before, self.made = self.by_place("shipped"), None
        super().ship(key)
        if isinstance(self.made, Delivery):
            out = {
                number: many - before[key, number] for (key, number), many in self.by_place("shipped").items() if key == self.made.order_id
            }
            self.goods.ships(self.made.order_id, self.made.pk, out)

    def take_back(self, key: int = 0) -> None:
        before = self.by_place("returned")
        super().take_back(key)
        back = {place: many - before[place] for place, many in self.by_place("returned").items() if many > before[place]}
        for order, copies in plain.by_order(back).items():
            self.goods.comes(order, copies, {})

    # A delivery arrives.

    def receive(self) -> None:
        """All as sent, or not; too late, and then with consent."""
        key, parcel, _ = self.one_of("receive")
        if not key:
            return
        counted = {} if self.dice.random() < 0.3 else {number: self.arrived(copies) for number, copies in parcel.expected().items()}
        lines = [one for number, copies in sorted(parcel.expected().items()) for one in self.differing(number, copies, counted.get(number))]
        states = ("sent", "confirmed", "answered") if lines else ("sent",)
        late = bool(lines) and self.dice.random() < 0.12
        if late:
            expected = "" if parcel.state in states and parcel.consent else "too_late" if parcel.state in states else "wrong_state"
        else:
            expected = "" if parcel.state in states else "wrong_state"
        by = self.world.who(f"{self.paper.requests[parcel.order].buyer}_owner")
        at = self.world.at + (LATE if late else timedelta())
        made = self.tries("report" if lines else "confirm", expected, lambda: orders.receive_delivery(
            key, orders.Received(counted), regulation=self.world.regulation, by=by, at=at), key, counted)  # fmt: skip
        if expected == "too_late":
            self.consent(key, parcel)
        if expected:
            return
        parcel.state = "differing" if lines else "confirmed"
        if lines:
            parcel.consent = False
            self.goods.reports[made.pk] = Report(key, lines)

    def arrived(self, copies: int) -> LineCount:
        bad = self.dice.randint(0, min(copies, 2))
        wrong = self.dice.randint(0, min(copies - bad, 1))
        return LineCount(max(copies - bad - wrong + self.dice.choice([0, 0, -1, -3, -copies, 2]), 0), bad, wrong)

    def differing(self, number: int, copies: int, one: LineCount | None) -> list[Differing]:
        if one is None:
            return []
        less = copies - one.good - one.damaged - one.wrong
        kinds = {"short": max(less, 0), SURPLUS: max(-less, 0), "damaged": one.damaged, "wrong_title": one.wrong}
        return [Differing(number, kind, many) for kind, many in kinds.items() if many]

    def consent(self, key: int, parcel: Parcel) -> None:
        world = self.world
        self.tries("consent", "", lambda: orders.allow_late_report(
            key, reason="途中受阻", regulation=world.regulation, by=world.who("manager"), at=world.at + LATE), key)  # fmt: skip
        parcel.consent = True

    def look_for(self) -> None:
        """The warehouse says what it found, mostly something that can be."""
        key, report, code = self.one_of("look_for")
        if not key:
            return
        found = [self.dice.choice([0, line.copies, self.dice.randint(0, line.copies)]) for line in report.missing()]
        if found and self.dice.random() < 0.06:
            found[0] = report.missing()[0].copies + 1
        expected = code or ("bad_input" if any(many > line.copies for many, line in zip(found, report.missing(), strict=True)) else "")
        number = Difference.objects.values_list("number", flat=True).get(pk=key)
        self.tries("look_for", expected, lambda: orders.count_difference(
            number, found, by=self.world.who("warehouse"), at=self.world.at), key, found)  # fmt: skip
        if not expected:
            report.state = "counted"
            for many, line in zip(found, report.missing(), strict=True):
                line.found = many

    def answer(self) -> None:
        """Sent again, credited, refused; or an answer that does not fit."""
        key, report, code = self.one_of("answer")
        if not key:
            return
        answers = [self.dice.choice(FITTING["short" if line.kind in MISSING else SURPLUS]) for line in report.lines]
        if self.dice.random() < 0.06:
            answers[-1] = "credit" if report.lines[-1].kind == SURPLUS else "send_back"
        misfit = any(((answer in ("credit", "send_again")) and line.kind == SURPLUS) or (answer == "send_back" and line.kind in MISSING)
                     for answer, line in zip(answers, report.lines, strict=True))  # fmt: skip
        both = list(zip(answers, report.lines, strict=True))
        credited = plain.by_line([(line.number, line.copies) for answer, line in both if answer == "credit"])
        again = plain.by_line([(line.number, line.copies) for answer, line in both if answer == "send_again"])
        order = self.goods.parcels[report.delivery].order
        too_many = any(
            many > self.goods.out((order, number)) for number, many in plain.by_line([*credited.items(), *again.items()]).items()
        )
        expected = "wrong_state" if report.state == "answered" else "bad_input" if misfit else ""
        expected = expected or ("not_counted" if report.state == "reported" and report.missing() else "bad_input" if too_many else "")
        assert code or report.state == "counted"
        sent = [Answered(DifferenceAnswer(answer), "当面点清" if answer == "refuse" else "") for answer in answers]
        number = Difference.objects.values_list("number", flat=True).get(pk=key)
        world = self.world
        self.tries("answer", expected, lambda: orders.answer_difference(
            number, sent, regulation=world.regulation, by=world.who("representative"), at=world.at), key, answers)  # fmt: skip
        if not expected:
            self.answered(key, report, credited, again, both)

    def answered(
        self, key: int, report: Report, credited: dict[int, int], again: dict[int, int], both: list[tuple[str, Differing]]
    ) -> None:  # fmt: skip
        parcel = self.goods.parcels[report.delivery]
        lost = plain.by_line([(line.number, line.copies - (line.found or 0)) for answer, line in both if answer == "credit"])
        if credited:
            self.goods.credits(parcel.order, credited)
            self.goods.comes(parcel.order, credited, lost)
            self.counts["credited"] = self.counts.get("credited", 0) + 1
        if again:
            self.goods.owes_again(report.delivery, again)
            self.counts["again"] = self.counts.get("again", 0) + 1
        for answer, line in both:
            if answer == "send_again":
                title = self.goods.row((parcel.order, line.number)).title
                self.goods.shelf[title] += line.found or 0
                self.goods.lost[title] += line.copies - (line.found or 0)
            if answer in ("send_again", "credit"):
                parcel.gone[line.number] = parcel.gone.get(line.number, 0) + line.copies
        report.state, parcel.state = "answered", "answered"
        assert DifferenceLine.objects.filter(difference=key).exclude(answer="").count() == len(report.lines)
