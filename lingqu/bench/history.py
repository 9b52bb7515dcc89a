"""A long history: some hundred orders live their whole life through the product, then all their rows are copied, set by set.

What a unit of orders does to every balance is nothing: the goods that leave came in for it, and every batch is paid. So copies of it change
no running row, and `lingqu verify` holds on a million orders as it does on one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import sql

from lingqu.base.text import Text
from lingqu.bench.batch import random_request
from lingqu.bench.publisher import Publisher
from lingqu.config.home import Home, connection

if TYPE_CHECKING:
    from datetime import datetime

    from lingqu.orders.actions import Asked
    from lingqu.organisation.queries import Acting
    from lingqu.policy.rules import Regulation

Report = Callable[[str], None]
EARLIER: Final = date(2025, 1, 1)
"""The goods of the history came before all others, so that they leave first and their lots are empty in the end."""
ROUNDS: Final = 2
COPIES_AT_ONCE: Final = 100
TABLES: Final = (
    "orders_order", "orders_orderline", "orders_storeddecision", "orders_delivery", "orders_deliveryline", "orders_parcel",
    "credit_batch", "credit_receipt", "credit_application", "inventory_goodsin", "inventory_lot", "inventory_lotmove", "ledger_posting",
    "audit_fact",
)  # fmt: skip
"""What a unit consists of. The other rows it made, such as notices, are not copied: nobody has a million in the inbox."""
DOCUMENTS: Final = {
    "order": "orders_order", "delivery": "orders_delivery", "batch": "credit_batch", "receipt": "credit_receipt",
    "goods_in": "inventory_goodsin",
}  # fmt: skip
"""The table behind a kind of document, where rows name it by kind and id."""
NAMED: Final = (
    ("ledger_posting", "document_kind", "document_id"), ("inventory_lotmove", "document_kind", "document_id"),
    ("audit_fact", "subject", "subject_id"),
)  # fmt: skip
BESIDE: Final = {("ledger_posting", "resolves_id"): "ledger_posting", ("credit_batch", "document_id"): "orders_order"}
"""Columns that hold an id of another table without a foreign key."""
NUMBERS: Final = {
    "orders_order": ("number",), "orders_delivery": ("number",), "credit_receipt": ("number",), "inventory_goodsin": ("number",),
    "inventory_lot": ("number",), "credit_batch": ("request",),
}  # fmt: skip
"""Numbers of documents, which go on counting from copy to copy."""
COUNTED_AS: Final = {"credit_batch": "orders_order", "inventory_lot": "inventory_goodsin"}
"""A batch has the number of its request, a lot that of the paper with which it came."""


def grow(home: Home, publisher: Publisher, orders: int, report: Report) -> dict[str, Any]:
    """Bring the history to about `orders` orders of ten lines, and return how many there are and how long it took.

    The publisher stands as `make_publisher` made it and the installation's Django is loaded. Refuses (RuntimeError) a unit that left
    something open.
    """
    begun = time.monotonic()
    whole = connection(home, "owner") | {"user": "postgres", "password": home.secrets()["superuser_password"]}
    with psycopg.connect(**whole, autocommit=True) as server:  # type: ignore[arg-type]
        base = _last_ids(server)
        made = _live(publisher)
        lived = time.monotonic() - begun
        copies = max(orders // made - 1, 0)
        _copy(server, base, copies, report)
        total = server.execute("SELECT count(*) FROM orders_order").fetchone()
    return {
        "orders": total[0] if total else 0,
        "unit": made,
        "unit_seconds": round(lived, 1),
        "copy_seconds": round(time.monotonic() - begun - lived, 1),
    }


def _live(publisher: Publisher) -> int:
    """Let every partner order, be served and pay, twice, by real actions; return how many orders that were."""
    from lingqu.base.clock import now, today
    from lingqu.credit.models import CreditLine
    from lingqu.orders.actions import submit_orders
    from lingqu.organisation.models import Person
    from lingqu.organisation.queries import acting
    from lingqu.policy.queries import regulation_in_force

    chance = random.Random(4_000)  # noqa: S311 - a load, no secret
    at, day = now(), today()
    regulation = regulation_in_force(on=day)
    representative = acting(Person.objects.select_related("firm").get(pk=publisher.people[0]), on=day)
    lines = {line.buyer_id: line for line in CreditLine.objects.filter(seller_id=publisher.seller)}
    served = 0
    for _ in range(ROUNDS):
        asked = [_for_partner(publisher, place, chance) for place in range(len(publisher.partners))]
        _take_in(publisher, asked, at)
        for first in range(0, len(asked), 100):
            outcomes = submit_orders(asked[first : first + 100], regulation=regulation, by=representative, at=at)
            for one, outcome in zip(asked[first : first + 100], outcomes, strict=True):
                if outcome.order is None:
                    message = f"a request of the history was not taken: {outcome.refusal}"
                    raise RuntimeError(message)
                _serve(outcome.order, lines[one.buyer], regulation, representative, at)
                served += 1
    return served


def _for_partner(publisher: Publisher, place: int, chance: random.Random) -> Asked:
    import msgspec

    return msgspec.structs.replace(random_request(publisher, chance), buyer=publisher.partners[place])


def _take_in(publisher: Publisher, asked: Sequence[Asked], at: datetime) -> None:
    """Take in exactly the copies that will leave."""
    from lingqu.catalogue.models import Product
    from lingqu.inventory.actions import take_goods_in
    from lingqu.inventory.queries import warehouse_of

    wanted: dict[int, int] = {}
    for one in asked:
        for line in one.lines:
            wanted[line.product] = wanted.get(line.product, 0) + line.copies
    products = Product.objects.in_bulk(wanted)
    warehouse = warehouse_of(publisher.seller)
    if warehouse is None:
        message = "the publisher of the measurement has no warehouse"
        raise RuntimeError(message)
    take_goods_in(warehouse, {products[one]: copies for one, copies in wanted.items()}, received_on=EARLIER, by=None, at=at)


def _serve(order: int, line: Any, regulation: Regulation, by: Acting, at: datetime) -> None:  # noqa: ANN401 - a model, loaded with Django
    """Accept, ship and be paid to the cent."""
    from lingqu.base.calendar import china_day
    from lingqu.credit.actions import NewReceipt, enter_receipt
    from lingqu.orders.actions import accept_order, ship_order
    from lingqu.orders.models import Order
    from lingqu.organisation.states import PostCode

    everywhere = _with_posts(by, PostCode.WAREHOUSE, PostCode.FINANCE)
    accept_order(order, ship_on=china_day(at), regulation=regulation, by=by, at=at)
    ship_order(order, regulation=regulation, by=everywhere, at=at)
    net: Decimal = Order.objects.values_list("net", flat=True).get(pk=order)
    enter_receipt(NewReceipt(line.pk, f"history-{order}", net, china_day(at)), regulation=regulation, by=everywhere, at=at)


def _with_posts(by: Acting, *posts: Any) -> Acting:  # noqa: ANN401 - post codes, loaded with Django
    import msgspec

    return msgspec.structs.replace(by, posts=by.posts | {(post, by.firm) for post in posts})


def _last_ids(server: psycopg.Connection) -> dict[str, int]:
    found = {}
    for table in TABLES:
        row = server.execute(sql.SQL("SELECT COALESCE(max(id), 0) FROM {}").format(sql.Identifier(table))).fetchone()
        found[table] = row[0] if row else 0
    return found


def _copy(server: psycopg.Connection, base: Mapping[str, int], copies: int, report: Report) -> None:
    """Copy the rows behind `base` so many times, every id and number shifted by the unit's span; foreign keys are not asked again."""
    last = _last_ids(server)
    spans = {table: last[table] - base[table] for table in TABLES}
    _must_be_nothing(server, base)
    server.execute("SET session_replication_role = replica")
    for table in TABLES:
        columns = server.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
            " ORDER BY ordinal_position",
            (table,),
        ).fetchall()
        links = _links(server, table)
        values = sql.SQL(", ").join(_value(table, name, kind, links, base, spans) for name, kind in columns)
        names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns)
        statement = sql.SQL(
            "INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {values}"
            " FROM {table} AS t, generate_series(%(first)s::int, %(last)s::int) AS k WHERE t.id > %(base)s AND t.id <= %(most)s"
        ).format(table=sql.Identifier(table), names=names, values=values)
        for first in range(1, copies + 1, COPIES_AT_ONCE):
            upto = min(first + COPIES_AT_ONCE - 1, copies)
            server.execute(statement, {"first": first, "last": upto, "base": base[table], "most": last[table]})
        _tell(report, "{table}：已复制 {copies} 份", "{table}: copied {copies} times", table=table, copies=copies)
    server.execute("SET session_replication_role = origin")
    _go_on_counting(server, copies)


def _must_be_nothing(server: psycopg.Connection, base: Mapping[str, int]) -> None:
    """Refuse a unit that left a batch open, goods on a shelf or a request unshipped."""
    row = server.execute(
        "SELECT (SELECT count(*) FROM credit_batch WHERE id > %(batch)s AND settled_on IS NULL)"
        " + (SELECT count(*) FROM inventory_lot WHERE id > %(lot)s AND remaining > 0)"
        " + (SELECT count(*) FROM orders_order WHERE id > %(order)s AND state <> 'shipped')"
        " + (SELECT count(*) FROM credit_receipt WHERE id > %(receipt)s AND unapplied > 0)",
        {"batch": base["credit_batch"], "lot": base["inventory_lot"], "order": base["orders_order"], "receipt": base["credit_receipt"]},
    ).fetchone()
    if row is None or row[0]:
        message = f"the unit of the history left {row[0] if row else 'something'} things open"
        raise RuntimeError(message)


def _links(server: psycopg.Connection, table: str) -> dict[str, str]:
    """Return which columns of a table hold ids of which tables of the unit."""
    found = server.execute(
        "SELECT a.attname, f.relname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f' AND r.relname = %s",
        (table,),
    ).fetchall()
    links = {column: other for column, other in found if other in TABLES}
    return links | {column: other for (named, column), other in BESIDE.items() if named == table}


def _value(
    table: str, name: str, kind: str, links: Mapping[str, str], base: Mapping[str, int], spans: Mapping[str, int]
) -> sql.Composable:  # fmt: skip
    """Return what stands in a column of the k-th copy."""
    column = sql.SQL("t.{}").format(sql.Identifier(name))
    by_kind = {(named, place): kind_column for named, kind_column, place in NAMED}
    if name == "id":
        value: sql.Composable = sql.SQL("t.id + k * {}").format(spans[table])
    elif name in links:
        value = _shifted(column, links[name], base, spans)
    elif (table, name) in by_kind:
        cases = [sql.SQL("WHEN {} THEN {}").format(one, _shifted(column, other, base, spans)) for one, other in DOCUMENTS.items()]
        value = sql.SQL("CASE t.{} {} ELSE {} END").format(sql.Identifier(by_kind[table, name]), sql.SQL(" ").join(cases), column)
    elif name in NUMBERS.get(table, ()):
        many = spans[COUNTED_AS.get(table, table)]
        value = sql.SQL("regexp_replace({c}, '[0-9]+$', '') || (substring({c} from '[0-9]+$')::bigint + k * {n})::text").format(
            c=column, n=many
        )
    elif (table, name) == ("credit_batch", "number"):
        value = sql.SQL("t.number + k * {}").format(ROUNDS)
    elif name == "key":
        value = sql.SQL("CASE WHEN t.key = '' THEN '' ELSE left(t.key, 50) || '-' || k END")
    else:
        value = sql.SQL("{} - k * interval '1 second'").format(column) if kind == "timestamp with time zone" else column
    return value


def _shifted(column: sql.Composable, table: str, base: Mapping[str, int], spans: Mapping[str, int]) -> sql.Composable:
    return sql.SQL("CASE WHEN {c} > {b} THEN {c} + k * {s} ELSE {c} END").format(c=column, b=base[table], s=spans[table])


def _go_on_counting(server: psycopg.Connection, copies: int) -> None:
    """Let ids, numbers and batches of partners go on behind the copies, and let the planner know how much there is."""
    server.execute("UPDATE credit_creditline SET last_batch = last_batch + %s WHERE last_batch > 0", (copies * ROUNDS,))
    for table in TABLES:
        server.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({name}, 'id'), (SELECT max(id) FROM {table}))").format(
                name=sql.Literal(table), table=sql.Identifier(table)
            )
        )
    for series, table in (("jh", "orders_order"), ("ps", "orders_delivery"), ("sk", "credit_receipt"), ("rk", "inventory_goodsin")):
        server.execute(
            sql.SQL(
                "SELECT setval(c.oid::regclass, (SELECT max(substring(number from '[0-9]+$')::bigint) FROM {table}))"
                " FROM pg_class c WHERE c.relkind = 'S' AND c.relname LIKE {name}"
            ).format(table=sql.Identifier(table), name=sql.Literal(f"documents_number_{series}_%"))
        )
    for table in TABLES:
        server.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))


def _tell(report: Report, zh: str, en: str, **values: object) -> None:
    report(str(Text(zh, en).fill(**values)))
