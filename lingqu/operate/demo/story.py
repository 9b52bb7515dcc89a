"""How the demo's history is told: steps, each a real action at its own moment, days counted back from today, played in order of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from lingqu.approvals.actions import Answer, decide_step
from lingqu.approvals.models import ApprovalStep
from lingqu.approvals.states import StepState
from lingqu.base.calendar import CHINA, OFFICIAL, china_day
from lingqu.credit.actions import NewReceipt, enter_receipt
from lingqu.credit.queries import open_batches
from lingqu.credit.rules import OpenBatch
from lingqu.inventory.actions import take_goods_in
from lingqu.ledger.queries import standings
from lingqu.operate.demo.people import JINAN, TAIAN
from lingqu.operate.demo.publisher import Publisher
from lingqu.orders.actions import (
    Asked,
    AskedLine,
    accept_order,
    ask_signature,
    decline_order,
    expire_order,
    ship_order,
    submit_orders,
    withdraw_order,
)
from lingqu.orders.queries import late_requests, order_by_number
from lingqu.orders.states import Source
from lingqu.organisation.queries import Acting

SUBMITTED, SIGNED, ACCEPTED, SHIPPED, PAID = time(9, 20), time(10, 30), time(11, 10), time(15, 40), time(16, 30)
"""When in a day things happen at this publisher."""

SIGNERS = ("manager", "finance", "director")
"""Who signs a special signature, in their order."""

AT_NIGHT = time(0, 1)
SOON = timedelta(minutes=7)
SHIPPING_DAYS = 2
LONGEST_AGO = 120
"""How far the told history reaches back, in days."""

Step = Callable[[datetime], object]


def _expire_all(at: datetime) -> None:
    """Do what the job does every minute."""
    for order in late_requests(at=at):
        expire_order(order, at=at)


@dataclass(frozen=True)
class Wanted:
    """A request as it is told: copies by the first number of the title (101 is QH26-101), and what is special about it."""

    buyer: str
    copies: dict[int, int]
    by: str
    source: Source = Source.PARTNER
    discount_bp: int | None = None
    division: str = ""
    note: str = ""


@dataclass
class Request:
    """A request of the story; its id and net value in yuan are known once it was submitted."""

    wanted: Wanted
    order: int = 0
    net: Decimal = Decimal(0)


@dataclass
class Story:
    """The publisher, its clock set to `now`, and the steps that were planned, each partner's in the order of its story."""

    made: Publisher
    now: datetime
    steps: list[tuple[datetime, Step]] = field(default_factory=list)
    latest: dict[str, datetime] = field(default_factory=dict)

    def play(self) -> None:
        """Carry out the planned steps in order of their moments."""
        for at, step in sorted(self.steps, key=lambda planned: planned[0]):
            step(at)

    def day(self, ago: int) -> date:
        """Return the working day that lies `ago` days back or, when nobody worked then, the one before it; never before the opening.

        In a regulation's first months the days are drawn together, so that nothing lies before it was in force.
        """
        today = china_day(self.now)
        span = min((today - self.made.day).days, LONGEST_AGO)
        day = today - timedelta(days=ago * span // LONGEST_AGO)
        while day > self.made.day and OFFICIAL.roll_forward(day) != day:
            day -= timedelta(days=1)
        return max(day, self.made.day)

    def ask(self, wanted: Wanted, *, ago: int) -> Request:
        """Plan a request on the morning of a day."""
        return self.ask_at(wanted, self.moment(ago, SUBMITTED))

    def ask_at(self, wanted: Wanted, at: datetime) -> Request:
        """Plan a request at a moment."""
        request = Request(wanted)
        key = f"demo-{len(self.steps)}"
        self.plan(wanted.buyer, at, lambda when: self._submit(request, key, when))
        return request

    def accept(self, request: Request, *, ago: int, ship_on: date | None = None) -> None:
        """Plan that a held request is accepted, to be shipped two days later when nothing else is said."""
        promised = ship_on or self.day(ago - SHIPPING_DAYS)

        def step(at: datetime) -> None:
            by = self._for(request, at)
            accept_order(request.order, ship_on=max(promised, china_day(at)), regulation=self.made.regulation_on(at), by=by, at=at)

        self.plan(request.wanted.buyer, self.moment(ago, ACCEPTED), step)

    def ship(self, request: Request, *, ago: int, waybill: str = "") -> None:
        """Plan that what is there of an accepted request is shipped."""

        def step(at: datetime) -> None:
            by = self._for(request, at, "warehouse")
            ship_order(request.order, regulation=self.made.regulation_on(at), by=by, at=at, waybill=waybill)

        self.plan(request.wanted.buyer, self.moment(ago, SHIPPED), step)

    def whole(self, wanted: Wanted, *, ago: int, waybill: str = "") -> Request:
        """Plan a request from asking to shipping: accepted on its day, shipped two days later."""
        request = self.ask(wanted, ago=ago)
        self.accept(request, ago=ago)
        self.ship(request, ago=ago - SHIPPING_DAYS, waybill=waybill)
        return request

    def sign(self, request: Request, reason: str, *, ago: int) -> None:
        """Plan that the representative asks for a special signature, and that manager, finance head and director give it in turn."""
        self.ask_to_sign(request, reason, self.moment(ago, SIGNED), SIGNERS)

    def ask_to_sign(self, request: Request, reason: str, moment: datetime, signers: tuple[str, ...]) -> None:
        """Plan that the representative asks for a special signature at a moment, and that the first of those who decide agree."""
        approvals: list[int] = []

        def ask(at: datetime) -> None:
            by = self._who("representative", at)
            asked = ask_signature(request.order, reason, regulation=self.made.regulation_on(at), by=by, at=at)
            approvals.extend([asked.approval_id] if asked and asked.approval_id else [])

        def sign(who: str) -> Step:
            return lambda at: self._agree(approvals, who, at)

        self.plan(request.wanted.buyer, moment, ask)
        for who in signers:
            self.plan(request.wanted.buyer, moment, sign(who))

    def decline(self, request: Request, reason: str, *, ago: int) -> None:
        """Plan that a request is declined."""
        self.plan(
            request.wanted.buyer, self.moment(ago, ACCEPTED),
            lambda at: decline_order(request.order, reason=reason, by=self._for(request, at), at=at),
        )  # fmt: skip

    def withdraw(self, request: Request, *, ago: int) -> None:
        """Plan that the buyer takes a request back."""
        self.plan(
            request.wanted.buyer, self.moment(ago, ACCEPTED),
            lambda at: withdraw_order(request.order, by=self._who(request.wanted.by, at), at=at),
        )  # fmt: skip

    def expire(self, request: Request, *, ago: int) -> None:
        """Plan that requests whose answer time has ended by then are released, as the job does every minute."""
        self.plan(request.wanted.buyer, self.moment(ago, AT_NIGHT), _expire_all)

    def print_again(self, copies: dict[int, int], *, ago: int) -> None:
        """Plan that copies of titles come in from the printer."""

        def step(at: datetime) -> None:
            into = {self.made.titles[f"QH26-{code}"]: number for code, number in copies.items()}
            take_goods_in(self.made.warehouse, into, received_on=china_day(at), by=self.made.people["warehouse"], at=at, note="重印")

        self.plan("printer", self.moment(ago, SHIPPED), step)

    def pay(self, buyer: str, amount: Callable[[], Decimal], *, ago: int, detail: Callable[[], dict[int, Decimal]] | None = None) -> None:
        """Plan that money comes in; amount, and yuan by batch ids where the remittance said so, are known only then."""
        key = f"demo-{len(self.steps)}"
        self.plan(buyer, self.moment(ago, PAID), lambda at: self._receive(buyer, key, amount(), detail() if detail else {}, at))

    def owed(self, buyer: str) -> dict[int, OpenBatch]:
        """Return a partner's open batches by their numbers."""
        return {batch.number: batch for batch in open_batches(self.made.lines[buyer].pk)}

    def used(self, buyer: str) -> Decimal:
        """Return what is used of a partner's limit, in yuan."""
        account = self.made.lines[buyer].account_id
        return standings([account])[account].used

    def moment(self, ago: int, hour: time) -> datetime:
        """Return a moment of the working day that lies `ago` days back."""
        return datetime.combine(self.day(ago), hour, CHINA).astimezone(UTC)

    def plan(self, whose: str, wanted: datetime, step: Step) -> None:
        """Plan a step at its moment or, where holidays draw days together, soon after the step before it."""
        before = self.latest.get(whose)
        at = wanted if before is None else max(wanted, before + SOON)
        self.latest[whose] = at
        self.steps.append((at, step))

    def _who(self, key: str, at: datetime) -> Acting:
        return self.made.who(key, china_day(at))

    def _for(self, request: Request, at: datetime, post: str = "representative") -> Acting:
        """Who acts for the seller: a post of the publisher or, for the bookshop, Jinan's owner."""
        return self._who("jinan" if request.wanted.buyer == TAIAN else post, at)

    def _agree(self, approvals: list[int], who: str, at: datetime) -> None:
        for approval in approvals:
            step = ApprovalStep.objects.get(approval_id=approval, state=StepState.OPEN.value)
            decide_step(approval, Answer(step.pk, "approve", ""), by=self._who(who, at), at=at)

    def _submit(self, request: Request, key: str, at: datetime) -> None:
        made, wanted = self.made, request.wanted
        buyer = made.firms[wanted.buyer]
        seller = made.firms[JINAN] if wanted.buyer == TAIAN else made.publisher
        lines = tuple(AskedLine(made.titles[f"QH26-{code}"].pk, number, wanted.discount_bp) for code, number in wanted.copies.items())
        asked = Asked(key, seller.pk, buyer.pk, lines, source=wanted.source, delivery_division=wanted.division, note=wanted.note)
        (outcome,) = submit_orders([asked], regulation=made.regulation_on(at), by=self._who(wanted.by, at), at=at)
        if outcome.refusal:
            raise outcome.refusal
        request.order = outcome.order or 0
        request.net = order_by_number(outcome.number, by=self._who(wanted.by, at)).net

    def _receive(self, buyer: str, key: str, amount: Decimal, detail: dict[int, Decimal], at: datetime) -> None:
        made, day = self.made, china_day(at)
        reference = f"{day:%y%m%d}-{key[5:]:0>4}"
        new = NewReceipt(made.lines[buyer].pk, key, amount, day, made.firms[buyer].name, reference, detail)
        enter_receipt(new, regulation=made.regulation_on(at), by=self._who("jinan" if buyer == TAIAN else "finance", at), at=at)
