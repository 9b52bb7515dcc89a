"""Ask for a return, with or without the papers with which the goods came (M-16.3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.money import total
from lingqu.base.refusal import bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.actions import attach, take_numbers
from lingqu.documents.rules import FIELD, NewFile
from lingqu.orders.access import BUYING_POSTS, ENTERING_POSTS
from lingqu.orders.models import Order
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation
from lingqu.returns.access import may_ask_return
from lingqu.returns.actions.judged import EVIDENCE, SUBJECT, line_of, write_lines
from lingqu.returns.actions.told import tell_asked
from lingqu.returns.models import ReturnRequest
from lingqu.returns.queries import judge_caps, source_lines
from lingqu.returns.rules import MOST_FILES, NewReturnRequest, Sourced, check_new, rows_text
from lingqu.returns.states import ReturnState

SERIES = "TS"


@transaction.atomic
def ask_return(
    new: NewReturnRequest, files: Sequence[NewFile] = (), *, regulation: Regulation, by: Acting, at: datetime
) -> ReturnRequest:  # fmt: skip
    """Ask that goods go back and return the document (series TS); the same key is the same request. Nothing is credited yet.

    Where no request is named, the product finds those with which the copies were shipped, the last shipped first; they are this return's
    until it ends, so that two returns never name the same copies. The caps are judged and kept as they were; beyond one, a procedure
    decides. Refuses a person who may not ask, an unknown or another's request, what `check_new` does, more of a named request than left
    and did not come back, and copies that no record explains without a photo or scan of where they came from (`files`).
    """
    check_new(new)
    if not may_ask_return(by, new.seller, new.buyer):
        raise forbidden(Text("退货由客户申请，或由供货方代为登记。", "Returns are asked for by the partner, or entered for it."))
    line_of(new.seller, new.buyer)
    known = ReturnRequest.objects.filter(buyer_id=new.buyer, key=new.key).first()
    if known:
        return known
    day = china_day(at)
    order = _order_of(new)
    lines = source_lines(new.seller, new.buyer, new.lines, order=order.pk if order else None, on=day)
    _must_be_explained(lines, files, named=order is not None)
    caps = judge_caps(new.seller, new.buyer, lines, reason=new.reason, files=len(files), regulation=regulation, on=day)
    (number,) = take_numbers(SERIES, day.year)
    request = ReturnRequest.objects.create(
        number=number, key=new.key, seller_id=new.seller, buyer_id=new.buyer, order=order, reason=new.reason.value,
        note=new.note.replace("\x00", "").strip(), state=ReturnState.ASKED.value, caps=rows_text(caps),
        within=all(row.passed for row in caps), copies=sum(line.asked.copies for line in lines),
        list_value=total(line.list_value for line in lines), net=total(line.net for line in lines), regulation=regulation.reference,
        asked_by_id=by.person, asked_at=at,
    )  # fmt: skip
    write_lines(request, lines)
    absent = by.for_whom(BUYING_POSTS, new.buyer) or by.for_whom(ENTERING_POSTS, new.seller)
    if files:
        attach(SUBJECT, request.pk, EVIDENCE, files, by=by, at=at, on_behalf_of=absent)
    after = {"number": number, "copies": request.copies, "net": str(request.net), "reason": request.reason, "within": request.within}
    record([Deed("ask", SUBJECT, request.pk, after, {}, regulation.reference, absent)], by=by.person, at=at)
    tell_asked(request, by=by.person, at=at)
    return request


def _order_of(new: NewReturnRequest) -> Order | None:
    if new.order is None:
        return None
    order = Order.objects.filter(pk=new.order, seller_id=new.seller, buyer_id=new.buyer).first()
    if order is None:
        raise not_found()
    return order


def _must_be_explained(lines: Sequence[Sourced], files: Sequence[NewFile], *, named: bool) -> None:
    for line in lines:
        if line.extra and named:
            there = line.asked.copies - line.extra
            raise bad_input(
                f"lines.{line.line}.copies",
                Text(
                    f"该申请中此品种可退 {there} 册。其余的请另填一份，不指定来源单据。",
                    f"Of that request {there} copies can come back. Ask for the others without naming a request.",
                ),
            )
    if any(line.extra for line in lines) and not files:
        copies = sum(line.extra for line in lines)
        raise bad_input(
            FIELD,
            Text(
                f"有 {copies} 册查不到发货记录，请附照片或旧单据的扫描件。",
                f"No shipment of {copies} copies is on record; add photos, or a scan of the old papers.",
            ),
        )
    if len(files) > MOST_FILES:
        raise bad_input(FIELD, Text(f"最多 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files."))
