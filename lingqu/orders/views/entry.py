"""Typing a new purchase request: the form, the paste, the preview, and the one action that submits it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, page, sent_files, workbook_download
from lingqu.documents.rules import FIELD
from lingqu.orders.actions import Asked, AskedLine, submit_with_contract
from lingqu.orders.forms import check_typed, fill_from_list, read_pasted, read_typed, read_words
from lingqu.orders.queries import (
    BOOKLIST,
    NOT_ORDERING,
    buyer_for,
    desk_for,
    known_key,
    left_workbook,
    lines_like,
    orders_for_others,
    orders_for_own,
    partners_to_order_for,
    read_booklist,
    title_index,
    titles_of,
)
from lingqu.orders.rules import Found, Listed, recognise
from lingqu.orders.sheets import template_of
from lingqu.orders.states import Source
from lingqu.orders.views.entry_page import Entry, entry_context, tell_outcome
from lingqu.policy.queries import regulation_in_force

FILLING = ("set", "lift", "look")
"""Buttons that change the form and show it again: copies set by a cure, discounts lifted by one, other words in the search box."""


@require_http_methods(["GET", "HEAD", "POST"])
@page
def enter(request: PageRequest) -> HttpResponse:
    """Show the form, with the lines of an earlier request when the address names one; a POST fills it further or submits it."""
    if request.method == "POST":
        return _submit(request)
    code = request.GET.get("buyer", "")
    if not code and ("for" in request.GET or not orders_for_own(request.who)):
        return _choose_partner(request)
    entry = _entry(request)
    buyer, typed = entry.buyer, entry.typed
    sent = known_key(buyer.firm.pk, typed.key) if typed.key else ""
    if sent:
        text = Text(f"该表单已提交为 {sent}，没有重复提交。", f"This form was submitted as {sent} already; nothing was sent twice.")
        messages.info(request, str(text))
        return redirect("order", sent)
    typed.source = typed.source or Source.TELEPHONE.value
    like = lines_like(request.GET.get("like", ""), buyer.firm.pk)
    typed.copies = {product: str(copies) for product, copies in like.items()} | typed.copies
    entry.checked = check_typed(typed, for_partner=buyer.for_partner)
    return _form(request, entry)


def _choose_partner(request: PageRequest) -> HttpResponse:
    if not orders_for_others(request.who):
        raise forbidden(NOT_ORDERING)
    words = read_words(request.GET)
    partners = partners_to_order_for(request.who, words, on=request.today)
    return render(request, "orders/choose.html", {"partners": partners, "words": words})


@require_POST
@page
def fill(request: PageRequest) -> HttpResponse:
    """Answer the rows of the form anew: for other words in the search box, or with the titles of a booklist filled in."""
    entry = _entry(request)
    if "fill" in request.POST:
        _fill(request, entry)
        entry.errors = {name: text for name, text in entry.errors.items() if name == BOOKLIST}
    return render(request, "orders/entry_lines.html", entry_context(request, entry) | {"fragment": True})


@require_POST
@page
def preview(request: PageRequest) -> HttpResponse:
    """Answer what the form comes to: each line's net, the totals, and the decision that would be made this moment."""
    entry = _entry(request)
    entry.errors = {name: text for name, text in entry.checked.errors.items() if "-" in name}
    return render(request, "orders/entry_totals.html", entry_context(request, entry))


def _entry(request: PageRequest) -> Entry:
    """Read the form, from its body or from the address."""
    typed = read_typed(request.POST if request.method == "POST" else request.GET)
    buyer = buyer_for(request.who, typed.buyer, own=request.person.firm, on=request.today)
    regulation = regulation_in_force(on=request.today)
    return Entry(buyer, regulation, typed, check_typed(typed, for_partner=buyer.for_partner))


@require_POST
@page
def left_lines(request: PageRequest) -> HttpResponse:
    """Hand out the lines of the paste that are not recognised as a workbook with a red column of reasons."""
    entry = _entry(request)
    listed = read_pasted(entry.typed.paste)
    content = left_workbook(listed, _recognised(request, entry, listed))
    return workbook_download(str(Text("没认出的书目", "Lines not recognised")), content)


@require_safe
@page
def template(request: PageRequest) -> HttpResponse:
    """Hand out the booklist to fill in: the seller's titles with the buyer's own prices, and how to fill it in on top."""
    buyer = buyer_for(request.who, request.GET.get("buyer", "")[:30], own=request.person.firm, on=request.today)
    desk = desk_for(buyer, regulation=regulation_in_force(on=request.today))
    content = template_of(desk, titles_of(desk, on=request.today), by=request.person.name, at=request.at)
    return workbook_download(str(Text(f"书目 {buyer.firm.name}", f"Booklist {buyer.firm.name}")), content)


def _fill(request: PageRequest, entry: Entry) -> None:
    """Fill in the booklist that came as a file, else the one that was pasted; a file that cannot be read is told at its field."""
    try:
        listed = _listed(request, entry)
    except Refusal as refusal:
        entry.errors[BOOKLIST] = refusal.text
        return
    entry.filled = fill_from_list(entry.typed, listed, _recognised(request, entry, listed))
    entry.checked = check_typed(entry.typed, for_partner=entry.buyer.for_partner)


def _listed(request: PageRequest, entry: Entry) -> Listed:
    files = sent_files(request, BOOKLIST)
    if not files:
        return read_pasted(entry.typed.paste)
    if entry.typed.paste.strip():
        words = Text(
            "框里还有内容。请先处理或清空，再读文件。", "There are lines in the box: deal with them or clear it, then read the file."
        )
        raise bad_input(BOOKLIST, words)
    return read_booklist(files[0].name, files[0].content)


def _recognised(request: PageRequest, entry: Entry, listed: Listed) -> list[Found]:
    return recognise(listed, title_index(entry.buyer.seller, on=request.today), entry.typed.chosen)


def _submit(request: PageRequest) -> HttpResponse:
    entry = _entry(request)
    if "fill" in request.POST:
        _fill(request, entry)
        return _form(request, entry)
    if any(button in request.POST for button in FILLING):
        return _form(request, entry)
    entry.errors = dict(entry.checked.errors)
    if entry.typed.paste.strip() or BOOKLIST in request.FILES:
        _fill(request, entry)
        unread = {BOOKLIST: entry.errors[BOOKLIST]} if BOOKLIST in entry.errors else {}
        entry.errors = {name: text for name, text in entry.checked.errors.items() if name != "lines"} | unread
        if not unread:
            entry.errors["paste"] = _not_yet(entry)
    if entry.errors:
        return _form(request, entry, status=422)
    try:
        files = sent_files(request)
        outcome = submit_with_contract(_asked(entry), files, regulation=entry.regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return _refused(request, entry, refusal)
    if outcome.refusal:
        return _refused(request, entry, outcome.refusal)
    tell_outcome(request, outcome)
    return redirect("order", outcome.number)


def _not_yet(entry: Entry) -> Text:
    """Why a form with lines in its box is not submitted: they were filled in just now, or could not be and are still there."""
    filled = entry.filled
    if filled and filled.left:
        many = len(filled.left)
        return Text(
            f"框里还有 {many} 行没认出，没有进入明细：改好再填入，不要的从框里删去，然后提交。",
            f"Lines in the box that are not understood: {many}. Mend and fill them in, or delete them there, then submit.",
        )
    return Text("书目刚填入明细，请核对后再提交。", "The list was filled in just now; look it over, then submit.")


def _asked(entry: Entry) -> Asked:
    checked = entry.checked
    lines = tuple(AskedLine(wish.product, wish.copies, wish.discount_bp) for wish in checked.wishes)
    note = entry.typed.note.strip()
    return Asked(entry.typed.key, entry.buyer.seller, entry.buyer.firm.pk, lines, checked.source, checked.shortage, note=note)


def _refused(request: PageRequest, entry: Entry, refusal: Refusal) -> HttpResponse:
    """Show the form again with what was refused at its field; the action counts lines from 1, in the order of the wishes."""
    parts = refusal.field.split(".")
    wishes = entry.checked.wishes
    if len(parts) == 3 and parts[1].isdigit() and 1 <= int(parts[1]) <= len(wishes):  # noqa: PLR2004 - lines.3.copies
        kind = "discount" if parts[2] == "discount" else "copies"
        entry.errors[f"{kind}-{wishes[int(parts[1]) - 1].product}"] = refusal.text
    elif refusal.field == FIELD:
        entry.errors[FIELD] = refusal.text
    else:
        entry.refusal = refusal
    return _form(request, entry, status=refusal.status)


def _form(request: PageRequest, entry: Entry, *, status: int = 200) -> HttpResponse:
    return render(request, "orders/entry.html", entry_context(request, entry), status=status)
