"""The demo publisher as it was set up: firms, people, titles, stock, partners, credit lines. All by the real actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lingqu.base.calendar import china_day
from lingqu.catalogue.actions import NewProduct, enter_disciplines, enter_products
from lingqu.catalogue.models import Product
from lingqu.credit.actions import open_line
from lingqu.credit.models import CreditLine
from lingqu.inventory.actions import open_warehouse, take_goods_in
from lingqu.inventory.models import Warehouse
from lingqu.operate.demo.people import FIRMS, PEOPLE, PUBLISHER, DemoFirm
from lingqu.operate.demo.titles import DISCIPLINES, isbn_of, opening_copies, titles
from lingqu.organisation.actions import enter_person, give_post, give_sign_in, open_firm
from lingqu.organisation.models import Firm, Person
from lingqu.organisation.queries import Acting, acting
from lingqu.organisation.states import FirmKind
from lingqu.partners.actions import Terms, assign_representative, take_on_partner
from lingqu.partners.rules import Papers
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

CERTIFIED_DAYS = 400
LICENSED_DAYS = 900


@dataclass
class Publisher:
    """What the history is told with: the publisher, and people, firms, titles and credit lines by their keys and codes."""

    regulation: Regulation
    at: datetime
    warehouse: Warehouse = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)
    titles: dict[str, Product] = field(default_factory=dict)
    lines: dict[str, CreditLine] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """Return the day on which the publisher was set up."""
        return china_day(self.at)

    @property
    def publisher(self) -> Firm:
        """Return the publisher itself."""
        return self.firms[PUBLISHER[0]]

    def regulation_on(self, at: datetime) -> Regulation:
        """Return the regulation that is in force on the day of the moment."""
        return regulation_in_force(on=china_day(at))

    def who(self, key: str, on: date) -> Acting:
        """Return a person of the demo with what they may act as on the day."""
        return acting(self.people[key], on=on)


def set_up_publisher(regulation: Regulation, *, at: datetime, password: str) -> Publisher:
    """Make the demo publisher as of a moment, its people signing in with `password`, and return it."""
    made = Publisher(regulation, at)
    code, name, short = PUBLISHER
    made.firms[code] = _open(made, name, code, short, FirmKind.HQ, None, "1101")
    for firm in FIRMS:
        made.firms[firm.code] = _open(made, firm.name, firm.code, firm.short_name, firm.kind, made.firms[firm.seller], firm.division)
    for person in PEOPLE:
        here = made.firms[person.firm]
        entered = enter_person(person.name, firm=here, at=at, by=None, telephone=person.telephone)
        give_post(entered, person.post, firm=here, since=made.day, at=at, by=None)
        if person.login:
            give_sign_in(entered, person.login, password, at=at, by=None)
        made.people[person.key] = entered
    _fill_the_warehouse(made)
    for firm in FIRMS:
        _take_on(made, firm)
    return made


def _open(made: Publisher, name: str, code: str, short: str, kind: FirmKind, parent: Firm | None, division: str) -> Firm:
    return open_firm(
        name, code=code, kind=kind, parent=parent, since=made.day, levels=made.regulation.parameters.channel_levels, at=made.at, by=None,
        short_name=short, division=division, private=kind is not FirmKind.HQ,
    )  # fmt: skip


def _fill_the_warehouse(made: Publisher) -> None:
    publisher, keeper = made.publisher, made.people["warehouse"]
    enter_disciplines(publisher, DISCIPLINES)
    new = [
        NewProduct(code, name, discipline, price, made.day, isbn_of(place))
        for place, (code, name, discipline, price) in enumerate(titles())
    ]
    entered = enter_products(publisher, new, by=made.people["manager"], at=made.at)
    made.titles = {product.code: product for product in entered}
    made.warehouse = open_warehouse(publisher, name="总库", by=keeper, at=made.at)
    copies = {product: opening_copies(product.code, place) for place, product in enumerate(entered)}
    take_goods_in(made.warehouse, copies, received_on=made.day, by=keeper, at=made.at, note="期初")


def _take_on(made: Publisher, firm: DemoFirm) -> None:
    seller, buyer = made.firms[firm.seller], made.firms[firm.code]
    certified, licensed = made.day + timedelta(days=CERTIFIED_DAYS), made.day + timedelta(days=LICENSED_DAYS)
    number = firm.code.split("-", 1)[1]
    terms = Terms(f"SQ-{number}", f"DL-{number}", f"E-{number}", firm.areas, firm.delivery, firm.address)
    by = made.people["manager"] if seller.kind == FirmKind.HQ.value else made.people["jinan"]
    partner = take_on_partner(buyer, seller=seller, papers=Papers(certified, certified, licensed), terms=terms, by=by, at=made.at)
    own = "representative" if seller.kind == FirmKind.HQ.value else "jinan"
    assign_representative(partner, made.people[own], since=made.day, by=by, at=made.at)
    grader = made.who("director" if seller.kind == FirmKind.HQ.value else "jinan", made.day)
    made.lines[firm.code] = open_line(
        seller, buyer, grade=firm.grade, regulation=made.regulation, reason="首次评级", by=grader, at=made.at
    )  # fmt: skip
