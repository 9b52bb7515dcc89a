"""Approvals as their pages and other modules read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime

import msgspec
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from lingqu.approvals.access import seen_by
from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.approvals.states import ApprovalState, StepState
from lingqu.audit.models import Fact
from lingqu.audit.queries import facts_of
from lingqu.base.refusal import bad_input, not_found
from lingqu.base.text import Text
from lingqu.organisation.models import Delegation, Person, PostHolding
from lingqu.organisation.queries import Acting

MOST_LATE = 500
"""Steps that are read at once; a job that looks after more reads on."""


def _places_of(who: Acting) -> Q:
    """Return the condition of the signers' places in which the person may answer today, their own and lent ones."""
    mine = Q(person=who.person)
    for (post, firm), absent in who.lent.items():
        mine |= Q(person=absent, post=post.value, step__approval__firm=firm)
    return mine & Q(active=True, answer="")


def waiting_for(who: Acting) -> QuerySet[Approval]:
    """Return the approvals whose open step waits for this person, the one due soonest first; own requests never do.

    A vote waits for whoever closes it until it is closed, even where it is their own request: closing counts votes and decides nothing.
    """
    places = Signer.objects.filter(_places_of(who), step__approval=OuterRef("pk"), step__state=StepState.OPEN.value)
    own = Q(asked_by=who.person) | Q(asked_for=who.person) | Q(co_askers__contains=[who.person])
    led = Q(pk__in=[])
    for post, firm in who.posts:
        led |= Q(lead=post.value, approval__firm=firm)
    leading = ApprovalStep.objects.filter(led, approval=OuterRef("pk"), state=StepState.OPEN.value)
    open_ones = Approval.objects.filter(state=ApprovalState.OPEN.value, steps__state=StepState.OPEN.value)
    return open_ones.filter(Exists(leading) | (Exists(places) & ~own)).order_by("steps__due_at", "id")


class Signed(msgspec.Struct, frozen=True):
    """One step of an approval as it went: its title and state, whose names stand in it, when it ended, and by when it must."""

    title: Text
    state: StepState
    names: tuple[str, ...]
    ended_at: datetime | None
    due_at: datetime | None


def approvals_seen_by(who: Acting) -> QuerySet[Approval]:
    """Return the approvals that the person sees, the newest first."""
    seen = Approval.objects.filter(seen_by(who)).values("pk")
    return Approval.objects.filter(pk__in=seen).order_by("-id")


def seen_of(numbers: Collection[str], *, by: Acting) -> set[str]:
    """Return those of the approvals with these numbers that the person sees, in one statement."""
    return set(Approval.objects.filter(seen_by(by), number__in=numbers).values_list("number", flat=True))


def whole_approval(number: str, *, by: Acting) -> Approval:
    """Return an approval with its steps, signers and people; refuses one that the person may not see."""
    people = Signer.objects.select_related("person", "answered_by", "brought_by").order_by("id")
    steps = ApprovalStep.objects.order_by("round", "position").prefetch_related(Prefetch("signers", queryset=people))
    found = approvals_seen_by(by).filter(number=number).select_related("asked_by", "asked_for", "firm", "about")
    approval = found.prefetch_related(Prefetch("steps", queryset=steps)).first()
    if approval is None:
        raise not_found()
    return approval


def newest_approval(subject_kind: str, subject_id: int) -> Approval | None:
    """Return the newest approval of a document, None when there was none."""
    return Approval.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("-id").first()


def late_steps(*, at: datetime) -> list[int]:
    """Return the ids of open steps whose time is over and which were not handed up yet, at most 500."""
    found = ApprovalStep.objects.filter(state=StepState.OPEN.value, late_at__isnull=True, due_at__lte=at).order_by("due_at")
    return list(found.values_list("pk", flat=True)[:MOST_LATE])


def open_steps() -> Iterator[int]:
    """Yield the ids of all open steps, the oldest first, reading 500 at once."""
    steps, last = ApprovalStep.objects.filter(state=StepState.OPEN.value).order_by("pk").values_list("pk", flat=True), 0
    while found := list(steps.filter(pk__gt=last)[:MOST_LATE]):
        yield from found
        last = found[-1]


LISTS = ("waiting", "asked", "all")
ROWS = 30
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for the due moment of a step without a clock, so that it comes last."""


class Place(msgspec.Struct, frozen=True):
    """A place in a list: the row's id and, in the list of what waits, when it is due."""

    id: int
    due: datetime = NEVER


class ApprovalFilter(msgspec.Struct, frozen=True):
    """Which list, which state and which procedure ("" is any); the page begins behind `after` or ends before `before`."""

    chosen: str = "waiting"
    state: str = ""
    chain: str = ""
    after: Place | None = None
    before: Place | None = None


class ApprovalPage(msgspec.Struct, frozen=True):
    """One page of a list: rows with `open_steps` (one or none), and the places of the first and the last row where the list goes on."""

    rows: list[Approval]
    newer: Place | None = None
    older: Place | None = None


def _of_list(who: Acting, chosen: str) -> QuerySet[Approval]:
    if chosen == "waiting":
        return waiting_for(who)
    if chosen == "asked":
        return Approval.objects.filter(Q(asked_by=who.person) | Q(asked_for=who.person))
    return approvals_seen_by(who)


def list_approvals(who: Acting, wanted: ApprovalFilter, *, most: int = ROWS) -> ApprovalPage:
    """Return one page of a list: what waits by due moment, the others the newest first."""
    found = _of_list(who, wanted.chosen)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.chain:
        found = found.filter(chain_key=wanted.chain)
    by_due = wanted.chosen == "waiting"
    if by_due:
        found = found.annotate(due=Coalesce("steps__due_at", Value(NEVER)))
    backwards = wanted.before is not None
    place = wanted.before or wanted.after
    if place is not None:
        found = found.filter(_beyond(place, by_due=by_due, backwards=backwards))
    order = (("-due", "-id") if backwards else ("due", "id")) if by_due else (("id",) if backwards else ("-id",))
    rows = list(_with_open_step(found).order_by(*order)[: most + 1])
    more, rows = len(rows) > most, rows[:most]
    if backwards:
        rows.reverse()
    if not rows:
        return ApprovalPage([])
    first, last = (Place(row.pk, getattr(row, "due", NEVER)) for row in (rows[0], rows[-1]))
    newer = more if backwards else wanted.after is not None
    older = True if backwards else more
    return ApprovalPage(rows, first if newer else None, last if older else None)


def _beyond(place: Place, *, by_due: bool, backwards: bool) -> Q:
    if not by_due:
        return Q(id__gt=place.id) if backwards else Q(id__lt=place.id)
    if backwards:
        return Q(due__lt=place.due) | Q(due=place.due, id__lt=place.id)
    return Q(due__gt=place.due) | Q(due=place.due, id__gt=place.id)


def _with_open_step(found: QuerySet[Approval]) -> QuerySet[Approval]:
    people = Signer.objects.filter(active=True).select_related("person").order_by("id")
    steps = ApprovalStep.objects.filter(state=StepState.OPEN.value).prefetch_related(Prefetch("signers", queryset=people))
    return found.select_related("asked_by", "asked_for", "about", "firm").prefetch_related(
        Prefetch("steps", queryset=steps, to_attr="open_steps")
    )


def chains_of_list(who: Acting, chosen: str) -> list[tuple[str, str]]:
    """Return the procedures that stand in a list: key, and the newest chain as canonical JSON."""
    found = _of_list(who, chosen).order_by("chain_key", "-id").distinct("chain_key")
    return list(found.values_list("chain_key", "chain"))


def count_waiting(who: Acting) -> int:
    """Return how many approvals wait for the person."""
    return waiting_for(who).count()


def waits_for(who: Acting, number: str) -> bool:
    """Return whether this approval waits for the person's answer."""
    return waiting_for(who).filter(number=number).exists()


class Colleague(msgspec.Struct, frozen=True):
    """Somebody of the deciding firm who may be asked to sign, with their posts."""

    person: int
    name: str
    posts: tuple[str, ...]


def posts_at_work(approval: Approval, *, on: date) -> QuerySet[PostHolding]:
    """Return the posts that people of the deciding firm hold there on the day; not those of people whose sign-in is disabled."""
    held = PostHolding.objects.filter(firm=approval.firm_id, person__firm=approval.firm_id, period__contains=on)
    return held.exclude(person__sign_in__is_active=False)


def people_to_ask(approval: Approval, *, on: date) -> list[Colleague]:
    """Return who of the deciding firm may be asked to sign: everybody in a post today but those whose own request it is."""
    held = posts_at_work(approval, on=on).exclude(person__in=approval.askers)
    found: dict[int, Colleague] = {}
    for holding in held.select_related("person").order_by("person__pinyin", "person_id", "post_id"):
        known = found.get(holding.person_id) or Colleague(holding.person_id, holding.person.name, ())
        found[holding.person_id] = Colleague(known.person, known.name, (*known.posts, holding.post_id))
    return list(found.values())


def person_to_ask(approval: Approval, person: int | None) -> Person:
    """Return a person of the deciding firm by id; refuses anybody else."""
    found = Person.objects.filter(pk=person, firm=approval.firm_id).first() if person else None
    if found is None:
        raise bad_input("person", Text("请选择本单位的一位人员。", "Choose somebody of the firm that decides."))
    return found


def stand_ins_today(people: Collection[int], *, on: date) -> dict[tuple[int, str], str]:
    """Return by absent person and post the name of who stands in for them on the day."""
    lent = Delegation.objects.filter(absent__in=people, period__contains=on).select_related("stand_in").order_by("id")
    return {(one.absent_id, one.post_id): one.stand_in.name for one in lent}


class Course(msgspec.Struct, frozen=True):
    """What happened to an approval: the facts, oldest first, and the names of the people in them."""

    facts: list[Fact]
    names: dict[int, str]


def course_of(approval: Approval) -> Course:
    """Return what happened to an approval."""
    facts = list(facts_of("approval", approval.pk))
    people = {person for fact in facts for person in (fact.person, fact.on_behalf_of, fact.after.get("person")) if person}
    return Course(facts, dict(Person.objects.filter(pk__in=people).values_list("pk", "name")))


def route_taken(approval: Approval | None) -> list[Signed]:
    """Return the steps of an approval's newest round, in order: those who answered a step, else those who may; none without one."""
    if approval is None:
        return []
    people = Signer.objects.filter(active=True).select_related("person", "answered_by").order_by("id")
    steps = ApprovalStep.objects.filter(approval=approval, round=approval.round).order_by("position")
    return [
        Signed(Text(step.title_zh, step.title_en), StepState(step.state), _names(list(step.signers.all())), step.ended_at, step.due_at)
        for step in steps.prefetch_related(Prefetch("signers", queryset=people))
    ]


def _names(places: list[Signer]) -> tuple[str, ...]:
    answered = [place for place in places if place.answer]
    return tuple((place.answered_by or place.person).name for place in answered or places)
