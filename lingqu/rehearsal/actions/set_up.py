"""Set up the house of a replay by the same actions as any publisher: root firm, person, articles, resellers, stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.db import transaction

from lingqu.base.money import MAX_COPIES
from lingqu.catalogue.actions import NewProduct, enter_disciplines, enter_products
from lingqu.catalogue.models import Product
from lingqu.credit.actions import open_line
from lingqu.inventory.actions import open_warehouse, take_goods_in
from lingqu.inventory.models import Warehouse
from lingqu.organisation.actions import enter_person, give_post, open_firm
from lingqu.organisation.models import Firm, Person
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.partners.actions import Terms, assign_representative, take_on_partner
from lingqu.partners.rules import Papers
from lingqu.policy.rules import Regulation
from lingqu.rehearsal.queries import House, find_house, pieces_received
from lingqu.rehearsal.queries.house import root_code
from lingqu.rehearsal.rules import Reseller, Source, grade_of
from lingqu.rehearsal.states import GradePolicy

SINCE = date(2000, 1, 1)
AT = datetime(2000, 1, 1, tzinfo=UTC)
UNTIL = date(2099, 12, 31)
POSTS = (PostCode.DIRECTOR, PostCode.REPRESENTATIVE, PostCode.FINANCE, PostCode.WAREHOUSE)
CATEGORY_WORDS = {"Bikes": "自行车", "Components": "零部件", "Clothing": "服装", "Accessories": "配件"}


@transaction.atomic
def open_house(source: Source, policy: GradePolicy, *, regulation: Regulation) -> House:
    """Return the house of a policy with all articles of the source; what is there already stays as it is."""
    if Firm.objects.filter(code=root_code(policy)).first() is None:
        root = open_firm(
            f"Adventure Works（{policy.value}）", code=root_code(policy), kind=FirmKind.HQ, parent=None, since=SINCE,
            levels=regulation.parameters.channel_levels, at=AT, by=None, short_name="Adventure Works",
        )  # fmt: skip
        person = enter_person("历史重演", firm=root, at=AT, by=None)
        for post in POSTS:
            give_post(person, post, firm=root, since=SINCE, at=AT, by=None)
        open_warehouse(root, name="重演仓库", by=person, at=AT)
    house = _house(policy)
    root = Firm.objects.get(pk=house.firm)
    enter_disciplines(root, {code: (CATEGORY_WORDS.get(name, name), name) for code, name in source.categories.items()})
    new = [
        NewProduct(article.code, article.name, article.category, article.list_price, SINCE)
        for article in source.articles.values()
        if article.code not in house.products
    ]
    enter_products(root, new, by=Person.objects.get(pk=house.by.person), at=AT)
    return _house(policy)


@transaction.atomic
def take_on_resellers(house: House, resellers: Sequence[Reseller], policy: GradePolicy, *, regulation: Regulation) -> None:
    """Make firms of resellers, each an agent of the house with papers, its own area, and a credit line by the policy."""
    root, person = Firm.objects.get(pk=house.firm), Person.objects.get(pk=house.by.person)
    for reseller in resellers:
        firm = open_firm(
            reseller.name, code=f"{root.code}-{reseller.code}", kind=FirmKind.AGENT, parent=root, since=SINCE,
            levels=regulation.parameters.channel_levels, at=AT, by=person, division=reseller.division,
        )  # fmt: skip
        terms = Terms(reseller.code, reseller.code, reseller.code, (reseller.division,), reseller.division)
        partner = take_on_partner(firm, seller=root, papers=Papers(UNTIL, UNTIL, UNTIL), terms=terms, by=person, at=AT)
        assign_representative(partner, person, since=SINCE, by=person, at=AT)
        grade = grade_of(reseller, policy)
        open_line(root, firm, grade=grade, regulation=regulation, reason=policy.value, by=house.by, at=AT)


@transaction.atomic
def stock_up(house: House, source: Source) -> int:
    """Take in what all orders need beyond what was taken in before, as opening stock, and return the number of pieces."""
    received = pieces_received(house.firm)
    wanted = {house.products[code]: pieces for code, pieces in source.pieces_needed().items()}
    missing = {product: pieces - received.get(product, 0) for product, pieces in wanted.items()}
    products = Product.objects.in_bulk([product for product, pieces in missing.items() if pieces > 0])
    warehouse, person = Warehouse.objects.get(firm_id=house.firm), Person.objects.get(pk=house.by.person)
    total = 0
    while into := {product: min(missing[product.pk], MAX_COPIES) for product in products.values() if missing[product.pk] > 0}:
        take_goods_in(warehouse, into, received_on=SINCE, by=person, at=AT, note="重演期初")
        for product, pieces in into.items():
            missing[product.pk] -= pieces
            total += pieces
    return total


def _house(policy: GradePolicy) -> House:
    house = find_house(policy)
    if house is None:
        message = f"the house of {policy.value} was just opened"
        raise LookupError(message)
    return house
