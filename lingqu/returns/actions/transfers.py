"""Ask that goods go from one partner to another, and let the procedure decide on it (M-16.3.3.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.db import transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, void_approvals
from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.rules import Chain
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.money import half_up, total
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.models import CreditLine
from lingqu.documents.actions import take_numbers
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation
from lingqu.returns.access import TRANSFERRING_POSTS, asks_transfer
from lingqu.returns.actions.told import link_to_transfer, tell_transfer
from lingqu.returns.models import Transfer, TransferLine, TransferSource
from lingqu.returns.queries import parcels_for, with_relief
from lingqu.returns.rules import TRANSFER_CHAIN, NewTransfer, Taken, assign, check_because, check_transfer
from lingqu.returns.states import TRANSFERS, TransferState, TransferVerb

SUBJECT = "transfer"
SERIES = "DH"
TAKEN_BACK = Text("调货申请已撤回", "the transfer was taken back")
_AGREED = {TransferState.AGREED.value, TransferState.ORDERED.value}
_VERBS = {
    ApprovalState.OPEN: TransferVerb.SEND_UP,
    ApprovalState.SENT_BACK: TransferVerb.SEND_BACK,
    ApprovalState.APPROVED: TransferVerb.AGREE,
    ApprovalState.REFUSED: TransferVerb.REFUSE,
    ApprovalState.WITHDRAWN: TransferVerb.WITHDRAW,
}


@transaction.atomic
def propose_transfer(new: NewTransfer, *, regulation: Regulation, by: Acting, at: datetime) -> Transfer:
    """Ask that goods that a partner has go to another, and return the document (series DH); the same key is the same transfer.

    They must have been shipped to the giver and not have come back: the last shipped are named first, and are the transfer's until it
    ends. A representative of either partner may ask, and the manager; the giver's net chooses the route. Refuses what `check_transfer`
    does, firms that are not both partners of the seller, more copies than the giver has by the records, and a seller without procedure.
    """
    check_transfer(new)
    _lock_line(new.seller, new.giver)
    day = china_day(at)
    represented = {*representatives_of(new.giver, new.seller, day), *representatives_of(new.taker, new.seller, day)}
    asker = asks_transfer(by, new.seller, represented)
    if asker is None:
        raise forbidden(
            Text("调货由一方的区域销售员或营销主管提出。", "Transfers are asked for by a partner's representative or the manager.")
        )
    known = Transfer.objects.filter(seller_id=new.seller, key=new.key).first()
    if known:
        return known
    seller = Firm.objects.get(pk=new.seller)
    chain = _chain(seller, regulation)
    if not CreditLine.objects.filter(seller_id=new.seller, buyer_id=new.taker).exists():
        raise bad_input("taker", Text("调入方不是我方客户。", "The taker is no partner of ours."))
    found = _sources(new)
    taken = [one for some in found.values() for one in some]
    (number,) = take_numbers(SERIES, day.year)
    transfer = Transfer.objects.create(
        number=number, key=new.key, seller=seller, giver_id=new.giver, taker_id=new.taker, reason=check_because(new.reason),
        state=TransferState.DECIDING.value, copies=sum(new.copies.values()),
        list_value=total(half_up(one.list_price * one.copies) for one in taken), net=total(one.net - one.relief for one in taken),
        regulation=regulation.reference, asked_by_id=by.person, asked_for_id=asker.absent, asked_at=at,
    )  # fmt: skip
    _write(transfer, new.copies, found)
    asked = NewApproval(
        SUBJECT, transfer.pk, title_of(transfer), link_to_transfer(transfer), new.seller, content_of(transfer), about=new.giver,
        amount=transfer.net, facts=_facts(transfer, chain), reason=transfer.reason, asked_for=asker.absent,
    )  # fmt: skip
    transfer.approval = request_approval(
        asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at
    )  # fmt: skip
    transfer.save(update_fields=["approval"])
    after = {"number": number, "copies": transfer.copies, "net": str(transfer.net), "giver": new.giver, "taker": new.taker}
    record([Deed("ask", SUBJECT, transfer.pk, after, {}, regulation.reference, asker.absent)], by=by.person, at=at)
    return transfer


@transaction.atomic
def send_transfer_again(transfer_id: int, *, reason: str, regulation: Regulation, by: Acting, at: datetime) -> Transfer:
    """Submit a transfer again that was sent back, with another reason, and return it. Only the asker may."""
    known = Transfer.objects.filter(pk=transfer_id).values_list("approval_id", flat=True).first()
    if known is None:
        raise not_found()
    Approval.objects.select_for_update().get(pk=known)
    transfer = locked_transfer(transfer_id)
    if by.person not in (transfer.asked_by_id, transfer.asked_for_id):
        raise forbidden(Text("只有申请人可以修改。", "Only the one who asked may change it."))
    TRANSFERS.next(TransferState(transfer.state), TransferVerb.SEND_UP)
    transfer.reason = check_because(reason)
    transfer.save(update_fields=["reason"])
    chain = _chain(transfer.seller, regulation)
    again = Resubmission(content_of(transfer), amount=transfer.net, facts=_facts(transfer, chain), reason=transfer.reason)
    resubmit_approval(known, again, by=by, at=at)
    transfer.refresh_from_db()
    return transfer


@transaction.atomic
def withdraw_transfer(transfer_id: int, *, reason: str, by: Acting, at: datetime) -> Transfer:
    """Take a transfer back before its goods moved, with a reason, and return it; who asked may, and the manager.

    A purchase request that was made of it stays what it is: it is taken back or cancelled on its own page.
    """
    list(Approval.objects.select_for_update().filter(subject_kind=SUBJECT, subject_id=transfer_id, state__in=("open", "sent_back")))
    transfer = locked_transfer(transfer_id)
    if by.person not in (transfer.asked_by_id, transfer.asked_for_id) and not by.holds_any(TRANSFERRING_POSTS, transfer.seller_id):
        raise forbidden(Text("只有申请人或营销主管可以撤回。", "Only who asked, or the manager, may take it back."))
    why = check_because(reason)
    move(transfer, TransferVerb.WITHDRAW, because=why, by=by.person, at=at)
    void_approvals(SUBJECT, transfer.pk, reason=TAKEN_BACK, by=by.person, at=at)
    return transfer


def on_transfer_moved(event: ApprovalMoved) -> None:
    """Let a transfer follow its approval. Events of other documents are none of its business."""
    must_be_atomic()
    if event.subject_kind != SUBJECT:
        return
    transfer = locked_transfer(event.subject_id)
    verb = _VERBS[event.state]
    asked = Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval)
    if verb is TransferVerb.AGREE and asked != content_of(transfer):
        raise Refusal("content_changed", Text("申请内容与送审时不同。", "It is not what was sent for approval."))
    move(transfer, verb, because="" if verb is TransferVerb.AGREE else event.reason, by=event.by, at=event.at)


def locked_transfer(transfer_id: int) -> Transfer:
    """Lock the giver's credit line, then the transfer, and return it; refuses (404) an unknown one."""
    must_be_atomic()
    known = Transfer.objects.filter(pk=transfer_id).values_list("seller_id", "giver_id").first()
    if known is None:
        raise not_found()
    _lock_line(*known)
    return Transfer.objects.select_for_update(of=("self",)).select_related("seller", "giver", "taker").get(pk=transfer_id)


def move(transfer: Transfer, verb: TransferVerb, *, because: str, by: int | None, at: datetime) -> None:
    """Bring a transfer into its next state, record it, and tell people unless it was only submitted again."""
    must_be_atomic()
    before = transfer.state
    transfer.state = TRANSFERS.next(TransferState(before), verb).value
    if verb in (TransferVerb.REFUSE, TransferVerb.WITHDRAW):
        transfer.ended_at = at
    transfer.ended_because = because[:400]
    transfer.save()
    after = {"state": transfer.state, "because": transfer.ended_because}
    record([Deed(verb.value, SUBJECT, transfer.pk, after, {"state": before}, transfer.regulation)], by=by, at=at)
    if verb is not TransferVerb.SEND_UP:
        tell_transfer(transfer, agreed=bool({before, transfer.state} & _AGREED), by=by, at=at)


def title_of(transfer: Transfer) -> Text:
    """Return the title under which it is decided."""
    return Text(
        f"调货：{transfer.giver.name} → {transfer.taker.name}，{transfer.copies:,} 册",
        f"Transfer: {transfer.giver.name} → {transfer.taker.name}, {transfer.copies:,} copies",
    )


def content_of(transfer: Transfer) -> str:
    """Return the fingerprint of what is decided: who, whom, which copies and from which requests."""
    lines = [
        (line.line, line.product_id, line.copies, [(one.order_line_id, one.copies) for one in line.sources.all()])
        for line in transfer.lines.prefetch_related("sources").order_by("line")
    ]
    text = msgspec.json.encode([transfer.pk, transfer.giver_id, transfer.taker_id, str(transfer.net), lines])
    return hashlib.sha256(text).hexdigest()


def _sources(new: NewTransfer) -> dict[int, list[Taken]]:
    """Return where the copies of each title are from; refuses at its line more than the giver has by the records."""
    parcels = parcels_for(new.seller, new.giver, set(new.copies))
    asked = [(number, product, copies) for number, (product, copies) in enumerate(new.copies.items(), 1)]
    found = with_relief(parcels, assign(parcels, asked))
    for number, _, copies in asked:
        _, extra = found[number]
        if extra:
            raise bad_input(
                f"lines.{number}.copies",
                Text(
                    f"调出方按发货记录只有 {copies - extra} 册可调。",
                    f"By the records the giver has {copies - extra} copies that can be transferred.",
                ),
            )
    return {number: taken for number, (taken, _) in found.items()}


def _write(transfer: Transfer, copies: Mapping[int, int], found: Mapping[int, list[Taken]]) -> None:
    rows = TransferLine.objects.bulk_create(
        TransferLine(transfer=transfer, line=number, product_id=product, copies=many)
        for number, (product, many) in enumerate(copies.items(), 1)
    )
    TransferSource.objects.bulk_create(
        TransferSource(
            transfer_line=row,
            place=place,
            order_line_id=one.order_line,
            copies=one.copies,
            net=one.net,
            relief=one.relief,
            relief_by=one.relief_by,
        )
        for row in rows
        for place, one in enumerate(found[row.line], 1)
    )


def _facts(transfer: Transfer, chain: Chain) -> tuple[tuple[Text, Text], ...]:
    return (
        (Text("调出方", "From"), Text(transfer.giver.name, transfer.giver.name)),
        (Text("调入方", "To"), Text(transfer.taker.name, transfer.taker.name)),
        (Text("册数", "Copies"), Text(f"{transfer.copies:,}", f"{transfer.copies:,}")),
        (Text("码洋", "List value"), Text(f"{transfer.list_value:,.2f} 元", f"{transfer.list_value:,.2f} yuan")),
        (Text("调出方冲减", "Credited to the giver"), Text(f"{transfer.net:,.2f} 元", f"{transfer.net:,.2f} yuan")),
        (Text("条款", "Clause"), Text(chain.clause, chain.clause)),
    )


def _chain(seller: Firm, regulation: Regulation) -> Chain:
    chain = regulation.chains.get(TRANSFER_CHAIN)
    if chain is None or seller.kind != FirmKind.HQ.value:
        raise Refusal("no_procedure", Text("这里没有调货的审批流程。", "There is no procedure for transfers here."), status=422)
    return chain


def _lock_line(seller: int, buyer: int) -> None:
    if not CreditLine.objects.select_for_update().filter(seller_id=seller, buyer_id=buyer).exists():
        raise Refusal("no_partner", Text("双方没有客户关系或信用档案。", "The two firms are no partners."), status=422)
