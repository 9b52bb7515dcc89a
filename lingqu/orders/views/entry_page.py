"""The page of a request being typed: what is on its way, and everything that form and fragments show of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest
from lingqu.orders.actions import Outcome
from lingqu.orders.forms import CALLED, Checked, Filled, Typed, new_key
from lingqu.orders.present import Offers, cells_of, preview_of
from lingqu.orders.queries import Buyer, Desk, Preview, desk_for, orders_for_others, preview_request, titles_at
from lingqu.orders.states import SHORTAGE_WORDS, SOURCE_WORDS, OrderState, Shortage
from lingqu.organisation.states import FirmKind
from lingqu.partners.rules import Papers, needs_stamped
from lingqu.policy.rules import Regulation

FORM_ID = "request"
SUBMIT_WORDS = {
    "passed": Text("提交申请", "Submit"),
    "waivable": Text("提交并报特批", "Submit for a waiver"),
    "refused": Text("仍要提交", "Submit anyway"),
    "": Text("提交申请", "Submit"),
}


@dataclass
class Entry:
    """One form on its way: for whom, under which regulation, what stands in it, and what is wrong."""

    buyer: Buyer
    regulation: Regulation
    typed: Typed
    checked: Checked
    errors: dict[str, Text] = field(default_factory=dict)
    filled: Filled | None = None
    refusal: Refusal | None = None


def entry_context(request: PageRequest, entry: Entry) -> dict[str, object]:
    """Return what the form and its fragments show."""
    typed = entry.typed
    desk = desk_for(entry.buyer, regulation=entry.regulation)
    titles = titles_at(desk, typed.words, on=request.today, always=typed.filled())
    found = _preview(request, entry)
    view = preview_of(found, regulation=entry.regulation, at=request.at, offers=Offers(form=FORM_ID))
    contract = _needs_contract(request, entry, desk)
    verdict = view.panel.verdict if view.panel and not contract else ""
    return {
        "desk": desk,
        "typed": typed,
        "form_id": FORM_ID,
        "key": typed.key or new_key(),
        "cells": cells_of(titles.rows, copies=typed.copies, discounts=typed.discounts, preview=found, errors=entry.errors),
        "more": titles.more,
        "errors": entry.errors,
        "refusal": entry.refusal,
        "filled": entry.filled,
        "view": view,
        "contract": contract,
        "had_files": bool(request.FILES),
        "submit": {"name": "send", "value": "1", "label": SUBMIT_WORDS[verdict]},
        "sources": [{"value": one.value, "text": SOURCE_WORDS[one], "chosen": one.value == typed.source} for one in CALLED],
        "shortages": [{"value": one.value, "text": text, "chosen": one.value == typed.shortage} for one, text in SHORTAGE_WORDS.items()],
        "for_others": orders_for_others(request.who),
    }


def _needs_contract(request: PageRequest, entry: Entry, desk: Desk) -> bool:
    """Return whether a stamped contract of its own must come with the request."""
    parameters = entry.regulation.parameters
    if desk.seller.kind != FirmKind.HQ.value and not parameters.branch_stamped_contract:
        return False
    papers = Papers(desk.partner.certified_until, desk.partner.contract_until, desk.partner.licence_until)
    return needs_stamped(papers, on=request.today, mode=parameters.contract_mode)


def _preview(request: PageRequest, entry: Entry) -> Preview | None:
    checked = entry.checked
    if not checked.wishes:
        return None
    return preview_request(
        entry.buyer.seller,
        entry.buyer.firm.pk,
        checked.wishes,
        drop_shortage=checked.shortage is Shortage.DROP,
        regulation=entry.regulation,
        on=request.today,
    )


def tell_outcome(request: PageRequest, outcome: Outcome) -> None:
    """Say on the next page what became of the submitted form."""
    number = outcome.number
    if outcome.repeated:
        text = Text(
            f"该表单已提交为本页的 {number}，没有重复提交；要再订请另建申请。",
            f"This form was submitted as {number} already, and nothing was sent twice; to order more, start a new request.",
        )
        messages.info(request, str(text))
    elif outcome.state is OrderState.PAPERS:
        text = Text(
            f"已提交 {number}：请下载合同，盖章后交回扫描件；收齐后判定、预占，并开始计算答复时限。",
            f"{number} submitted: download the contract, stamp it and hand in a scan; then it is decided and held, and the clock starts.",
        )
        messages.warning(request, str(text))
    elif outcome.state is OrderState.HELD:
        text = Text(
            f"已提交 {number}：全部通过，额度、批次和库存已预占，等待受理。",
            f"{number} submitted: all laws passed; money, batch and copies are held until it is answered.",
        )
        messages.success(request, str(text))
    elif outcome.state is OrderState.ACCEPTED:
        text = Text(
            f"已提交 {number}：全部通过，已自动受理，批次已开。",
            f"{number} submitted: all laws passed, and it was accepted at once; its batch is open.",
        )
        messages.success(request, str(text))
    elif outcome.state is OrderState.REVIEW:
        text = Text(
            f"已提交 {number}：有规则不通过，可特批；未作预占。",
            f"{number} submitted: some laws failed and may be waived; nothing is held.",
        )
        messages.warning(request, str(text))
    else:
        text = Text(
            f"已提交 {number}：判定不可特批，未作预占；怎样能通过见判定。",
            f"{number} submitted and refused; nothing is held. The decision says how it would pass.",
        )
        messages.warning(request, str(text))
