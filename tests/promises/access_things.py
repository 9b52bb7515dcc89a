"""What the generated matrix asks about: people, the objects that stand in addresses, and what each object is to each person.

Written from the rows themselves, not from the predicates that are tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.base.access import Way
from lingqu.catalogue.models import SpecialPrice
from lingqu.credit.models import CreditProposal, GroupProposal, HoldRequest, WriteOff
from lingqu.duties.models import Duty
from lingqu.notices.models import Notice
from lingqu.orders.models import SignatureRequest
from tests.promises.access_world import PAIRS, Rich

HQ_PEOPLE = ("director", "deputy", "manager", "representative", "finance", "warehouse", "researcher", "board")
PARTNER_PEOPLE = (
    "agent_owner", "agent_clerk", "other_agent_owner", "other_agent_clerk", "cash_agent_owner", "retailer_owner", "retailer_clerk",
    "second_retailer_owner", "other_retailer_owner", "stranger_director", "stranger_agent_owner",
)  # fmt: skip
NOBODIES = ("anonymous", "disabled", "expired")
"""Without a sign-in, with one that was switched off, and with a session whose time is over."""


@dataclass(frozen=True)
class Thing:
    """An object in an address: what fills the address, whose it is, and who stands to it in which relation (names of people)."""

    name: str
    fill: dict[str, str | int]
    seller: str = ""
    buyer: str = ""
    people: dict[str, frozenset[str]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    firms: frozenset[str] = frozenset()
    """Further firms that are a party to it."""


STOCKED = {"hq", "agent", "other_agent", "stranger"}
"""Who has a warehouse; the stranger has titles of its own in it."""

NOTHING = Thing("", {})
Fill = dict[str, str | int]


class People:
    """Who everybody is: the firm's code, its kind, and the posts there."""

    def __init__(self, world: Rich) -> None:
        codes = {world.hq.pk: "hq"} | {firm.pk: code for code, firm in world.firms.items()}
        self.names = {person.pk: name for name, person in world.people.items()}
        self.firms = {name: codes[person.firm_id] for name, person in world.people.items()}
        self.kinds = {name: person.firm.kind for name, person in world.people.items()}
        acting = {name: world.who(name) for name in (*HQ_PEOPLE, *PARTNER_PEOPLE)}
        self.posts = {name: {post.value for post, firm in who.posts if firm == who.firm} for name, who in acting.items()}

    def of(self, *ids: int | None) -> frozenset[str]:
        """The names of people by their ids."""
        return frozenset(self.names[one] for one in ids if one is not None)

    def holding(self, firm: str, *posts: str) -> frozenset[str]:
        """Who holds one of the posts at the firm."""
        return frozenset(name for name, held in self.posts.items() if self.firms[name] == firm and held & set(posts))

    def comes(self, name: str, way: Way, thing: Thing) -> bool:
        """Whether a way of a declaration is this person's to this object."""
        if way.kinds and self.kinds[name] not in way.kinds:
            return False
        if way.posts and not self.posts[name] & set(way.posts):
            return False
        return not way.relation or self.stands(name, way.relation, thing)

    def stands(self, name: str, relation: str, thing: Thing) -> bool:
        """Whether the person stands in a relation to the object."""
        firm = self.firms[name]
        sides = {
            "seller": firm == thing.seller, "buyer": firm == thing.buyer, "party": firm in {thing.seller, thing.buyer} | thing.firms,
            "own": firm == thing.seller, "shown_buyer": firm == thing.buyer and "shown" in thing.flags,
            "buyer_before_acceptance": firm == thing.buyer and "accepted" not in thing.flags,
            "waits": firm == thing.seller and bool(self.posts[name] & {"representative", "manager", "owner"}),
            "signed_at_once": firm == thing.seller and (self.kinds[name] != "hq" or "director" in self.posts[name]),
            "warehouse": firm in _stocked(thing),
        }  # fmt: skip
        return sides[relation] if relation in sides else name in thing.people.get(relation, ())


def _stocked(thing: Thing) -> set[str]:
    """Who has the title of an object in stock; everybody with a warehouse when it is none."""
    if not thing.seller:
        return STOCKED
    return {"stranger"} if thing.seller == "stranger" else STOCKED - {"stranger"}


ON_WAITING = (
    "task", "task_accept", "task_decline", "task_again", "task_waive", "order_accept", "order_decline", "order_withdraw", "order_decide",
    "order_waive", "order_change", "order_split", "order_merge", "order_reopen", "order_ask", "order_collect",
)  # fmt: skip
ON_PAPERS = ("order_contract", "order_hand_in")
ON_ORDER = (
    "order", "order_acceptance", "order_ship", "order_cancel", "order_close", "order_parts", "order_return", "task_ship",
)  # fmt: skip
ON_CODE = (
    "partner", "unapplied", "terms", "grade_change", "credit_change", "credit_preview", "proposals", "collection", "hold_set", "statement",
    "statement_pdf", "statement_excel", "statement_json", "partner_papers",
)  # fmt: skip
BY_NUMBER = {
    "receipt": ("receipt", "receipt_reverse"), "write_off": ("write_off", "write_off_revise", "write_off_withdraw"),
    "hold": ("hold", "hold_ask", "hold_withdraw", "hold_tighten", "hold_case"),
    "proposal": ("proposal", "proposal_revise", "proposal_withdraw"),
    "special": ("special_price", "special_revise", "special_withdraw", "special_end"),
    "signature": ("signature_again", "signature_withdraw"),
}  # fmt: skip
BY_PLACE = ("batch", "batch_write_off", "batch_dispute")
OF_OWNER: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "upload": ("upload", "upload", ("bank_upload",)),
    "bank_file": ("bank_file", "number", ("bank_file", "bank_original")),
    "bank_line": ("bank_line", "line", ("bank_line", "bank_line_book", "bank_line_aside", "bank_line_up")),
    "booked_line": ("booked_line", "line", ("bank_line_unbook",)),
    "group": ("group", "number", ("credit_group", "credit_group_change")),
    "group_proposal": ("group_proposal", "number", ("credit_group_proposal", "credit_group_withdraw", "credit_group_revise")),
    "opening": (
        "opening",
        "number",
        ("opening_file", "opening_original", "opening_marked", "opening_sign", "opening_book", "opening_withdraw"),
    ),
    "channel": ("channel", "channel", ("channel_edit", "channel_switch", "channel_try")),
    "sending": ("sending", "sending", ("channel_test",)),
    "delegation": ("delegation", "delegation", ("delegation_end",)),
}
DUTY_ROUTES = ("duty", "duty_hand_in", "duty_ask_again", "duty_void")
APPROVAL_ROUTES = (
    "approval", "approval_fold", "approval_decide", "approval_forward", "approval_add",
    "approval_withdraw", "approval_close", "approval_vote",
)  # fmt: skip
SIGNING, MEETING = ("approval_decide", "approval_forward", "approval_add"), ("approval_close", "approval_vote")
REGULATION: Fill = {
    "pack": "publisher", "key": "v1", "place": "M-19.3", "kind": "law", "name": "trigger_grace_days", "number": 1, "version": 1,
}  # fmt: skip


def things_of(world: Rich) -> dict[str, list[Thing]]:
    """Return the objects of every address that has one, by the name of the address."""
    people = People(world)
    found: dict[str, list[Thing]] = {}
    for route, thing in (*_between(world, people), *_owned(world, people), *_asked(world, people), *_of_duties(world, people)):
        found.setdefault(route, []).append(thing)
    return found


def _thing(
    seller: str,
    buyer: str,
    represents: frozenset[str],
    fill: Fill,
    *flags: str,
    more: dict[str, frozenset[str]] | None = None,
    only: str = "",
) -> Thing:
    """An object of a seller and a buyer; `only` one of them for what the other may not do with it."""
    people = {"representative": represents, **(more or {})}
    sides = ("" if only == "buyer" else seller, "" if only == "seller" else buyer)
    return Thing(f"{seller}>{buyer}", fill, *sides, people=people, flags=frozenset(flags))


def _between(world: Rich, people: People) -> Iterator[tuple[str, Thing]]:
    """What a seller and a buyer have between them."""
    for (seller, buyer), made in world.made.items():
        thing = partial(_thing, seller, buyer, frozenset({world.head(seller, "representative")}))
        yield from ((route, thing({"number": made["waiting"]}, "waits")) for route in ON_WAITING)
        yield from ((route, thing({"number": made["papers"]})) for route in ON_PAPERS)
        yield from ((route, thing({"number": made["order"]}, "accepted")) for route in ON_ORDER)
        yield "order_file", thing({"number": made["papers"], "attachment": made["file"]})
        yield "hold_file", thing({"number": made["hold"], "attachment": made["hold_file"]})
        yield from ((route, thing({"place": made["batch"]})) for route in BY_PLACE)
        for verb, to in (("issue", "seller"), ("agree", "buyer"), ("dispute", "buyer"), ("answer", "seller")):
            fill: Fill = {"code": made["code"], "verb": verb, "dispute": made["dispute"]}
            yield "statement_verb", thing(fill, only=to)
        yield from ((route, thing({"code": made["code"]})) for route in ON_CODE)
        for kind, routes in BY_NUMBER.items():
            if kind in made:
                asker = _asker(kind, str(made[kind]), people)
                shown = ("shown",) if kind == "special" and buyer == "agent" else ()
                yield from ((route, thing({"number": made[kind]}, *shown, more={"asker": asker})) for route in routes)


def _asker(kind: str, number: str, people: People) -> frozenset[str]:
    models = {"write_off": WriteOff, "proposal": CreditProposal, "special": SpecialPrice, "signature": SignatureRequest}
    if kind in models:
        row = models[kind].objects.get(number=number)  # type: ignore[attr-defined]
        return people.of(row.asked_by_id, row.asked_for_id)
    return people.of(*HoldRequest.objects.filter(hold__number=number).values_list("asked_by", flat=True)) if kind == "hold" else frozenset()


def _owned(world: Rich, people: People) -> Iterator[tuple[str, Thing]]:
    """What belongs to one firm, and the regulation, which is everybody's to read."""
    for owner, own in world.own.items():
        for key, (name, fill, routes) in OF_OWNER.items():
            if name not in own:
                continue
            known = {}
            if key == "group_proposal":
                known = {"asker": people.of(GroupProposal.objects.get(number=own[name]).asked_by_id)}
            if key == "delegation":
                known = {"person": frozenset({"researcher" if owner == "hq" else f"{owner}_clerk"})}
            yield from ((route, Thing(owner, {fill: own[name]}, owner, people=known)) for route in routes)
    for kind in ("batches", "stock"):
        yield from ((route, Thing(kind, {"kind": kind})) for route in ("opening_new", "opening_template"))
    yield "regulation_draft_number", Thing("draft", {"number": world.own["hq"]["draft"]})
    yield "regulation_strike", Thing("benchmark", {**REGULATION, "number": world.own["hq"]["benchmark"]})
    yield "regulation_edit", Thing("parameter", {"pack": "publisher", "kind": "parameter", "key": "trigger_grace_days"})
    yield "regulation_version", Thing("v1", {"pack": "publisher", "key": "v1"})
    yield "regulation_print", Thing("v1", {"pack": "publisher", "key": "v1"})
    yield "regulation_evidence", Thing("v1", {"pack": "publisher", "key": "v1", "kind": "law", "name": next(iter(world.regulation.laws))})
    appraisers = people.holding("hq", world.regulation.duties["monthly_report"].appraiser)
    yield "duties_remind", Thing("monthly_report", {}, people={"appraiser": appraisers})
    for name, firms in (
        ("representative", ("hq", "agent", "other_agent", "cash_agent")), ("agent_owner", ("hq", "agent", "retailer", "second_retailer")),
    ):  # fmt: skip
        everybody = frozenset(one for one in people.posts if people.firms[one] in firms)
        yield "person", Thing(name, {"person": world.people[name].pk}, people={"known": everybody})
    yield "theme", Thing("dark", {"chosen": "dark"})
    yield "api_operation", Thing("ship_order", {"name": "ship_order"})
    for owner in ("director", "agent_owner"):
        notice = Notice.objects.filter(person=world.people[owner]).order_by("pk").first()
        if notice:
            yield "notice_open", Thing(owner, {"notice": notice.pk}, people={"person": frozenset({owner})})


def _asked(world: Rich, people: People) -> Iterator[tuple[str, Thing]]:
    """Approvals on their way: who asked, who signs the open step, who sees them."""
    kept: dict[tuple[str, str], int] = {}
    for approval in Approval.objects.filter(state="open").order_by("pk"):
        step = ApprovalStep.objects.get(approval=approval, state="open")
        place = (approval.subject_kind, step.key)
        kept[place] = kept.get(place, 0) + 1
        if kept[place] > 1:
            continue
        asked = people.of(approval.asked_by_id, approval.asked_for_id)
        asker = asked | people.of(*approval.co_askers)
        places = [row for one in approval.steps.all() for row in one.signers.all()]
        named = people.of(*(row.person_id for row in places), *(row.answered_by_id for row in places))
        firm = next(code for code in ("hq", *world.firms) if world.firm(code).pk == approval.firm_id)
        signers = people.of(*(row.person_id for row in step.signers.all() if row.active)) - asker
        known = {
            "asker": asked, "signer": signers,
            "viewer": asked | named | people.holding(firm, "director", "deputy", "manager"),
            "leader": people.holding(firm, step.lead) if step.lead else frozenset(),
        }  # fmt: skip
        fill: Fill = {"number": approval.number, "verb": "approve", "ballot": "yes"}
        meets = bool(step.lead)
        for route in APPROVAL_ROUTES:
            if route in (SIGNING if meets else MEETING):
                continue
            yield route, Thing(f"{approval.subject_kind}/{step.key}", {**fill, "step": step.pk}, firm, people=known)


def _of_duties(world: Rich, people: People) -> Iterator[tuple[str, Thing]]:
    """Duties that were fulfilled with a paper, and one that is open."""
    above = {buyer: seller for seller, buyer in PAIRS}
    codes = {world.firm(code).pk: code for code in ("hq", *world.firms)}
    for code, own in world.own.items():
        if "duty" not in own:
            continue
        done = Duty.objects.get(pk=own["duty"])
        waiting = Duty.objects.filter(owed_by=done.owed_by_id, state="open", responsible="owner").order_by("pk").first()
        for duty, routes in ((done, ("duty", "duty_ask_again", "duty_void")), (waiting, ("duty_hand_in",))):
            if duty is None:
                continue
            firm = codes[duty.owed_by_id]
            owners = people.holding(above[firm], "owner") if firm in above else frozenset()
            higher = people.holding(above.get(above.get(firm, ""), ""), "owner")
            inside = frozenset(name for name in people.posts if people.firms[name] in ("hq", firm))
            known = {
                "viewer": inside | owners | higher, "responsible": people.holding(firm, duty.responsible), "owner_above": owners,
                "appraiser": people.holding("hq", duty.appraiser) if duty.appraiser else frozenset(),
            }  # fmt: skip
            yield from ((route, Thing(code, {"duty": duty.pk}, "hq", code, known)) for route in routes)
            if duty is done:
                yield "paper_remark", Thing(code, {"paper": own["paper"]}, "hq", code, known)
                yield "paper_file", Thing(code, {"attachment": own["paper_file"]}, "hq", code, known)


def fill_for(names: Iterable[str], thing: Thing) -> Fill:
    """Return what fills the places of an address: the object's values, else those of the regulation."""
    return {name: thing.fill.get(name, REGULATION.get(name, "")) for name in names}
