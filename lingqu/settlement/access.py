"""Who may do what with bank files and statements.

Those who may enter money by hand see bank files, nobody else; a statement is seen by both sides, and its partner's owner answers it.
"""

from __future__ import annotations

from lingqu.base.access import Entry, Once, Seen, Sight, Way, both, for_tokens, reading, writing
from lingqu.credit.access import MONEY_POSTS, may_enter_receipt
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode, Scope

SELLING = (FirmKind.HQ.value, FirmKind.AGENT.value)


def may_book(who: Acting, seller: int) -> bool:
    """Return whether the person may take in bank files of the seller and book their lines: its finance head, or an agent's own owner."""
    return who.firm == seller and who.firm_kind in SELLING and may_enter_receipt(who, seller)


def may_issue(who: Acting, seller: int) -> bool:
    """Return whether the person may issue statements of the seller and answer objections: who may book its money (M-16.3.3.1)."""
    return may_book(who, seller)


def may_answer_statement(who: Acting, buyer: int) -> bool:
    """Return whether the person may agree or object to a statement: the owner of the partner that it is for."""
    return who.firm == buyer and who.holds(PostCode.OWNER, buyer)


_BOOKING = Way(kinds=SELLING, posts=MONEY_POSTS)
_BOOKING_OWN = Way(kinds=SELLING, posts=MONEY_POSTS, relation="seller")
_PARTY = Way(relation="party")
_BANK = Sight(firms=(Seen("seller", posts=MONEY_POSTS),))

ROUTES: dict[str, Entry] = {
    "bank": reading(_BOOKING),
    "bank_book": writing(_BOOKING),
    "bank_new": both(_BOOKING),
    "bank_upload": both(_BOOKING_OWN),
    "bank_files": reading(_BOOKING),
    "bank_file": reading(_BOOKING_OWN),
    "bank_original": reading(_BOOKING_OWN),
    "bank_line": reading(_BOOKING_OWN),
    "bank_line_book": writing(_BOOKING_OWN, once=Once.ALIKE),
    "bank_line_aside": writing(_BOOKING_OWN),
    "bank_line_up": writing(_BOOKING_OWN),
    "bank_line_unbook": writing(_BOOKING_OWN),
    "statements": reading(_BOOKING),
    "statements_issue": writing(_BOOKING),
    "statement": reading(_PARTY),
    "statement_pdf": reading(_PARTY),
    "statement_excel": reading(_PARTY),
    "statement_json": reading(_PARTY),
    "statement_verb": writing(_BOOKING_OWN, Way(posts=(PostCode.OWNER,), relation="buyer")),
    "api:partner_statement": for_tokens(read=Scope.MONEY_READ, ways=(_PARTY,)),
}
MODELS: dict[str, Sight] = {
    "BankProfile": _BANK,
    "BankUpload": _BANK,
    "BankFile": _BANK,
    "BankLine": _BANK,
    "BankBooking": Sight(firms=(Seen("bank_line__seller", posts=MONEY_POSTS),)),
    "PayerAccount": _BANK,
    "Statement": Sight(firms=(Seen("line__seller"), Seen("line__buyer"))),
    "StatementDispute": Sight(firms=(Seen("statement__line__seller"), Seen("statement__line__buyer"))),
}
