"""What the lists show is what the declarations say: for everybody and every kind of row, the same rows, no more and no fewer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from django.apps import apps

from lingqu.approvals.queries import approvals_seen_by
from lingqu.base.access import declared_models
from lingqu.base.refusal import Refusal
from lingqu.credit.models import CreditLine, SupplyHold
from lingqu.credit.queries import hold_by_number, list_receipts
from lingqu.desk.queries.specials import special_prices
from lingqu.duties.access import visible_duties
from lingqu.duties.models import Duty
from lingqu.notices.queries import channels_of, inbox_page
from lingqu.orders.queries import orders_for
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting, rows_seen
from lingqu.settlement.access import may_book
from lingqu.settlement.queries import line_for_statement, list_files
from tests.promises.access_fixtures import seat
from tests.promises.access_matrix import Seat
from tests.promises.access_things import HQ_PEOPLE, PARTNER_PEOPLE
from tests.promises.access_world import LETTERS, MARK

__all__ = ["seat"]
EVERYBODY = (*HQ_PEOPLE, *PARTNER_PEOPLE)


def ids(rows: Iterable[Any]) -> set[int]:
    return {row.pk if hasattr(row, "pk") else row.id for row in rows}


def receipts(who: Acting) -> set[int]:
    return ids([*list_receipts("seller", who.firm, most=99), *list_receipts("buyer", who.firm, most=99)])


def holds(who: Acting) -> set[int]:
    numbers = SupplyHold.objects.values_list("number", flat=True)
    return ids(hold for hold in (allowed(partial(hold_by_number, number, by=who)) for number in numbers) if hold)


def lines(who: Acting) -> set[int]:
    codes = Firm.objects.values_list("code", flat=True)
    return ids(line for line in (allowed(partial(line_for_statement, code, by=who)) for code in codes) if line)


def allowed(look: Callable[[], Any]) -> Any:
    try:
        return look()
    except Refusal:
        return None


LISTS: dict[str, Callable[[Acting], set[int]]] = {
    "orders.Order": lambda who: ids(orders_for(who)),
    "approvals.Approval": lambda who: ids(approvals_seen_by(who)),
    "duties.Duty": lambda who: ids(Duty.objects.filter(visible_duties(who))),
    "catalogue.SpecialPrice": lambda who: ids(special_prices(who)),
    "credit.Receipt": receipts,
    "credit.SupplyHold": holds,
    "credit.CreditLine": lines,
    "settlement.BankFile": lambda who: ids(list_files(who.firm)) if may_book(who, who.firm) else set(),
    "notices.Notice": lambda who: ids(inbox_page(who.person, kind="", after=None).rows),
    "notices.Channel": lambda who: ids(allowed(lambda: channels_of(who)) or ()),
}


@pytest.mark.parametrize("label", LISTS)
def test_a_list_shows_the_declared_rows(seat: Seat, label: str) -> None:
    model, seen_somewhere = apps.get_model(label), 0
    for name in EVERYBODY:
        who = seat.world.who(name)
        declared = set(model.objects.filter(rows_seen(declared_models()[label], who)).values_list("pk", flat=True))
        assert LISTS[label](who) == declared, name
        seen_somewhere += len(declared)
    assert seen_somewhere > 0


def test_every_declaration_can_be_asked_and_shows_nobody_a_foreign_mark(seat: Seat) -> None:
    asked = 0
    for label, sight in declared_models().items():
        if not (sight.firms or sight.people):
            continue
        model = apps.get_model(label)
        fields = [field for field in model._meta.concrete_fields if field.get_internal_type() != "BinaryField"]
        plain = [field.name for field in fields if field.name not in sight.inside]
        for name in EVERYBODY:
            letter = LETTERS[seat.people.firms[name]]
            words = str(list(model.objects.filter(rows_seen(sight, seat.world.who(name))).values_list(*plain)))
            assert [mark for mark in MARK.findall(words) if letter not in mark] == [], (label, name)
            asked += 1
    assert asked > 700


def test_lines_are_seen_by_both_sides_only(seat: Seat) -> None:
    for line in CreditLine.objects.select_related("seller", "buyer"):
        seen = {name for name in EVERYBODY if line.pk in lines(seat.world.who(name))}
        codes = {seat.people.firms[name] for name in seen}
        assert {seat.world.firm(code).pk for code in codes} <= {line.seller_id, line.buyer_id}
