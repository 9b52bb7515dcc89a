"""Special prices: the list, one of them, asking for one, changing it after it was sent back, taking it back, ending it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.approvals.present import route_rows
from lingqu.approvals.queries import route_taken
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.catalogue.access import asks_special, comes_for_special, may_end_special
from lingqu.catalogue.actions import ask_special_price, end_special_price, revise_special_price, withdraw_special_price
from lingqu.catalogue.queries import priced_products
from lingqu.catalogue.rules import LONGEST_DAYS, SPECIAL_CHAIN, check_special
from lingqu.catalogue.states import SPECIAL_KIND_WORDS, SPECIALS, SpecialState
from lingqu.credit.present import planned_rows, route_sentence
from lingqu.credit.queries import planned_route
from lingqu.desk.forms import SpecialTyped, read_special
from lingqu.desk.present.specials import effect_of, special_row
from lingqu.desk.queries.specials import (
    MOST_SHOWN,
    discount_for,
    lines_to_choose,
    special_by_number,
    special_prices,
    title_called,
    total_given_up,
    uses_of,
)
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.organisation.states import FirmKind
from lingqu.partners.queries import representatives_of
from lingqu.policy.queries import regulation_in_force

UNREADABLE = 422


@require_safe
@page
def specials(request: PageRequest) -> HttpResponse:
    """List special prices, newest first; what they give up is shown to the publisher alone."""
    state, words = request.GET.get("state", ""), request.GET.get("q", "")[:40]
    selling = request.who.firm_kind == FirmKind.HQ.value
    found = special_prices(request.who, state=state, words=words)
    context = {
        "rows": [special_row(one, on=request.today) for one in found],
        "given_up": total_given_up(found),
        "states": {one.value: SPECIALS.words[one] for one in SpecialState},
        "state": state,
        "words": words,
        "full": len(found) == MOST_SHOWN,
        "may_ask": comes_for_special(request.who) and _has_chain(request),
        "buying": not selling,
    }
    return render(request, "desk/specials.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def special_new(request: PageRequest) -> HttpResponse:
    """Offer the form, show the effect of what is typed, or send it."""
    if not comes_for_special(request.who):
        raise forbidden(
            Text("特价由该客户的区域销售员或营销主管申请。", "Special prices are asked for by the partner's representative or the manager.")
        )
    if request.method != "POST":
        return _form(request, SpecialTyped({"buyer": request.GET.get("buyer", "")[:40], "kind": "title"}))
    typed = read_special(request.POST)
    regulation = regulation_in_force(on=request.today)
    known = _known(request, typed)
    if typed.errors or known is None or "try" in request.POST:
        return _form(request, typed, status=UNREADABLE if typed.errors else 200)
    line, discount = known
    try:
        made = ask_special_price(
            typed.special(), seller=line.seller_id, buyer=line.buyer_id, discount=discount, regulation=regulation, by=request.who,
            at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        return _form(request, typed, refusal=refusal, status=refusal.status)
    told = Text(f"已提交 {made.number}，审批人已收到通知。", f"{made.number} is submitted; those who decide are told.")
    messages.success(request, str(told))
    return redirect("special_price", made.number)


@require_safe
@page
def special_price(request: PageRequest, number: str) -> HttpResponse:
    """Show one special price: what it is, its route, and the requests that used it."""
    found = special_by_number(number, by=request.who)
    selling = request.who.firm == found.seller_id
    mine = request.who.person in (found.asked_by_id, found.asked_for_id)
    row = special_row(found, on=request.today)
    context = {
        "special": found,
        "row": row,
        "stages": route_rows(route_taken(found.approval)) if selling else [],
        "uses": uses_of(found.pk),
        "selling": selling,
        "own": mine and row["open"],
        "may_end": found.state == SpecialState.GRANTED.value and may_end_special(request.who, found.seller_id),
    }
    return render(request, "desk/special.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def special_revise(request: PageRequest, number: str) -> HttpResponse:
    """Offer one that was sent back for changing, or ask again."""
    found = special_by_number(number, by=request.who)
    if request.who.person not in (found.asked_by_id, found.asked_for_id):
        raise forbidden(Text("只有申请人可以修改。", "Only the one who asked may change it."))
    if found.state != SpecialState.SENT_BACK.value:
        return redirect("special_price", found.number)
    if request.method != "POST":
        return _form(request, _typed_of(found), revised=found)
    typed = read_special({**request.POST.dict(), "buyer": found.buyer.code})
    known = _known(request, typed)
    if typed.errors or known is None or "try" in request.POST:
        return _form(request, typed, revised=found, status=UNREADABLE if typed.errors else 200)
    regulation = regulation_in_force(on=request.today)
    try:
        revise_special_price(found.pk, typed.special(), discount=known[1], regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return _form(request, typed, refusal=refusal, revised=found, status=refusal.status)
    messages.success(request, str(Text("已重新提交，从第一步开始审批。", "Submitted again; the route begins anew.")))
    return redirect("special_price", found.number)


@require_POST
@page
def special_withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take one back."""
    found = special_by_number(number, by=request.who)

    def do() -> Text:
        withdraw_special_price(found.pk, reason="", by=request.who, at=request.at)
        return Text(f"{number} 已撤回。", f"{number} is withdrawn.")

    return answer_verb(request, reverse("special_price", args=[number]), do)


@require_POST
@page
def special_end(request: PageRequest, number: str) -> HttpResponse:
    """End one before its last day, with a reason."""
    found = special_by_number(number, by=request.who)

    def do() -> Text:
        reason = request.POST.get("reason", "").replace("\x00", "")[:400]
        end_special_price(found.pk, reason=reason, by=request.who, at=request.at)
        return Text(f"{number} 已终止，已受理的申请不受影响。", f"{number} has ended; accepted requests are not touched.")

    return answer_verb(request, reverse("special_price", args=[number]), do)


def _known(request: PageRequest, typed: SpecialTyped) -> Any:  # noqa: ANN401 - the partner's line with its discount, or None
    """Return the partner's line with its discount, and note the title; what is not known stands as an error at its field."""
    known = discount_for(request.who.firm, typed.texts["buyer"], regulation_in_force(on=request.today))
    if known is None:
        typed.errors["buyer"] = Text("请选择客户。", "Choose the partner.")
    title = title_called(request.who.firm, typed.texts["title"])
    if title is None:
        typed.errors["title"] = Text("没有这个编号的品种。", "There is no title of this number.")
    else:
        typed.product = title.pk
    return known


def _form(
    request: PageRequest, typed: SpecialTyped, *, refusal: Refusal | None = None, revised: Any = None, status: int = 200  # noqa: ANN401 - a special price that was sent back, or None
) -> HttpResponse:  # fmt: skip
    if refusal and refusal.field:
        typed.errors[refusal.field] = refusal.text
    context = {
        "typed": typed,
        "lines": lines_to_choose(request.who.firm),
        "titles": priced_products(request.who.firm, on=request.today)[:MOST_SHOWN],
        "kinds": {kind.value: words for kind, words in SPECIAL_KIND_WORDS.items()},
        "refusal": refusal if refusal and not refusal.field else None,
        "revised": revised,
        "today": request.today,
        "last": request.today.fromordinal(request.today.toordinal() + LONGEST_DAYS),
        "longest": LONGEST_DAYS,
    }
    if request.method == "POST" and not typed.errors:
        context |= _effect(request, typed)
    return render(request, "desk/special_new.html", context, status=UNREADABLE if typed.errors else status)


def _effect(request: PageRequest, typed: SpecialTyped) -> dict[str, Any]:
    """Return what is being asked would do and who would decide; or why it cannot be."""
    regulation = regulation_in_force(on=request.today)
    known = discount_for(request.who.firm, typed.texts["buyer"], regulation)
    price = priced_products(request.who.firm, on=request.today).filter(pk=typed.product).first()
    chain = regulation.chains.get(SPECIAL_CHAIN)
    if known is None or price is None or chain is None:
        return {}
    line, discount = known
    try:
        new = check_special(typed.special(), discount, today=request.today)
    except Refusal as refusal:
        typed.errors[refusal.field] = refusal.text
        return {}
    effect = effect_of(new, Decimal(price.list_price), discount)  # type: ignore[attr-defined]
    asker = asks_special(request.who, line.seller_id, representatives_of(line.buyer_id, line.seller_id, request.today))
    if asker is None:
        return {"effect": effect}
    steps = planned_route(line, chain, amount=effect["given_up"], regulation=regulation, asker=asker, on=request.today)
    return {"effect": effect, "stages": planned_rows(steps), "sentence": route_sentence(steps), "chain": chain}


def _typed_of(found: Any) -> SpecialTyped:  # noqa: ANN401 - a special price
    texts = {
        "buyer": found.buyer.code, "title": found.product.code, "kind": found.kind, "customer": found.customer,
        "discount": f"{Decimal(found.discount_bp) / 100:g}", "copies": str(found.copies), "since": found.since.isoformat(),
        "until": found.until.isoformat(), "reason": found.reason,
    }  # fmt: skip
    return SpecialTyped(texts)


def _has_chain(request: PageRequest) -> bool:
    return SPECIAL_CHAIN in regulation_in_force(on=request.today).chains
