"""Partners, people and products by name, number, pinyin or initials.

Partners and people are walked within one seller (5,000 partners at most); products, of which there may be many more, are found by the index
`product_sought`.
"""

# ruff: noqa: S608 - the statements are made of our own words; every value is a parameter

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from lingqu.base.database import for_like, rows
from lingqu.catalogue.rules import isbn_starts
from lingqu.desk.rules import Wanted
from lingqu.organisation.queries import Acting

RANKED: Final = 600
"""So many titles that hold the words are put in order; words that more titles hold are too short to tell which is meant."""


class FoundPartner(msgspec.Struct, frozen=True):
    """A partner of the person's firm, with grade ("" = none) and representative ("" = none)."""

    firm: int
    code: str
    name: str
    short_name: str
    pinyin: str
    level: str
    division: str
    grade: str
    representative: str


class FoundPerson(msgspec.Struct, frozen=True):
    """Somebody of the person's firm, of one of its partners, or who represents it; `posts` are codes."""

    id: int
    name: str
    pinyin: str
    telephone: str
    firm_name: str
    own: bool
    posts: tuple[str, ...]


class FoundProduct(msgspec.Struct, frozen=True):
    """A title: list price in yuan on the day (None: none yet); of a firm that buys its grade and best special price (basis points).

    `own_bp` is the price that an agent gave this retailer alone.
    """

    id: int
    code: str
    name: str
    pinyin: str
    discipline_zh: str
    discipline_en: str
    list_price: Decimal | None
    grade: str
    special_bp: int | None
    own_bp: int | None = None


@lru_cache(maxsize=32)
def _named(many: int, columns: str, pinyin: str) -> str:
    """Return the condition that every one of `many` words is in the columns or their pinyin."""
    return " AND ".join(
        f"(concat_ws(' ', {columns}) ILIKE %(like{at})s"
        f" OR (%(letters{at})s <> '' AND replace({pinyin}, ' ', '') LIKE %(letters{at})s)"
        f" OR (%(initials{at})s <> '' AND {pinyin} ~ %(initials{at})s))"
        for at in range(many)
    )


@lru_cache(maxsize=8)
def _ranked(name: str, pinyin: str) -> str:
    """Return how well a row meets the first word, 0 best."""
    return (
        f"CASE WHEN {name} ILIKE %(whole)s THEN 0 WHEN {name} ILIKE %(start)s THEN 1"
        f" WHEN %(first)s <> '' AND {pinyin} ~ %(first)s THEN 2"
        f" WHEN %(letters)s <> '' AND replace({pinyin}, ' ', '') LIKE %(letters)s THEN 3 ELSE 4 END"
    )


def _parameters(wanted: Wanted) -> dict[str, object]:
    first = wanted.words[0]
    named: dict[str, object] = {
        "whole": for_like(first.text), "start": f"{for_like(first.text)}%", "first": first.first_initials,
        "letters": f"{first.letters}%" if first.letters else "",
    }  # fmt: skip
    for at, word in enumerate(wanted.words):
        named |= {
            f"like{at}": f"%{for_like(word.text)}%", f"letters{at}": f"%{word.letters}%" if word.letters else "",
            f"initials{at}": word.initials,
        }  # fmt: skip
    return named


def found_partners(who: Acting, wanted: Wanted, *, on: date, most: int) -> list[FoundPartner]:
    """Return up to `most` partners of the person's firm, the best first."""
    query = f"""
SELECT f.id AS firm, f.code, f.name, f.short_name, f.pinyin, f.kind AS level, f.division, COALESCE(c.grade, '') AS grade,
       COALESCE(person.name, '') AS representative
  FROM partners_partner p
  JOIN organisation_firm f ON f.id = p.firm_id
  LEFT JOIN credit_creditline c ON c.seller_id = p.seller_id AND c.buyer_id = p.firm_id
  LEFT JOIN partners_representation r ON r.partner_id = p.id AND r.period @> %(on)s::date
  LEFT JOIN organisation_person person ON person.id = r.person_id
 WHERE p.seller_id = %(firm)s AND {_named(len(wanted.words), "f.name, f.short_name, f.code", "f.pinyin")}
 ORDER BY {_ranked("f.name", "f.pinyin")}, f.short_name NOT ILIKE %(start)s AND f.code NOT ILIKE %(start)s, f.pinyin, f.id LIMIT %(most)s
"""
    found = rows(query, _parameters(wanted) | {"firm": who.firm, "on": on, "most": most})
    return [FoundPartner(**row._asdict()) for row in found]


SEEN_PEOPLE = """
    person.firm_id = %(firm)s
    OR person.firm_id IN (SELECT p.firm_id FROM partners_partner p WHERE p.seller_id = %(firm)s)
    OR person.id IN (SELECT r.person_id FROM partners_partner p JOIN partners_representation r ON r.partner_id = p.id
                      WHERE p.firm_id = %(firm)s AND r.period @> %(on)s::date)
"""
"""Whom a person sees: their colleagues, the people of their firm's partners, and who represents their own firm."""


def found_people(who: Acting, wanted: Wanted, *, on: date, most: int) -> list[FoundPerson]:
    """Return up to `most` people, colleagues first among equals."""
    query = f"""
SELECT person.id, person.name, person.pinyin, person.telephone, f.name AS firm_name, person.firm_id = %(firm)s AS own,
       COALESCE((SELECT string_agg(DISTINCT h.post_id, ' ') FROM organisation_postholding h
                  WHERE h.person_id = person.id AND h.firm_id = person.firm_id AND h.period @> %(on)s::date), '') AS posts
  FROM organisation_person person JOIN organisation_firm f ON f.id = person.firm_id
 WHERE ({SEEN_PEOPLE}) AND {_named(len(wanted.words), "person.name, person.telephone", "person.pinyin")}
 ORDER BY {_ranked("person.name", "person.pinyin")}, person.firm_id <> %(firm)s, person.pinyin, person.id LIMIT %(most)s
"""
    found = rows(query, _parameters(wanted) | {"firm": who.firm, "on": on, "most": most})
    return [FoundPerson(**(row._asdict() | {"posts": tuple(row.posts.split())})) for row in found]


def found_products(who: Acting, wanted: Wanted, *, on: date, most: int) -> list[FoundProduct]:
    """Return up to `most` titles of the publisher; those whose number or name begins as typed first. An ISBN finds its title too."""
    long_enough = [word.text for word in wanted.words if len(word.text) > 1]
    if not long_enough:
        return []
    pairs = sorted({word[at : at + 2] for word in long_enough for at in range(len(word) - 1)})
    sought = "catalogue_sought(product.code, product.name, product.pinyin)"
    held = " AND ".join(f"{sought} LIKE %(like{at})s" for at in range(len(wanted.words)))
    isbns = {f"isbn{at}": f"{for_like(start)}%" for at, start in enumerate(isbn_starts(wanted.typed))}
    also = "".join(f" OR (product.isbn <> '' AND product.isbn LIKE %({name})s)" for name in isbns)
    query = f"""
SELECT product.id, product.code, product.name, product.pinyin, d.name_zh AS discipline_zh, d.name_en AS discipline_en,
       (SELECT price.amount FROM catalogue_listprice price
         WHERE price.product_id = product.id AND price.since <= %(on)s::date ORDER BY price.since DESC LIMIT 1) AS list_price,
       COALESCE((SELECT c.grade FROM credit_creditline c WHERE c.buyer_id = %(firm)s ORDER BY c.id LIMIT 1), '') AS grade,
       (SELECT min(s.discount_bp) FROM catalogue_specialprice s
         WHERE s.buyer_id = %(firm)s AND s.product_id = product.id AND s.state = 'granted'
           AND s.since <= %(on)s::date AND s.until >= %(on)s::date
           AND s.copies > COALESCE((SELECT sum(l.copies) FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
                                     WHERE l.special_id = s.id AND o.state IN ('held', 'accepted', 'part_shipped', 'shipped')), 0)
       ) AS special_bp,
       (SELECT c.own_discount_bp FROM credit_creditline c WHERE c.buyer_id = %(firm)s ORDER BY c.id LIMIT 1) AS own_bp
  FROM (SELECT product.* FROM catalogue_product product
         WHERE (catalogue_pairs({sought}) @> %(pairs)s::text[] AND {held}){also} LIMIT %(ranked)s) AS product
  JOIN catalogue_discipline d ON d.id = product.discipline_id
 ORDER BY {_ranked("product.name", "product.pinyin")}, product.code NOT ILIKE %(start)s, product.code, product.id LIMIT %(most)s
"""
    found = rows(query, _parameters(wanted) | {"firm": who.firm, "on": on, "most": most, "pairs": pairs, "ranked": RANKED} | isbns)
    return [FoundProduct(**row._asdict()) for row in found]
