"""Reads that draw from several modules: what waits for whom, partners with their money, movements in order."""

from lingqu.desk.queries.evidence import decisions_per_law
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
from lingqu.desk.queries.shell import MenuCounts, menu_counts, publisher_name
from lingqu.desk.queries.shipping import ToShip, to_ship
from lingqu.desk.queries.waiting import WaitingRow, requests_of, waiting_requests

__all__ = [
    "MOVEMENTS_A_PAGE", "PARTNERS_SHOWN", "DueBatch", "Happening", "MenuCounts", "MoneyFigures", "Movement",
    "PartnerFilter", "PartnerList", "PartnerRow", "PaymentRecord", "ToShip", "WaitingRow", "decisions_per_law", "due_batches",
    "find_partner", "happenings_of", "list_partners", "menu_counts", "money_figures", "movements_page", "own_relation", "payment_records",
    "people_of", "publisher_name", "representatives_of", "representing", "requests_of", "to_ship", "unapplied_lines", "waiting_requests",
    "weekly_accepted", "weekly_received",
]  # fmt: skip
