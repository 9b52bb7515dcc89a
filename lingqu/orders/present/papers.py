"""The papers of a request on its page: the contract to be stamped, what was handed in, what went back, and the note of the acceptance."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from django.urls import reverse

from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal
from lingqu.base.templatetags.words import clock
from lingqu.base.text import Text
from lingqu.documents.queries import AttachedFile
from lingqu.orders.access import may_submit
from lingqu.orders.present.cures import Offers
from lingqu.orders.present.decision import panel_of
from lingqu.orders.present.shapes import Panel
from lingqu.orders.queries import WholeOrder, contract_lines, mark_of, preview_of_stored
from lingqu.orders.rules import contract_number
from lingqu.orders.states import OrderState, PaperRole
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

UNANSWERED = (OrderState.HELD, OrderState.REVIEW, OrderState.REFUSED, OrderState.EXPIRED)
KILOBYTE = 1024


class FileRow(msgspec.Struct, frozen=True):
    """A file of the request: its name, where it is downloaded, and who handed it in when."""

    name: str
    url: str
    note: Text


class PapersView(msgspec.Struct, frozen=True):
    """The papers that the page shows. `waits`: the request waits for its contract; `better`: a better scan may still follow."""

    needed: bool
    waits: bool
    may_hand_in: bool
    better: bool
    for_partner: bool
    number: str
    mark: str
    contract_url: str
    acceptance_url: str
    agreement: Text | None
    stamped: tuple[FileRow, ...]
    countersigned: tuple[FileRow, ...]
    sent: str

    @property
    def any(self) -> bool:
        """Whether there is a paper to show beside the request."""
        return bool(self.needed or self.acceptance_url)


def papers_view(whole: WholeOrder, who: Acting) -> PapersView:
    """Return the papers of a request as the person sees them: people of both firms may download, few may hand in."""
    order, state = whole.order, OrderState(whole.order.state)
    may = order.needs_contract and may_submit(who, order.seller_id, order.buyer_id)
    waits, better = state is OrderState.PAPERS, state in UNANSWERED and order.received_at is not None
    return PapersView(
        needed=order.needs_contract,
        waits=waits,
        may_hand_in=may and (waits or better),
        better=better,
        for_partner=who.firm != order.buyer_id,
        number=contract_number(order.number),
        mark=mark_of(order, contract_lines(whole.lines)) if order.needs_contract else "",
        contract_url=reverse("order_contract", args=[order.number]) if order.needs_contract else "",
        acceptance_url=reverse("order_acceptance", args=[order.number]) if order.accepted_at else "",
        agreement=_agreement(whole),
        stamped=_files(whole, PaperRole.CONTRACT),
        countersigned=_files(whole, PaperRole.COUNTERSIGNED),
        sent=order.countersigned,
    )


def expected_panel(whole: WholeOrder, *, regulation: Regulation | None, on: date, at: datetime) -> Panel | None:
    """Return what a request that waits for its contract would be decided if it came now; None where that cannot be told today."""
    if regulation is None:
        return None
    try:
        found = preview_of_stored(whole.order, whole.lines, regulation=regulation, on=on)
    except Refusal:
        return None
    if found is None:
        return None
    decision, facts = encode(found.decided.decision), encode(found.facts)
    return panel_of(decision, facts, at=at, reference=regulation.reference, regulation=regulation, offers=Offers())


def _agreement(whole: WholeOrder) -> Text | None:
    """Return the agreement of the year that covers a request; None for one that needs a contract of its own."""
    partner, order = whole.partner, whole.order
    if order.needs_contract or partner is None or partner.contract_until is None:
        return None
    until = partner.contract_until
    return Text(f"年度合同 {partner.contract}，至 {until}", f"agreement of the year {partner.contract}, until {until}")


def _files(whole: WholeOrder, role: PaperRole) -> tuple[FileRow, ...]:
    number = whole.order.number
    return tuple(
        FileRow(file.name, reverse("order_file", args=[number, file.id]), _note(file)) for file in whole.files if file.role == role.value
    )


def _note(file: AttachedFile) -> Text:
    absent, at = file.on_behalf_of_name, clock(file.added_at, "start")
    size = f"{max(1, round(file.size / KILOBYTE)):,}\N{NO-BREAK SPACE}KB"
    zh = f"{file.added_by_name}（代{absent}）" if absent else file.added_by_name
    en = f"{file.added_by_name} (for {absent})" if absent else file.added_by_name
    return Text(f"{zh} · {at} · {size}", f"{en} · {at} · {size}")
