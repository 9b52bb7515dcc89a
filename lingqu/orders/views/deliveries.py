"""Deliveries: the list, one delivery with its forms, and its papers. What is refused comes back filled in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.templatetags.words import use_today
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.credit.access import SELLING
from lingqu.documents.pages import PageRequest, file_download, page, pdf_download, sent_files
from lingqu.documents.printing import print_pdf
from lingqu.orders import actions
from lingqu.orders.access import may_ship
from lingqu.orders.forms import (
    read_answers,
    read_carriage,
    read_counted,
    read_delivery_filter,
    read_found,
    read_note,
)
from lingqu.orders.present import DELIVERY_GROUP_WORDS, delivery_view, labels_of, listed_deliveries, note_of, pick_slip_of
from lingqu.orders.queries import (
    DeliveryFilter,
    delivery_for,
    lines_to_pick,
    order_by_number,
    page_of_deliveries,
    partner_of,
    photo_of,
    report_for,
    shippable,
    whole_delivery,
)
from lingqu.orders.rules import NOT_ARRIVED
from lingqu.orders.states import PAYER_WORDS, SHIPPING_STATES, OrderState
from lingqu.policy.queries import regulation_in_force

PHOTOS = "photos"


@require_safe
@page
def delivery_list(request: PageRequest) -> HttpResponse:
    """List the deliveries that the person's firm sent or gets, by the filters in the address, 50 a page."""
    wanted = read_delivery_filter(request.GET)
    found = page_of_deliveries(request.who, wanted, on=request.today, regulation=regulation_in_force(on=request.today))
    context = {
        "rows": listed_deliveries(found.rows, firm=request.who.firm),
        "groups": [
            {"key": key, "text": text, "url": _address(DeliveryFilter(key, wanted.words)), "active": key == wanted.group}
            for key, text in DELIVERY_GROUP_WORDS.items()
        ],
        "wanted": wanted,
        "selling": request.who.firm_kind in SELLING,
        "next_url": _address(wanted, before=found.rows[-1].delivery.pk) if found.more_below else "",
        "previous_url": "",
    }
    return render(request, "orders/deliveries.html", context)


def _address(wanted: DeliveryFilter, *, before: int | None = None) -> str:
    values = {"group": "" if wanted.group == "all" else wanted.group, "q": wanted.words, "before": before or ""}
    return "?" + urlencode({name: value for name, value in values.items() if value})


@require_safe
@page
def to_ship(request: PageRequest) -> HttpResponse:
    """Show what the firm's warehouse can send today, and the back-orders that wait for goods, 50 of each a page."""
    after, behind = request.GET.get("after", "").replace("\x00", "")[:30], read_id(request.GET.get("behind", "")) or 0
    found = shippable(request.who.firm, on=request.today, after=after, behind=behind)
    context = {
        "found": found,
        "today": request.today,
        "turned": bool(after or behind),
        "requests_url": _places(found.requests[-1].number, behind) if found.requests_below else "",
        "waiting_url": _places(after, found.waiting[-1].line) if found.waiting_below else "",
    }
    return render(request, "orders/to_ship.html", context)


def _places(after: str, behind: int) -> str:
    return "?" + urlencode({name: value for name, value in (("after", after), ("behind", behind)) if value})


@require_safe
@page
def delivery(request: PageRequest, number: str) -> HttpResponse:
    """Show a delivery: lines, parcels, papers, its receipt and differences, and the forms that the person may use."""
    return _show(request, number)


def _show(request: PageRequest, number: str, refusal: Refusal | None = None) -> HttpResponse:
    use_today(request.today)
    whole = whole_delivery(number, by=request.who, regulation=regulation_in_force(on=request.today))
    typed = {name: str(value)[:2_000] for name, value in request.POST.items()} if refusal else {}
    context = {
        "view": delivery_view(whole, who=request.who, on=request.today, typed=typed),
        "delivery": whole.delivery,
        "order": whole.delivery.order,
        "typed": typed,
        "refusal": refusal,
        "payers": [(payer.value, words) for payer, words in PAYER_WORDS.items()],
    }
    return render(request, "orders/delivery.html", context, status=refusal.status if refusal else 200)


def _answer(request: PageRequest, number: str, do: Callable[[], Text]) -> HttpResponse:
    """Do a verb and go back to the delivery; what is refused is told above the form, which comes back filled in."""
    try:
        told = do()
    except Refusal as refusal:
        return _show(request, number, refusal)
    messages.success(request, str(told))
    return redirect("delivery", number)


@require_POST
@page
def receive(request: PageRequest, number: str) -> HttpResponse:
    """Confirm a delivery, all as sent or as counted."""
    found = delivery_for(number, by=request.who)

    def do() -> Text:
        received = actions.Received(read_counted(request.POST), read_note(request.POST), sent_files(request, PHOTOS))
        regulation = regulation_in_force(on=request.today)
        report = actions.receive_delivery(found.pk, received, regulation=regulation, by=request.who, at=request.at)
        if report is None:
            return Text(f"{number} 已签收，如数收到。", f"{number} is confirmed: all arrived as sent.")
        return Text(f"差异 {report.number} 已提出，供货方核对后答复。", f"{report.number} is reported; the seller looks and answers.")

    return _answer(request, number, do)


@require_POST
@page
def name_parcels(request: PageRequest, number: str) -> HttpResponse:
    """Write the parcels of a delivery anew."""
    found = delivery_for(number, by=request.who)

    def do() -> Text:
        actions.name_parcels(found.pk, read_carriage(request.POST), by=request.who, at=request.at)
        return Text("运单已更新，并已告知收货方。", "The parcels are updated, and the receiver was told.")

    return _answer(request, number, do)


@require_POST
@page
def late_report(request: PageRequest, number: str) -> HttpResponse:
    """Consent to a late report of differences."""
    found = delivery_for(number, by=request.who)

    def do() -> Text:
        regulation, reason = regulation_in_force(on=request.today), read_note(request.POST, "late_reason")
        actions.allow_late_report(found.pk, reason=reason, regulation=regulation, by=request.who, at=request.at)
        return Text("已同意逾期提出一次差异，并已告知收货方。", "One late report is consented to; the receiver was told.")

    return _answer(request, number, do)


@require_POST
@page
def count_differences(request: PageRequest, number: str) -> HttpResponse:
    """Say what the warehouse found of a report of differences."""
    report = report_for(number, by=request.who)

    def do() -> Text:
        many = report.lines.filter(kind__in=[kind.value for kind in NOT_ARRIVED]).count()
        actions.count_difference(number, read_found(request.POST, many), by=request.who, at=request.at)
        return Text("核对结果已记，等待答复。", "What was found is written down; now it is answered.")

    return _answer(request, report.delivery.number, do)


@require_POST
@page
def answer_differences(request: PageRequest, number: str) -> HttpResponse:
    """Answer a report of differences line by line."""
    report = report_for(number, by=request.who)

    def do() -> Text:
        given, regulation = read_answers(request.POST, report.lines.count()), regulation_in_force(on=request.today)
        actions.answer_difference(number, given, regulation=regulation, by=request.who, at=request.at)
        return Text(f"{number} 已答复，并已告知收货方。", f"{number} is answered; the receiver was told.")

    return _answer(request, report.delivery.number, do)


@require_safe
@page
def difference_photo(request: PageRequest, number: str, attachment: str) -> HttpResponse:
    """Give a photo of a report of differences."""
    found = photo_of(number, read_id(attachment) or 0, by=request.who)
    return file_download(found.name, found.media_type, found.content)


@require_safe
@page
def delivery_note(request: PageRequest, number: str) -> HttpResponse:
    """Give the delivery note as PDF, three copies to be signed."""
    whole = whole_delivery(number, by=request.who, regulation=regulation_in_force(on=request.today))
    data = note_of(whole, address=_address_of(request, number))
    name = str(Text(f"配送单 {number}", f"Delivery note {number}"))
    return pdf_download(name, print_pdf("orders/delivery-note", data, at=whole.delivery.shipped_at))


@require_safe
@page
def delivery_labels(request: PageRequest, number: str) -> HttpResponse:
    """Give the labels as PDF, one for each parcel, 100 × 150 mm."""
    whole = whole_delivery(number, by=request.who, regulation=regulation_in_force(on=request.today))
    data = labels_of(whole, address=_address_of(request, number))
    return pdf_download(str(Text(f"标签 {number}", f"Labels {number}")), print_pdf("orders/label", data, at=whole.delivery.shipped_at))


def _address_of(request: PageRequest, number: str) -> str:
    return request.build_absolute_uri(reverse("delivery", args=[number]))


@require_safe
@page
def pick_slip(request: PageRequest, number: str) -> HttpResponse:
    """Give the pick slip of a request as PDF: the lots from which it would be sent now, oldest first."""
    order = order_by_number(number, by=request.who)
    if not may_ship(request.who, order.seller_id):
        raise forbidden(Text("提货单由库房管理员打印。", "The pick slip is the warehouse keeper's."))
    if OrderState(order.state) not in SHIPPING_STATES:
        raise not_found()
    address = request.build_absolute_uri(reverse("order", args=[number]))
    data = pick_slip_of(order, partner_of(order), lines_to_pick(order), on=request.today, address=address)
    return pdf_download(str(Text(f"提货单 {number}", f"Pick slip {number}")), print_pdf("orders/pick-slip", data, at=request.at))
