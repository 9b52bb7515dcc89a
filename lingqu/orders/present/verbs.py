"""Which verbs a person is offered on a request: what the table of states allows and their posts allow, nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from django.urls import reverse

from lingqu.base.calendar import WorkingCalendar
from lingqu.base.decision import Verdict
from lingqu.base.text import Text
from lingqu.credit.access import may_enter_receipt, may_waive
from lingqu.orders.access import may_answer, may_ship, may_submit, may_withdraw
from lingqu.orders.models import Order
from lingqu.orders.present.cures import Offers
from lingqu.orders.present.decision import state_of
from lingqu.orders.present.laws import law_words
from lingqu.orders.present.paths import paths_for
from lingqu.orders.present.shapes import Action, PathLink
from lingqu.orders.present.values import Values
from lingqu.orders.queries import WholeOrder
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting

RECEIPT_PAGE = "/receipts/new"
PARTNER_PAGE = "/partners/"
MOST_SHIP_DAYS = 365


class Verbs(msgspec.Struct, frozen=True):
    """The verbs offered. `waive` names what the special signature would let through; None where it is not offered."""

    accept: bool = False
    decline: bool = False
    withdraw: bool = False
    decide_again: bool = False
    waive: Text | None = None
    ship: bool = False
    copy: bool = False
    paths: tuple[PathLink, ...] = ()
    first_ship_day: date | None = None
    last_ship_day: date | None = None
    likely_ship_day: date | None = None

    @property
    def changes(self) -> tuple[PathLink, ...]:
        """The paths by which a stopped request is changed: they stand beside collecting and asking."""
        return tuple(path for path in self.paths if path.key in ("change", "split", "merge"))

    @property
    def parts(self) -> bool:
        """Whether chosen copies may be shipped."""
        return "parts" in {path.key for path in self.paths}

    @property
    def any(self) -> bool:
        """Whether there is anything to answer."""
        return bool(self.accept or self.decline or self.waive or self.ship)


def verbs_for(whole: WholeOrder, who: Acting, *, on: date, calendar: WorkingCalendar) -> Verbs:
    """Return the verbs that the person is offered on the request today."""
    order = whole.order
    allowed = ORDERS.verbs(OrderState(order.state))
    answers, withdraws = may_answer(who, order.seller_id), may_withdraw(who, order.buyer_id)
    return Verbs(
        accept=OrderVerb.ACCEPT in allowed and answers,
        decline=OrderVerb.DECLINE in allowed and answers,
        withdraw=OrderVerb.WITHDRAW in allowed and withdraws,
        decide_again=OrderVerb.DECIDE_AGAIN in allowed and (answers or withdraws),
        waive=_waivable(whole, who) if OrderVerb.WAIVE in allowed else None,
        ship=OrderVerb.SHIP in allowed and may_ship(who, order.seller_id),
        copy=may_submit(who, order.seller_id, order.buyer_id),
        paths=paths_for(order, who),
        first_ship_day=on,
        last_ship_day=on + timedelta(days=MOST_SHIP_DAYS),
        likely_ship_day=calendar.roll_forward(on + timedelta(days=1)),
    )


def _waivable(whole: WholeOrder, who: Acting) -> Text | None:
    """Return what the person may sign away: all failed laws of the newest decision, or nothing."""
    newest = whole.decisions[0] if whole.decisions else None
    if newest is None or whole.shown is None or newest.pk != whole.shown.pk or newest.verdict != Verdict.WAIVABLE.value:
        return None
    if whole.order.entered_by_id == who.person:
        return None
    laws = [law for law in Values.of(whole.shown.decision).parts("laws") if state_of(law) == "waivable"]
    if not all(may_waive(who, whole.order.seller_id, law.text("waivable_by")) for law in laws):
        return None
    names = law_words(tuple(law.text("law") for law in laws))
    many = len(laws)
    return Text(f"特批{many}项：{names.zh}", f"Waive {many}: {names.en}")


def offers_for(whole: WholeOrder, who: Acting, verbs: Verbs) -> Offers:
    """Return what the person may do about the cures of the newest decision; nothing once the request is decided for good."""
    order = whole.order
    if OrderState(order.state) not in (OrderState.REVIEW, OrderState.REFUSED, OrderState.EXPIRED):
        return Offers()
    ask = Action(Text("去特批", "Sign"), url="#answer") if verbs.waive else None
    change = copy_address(order) if verbs.copy else ""
    return Offers(pay=_pay(whole, who), ask=ask, change_url=change)


def copy_address(order: Order) -> str:
    """Return where a new request begins with the lines of this one."""
    return f"{reverse('order_new')}?buyer={order.buyer.code}&like={order.number}"


def _pay(whole: WholeOrder, who: Acting) -> Action | None:
    order = whole.order
    if whole.credit and may_enter_receipt(who, order.seller_id):
        return Action(Text("登记回款", "Enter receipt"), url=f"{RECEIPT_PAGE}?line={whole.credit.pk}")
    return Action(Text("看账款", "See account"), url=f"{PARTNER_PAGE}{order.buyer.code}/")
