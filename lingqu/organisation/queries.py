"""Who holds which post, who stands in, and where a firm stands in the tree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import cast

import msgspec
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from lingqu.base.access import Sight
from lingqu.base.database import columns, instances, rows
from lingqu.organisation.models import (
    AccessToken,
    Firm,
    FirmPath,
    Invitation,
    KeptAnswer,
    OpenSession,
    Person,
    ResetLink,
    SignIn,
)
from lingqu.organisation.states import FirmKind, PostCode

MOST_SHOWN = 50


class Acting(msgspec.Struct, frozen=True):
    """A person with what they may act as on a day: `posts` are pairs of post and firm id, own and delegated.

    `lent` gives the absent person for each post that is delegated and not the person's own.
    """

    person: int
    name: str
    firm: int
    firm_kind: str
    posts: frozenset[tuple[PostCode, int]]
    lent: Mapping[tuple[PostCode, int], int] = {}

    def holds(self, post: PostCode, firm: int) -> bool:
        """Return whether the person acts in the post at the firm."""
        return (post, firm) in self.posts

    def holds_any(self, posts: tuple[PostCode, ...], firm: int) -> bool:
        """Return whether the person acts in one of the posts at the firm."""
        return any((post, firm) in self.posts for post in posts)

    def for_whom(self, posts: tuple[PostCode, ...], firm: int) -> int | None:
        """Return the absent person for whom somebody acts who holds none of the posts at the firm themselves; None for own posts."""
        if not self.lent:
            return None
        held = [(post, firm) for post in posts if (post, firm) in self.posts]
        return next((self.lent[post] for post in held), None) if held and all(post in self.lent for post in held) else None


def rows_seen(sight: Sight, who: Acting) -> Q:
    """Return the condition for the rows that a person sees by a declaration: over the columns of its firms and people.

    What is open to everybody is all; what is shown through something else, or never, is nothing on its own.
    """
    if sight.everybody:
        return Q()
    held = {post.value for post, firm in who.posts if firm == who.firm}
    ways = [
        Q(**{way.column: who.firm}, **{f"{column}__in": values for column, values in way.where})
        for way in sight.firms
        if not way.posts or not held.isdisjoint(way.posts)
    ]
    ways += [Q(**{column: who.person}) for column in sight.people]
    return reduce(or_, ways) if ways else Q(pk__in=())


class Asker(msgspec.Struct, frozen=True):
    """Who asks for something, and the absent person for whom they do (Person ids)."""

    person: int
    absent: int | None = None


def asks_for(who: Acting, firm: int, representatives: Collection[int], posts: tuple[PostCode, ...]) -> Asker | None:
    """Return as whom the person may ask something about a partner of the firm; None when they may not.

    The partner's representatives may, and who holds one of the posts at the firm; so may who stands in for one of them.
    """
    if who.holds_any(posts, firm):
        return Asker(who.person, who.for_whom(posts, firm))
    if not who.holds(PostCode.REPRESENTATIVE, firm):
        return None
    if who.person in representatives:
        return Asker(who.person)
    absent = who.lent.get((PostCode.REPRESENTATIVE, firm))
    return Asker(who.person, absent) if absent in representatives else None


_POSTS = """
SELECT post_id, firm_id, NULL::bigint AS absent FROM organisation_postholding WHERE person_id = %s AND period @> %s::date
UNION
SELECT held.post_id, held.firm_id, lent.absent_id
  FROM organisation_delegation lent JOIN organisation_person absent ON absent.id = lent.absent_id
  JOIN organisation_postholding held
    ON held.person_id = absent.id AND held.firm_id = absent.firm_id AND held.post_id = lent.post_id AND held.period @> %s::date
 WHERE lent.stand_in_id = %s AND lent.period @> %s::date
"""


def acting(person: Person, *, on: date) -> Acting:
    """Return what the person may act as on the day: posts held, and posts of absent people for whom they stand in, at those people's firm.

    People of a firm that has left the channel hold none. One statement, asked by every page; the person's firm should be loaded already.
    """
    if on not in person.firm.valid:
        return Acting(person.pk, person.name, person.firm_id, person.firm.kind, frozenset())
    held = rows(_POSTS, (person.pk, on, on, person.pk, on))
    posts = frozenset((PostCode(row.post_id), row.firm_id) for row in held)
    own = {(PostCode(row.post_id), row.firm_id) for row in held if row.absent is None}
    lent = {(PostCode(row.post_id), row.firm_id): row.absent for row in held if row.absent is not None}
    only_lent = {post: absent for post, absent in lent.items() if post not in own}
    return Acting(person.pk, person.name, person.firm_id, person.firm.kind, posts, only_lent)


_SIGN_IN = f"""
SELECT {columns(SignIn, "s")}, {columns(Person, "p")}, {columns(Firm, "f")}
  FROM organisation_signin s JOIN organisation_person p ON p.id = s.person_id JOIN organisation_firm f ON f.id = p.firm_id
 WHERE s.id = %s AND s.is_active
"""  # noqa: S608 - made of the names of our own columns


def active_sign_in(sign_in_id: int) -> SignIn | None:
    """Return an active sign-in with its person and firm, None when there is none. One statement, asked by every page."""
    for sign_in, person, firm in instances(_SIGN_IN, (sign_in_id,), SignIn, Person, Firm):
        sign_in.person, person.firm = person, firm
        return cast("SignIn", sign_in)
    return None


_HOLDERS = """
SELECT DISTINCT held.person_id AS person, held.post_id AS post
  FROM organisation_postholding held
 WHERE held.firm_id = %s AND held.post_id = ANY(%s) AND held.period @> %s::date
 ORDER BY held.post_id, held.person_id
"""


def holders(posts: Sequence[str], firm: int, *, on: date) -> list[tuple[int, str]]:
    """Return who holds the posts at the firm on the day: pairs of person and post, absent people too (they may have a stand-in)."""
    return [(row.person, row.post) for row in rows(_HOLDERS, (firm, list(posts), on))]


_STAND_INS = """
SELECT DISTINCT lent.stand_in_id AS person
  FROM organisation_delegation lent JOIN unnest(%s::bigint[], %s::text[]) AS held(person, post)
    ON lent.absent_id = held.person AND lent.post_id = held.post
 WHERE lent.period @> %s::date
"""


def stand_ins(held: Sequence[tuple[int, str]], *, on: date) -> list[int]:
    """Return who stands in on the day for one of the people in the post beside them."""
    people, posts = [person for person, _ in held], [post for _, post in held]
    return [row.person for row in rows(_STAND_INS, (people, posts, on))]


Relation = Callable[[int, int, date], list[int]]
_relations: dict[str, Relation] = {}


def register_relation(name: str, people: Relation) -> None:
    """Name a relation between two firms and people: `people(about, firm, on)` returns Person ids. Set in the wiring.

    `representative_of`: who at `firm` answers for the partner `about`. A regulation may name it where it names posts.
    """
    _relations[name] = people


def related(name: str, *, about: int, firm: int, on: date) -> list[int]:
    """Return the people of a relation on a day; nobody for a relation that no module registered."""
    people = _relations.get(name)
    return people(about, firm, on) if people else []


def branch(firm: int) -> QuerySet[Firm]:
    """Return the firm and everybody below it."""
    return Firm.objects.filter(paths_up__ancestor_id=firm)


def ancestors(firm: int) -> QuerySet[FirmPath]:
    """Return the paths from the firm upwards, itself first."""
    return FirmPath.objects.filter(descendant_id=firm).select_related("ancestor").order_by("depth")


class Claim(msgspec.Struct, frozen=True):
    """What a program asks to be done once: who asks, its own key, what for (method and address), and the hash of what it sent.

    `part` counts the parts of a batch, each of which is done and kept by itself.
    """

    person: int
    key: str
    route: str
    asked: str
    part: int = 0


class Answer(msgspec.Struct, frozen=True):
    """What a program is answered; `repeated` when it was made earlier, for the same key."""

    status: int
    media_type: str
    body: str
    repeated: bool = False


def answers_to(claim: Claim) -> KeptAnswer | None:
    """Return the answer that was kept for the key, whatever it was used for; None for a new key."""
    return KeptAnswer.objects.filter(person_id=claim.person, key=claim.key, part=claim.part).first()


_TOKEN = f"""
SELECT {columns(AccessToken, "t")}, {columns(Person, "p")}, {columns(Firm, "f")}
  FROM organisation_accesstoken t
  JOIN organisation_signin s ON s.person_id = t.person_id AND s.is_active
  JOIN organisation_person p ON p.id = t.person_id JOIN organisation_firm f ON f.id = p.firm_id
 WHERE t.digest = %s AND t.revoked_at IS NULL AND t.last_day >= %s::date
"""  # noqa: S608 - made of the names of our own columns


class ShownToken(msgspec.Struct, frozen=True):
    """A token that a program showed and that still opens something; `person` comes with the firm."""

    id: int
    name: str
    scopes: tuple[str, ...]
    last_day: date
    used_on: date | None
    person: Person


def token_shown(secret: str, *, on: date) -> ShownToken | None:
    """Return the token that a program showed; None when it is unknown, over, revoked, or nobody signs in by it.

    One statement, asked by every call. What is looked up is a hash of 256 random bits, so the time that it takes tells nothing.
    """
    for token, person, firm in instances(_TOKEN, (sha256(secret.encode()).hexdigest(), on), AccessToken, Person, Firm):
        person.firm = firm
        return ShownToken(token.pk, token.name, tuple(token.scopes.split()), token.last_day, token.used_on, person)
    return None


def tokens_of(person: int, *, on: date) -> list[AccessToken]:
    """Return the person's tokens that are not over on the day, revoked ones among them, newest first, at most 50."""
    return list(AccessToken.objects.filter(person_id=person, last_day__gte=on).order_by("-id")[:MOST_SHOWN])


def sign_in_named(login: str) -> SignIn | None:
    """Return the sign-in of a name, however it is spelled in large and small letters, disabled ones too; its person and firm come along."""
    return SignIn.objects.select_related("person__firm").filter(login__iexact=login.strip()).order_by("pk").first()


def sign_in_of(person: int) -> SignIn | None:
    """Return the sign-in of a person with person and firm, disabled ones too; None for who has none."""
    return SignIn.objects.select_related("person__firm").filter(person_id=person).first()


def may_enter(account: SignIn, *, on: date) -> bool:
    """Return whether a sign-in opens anything on the day: it is not disabled, and its firm belongs to the channel."""
    return account.is_active and on in account.person.firm.valid


def needs_second_factor(account: SignIn) -> bool:
    """Return whether the installation asks this person for a second factor (`LINGQU_SECOND_FACTOR`): all, those of headquarters, nobody."""
    asked = settings.SECOND_FACTOR
    return bool(asked == "all" or (asked == "hq" and account.person.firm.kind == FirmKind.HQ.value))


def still_in(person: int, *, on: date) -> bool:
    """Return whether work may go on that somebody asked for: their sign-in, where they have one, is not disabled, nor their firm gone."""
    return Person.objects.filter(pk=person, firm__valid__contains=on).exclude(sign_in__is_active=False).exists()


def held_oneself(who: Acting) -> frozenset[PostCode]:
    """Return the posts that a person holds at the own firm, not those that were lent to them."""
    return frozenset(post for post, firm in who.posts if firm == who.firm and (post, firm) not in who.lent)


def firms_looked_after(who: Acting) -> QuerySet[Firm]:
    """Return the firms whose people somebody may see to: the own one, and for headquarters the whole channel below it."""
    return branch(who.firm) if who.firm_kind == FirmKind.HQ.value else Firm.objects.filter(pk=who.firm)


def open_sessions_of(person: int, *, at: datetime) -> list[OpenSession]:
    """Return where a person is signed in, last seen first, at most 50."""
    lasting = Session.objects.filter(expire_date__gt=at).values("session_key")
    return list(OpenSession.objects.filter(person_id=person, key__in=lasting).order_by("-seen_at", "-pk")[:MOST_SHOWN])


def digest_of(secret: str) -> str:
    """Return the hash by which a link is known."""
    return sha256(secret.encode()).hexdigest()


def invitation_shown(secret: str, *, lock: bool = False) -> Invitation | None:
    """Return the invitation whose link holds this; `lock` inside an action."""
    found = Invitation.objects.select_related("firm", "made_by", "post").filter(digest=digest_of(secret))
    return (found.select_for_update(of=("self",)) if lock else found).first()


def reset_link_shown(secret: str, *, lock: bool = False) -> ResetLink | None:
    """Return the reset link that holds this; `lock` inside an action."""
    found = ResetLink.objects.select_related("person__firm").filter(digest=digest_of(secret))
    return (found.select_for_update(of=("self",)) if lock else found).first()


class Member(msgspec.Struct, frozen=True):
    """Somebody of a firm as who looks after sign-ins sees them: the posts of today, and what is known of the sign-in."""

    person: int
    name: str
    telephone: str
    login: str | None
    active: bool
    second_factor: bool
    seen_at: datetime | None
    posts: tuple[PostCode, ...]
    acts_as: frozenset[PostCode]


_MEMBERS = """
SELECT p.id AS person, p.name, p.telephone, s.login, coalesce(s.is_active, false) AS active,
       s.second_factor_at IS NOT NULL AS second_factor,
       (SELECT max(o.seen_at) FROM organisation_opensession o WHERE o.person_id = p.id) AS seen_at,
       ARRAY(SELECT DISTINCT h.post_id FROM organisation_postholding h
              WHERE h.person_id = p.id AND h.firm_id = p.firm_id AND h.period @> %(on)s::date ORDER BY 1) AS posts,
       ARRAY(SELECT DISTINCT h.post_id FROM organisation_delegation d
               JOIN organisation_postholding h ON h.person_id = d.absent_id AND h.post_id = d.post_id AND h.period @> %(on)s::date
              WHERE d.stand_in_id = p.id AND d.period @> %(on)s::date AND h.firm_id = p.firm_id) AS lent
  FROM organisation_person p LEFT JOIN organisation_signin s ON s.person_id = p.id
 WHERE p.firm_id = %(firm)s ORDER BY s.id IS NULL, NOT coalesce(s.is_active, false), p.pinyin, p.id LIMIT %(most)s
"""
MOST_MEMBERS = 200


def members_of(firm: int, *, on: date) -> list[Member]:
    """Return the people of a firm with their sign-ins, those who sign in first, at most 200. One statement."""
    return [
        Member(
            row.person, row.name, row.telephone, row.login, row.active, row.second_factor, row.seen_at,
            tuple(PostCode(post) for post in row.posts), frozenset(PostCode(post) for post in (*row.posts, *row.lent)),
        )
        for row in rows(_MEMBERS, {"on": on, "firm": firm, "most": MOST_MEMBERS})
    ]  # fmt: skip


def invitations_of(firm: int) -> list[Invitation]:
    """Return the invitations of a firm that nobody has used, newest first, at most 50; taken back and past ones among them."""
    return list(Invitation.objects.filter(firm_id=firm, used_at__isnull=True).select_related("made_by").order_by("-pk")[:MOST_SHOWN])
