"""The same few people everywhere: a small publisher, two agents, a retailer, and a stranger, made by the real actions."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from lingqu.approvals.actions import Answer, cast_vote, close_vote, decide_step
from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.approvals.states import Ballot, StepState
from lingqu.catalogue.actions import NewProduct, enter_disciplines, enter_products
from lingqu.catalogue.models import Product
from lingqu.credit.actions import NewReceipt, enter_receipt, open_line
from lingqu.credit.models import CreditLine, Receipt
from lingqu.inventory.actions import open_warehouse, take_goods_in
from lingqu.orders.actions import Asked, AskedLine, Outcome, accept_order, expire_order, ship_order, submit_orders
from lingqu.orders.models import Order
from lingqu.orders.queries import late_requests
from lingqu.orders.states import Source
from lingqu.organisation.actions import enter_person, give_post, open_firm, set_up_posts
from lingqu.organisation.models import Firm, Person
from lingqu.organisation.queries import Acting, acting
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.partners.actions import Terms, assign_representative, take_on_partner
from lingqu.partners.models import Partner
from lingqu.partners.rules import Papers
from lingqu.policy.actions import install_pack
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

START = date(2026, 1, 5)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday 2026-11-23, 09:00 in China: when the stories begin."""
VALID = date(2027, 12, 31)
STAFF = {
    "director": PostCode.DIRECTOR,
    "manager": PostCode.MANAGER,
    "representative": PostCode.REPRESENTATIVE,
    "finance": PostCode.FINANCE,
    "warehouse": PostCode.WAREHOUSE,
    "deputy": PostCode.DEPUTY,
    "board": PostCode.BOARD,
    "other_board": PostCode.BOARD,
    "researcher": PostCode.RESEARCHER,
}


@dataclass
class World:
    """A publisher with its people, partners, titles and stock; the methods are what the stories are told in."""

    at: datetime = MONDAY
    hq: Firm = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    lines: dict[str, CreditLine] = field(default_factory=dict)
    products: list[Product] = field(default_factory=list)
    sent: int = 0

    @property
    def regulation(self) -> Regulation:
        """The regulation in force on the story's day."""
        return regulation_in_force(on=self.at.date())

    def who(self, name: str) -> Acting:
        """A person of the story with what they may act as."""
        return acting(self.people[name], on=self.at.date())

    def ask(self, buyer: str, copies: dict[int, int], *, by: str = "", key: str = "", **more: object) -> Asked:
        """A request of `buyer` for copies of titles by their place in the catalogue (0, 1, 2 …)."""
        self.sent += 1
        lines = tuple(AskedLine(self.products[place].pk, number) for place, number in copies.items())
        firm = self.firms[buyer]
        assert firm.parent_id is not None
        return Asked(key or f"key-{self.sent}", firm.parent_id, firm.pk, lines, **more)  # type: ignore[arg-type]

    def submit(self, buyer: str, copies: dict[int, int], *, by: str = "", key: str = "", source: Source = Source.PARTNER) -> Outcome:
        """Submit a request; by default the buyer's owner does."""
        asked = self.ask(buyer, copies, key=key, source=source)
        (outcome,) = submit_orders([asked], regulation=self.regulation, by=self.who(by or f"{buyer}_owner"), at=self.at)
        return outcome

    def accept(self, outcome: Outcome, *, by: str = "representative") -> Order:
        """Accept a held request, to be shipped today."""
        assert outcome.order
        return accept_order(outcome.order, ship_on=self.at.date(), regulation=self.regulation, by=self.who(by), at=self.at)

    def expire(self) -> int:
        """Do what the job does every minute: release what was not answered in time; return how many."""
        return sum(expire_order(order, at=self.at) for order in late_requests(at=self.at))

    def ship(self, outcome: Outcome) -> None:
        """Ship an accepted request."""
        assert outcome.order
        ship_order(outcome.order, regulation=self.regulation, by=self.who("warehouse"), at=self.at)

    def pay(self, buyer: str, amount: str, *, detail: dict[int, Decimal] | None = None, key: str = "") -> Receipt:
        """Enter money received from a partner."""
        self.sent += 1
        new = NewReceipt(
            self.lines[buyer].pk, key or f"pay-{self.sent}", Decimal(amount), self.at.date(), detail=detail or {},
        )  # fmt: skip
        return enter_receipt(new, regulation=self.regulation, by=self.who("finance"), at=self.at)

    def step_of(self, approval: int) -> ApprovalStep:
        """The open step of an approval."""
        return ApprovalStep.objects.get(approval_id=approval, state=StepState.OPEN.value)

    def sign(self, approval: int, who: str, verb: str = "approve", reason: str = "") -> Approval:
        """Answer the open step of an approval: approve, refuse, send_back."""
        return decide_step(approval, Answer(self.step_of(approval).pk, verb, reason), by=self.who(who), at=self.at)

    def vote(self, approval: int, **ballots: str) -> None:
        """Cast the members' votes on the open step: yes, no, abstain."""
        for who, ballot in ballots.items():
            cast_vote(approval, self.step_of(approval).pk, ballot=Ballot(ballot), remark="", by=self.who(who), at=self.at)

    def close(self, approval: int, minutes: str, *, by: str = "director") -> Approval:
        """Close the meeting of the open step with its minutes."""
        return close_vote(approval, self.step_of(approval).pk, minutes=minutes, by=self.who(by), at=self.at)


CENT_TITLE = 3
"""Place of a title that nets one cent a copy at 65 %, exact for lines of up to 499 copies."""

PRICES = ("96.0000", "128.0000", "20.0000", "0.0154")


_kept: list[bytes] = []


def keep_world() -> None:
    """Build the world and keep it for `fresh_world`; called once for each test database, where it stays committed."""
    _kept[:] = [pickle.dumps(build_world())]


def fresh_world() -> World:
    """Return the kept world as new objects; what a test does to it and to its rows ends with the test."""
    world = pickle.loads(_kept[0])
    assert isinstance(world, World)
    return world


def build_world() -> World:
    """Make the world by the real actions."""
    world = World()
    at = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
    set_up_posts()
    install_pack("publisher", at=at)
    world.hq = open_firm("青禾建筑标准设计所", code="HQ", kind=FirmKind.HQ, parent=None, since=START, levels=4, at=at, by=None)
    for name, post in STAFF.items():
        world.people[name] = enter_person(name, firm=world.hq, at=at, by=None)
        give_post(world.people[name], post, firm=world.hq, since=START, at=at, by=None)
    disciplines = enter_disciplines(world.hq, {"S": ("结构", "Structures"), "E": ("电气", "Electrical")})
    assert disciplines
    titles = [NewProduct(f"QH26-10{place}", f"图集{place}", "S", Decimal(price), START) for place, price in enumerate(PRICES)]
    world.products = enter_products(world.hq, titles, by=None, at=at)
    warehouse = open_warehouse(world.hq, name="总库", by=None, at=at)
    take_goods_in(
        warehouse,
        {product: 1_000_000 if place == CENT_TITLE else 10_000 for place, product in enumerate(world.products)},
        received_on=START, by=world.people["warehouse"], at=at,
    )  # fmt: skip
    for name, grade in (("agent", "A"), ("other_agent", "B"), ("cash_agent", "D")):
        _take_on(world, name, world.hq, FirmKind.AGENT, grade, director="director", at=at)
    _take_on(world, "retailer", world.firms["agent"], FirmKind.RETAILER, "C", director="agent_owner", at=at)
    return world


def _take_on(world: World, name: str, seller: Firm, kind: FirmKind, grade: str, *, director: str, at: datetime) -> None:
    firm = open_firm(f"{name}公司", code=name, kind=kind, parent=seller, since=START, levels=4, at=at, by=None, division="3701")
    world.firms[name] = firm
    for post, person in ((PostCode.OWNER, f"{name}_owner"), (PostCode.CLERK, f"{name}_clerk")):
        world.people[person] = enter_person(person, firm=firm, at=at, by=None)
        give_post(world.people[person], post, firm=firm, since=START, at=at, by=None)
    papers = Papers(VALID, VALID, VALID)
    terms = Terms(f"SQ-{name}", f"DL-{name}", f"E-{name}", ("37",), "370112", "济南市历城区")
    partner = take_on_partner(firm, seller=seller, papers=papers, terms=terms, by=None, at=at)
    world.partners[name] = partner
    assign_representative(partner, world.people["representative" if seller == world.hq else director], since=START, by=None, at=at)
    by = acting(world.people[director], on=START)
    regulation = regulation_in_force(on=START)
    world.lines[name] = open_line(seller, firm, grade=grade, regulation=regulation, reason="首次评级", by=by, at=at)
