"""English words for what there is one of: texts are written for many, and read right for one.

`Text` and the template word `tr` let their English pass here, so that no sentence has to be written twice for `1 copies`.
"""

from __future__ import annotations

import re
from typing import Final

_IRREGULAR: Final = {"copies": "copy", "batches": "batch", "people": "person", "entries": "entry", "deliveries": "delivery",
                     "duties": "duty", "parties": "party", "replies": "reply", "classes": "class", "addresses": "address"}  # fmt: skip
_REGULAR: Final = (
    "accounts", "approvals", "articles", "attempts", "cells", "changes", "characters", "checks", "clauses", "columns", "comments", "counts",
    "days", "decisions", "differences", "documents", "errors", "exceptions", "fields", "files", "groups", "hours", "items", "kinds", "laws",
    "letters", "levels", "lines", "lots", "members", "minutes", "months", "movements", "names", "notes", "notices", "objections",
    "offers", "orders", "papers", "parameters", "parcels", "partners", "parts", "payments", "places", "points", "prices",
    "products", "proposals", "questions", "quotes", "reasons", "receipts", "reports", "representatives", "requests", "retailers",
    "returns", "rows", "rules", "sheets", "signatures", "statements", "steps", "tables", "titles", "tokens", "transfers",
    "versions", "votes", "weeks", "words", "workbooks", "years",
)  # fmt: skip
_VERBS: Final = {"are": "is", "were": "was", "have": "has", "do": "does", "stay": "stays", "wait": "waits", "differ": "differs",
                 "need": "needs", "lie": "lies", "stand": "stands", "belong": "belongs", "await": "awaits"}  # fmt: skip
_BETWEEN: Final = "bank|calendar|further|late|later|missing|more|old|open|opening|other|overdue|purchase|waiting|weekend|worked|working"
_ONE: Final = re.compile(
    rf"(?<![\w.,\-])1((?:</\w+>)? (?:(?:{_BETWEEN}) ){{0,2}})({'|'.join([*_IRREGULAR, *_REGULAR])})\b(?: ({'|'.join(_VERBS)})\b)?"
)


def told_of_one(words: str) -> str:
    """Return English words in which what there is one of stands in the singular: `1 copies are` reads `1 copy is`."""
    return _ONE.sub(_singular, words) if "1" in words else words


def _singular(found: re.Match[str]) -> str:
    between, noun, verb = found.groups()
    one = _IRREGULAR.get(noun) or noun[:-1]
    return f"1{between}{one}" + (f" {_VERBS[verb]}" if verb else "")
