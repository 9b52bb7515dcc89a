"""What stands between a seller and a buyer: counted for the tabs of the partner's page, and lists that only that page shows."""

from __future__ import annotations

import msgspec
from django.db.models import Exists, OuterRef

from lingqu.base.database import rows
from lingqu.catalogue.access import SHOWN_TO_BUYERS
from lingqu.catalogue.models import SpecialPrice
from lingqu.desk.queries.specials import with_used
from lingqu.settlement.models import Statement, StatementDispute

MOST_COUNTED = 1_000
MOST_SHOWN = 100
MONTHS_SHOWN = 36


class Counts(msgspec.Struct, frozen=True):
    """How many requests (to 1,000), receipts (to 1,000), statements, special prices and holds, open ones among them, there are."""

    requests: int = 0
    receipts: int = 0
    statements: int = 0
    specials: int = 0
    holds: int = 0
    open_holds: int = 0


class StatementRow(msgspec.Struct, frozen=True):
    """A statement that was issued (without its content). `objected`: an objection to it has no answer yet."""

    statement: Statement
    objected: bool


_COUNTS = """
SELECT (SELECT count(*) FROM (SELECT FROM orders_order o WHERE o.buyer_id = %(buyer)s AND o.seller_id = %(seller)s LIMIT %(most)s) AS o)
           AS requests,
       (SELECT count(*) FROM (SELECT FROM credit_receipt r WHERE r.line_id = %(line)s::bigint LIMIT %(most)s) AS r) AS receipts,
       (SELECT count(*) FROM settlement_statement s WHERE s.line_id = %(line)s::bigint) AS statements,
       (SELECT count(*) FROM catalogue_specialprice p WHERE p.seller_id = %(seller)s AND p.buyer_id = %(buyer)s
           AND (%(sells)s OR p.state = ANY(%(shown)s::text[]))) AS specials,
       (SELECT count(*) FROM credit_supplyhold h WHERE h.line_id = %(line)s::bigint) AS holds,
       (SELECT count(*) FROM credit_supplyhold h WHERE h.line_id = %(line)s::bigint AND h.state <> 'released') AS open_holds
"""


def counts_between(seller: int, buyer: int, line: int | None, *, sells: bool) -> Counts:
    """Return what there is between the two in one statement; the buyer's people are not told of special prices that were not granted."""
    named = {"seller": seller, "buyer": buyer, "line": line, "most": MOST_COUNTED, "sells": sells, "shown": list(SHOWN_TO_BUYERS)}
    (row,) = rows(_COUNTS, named)
    return Counts(**row._asdict())


def specials_between(seller: int, buyer: int, *, sells: bool) -> list[SpecialPrice]:
    """Return the newest special prices of the two, at most 100, each with `used` copies; to the buyer those that were granted."""
    found = with_used().filter(seller_id=seller, buyer_id=buyer)
    return list((found if sells else found.filter(state__in=SHOWN_TO_BUYERS))[:MOST_SHOWN])


def statements_of(line: int) -> list[StatementRow]:
    """Return the statements that were issued for a line, the newest month first, at most 36."""
    unanswered = StatementDispute.objects.filter(statement=OuterRef("pk"), answered_at__isnull=True)
    found = Statement.objects.filter(line_id=line).order_by("-month").defer("content").annotate(objected=Exists(unanswered))
    return [StatementRow(statement, objected=statement.objected) for statement in found[:MONTHS_SHOWN]]
