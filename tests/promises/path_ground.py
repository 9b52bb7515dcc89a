"""The ground of a walk: three buyers in the product and on paper, how a step is done, and how both are compared."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from django.db import transaction

from lingqu.base.refusal import Refusal
from lingqu.credit.models import CreditLine, Receipt
from lingqu.inventory.actions import take_goods_in
from lingqu.inventory.models import Warehouse
from lingqu.ledger.actions import open_account
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Standing
from lingqu.ledger.states import GROUP_KIND
from lingqu.orders.models import Order, OrderLine
from tests.promises.path_model import (
    GRADES,
    MAY,
    NOTHING,
    Account,
    Paper,
    Request,
)
from tests.world import PRICES, World

BUYERS = {"agent": "A", "other_agent": "B", "cash_agent": "D"}
GROUP_LIMIT = Decimal(120_000)
MAY_PASS_A_LIMIT = {"reverse", "lower", "change_grade", "leave_group"}
"""Taking money back, and a lower limit, leave a line over its limit; leaving a group takes its credit out of the group."""


class Ground(ABC):
    """Steps chosen by a seed, in the product and on paper."""

    often: Mapping[str, int] = {}
    """How often each verb is chosen."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice, self.story = world, Random(seed), list[str]()
        self.verb = ""
        self.document: Request | None = None
        self.counts: dict[str, int] = {}
        self.receipts: list[tuple[str, Receipt]] = []
        accounts = {name: Account(grade, Decimal(GRADES[grade][0]), GRADES[grade][1]) for name, grade in BUYERS.items()}
        self.paper = Paper(accounts, {title: Decimal(PRICES[title]) for title in range(3)}, GROUP_LIMIT)
        self.account = {name: world.lines[name].account_id for name in BUYERS}
        keeper, shelf = world.people["warehouse"], Warehouse.objects.get(firm=world.hq)
        take_goods_in(shelf, dict.fromkeys(world.products[:3], 1_000_000), received_on=world.at.date(), by=keeper, at=world.at)
        with transaction.atomic():
            self.group = open_account(GROUP_KIND, holder=world.hq.pk, unit="CNY", limit=GROUP_LIMIT)
        self.title = {product.pk: place for place, product in enumerate(world.products)}

    def run(self, many: int) -> None:
        """Do `many` steps and compare after each."""
        moves = [name for name, often in self.often.items() for _ in range(often)]
        for _ in range(many):
            before = self.ledger()
            self.verb, self.document = "", None
            verb = self.dice.choice(moves)
            while not self.can(verb) and self.dice.random() < 0.95:
                verb = self.dice.choice(moves)
            getattr(self, verb)()
            self.compare()
            self.within(before, self.ledger())

    def can(self, verb: str) -> bool:
        """Whether there is a request for it; the verbs that need none are always possible."""
        return verb not in MAY or any(one.state in MAY[verb] for one in self.paper.requests.values())

    def usable(self) -> list[str]:
        """Buyers with money that waits and with something that is owed."""
        return [buyer for buyer, one in self.paper.accounts.items() if one.money.waiting and one.open]

    # How both are compared.

    def ledger(self) -> dict[int, Standing]:
        return standings([*self.account.values(), self.group])

    def compare(self) -> None:
        now, told = self.ledger(), " / ".join(self.story[-12:])
        for name, account in self.account.items():
            row, plan = now[account], self.paper.accounts[name]
            assert (row.used, row.held, row.open_count, row.held_count) == self.paper.standing(name), (name, told)
            assert (row.limit, row.count_limit, row.group) == (plan.limit, plan.most, self.group if plan.grouped else None), (name, told)
        whole = now[self.group]
        assert (whole.used, whole.held, whole.open_count, whole.held_count) == self.paper.group(), told
        waits = dict(CreditLine.objects.filter(account_id__in=self.account.values()).values_list("account_id", "unapplied"))
        assert waits == {self.account[name]: one.money.waiting for name, one in self.paper.accounts.items()}, told
        assert dict(Order.objects.values_list("pk", "state")) == {key: one.state for key, one in self.paper.requests.items()}, told
        rows: dict[int, list[tuple[object, ...]]] = {key: [] for key in self.paper.requests}
        for order, *line in OrderLine.objects.order_by("line").values_list(
            "order_id", "line", "product_id", "copies", "net", "shipped", "returned"
        ):
            rows[order].append((line[0], self.title[int(str(line[1]))], *line[2:]))
        for key, one in self.paper.requests.items():
            wanted = [(row.number, row.title, row.copies, row.net, row.shipped, row.returned) for row in one.rows]
            assert rows[key] == wanted, (key, told)

    def within(self, before: dict[int, Standing], after: dict[int, Standing]) -> None:
        """Whatever rose fits: the limit, and what was let through for the very request of this step."""
        if self.verb in MAY_PASS_A_LIMIT:
            return
        yuan_over, batches, group_over = self.document.waived if self.document else (NOTHING, 0, NOTHING)
        for account, row in after.items():
            old, told = before[account], " / ".join(self.story[-12:])
            let = group_over if account == self.group else yuan_over
            assert row.used + row.held <= max(old.used + old.held, row.limit + let), told
            if row.count_limit is not None:
                counted = row.open_count + row.held_count
                assert counted <= max(old.open_count + old.held_count, row.count_limit + batches), told

    # How a step is done.

    def tries(self, verb: str, expected: str, deed: Callable[[], object], *told: object) -> object:
        """Do it; it must be refused by this code, or, with "", not at all. Returns what it returned, None where it was refused."""
        self.verb = verb
        self.counts[verb] = self.counts.get(verb, 0) + 1
        self.story.append(" ".join(map(str, (verb, *told, "→", expected or "done"))))
        try:
            with transaction.atomic():
                result = deed()
            code = ""
        except Refusal as refusal:
            result, code = None, refusal.code
        assert code == expected, (code, " / ".join(self.story[-12:]))
        self.counts[f"{verb}:{code or 'done'}"] = self.counts.get(f"{verb}:{code or 'done'}", 0) + 1
        return result if not code else None

    def pick(self, verb: str) -> tuple[int, Request, str]:
        """A request, mostly one for which the verb is possible, and the code by which it is refused otherwise."""
        able = [key for key, one in self.paper.requests.items() if one.state in MAY[verb]]
        keys = able if able and self.dice.random() < 0.93 else list(self.paper.requests)
        key = self.dice.choice(keys) if keys else self.submit()
        request = self.paper.requests[key]
        self.document = request
        return key, request, "" if request.state in MAY[verb] else "wrong_state"

    def named(self, key: int, verb: str) -> tuple[int, Request, str]:
        """This request, with the code by which the verb is refused for it."""
        request = self.document = self.paper.requests[key]
        return key, request, "" if request.state in MAY[verb] else "wrong_state"

    def copies(self, buyer: str, *, own: Decimal = NOTHING) -> dict[int, int]:
        """Few copies, many, or as many of the first title as fill the limit, one more, or one fewer."""
        account, title = self.paper.accounts[buyer], self.dice.randrange(3)
        free = account.limit - account.used - self.paper.holds(buyer)[0] + own
        if self.dice.random() < 0.25 and free > 0:
            one = self.paper.today(buyer, 0, title, 1).net
            return {title: max(int(free / one) + self.dice.choice([-1, 0, 0, 1]), 1)}
        most = self.dice.choice([20, 200, 2_000])
        places = sorted(self.dice.sample(range(3), self.dice.randint(1, 3)))
        return {place: self.dice.randint(1, most) for place in places}

    @abstractmethod
    def submit(self, buyer: str = "", wanted: dict[int, int] | None = None) -> int:
        """Make a request and return its number; the walk does."""
