"""A walk over what happens to goods once they left, mixed with all that happens to requests: each step is done, and done on paper."""

from __future__ import annotations

from decimal import Decimal

from lingqu.approvals.models import Approval
from lingqu.orders.models import Delivery
from lingqu.orders.states import ReturnReason
from lingqu.returns import actions as returns
from lingqu.returns.models import Transfer
from lingqu.returns.rules import AskedLine, Counted, NewReturnRequest, NewTransfer
from lingqu.returns.states import Condition
from lingqu.returns.tests.steps import PHOTO
from tests.promises import goods_model as plain
from tests.promises.goods_arrivals import Arrivals
from tests.promises.goods_model import Back, Place, Return
from tests.promises.goods_model import Transfer as Moved
from tests.promises.path_ground import BUYERS
from tests.promises.path_model import NOTHING, Request, cents

VERBS = {
    "submit": 5, "accept": 8, "ship": 10, "amend_accepted": 2, "cancel": 1, "close_rest": 1, "take_back": 2, "sign": 2, "decline": 1,
    "pay": 3, "reverse": 1, "apply": 1, "new_price": 1, "restore": 1,
    "receive": 10, "look_for": 6, "answer": 9, "ask_return": 7, "agree_return": 6, "refuse_return": 1, "send_up": 4, "count_return": 9,
    "take_return_back": 1, "transfer": 6, "order_transfer": 6, "confirm_transfer": 12, "move_transfer": 9, "take_transfer_back": 1,
}  # fmt: skip


class GoodsWalk(Arrivals):
    """Steps chosen by a seed: deliveries and their differences, returns, transfers, and all that makes goods leave."""

    often = VERBS

    def run(self, many: int) -> None:
        self.begin()
        super().run(many)

    def having(self) -> str:
        """A buyer, mostly one with goods."""
        names = [name for name in BUYERS if self.goods.find(name, 0, 1)[0] or self.goods.find(name, 1, 1)[0]]
        return self.dice.choice(names if names and self.dice.random() < 0.95 else list(BUYERS))

    def sign_all(self, approval: int | None, *, refuse: bool = False) -> str:
        """Let everybody on its way sign, or the first refuse; return what became of it."""
        assert approval
        while (state := Approval.objects.get(pk=approval).state) == "open":
            step = self.world.step_of(approval)
            self.world.sign(approval, step.key, "refuse" if refuse else "approve", "不宜" if refuse else "")
        return str(state)

    # Returns.

    def wanted(self, buyer: str) -> tuple[dict[int, int], int]:
        """Copies of titles that a buyer has, or more than it has; and the request that it names, 0 mostly."""
        have = {title: sum(self.goods.find(buyer, title, 10**6)[0].values()) for title in range(3)}
        titles = [title for title, many in have.items() if many] or [0]
        few = self.dice.random() < 0.7
        copies = {
            title: self.dice.randint(1, max(have[title] // (12 if few else 1), 1)) + (have[title] if self.dice.random() < 0.08 else 0)
            for title in sorted(self.dice.sample(titles, self.dice.randint(1, len(titles))))
        }
        keys = [key for key, one in self.paper.requests.items() if one.buyer == buyer and one.state in ("shipped", "part_shipped")]
        return copies, self.dice.choice(keys) if keys and self.dice.random() < 0.25 else 0

    def ask_return(self) -> None:
        """A buyer asks, with or without the request, the photo, and goods that no record explains."""
        buyer = self.having()
        copies, order = self.wanted(buyer)
        reason = self.dice.choice([ReturnReason.SLOW, ReturnReason.SLOW, ReturnReason.QUALITY])
        lines, photo = [], self.dice.random() < 0.8
        for title, many in copies.items():
            condition = self.dice.choice([Condition.GOOD, Condition.GOOD, Condition.GOOD, Condition.WORN, Condition.DAMAGED])
            taken, extra = self.goods.find(buyer, title, many, order)
            lines.append(Back(
                title, many, condition is not Condition.GOOD, condition is Condition.DAMAGED, taken, extra, self.paper.prices[title]
            ))  # fmt: skip
        expected = "bad_input" if any(line.extra for line in lines) and (order or not photo) else ""
        asked = tuple(AskedLine(self.world.products[line.title].pk, line.copies, _condition(line)) for line in lines)
        self.world.sent += 1
        new = NewReturnRequest(
            f"return-{self.world.sent}", self.world.hq.pk, self.world.firms[buyer].pk, reason, asked, order=order or None
        )  # fmt: skip
        faulty = reason is ReturnReason.QUALITY
        value = sum((self.goods.listed(line.taken) + cents(line.price * line.extra) for line in lines), NOTHING)
        net = sum((self.goods.worth(place, many) for line in lines for place, many in line.taken.items()), NOTHING)
        within = self.goods.within(buyer, lines, faulty=faulty)
        made = self.tries("ask_return", expected, lambda: returns.ask_return(
            new, (PHOTO,) if photo else (), regulation=self.world.regulation, by=self.world.who(f"{buyer}_owner"), at=self.world.at,
        ), buyer, copies, order)  # fmt: skip
        if not expected:
            self.goods.returns[made.pk] = Return(buyer, faulty, lines, value, net, net, within)

    def agree_return(self) -> None:
        key, asked, code = self.one_of("agree_return")
        if not key:
            return
        within = self.goods.within(asked.buyer, asked.lines, faulty=asked.faulty, own=key)
        world, expected = self.world, code or ("" if within else "beyond_caps")
        self.tries("agree_return", expected, lambda: returns.agree_return(
            key, regulation=world.regulation, by=world.who("representative"), at=world.at), key)  # fmt: skip
        if not expected:
            asked.state, asked.within, asked.net = "agreed", True, self.net_of(asked)

    def net_of(self, asked: Return) -> Decimal:
        """What would be credited as it was written down when it was asked, and at the offered prices."""
        return asked.sourced + sum((cents(line.offered * line.extra) for line in asked.lines), NOTHING)

    def refuse_return(self) -> None:
        key, asked, code = self.one_of("refuse_return")
        if key:
            self.tries("refuse_return", code, lambda: returns.refuse_return(
                key, reason="包装已拆", by=self.world.who("representative"), at=self.world.at), key)  # fmt: skip
            asked.state = asked.state if code else "refused"

    def send_up(self) -> None:
        """Beyond the caps the procedure decides: everybody signs, or the first refuses."""
        key, asked, code = self.one_of("send_up")
        if not key:
            return
        world, prices = self.world, {}
        for number, line in enumerate(asked.lines, 1):
            most = self.goods.most_offered(asked.buyer, line)
            if line.extra:
                prices[number] = self.dice.choice([most, most, cents(most / 2), most + Decimal("0.01")])
        too_high = any(price > self.goods.most_offered(asked.buyer, asked.lines[number - 1]) for number, price in prices.items())
        within = self.goods.within(asked.buyer, asked.lines, faulty=asked.faulty, own=key)
        expected = code or ("bad_input" if too_high else "within_caps" if within else "")
        made = self.tries("send_up", expected, lambda: returns.send_up_return(
            key, reason="客户清仓", prices=prices, regulation=world.regulation, by=world.who("representative"), at=world.at,
        ), key, prices)  # fmt: skip
        if expected:
            return
        for number, price in prices.items():
            asked.lines[number - 1].offered = price
        state = self.sign_all(made.approval_id, refuse=self.dice.random() < 0.15)
        asked.within, asked.net, asked.state = False, self.net_of(asked), "agreed" if state == "approved" else "refused"

    def count_return(self) -> None:
        """The warehouse counts all, fewer, damaged ones, or more than was agreed."""
        key, asked, code = self.one_of("count_return")
        if not key:
            return
        good: dict[int, int] = {}
        damaged: dict[int, int] = {}
        for number, line in enumerate(asked.lines, 1):
            good[number] = self.dice.choice([line.copies, line.copies, line.copies - 1, self.dice.randint(0, line.copies)])
            damaged[number] = self.dice.choice([line.copies - good[number], self.dice.randint(0, line.copies - good[number])])
        if self.dice.random() < 0.08:
            good[1] = asked.lines[0].copies + 1
        accepted = {
            number: good[number] + (damaged[number] if asked.faulty or line.damaged else 0) for number, line in enumerate(asked.lines, 1)
        }
        parts = self.laid(asked, accepted)
        more = any(good[number] + damaged[number] > line.copies for number, line in enumerate(asked.lines, 1))
        nothing = not any(good.values()) and not any(damaged.values())
        elsewhere = any(
            accepted[number] - sum(parts[number].values()) > line.extra for number, line in enumerate(asked.lines, 1)
        )  # fmt: skip
        expected = code or ("more_than_agreed" if more else "bad_input" if nothing else "taken_back_already" if elsewhere else "")
        world = self.world
        self.tries("count_return", expected, lambda: returns.count_return(
            key, Counted(good, damaged), regulation=world.regulation, by=world.who("warehouse"), at=world.at,
        ), key, good, damaged)  # fmt: skip
        if not expected:
            self.booked(asked, good, accepted, parts)

    def laid(self, asked: Return, accepted: dict[int, int]) -> dict[int, dict[Place, int]]:
        """Lay what is accepted on the lines behind it, as far as their copies are still with the buyer."""
        return {
            number: plain.shared(accepted[number], {place: min(many, self.goods.out(place)) for place, many in line.taken.items()})
            for number, line in enumerate(asked.lines, 1)
        }

    def booked(self, asked: Return, good: dict[int, int], accepted: dict[int, int], parts: dict[int, dict[Place, int]]) -> None:
        goods, asked.state = self.goods, "booked"
        whole: dict[Place, int] = {}
        lost: dict[Place, int] = {}
        waits = NOTHING
        for number, line in enumerate(asked.lines, 1):
            given, gone = parts[number], accepted[number] - min(good[number], accepted[number])
            rest = accepted[number] - sum(given.values())
            waits += cents(line.offered * rest)
            goods.shelf[line.title] += rest - min(gone, rest)
            gone -= min(gone, rest)
            asked.surplus += cents(line.price * min(line.extra, max(accepted[number] - sum(line.taken.values()), 0)))
            for place, many in reversed(given.items()):
                whole[place], lost[place] = many, min(gone, many)
                gone -= lost[place]
        for order, copies in plain.by_order(whole).items():
            asked.credited += goods.credits(order, copies)
            goods.comes(order, copies, {number: lost[order, number] for number in copies})
        asked.credited += waits
        self.paper.accounts[asked.buyer].money.waiting += waits

    def take_return_back(self) -> None:
        key, asked, code = self.one_of("take_return_back")
        if key:
            by = self.world.who(f"{asked.buyer}_owner")
            self.tries("take_return_back", code, lambda: returns.withdraw_return(key, by=by, at=self.world.at), key)
            asked.state = asked.state if code else "withdrawn"

    # Transfers.

    def transfer(self) -> None:
        """Goods are to go from one buyer to another: everybody agrees, or the first refuses."""
        giver = self.having()
        taker = self.dice.choice([name for name in BUYERS if name != giver])
        copies, _ = self.wanted(giver)
        found = {title: self.goods.find(giver, title, many) for title, many in copies.items()}
        expected = "bad_input" if any(extra for _, extra in found.values()) else ""
        taken = {title: one for title, (one, _) in found.items()}
        net = sum((self.goods.worth(place, many) for one in taken.values() for place, many in one.items()), NOTHING)
        world = self.world
        world.sent += 1
        new = NewTransfer(
            f"transfer-{world.sent}", world.hq.pk, world.firms[giver].pk, world.firms[taker].pk,
            {world.products[title].pk: many for title, many in copies.items()}, "促销余量",
        )  # fmt: skip
        made = self.tries("transfer", expected, lambda: returns.propose_transfer(
            new, regulation=world.regulation, by=world.who("representative"), at=world.at), giver, taker, copies)  # fmt: skip
        if expected:
            return
        assert Transfer.objects.get(pk=made.pk).net == net
        state = self.sign_all(made.approval_id, refuse=self.dice.random() < 0.1)
        self.goods.transfers[made.pk] = Moved(giver, taker, copies, taken, net, "agreed" if state == "approved" else "refused")

    def order_transfer(self) -> None:
        """The taker's request, which every law judges like any other."""
        key, moved, code = self.one_of("order_transfer")
        if not key:
            return
        rows = [self.paper.today(moved.taker, number, title, many) for number, (title, many) in enumerate(moved.copies.items(), 1)]
        verdict, world = self.paper.judge(moved.taker, sum((row.net for row in rows), NOTHING)), self.world
        made = self.tries("order_transfer", code, lambda: returns.order_transfer(
            key, regulation=world.regulation, by=world.who("representative"), at=world.at), key)  # fmt: skip
        if not code:
            moved.state, moved.request = "ordered", int(made.order_id)
            self.paper.requests[moved.request] = Request(moved.taker, "", [])
            self.paper.settle(self.paper.requests[moved.request], rows, verdict, holds=verdict.fits)
            self.counts["held" if verdict.fits else "judged"] = self.counts.get("held" if verdict.fits else "judged", 0) + 1

    def confirm_transfer(self) -> None:
        """A side counts: all, or fewer, or more than was agreed."""
        key, moved, code = self.one_of("confirm_transfer")
        if not key:
            return
        takes = self.dice.random() < 0.5 if moved.given and moved.got else bool(moved.given)
        other = moved.given if takes else moved.got
        agreed = dict(enumerate(moved.copies.values(), 1))
        counts = dict(other) if other and self.dice.random() < 0.8 else dict(agreed)
        if self.dice.random() < 0.15:
            counts = {number: self.dice.randint(0, many + 1) for number, many in agreed.items()}
        wrong = any(many > agreed[number] for number, many in counts.items()) or not any(counts.values())
        by = self.world.who(f"{moved.taker if takes else moved.giver}_owner")
        expected = code or ("bad_input" if wrong else "")
        self.tries("confirm_taken" if takes else "confirm_given", expected, lambda: returns.confirm_transfer(
            key, taker=takes, counts=counts, by=by, at=self.world.at), key, counts)  # fmt: skip
        if not expected and takes:
            moved.got = counts
        elif not expected:
            moved.given = counts

    def move_transfer(self) -> None:
        """Return and shipment in one moment, or nothing."""
        key, moved, code = self.one_of("move_transfer")
        if not key:
            return
        request = self.paper.requests.get(moved.request)
        if request is not None and moved.given and moved.given == moved.got and self.dice.random() < 0.5:
            if request.state == "review":
                self.sign(moved.request)
            if request.state == "held":
                self.accept(moved.request)
        places: dict[Place, int] = {}
        for number, taken in enumerate(moved.taken.values(), 1):
            places |= plain.shared(moved.given.get(number, 0), taken)
        out = self.to_ship(moved, request) if request else None
        expected = code or self.refused(moved, request, places, out)
        world = self.world
        self.tries("move_transfer", expected, lambda: returns.move_transfer(
            key, regulation=world.regulation, by=world.who("warehouse"), at=world.at), key)  # fmt: skip
        if expected:
            return
        assert request is not None
        assert out is not None
        for order, copies in plain.by_order(places).items():
            self.goods.credits(order, copies)
            self.goods.comes(order, copies, {}, counts=False)
        request.rows = [row.ships(out.get(row.number, 0)) for row in request.rows]
        request.state = "shipped" if all(row.shipped == row.copies for row in request.rows) else "part_shipped"
        delivery = Delivery.objects.filter(order=moved.request).order_by("-pk").values_list("pk", flat=True)[0]
        self.goods.ships(moved.request, delivery, out)
        moved.state = "moved"

    def to_ship(self, moved: Moved, request: Request) -> dict[int, int] | None:
        """The copies by line of the taker's request; None where it has not so many left."""
        left = {title: moved.given.get(number, 0) for number, title in enumerate(moved.copies, 1)}
        out: dict[int, int] = {}
        for row in request.rows:
            out[row.number] = min(left.get(row.title, 0), row.copies - row.shipped)
            left[row.title] = left.get(row.title, 0) - out[row.number]
        return None if any(left.values()) else {number: many for number, many in out.items() if many}

    def refused(self, moved: Moved, request: Request | None, places: dict[Place, int], out: dict[int, int] | None) -> str:
        """The code by which it is refused, in the order in which the product looks."""
        if not moved.given or not moved.got:
            return "not_counted"
        if moved.given != moved.got:
            return "counts_differ"
        if request is None or request.state not in ("accepted", "part_shipped"):
            return "not_accepted"
        if any(many > self.goods.out(place) for place, many in places.items()):
            return "bad_input"
        return "not_on_request" if out is None else ""

    def take_transfer_back(self) -> None:
        key, moved, code = self.one_of("take_transfer_back")
        if key:
            self.tries("take_transfer_back", code, lambda: returns.withdraw_transfer(
                key, reason="不再需要", by=self.world.who("manager"), at=self.world.at), key)  # fmt: skip
            moved.state = moved.state if code else "withdrawn"


def _condition(line: Back) -> Condition:
    return Condition.DAMAGED if line.damaged else Condition.WORN if line.unfit else Condition.GOOD
