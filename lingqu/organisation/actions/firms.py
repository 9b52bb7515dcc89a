"""Firms, people and their posts."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from lingqu.audit.actions import Deed, record
from lingqu.base.names import pinyin_key
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.organisation.models import Firm, FirmPath, Person, Post, PostHolding
from lingqu.organisation.rules import check_place_in_tree
from lingqu.organisation.states import POST_WORDS, FirmKind, PostCode


@transaction.atomic
def set_up_posts() -> None:
    """Enter the posts that the product knows; a second call changes nothing."""
    Post.objects.bulk_create(
        [Post(code=code.value, title_zh=words.zh, title_en=words.en) for code, words in POST_WORDS.items()], ignore_conflicts=True
    )


@transaction.atomic
def open_firm(  # noqa: PLR0913 - the fields of a firm
    name: str,
    *,
    code: str,
    kind: FirmKind,
    parent: Firm | None,
    since: date,
    levels: int,
    at: datetime,
    by: Person | None,
    short_name: str = "",
    division: str = "",
    private: bool = True,
    clause: str = "M-13.2",
) -> Firm:
    """Open a firm in the tree and return it.

    `levels` is the regulation's greatest depth. Refuses a wrong parent kind, a level too many, and a code that is taken (M-13.2).
    """
    level = 1 if parent is None else 1 + FirmPath.objects.filter(descendant=parent).count()
    check_place_in_tree(kind, FirmKind(parent.kind) if parent else None, level, levels=levels, clause=clause)
    firm = Firm(
        name=name, code=code, kind=kind.value, parent=parent, short_name=short_name or name[:40], pinyin=pinyin_key(name),
        division=division, private=private, valid=DateRange(since, None),
    )  # fmt: skip
    try:
        with transaction.atomic():
            firm.save(force_insert=True)
    except IntegrityError as taken:
        raise bad_input("code", Text(f"编号 {code} 已被使用。", f"The code {code} is taken.")) from taken
    _write_paths(firm)
    deed = Deed("open", "firm", firm.pk, {"name": name, "code": code, "kind": kind.value, "parent": parent.pk if parent else None})
    record([deed], by=by.pk if by else None, at=at)
    return firm


def _write_paths(firm: Firm) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisation_firmpath (ancestor_id, descendant_id, depth) "
            "SELECT ancestor_id, %s, depth + 1 FROM organisation_firmpath WHERE descendant_id = %s UNION ALL SELECT %s, %s, 0",
            (firm.pk, firm.parent_id, firm.pk, firm.pk),
        )


@transaction.atomic
def enter_person(name: str, *, firm: Firm, at: datetime, by: Person | None, telephone: str = "") -> Person:
    """Enter a person who works in the firm and return them."""
    person = Person.objects.create(name=name, pinyin=pinyin_key(name)[:120], telephone=telephone, firm=firm)
    record([Deed("enter", "person", person.pk, {"firm": firm.pk})], by=by.pk if by else None, at=at)
    return person


@transaction.atomic
def give_post(person: Person, post: PostCode, *, firm: Firm, since: date, at: datetime, by: Person | None) -> PostHolding:
    """Give a person a post in a firm from a day on, without end, and return the holding."""
    holding = PostHolding.objects.create(person=person, post_id=post.value, firm=firm, period=DateRange(since, None))
    record([Deed("give_post", "person", person.pk, {"post": post.value, "firm": firm.pk})], by=by.pk if by else None, at=at)
    return holding
