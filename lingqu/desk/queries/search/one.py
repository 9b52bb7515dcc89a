"""One person, as those see them who work with them: posts, telephone, whom they represent, who stands in for them."""

# ruff: noqa: S608 - the statement is made of our own words; every value is a parameter

from __future__ import annotations

from datetime import date

import msgspec

from lingqu.base.database import rows
from lingqu.base.refusal import not_found
from lingqu.desk.queries.search.names import SEEN_PEOPLE
from lingqu.organisation.queries import Acting

BIGGEST_ID = 2**63 - 1
PARTNERS_NAMED = 100


class PersonCard(msgspec.Struct, frozen=True):
    """A person with their firm; `posts` are codes; `partners` (code and name) those that they represent at the firm of who looks.

    `stand_ins` are names of who acts for them today.
    """

    id: int
    name: str
    telephone: str
    firm_code: str
    firm_name: str
    own: bool
    is_partner: bool
    posts: tuple[str, ...]
    stand_ins: tuple[str, ...]
    partners: tuple[tuple[str, str], ...]


_CARD = f"""
SELECT person.id, person.name, person.telephone, f.code AS firm_code, f.name AS firm_name, person.firm_id = %(firm)s AS own,
       EXISTS (SELECT FROM partners_partner p WHERE p.seller_id = %(firm)s AND p.firm_id = person.firm_id) AS is_partner,
       ARRAY(SELECT DISTINCT h.post_id FROM organisation_postholding h
              WHERE h.person_id = person.id AND h.firm_id = person.firm_id AND h.period @> %(on)s::date ORDER BY 1) AS posts,
       ARRAY(SELECT DISTINCT other.name FROM organisation_delegation lent JOIN organisation_person other ON other.id = lent.stand_in_id
              WHERE lent.absent_id = person.id AND person.firm_id = %(firm)s AND lent.period @> %(on)s::date ORDER BY 1) AS stand_ins,
       ARRAY(SELECT buyer.code || '|' || buyer.name FROM partners_representation r JOIN partners_partner p ON p.id = r.partner_id
               JOIN organisation_firm buyer ON buyer.id = p.firm_id
              WHERE r.person_id = person.id AND r.period @> %(on)s::date AND %(firm)s IN (p.seller_id, p.firm_id)
              ORDER BY buyer.pinyin, buyer.id LIMIT %(most)s) AS partners
  FROM organisation_person person JOIN organisation_firm f ON f.id = person.firm_id
 WHERE person.id = %(person)s AND ({SEEN_PEOPLE})
"""


def person_card(person: int, *, by: Acting, on: date) -> PersonCard:
    """Return a person; refuses (404) who does not exist or is nobody the asking person works with. One statement."""
    named = {"person": person, "firm": by.firm, "on": on, "most": PARTNERS_NAMED}
    found = rows(_CARD, named) if 0 < person <= BIGGEST_ID else []
    if not found:
        raise not_found()
    card = found[0]._asdict()
    partners = (one.partition("|") for one in card["partners"])
    return PersonCard(
        **card
        | {
            "posts": tuple(card["posts"]),
            "stand_ins": tuple(card["stand_ins"]),
            "partners": tuple((code, name) for code, _, name in partners),
        }
    )
