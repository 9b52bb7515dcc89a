"""Home, search, partners, credit desk and special prices; sign-ins, tokens and stand-ins."""

from lingqu.desk.views.credit_desk import credit_desk, credit_desk_documents, credit_desk_drop, credit_desk_keep
from lingqu.desk.views.delegations import delegations, end
from lingqu.desk.views.home import accept, again, decline, home, ship, task, waive
from lingqu.desk.views.papers import partner_paper_scan, partner_papers
from lingqu.desk.views.partners import partner, partners
from lingqu.desk.views.people import (
    firm_people,
    invitation_withdraw,
    people,
    person_disable,
    person_enable,
    person_factor_off,
    person_reset,
    person_sessions_end,
)
from lingqu.desk.views.search import person, search, search_opened
from lingqu.desk.views.security import (
    factor_codes,
    factor_off,
    factor_on,
    password_change,
    security,
    session_end,
    sessions_end_others,
)
from lingqu.desk.views.signatures import signatures
from lingqu.desk.views.specials import special_end, special_new, special_price, special_revise, special_withdraw, specials
from lingqu.desk.views.tokens import revoke, tokens

__all__ = [
    "accept",
    "again",
    "credit_desk",
    "credit_desk_documents",
    "credit_desk_drop",
    "credit_desk_keep",
    "decline",
    "delegations",
    "end",
    "factor_codes",
    "factor_off",
    "factor_on",
    "firm_people",
    "home",
    "invitation_withdraw",
    "partner",
    "partner_paper_scan",
    "partner_papers",
    "partners",
    "password_change",
    "people",
    "person",
    "person_disable",
    "person_enable",
    "person_factor_off",
    "person_reset",
    "person_sessions_end",
    "revoke",
    "search",
    "search_opened",
    "security",
    "session_end",
    "sessions_end_others",
    "ship",
    "signatures",
    "special_end",
    "special_new",
    "special_price",
    "special_revise",
    "special_withdraw",
    "specials",
    "task",
    "tokens",
    "waive",
]  # fmt: skip
