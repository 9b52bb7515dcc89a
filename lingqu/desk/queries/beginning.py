"""How far a company of one's own has come on its first days."""

from __future__ import annotations

from datetime import date

import msgspec

from lingqu.base.database import rows
from lingqu.organisation.states import PostCode

FIRST_POSTS = (PostCode.MANAGER, PostCode.FINANCE, PostCode.REPRESENTATIVE, PostCode.WAREHOUSE)
"""Without them nothing is answered, paid or shipped."""


class Begun(msgspec.Struct, frozen=True):
    """What is there already: who holds the first posts, disciplines, titles, stock, partners."""

    posts: frozenset[str]
    disciplines: bool
    titles: bool
    stock: bool
    partners: bool


_BEGUN = """
SELECT ARRAY(SELECT DISTINCT post_id FROM organisation_postholding
              WHERE firm_id = %(firm)s AND post_id = ANY(%(posts)s) AND period @> %(on)s::date) AS posts,
       EXISTS (SELECT FROM catalogue_discipline WHERE publisher_id = %(firm)s) AS disciplines,
       EXISTS (SELECT FROM catalogue_product WHERE publisher_id = %(firm)s) AS titles,
       EXISTS (SELECT FROM inventory_stockitem) AS stock,
       EXISTS (SELECT FROM organisation_firm WHERE parent_id = %(firm)s) AS partners
"""


def begun(firm: int, *, on: date) -> Begun:
    """Return how far the publisher has come on the day; one statement."""
    found = rows(_BEGUN, {"firm": firm, "posts": [post.value for post in FIRST_POSTS], "on": on})[0]
    return Begun(frozenset(found.posts), found.disciplines, found.titles, found.stock, found.partners)
