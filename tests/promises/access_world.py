"""A world in which every firm has something of everything, each with a mark that says who may see it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from lingqu.catalogue.actions import NewProduct, ask_special_price, enter_disciplines, enter_products
from lingqu.catalogue.models import Product
from lingqu.catalogue.rules import NewSpecial
from lingqu.catalogue.states import SpecialKind
from lingqu.credit.actions import (
    NewHold,
    NewHoldChange,
    NewNote,
    NewReceipt,
    ask_hold_change,
    enter_receipt,
    note_collection,
    propose_credit_change,
    propose_group_change,
    propose_write_off,
    set_hold,
)
from lingqu.credit.models import Batch, CreditGroup
from lingqu.credit.rules import NewGroupChange, NewProposal
from lingqu.credit.states import CollectionKind, GroupProposalKind, HoldLevel, HoldRequestKind, ProposalKind
from lingqu.documents.queries import attachments_of
from lingqu.documents.rules import NewFile
from lingqu.duties.actions import NewPaper, hand_in, make_duties
from lingqu.duties.models import Duty
from lingqu.inventory.actions import open_warehouse, take_goods_in
from lingqu.notices.actions import add_channel, send_test
from lingqu.notices.rules import NewChannel
from lingqu.notices.states import ChannelKind
from lingqu.opening.actions import prepare_file
from lingqu.opening.states import OpeningKind
from lingqu.opening.tests.test_going_live import BATCHES, book
from lingqu.orders.actions import AskedLine, accept_order, ask_signature, hand_in_contract, ship_order, submit_orders, waive_order
from lingqu.orders.models import Order
from lingqu.organisation.actions import delegate, enter_person, give_post, open_firm
from lingqu.organisation.models import Firm, Person
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.partners.models import Partner
from lingqu.policy.actions import NewBenchmark, note_benchmark, start_draft
from lingqu.settlement.actions import Part, TakingIn, book_line, dispute_statement, issue_statement, keep_upload, take_in
from lingqu.settlement.forms import read_bank_file
from lingqu.settlement.models import BankLine, StatementDispute
from tests.world import START, World, _take_on, fresh_world

LETTERS = {
    "hq": "h", "agent": "a", "other_agent": "b", "cash_agent": "c", "retailer": "r", "second_retailer": "s", "other_retailer": "t",
    "stranger": "x", "stranger_agent": "y",
}  # fmt: skip
"""One letter a firm: a mark names the firms that may see it."""

MARK = re.compile(r"QZ([a-z]+)Z")
PAIRS = (
    ("hq", "agent"), ("hq", "other_agent"), ("agent", "retailer"), ("agent", "second_retailer"), ("other_agent", "other_retailer"),
    ("stranger", "stranger_agent"),
)  # fmt: skip
MOVED_BETWEEN = {"agent": ("cash_agent",), "cash_agent": ("agent",)}
"""Goods are moved from the one to the other: each is told the other's name, and no more."""

PAPER = NewFile("扫描.pdf", b"%PDF-1.7\n" + bytes(20))
ROBOT = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID(int=4)}"
HEAD = "交易日期,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,流水号"
OPENED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def mark(*firms: str) -> str:
    """Return the mark of what only these firms may see."""
    return f"QZ{''.join(sorted(LETTERS[firm] for firm in firms))}Z"


@dataclass
class Rich(World):
    """The world of the stories with more firms; `made` holds the numbers and ids of what each seller and buyer have between them."""

    made: dict[tuple[str, str], dict[str, str | int]] = field(default_factory=dict)
    own: dict[str, dict[str, str | int]] = field(default_factory=dict)
    strange: list[Product] = field(default_factory=list)

    def firm(self, code: str) -> Firm:
        """A firm by its code in this world."""
        return self.hq if code == "hq" else self.firms[code]

    def head(self, seller: str, post: str) -> str:
        """The name of who holds a post of the seller: an agent's owner, or the stranger's director, does everything."""
        return post if seller == "hq" else "stranger_director" if seller == "stranger" else f"{seller}_owner"


def rich_world() -> Rich:
    """Build it on the kept world, in the caller's transaction."""
    small = fresh_world()
    world = Rich(small.at, small.people, small.firms, small.partners, small.lines, small.products, small.sent)
    world.hq = small.hq
    _more_firms(world)
    _name_all(world)
    for seller, buyer in PAIRS:
        world.made[seller, buyer] = {"code": world.firm(buyer).code, "line": world.lines[buyer].pk}
        for tell in (_orders, _money, _statement, _holding):
            tell(world, seller, buyer)
    for buyer in ("agent", "other_agent"):
        _proposals(world, buyer)
    for seller in ("hq", "agent", "other_agent", "stranger"):
        world.own[seller] = {}
        _bank(world, seller)
        _stand_in(world, seller)
    _headquarters(world)
    _meeting(world)
    _duties(world)
    return world


def _more_firms(world: Rich) -> None:
    _take_on(world, "second_retailer", world.firms["agent"], FirmKind.RETAILER, "C", director="agent_owner", at=OPENED)
    _take_on(world, "other_retailer", world.firms["other_agent"], FirmKind.RETAILER, "C", director="other_agent_owner", at=OPENED)
    stranger = open_firm("陌生出版社", code="XHQ", kind=FirmKind.HQ, parent=None, since=START, levels=4, at=OPENED, by=None)
    world.firms["stranger"] = stranger
    person = world.people["stranger_director"] = enter_person("stranger_director", firm=stranger, at=OPENED, by=None)
    for post in (PostCode.DIRECTOR, PostCode.MANAGER, PostCode.FINANCE, PostCode.WAREHOUSE, PostCode.REPRESENTATIVE):
        give_post(person, post, firm=stranger, since=START, at=OPENED, by=None)
    enter_disciplines(stranger, {"S": ("结构", "Structures")})
    world.strange = enter_products(stranger, [NewProduct("XQ-1", "他社图集", "S", Decimal("96.0000"), START)], by=None, at=OPENED)
    _take_on(world, "stranger_agent", stranger, FirmKind.AGENT, "A", director="stranger_director", at=OPENED)
    for seller in ("agent", "other_agent", "stranger"):
        warehouse = open_warehouse(world.firms[seller], name=f"{mark(seller)}仓库", by=None, at=OPENED)
        copies = dict.fromkeys(world.strange if seller == "stranger" else world.products[:3], 1_000)
        take_goods_in(warehouse, copies, received_on=START, by=None, at=OPENED, note=mark(seller))


def _name_all(world: Rich) -> None:
    """Put marks into the names of the partners and their people: those above and below a firm know it, nobody beside it."""
    above: dict[str, list[str]] = {"hq": [], "stranger": []}
    for seller, buyer in (*PAIRS, ("hq", "cash_agent")):
        above[buyer] = [seller, *above[seller]]
    for code, known in above.items():
        if code == "hq":
            continue
        below = [buyer for seller, buyer in PAIRS if seller == code]
        name = f"{mark(code, *known, *below, *MOVED_BETWEEN.get(code, ()))}公司"
        Firm.objects.filter(pk=world.firm(code).pk).update(name=name, short_name=name)
        for person in Person.objects.filter(firm=world.firm(code)):
            Person.objects.filter(pk=person.pk).update(name=f"{mark(code, *known, *below)}{person.name[:20]}")
        Partner.objects.filter(firm=world.firm(code)).update(delivery_address=mark(code, *known))
    for name, person in world.people.items():
        world.people[name] = Person.objects.select_related("firm").get(pk=person.pk)
    for name, firm in world.firms.items():
        world.firms[name] = Firm.objects.get(pk=firm.pk)


def _orders(world: Rich, seller: str, buyer: str) -> None:
    """One request that was shipped and paid, one that is accepted, one that waits, and one whose contract is still to come."""
    made, note = world.made[seller, buyer], mark(seller, buyer)

    def submit(copies: int) -> Order:
        asked = world.ask(buyer, {0: copies}, note=note)
        if seller == "stranger":
            asked = msgspec.structs.replace(asked, lines=(AskedLine(world.strange[0].pk, copies),))
        (outcome,) = submit_orders([asked], regulation=world.regulation, by=world.who(f"{buyer}_owner"), at=world.at)
        assert not outcome.refusal, (seller, buyer, outcome.refusal)
        return Order.objects.get(number=outcome.number)

    def accept(order: Order) -> None:
        by = world.who(world.head(seller, "representative"))
        accept_order(order.pk, ship_on=world.at.date(), regulation=world.regulation, by=by, at=world.at)

    first = submit(10)
    accept(first)
    by = world.who(world.head(seller, "warehouse"))
    ship_order(first.pk, regulation=world.regulation, by=by, at=world.at, waybill=note)
    made["batch"] = Batch.objects.get(document_id=first.pk).pk
    new = NewReceipt(world.lines[buyer].pk, f"pay-{buyer}", Decimal("100.00"), world.at.date(), payer=note, bank_reference=note)
    finance = world.who(world.head(seller, "finance"))
    made["receipt"] = enter_receipt(new, regulation=world.regulation, by=finance, at=world.at).number
    to_pick = submit(3)
    if to_pick.state == "review":  # a retailer has one batch open at a time
        by = world.who(world.head(seller, "director"))
        waive_order(to_pick.pk, reason=note, regulation=world.regulation, by=by, at=world.at)
    accept(to_pick)
    waiting = submit(9_000)
    partner = Partner.objects.filter(pk=world.partners[buyer].pk)
    until = partner.values_list("contract_until", flat=True).get()
    partner.update(contract_until=date(2026, 10, 31))
    papers = submit(2)
    hand_in_contract(papers.pk, (PAPER,), regulation=world.regulation, by=world.who(f"{buyer}_owner"), at=world.at)
    partner.update(contract_until=until)
    made |= {"order": first.number, "waiting": waiting.number, "papers": papers.number, "to_pick": to_pick.number}
    made["file"] = attachments_of("order", [papers.pk])[papers.pk][0].id


def _money(world: Rich, seller: str, buyer: str) -> None:
    by = world.who(world.head(seller, "representative"))
    batch = int(world.made[seller, buyer]["batch"])
    made = propose_write_off(batch, Decimal("1.00"), mark(seller), regulation=world.regulation, by=by, at=world.at)
    world.made[seller, buyer]["write_off"] = made.number
    new = NewNote(CollectionKind.CALL, mark(seller), Decimal(100), world.at.date() + timedelta(days=3))
    note_collection(world.lines[buyer].pk, new, by=by, at=world.at)


def _statement(world: Rich, seller: str, buyer: str) -> None:
    finance = world.who(world.head(seller, "finance"))
    issued = issue_statement(world.lines[buyer].pk, date(2026, 10, 1), regulation=world.regulation, by=finance, at=world.at)
    owner = world.who(f"{buyer}_owner")
    dispute_statement(issued.pk, "", kind="other", text=mark(seller, buyer), by=owner, at=world.at)
    world.made[seller, buyer]["dispute"] = StatementDispute.objects.get(statement=issued).pk


def _holding(world: Rich, seller: str, buyer: str) -> None:
    new = NewHold(HoldLevel.DELAY, mark(seller, buyer), (PAPER,), world.at.date() + timedelta(days=7))
    by = world.who(world.head(seller, "finance"))
    made = set_hold(world.lines[buyer].pk, new, regulation=world.regulation, by=by, at=world.at)
    world.made[seller, buyer] |= {"hold": made.number, "hold_file": attachments_of("supply_hold", [made.pk])[made.pk][0].id}
    if buyer == "agent":  # somebody asks that it ends: a row that names its approval
        end = NewHoldChange(HoldRequestKind.RELEASE, mark("hq"), None)
        ask_hold_change(made.pk, end, regulation=world.regulation, by=world.who("representative"), at=world.at)


def _proposals(world: Rich, buyer: str) -> None:
    """What HQ's people ask for a partner: a limit, a special price, a special signature."""
    made, by, line = world.made["hq", buyer], world.who("representative"), world.lines[buyer]
    new = NewProposal(ProposalKind.LIMIT, mark("hq"), Decimal("360000.00"), "", None)
    proposal = propose_credit_change(line.pk, new, regulation=world.regulation, by=by, at=world.at)
    today = world.at.date()
    wanted = NewSpecial(
        world.products[0].pk, discount_bp=5_500, copies=100, reason=mark("hq"), kind=SpecialKind.SCHOOL, customer=mark("hq", buyer),
        since=today, until=today + timedelta(days=30),
    )  # fmt: skip
    discount = world.regulation.discount("agent", line.grade)
    assert discount
    special = ask_special_price(
        wanted, seller=world.hq.pk, buyer=line.buyer_id, discount=discount, regulation=world.regulation, by=by, at=world.at
    )  # fmt: skip
    if buyer == "agent":
        while special.state == "asked":
            assert special.approval_id
            world.sign(special.approval_id, world.step_of(special.approval_id).key)
            special.refresh_from_db()
    order = Order.objects.get(number=made["waiting"])
    signature = ask_signature(order.pk, mark("hq"), regulation=world.regulation, by=by, at=world.at)
    made |= {"proposal": proposal.number, "special": special.number}
    if signature:
        made["signature"] = signature.number


def _meeting(world: Rich) -> None:
    """A grade for which a committee meets: its approval is signed up to the vote."""
    new = NewProposal(ProposalKind.GRADE, mark("hq"), None, "C", None)
    line = world.lines["cash_agent"].pk
    asked = propose_credit_change(line, new, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert asked.approval_id
    while world.step_of(asked.approval_id).kind == "sign":
        world.sign(asked.approval_id, world.step_of(asked.approval_id).key)


def _bank(world: Rich, seller: str) -> None:
    by, word = world.who(world.head(seller, "finance")), mark(seller)
    buyer = next(buyer for one, buyer in PAIRS if one == seller)
    payments = ((mark(seller, buyer), 7, 7), (word, 8, 15))
    rows = [f"2026-11-20,,{paid}.00,{balance}.00,{payer},62220202,{word},{seller}{paid}" for payer, paid, balance in payments]
    content = "\n".join((HEAD, *rows)).encode("gb18030")
    upload = keep_upload(NewFile(f"{word}.csv", content), by=by, at=world.at)
    file = take_in(TakingIn(upload.pk, read_bank_file(upload.name, content, today=world.at.date()), word), by=by, at=world.at)
    first, second = BankLine.objects.filter(file=file).order_by("row")
    part = Part(world.lines[buyer].pk, first.amount, why="name")
    book_line(first.pk, [part], regulation=world.regulation, by=by, at=world.at)
    fresh = keep_upload(NewFile(f"{word}2.csv", content + b"\n"), by=by, at=world.at)
    world.own[seller] |= {"upload": fresh.pk, "bank_file": file.number, "bank_line": second.pk, "booked_line": first.pk}


def _stand_in(world: Rich, seller: str) -> None:
    if seller == "stranger":
        return
    absent, stand_in = ("researcher", "deputy") if seller == "hq" else (f"{seller}_clerk", f"{seller}_owner")
    post = PostCode.RESEARCHER if seller == "hq" else PostCode.CLERK
    first = world.at.date() + timedelta(days=30)
    given = delegate(
        world.people[absent], stand_in=world.people[stand_in], post=post, first=first, last=first, reason=mark(seller), at=world.at,
        by=world.people[absent],
    )  # fmt: skip
    world.own[seller]["delegation"] = given.pk


def _headquarters(world: Rich) -> None:
    """What only HQ has: a group with its proposal, a workbook of the first day, a channel, a draft, a benchmark."""
    own, both = world.own["hq"], mark("hq", "stranger")
    new = NewGroupChange(GroupProposalKind.OPEN, mark("hq"), name=mark("hq"), limit=Decimal(400_000))
    asked = propose_group_change(world.hq.pk, new, regulation=world.regulation, by=world.who("finance"), at=world.at)
    while asked.state == "proposed":
        assert asked.approval_id
        world.sign(asked.approval_id, world.step_of(asked.approval_id).key)
        asked.refresh_from_db()
    group = CreditGroup.objects.get(number=asked.number)
    joins = NewGroupChange(GroupProposalKind.JOIN, mark("hq"), group=group.pk, line=world.lines["cash_agent"].pk)
    joining = propose_group_change(world.hq.pk, joins, regulation=world.regulation, by=world.who("finance"), at=world.at)
    file = prepare_file(OpeningKind.BATCHES, book(OpeningKind.BATCHES, BATCHES), on=world.at.date(), by=world.who("finance"), at=world.at)
    robot = NewChannel(ChannelKind.WECOM, mark("hq"), ROBOT)
    channel = add_channel(robot, by=world.who("manager"), at=world.at)
    sending = send_test(channel.pk, by=world.who("manager"), at=world.at)
    draft = start_draft("publisher", by=world.who("manager"), at=world.at)
    noted = note_benchmark(
        NewBenchmark("publisher", "trigger_grace_days", both, both, both, START), by=world.who("researcher"), at=world.at
    )  # fmt: skip
    own |= {
        "group": group.number, "group_proposal": joining.number, "opening": file.number, "channel": channel.pk, "sending": sending.pk,
        "draft": draft.pk, "benchmark": noted.pk,
    }  # fmt: skip


def _duties(world: Rich) -> None:
    """The duties of the regulation, and a paper with a file from each firm that owes one."""
    regulation = world.regulation
    make_duties(
        list(regulation.duties.values()), issuer=world.hq.pk, regulation=regulation.reference, calendar=regulation.calendar,
        on=world.at.date(), at=world.at, since=date(2026, 9, 1),
    )  # fmt: skip
    for code in ("agent", "other_agent", "retailer", "second_retailer", "other_retailer"):
        firm = world.firms[code]
        found = Duty.objects.filter(owed_by=firm, responsible="owner").order_by("pk").first()
        if found is None:
            continue
        known = mark("hq", code, *(seller for seller, buyer in PAIRS if buyer == code))
        kind = found.papers[0] if found.papers else "report"
        paper = hand_in([found.pk], NewPaper(kind, known, known, (PAPER,)), by=world.who(f"{code}_owner"), at=world.at)
        world.own.setdefault(code, {})
        world.own[code] |= {"duty": found.pk, "paper": paper.pk, "paper_file": paper.attachments.get().pk}
