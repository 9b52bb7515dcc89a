"""More that people have of their own: stock papers, lists taken out, kept views, tokens; and programs that show tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from lingqu.base.access import API_TOKEN, Entry, declared_routes, entry_for
from lingqu.config.api import ROUTERS
from lingqu.credit.actions import keep_view
from lingqu.documents.actions import ask_export
from lingqu.documents.queries import list_called
from lingqu.documents.queries.exports import _lists
from lingqu.inventory.actions import start_count
from lingqu.inventory.models import GoodsIn, StockItem, Warehouse
from lingqu.orders.models import Delivery
from lingqu.organisation.actions import make_token, revoke_token
from lingqu.organisation.models import AccessToken
from lingqu.organisation.states import Scope
from tests.api.bodies import BODIES as SENT
from tests.promises.access_branch import tell_branch
from tests.promises.access_deliveries import tell_deliveries
from tests.promises.access_matrix import Cell, Found, Seat, changed, foreign, taken_back
from tests.promises.access_papers import tell_papers
from tests.promises.access_sign_ins import tell_sign_ins
from tests.promises.access_things import HQ_PEOPLE, PARTNER_PEOPLE, People, Thing
from tests.promises.access_types import tell_types
from tests.promises.access_world import Rich, mark

KEEPERS = {"hq": "warehouse", "agent": "agent_owner", "other_agent": "other_agent_owner", "stranger": "stranger_director"}
HAVING = ("director", "agent_owner", "other_agent_owner", "stranger_director")
"""Who has taken a list out, kept a view of the credit desk, and made a token."""

STOCK = {
    "goods": ("number", ("goods_paper",)),
    "count": ("number", ("stock_count", "stock_count_send", "stock_count_give_up", "stock_count_sheet", "stock_count_file")),
    "title": ("code", ("stock_lots",)),
}
METHODS = ("GET", "POST", "PUT")
KEPT = ("django_session", "organisation_accesstoken", "organisation_keptanswer", "organisation_failedtry")
"""What a question of a program itself leaves behind: the day on which its token was used, its answer, that a token was wrong."""

PROGRAM_NOBODIES = ("without", "wrong", "revoked", "over", "no_scope")
"""A program without a token, with one that is none, that was revoked, whose last day is over, and without the scope."""


def tell_more(world: Rich) -> dict[str, list[Thing]]:
    """Add what firms and people have of their own, and return it as objects of addresses."""
    found: dict[str, list[Thing]] = {}
    people = People(world)
    told = (
        _stock(world), _own(world), tell_papers(world, people), tell_deliveries(world), tell_types(world, people), tell_branch(world),
        tell_sign_ins(world),
    )  # fmt: skip
    for route, thing in (one for things in told for one in things):
        found.setdefault(route, []).append(thing)
    return found


def _stock(world: Rich) -> Iterator[tuple[str, Thing]]:
    for owner, keeper in KEEPERS.items():
        warehouse = Warehouse.objects.get(firm=world.firm(owner))
        item = StockItem.objects.filter(warehouse=warehouse).select_related("product").order_by("pk")[0]
        count = start_count(warehouse, [item.pk], note=mark(owner), by=world.who(keeper), at=world.at)
        goods = GoodsIn.objects.filter(warehouse=warehouse).order_by("pk")[0]
        for key, value in (("goods", goods.number), ("count", count.number), ("title", item.product.code)):
            fill, routes = STOCK[key]
            # A title is in several warehouses: each firm sees its own lots of it.
            yield from ((route, Thing(owner, {fill: value}, owner)) for route in routes)


def _own(world: Rich) -> Iterator[tuple[str, Thing]]:
    for name in HAVING:
        who, known = world.who(name), {"person": frozenset({name})}
        words = mark(_code(world, name))
        made = ask_export(list_called("orders"), {}, name=words, language="zh", by=who, at=world.at)
        yield from ((route, Thing(name, {"number": made.pk}, people=known)) for route in ("export", "export_file"))
        view = keep_view(who.firm, words, "?q=1", by=who, at=world.at)
        yield "credit_desk_drop", Thing(name, {"view": view.pk}, people=known)
        token, _ = make_token(words, scopes=[Scope.ORDERS_READ], last_day=world.at.date(), by=who, at=world.at)
        yield "token_revoke", Thing(name, {"prefix": token.prefix}, people=known)
    yield from (("export_new", Thing(key, {"key": key})) for key in sorted(_lists))


def _code(world: Rich, name: str) -> str:
    firm = world.people[name].firm_id
    return next(code for code in ("hq", *world.firms) if world.firm(code).pk == firm)


def route_of_list(key: str) -> Entry | None:
    """The declaration of the page that a list is of: it holds for its workbook too."""
    return entry_for(list_called(key).route)


@dataclass
class Programs:
    """Programs of everybody, each with a token for everything, and some with tokens that open nothing."""

    seat: Seat
    tokens: dict[str, str] = field(default_factory=dict)
    sent: int = 0

    def __post_init__(self) -> None:
        world = self.seat.world
        last = world.at.date() + timedelta(days=30)
        for name in (*HQ_PEOPLE, *PARTNER_PEOPLE):
            self.tokens[name] = make_token("all", scopes=list(Scope), last_day=last, by=world.who(name), at=world.at)[1]
        self.tokens |= {"without": "", "wrong": "lq_0123456789_" + "x" * 43}
        for name in ("revoked", "over"):
            token, self.tokens[name] = make_token(name, scopes=list(Scope), last_day=last, by=world.who("manager"), at=world.at)
            if name == "revoked":
                revoke_token(token.prefix, by=world.who("manager"), at=world.at)
            else:
                AccessToken.objects.filter(pk=token.pk).update(last_day=world.at.date() - timedelta(days=1))

    def cells(self) -> Iterator[Cell]:
        """Return every question of programs."""
        for route, entry in sorted(declared_routes().items()):
            if entry.door != API_TOKEN or route not in self.seat.patterns:
                continue
            for thing in self.things(route):
                for method in METHODS:
                    who = (*HQ_PEOPLE, *PARTNER_PEOPLE, *PROGRAM_NOBODIES, "manager's session")
                    yield from (Cell(route, method, False, name, thing) for name in who)

    def things(self, route: str) -> list[Thing]:
        """Return the objects of an operation: those that seller and buyer have between them."""
        names = self.seat.patterns[route].pattern.converters
        if not names:
            return [Thing("", {})]
        if route in PAGES:
            return self.seat.things[PAGES[route]]
        if route == "api:regulation_clause":
            return [Thing("clause", {"place": "M-19.3"})]
        plain = route.removeprefix("api:")
        found = []
        for (seller, buyer), made in self.seat.world.made.items():
            order = "order" if plain == "order_ship" else "waiting"
            number = {"receipt": made["receipt"], "delivery": self._delivery(made)}.get(plain, made[order])
            found.append(Thing(f"{seller}>{buyer}", {"code": made["code"], "number": number}, seller, buyer))
        return found

    def _delivery(self, made: dict[str, str | int]) -> str:
        return Delivery.objects.get(order__number=made["order"]).number

    def expected(self, cell: Cell, entry: Entry) -> str:
        """Return what the declaration says of a program's question."""
        ways = entry.ways("GET" if cell.method == "HEAD" else cell.method)
        if not ways:
            return "method"
        if cell.who == "no_scope":
            return "out" if self.needed(cell, entry) else "in"
        if cell.who in (*PROGRAM_NOBODIES, "manager's session"):
            return "away"
        people: People = self.seat.people
        return "in" if any(people.comes(cell.who, way, cell.thing) for way in ways) else "out"

    def needed(self, cell: Cell, entry: Entry) -> str:
        """Return the scope that a question needs; "" for an operation that any token opens."""
        return entry.scopes[0 if cell.method in ("GET", "HEAD") else 1]

    def ask(self, cell: Cell, entry: Entry) -> tuple[Any, int]:
        """Ask with a token; `no_scope` shows one for everything but what the operation needs, a session shows none at all."""
        needed = self.needed(cell, entry)
        browser = self.seat.browsers["manager"] if cell.who == "manager's session" else Client()
        self.sent += 1
        with taken_back():
            token = self.tokens.get(cell.who, "")
            if cell.who == "no_scope":
                others = [scope for scope in Scope if scope.value != needed]
                world = self.seat.world
                token = make_token("some", scopes=others, last_day=world.at.date(), by=world.who("manager"), at=world.at)[1]
            headers = {"Idempotency-Key": f"key-{self.sent:08}"} | ({"Authorization": f"Bearer {token}"} if token else {})
            address = self.seat.address(cell.route, cell.thing)
            if cell.route == "api:products" and self.seat.people.kinds.get(cell.who, "hq") == "hq":
                address += "?buyer=stranger_agent" if cell.who == "stranger_director" else "?buyer=agent"
            body = json.dumps(BODIES.get(cell.route, {})) if cell.method == "POST" else ""
            before = changed(KEPT)
            answer = browser.generic(cell.method, address, body, content_type="application/json", headers=headers)
            return answer, changed(KEPT) - before


PAGES = {
    f"api:{name}": page
    for names, page in (
        ("delivery", "delivery"), ("delivery_parcels", "delivery_parcels"), ("delivery_receive", "delivery_receive"),
        ("difference", "difference_photo"), ("difference_count", "difference_count"), ("difference_answer", "difference_answer"),
        ("return", "return_request"), ("return_agree", "return_agree"), ("return_refuse", "return_refuse"),
        ("return_send_up", "return_send_up"), ("return_count", "return_count"), ("return_withdraw", "return_withdraw"),
        ("transfer", "transfer"), ("transfer_again", "transfer_again"), ("transfer_withdraw", "transfer_withdraw"),
        ("transfer_order", "transfer_order"), ("transfer_confirm", "transfer_confirm"), ("transfer_move", "transfer_move"),
        ("stock_title", "stock_lots"), ("goods_in_paper", "goods_paper"), ("count count_lines", "stock_count"),
        ("count_send", "stock_count_send"), ("count_give_up", "stock_count_give_up"), ("receipt_reverse", "receipt_reverse"),
        ("price_claim", "price_claim"), ("price_claim_withdraw", "price_claim_withdraw"),
        ("partner_report", "partner_report"), ("partner_report_change", "partner_report_change"),
        ("partner_report_ask_back", "partner_report_ask_back"), ("partner_report_answer", "partner_report_answer"),
    )
    for name in names.split()
}  # fmt: skip
"""Operations that are about the same objects as a page."""


def _bodies() -> dict[str, object]:
    """What operations about one object ask to be sent; the others are refused for their form once people may come."""
    views = [view for router in ROUTERS for path, view in router.path_operations.items() if "{" in path]
    asked = [(f"api:{view.url_name}", SENT.get(operation.operation_id)) for view in views for operation in view.operations]
    return {route: body for route, body in asked if body} | {"api:order_ship": {"waybill": "SF1"}}


BODIES = _bodies()


def walk_programs(programs: Programs, asked: list[Cell]) -> Found:
    """Ask all questions of programs and judge them."""
    found, declared = Found(), declared_routes()
    for cell in asked:
        found.cells += 1
        entry = declared[cell.route]
        answer, written = programs.ask(cell, entry)
        wanted = programs.expected(cell, entry)
        got = {401: "away", 403: "out", 404: "out", 405: "method"}.get(answer.status_code, "in")
        fits = got == wanted or (wanted == "method" and got in ("away", "out"))
        # The shape of what is sent is looked at before the object: a wrong form is told to whoever may call the operation at all.
        fits = fits or (wanted == "out" and answer.status_code == 422)
        found.wrong += [] if fits else [f"{cell}: {wanted} by its declaration, but {answer.status_code}"]
        if written and (wanted != "in" or cell.method in ("GET", "HEAD")):
            found.wrong.append(f"{cell}: {written} rows were written")
        if cell.who in programs.seat.people.posts:
            found.wrong += [f"{cell}: {what}" for what in foreign(programs.seat, cell, answer)]
        found.answers[answer.status_code] += 1
    return found
