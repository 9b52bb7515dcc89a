"""Booklists of returns and of transfers: sent as a file or pasted, filled into the form, and what was not recognised sent back."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, page, sent_files, workbook_download
from lingqu.orders.queries import BOOKLIST, left_workbook, read_booklist
from lingqu.orders.queries.titles import title_index
from lingqu.organisation.states import FirmKind
from lingqu.returns.access import may_ask_return
from lingqu.returns.forms import ReturnTyped, found_in, pasted, read_return, read_transfer, take_list
from lingqu.returns.queries import PartnerAsked, partner_called, shipped_titles
from lingqu.returns.sheets import booklist_of

NOT_ASKING = Text("您的岗位不能申请退货。", "Your post does not ask for returns.")
BOTH = Text("框里还有内容。请先处理或清空，再读文件。", "There are lines in the box: deal with them or clear it, then read the file.")


def fill_list(request: PageRequest, typed: ReturnTyped, seller: int, *, on: date) -> bool:
    """Fill in the list that came as a file, else the one that was pasted; return whether a file came, which people look at first.

    What cannot be read is told at its field, and the form stays as it was.
    """
    try:
        files = sent_files(request, BOOKLIST)
        if files and typed.paste.strip():
            raise bad_input(BOOKLIST, BOTH)
        if files:
            take_list(typed, read_booklist(files[0].name, files[0].content), title_index(seller, on=on))
        elif typed.paste.strip():
            take_list(typed, pasted(typed), title_index(seller, on=on))
    except Refusal as refusal:
        typed.errors[BOOKLIST] = refusal.text
        return True
    return bool(files)


@require_safe
@page
def return_template(request: PageRequest) -> HttpResponse:
    """Hand out what a partner was shipped as a workbook: fill in the copies that go back."""
    asked = _asked(request, request.GET.get("buyer", ""))
    if not may_ask_return(request.who, asked.seller, asked.firm.pk):
        raise forbidden(NOT_ASKING)
    return _template(request, asked)


@require_safe
@page
def transfer_template(request: PageRequest) -> HttpResponse:
    """Hand out what the giver was shipped as a workbook: fill in the copies that go to the taker."""
    return _template(request, _giver(request, request.GET.get("giver", "")))


@require_POST
@page
def return_left(request: PageRequest) -> HttpResponse:
    """Hand out the lines of the paste that are not recognised as a workbook with a red column of reasons."""
    typed = read_return(request.POST)
    asked = _asked(request, typed.buyer)
    if not may_ask_return(request.who, asked.seller, asked.firm.pk):
        raise forbidden(NOT_ASKING)
    return _left(request, typed, asked.seller)


@require_POST
@page
def transfer_left(request: PageRequest) -> HttpResponse:
    """Hand out the lines of the paste that are not recognised as a workbook with a red column of reasons."""
    typed = read_transfer({**request.POST.dict(), "buyer": request.POST.get("giver", "")})
    return _left(request, typed, _giver(request, typed.buyer).seller)


def _asked(request: PageRequest, code: str) -> PartnerAsked:
    found = partner_called(request.who, code.replace("\x00", "")[:40])
    if found is None:
        raise not_found()
    return found


def _giver(request: PageRequest, code: str) -> PartnerAsked:
    found = _asked(request, code)
    if request.who.firm_kind != FirmKind.HQ.value or found.seller != request.who.firm:
        raise not_found()
    return found


def _template(request: PageRequest, asked: PartnerAsked) -> HttpResponse:
    shipped = shipped_titles(asked.seller, asked.firm.pk)
    content = booklist_of(shipped, asked.firm.name, by=request.person.name, at=request.at)
    return workbook_download(str(Text(f"书目 {asked.firm.name}", f"Booklist {asked.firm.name}")), content)


def _left(request: PageRequest, typed: ReturnTyped, seller: int) -> HttpResponse:
    listed = pasted(typed)
    content = left_workbook(listed, found_in(listed, title_index(seller, on=request.today), typed))
    return workbook_download(str(Text("没认出的书目", "Lines not recognised")), content)
