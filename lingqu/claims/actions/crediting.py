"""A claim follows its approval; agreed to, it is credited once, as money that waits for batches (M-17.1)."""

from __future__ import annotations

from datetime import datetime

from lingqu.approvals.actions import Follows, follow
from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.states import ApprovalState
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text, alike, in_one_line
from lingqu.claims.actions.writing import SUBJECT, line_of, locked_claim, print_of, tell_moved
from lingqu.claims.models import PriceClaim, PriceClaimLine
from lingqu.claims.queries import bought_by, lines_of
from lingqu.claims.rules import Cut, in_window
from lingqu.claims.states import CLAIMS, ClaimVerb
from lingqu.credit.actions import credit_without_batch
from lingqu.credit.states import CreditCause
from lingqu.documents.queries import attachments_of
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting, acting
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

Facts = tuple[tuple[Text, Text], ...]
MOST_TOLD = 12


def title_of(claim: PriceClaim) -> Text:
    """Return the title under which it is decided."""
    name = claim.buyer.name
    return Text(
        f"{name} 价格保护 {claim.copies:,} 册，{claim.amount:,.2f} 元",
        f"{name}: price protection, {claim.copies:,} copies, {claim.amount:,.2f} yuan",
    )


def route_facts(claim: PriceClaim, clause: str) -> Facts:
    """Return what signers need to see: the sums, the window, and each title with its cut, 12 at most."""
    lines, files = lines_of(claim.pk), len(attachments_of(SUBJECT, [claim.pk])[claim.pk])
    shown = tuple((alike(line.product.code), _line_words(line)) for line in lines[:MOST_TOLD])
    more = len(lines) - len(shown)
    return (
        (Text("客户", "Partner"), alike(claim.buyer.name)),
        (Text("补差", "To be credited"), Text(f"{claim.amount:,.2f} 元", f"{claim.amount:,.2f} yuan")),
        (Text("册数", "Copies"), alike(f"{claim.copies:,}")),
        (Text("发货范围", "Shipped within"), Text(f"降价前 {claim.window_days} 天", f"{claim.window_days} days before the cut")),
        (Text("库存证明", "Evidence of the stock"), Text(f"{files} 个文件", f"{files} files") if files else Text("没有附件", "no file")),
        *shown,
        *(((Text("其他品种", "More titles"), alike(str(more))),) if more else ()),
        (Text("条款", "Clause"), alike(clause)),
    )


def credit_claim(claim: PriceClaim, *, regulation: Regulation, by: Acting, at: datetime) -> None:
    """Credit a claim to the partner's line as money that waits, and note the credit on it; the caller saves it. Posts, so it is last."""
    line = line_of(claim.seller_id, claim.buyer_id)
    words = in_one_line(Text(f"价格保护 {claim.number}", f"Price protection {claim.number}"))
    claim.credit = credit_without_batch(
        line.pk, claim.amount, cause=CreditCause.PRICE_CUT, reason=words, regulation=regulation, by=by, at=at
    )  # fmt: skip
    claim.credited_at = at


def must_still_be_there(claim: PriceClaim) -> None:
    """Refuse a claim of which copies came back to the seller meanwhile: they are no stock of the partner any more."""
    lines = lines_of(claim.pk)
    known = bought_by(claim.seller_id, claim.buyer_id, [line.product_id for line in lines], claim=claim.pk)
    there = {one.order_line: one for some in known.values() for one in some}
    for line in lines:
        cut = Cut(line.price_id, line.price.since, line.old_price, line.price.amount)
        for source in line.sources.all():
            bought = there.get(source.order_line_id)
            left = in_window(bought, cut, claim.window_days) - bought.claimed.get(cut.id, 0) if bought else 0
            if left < source.copies:
                code = line.product.code
                raise Refusal(
                    "came_back",
                    Text(
                        f"{code}：申请后有册数退回，可补 {max(left, 0):,} 册，申请 {source.copies:,} 册。请退回申请人修改。",
                        f"{code}: copies came back since; {max(left, 0):,} of {source.copies:,} are left. Send it back to be changed.",
                    ),
                )


def _then(claim: PriceClaim, event: ApprovalMoved) -> None:
    if event.state is not ApprovalState.APPROVED:
        return
    must_still_be_there(claim)
    day = china_day(event.at)
    by = acting(Person.objects.select_related("firm").get(pk=event.by or 0), on=day)
    credit_claim(claim, regulation=regulation_in_force(on=day), by=by, at=event.at)


def _told(claim: PriceClaim, event: ApprovalMoved) -> None:
    if event.state in (ApprovalState.APPROVED, ApprovalState.SENT_BACK, ApprovalState.REFUSED):
        tell_moved(claim, by=event.by, at=event.at)


FOLLOWS = Follows(
    subject=SUBJECT,
    states=CLAIMS,
    verbs={
        ApprovalState.OPEN: ClaimVerb.REVISE,
        ApprovalState.SENT_BACK: ClaimVerb.SEND_BACK,
        ApprovalState.APPROVED: ClaimVerb.CREDIT,
        ApprovalState.REFUSED: ClaimVerb.REFUSE,
        ApprovalState.WITHDRAWN: ClaimVerb.WITHDRAW,
        ApprovalState.VOID: ClaimVerb.WITHDRAW,
    },
    lock=locked_claim,
    fingerprint=print_of,
    then=_then,
    told=_told,
)


def on_claim_moved(event: ApprovalMoved) -> None:
    """Let a claim follow its approval; agreed to, it is credited in the same transaction."""
    must_be_atomic()
    follow(event, FOLLOWS)


def _line_words(line: PriceClaimLine) -> Text:
    prices, day = f"{line.old_price:.2f} → {line.price.amount:.2f}", line.price.since
    return Text(
        f"{day} 起 {prices}；库存 {line.stock:,}，补 {line.copies:,} 册，{line.amount:,.2f} 元",
        f"{prices} from {day}; {line.copies:,} of {line.stock:,} copies, {line.amount:,.2f} yuan",
    )
