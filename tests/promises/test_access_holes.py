"""Negative controls of P10 and P11: each seeded hole turns the matrix red, on a few cells; without the hole the same cells are right."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db.models import Q
from django.http import HttpResponse

from lingqu.approvals.models import Approval
from lingqu.base import access as declarations
from lingqu.base.access import ANYBODY, Entry, Sight, Way, both, reading, writing
from lingqu.base.access import Seen as SeenBy
from lingqu.credit import access as credit
from lingqu.desk import access as desk
from lingqu.documents.models import Export
from lingqu.duties.models import Attachment
from lingqu.notices.models import Notice
from lingqu.orders.models import Order
from lingqu.organisation.models import Firm, Person, SignIn
from lingqu.organisation.queries import rows_seen
from tests.promises.access_fixtures import seat
from tests.promises.access_matrix import Seat, cells, judge, walk
from tests.promises.access_more import Programs, walk_programs

__all__ = ["seat"]
FEW = (
    "director", "manager", "warehouse", "agent_owner", "agent_clerk", "other_agent_owner", "retailer_owner", "stranger_director",
    "stranger_agent_owner", "anonymous", "disabled",
)  # fmt: skip
Patch = pytest.MonkeyPatch
Hole = Callable[[Patch, Seat], None]


def yes(*given: Any, **named: Any) -> bool:
    return True


def everything(*given: Any) -> Q:
    return Q()


def put(patch: Patch, target: str, made: Any) -> None:
    """Set a name of a file; a package may hold a function of the file's name, so the file is imported."""
    file, _, name = target.rpartition(".")
    assert hasattr(import_module(file), name), target
    patch.setattr(import_module(file), name, made)


def always(target: str) -> Hole:
    """A predicate that says yes to everybody."""
    return lambda patch, seat: put(patch, target, yes)


def all_rows(target: str) -> Hole:
    """A filter that is gone."""
    return lambda patch, seat: put(patch, target, everything)


def instead(target: str, made: Callable[..., Any]) -> Hole:
    """A look-up without its check."""
    return lambda patch, seat: put(patch, target, made)


def declared(route: str, entry: Entry) -> Hole:
    """A declaration that is wider, or narrower, than the code."""
    return lambda patch, seat: patch.setitem(declarations._routes, route, entry)


def several(*holes: Hole) -> Hole:
    def dig(patch: Patch, seat: Seat) -> None:
        for hole in holes:
            hole(patch, seat)

    return dig


def unguarded(patch: Patch, seat: Seat) -> None:
    patch.setattr(seat.patterns["orders_sums"], "callback", lambda request: HttpResponse("ok"))


def looks_and_writes(patch: Patch, seat: Seat) -> None:
    partners = import_module("lingqu.desk.views.partners")
    real = partners.find_partner

    def find(code: str, *, by: Any) -> Any:
        Person.objects.filter(pk=by.person).update(telephone="1")
        return real(code, by=by)

    patch.setattr(partners, "find_partner", find)


def of_another_firm(patch: Patch, seat: Seat) -> None:
    partners = import_module("lingqu.desk.views.partners")
    real = partners.list_partners
    patch.setattr(partners, "list_partners", lambda firm, *given, **named: real(seat.world.hq.pk, *given, **named))


def switched_off_still_open(patch: Patch, seat: Seat) -> None:
    patch.setattr("lingqu.organisation.sign_in.active_sign_in", lambda key: SignIn.objects.select_related("person__firm").get(pk=key))
    patch.setattr("lingqu.organisation.sign_in.may_enter", lambda account, on: True)


def order(number: str, *, by: Any) -> Order:
    return Order.objects.select_related("seller", "buyer").get(number=number)


def approval_of_fragment(patch: Patch, seat: Seat) -> None:
    show = import_module("lingqu.approvals.views.show")
    patch.setattr(show, "whole_approval", lambda number, *, by: Approval.objects.select_related("asked_by", "firm").get(number=number))
    patch.setattr(show, "fold_of", lambda approval, moment: approval)
    patch.setattr(show, "render", lambda request, template, context: HttpResponse(context["found"].reason if "found" in context else ""))


NO_GATE = always("lingqu.documents.pages.must_come")
_SELLER = Way(posts=desk.ANSWERING_POSTS, relation="seller")

GET, POST = ("GET",), ("POST",)
HOLES: dict[str, tuple[Hole, tuple[str, ...], tuple[str, ...]]] = {
    "no filter in the look-up of requests": (
        all_rows("lingqu.orders.queries.lists.visible_orders"), ("order_contract", "order_cancel"), GET,
    ),
    "no filter in the list of requests": (all_rows("lingqu.orders.queries.lists.visible_orders"), ("orders",), GET),
    "no check of receipts": (all_rows("lingqu.credit.queries.lines.rows_seen"), ("receipt",), GET),
    "no check of holds": (always("lingqu.credit.queries.hold_cards.may_see_hold"), ("hold",), GET),
    "no check of proposals": (always("lingqu.credit.queries.proposals.may_see_proposal"), ("proposal",), GET),
    "no check of batches and write-offs": (always("lingqu.credit.queries.money.may_see_proposal"), ("write_off", "batch"), GET),
    "no check of groups": (always("lingqu.credit.queries.groups.may_see_group"), ("credit_group",), GET),
    "no check of bank lines": (always("lingqu.settlement.queries.bank.may_book"), ("bank_line",), GET),
    "a bank's file handed out without check": (always("lingqu.settlement.queries.bank.may_book"), ("bank_original",), GET),
    "statements of any partner": (
        several(all_rows("lingqu.settlement.queries.statements.rows_seen"), always("lingqu.settlement.queries.statements.may_see_line")),
        ("statement", "statement_excel"), GET,
    ),
    "special prices of any partner": (all_rows("lingqu.desk.queries.specials.rows_seen"), ("special_price",), GET),
    "special prices of all in the list": (all_rows("lingqu.desk.queries.specials.rows_seen"), ("specials",), GET),
    "duties of anybody": (all_rows("lingqu.duties.queries.one.visible_duties"), ("duty",), GET),
    "a paper's file handed out without check": (
        instead("lingqu.duties.views.duty.attachment_to_see", lambda number, *, by: Attachment.objects.get(pk=number)),
        ("paper_file",), GET,
    ),
    "a contract handed out without check": (instead("lingqu.orders.views.papers.order_by_number", order), ("order_file",), GET),
    "an export handed out by its number": (
        instead("lingqu.documents.views.exporting.export_of", lambda number, **named: Export.objects.get(pk=number)), ("export",), GET,
    ),
    "approvals of anybody": (all_rows("lingqu.approvals.queries.seen_by"), ("approval",), GET),
    "a fragment without check": (approval_of_fragment, ("approval_fold",), GET),
    "notices of others": (
        instead("lingqu.notices.views.own_notice", lambda number, *, by: Notice.objects.get(pk=number)), ("notice_open",), POST,
    ),
    "another firm's partners in the list": (of_another_firm, ("partners",), GET),
    "a view without sign-in": (unguarded, ("orders_sums",), GET),
    "a sign-in that was switched off": (switched_off_still_open, ("home",), GET),
    "looking that writes": (looks_and_writes, ("partner",), GET),
    "anybody accepts": (always("lingqu.orders.actions.answer.may_answer"), ("order_decline",), POST),
    "anybody takes back": (always("lingqu.orders.actions.answer.may_withdraw"), ("order_withdraw",), POST),
    "anybody reverses a receipt": (
        several(NO_GATE, always("lingqu.credit.actions.reversing.may_enter_receipt")), ("receipt_reverse",), POST,
    ),
    "anybody holds": (
        several(NO_GATE, always("lingqu.credit.views.holding.may_hold"), always("lingqu.credit.actions.hold_by_hand.may_hold")),
        ("hold_set", "hold_tighten"), POST,
    ),
    "neither gate before the credit desk": (several(NO_GATE, always("lingqu.desk.views.credit_sight.may_see_desk")), ("credit_desk",), GET),
    "neither gate before the workbooks": (several(NO_GATE, always("lingqu.opening.views.may_prepare")), ("opening",), GET),
    "a wider declaration to read": (declared("opening", reading(*ANYBODY)), ("opening",), GET),
    "a wider declaration to write": (declared("order_cancel", both(*ANYBODY)), ("order_cancel",), POST),
    "a declaration without the relation": (declared("order_withdraw", writing(Way(posts=desk.BUYING_POSTS))), ("order_withdraw",), POST),
    "a declaration with another side": (declared("receipt", reading(Way(relation="buyer"))), ("receipt",), GET),
    "a declaration without a method": (
        declared("grade_change", reading(Way(posts=credit.GRADE_POSTS, relation="seller"))), ("grade_change",), POST,
    ),
}  # fmt: skip


def wrong(seat: Seat, routes: tuple[str, ...], methods: tuple[str, ...]) -> list[str]:
    return walk(seat, [cell for cell in cells(seat, methods, routes) if cell.who in FEW], stop_at=1).wrong


@pytest.mark.parametrize("name", HOLES)
def test_a_seeded_hole_is_found(seat: Seat, monkeypatch: Patch, name: str) -> None:
    hole, routes, methods = HOLES[name]
    before = declarations._routes.copy()
    with monkeypatch.context() as patch:
        hole(patch, seat)
        if "declaration without a method" in name:
            # The declaration is asked for what the code does: the matrix goes by the one that was there.
            assert wrong_by(seat, before, routes, methods)
        else:
            assert wrong(seat, routes, methods)
    assert declarations._routes == before


def wrong_by(seat: Seat, entries: dict[str, Entry], routes: tuple[str, ...], methods: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for cell in cells(seat, methods, routes):
        if cell.who in FEW:
            found += judge(seat, cell, entries[cell.route])[0]
    return found


def test_without_a_hole_the_same_cells_are_right(seat: Seat) -> None:
    asked = {(routes, methods) for _, routes, methods in HOLES.values()}
    few = [cell for routes, methods in sorted(asked) for cell in cells(seat, methods, routes) if cell.who in FEW][::7]
    assert walk(seat, few).wrong == []


def test_a_program_that_does_more_than_its_scope_is_found(seat: Seat, monkeypatch: Patch) -> None:
    programs = Programs(seat)
    asked = [
        cell for cell in programs.cells() if cell.route == "api:receipt" and cell.method == "GET" and cell.who in ("no_scope", "manager")
    ]
    assert walk_programs(programs, asked).wrong == []
    wide = declarations.entry_for("api:receipt")
    assert wide
    monkeypatch.setitem(declarations._routes, "api:receipt", Entry(read=wide.read, door=wide.door, scopes=("", "")))
    assert walk_programs(programs, asked).wrong != []


def test_a_program_that_reads_anybody_s_requests_is_found(seat: Seat, monkeypatch: Patch) -> None:
    programs = Programs(seat)
    asked = [cell for cell in programs.cells() if cell.route in ("api:orders", "api:order") and cell.method == "GET"]
    monkeypatch.setattr("lingqu.orders.queries.lists.visible_orders", everything)
    assert walk_programs(programs, asked[::3]).wrong != []


def test_a_declaration_of_too_many_rows_is_found(seat: Seat) -> None:
    wide = Sight(firms=(SeenBy("seller"), SeenBy("buyer"), SeenBy("buyer__children"), SeenBy("seller__children")))
    who = seat.world.who("retailer_owner")
    seen = set(Order.objects.filter(rows_seen(wide, who)).values_list("pk", flat=True))
    assert seen > set(Order.objects.filter(rows_seen(declarations.declared_models()["orders.Order"], who)).values_list("pk", flat=True))
    assert Firm.objects.count() > 5
