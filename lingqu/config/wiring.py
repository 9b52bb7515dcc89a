"""The one page that lists who hears which event, in order, and what a regulation may count on: relations, evidence, measures."""

from __future__ import annotations

from datetime import timedelta

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.views.out import APPROVALS_OUT
from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.events import wire
from lingqu.base.text import Text
from lingqu.catalogue.actions import on_special_moved
from lingqu.catalogue.sheets import TITLES_OUT
from lingqu.catalogue.views import TITLES_IN
from lingqu.claims.queries import relief_told
from lingqu.config.modules import with_declared
from lingqu.credit import actions as credit
from lingqu.credit.events import BatchReopened, BatchSettled, ReceiptReversed
from lingqu.credit.queries import money_received, net_accepted, on_time_payment
from lingqu.credit.sheets import GROUPS_OUT, HOLDS_OUT, RECEIPTS_OUT
from lingqu.credit.views.terms_table import TERMS_IN, TERMS_OUT
from lingqu.desk.queries import (
    accounts_of_key,
    approvals_of_chain,
    approvals_per_chain,
    decisions_of_law,
    decisions_per_law,
    duties_of_rule,
    duties_per_rule,
    records_of_key,
    records_per_key,
)
from lingqu.desk.sheets import PARTNERS_OUT, SPECIALS_OUT
from lingqu.desk.views.out import BATCHES_OUT, CREDIT_DESK_OUT, SIGNATURES_OUT
from lingqu.documents.queries import register_import, register_list
from lingqu.duties import queries as duties
from lingqu.duties.views.out import DUTIES_OUT
from lingqu.inventory.actions import on_count_moved
from lingqu.inventory.events import GoodsExpected, GoodsTakenIn
from lingqu.inventory.queries import Namer, register_moving_document
from lingqu.inventory.sheets import COUNTS_OUT, LOTS_OUT, STOCK_OUT
from lingqu.inventory.views.table import GOODS_IN
from lingqu.orders.actions import lock_back_orders, mark_reopened, mark_settled, mark_written_off, on_signature_moved, reserve_what_came
from lingqu.orders.events import GoodsAtTheDoor
from lingqu.orders.queries import answered_in_time, deliveries_named, differences_named, goods_returns_named, register_relief
from lingqu.orders.views.out import DELIVERIES_OUT, ORDERS_OUT, TO_SHIP_OUT
from lingqu.organisation.queries import register_relation
from lingqu.partners.queries import representatives_of, represented_by
from lingqu.policy import actions as policy
from lingqu.policy.queries import EvidenceSource, MeasureReader, register_carrier, register_evidence, register_measure
from lingqu.policy.rules.names import carrier_name
from lingqu.policy.views.out import EVIDENCE_OUT, GAPS_OUT, PARAMETERS_OUT
from lingqu.reports.queries import REPORTS_WRITTEN
from lingqu.returns.actions import on_goods_at_the_door, on_return_moved, on_transfer_moved
from lingqu.returns.views.out import RETURNS_OUT, TRANSFERS_OUT
from lingqu.settlement import actions as settlement
from lingqu.settlement.views.out import BANK_FILES_OUT, BANK_OUT, STATEMENTS_OUT

PERCENT, YUAN = Text("%", "%"), Text("元", "yuan")
CARRIERS = {
    "record:versions": "/regulation/publisher/versions",
    "record:drafts": "/regulation/publisher/versions",
    "record:readings": "/regulation/publisher/versions",
    "record:benchmarks": "/regulation/publisher/parameters",
    "record:gaps": "/regulation/publisher/gaps",
    "record:partners": "/partners/",
    "record:representatives": "/partners/",
    "record:orders": "/orders/",
    "record:deliveries": "/deliveries/",
    "record:answers": "/orders/",
    "record:purchase_contracts": "/orders/",
    "record:receipts": "/receipts/",
    "record:stock": "/stock/",
    "record:lots": "/stock/",
    "record:statements": "/statements/",
    "record:calendar": "/duties/working-calendar",
    "record:minutes": "/approvals/",
    "procedure:regulation_change": "/regulation/publisher/versions",
    "procedure:special_signature": "/credit/signatures",
    "procedure:special_price": "/special-prices/",
    "procedure:limit_change": "/partners/",
    "procedure:grade_change": "/partners/",
    "procedure:retailer_terms": "/partners/",
    "procedure:hold_release": "/credit/holds/",
    "procedure:write_off": "/receipts/",
    "procedure:return": "/returns/",
    "procedure:transfer": "/transfers/",
    "record:returns": "/returns/",
    "record:transfers": "/transfers/",
    "procedure:stock_difference": "/stock/counts/",
    "record:holds": "/credit/holds/",
    "account:credit_line": "/partners/",
    "account:open_batches": "/partners/",
}
"""What the product keeps beside laws and duties, and where people see it. A procedure stands here when some action starts it."""

MEASURES: dict[str, tuple[Text, Text, MeasureReader]] = {
    "on_time_payment": (
        Text("按期回款率", "paid on time"),
        PERCENT,
        lambda firm, since, until: on_time_payment(firm, since=since, until=min(until, china_day(now()) + timedelta(days=1))),
    ),
    "net_purchases": (
        Text("受理实洋", "net of accepted requests"),
        YUAN,
        lambda firm, since, until: net_accepted(firm, since=since, until=until),
    ),
    "money_received": (Text("回款", "money received"), YUAN, lambda firm, since, until: money_received(firm, since=since, until=until)),
    "answered_in_time": (
        Text("按时答复率", "answered in time"),
        PERCENT,
        lambda firm, since, until: answered_in_time(firm, since=since, until=until),
    ),
    "on_time_reports": (
        Text("按期报送率", "handed in on time"),
        PERCENT,
        lambda firm, since, until: duties.on_time_rate(firm, since=since, until=until, on=china_day(now())).percent,
    ),
}
"""What a regulation may judge by, and who tells it."""

LISTS_OUT = (
    *(ORDERS_OUT, DELIVERIES_OUT, TO_SHIP_OUT, RETURNS_OUT, TRANSFERS_OUT),
    *(PARTNERS_OUT, CREDIT_DESK_OUT, BATCHES_OUT, SIGNATURES_OUT, SPECIALS_OUT, GROUPS_OUT, HOLDS_OUT, RECEIPTS_OUT, TERMS_OUT),
    *(BANK_OUT, BANK_FILES_OUT, STATEMENTS_OUT),
    *(STOCK_OUT, LOTS_OUT, COUNTS_OUT, TITLES_OUT),
    *(APPROVALS_OUT, DUTIES_OUT, PARAMETERS_OUT, GAPS_OUT, EVIDENCE_OUT),
)
"""Lists that people may take out as workbooks. A partner's statement is a paper of three sheets and has an address of its own."""

LISTS_IN = (TITLES_IN, GOODS_IN, TERMS_IN)
"""Tables by which people bring things in; going live, bank files, booklists and holidays have pages of their own."""

MOVING: dict[str, Namer] = {"delivery": deliveries_named, "difference": differences_named, "goods_return": goods_returns_named}
"""Documents above stock by which copies of lots move, and who names them."""


def wire_all() -> None:
    """Set the subscribers and registers; called once when Django is ready."""
    wire(
        with_declared(
            {
                BatchSettled: (mark_settled,),
                BatchReopened: (mark_reopened,),
                ReceiptReversed: (settlement.on_receipt_reversed,),
                GoodsExpected: (lock_back_orders,),
                GoodsTakenIn: (reserve_what_came,),
                GoodsAtTheDoor: (on_goods_at_the_door,),
                # First the regulation is issued, then the credit lines follow its table; then credit's own proposals, and
                # the documents above it.
                ApprovalMoved: (
                    policy.on_approval_moved,
                    credit.follow_issue,
                    credit.on_approval_moved,
                    credit.on_hold_approval_moved,
                    credit.on_write_off_moved,
                    credit.on_group_moved,
                    credit.on_terms_moved,
                    mark_written_off,
                    on_special_moved,
                    on_count_moved,
                    on_signature_moved,
                    on_return_moved,
                    on_transfer_moved,
                ),
            }
        )
    )
    _register_all()


def _register_all() -> None:
    """Set the registers: relations, evidence, what carries clauses out, measures, lists."""
    register_relation("representative_of", representatives_of)
    duties.register_relation("representative_of", representatives_of, firms=represented_by)
    register_evidence("law", EvidenceSource(decisions_of_law, decisions_per_law))
    register_evidence("procedure", EvidenceSource(approvals_of_chain, approvals_per_chain))
    register_evidence("duty", EvidenceSource(duties_of_rule, duties_per_rule))
    register_evidence("record", EvidenceSource(records_of_key, records_per_key))
    register_evidence("account", EvidenceSource(accounts_of_key))
    register_relief(relief_told)
    for paper, address in REPORTS_WRITTEN.items():
        duties.register_written(paper, address)
    for carrier, page in CARRIERS.items():
        kind, _, key = carrier.partition(":")
        register_carrier(kind, key, carrier_name(carrier), page)
    for name, (words, unit, reader) in MEASURES.items():
        register_measure(name, words, unit, reader)
    for made in LISTS_OUT:
        register_list(made)
    for table in LISTS_IN:
        register_import(table)
    for kind, namer in MOVING.items():
        register_moving_document(kind, namer)
