"""The publisher of the measurement: 200 partners with room for everything, 500 titles in stock, eight representatives, by real actions."""

from __future__ import annotations

import random
import secrets
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from lingqu.bench.limit import LINES, MOST_COPIES, PARTNERS, PRODUCTS
from lingqu.config.home import Home

if TYPE_CHECKING:
    from lingqu.organisation.models import Firm, Person
    from lingqu.organisation.queries import Acting
    from lingqu.policy.rules import Regulation

START: Final = date(2026, 1, 5)
AT: Final = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
VALID: Final = date(2099, 12, 31)
PEOPLE: Final = 8
IN_STOCK: Final = 1_000_000
ROOM: Final = Decimal("99999999999.00")
MOST_BATCHES: Final = 1_000_000
"""Limits that stop nobody, so that the measurement can go on; every law is still judged on every request."""


class Publisher(msgspec.Struct, frozen=True):
    """What a load needs to know: ids of the seller, its partners (with their numbers) and products, and who signs in with what."""

    seller: int
    partners: tuple[int, ...]
    codes: tuple[str, ...]
    products: tuple[int, ...]
    people: tuple[int, ...]
    logins: tuple[str, ...]
    password: str

    def wish(self, chance: random.Random) -> tuple[int, list[int], list[int]]:
        """Return a random request: the place of its partner, ten products, and the copies of each."""
        products = chance.sample(self.products, LINES)
        return chance.randrange(len(self.partners)), products, [chance.randint(1, MOST_COPIES) for _ in products]


def new_key() -> str:
    """Return the key of a new request, as the sender makes it."""
    return uuid.uuid4().hex


def read_publisher(home: Home) -> Publisher:
    """Return the publisher that `make_publisher` wrote into the data folder."""
    return msgspec.json.decode(_file(home).read_bytes(), type=Publisher)


def make_publisher(home: Home) -> Publisher:
    """Make the publisher in the installation of `home`, whose Django is loaded, and write it down for the loads."""
    from django.db import connection, transaction

    from lingqu.policy.actions import install_pack
    from lingqu.policy.queries import regulation_in_force

    with transaction.atomic():
        install_pack("publisher", at=AT)
        publisher = _enter_all(regulation_in_force(on=START))
    _file(home).touch(mode=0o600)  # it holds a password
    _file(home).write_bytes(msgspec.json.encode(publisher))
    connection.close()
    return publisher


def _file(home: Home) -> Path:
    return home.path / "publisher.json"


def _enter_all(regulation: Regulation) -> Publisher:
    from lingqu.organisation.actions import enter_person, give_post, give_sign_in, open_firm, set_up_posts
    from lingqu.organisation.queries import acting
    from lingqu.organisation.states import FirmKind, PostCode

    set_up_posts()
    hq = open_firm("量具出版社", code="HQ", kind=FirmKind.HQ, parent=None, since=START, levels=4, at=AT, by=None)
    director = enter_person("主任", firm=hq, at=AT, by=None)
    give_post(director, PostCode.DIRECTOR, firm=hq, since=START, at=AT, by=None)
    people, password = [], secrets.token_urlsafe(24)
    for number in range(PEOPLE):
        person = enter_person(f"销售员{number}", firm=hq, at=AT, by=None)
        give_post(person, PostCode.REPRESENTATIVE, firm=hq, since=START, at=AT, by=None)
        give_sign_in(person, f"representative{number}", password, at=AT, by=None)
        people.append(person)
    products = _enter_products(hq, director)
    partners = [_take_on(hq, number, people, regulation, acting(director, on=START)) for number in range(PARTNERS)]
    return Publisher(
        hq.pk, tuple(firm.pk for firm in partners), tuple(firm.code for firm in partners), tuple(products),
        tuple(person.pk for person in people), tuple(f"representative{number}" for number in range(PEOPLE)), password,
    )  # fmt: skip


def _enter_products(hq: Firm, keeper: Person) -> list[int]:
    from lingqu.catalogue.actions import NewProduct, enter_disciplines, enter_products
    from lingqu.inventory.actions import open_warehouse, take_goods_in

    disciplines = {f"D{number}": (f"专业{number}", f"Discipline {number}") for number in range(8)}
    enter_disciplines(hq, disciplines)
    titles = [
        NewProduct(f"LJ26-{number:04}", f"图集{number}", f"D{number % 8}", Decimal(1000 + 37 * (number % 90)) / 100, START)
        for number in range(PRODUCTS)
    ]
    entered = enter_products(hq, titles, by=None, at=AT)
    warehouse = open_warehouse(hq, name="总库", by=None, at=AT)
    take_goods_in(warehouse, dict.fromkeys(entered, IN_STOCK), received_on=START, by=keeper, at=AT)
    return [product.pk for product in entered]


def _take_on(hq: Firm, number: int, people: list[Person], regulation: Regulation, director: Acting) -> Firm:
    from lingqu.credit.actions import open_line
    from lingqu.ledger.actions import set_limit
    from lingqu.organisation.actions import open_firm
    from lingqu.organisation.states import FirmKind
    from lingqu.partners.actions import Terms, assign_representative, take_on_partner
    from lingqu.partners.rules import Papers

    firm = open_firm(
        f"代理商{number}", code=f"P{number:03}", kind=FirmKind.AGENT, parent=hq, since=START, levels=4, at=AT, by=None, division="3701"
    )
    terms = Terms(f"SQ-{number}", f"DL-{number}", f"E-{number}", ("37", "32"), "370112", "济南市历城区")
    partner = take_on_partner(firm, seller=hq, papers=Papers(VALID, VALID, VALID), terms=terms, by=None, at=AT)
    assign_representative(partner, people[number % PEOPLE], since=START, by=None, at=AT)
    line = open_line(hq, firm, grade="AB"[number % 2], regulation=regulation, reason="量具", by=director, at=AT)
    set_limit(line.account_id, limit=ROOM, count_limit=MOST_BATCHES, document=("bench", line.pk), on=START, at=AT)
    return firm
