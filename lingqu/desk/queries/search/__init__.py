"""What a search finds, one statement for each kind of thing, and never more than the person may see."""

from lingqu.desk.queries.search.clauses import clause_keys
from lingqu.desk.queries.search.names import FoundPartner, FoundPerson, FoundProduct, found_partners, found_people, found_products
from lingqu.desk.queries.search.numbers import (
    FoundOrder,
    FoundPaper,
    found_approvals,
    found_documents,
    found_orders,
    found_papers,
    found_parcels,
)
from lingqu.desk.queries.search.one import PersonCard, person_card

__all__ = [
    "FoundOrder", "FoundPaper", "FoundPartner", "FoundPerson", "FoundProduct", "PersonCard", "clause_keys", "found_approvals",
    "found_documents", "found_orders", "found_papers", "found_parcels", "found_partners", "found_people", "found_products", "person_card",
]  # fmt: skip
