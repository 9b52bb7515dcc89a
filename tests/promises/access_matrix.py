"""The generated matrix: every address, method, fragment, person and object; each cell is asked for, judged, and taken back."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zlib import crc32

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from lingqu.base.access import OPEN, READING, SIGNED_IN, Entry, declared_routes
from lingqu.config.declarations import routes_of
from lingqu.documents.queries import list_called
from lingqu.organisation.actions import enter_person, give_post, give_sign_in
from lingqu.organisation.models import SignIn
from lingqu.organisation.states import PostCode
from tests.promises.access_things import HQ_PEOPLE, NOBODIES, NOTHING, PARTNER_PEOPLE, REGULATION, People, Thing, fill_for, things_of
from tests.promises.access_world import LETTERS, MARK, Rich
from tests.world import START

METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE")
MISSING = "JH-2026-9999"
CHANGED = """
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables WHERE NOT relname = ANY(%s)
"""
"""Rows that the open transaction has written so far, whatever becomes of them; the session and wrong links are the browser's."""


@dataclass(frozen=True)
class Cell:
    """One question: who asks for which address about which object, how."""

    route: str
    method: str
    fragment: bool
    who: str
    thing: Thing

    def __str__(self) -> str:
        how = f"{self.method}{' fragment' if self.fragment else ''}"
        return f"{how} {self.route} [{self.thing.name}] by {self.who}"


@dataclass
class Found:
    """What was wrong, and how many cells were asked."""

    wrong: list[str] = field(default_factory=list)
    cells: int = 0
    answers: Counter[int] = field(default_factory=Counter)


@dataclass
class Seat:
    """Everybody of the world at a browser of theirs."""

    world: Rich
    browsers: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = People(self.world)
        from tests.promises.access_more import tell_more

        self.things = things_of(self.world) | tell_more(self.world)
        self.patterns: dict[str, URLPattern] = dict(routes_of(get_resolver().url_patterns))
        for name in (*HQ_PEOPLE, *PARTNER_PEOPLE):
            self.browsers[name] = self._sit_down(self.world.people[name], name)
        self.browsers["disabled"], self.browsers["expired"] = self._gone("disabled"), self._gone("expired")
        self.browsers["anonymous"] = Client()
        self.numbers = numbers_of(self.world)

    def _sit_down(self, person: Any, name: str) -> Client:
        account = give_sign_in(person, name, "a-long-password", at=self.world.at, by=None)
        browser = Client()
        browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return browser

    def _gone(self, name: str) -> Client:
        """A director whose sign-in was switched off, or whose session is over."""
        person = enter_person(name, firm=self.world.hq, at=self.world.at, by=None)
        give_post(person, PostCode.DIRECTOR, firm=self.world.hq, since=START, at=self.world.at, by=None)
        browser = self._sit_down(person, name)
        if name == "disabled":
            SignIn.objects.filter(person=person).update(is_active=False)
        else:
            key = browser.cookies[settings.SESSION_COOKIE_NAME].value
            long_ago = Session.objects.get(session_key=key).expire_date - timedelta(days=400)
            Session.objects.filter(session_key=key).update(expire_date=long_ago)
        return browser

    def address(self, route: str, thing: Thing) -> str:
        """Return the address of an object; places that it does not fill are the regulation's."""
        pattern = self.patterns[route]
        place = pattern.pattern
        names = list(place.regex.groupindex) if isinstance(place, RegexPattern) else list(place.converters)
        return reverse(route, kwargs=fill_for(names, thing))


def numbers_of(world: Rich) -> dict[str, str]:
    """Return for each number of a paper the letters of the firms that may read it, from the rows themselves."""
    codes = {world.firm(code).pk: letter for code, letter in LETTERS.items()}
    found: dict[str, str] = {}
    for query in NUMBERED:
        with connection.cursor() as cursor:
            cursor.execute(query)
            for number, *firms in cursor.fetchall():
                found[number] = found.get(number, "") + "".join(codes.get(firm, "") for firm in firms if firm)
    return found


NUMBERED = (
    "SELECT number, seller_id, buyer_id FROM orders_order",
    "SELECT d.number, o.seller_id, o.buyer_id FROM orders_delivery d JOIN orders_order o ON o.id = d.order_id",
    "SELECT s.number, o.seller_id, o.buyer_id FROM orders_signaturerequest s JOIN orders_order o ON o.id = s.order_id",
    "SELECT r.number, l.seller_id, l.buyer_id FROM credit_receipt r JOIN credit_creditline l ON l.id = r.line_id",
    """SELECT w.number, l.seller_id FROM credit_writeoff w JOIN credit_batch b ON b.id = w.batch_id
         JOIN credit_creditline l ON l.id = b.line_id WHERE w.state <> 'applied'""",
    "SELECT h.number, l.seller_id, l.buyer_id FROM credit_supplyhold h JOIN credit_creditline l ON l.id = h.line_id",
    "SELECT p.number, l.seller_id FROM credit_creditproposal p JOIN credit_creditline l ON l.id = p.line_id",
    "SELECT number, seller_id FROM credit_creditgroup",
    "SELECT number, seller_id FROM credit_groupproposal",
    "SELECT number, seller_id, CASE WHEN state IN ('granted', 'ended') THEN buyer_id END FROM catalogue_specialprice",
    "SELECT number, seller_id FROM settlement_bankfile",
    "SELECT s.number, l.seller_id, l.buyer_id FROM settlement_statement s JOIN credit_creditline l ON l.id = s.line_id",
    "SELECT number, firm_id FROM approvals_approval",
    "SELECT number, firm_id FROM opening_openingfile",
    """SELECT d.number, o.seller_id, o.buyer_id FROM orders_difference d JOIN orders_delivery p ON p.id = d.delivery_id
         JOIN orders_order o ON o.id = p.order_id""",
    "SELECT number, seller_id, buyer_id FROM returns_returnrequest",
    """SELECT t.number, t.seller_id, CASE WHEN a.state = 'approved' THEN t.giver_id END, CASE WHEN a.state = 'approved' THEN t.taker_id END
         FROM returns_transfer t LEFT JOIN approvals_approval a ON a.id = t.approval_id""",
    "SELECT c.number, w.firm_id FROM inventory_stockcount c JOIN inventory_warehouse w ON w.id = c.warehouse_id",
    "SELECT g.number, w.firm_id FROM inventory_goodsin g JOIN inventory_warehouse w ON w.id = g.warehouse_id",
)
"""A paper's number with the firms that may read it."""


def cells(seat: Seat, methods: Iterable[str], routes: Iterable[str] | None = None) -> Iterator[Cell]:
    """Return every question there is, for these methods; objects of every relation for addresses that hold one."""
    people = (*HQ_PEOPLE, *PARTNER_PEOPLE, *NOBODIES)
    wanted = set(routes) if routes is not None else None
    for route, entry in sorted(declared_routes().items()):
        if entry.door not in (SIGNED_IN, OPEN) or (wanted is not None and route not in wanted) or route not in seat.patterns:
            continue
        for thing in seat.things.get(route, [NOTHING]):
            for method in methods:
                for fragment in (False, True):
                    yield from (Cell(route, method, fragment, who, thing) for who in people)


def part_of(asked: Iterable[Cell], every: int, *, unanswered: int) -> list[Cell]:
    """Return the same part of the questions every time, by a stable hash, so that a new address moves no other.

    One of `every`, and of methods that the address does not answer, where nothing is decided, one of `unanswered`.
    """
    declared = declared_routes()
    return [cell for cell in asked if chosen(str(cell), every if declared[cell.route].ways(cell.method) else unanswered)]


def chosen(words: str, every: int) -> bool:
    """Return whether something is in the part that the suite asks: one of `every`, the same each time."""
    return crc32(words.encode()) % every == 0


def unfilled(seat: Seat) -> list[str]:
    """Return the addresses of people that have a place for an object and are asked about none that exists."""
    found = []
    for route, entry in declared_routes().items():
        pattern = seat.patterns[route].pattern
        names = list(pattern.regex.groupindex) if isinstance(pattern, RegexPattern) else list(pattern.converters)
        filled = seat.things.get(route) or (names and set(names) <= set(REGULATION) and route.startswith("regulation"))
        if entry.door == SIGNED_IN and names and not filled:
            found.append(f"{route}: add an object for it in tests/promises/access_things.py")
    return found


def expected(seat: Seat, cell: Cell, entry: Entry) -> str:
    """Return what the declaration says of a cell: in, out (refused), away (to sign in), method."""
    if entry.door == OPEN:
        return "open"
    if cell.who in NOBODIES:
        return "away"
    method = "GET" if cell.method == "HEAD" else cell.method
    if cell.route == "kept" and cell.method == "HEAD":
        return "method"  # looking takes it away, so it is only looked at whole
    if cell.route == "export_new" and method in entry.methods:
        # A list goes out to whom its page shows it.
        method, entry = "GET", declared_routes()[list_called(str(cell.thing.fill["key"])).route]
    if not entry.ways(method):
        return "method"
    if cell.route in ("import_new", "import_template"):
        return "in" if cell.who in cell.thing.people["importer"] else "out"
    nobody_pays = cell.route in ("receipt_new", "receipt_preview") and cell.who in SELLING_NOTHING
    return "in" if not nobody_pays and any(seat.people.comes(cell.who, way, cell.thing) for way in entry.ways(method)) else "out"


def came(answer: Any) -> str:
    """Return what an answer says: in, out, away or method."""
    if answer.status_code == 401 or (answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login")):
        return "away"
    return {403: "out", 404: "out", 405: "method"}.get(answer.status_code, "in")


SELLING_NOTHING = ("cash_agent_owner", "stranger_agent_owner")
"""Owners of agents without a partner of their own: there is nobody from whom money could come."""

CHANGES = {"representative": "join", "director": "lower"}
"""What each may propose for a group, where it is not a new limit."""


OF_LIST = {
    "parameters": "?pack=publisher", "gaps": "?pack=publisher", "evidence": "?pack=publisher&key=v1&kind=law&name=price",
    "lots": "?code=QH26-100",
}  # fmt: skip
"""What the address of a list names where its page names it in its own address."""

ENTERING = ("representative", "manager", "stranger_director")
"""Who asks for partners, and must say for whom."""


def query_for(cell: Cell) -> str:
    """Return what an address asks for beside its object: the kind of change, for whom is ordered, of what a list is."""
    if cell.route == "export_new":
        key = str(cell.thing.fill["key"])
        return "?code=XQ-1" if key == "lots" and cell.who.startswith("stranger") else OF_LIST.get(key, "")
    if cell.route in ("return_template", "transfer_template") and cell.who in ENTERING:
        name = "buyer" if cell.route == "return_template" else "giver"
        return f"?{name}={'stranger_agent' if cell.who == 'stranger_director' else 'agent'}"
    if cell.route == "credit_group_change":
        return f"?kind={CHANGES.get(cell.who, 'limit')}"
    if cell.route == "order_template" and cell.who in ENTERING:
        return "?buyer=stranger_agent" if cell.who == "stranger_director" else "?buyer=agent"
    return ""


def form_for(cell: Cell, seat: Seat) -> dict[str, Any]:
    """Return a form that could be right for most verbs, so that a refusal is not about the form."""
    day = (seat.world.at.date() + timedelta(days=2)).isoformat()
    today = seat.world.at.date().isoformat()
    firm = seat.people.firms.get(cell.who, "hq")
    partner = "agent" if firm == "hq" else "stranger_agent" if firm == "stranger" else firm
    line = next((made["line"] for (seller, _), made in seat.world.made.items() if seller == firm), "")
    if cell.route.startswith("credit_group"):
        line = partner
    kinds = {"credit_group_new": "open", "hold_ask": "release", "credit_group_change": CHANGES.get(cell.who, "limit")}
    return {
        "reason": "理由充分", "ship_on": day, "text": "内容", "amount": "1.00", "until": day, "on": today, "pay_by": day, "note": "备注",
        "kind": kinds.get(cell.route, "limit"), "line": line, "month": "2026-10", "step": cell.thing.fill.get("step", ""), "buyer": partner,
        "giver": partner,
        "minutes": "纪要", "title": "标题", "feedback": "收到", "limit": "1000.00", "grade": "B", "level": "delay", "deadline": day,
        "rule": "monthly_report", "revision": "1", "person": str(seat.world.people["director"].pk), "sent_by_post": "1", "active": "no",
        "dispute": cell.thing.fill.get("dispute", ""), "guidance": "先消化库存",
    }  # fmt: skip


def changed(apart_from: tuple[str, ...] = ("django_session", "organisation_failedtry")) -> int:
    """Return how many rows this transaction has written, but for these tables."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, (list(apart_from),))
        return int(cursor.fetchone()[0])


@contextmanager
def taken_back() -> Iterator[None]:
    """Do something and take it back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(seat: Seat, cell: Cell) -> tuple[Any, int]:
    """Ask, and return the answer and how many rows were written."""
    browser = seat.browsers[cell.who]
    headers = {"HX-Request": "true"} if cell.fragment else {}
    address = seat.address(cell.route, cell.thing)
    kept = deepcopy(browser.cookies)
    with taken_back():
        before = changed()
        form = form_for(cell, seat) if cell.method == "POST" else None
        if form is None or cell.route == "export_new":
            address += query_for(cell)
        answer = browser.generic(cell.method, address, headers=headers) if form is None else browser.post(address, form, headers=headers)
        written = changed() - before
    browser.cookies = kept
    return answer, written


def judge(seat: Seat, cell: Cell, entry: Entry) -> tuple[list[str], int]:
    """Return what is wrong with a cell, and the status."""
    answer, written = ask(seat, cell)
    wanted, got = expected(seat, cell, entry), came(answer)
    wrong = []
    if wanted == "open":
        pass
    elif got != wanted and not (wanted == "method" and got in ("out", "away")) and not (wanted == "away" and got == "method"):
        wrong.append(f"{cell}: {wanted} by its declaration, but {answer.status_code}")
    if written and (wanted not in ("in", "open") or cell.method in READING):
        wrong.append(f"{cell}: {written} rows were written")
    wrong += [f"{cell}: {what}" for what in foreign(seat, cell, answer)]
    return wrong, answer.status_code


def body_of(answer: Any) -> str:
    """Return the words of an answer with its headers; a workbook is unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist() if name.endswith(".xml"))
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return FORM_TOKEN.sub("", f"{heads}\n{content.decode('utf-8', 'ignore')}")


EXAMPLES = {
    "api_description": ("JH-2026-0001",), "api_help": ("JH-2026-0001",), "api_operation": ("JH-2026-0001",),
    "search": ("JH-2026-0019、19", "JH-2026-0019, 19"),
}  # fmt: skip
"""The words in which pages give a number as an example, by the address."""

FORM_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{64}(?![A-Za-z0-9])")
"""Of a form: random letters, among which a mark comes about by chance once in some thousands of pages."""

NUMBER = re.compile(r"[A-Z]{2}-2026-\d{4}")


def foreign(seat: Seat, cell: Cell, answer: Any) -> list[str]:
    """Return the marks and numbers in an answer that the person's firm may not see; what they asked for themselves is no news."""
    words = body_of(answer)
    letter = LETTERS.get(seat.people.firms.get(cell.who, ""), "")
    for example in EXAMPLES.get(cell.route, ()):
        words = words.replace(example, "")
    marks = {found.group() for found in MARK.finditer(words) if not letter or letter not in found.group(1)}
    asked = {str(value) for value in cell.thing.fill.values()}
    numbers = {
        found for found in set(NUMBER.findall(words)) - asked
        if found in seat.numbers and (not letter or letter not in seat.numbers[found])
    }  # fmt: skip
    return [f"shows {what}" for what in sorted(marks | numbers)]


def walk(seat: Seat, asked: Iterable[Cell], *, stop_at: int = 0) -> Found:
    """Ask all cells and judge them; `stop_at` ends the walk once so much is wrong."""
    declared, found = declared_routes(), Found()
    for cell in asked:
        found.cells += 1
        try:
            wrong, status = judge(seat, cell, declared[cell.route])
        except Exception as broken:  # noqa: BLE001 - an error of the server is what is being looked for
            wrong, status = [f"{cell}: {type(broken).__name__}: {broken}"], 500
        found.wrong += wrong
        found.answers[status] += 1
        if stop_at and len(found.wrong) >= stop_at:
            break
    return found
