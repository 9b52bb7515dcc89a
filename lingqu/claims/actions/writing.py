"""What asking and deciding have in common: locks, lines as they are kept, what people are told. Private to the verbs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from lingqu.approvals.models import Approval
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.catalogue.models import Product
from lingqu.claims.models import PriceClaim, PriceClaimLine, PriceClaimSource
from lingqu.claims.queries import judge_lines, lines_of, terms_of
from lingqu.claims.rules import AskedLine, Judged, claim_sums, fingerprint
from lingqu.claims.states import CLAIMS, ClaimState
from lingqu.credit.models import CreditLine
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.queries import holders
from lingqu.organisation.states import PostCode
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation

SUBJECT = "price_claim"
SERIES = "JB"


def line_of(seller: int, buyer: int) -> CreditLine:
    """Lock the credit line between two firms, behind which all claims of a partner wait for each other; refuses (422) no partners."""
    must_be_atomic()
    line = CreditLine.objects.select_for_update().filter(seller_id=seller, buyer_id=buyer).first()
    if line is None:
        raise Refusal("no_partner", Text("双方没有客户关系或信用档案。", "The two firms are no partners."), status=422)
    return line


def locked_claim(claim_id: int) -> PriceClaim:
    """Lock the credit line of a claim, then the claim, and return it; refuses (404) an unknown one."""
    known = PriceClaim.objects.filter(pk=claim_id).values_list("seller_id", "buyer_id").first()
    if known is None:
        raise not_found()
    line_of(*known)
    return PriceClaim.objects.select_for_update(of=("self",)).select_related("seller", "buyer").get(pk=claim_id)


def lock_approval(claim_id: int) -> None:
    """Lock the approval that is on its way for a claim, before its credit line is locked."""
    must_be_atomic()
    list(Approval.objects.select_for_update().filter(subject_kind=SUBJECT, subject_id=claim_id, state__in=("open", "sent_back")))


def judged_for(
    seller: int, buyer: int, lines: Sequence[AskedLine], *, regulation: Regulation, at: datetime, claim: int = 0
) -> list[Judged]:  # fmt: skip
    """Return the lines as they are made good; refuses the first of which nothing is, at its field, with the title and the clause."""
    found = judge_lines(seller, buyer, lines, terms_of(regulation.parameters), on=china_day(at), claim=claim)
    bad = next((one for one in found if one.why), None)
    if bad and bad.why:
        title = Product.objects.get(pk=bad.product)
        words = Text(f"{title.code} {title.name}：{bad.why.zh}", f"{title.code} {title.name}: {bad.why.en}")
        # What was sent can be read; it is what was bought, and claimed before, that says no.
        raise Refusal("nothing_made_good", words, clause=clause_of(regulation), field=f"lines.{bad.row}.{bad.field}")
    return found


def clause_of(regulation: Regulation) -> str:
    """Return the clause by which price cuts are made good; "" in a version that does not speak of them."""
    note = regulation.notes.get("price_protection_days")
    return note.clause if note else ""


def write_lines(claim: PriceClaim, lines: Sequence[Judged], regulation: Regulation) -> None:
    """Keep what was judged as the lines of a claim, instead of those that it had, and set its sums; the caller saves it."""
    terms = terms_of(regulation.parameters)
    claim.copies, claim.amount = claim_sums(lines)
    claim.window_days, claim.share, claim.regulation = terms.window_days, terms.share, regulation.reference
    if claim.pk:
        PriceClaimSource.objects.filter(claim_line__claim=claim).delete()
        claim.lines.all().delete()
    claim.save()
    for number, one in enumerate(lines, 1):
        if one.cut is None:
            continue
        row = PriceClaimLine.objects.create(
            claim=claim, line=number, product_id=one.product, price_id=one.cut.id, old_price=one.cut.old, stock=one.stock,
            shipped=one.shipped, claimed=one.claimed, copies=one.copies, amount=one.amount,
        )  # fmt: skip
        PriceClaimSource.objects.bulk_create(
            PriceClaimSource(
                claim_line=row, order_line_id=source.order_line, copies=source.copies, drop=source.drop, discount_bp=source.discount_bp
            )
            for source in one.sources
        )


def print_of(claim: PriceClaim) -> str:
    """Return the fingerprint of what is decided."""
    return fingerprint(
        claim.pk, claim.amount,
        [
            (source.order_line_id, line.price_id, source.copies, line.amount)
            for line in lines_of(claim.pk)
            for source in sorted(line.sources.all(), key=lambda one: one.pk)
        ],
    )  # fmt: skip


def link_to(claim: PriceClaim) -> str:
    """Return the address of a claim's page."""
    return f"/price-claims/{claim.number}/"


def tell_asked(claim: PriceClaim, *, by: int, at: datetime) -> None:
    """Tell the partner's representatives that it claims."""
    day = china_day(at)
    title = Text(f"{claim.buyer.name}申请价格保护 {claim.number}", f"{claim.buyer.name} claims for price cuts: {claim.number}")
    people = set(representatives_of(claim.buyer_id, claim.seller_id, day))
    _tell(f"{SUBJECT}:{claim.pk}:asked", title, _sums(claim), claim, people - {by}, at)


def tell_moved(claim: PriceClaim, *, by: int | None, at: datetime) -> None:
    """Tell the partner and who asked how its claim went on: credited, sent back, refused."""
    day = china_day(at)
    state = ClaimState(claim.state)
    words = CLAIMS.words[state]
    title = Text(f"价格保护 {claim.number}：{words.zh}", f"Price claim {claim.number}: {words.en.lower()}")
    body = Text(claim.ended_because, claim.ended_because)
    if state is ClaimState.CREDITED:
        body = Text(f"贷记 {claim.amount:,.2f} 元，抵以后批次。", f"{claim.amount:,.2f} yuan credited, for batches to come.")
    people = {person for person, _ in holders((PostCode.OWNER.value,), claim.buyer_id, on=day)} | {claim.asked_by_id}
    _tell(f"{SUBJECT}:{claim.pk}:{state.value}:{at:%Y%m%d%H%M%S}", title, body, claim, people - {by}, at)


def _sums(claim: PriceClaim) -> Text:
    return Text(f"{claim.copies:,} 册，{claim.amount:,.2f} 元", f"{claim.copies:,} copies, {claim.amount:,.2f} yuan")


def _tell(key: str, title: Text, body: Text, claim: PriceClaim, people: Iterable[int | None], at: datetime) -> None:
    some = {person for person in people if person is not None}
    if some:
        notify(Message(key, "order", title, body, link_to(claim)), to=some, at=at)
