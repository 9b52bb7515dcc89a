"""Open firms, enter people, give posts and sign-ins."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import run
from lingqu.base.names import pinyin_key
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.organisation.models import AccessToken, Delegation, Firm, FirmPath, KeptAnswer, Person, Post, PostHolding, SignIn
from lingqu.organisation.queries import Acting, Answer, Claim, answers_to
from lingqu.organisation.rules import MOST_TOKENS, check_place_in_tree, check_token
from lingqu.organisation.states import POST_WORDS, FirmKind, PostCode, Scope

LEADING_POSTS = (PostCode.DIRECTOR, PostCode.OWNER)
"""They may arrange stand-ins for others of their firm."""

LONGEST_DELEGATION = 366
"""Days."""

MARK = "lq"
PREFIX_BYTES = 5
SECRET_BYTES = 32
ANSWERS_KEPT = timedelta(days=7)
MOST_FORGOTTEN = 10_000
"""Kept answers that one run of the job deletes."""


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


@transaction.atomic
def delegate(
    absent: Person, *, stand_in: Person, post: PostCode, first: date, last: date, reason: str, at: datetime, by: Person
) -> Delegation:
    """Let `stand_in` act for `absent` in one post from the first to the last day, both inside, and return the delegation.

    The absent person may, and their firm's director or owner for them. Refuses standing in for oneself, somebody of another firm, a post
    that the absent person does not hold at their firm on all these days, days that are over, a first day more than a year ahead, more than
    a year, an empty reason, and days on which somebody stands in already.
    """
    _must_manage(absent, by, at)
    _check_days(first, last, at)
    if absent.pk == stand_in.pk:
        raise Refusal("self_delegation", Text("不能委托给本人。", "Nobody stands in for themselves."))
    if stand_in.firm_id != absent.firm_id:
        raise bad_input("stand_in", Text("只能委托给本单位同事。", "Only a colleague of the same firm may stand in."))
    if not reason.strip():
        raise bad_input("reason", Text("请写明委托事由。", "Say why."))
    period = DateRange(first, last + timedelta(days=1))
    Person.objects.select_for_update().get(pk=absent.pk)
    if not PostHolding.objects.filter(person=absent, post_id=post.value, firm_id=absent.firm_id, period__contains=period).exists():
        raise Refusal("post_not_held", Text("委托人届时不担任该岗位。", "The absent person does not hold that post on all of these days."))
    if Delegation.objects.filter(absent=absent, post_id=post.value, period__overlap=period).exists():
        raise Refusal(
            "delegated_already",
            Text("该岗位在这段时间已有委托，请先结束原委托。", "Somebody stands in on some of these days already; end that first."),
        )
    given = Delegation.objects.create(absent=absent, stand_in=stand_in, post_id=post.value, period=period, reason=reason.strip()[:200])
    after = {"delegation": given.pk, "stand_in": stand_in.pk, "post": post.value, "first": first.isoformat(), "last": last.isoformat()}
    record([Deed("delegate", "person", absent.pk, after)], by=by.pk, at=at)
    return given


@transaction.atomic
def end_delegation(delegation_id: int, *, by: Person, at: datetime) -> Delegation:
    """End a delegation before its last day and return it: from this moment on nobody stands in; one that has not begun is called off.

    The absent person may, and their firm's director or owner. Refuses one that is over.
    """
    given = Delegation.objects.select_for_update(of=("self",)).select_related("absent").filter(pk=delegation_id).first()
    if given is None or given.absent.firm_id != by.firm_id:
        raise not_found()
    _must_manage(given.absent, by, at)
    today = china_day(at)
    period = given.period
    if period.isempty or period.upper <= today:
        raise Refusal("delegation_over", Text("该委托已经结束。", "That delegation is over."))
    before = {"first": period.lower.isoformat(), "last": (period.upper - timedelta(days=1)).isoformat()}
    given.period = DateRange(period.lower, today) if period.lower < today else DateRange(empty=True)
    given.save(update_fields=["period"])
    after = {"delegation": given.pk, "stand_in": given.stand_in_id, "post": given.post_id, "ended_on": today.isoformat()}
    record([Deed("end_delegation", "person", given.absent_id, after, before)], by=by.pk, at=at)
    return given


def _must_manage(absent: Person, by: Person, at: datetime) -> None:
    """Refuse who is neither the absent person nor director or owner of their firm today; a post that is lent cannot be lent on."""
    if by.pk == absent.pk:
        return
    leads = PostHolding.objects.filter(
        person=by, firm_id=absent.firm_id, post_id__in=[post.value for post in LEADING_POSTS], period__contains=china_day(at)
    )
    if by.firm_id != absent.firm_id or not leads.exists():
        raise forbidden(
            Text(
                "只有本人或本单位主任、负责人可以办理委托。",
                "Only the person themselves, or the director or owner of their firm, may do this.",
            )
        )


def _check_days(first: date, last: date, at: datetime) -> None:
    if last < first:
        raise bad_input("last", Text("结束日早于开始日。", "The last day lies before the first."))
    if first < china_day(at):
        raise bad_input("first", Text("开始日已过，只能从今天起委托。", "The first day is over; a delegation begins today or later."))
    if (first - china_day(at)).days > LONGEST_DELEGATION:
        raise bad_input("first", Text("开始日须在一年之内。", "A delegation begins within a year."))
    if (last - first).days >= LONGEST_DELEGATION:
        raise bad_input("last", Text("一次委托不超过一年。", "A delegation lasts a year at most."))


@transaction.atomic
def give_sign_in(person: Person, login: str, password: str, *, at: datetime, by: Person | None) -> SignIn:
    """Give a person a login name and a password and return the sign-in."""
    account = SignIn(person=person, login=login)
    account.set_password(password)
    account.save(force_insert=True)
    record([Deed("give_sign_in", "person", person.pk, {"login": login})], by=by.pk if by else None, at=at)
    return account


@transaction.atomic
def make_token(name: str, *, scopes: Collection[Scope], last_day: date, by: Acting, at: datetime) -> tuple[AccessToken, str]:
    """Make a token for programs that act as the person, and return it with its text, which is shown once and kept nowhere.

    It opens the scopes up to its last day, that day included. Refuses an empty name, no scope, a last day that is over or more than a
    year away, and an eleventh token that still opens something.
    """
    name = name.strip()
    check_token(name, scopes, last_day, on=china_day(at))
    Person.objects.select_for_update().get(pk=by.person)
    if AccessToken.objects.filter(person_id=by.person, last_day__gte=china_day(at), revoked_at__isnull=True).count() >= MOST_TOKENS:
        raise Refusal(
            "too_many_tokens",
            Text(
                f"每人最多 {MOST_TOKENS} 个有效令牌，请先停用不用的。",
                f"A person has at most {MOST_TOKENS} tokens at a time; revoke one that is not used.",
            ),
        )
    prefix = f"{MARK}_{secrets.token_hex(PREFIX_BYTES)}"
    secret = f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    opens = [scope.value for scope in Scope if scope in scopes]
    token = AccessToken.objects.create(
        person_id=by.person, name=name, prefix=prefix, digest=sha256(secret.encode()).hexdigest(), scopes=" ".join(opens), made_at=at,
        last_day=last_day,
    )  # fmt: skip
    after = {"token": prefix, "name": name, "scopes": opens, "last_day": last_day.isoformat()}
    record([Deed("make_token", "person", by.person, after)], by=by.person, at=at)
    return token, secret


@transaction.atomic
def revoke_token(prefix: str, *, by: Acting, at: datetime) -> AccessToken:
    """End a token of one's own from this moment on, and return it; one that is revoked already stays so. Refuses (404) anybody else's."""
    token = AccessToken.objects.select_for_update().filter(person_id=by.person, prefix=prefix).first() if "\x00" not in prefix else None
    if token is None:
        raise not_found()
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record([Deed("revoke_token", "person", by.person, {"token": prefix})], by=by.person, at=at)
    return token


@transaction.atomic
def note_token_use(token: int, *, on: date) -> None:
    """Remember the day on which a token was used; nothing changes when it is remembered already."""
    AccessToken.objects.filter(pk=token).exclude(used_on__gte=on).update(used_on=on)


@transaction.atomic
def answer_once(claim: Claim, make: Callable[[], Answer], *, at: datetime) -> Answer:
    """Return the answer that `make` gives, or the one that it gave to the same claim before; what it does and the answer commit together.

    The same key at the same moment waits for the first. Refuses (422) a key that the person used for something else.
    """
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (claim.key, claim.person))
    kept = answers_to(claim)
    if kept:
        if (kept.route, kept.asked) != (claim.route, claim.asked):
            raise Refusal(
                "key_used",
                Text(
                    "该 Idempotency-Key 已用于另一请求，请换一个新的键。",
                    "This Idempotency-Key was used for another request; make a new key.",
                ),
                status=422,
                field="Idempotency-Key",
            )
        return Answer(kept.status, kept.media_type, kept.body, repeated=True)
    answer = make()
    KeptAnswer.objects.create(
        person_id=claim.person, key=claim.key, part=claim.part, route=claim.route, asked=claim.asked, status=answer.status,
        media_type=answer.media_type, body=answer.body, at=at,
    )  # fmt: skip
    return answer


@transaction.atomic
def forget_answers(*, at: datetime) -> int:
    """Delete up to 10,000 answers that were kept for seven days; return how many. Called by a job until nothing is left."""
    old = KeptAnswer.objects.filter(at__lt=at - ANSWERS_KEPT).order_by("at").values("pk")[:MOST_FORGOTTEN]
    return KeptAnswer.objects.filter(pk__in=old).delete()[0]
