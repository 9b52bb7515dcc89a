"""What this module declares: the document type price protection claim, that it hears how its approvals move, and its operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.present import approval_panel
from lingqu.base.access import Way
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.claims.access import CLAIMING_POSTS, CLAIMING_WAYS, WITHDRAWING_WAYS, claims_at_all, is_asker, may_withdraw
from lingqu.claims.actions import ask_claim, on_claim_moved, on_goods_came_back, revise_claim, withdraw_claim
from lingqu.claims.api import ROUTERS
from lingqu.claims.forms import ClaimForm, ReasonForm, ReviseForm, StockForm, rows_of_list
from lingqu.claims.models import PriceClaim
from lingqu.claims.present import credit_words, preview_of, price_words, terms_panel
from lingqu.claims.queries import buyer_asked, fallen_titles, judge_lines, lines_of, terms_of
from lingqu.claims.rules import MOST_FILES, MOST_LINES, AskedLine, NewClaim
from lingqu.claims.states import CLAIMS, ClaimVerb
from lingqu.documents.registry import DocumentType, Lines, Look, Looking, Making, Menu, Panel, Sent, Shown, Typing, Verb
from lingqu.orders.events import GoodsCameBack
from lingqu.orders.queries import title_index
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode
from lingqu.policy.queries import regulation_in_force


def _lines(sent: Sent, seller: int) -> tuple[AskedLine, ...]:
    """Return the lines as the action takes them; refuses, at its row, a title that is not the publisher's."""
    index = title_index(seller, on=sent.on)
    lines = []
    for row, typed in enumerate(sent.rows, 1):
        words = typed["title"]
        named = index.named(words)
        title = index.numbered(words) or (named[0] if len(named) == 1 else None)
        if title is None:
            told = Text(f"没有品种“{words[:40]}”。请填编号或书号。", f"There is no title “{words[:40]}”. Type its number or ISBN.")
            raise bad_input(f"lines.{row}.title", told)
        lines.append(AskedLine(title.product, typed["copies"], typed["cut_on"], row))
    return tuple(lines)


def _new(sent: Sent) -> NewClaim:
    seller, buyer = buyer_asked(sent.who, int(sent.data["partner"]))
    return NewClaim(sent.key, seller, buyer, _lines(sent, seller), sent.data["note"])


def _ask(sent: Sent) -> PriceClaim:
    return ask_claim(_new(sent), sent.files, regulation=regulation_in_force(on=sent.on), by=sent.who, at=sent.at)


def _preview(start: object, sent: Sent) -> tuple[str, Mapping[str, Any]]:
    """Return what would be credited; of a claim that was sent back, `start`, its own copies are free."""
    regulation = regulation_in_force(on=sent.on)
    claim = start if isinstance(start, PriceClaim) else None
    seller, buyer = (claim.seller_id, claim.buyer_id) if claim else buyer_asked(sent.who, int(sent.data["partner"]))
    own = claim.pk if claim else 0
    lines = judge_lines(seller, buyer, _lines(sent, seller), terms_of(regulation.parameters), on=sent.on, claim=own)
    return preview_of(lines, regulation)


def _revise(claim: PriceClaim, sent: Sent) -> None:
    lines, regulation = _lines(sent, claim.seller_id), regulation_in_force(on=sent.on)
    revise_claim(claim.pk, lines, sent.data["note"], sent.files, regulation=regulation, by=sent.who, at=sent.at)


def _withdraw(claim: PriceClaim, sent: Sent) -> None:
    withdraw_claim(claim.pk, reason=sent.data["reason"], by=sent.who, at=sent.at)


def _typed_lines(claim: PriceClaim) -> Sequence[Mapping[str, Any]]:
    return [{"title": line.product.code, "copies": line.stock, "cut_on": line.price.since} for line in lines_of(claim.pk)]


def _asker(who: Acting, claim: PriceClaim, on: date) -> bool:  # noqa: ARG001 - the registry hands the day too
    return is_asker(who, claim.asked_by_id, claim.asked_for_id)


def _route_seen(claim: PriceClaim, looking: Looking) -> bool:
    """Return whether the person is told who decides: the seller's people."""
    return looking.who.firm == claim.seller_id


def _begin(given: Mapping[str, str]) -> Mapping[str, Any]:
    return {"partner": given["partner"]} if given.get("partner") else {}


def _offered(given: Mapping[str, str], looking: Looking) -> Sequence[Mapping[str, Any]]:
    """Return the titles for which the partner of the address, or the person's own firm, may claim today; their copies are left to say."""
    try:
        seller, buyer = buyer_asked(looking.who, read_id(given.get("partner", "")))
    except Refusal:
        return ()
    fallen = fallen_titles(seller, buyer, terms_of(regulation_in_force(on=looking.on).parameters), on=looking.on)
    return [{"title": one.code, "cut_on": one.cut_on.isoformat()} for one in fallen]


ASKING = Typing(
    ClaimForm, rows=StockForm, most_rows=MOST_LINES, files=MOST_FILES, first=_begin, offered=_offered, read=rows_of_list,
    preview=_preview,
    told=Text(
        "降了价、可以申请的品种会自动列出：填写全部现有库存，没有库存的留空；试算后提交",
        "What may be claimed for is listed by itself: fill in all copies in stock, leave empty what there is none of; preview, then submit",
    ),
)  # fmt: skip
REVISING = replace(ASKING, form=ReviseForm, first=lambda claim: {"note": claim.note}, first_rows=_typed_lines, offered=None)

PRICE_CLAIM = DocumentType(
    key="price_claim", title=Text("价格保护申请", "Price claim"), plural=Text("价格保护", "Price claims"), slug="price-claims", series="JB",
    model=PriceClaim, states=CLAIMS,
    tones={"asked": "waiting", "sent_back": "waivable", "credited": "done", "refused": "refused", "withdrawn": "closed"},
    told=Text("定价下调后，对仍有库存的册数补差", "When a list price falls, copies still in stock are made good"),
    empty=Text("定价下调后，客户可以就库存申请补差。", "After a price cut a partner may claim for what it has in stock."),
    columns=(
        Shown("copies", Text("补差册数", "Copies"), "copies", Look.COPIES),
        Shown("amount", Text("补差金额", "Amount"), "amount", Look.MONEY, summed=True),
        Shown("credit", Text("贷项", "Credit"), credit_words, Look.CODE),
    ),
    facts=(
        Shown("buyer", Text("客户", "Partner"), "buyer.name", Look.NAME),
        Shown("seller", Text("供货方", "Seller"), "seller.name", Look.NAME),
        Shown("copies", Text("补差册数", "Copies"), "copies", Look.COPIES),
        Shown("amount", Text("补差金额", "Amount"), "amount", Look.MONEY),
        Shown("asked_by", Text("申请人", "Asked by"), "asked_by.name", Look.NAME),
        Shown("asked_at", Text("申请时间", "Asked"), "asked_at", Look.MOMENT),
        Shown("note", Text("说明", "Remark"), "note"),
        Shown("credit", Text("贷项", "Credit"), credit_words, Look.CODE),
        Shown("credited_at", Text("入账时间", "Credited"), "credited_at", Look.MOMENT),
        Shown("ended_because", Text("答复", "Answer"), "ended_because"),
    ),
    lines=Lines(
        Text("品种", "Titles"), lambda claim: lines_of(claim.pk),
        (
            Shown("code", Text("编号", "Number"), "product.code", Look.CODE),
            Shown("name", Text("名称", "Title"), "product.name", Look.NAME),
            Shown("cut_on", Text("降价日", "Price fell"), "price.since", Look.DAY),
            Shown("prices", Text("定价", "List price"), price_words),
            Shown("stock", Text("申报库存", "In stock"), "stock", Look.COPIES),
            Shown("shipped", Text("期内发货", "Shipped in time"), "shipped", Look.COPIES),
            Shown("claimed", Text("已申请过", "Claimed before"), "claimed", Look.COPIES),
            Shown("copies", Text("补差册数", "Copies"), "copies", Look.COPIES, summed=True),
            Shown("amount", Text("补差金额", "Amount"), "amount", Look.MONEY, summed=True),
        ),
    ),
    panels=(Panel("claims/terms.html", terms_panel, aside=False), approval_panel(lambda claim: claim.approval, _route_seen)),
    making=Making(
        words=Text("申请价格保护", "Claim for a price cut"), ways=CLAIMING_WAYS, may=lambda who, on: claims_at_all(who),  # noqa: ARG005 - the day says nothing here
        typing=ASKING, do=_ask,
    ),
    verbs=(
        Verb(
            verb=ClaimVerb.REVISE, ways=(Way(relation="asker"),), may=_asker, do=_revise, typing=REVISING, icon="pencil", strong=True,
        ),
        Verb(
            verb=ClaimVerb.WITHDRAW, ways=WITHDRAWING_WAYS, may=lambda who, claim, on: may_withdraw(who, claim.buyer_id, claim.asked_by_id),  # noqa: ARG005 - nor here
            do=_withdraw, typing=Typing(ReasonForm), icon="arrow-back-up",
        ),
    ),
    about="buyer", related=("seller", "approval", "credit"), menu=Menu("shield-check", posts=(*CLAIMING_POSTS, PostCode.FINANCE)),
    carries=("record:price_claims", "procedure:price_claim"),
)  # fmt: skip

DOCUMENT_TYPES = (PRICE_CLAIM,)
SUBSCRIBERS = {ApprovalMoved: (on_claim_moved,), GoodsCameBack: (on_goods_came_back,)}
__all__ = ["DOCUMENT_TYPES", "PRICE_CLAIM", "ROUTERS", "SUBSCRIBERS"]
