"""All groups of a search in one order, with one statement for each at most."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from lingqu.base.text import Text
from lingqu.credit.access import SELLING
from lingqu.desk.present.places import places_of
from lingqu.desk.present.search import (
    SHOWN,
    Group,
    clause_rows,
    group_of,
    order_row,
    page_rows,
    paper_row,
    partner_row,
    person_row,
    product_row,
)
from lingqu.desk.present.shell import menu_of
from lingqu.desk.queries import MenuCounts
from lingqu.desk.queries.search import (
    clause_keys,
    found_approvals,
    found_documents,
    found_orders,
    found_papers,
    found_parcels,
    found_partners,
    found_people,
    found_products,
)
from lingqu.desk.rules import Wanted
from lingqu.documents.pages import leads_to
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.policy.rules import Regulation

MOST = SHOWN + 1
RECENT, RECENT_KEY = 8, "opened_last"


def found_groups(who: Acting, wanted: Wanted, *, regulation: Regulation, firm_code: str, on: date) -> list[Group]:
    """Return what the person may see of what was asked for: for a number documents first, for a name pages and partners first."""
    if wanted.is_empty:
        return []
    asked = urlencode({"q": wanted.typed})
    sells = who.firm_kind in SELLING
    partners = found_partners(who, wanted, on=on, most=MOST) if sells else []
    best = [partner.firm for partner in partners]
    orders = found_orders(who, wanted, most=MOST, buyers=best)
    papers = [
        paper for find in (found_papers, found_documents, found_approvals, found_parcels) for paper in find(who, wanted, most=MOST)
    ]  # fmt: skip
    people = found_people(who, wanted, on=on, most=MOST)
    paper_rows = [row for row in (paper_row(paper, wanted) for paper in papers) if leads_to(row.url, who)]
    products = found_products(who, wanted, on=on, most=MOST)
    if who.firm_kind != FirmKind.HQ.value:
        products = [product for product in products if product.list_price is not None]  # without a price nobody can order it
    menu: list[dict[str, Any]] = menu_of("", who, MenuCounts(), firm_code=firm_code)
    keys = clause_keys(regulation) if any(word.letters for word in wanted.words) else {}
    pages = page_rows(places_of(who, menu, pack=regulation.pack), wanted)
    partner_list = f"{reverse('partners')}?{asked}" if sells else ""
    groups = {
        "partners": group_of("partners", Text("客户", "Partners"), partners, lambda one: partner_row(one, wanted), partner_list),
        "orders": group_of(
            "orders", Text("进货申请", "Requests"), orders, lambda one: order_row(one, wanted), f"{reverse('orders')}?{asked}"
        ),
        "papers": group_of("papers", Text("单据", "Documents"), paper_rows, lambda row: row),
        "products": group_of("products", Text("产品", "Products"), products, lambda one: product_row(one, wanted, regulation, who)),
        "people": group_of("people", Text("人员", "People"), people, lambda one: person_row(one, wanted)),
        "clauses": group_of("clauses", Text("条款", "Clauses"), clause_rows(regulation, wanted, keys), lambda row: row),
        "pages": group_of("pages", Text("页面", "Pages"), pages, lambda row: row),
    }
    by_number = ("orders", "papers", "clauses", "partners", "products", "people", "pages")
    by_name = ("pages", "partners", "orders", "products", "people", "clauses", "papers")
    order = by_number if wanted.ranges else by_name
    return [group for group in (groups[key] for key in order) if group]
