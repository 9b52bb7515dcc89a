"""Returns, transfers and tables that came in, as objects of addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from lingqu.credit.actions import NewReceipt, enter_receipt
from lingqu.documents.models import ImportFile
from lingqu.documents.queries import attachments_of
from lingqu.documents.queries.imports import _imports
from lingqu.documents.states import ImportState
from lingqu.orders.models import Order
from lingqu.orders.states import ReturnReason
from lingqu.partners.actions import NewPaper, renew_paper
from lingqu.partners.states import PaperKind
from lingqu.returns.actions import agree_return, ask_return, confirm_transfer, order_transfer, propose_transfer
from lingqu.returns.models import Transfer
from lingqu.returns.rules import AskedLine, NewReturnRequest, NewTransfer
from lingqu.returns.states import Condition
from lingqu.returns.tests.steps import PHOTO
from tests.promises.access_things import People, Thing
from tests.promises.access_world import Rich, mark

RETURNS = (
    "return_request", "return_agree", "return_refuse", "return_send_up", "return_withdraw", "return_count",
)  # fmt: skip
TRANSFERS = (
    "transfer", "transfer_again", "transfer_withdraw", "transfer_order", "transfer_confirm", "transfer_move",
)  # fmt: skip
IMPORTERS = {"goods": ("warehouse", "owner"), "titles": ("researcher", "manager"), "branch_terms": ("owner", "clerk")}
"""The posts that send a table of each kind, at a firm that has the page."""

AGENTS = ("agent", "other_agent", "cash_agent", "stranger_agent")


def tell_papers(world: Rich, people: People) -> Iterator[tuple[str, Thing]]:
    """Add them, and return them with the names of their addresses."""
    for seller, buyer in world.made:
        if seller == "stranger":
            continue
        yield from _return(world, seller, buyer)
    yield from _scan(world)
    yield from _transfer(world, people)
    yield from _tables(world, people)


def _return(world: Rich, seller: str, buyer: str) -> Iterator[tuple[str, Thing]]:
    order = Order.objects.get(number=world.made[seller, buyer]["order"])
    lines = (AskedLine(world.products[0].pk, 1, Condition.GOOD),)
    new = NewReturnRequest(f"return-{buyer}", order.seller_id, order.buyer_id, ReturnReason.SLOW, lines, order=order.pk)
    asked = ask_return(new, (PHOTO,), regulation=world.regulation, by=world.who(f"{buyer}_owner"), at=world.at)
    known = {
        "asker": frozenset({f"{buyer}_owner"}), "representative": frozenset({world.head(seller, "representative")}),
    }  # fmt: skip
    yield from ((route, Thing(f"{seller}>{buyer}", {"number": asked.number}, seller, buyer, known)) for route in RETURNS)
    agreed = ask_return(
        replace(new, key=f"agreed-{buyer}"), (PHOTO,), regulation=world.regulation, by=world.who(f"{buyer}_owner"), at=world.at
    )
    agree_return(agreed.pk, regulation=world.regulation, by=world.who(world.head(seller, "representative")), at=world.at)
    yield "return_slip", Thing(f"{seller}>{buyer}", {"number": agreed.number}, seller, buyer, known)
    file = attachments_of("return_request", [asked.pk])[asked.pk][0].id
    yield "return_file", Thing(f"{seller}>{buyer}", {"number": asked.number, "attachment": file}, seller, buyer, known)


def _scan(world: Rich) -> Iterator[tuple[str, Thing]]:
    """A certificate of an agent, with its scan: a party's to see."""
    new = NewPaper(PaperKind.CERTIFICATE, mark("hq", "agent")[:20], date(2030, 12, 31))
    paper = renew_paper(world.partners["agent"].pk, new, by=world.who("manager"), at=world.at, scans=(PHOTO,))
    file = attachments_of("partner_paper", [paper.pk])[paper.pk][0].id
    yield "partner_paper_scan", Thing("hq>agent", {"code": "agent", "paper": paper.pk, "attachment": file}, "hq", "agent")


def _transfer(world: Rich, people: People) -> Iterator[tuple[str, Thing]]:
    """One that is not agreed to yet, which the partners do not see, and one that is."""
    giver, taker = world.firms["agent"].pk, world.firms["other_agent"].pk
    new = NewTransfer("transfer-1", world.hq.pk, giver, taker, {world.products[0].pk: 1}, mark("hq"))
    asked = propose_transfer(new, regulation=world.regulation, by=world.who("representative"), at=world.at)
    known = {"asker": people.of(asked.asked_by_id), "representative": frozenset({"representative"})}
    yield from ((route, Thing("hq", {"number": asked.number}, "hq", "", known)) for route in TRANSFERS)
    both = frozenset({"agent", "cash_agent"})
    for key in ("agreed", "counted"):
        new = replace(new, key=key, taker=world.firms["cash_agent"].pk)
        agreed = propose_transfer(new, regulation=world.regulation, by=world.who("representative"), at=world.at)
        assert agreed.approval_id
        while agreed.state == "deciding":
            world.sign(agreed.approval_id, world.step_of(agreed.approval_id).key)
            agreed.refresh_from_db()
        if key == "counted":
            _count(world, agreed)
        for route in ("transfer", "transfer_paper"):
            yield route, Thing(key, {"number": agreed.number}, "hq", "", known, firms=both)


def _count(world: Rich, transfer: Transfer) -> None:
    """The taker, who pays in advance, has its request, and both have counted: each may know of the other what is on the paper."""
    new = NewReceipt(world.lines["cash_agent"].pk, "pay-cash", Decimal("500.00"), world.at.date(), payer=mark("hq", "cash_agent"))
    enter_receipt(new, regulation=world.regulation, by=world.who("finance"), at=world.at)
    order_transfer(transfer.pk, regulation=world.regulation, by=world.who("representative"), at=world.at)
    for side, taker in (("agent", False), ("cash_agent", True)):
        confirm_transfer(transfer.pk, taker=taker, counts={1: 1}, by=world.who(f"{side}_owner"), at=world.at)


def _tables(world: Rich, people: People) -> Iterator[tuple[str, Thing]]:
    for key in sorted(_imports):
        posts = set(IMPORTERS[key])
        firms = {"goods": ("hq", "agent", "other_agent", "stranger"), "titles": ("hq", "stranger"), "branch_terms": AGENTS}[key]
        senders = frozenset(name for name, held in people.posts.items() if people.firms[name] in firms and held & posts)
        yield from ((route, Thing(key, {"key": key}, people={"importer": senders})) for route in ("import_new", "import_template"))
    for name, code in (("warehouse", "hq"), ("agent_owner", "agent")):
        kept = ImportFile.objects.create(
            kind="goods", firm=world.firm(code), sent_by=world.people[name], name=f"{mark(code)}.csv", sha256=code.rjust(64, "0"),
            content=f"品种,册数\n{mark(code)},1\n".encode(), state=ImportState.LOOKED_AT.value, sent_at=world.at,
        )  # fmt: skip
        thing = Thing(name, {"number": kept.pk}, people={"person": frozenset({name})})
        yield from ((route, thing) for route in ("import", "import_marked"))
