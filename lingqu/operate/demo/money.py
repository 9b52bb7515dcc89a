"""What happened to money that did not go as planned: a payment that bounced, goods that came back, a bank's file, a hold."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from lingqu.approvals.actions import Answer, decide_step
from lingqu.approvals.models import ApprovalStep
from lingqu.approvals.states import StepState
from lingqu.base.calendar import china_day
from lingqu.base.sheets import read_table
from lingqu.credit.actions import propose_group_change, propose_write_off, reverse_receipt, review_line
from lingqu.credit.models import CreditGroup, Receipt
from lingqu.credit.rules import NewGroupChange
from lingqu.credit.states import GroupProposalKind
from lingqu.documents.rules import NewFile
from lingqu.operate.demo.people import JINAN, TAIYUAN, WUHAN, ZHENGZHOU
from lingqu.operate.demo.story import ACCEPTED, PAID, SHIPPED, SIGNED, Request, Story
from lingqu.orders.actions import NewReturn, cancel_order, take_back_goods
from lingqu.orders.states import ReturnReason
from lingqu.organisation.queries import acting
from lingqu.settlement.actions import Part, TakingIn, book_line, keep_upload, take_in
from lingqu.settlement.models import BankLine
from lingqu.settlement.rules import read_sheets

SHORT = Decimal("5.00")
"""By so much Zhengzhou's first payment was short; it was given up."""

HEAD = "交易日期,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,流水号"


def bounce(story: Story, buyer: str, *, ago: int) -> None:
    """Plan that the bank takes back what a partner paid last."""

    def step(at: datetime) -> None:
        receipt = Receipt.objects.filter(line=story.made.lines[buyer]).latest("id")
        reverse_receipt(
            receipt.pk, reason="票据退回，银行已扣回", on=china_day(at), regulation=story.made.regulation_on(at),
            by=story.made.who("finance", china_day(at)), at=at,
        )  # fmt: skip

    story.plan(buyer, story.moment(ago, SIGNED), step)


def write_off(story: Story, buyer: str, *, ago: int) -> None:
    """Plan that the representative asks to give up what is left of a partner's oldest batch, and that finance agrees."""

    def step(at: datetime) -> None:
        day, regulation = china_day(at), story.made.regulation_on(at)
        oldest = min(story.owed(buyer).values(), key=lambda batch: batch.number)
        by = story.made.who("representative", day)
        asked = propose_write_off(oldest.batch, oldest.remaining, "客户按整数付款，尾差不再追收。", regulation=regulation, by=by, at=at)
        carry(asked.approval_id or 0, at)

    story.plan(buyer, story.moment(ago, SIGNED), step)


def share_limit(story: Story, buyer: str, name: str, limit: Decimal, *, ago: int) -> None:
    """Plan that a group of partners gets a limit of its own, and that a partner joins it; both go through their procedure."""

    def step(at: datetime) -> None:
        line, regulation = story.made.lines[buyer], story.made.regulation_on(at)
        by = story.made.who("manager", china_day(at))
        opened = NewGroupChange(GroupProposalKind.OPEN, "两家关联企业合并授信，避免额度重复。", name=name, limit=limit)
        asked = propose_group_change(line.seller_id, opened, regulation=regulation, by=by, at=at)
        carry(asked.approval_id or 0, at)
        group = CreditGroup.objects.get(name=name).pk
        joins = NewGroupChange(GroupProposalKind.JOIN, "集团成员。", group=group, line=line.pk)
        asked = propose_group_change(line.seller_id, joins, regulation=regulation, by=by, at=at)
        carry(asked.approval_id or 0, at)

    story.plan(buyer, story.moment(ago, SIGNED), step)


def carry(approval: int, at: datetime) -> None:
    """Let everybody whose turn it is approve, step by step, until it is decided."""
    day = china_day(at)
    while waiting := ApprovalStep.objects.filter(approval_id=approval, state=StepState.OPEN.value).first():
        signer = waiting.signers.select_related("person").order_by("pk")[0]
        decide_step(approval, Answer(waiting.pk, "approve", ""), by=acting(signer.person, on=day), at=at)


def send_back(story: Story, request: Request, copies: dict[int, int], *, ago: int) -> None:
    """Plan that copies of a shipped request come back and are counted."""

    def step(at: datetime) -> None:
        new = NewReturn(copies, ReturnReason.WRONG, "错发，客户原箱退回")
        by = story.made.who("warehouse", china_day(at))
        take_back_goods(request.order, new, regulation=story.made.regulation_on(at), by=by, at=at)

    story.plan(request.wanted.buyer, story.moment(ago, SHIPPED), step)


def cancel(story: Story, request: Request, *, ago: int) -> None:
    """Plan that an accepted request is cancelled before anything was shipped."""

    def step(at: datetime) -> None:
        by = story.made.who("representative", china_day(at))
        cancel_order(request.order, reason="客户项目延期，暂不需要", regulation=story.made.regulation_on(at), by=by, at=at)

    story.plan(request.wanted.buyer, story.moment(ago, ACCEPTED), step)


def pay_by_bank(story: Story, buyer: str, amount: Decimal, *, ago: int) -> None:
    """Plan that a payment comes in by the bank's file and is booked from there."""

    def step(at: datetime) -> None:
        day = china_day(at)
        row = f"{day},,{amount},{amount},{story.made.firms[buyer].name},6222020200014700,货款,HS{day:%y%m%d}0001"
        _take_in(story, f"工行{day:%m%d}.csv", [row], at)
        line = BankLine.objects.latest("id")
        part = Part(story.made.lines[buyer].pk, amount, why="name")
        book_line(line.pk, [part], regulation=story.made.regulation_on(at), by=story.made.who("finance", day), at=at)

    story.plan(buyer, story.moment(ago, PAID), step)


def plan_money(story: Story) -> None:
    """Plan a group limit, what the jobs did, and this morning's bank file, which waits for the finance head."""
    share_limit(story, JINAN, "岱青集团", Decimal("400000.00"), ago=30)

    def morning(at: datetime) -> None:
        day = china_day(at)
        balance, rows = Decimal("812406.55"), []
        for number, (payer, account, amount, remark) in enumerate(_arrived(story), 1):
            balance += amount
            rows.append(f"{day},,{amount},{balance},{payer},{account},{remark},HS{day:%y%m%d}{number:04}")
        _take_in(story, f"工行{day:%m%d}.csv", rows, at)

    story.plan("bank", story.now - timedelta(minutes=50), morning)

    def review(at: datetime) -> None:
        for code in (JINAN, WUHAN, ZHENGZHOU, TAIYUAN):
            review_line(story.made.lines[code].pk, regulation=story.made.regulation_on(at), at=at)

    story.plan("holds", story.now - timedelta(minutes=45), review)


def _arrived(story: Story) -> list[tuple[str, str, Decimal, str]]:
    """Return what the bank says came in this morning: one batch named, one round sum, and one payer that nobody knows."""
    firms = story.made.firms
    oldest = min(story.owed(JINAN).values(), key=lambda batch: batch.number)
    return [
        (firms[JINAN].name, "3700160200013701", oldest.remaining, f"货款 {oldest.request}"),
        (firms[ZHENGZHOU].name, "4100160200014101", Decimal("20000.00"), "部分货款"),
        ("裴砚舟", "6217004100014101", Decimal("3000.00"), "代付书款"),
    ]


def _take_in(story: Story, name: str, rows: list[str], at: datetime) -> None:
    day = china_day(at)
    by = story.made.who("finance", day)
    content = "\n".join((HEAD, *rows)).encode("gb18030")
    upload = keep_upload(NewFile(name, content), by=by, at=at)
    read = read_sheets(read_table(name, content, most_rows=20, most_columns=20, separator=","), today=day)
    take_in(TakingIn(upload.pk, read, "工行基本户"), by=by, at=at)
