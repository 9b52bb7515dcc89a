"""The papers of a request: the contract to be stamped as PDF, the stamped one handed in, the note of the acceptance, and every file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.documents.pages import PageRequest, file_download, page, pdf_download, sent_files
from lingqu.documents.printing import print_pdf
from lingqu.orders import actions
from lingqu.orders.present import acceptance_of, contract_of
from lingqu.orders.queries import file_of, order_by_number, paper_of
from lingqu.orders.states import ORDERS, OrderState
from lingqu.orders.views.order import order_page
from lingqu.policy.queries import regulation_in_force


@require_safe
@page
def contract(request: PageRequest, number: str) -> HttpResponse:
    """Give the purchase contract of a request as PDF, to be printed and stamped; 404 for one that the agreement of the year covers."""
    order = order_by_number(number, by=request.who)
    if not order.needs_contract:
        raise not_found()
    paper = paper_of(order)
    name = str(Text(f"购销合同 {paper.number}", f"Purchase contract {paper.number}"))
    return pdf_download(name, print_pdf("orders/contract", contract_of(paper), at=order.submitted_at))


@require_safe
@page
def acceptance(request: PageRequest, number: str) -> HttpResponse:
    """Give the note that a request was accepted, with its ship date, as PDF; 404 before that."""
    order = order_by_number(number, by=request.who)
    if order.accepted_at is None:
        raise not_found()
    name = str(Text(f"受理通知 {order.number}", f"Acceptance {order.number}"))
    return pdf_download(name, print_pdf("orders/acceptance", acceptance_of(paper_of(order)), at=order.accepted_at))


@require_safe
@page
def attached(request: PageRequest, number: str, attachment: str) -> HttpResponse:
    """Give a file that was handed in with a request."""
    found = file_of(order_by_number(number, by=request.who), read_id(attachment) or 0)
    return file_download(found.name, found.media_type, found.content)


@require_POST
@page
def hand_in(request: PageRequest, number: str) -> HttpResponse:
    """Hand in the stamped contract; what is wrong with a file stands at the field."""
    order = order_by_number(number, by=request.who)
    waited = order.state == OrderState.PAPERS.value
    try:
        files = sent_files(request)
        regulation = regulation_in_force(on=request.today)
        judged = actions.hand_in_contract(order.pk, files, regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return order_page(request, number, refusal=refusal)
    messages.success(request, str(_handed_in(number, OrderState(judged.state)) if waited else _better(number)))
    return redirect("order", number)


def _better(number: str) -> Text:
    return Text(
        f"{number} 的合同扫描件已补交，答复时限不变。", f"Another scan of the contract of {number} was handed in; its answer time stays."
    )


def _handed_in(number: str, state: OrderState) -> Text:
    if state is OrderState.HELD:
        return Text(
            f"{number} 的盖章合同已收，全部通过，已预占，答复时限开始计算。",
            f"The stamped contract of {number} is in: all laws passed, it is held, and the answer time has begun.",
        )
    words = ORDERS.words[state]
    return Text(
        f"{number} 的盖章合同已收，判定：{words.zh}。", f"The stamped contract of {number} is in; it was decided: {words.en.lower()}."
    )
