"""A return under the lock of its credit line. Private to the verbs.

Locks are taken in one order: approvals, the credit line, the return or transfer, purchase requests, the ledger (docs/decisions/0013).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lingqu.base.database import must_be_atomic
from lingqu.base.money import total
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.credit.models import CreditLine
from lingqu.returns.models import ReturnLine, ReturnRequest, ReturnSource
from lingqu.returns.rules import Sourced

SUBJECT = "return_request"
EVIDENCE = "evidence"


def line_of(seller: int, buyer: int) -> CreditLine:
    """Lock the credit line between two firms and return it; refuses (422) firms that are no partners."""
    must_be_atomic()
    line = CreditLine.objects.select_for_update().filter(seller_id=seller, buyer_id=buyer).first()
    if line is None:
        raise Refusal("no_partner", Text("双方没有客户关系或信用档案。", "The two firms are no partners."), status=422)
    return line


def locked_return(request_id: int) -> ReturnRequest:
    """Lock the credit line of a return request, then the request, and return it; refuses (404) an unknown one."""
    must_be_atomic()
    known = ReturnRequest.objects.filter(pk=request_id).values_list("seller_id", "buyer_id").first()
    if known is None:
        raise not_found()
    line_of(*known)
    return ReturnRequest.objects.select_for_update(of=("self",)).select_related("buyer", "seller").get(pk=request_id)


def write_lines(request: ReturnRequest, lines: Sequence[Sourced]) -> None:
    """Write the lines of a new return with their sources."""
    must_be_atomic()
    rows = ReturnLine.objects.bulk_create(
        ReturnLine(
            request=request, line=line.line, product_id=line.asked.product, copies=line.asked.copies,
            condition=line.asked.condition.value, list_price=line.list_price, extra=line.extra,
        )
        for line in lines
    )  # fmt: skip
    ReturnSource.objects.bulk_create(
        ReturnSource(
            return_line=row, place=place, order_line_id=one.order_line, copies=one.copies, net=one.net, shipped_on=one.on,
            relief=one.relief, relief_by=one.relief_by,
        )
        for row, line in zip(rows, lines, strict=True)
        for place, one in enumerate(line.taken, 1)
    )  # fmt: skip


def chain_amount(lines: Sequence[Sourced]) -> Decimal:
    """Return the yuan by which the route of a return is chosen: what would be credited."""
    return total(line.net for line in lines)
