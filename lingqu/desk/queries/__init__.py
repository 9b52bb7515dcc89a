"""Reads that draw from several modules: what waits for whom, partners with their money, movements in order."""

from lingqu.desk.queries.branch import Branch, branch_of
from lingqu.desk.queries.carried import accounts_of_key, approvals_of_chain, approvals_per_chain, duties_of_rule, duties_per_rule
from lingqu.desk.queries.delegations import Held, past_delegations, person_of_firm, posts_held, standing_delegations
from lingqu.desk.queries.evidence import decisions_of_law, decisions_per_law
from lingqu.desk.queries.feed import PartnerFeedRow, feed_of_partners, partner_called
from lingqu.desk.queries.flow import weekly_accepted, weekly_received
from lingqu.desk.queries.happenings import Happening, happenings_of
from lingqu.desk.queries.money import DueBatch, MoneyFigures, PaymentRecord, due_batches, money_figures, payment_records, unapplied_lines
from lingqu.desk.queries.movements import MOVEMENTS_A_PAGE, Movement, movements_page
from lingqu.desk.queries.partners import (
    PARTNERS_SHOWN,
    PartnerFilter,
    PartnerList,
    PartnerRow,
    find_partner,
    list_partners,
    own_relation,
    people_of,
    representatives_of,
    representing,
)
from lingqu.desk.queries.records import records_of_key, records_per_key
from lingqu.desk.queries.shell import MenuCounts, menu_counts, publisher_name
from lingqu.desk.queries.shipping import ToShip, to_ship
from lingqu.desk.queries.waiting import WaitingRow, requests_of, waiting_requests

__all__ = [
    "MOVEMENTS_A_PAGE",
    "PARTNERS_SHOWN",
    "Branch",
    "DueBatch",
    "Happening",
    "Held",
    "MenuCounts",
    "MoneyFigures",
    "Movement",
    "PartnerFeedRow",
    "PartnerFilter",
    "PartnerList",
    "PartnerRow",
    "PaymentRecord",
    "ToShip",
    "WaitingRow",
    "accounts_of_key",
    "approvals_of_chain",
    "approvals_per_chain",
    "branch_of",
    "decisions_of_law",
    "decisions_per_law",
    "due_batches",
    "duties_of_rule",
    "duties_per_rule",
    "feed_of_partners",
    "find_partner",
    "happenings_of",
    "list_partners",
    "menu_counts",
    "money_figures",
    "movements_page",
    "own_relation",
    "partner_called",
    "past_delegations",
    "payment_records",
    "people_of",
    "person_of_firm",
    "posts_held",
    "publisher_name",
    "records_of_key",
    "records_per_key",
    "representatives_of",
    "representing",
    "requests_of",
    "standing_delegations",
    "to_ship",
    "unapplied_lines",
    "waiting_requests",
    "weekly_accepted",
    "weekly_received",
]  # fmt: skip
