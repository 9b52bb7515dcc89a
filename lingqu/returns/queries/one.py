"""One return or transfer with everything that its page shows, in a fixed number of queries."""

from __future__ import annotations

import re

import msgspec

from lingqu.approvals.queries import Signed, route_taken
from lingqu.base.refusal import not_found
from lingqu.base.text import Text, parted
from lingqu.credit.models import CreditLine
from lingqu.documents.queries import AttachedFile, FileContent, attachment_content, attachments_of
from lingqu.organisation.queries import Acting
from lingqu.returns.access import visible_returns, visible_transfers
from lingqu.returns.models import ReturnLine, ReturnPaper, ReturnRequest, ReturnSource, Transfer, TransferLine
from lingqu.returns.rules import CapRow, read_rows
from lingqu.returns.states import ReturnState

SUBJECT = "return_request"
_OF_THE_PROCEDURE = {
    ReturnState.REFUSED: Text(
        "供货方审批未同意，详情请询问您的区域销售员。", "The seller's procedure refused it; ask your representative why."
    ),
    ReturnState.SENT_BACK: Text("供货方正在复核，您无需办理。", "The seller looks at it again; nothing is asked of you."),
}
NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{1,12}", re.ASCII)


class WholeReturn(msgspec.Struct, frozen=True):
    """A return with its lines, their sources in order by line id, its caps, evidence, route and the papers that booked it."""

    request: ReturnRequest
    lines: list[ReturnLine]
    sources: dict[int, list[ReturnSource]]
    caps: tuple[CapRow, ...]
    files: list[AttachedFile]
    route: list[Signed]
    papers: list[ReturnPaper]
    grade: str


class WholeTransfer(msgspec.Struct, frozen=True):
    """A transfer with its lines, the requests of the giver that they are from, and its route."""

    transfer: Transfer
    lines: list[TransferLine]
    sources: dict[int, list[tuple[str, int]]]
    route: list[Signed]


def because_told(request: ReturnRequest, *, inside: bool) -> Text | None:
    """Return in words why a return stands as it does, None for nothing; `inside` for the seller's people.

    What a procedure decided on is told to the partner as such: the words of those who decide are for the house, while who refuses a return
    themselves writes to the partner.
    """
    if not request.ended_because:
        return None
    if inside or request.approval_id is None or request.state == ReturnState.LAPSED.value:
        return parted(request.ended_because)
    return _OF_THE_PROCEDURE.get(ReturnState(request.state))


def return_by_number(number: str, *, by: Acting) -> ReturnRequest:
    """Return one return; refuses (404) what does not exist or is not the person's to see."""
    found = ReturnRequest.objects.filter(visible_returns(by)).select_related("seller", "buyer", "order", "approval", "asked_by", "credit")
    found = found.select_related("agreed_by", "counted_by")
    request = found.filter(number=number).first() if NUMBER.fullmatch(number) else None
    if request is None:
        raise not_found()
    return request


def transfer_by_number(number: str, *, by: Acting) -> Transfer:
    """Return one transfer; refuses (404) what does not exist or is not the person's to see."""
    found = Transfer.objects.filter(visible_transfers(by)).select_related("seller", "giver", "taker", "order", "approval", "asked_by")
    found = found.select_related("given_by", "taken_by", "moved_by")
    transfer = found.filter(number=number).first() if NUMBER.fullmatch(number) else None
    if transfer is None:
        raise not_found()
    return transfer


def whole_return(request: ReturnRequest, *, inside: bool) -> WholeReturn:
    """Return a return whole; its route is for the seller's people (`inside`) only."""
    lines = list(request.lines.select_related("product").order_by("line"))
    sources: dict[int, list[ReturnSource]] = {line.pk: [] for line in lines}
    for source in ReturnSource.objects.filter(return_line__in=lines).select_related("order_line__order").order_by("place"):
        sources[source.return_line_id].append(source)
    papers = ReturnPaper.objects.filter(request=request).select_related("goods_return__credit", "goods_return__order", "goods_in")
    papers = papers.prefetch_related("goods_return__lines")
    grade = CreditLine.objects.filter(seller_id=request.seller_id, buyer_id=request.buyer_id).values_list("grade", flat=True).first()
    return WholeReturn(
        request, lines, sources, read_rows(request.caps), attachments_of(SUBJECT, [request.pk])[request.pk],
        route_taken(request.approval) if inside and request.approval else [], list(papers.order_by("pk")), grade or "",
    )  # fmt: skip


def whole_transfer(transfer: Transfer, *, inside: bool) -> WholeTransfer:
    """Return a transfer whole; where the copies are from, and the route, are for the seller's people (`inside`) only."""
    lines = list(transfer.lines.select_related("product").prefetch_related("sources__order_line__order").order_by("line"))
    sources = {
        line.pk: [(one.order_line.order.number, one.copies) for one in sorted(line.sources.all(), key=lambda source: source.place)]
        for line in lines
    }
    route = route_taken(transfer.approval) if inside and transfer.approval else []
    return WholeTransfer(transfer, lines, sources if inside else {}, route)


def evidence_file(request: ReturnRequest, attachment: int) -> FileContent:
    """Return a file of a return with its bytes; refuses (404) one of another document."""
    return attachment_content(attachment, kind=SUBJECT, document=request.pk)
