"""Ask for a special price, revise and withdraw it, let it follow its approval, and end it (M-17.1)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, withdraw_approval
from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.rules import Chain
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text, alike
from lingqu.catalogue.access import asks_special, may_end_special
from lingqu.catalogue.models import Product, SpecialPrice
from lingqu.catalogue.queries import priced_products
from lingqu.catalogue.rules import SPECIAL_CHAIN, NewSpecial, check_special, given_up
from lingqu.catalogue.states import SPECIAL_KIND_WORDS, SPECIALS, SpecialKind, SpecialState, SpecialVerb
from lingqu.documents.actions import take_numbers
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting, Asker, holders, related
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.policy.rules import Discount, Regulation

SUBJECT = "special_price"
MOST_BECAUSE = 400
_VERBS = {
    ApprovalState.OPEN: SpecialVerb.ASK_AGAIN,
    ApprovalState.SENT_BACK: SpecialVerb.SEND_BACK,
    ApprovalState.APPROVED: SpecialVerb.GRANT,
    ApprovalState.REFUSED: SpecialVerb.REFUSE,
    ApprovalState.WITHDRAWN: SpecialVerb.WITHDRAW,
}


@transaction.atomic
def ask_special_price(
    new: NewSpecial, *, seller: int, buyer: int, discount: Discount, regulation: Regulation, by: Acting, at: datetime
) -> SpecialPrice:  # fmt: skip
    """Ask that a partner pay less than the rule for a title, from a day to a day, for so many copies; return the document (M-17.1).

    `discount` is what the partner pays by the rule. The partner's representative may, and the manager. The yuan that are given up choose
    the route. Refuses values that cannot be, a title without a price, and a seller or a regulation without the procedure.
    """
    day = china_day(at)
    asker = asks_special(by, seller, related("representative_of", about=buyer, firm=seller, on=day))
    if asker is None:
        raise forbidden(
            Text("特价由该客户的区域销售员或营销主管申请。", "Special prices are asked for by the partner's representative or the manager.")
        )
    new = check_special(new, discount, today=day)
    firm = Firm.objects.get(pk=seller)
    chain = _chain(firm, regulation)
    price = _list_price(seller, new.product, day)
    (number,) = take_numbers("TJ", day.year)
    special = SpecialPrice(
        number=number, seller=firm, buyer=Firm.objects.get(pk=buyer), state=SpecialState.ASKED.value, regulation=regulation.reference,
        asked_by_id=asker.person, asked_for_id=asker.absent, asked_at=at,
    )  # fmt: skip
    _fill(special, new, given_up(price, new, discount))
    special.save(force_insert=True)
    asked = NewApproval(
        SUBJECT, special.pk, title_of(special), link_to(special), seller, content_of(special), about=buyer, amount=special.given_up,
        facts=_facts(special, price, discount, chain), reason=special.reason, asked_for=asker.absent,
    )  # fmt: skip
    special.approval = request_approval(asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at)
    special.save(update_fields=["approval"])
    _record("ask", special, {}, by.person, at, asker)
    return special


@transaction.atomic
def revise_special_price(
    special_id: int, new: NewSpecial, *, discount: Discount, regulation: Regulation, by: Acting, at: datetime
) -> SpecialPrice:  # fmt: skip
    """Change a special price that was sent back and ask again: the route begins anew. Only the asker may."""
    special = _found(special_id)
    _must_be_asker(special, by)
    SPECIALS.next(SpecialState(special.state), SpecialVerb.ASK_AGAIN)
    day = china_day(at)
    new = check_special(new, discount, today=day)
    price = _list_price(special.seller_id, new.product, day)
    before = _content(special)
    _fill(special, new, given_up(price, new, discount))
    special.save()
    again = Resubmission(
        content_of(special), title=title_of(special), amount=special.given_up,
        facts=_facts(special, price, discount, _chain(special.seller, regulation)), reason=special.reason,
    )  # fmt: skip
    resubmit_approval(_approval_of(special), again, by=by, at=at)
    special.refresh_from_db()
    _record("edit", special, before, by.person, at)
    return special


@transaction.atomic
def withdraw_special_price(special_id: int, *, reason: str, by: Acting, at: datetime) -> SpecialPrice:
    """Take back what was asked before it is decided. Only the asker may."""
    special = _found(special_id)
    _must_be_asker(special, by)
    SPECIALS.next(SpecialState(special.state), SpecialVerb.WITHDRAW)
    withdraw_approval(_approval_of(special), reason=reason, by=by, at=at)
    special.refresh_from_db()
    return special


@transaction.atomic
def end_special_price(special_id: int, *, reason: str, by: Acting, at: datetime) -> SpecialPrice:
    """End a granted special price before its last day; requests that were accepted keep it. The manager may, and those above."""
    special = SpecialPrice.objects.select_for_update(of=("self",)).select_related("buyer", "product").filter(pk=special_id).first()
    if special is None:
        raise not_found()
    if not may_end_special(by, special.seller_id):
        raise forbidden(Text("特价由营销主管、副主任或主任终止。", "Special prices are ended by the manager, the deputy or the director."))
    if not reason.strip():
        raise bad_input("reason", Text("请写明终止理由。", "Give the reason."))
    _move(special, SpecialVerb.END, because=reason, by=by.person, at=at)
    _tell(special, at=at)
    return special


def _must_be_asker(special: SpecialPrice, by: Acting) -> None:
    if by.person not in (special.asked_by_id, special.asked_for_id):
        raise forbidden(Text("只有申请人可以修改或撤回。", "Only the one who asked may change it or take it back."))


def on_special_moved(event: ApprovalMoved) -> None:
    """Let a special price follow its approval: granted, it is in force from its first day.

    Refuses, so that the approval stays open, one whose last day has passed. Events of other documents are none of its business.
    """
    must_be_atomic()
    if event.subject_kind != SUBJECT:
        return
    special = SpecialPrice.objects.select_related("buyer", "product").get(pk=event.subject_id)
    verb = _VERBS[event.state]
    if verb is SpecialVerb.GRANT:
        if special.until < china_day(event.at):
            raise Refusal("too_late", Text("特价的最后一天已过，请退回申请人修改。", "Its last day has passed; send it back."))
        if Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval) != content_of(special):
            raise Refusal("content_changed", Text("申请内容与送审时不同。", "It is not what was sent for approval."))
    _move(special, verb, because="" if verb is SpecialVerb.GRANT else event.reason, by=event.by, at=event.at)
    if verb is SpecialVerb.GRANT:
        _tell(special, at=event.at)


def title_of(special: SpecialPrice) -> Text:
    """Return the title under which it is decided."""
    percent = f"{Decimal(special.discount_bp) / 100:g}%"
    return Text(
        f"{special.buyer.name}：{special.product.code} 特价 {percent}，{special.copies} 册",
        f"{special.buyer.name}: {special.product.code} at {percent}, {special.copies} copies",
    )


def link_to(special: SpecialPrice) -> str:
    """Return the address of its page."""
    return f"/special-prices/{special.number}/"


def content_of(special: SpecialPrice) -> str:
    """Return the fingerprint of what is decided."""
    return hashlib.sha256(f"{special.pk}|{sorted(_content(special).items())}".encode()).hexdigest()


def _facts(special: SpecialPrice, price: Decimal, discount: Discount, chain: Chain) -> tuple[tuple[Text, Text], ...]:
    rule, floor, asked = (f"{Decimal(bp) / 100:g}%" for bp in (discount.rule_bp, discount.floor_bp, special.discount_bp))
    kind = SPECIAL_KIND_WORDS[SpecialKind(special.kind)]
    named = f"：{special.customer}" if special.customer else ""
    return (
        (Text("品种", "Title"), alike(f"{special.product.code} {special.product.name}")),
        (Text("特价", "Special price"), Text(f"{asked}（规则 {rule}，底线 {floor}）", f"{asked} (rule {rule}, floor {floor})")),
        (Text("册数", "Copies"), alike(f"{special.copies:,}")),
        (Text("期限", "Days"), Text(f"{special.since} 至 {special.until}", f"{special.since} to {special.until}")),
        (Text("让利", "Given up"), Text(f"{special.given_up:,.2f} 元", f"{special.given_up:,.2f} yuan")),
        (Text("用于", "For"), Text(f"{kind.zh}{named}", f"{kind.en}{named.replace('：', ': ')}")),
        (Text("定价", "List price"), Text(f"{price:,.2f} 元", f"{price:,.2f} yuan")),
        (Text("客户", "Partner"), alike(special.buyer.name)),
        (Text("条款", "Clause"), alike(chain.clause)),
    )


def _tell(special: SpecialPrice, *, at: datetime) -> None:
    day = china_day(at)
    percent = f"{Decimal(special.discount_bp) / 100:g}%"
    ended = special.state == SpecialState.ENDED.value
    title = Text(
        f"特价{'已终止' if ended else '已批准'}：{special.product.code} {percent}",
        f"Special price {'ended' if ended else 'granted'}: {special.product.code} at {percent}",
    )
    body = Text(
        f"{special.since} 至 {special.until}，至多 {special.copies} 册",
        f"{special.since} to {special.until}, {special.copies} copies at most",
    )
    owners = [person for person, _ in holders((PostCode.OWNER.value,), special.buyer_id, on=day)]
    people = {*owners, *related("representative_of", about=special.buyer_id, firm=special.seller_id, on=day)}
    notify(Message(f"special:{special.pk}:{special.state}", "order", title, body, link_to(special)), to=people, at=at)


def _fill(special: SpecialPrice, new: NewSpecial, yuan: Decimal) -> None:
    special.product = Product.objects.get(pk=new.product)
    special.kind, special.customer, special.discount_bp = new.kind.value, new.customer, new.discount_bp
    special.copies, special.since, special.until, special.reason = new.copies, new.since, new.until, new.reason
    special.given_up = yuan


def _content(special: SpecialPrice) -> dict[str, object]:
    return {
        "product": special.product_id, "kind": special.kind, "customer": special.customer, "discount_bp": special.discount_bp,
        "copies": special.copies, "since": str(special.since), "until": str(special.until), "given_up": str(special.given_up),
    }  # fmt: skip


def _move(special: SpecialPrice, verb: SpecialVerb, *, because: str, by: int | None, at: datetime) -> None:
    before = special.state
    special.state = SPECIALS.next(SpecialState(before), verb).value
    if verb is SpecialVerb.GRANT:
        special.granted_at = at
    if verb in (SpecialVerb.REFUSE, SpecialVerb.WITHDRAW, SpecialVerb.END):
        special.ended_at, special.ended_because = at, because.strip()[:MOST_BECAUSE]
    special.save(update_fields=["state", "granted_at", "ended_at", "ended_because"])
    after = {"state": special.state, "because": because.strip()[:MOST_BECAUSE]}
    record([Deed(verb.value, SUBJECT, special.pk, after, {"state": before}, special.regulation)], by=by, at=at)


def _chain(seller: Firm, regulation: Regulation) -> Chain:
    chain = regulation.chains.get(SPECIAL_CHAIN)
    if chain is None or seller.kind != FirmKind.HQ.value:
        raise Refusal("no_procedure", Text("这里没有特价的审批流程。", "There is no procedure for special prices here."), status=422)
    return chain


def _list_price(seller: int, product: int, on: date) -> Decimal:
    found = priced_products(seller, on=on).filter(pk=product).first()
    if found is None:
        raise bad_input("product", Text("没有这个品种，或当日没有定价。", "There is no such title, or it has no list price on the day."))
    return Decimal(found.list_price)  # type: ignore[attr-defined]


def _found(special_id: int) -> SpecialPrice:
    special = SpecialPrice.objects.select_related("buyer", "seller", "product").filter(pk=special_id).first()
    if special is None:
        raise not_found()
    return special


def _approval_of(special: SpecialPrice) -> int:
    if special.approval_id is None:
        raise not_found()
    return special.approval_id


def _record(
    verb: str, special: SpecialPrice, before: dict[str, object], by: int, at: datetime, asker: Asker | None = None
) -> None:  # fmt: skip
    absent = asker.absent if asker else special.asked_for_id
    record([Deed(verb, SUBJECT, special.pk, _content(special), before, special.regulation, absent)], by=by, at=at)
