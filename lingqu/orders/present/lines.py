"""The lines of a request with the why of each net value: list price × copies × discount, clause and version, all as stored."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from lingqu.base.money import WHOLE_BP
from lingqu.base.templatetags.words import copies, day, money, percent_bp
from lingqu.base.text import Text
from lingqu.orders.models import Order, OrderLine
from lingqu.orders.present.decision import clause_link, version_word
from lingqu.orders.present.shapes import Input, Result, Sums, Term, Why
from lingqu.orders.present.values import Values
from lingqu.orders.present.words import copies_word, titles_word
from lingqu.orders.states import OrderState
from lingqu.organisation.states import FIRM_KIND_WORDS, FirmKind
from lingqu.policy.rules import Regulation
from lingqu.policy.states import Law

PRICED = Decimal("0.01")
GOING_OUT = (OrderState.ACCEPTED, OrderState.PART_SHIPPED, OrderState.SHIPPED)


class Basis(msgspec.Struct, frozen=True):
    """What a request was priced by: the stored decision and facts of the day of submission, and its regulation."""

    decision: Values
    facts: Values
    reference: str
    regulation: Regulation | None


class Line(msgspec.Struct, frozen=True):
    """One line: what was asked, what could be supplied at the decision, what was shipped, and its why."""

    line: OrderLine
    discipline: Text
    price: str
    ready: int | None
    special: bool
    why: Why

    @property
    def short(self) -> bool:
        """Whether less can be supplied, or was dropped, than was asked."""
        return self.ready is not None and self.ready < self.line.copies


class Table(msgspec.Struct, frozen=True):
    """All lines and their sums; `ready` is None, and `shows_shipped` false, where the column makes no sense in the request's state."""

    rows: tuple[Line, ...]
    sums: Sums
    ready: int | None
    shipped: int
    shows_shipped: bool
    caption: Text


def table_of(order: Order, lines: Iterable[OrderLine], basis: Basis) -> Table:
    """Return the line table of a request."""
    ready = _ready(lines := list(lines), basis.facts)
    rows = tuple(_line(order, line, basis, ready.get(line.pk)) for line in lines)
    known = [row.ready for row in rows if row.ready is not None]
    titles, number = titles_word(order.titles), copies_word(order.copies)
    return Table(
        rows,
        sums_of(order),
        sum(known) if known else None,
        sum(line.shipped for line in lines),
        OrderState(order.state) in GOING_OUT,
        Text(f"{titles.zh} {number.zh}", f"{titles.en}, {number.en}"),
    )


def sums_of(order: Order) -> Sums:
    """Return the five totals of a request; the discount is net of list-price value, none for a value of zero."""
    share = order.net * WHOLE_BP / order.list_value if order.list_value else None
    return Sums(order.titles, order.copies, order.list_value, share, order.net)


def price_text(price: Decimal) -> str:
    """Return a list price with the decimals it has: two, or the four that some sources carry."""
    return money(price) if price == price.quantize(PRICED) else f"{price.normalize():,f}"


def _ready(lines: list[OrderLine], facts: Values) -> dict[int, int]:
    """Return the copies that the stored facts had in stock, line by line; nothing where the seller's stock is not kept here."""
    if not facts.flag("keeps_stock"):
        return {}
    free = {line.count("product"): line.count("available") or 0 for line in facts.parts("lines")}
    ready: dict[int, int] = {}
    for line in lines:
        there = min(line.copies, max(free.get(line.product_id, 0), 0))
        free[line.product_id] = free.get(line.product_id, 0) - there
        ready[line.pk] = there
    return ready


def _line(order: Order, line: OrderLine, basis: Basis, ready: int | None) -> Line:
    rule = _price_law(basis.decision).count("rule_bp")
    special = rule is not None and rule != line.discount_bp
    product = line.product
    discipline = Text(product.discipline.name_zh, product.discipline.name_en)
    return Line(line, discipline, price_text(line.list_price), ready, special, _why(order, line, basis, rule))


def _price_law(decision: Values) -> Values:
    laws = (law for law in decision.parts("laws") if law.text("law") == Law.PRICE.value)
    return next(laws, Values({})).part("numbers")


def _why(order: Order, line: OrderLine, basis: Basis, rule: int | None) -> Why:
    price, share = price_text(line.list_price), percent_bp(line.discount_bp)
    terms = (
        Term("", price, Text("定价", "list price")),
        Term("×", copies(line.copies), Text("册数", "copies")),
        Term("=", money(line.list_value), Text("码洋", "list value")),
        Term("×", share, Text("折扣", "discount")),
    )
    on, version = day(order.submitted_at), version_word(basis.reference)
    clause = next((law.text("clause") for law in basis.decision.parts("laws") if law.text("law") == Law.PRICE.value), "")
    return Why(
        id=f"line-{line.line}",
        title=Text(f"为什么是 {money(line.net)}", f"Why {money(line.net)}"),
        basis=Text(f"价格依据 {on}，制度版本 {version}", f"Prices as of {on}, regulation {version}"),
        terms=terms,
        result=Result(money(line.net), Text("实洋", "net"), "blue"),
        inputs=(
            Input(Text("定价", "List price"), Text(f"{price}，{on} 有效", f"{price}, valid on {on}")),
            Input(Text("折扣", "Discount"), _discount_words(line, rule, basis.facts)),
            Input(
                Text("进位", "Rounding"), Text("每行四舍五入到分，合计为各行之和", "half-up to the cent on each line; totals add the lines")
            ),
        ),
        clause=clause_link(clause, basis.regulation),
    )


def _discount_words(line: OrderLine, rule: int | None, facts: Values) -> Text:
    level, grade = facts.text("level"), facts.part("credit").text("grade")
    kind = FIRM_KIND_WORDS[FirmKind(level)] if level in FirmKind._value2member_map_ else Text(level or "—", level or "—")
    share = percent_bp(line.discount_bp)
    if rule is None or rule == line.discount_bp:
        return Text(f"{share}，折扣表：{kind.zh} {grade}级", f"{share}, discount table: {kind.en}, grade {grade}")
    whence = Text("已批特价", "a special price granted") if line.special_id else Text("录入时自定", "offered when it was entered")
    return Text(
        f"{share}，{whence.zh}；折扣表：{kind.zh} {grade}级 {percent_bp(rule)}",
        f"{share}, {whence.en}; discount table: {kind.en}, grade {grade}, {percent_bp(rule)}",
    )
