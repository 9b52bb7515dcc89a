"""Run all checks on one snapshot of the database, read only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import msgspec
from django.db import connection, transaction

from lingqu.base.clock import now
from lingqu.base.database import rows
from lingqu.base.text import Text
from lingqu.operate.verify import bank, branch, claims, deliveries, going_live, money, papers, receipts, returns, ruling, supply
from lingqu.operate.verify.decisions import decide_all_again

PATIENCE: Final = timedelta(minutes=10)


class Check(msgspec.Struct, frozen=True):
    """One check: its statement, or the function that does it. `report_only` ones are told and fail nothing."""

    key: str
    name: Text
    statement: str = ""
    run: Callable[[], tuple[int, int, str]] | None = None
    late: bool = False
    report_only: bool = False


CHECKS: Final = (
    Check("running", Text("额度占用与分录一致", "Running rows equal the sum of their postings"), money.RUNNING),
    Check("groups", Text("集团额度占用等于成员之和", "Running rows of groups equal the sums of their members"), money.GROUPS),
    Check("reversals", Text("冲销不超过原记账", "Reversals take back no more than there was"), money.REVERSALS),
    Check("two_sided", Text("分录两方单位相同，收支相等", "Both sides of every posting are in its unit, so they balance"), money.TWO_SIDED),
    Check("limits", Text("额度与最近一次调整一致", "Limits are as last set"), money.LIMITS),
    Check("exposure", Text("已用额度等于未结批次减预收", "Used credit equals open batches less unapplied money"), money.EXPOSURE),
    Check("open_batches", Text("未结批数与批次一致", "Counts of open batches equal the batches"), money.OPEN_BATCHES),
    Check("receipts", Text("回款单与分录一致", "Receipts equal their postings"), money.RECEIPTS),
    Check("applications", Text("批次已结金额与核销明细一致", "What was applied to batches equals its applications"), money.APPLICATIONS),
    Check("reversed", Text("冲回的回款不再核销任何批次", "Reversed receipts pay nothing and are taken back whole"), receipts.REVERSED),
    Check("undone", Text("撤回的核销不超过原核销", "No more is taken off a batch than was applied"), receipts.UNDONE),
    Check("waiting", Text("预收余额等于回款与贷项的余下部分", "Money that waits is what receipts and credits left over"), receipts.WAITING),
    Check("credits", Text("贷项与核销明细和分录一致", "Credits equal their applications and postings"), receipts.CREDITS),
    Check("write_offs", Text("核销单与核销明细和分录一致", "Write-offs equal their applications and postings"), receipts.WRITTEN_OFF),
    Check("bank_lines", Text("银行流水与其回款单一致", "Booked bank lines equal their receipts"), bank.BOOKED),
    Check("taken_over", Text("期初入账与签认的控制总数一致", "What was taken over equals what was signed"), going_live.TAKEN_OVER),
    Check("batches", Text("已受理申请与批次一致", "Accepted orders equal their batches"), papers.BATCHES),
    Check("holds", Text("待受理申请与预占一致", "Orders that await acceptance equal the holds on credit"), papers.HOLDS),
    Check("reserved", Text("库存预留与申请明细一致", "Reserved stock equals the lines that reserve it"), money.RESERVED),
    Check("lots", Text("批次库存之和等于在库册数", "Lots add up to the copies on hand, and each to its moves"), money.LOTS),
    Check("counts", Text("盘点差异与批次出入一致", "Booked counts equal the moves of lots that they made"), money.COUNTS),
    Check("deliveries", Text("已发册数与发货单一致", "Shipped copies equal the deliveries"), deliveries.DELIVERIES),
    Check("differences", Text("收货差异与库存、退货一致", "Differences equal stock, losses and returns"), deliveries.DIFFERENCES),
    Check("parcels", Text("每次发货的件数连号，运单一致", "Parcels are numbered, and known by their waybills"), deliveries.PARCELS),
    Check("returns", Text("已退册数与退货单、贷项一致", "Returned copies equal the returns and their credits"), papers.RETURNS),
    Check("return_requests", Text("退货申请与清点、贷项一致", "Return requests equal their counts and credits"), returns.REQUESTS),
    Check("transfers", Text("调货双方册数与金额一致", "Transfers moved alike on both sides"), returns.TRANSFERS),
    Check("claims", Text("价格保护与贷项、发货一致", "Price claims equal their credits, and are for copies shipped"), claims.CLAIMS),
    Check("cancelled", Text("取消的申请不再欠款", "Cancelled orders are credited whole"), papers.CANCELLED),
    Check("heads", Text("申请合计等于明细之和", "Totals of orders equal the sums of their lines"), papers.HEADS),
    Check("lines", Text("明细金额等于定价×册数×折扣", "Line values equal list price × copies × discount, half-up"), papers.LINES),
    Check("contracts", Text("受理的申请有合同", "Accepted orders have the contract that they need"), papers.CONTRACTS),
    Check("facts", Text("每份申请都有提交记录", "Every order has its fact of submission"), papers.FACTS),
    Check("decisions", Text("判定可逐字重现", "Stored decisions come out the same again, byte for byte"), run=decide_all_again),
    Check("sellers", Text("各单位的应收只在自己名下", "What is owed to a seller stands on its own accounts alone"), branch.SELLERS),
    Check("retailer_terms", Text("零售商的条件与供货条件单一致", "Retailers have the terms of their documents"), branch.TERMS),
    Check("supply_holds", Text("供货控制与逾期货款一致", "Holds fit what is overdue"), run=supply.holds_follow),
    Check("specials", Text("特价册数不超过批准册数", "Copies at special prices are within what was granted"), supply.SPECIALS),
    Check("versions", Text("制度版本与其校验值一致", "Versions of the regulation equal their hashes"), ruling.VERSIONS),
    Check("issued", Text("发布的版本与批准的草案一致", "Issued versions were approved as they are"), ruling.ISSUED),
    Check("own_requests", Text("没有人审批自己的申请", "Nobody decided on their own request"), ruling.OWN_REQUESTS),
    Check("routes", Text("已同意的审批走完了全部步骤", "What is approved took every step of its route"), ruling.ROUTES),
    Check("signed", Text("每一步都有人同意", "Every step that passed was signed"), ruling.SIGNED),
    Check(
        "late_holds",
        Text("没有逾时十分钟以上的预占（仅提示）", "No hold is over ten minutes past its answer time (told only)"),
        papers.LATE, late=True, report_only=True,
    ),
)  # fmt: skip

_SUMMARY: Final = """
SELECT count(*) AS checked, count(*) FILTER (WHERE well IS NOT TRUE) AS wrong, min(what) FILTER (WHERE well IS NOT TRUE) AS first
  FROM ({}) AS one
"""


def run_checks() -> list[dict[str, Any]]:
    """Run every check and return, for each: key, name (zh, en), how many things were checked, how many are wrong, and the first of them.

    All look at the same moment, whatever goes on beside them. `ok` says whether it is well, or fails nothing.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            _set("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Every check reads whole tables; after a great many changes the planner may still think that they are empty.
        _set("SET LOCAL enable_nestloop = off")
        _set("SET LOCAL statement_timeout = 0")
        _set("SET LOCAL idle_in_transaction_session_timeout = 0")
        return [_told(check) for check in CHECKS]


def _set(statement: str) -> None:
    """Run a statement that only sets something."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _told(check: Check) -> dict[str, Any]:
    checked, wrong, first = check.run() if check.run else _ask(check)
    return {
        "key": check.key,
        "name": {"zh": check.name.zh, "en": check.name.en},
        "checked": checked,
        "wrong": wrong,
        "first_wrong": first,
        "report_only": check.report_only,
        "ok": not wrong or check.report_only,
    }


def _ask(check: Check) -> tuple[int, int, str]:
    (row,) = rows(_SUMMARY.format(check.statement), (now() - PATIENCE,) if check.late else ())
    return row.checked, row.wrong, row.first or ""
