"""Special prices for pages: whose, how many copies are used, and what a partner pays by the rule."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from lingqu.base.refusal import not_found
from lingqu.catalogue.access import MODELS
from lingqu.catalogue.models import Product, SpecialPrice
from lingqu.catalogue.states import SpecialState
from lingqu.credit.models import CreditLine
from lingqu.credit.rules import discount_for as paid_by
from lingqu.orders.models import OrderLine
from lingqu.organisation.queries import Acting, rows_seen
from lingqu.policy.rules import Discount, Regulation

MOST_SHOWN = 100
MOST_PARTNERS = 500
USING = ("held", "accepted", "part_shipped", "shipped")


def with_used() -> QuerySet[SpecialPrice]:
    """Return special prices, the newest first, each with the copies that requests have `used`."""
    used = OrderLine.objects.filter(special=OuterRef("pk"), order__state__in=USING).order_by()
    sums = Subquery(used.values("special").annotate(sum=Sum("copies")).values("sum"))
    found = SpecialPrice.objects.select_related("seller", "buyer", "product", "asked_by", "asked_for", "approval")
    return found.annotate(used=Coalesce(sums, 0)).order_by("-id")


def _seen(who: Acting) -> QuerySet[SpecialPrice]:
    """Return the special prices that a person sees: those of their firm as seller, granted ones as buyer."""
    return with_used().filter(rows_seen(MODELS["SpecialPrice"], who))


def special_prices(who: Acting, *, state: str = "", words: str = "", most: int = MOST_SHOWN) -> list[SpecialPrice]:
    """Return the newest special prices that the person sees, at most `most`: in a state, and of a partner or title that holds the words."""
    found = _seen(who)
    if state in SpecialState._value2member_map_:
        found = found.filter(state=state)
    words = words.replace("\x00", "").strip()[:40]
    if words:
        named = found.filter(buyer__name__icontains=words) | found.filter(product__code__icontains=words)
        found = named | found.filter(product__name__icontains=words) | found.filter(number__icontains=words)
    return list(found[:most])


def special_by_number(number: str, *, by: Acting) -> SpecialPrice:
    """Return a special price by its number; refuses (404) what does not exist or is not the person's to see."""
    found = None if "\x00" in number else _seen(by).filter(number=number).first()
    if found is None:
        raise not_found()
    return found


def uses_of(special: int) -> list[OrderLine]:
    """Return the newest lines of requests that used it, at most 100."""
    found = OrderLine.objects.filter(special_id=special, order__state__in=USING).select_related("order")
    return list(found.order_by("-id")[:MOST_SHOWN])


def lines_to_choose(seller: int) -> list[CreditLine]:
    """Return the partners for whom a special price can be asked, by name, at most 500."""
    return list(CreditLine.objects.filter(seller_id=seller).select_related("buyer").order_by("buyer__pinyin", "id")[:MOST_PARTNERS])


def discount_for(seller: int, buyer_code: str, regulation: Regulation) -> tuple[CreditLine, Discount] | None:
    """Return the partner's line with what it pays by the rule today; None for no partner, or one that the table has no row for."""
    line = None
    if "\x00" not in buyer_code:
        line = CreditLine.objects.filter(seller_id=seller, buyer__code=buyer_code).select_related("buyer").first()
    discount = paid_by(regulation, line.buyer.kind, line.grade, line.own_discount_bp) if line else None
    return (line, discount) if line and discount else None


def title_called(seller: int, code: str) -> Product | None:
    """Return the seller's title of this number, None when there is none."""
    return None if "\x00" in code or not code else Product.objects.filter(publisher_id=seller, code__iexact=code).first()


def total_given_up(found: list[SpecialPrice]) -> Decimal:
    """Return the yuan that they give up together."""
    return sum((one.given_up for one in found), Decimal(0))
