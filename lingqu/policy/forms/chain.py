"""A procedure as it is typed: its steps as rows that can be moved, added and removed before anything is saved."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from lingqu.approvals.rules import Chain, Step, Who
from lingqu.approvals.states import StepKind
from lingqu.base.templatetags.words import money
from lingqu.base.text import Text
from lingqu.policy.forms.typed import (
    LONGEST_TITLE,
    MOST_DAYS,
    Typed,
    post_choices,
    read_choice,
    read_number,
    read_whole,
    small_number,
)
from lingqu.policy.rules import Regulation, SetChain

MOST_STEPS = 20
END = "end"
FIELDS = ("key", "title-zh", "title-en", "who", "over", "enough", "days", "working", "late", "next")
WORKING = {"yes": Text("工作日", "working days"), "no": Text("天", "calendar days")}


class StepForm(msgspec.Struct, frozen=True):
    """One step in the form: its place and its texts by field."""

    place: int
    first: bool
    last: bool
    texts: dict[str, str]

    @property
    def names(self) -> dict[str, str]:
        """Return the names of its inputs, each under the word that the page uses."""
        return {field.replace("-", "_"): f"{field}-{self.place}" for field in FIELDS}


def who_choices(regulation: Regulation) -> dict[str, Text]:
    """Return who may decide a step: posts, the representative, committees."""
    posts = {f"post:{key}": words for key, words in post_choices(empty=False, outside=True).items()}
    relations = {"relation:representative_of": Text("客户的区域销售员", "the partner's representative")}
    votes = {f"committee:{key}": Text(f"{one.title.zh}（表决）", f"{one.title.en} (vote)") for key, one in regulation.committees.items()}
    return posts | relations | votes


def next_choices(typed: Typed) -> dict[str, Text]:
    """Return where a step may lead: to the next one, to the end, or to a named step."""
    found = {"": Text("下一步", "the next step"), END: Text("结束", "the end")}
    for place in range(steps_of(typed)):
        key = typed.texts.get(f"key-{place}", "")
        if key:
            zh, en = typed.texts.get(f"title-zh-{place}") or key, typed.texts.get(f"title-en-{place}") or key
            found[key] = Text(f"第 {place + 1} 步 {zh}", f"step {place + 1}: {en}")
    return found


def chain_texts(chain: Chain) -> dict[str, str]:
    """Return what the fields of a procedure hold before anything was typed."""
    texts = {"steps": str(len(chain.steps))}
    for place, step in enumerate(chain.steps):
        values = {
            "key": step.key, "title-zh": step.title.zh, "title-en": step.title.en, "who": _who_text(step.who),
            "over": "" if step.over is None else money(step.over),
            "enough": "" if step.enough_up_to is None else money(step.enough_up_to),
            "days": str(step.days), "working": "yes" if step.working_days else "no", "late": step.late_to, "next": step.next,
        }  # fmt: skip
        texts |= {f"{field}-{place}": text for field, text in values.items()}
    return texts


def steps_of(typed: Typed) -> int:
    """Return how many steps were sent."""
    return small_number(typed.texts.get("steps", ""), default=0, most=MOST_STEPS)


def step_forms(typed: Typed) -> list[StepForm]:
    """Return the steps as rows of the form."""
    count = steps_of(typed)
    return [
        StepForm(
            place, place == 0, place == count - 1, {field: typed.texts.get(f"{field}-{place}", "") for field in FIELDS}
        )
        for place in range(count)
    ]  # fmt: skip


def rearranged(typed: Typed, verb: str) -> Typed:
    """Return what was typed with the steps as a button asks: `add`, `up-2`, `down-2`, `remove-2`. An unknown verb changes nothing."""
    count = steps_of(typed)
    order = list(range(count))
    name, _, number = verb.partition("-")
    place = small_number(number, default=-1, most=MOST_STEPS)
    if name == "add" and count < MOST_STEPS:
        return _with_new(typed, count)
    if name == "remove" and 0 <= place < count:
        order.pop(place)
    elif name == "up" and 0 < place < count:
        order[place - 1], order[place] = order[place], order[place - 1]
    elif name == "down" and 0 <= place < count - 1:
        order[place + 1], order[place] = order[place], order[place + 1]
    texts = {key: text for key, text in typed.texts.items() if key.rpartition("-")[0] not in FIELDS}
    for new, old in enumerate(order):
        texts |= {f"{field}-{new}": typed.texts.get(f"{field}-{old}", "") for field in FIELDS}
    return msgspec.structs.replace(typed, texts=texts | {"steps": str(len(order))})


def read_chain(key: str, regulation: Regulation, typed: Typed) -> SetChain | None:
    """Return the change of a procedure; None when something is wrong."""
    count = steps_of(typed)
    if not count:
        typed.error("steps", Text("至少要有一步。", "There must be at least one step."))
    steps = [_read_step(place, regulation, typed) for place in range(count)]
    keys = [typed.texts.get(f"key-{place}", "") for place in range(count)]
    for place, step in enumerate(steps):
        if step is not None and step.next and step.next not in {END, *keys}:
            typed.error(f"next-{place}", Text("所指的步骤已不在。", "The step that this leads to is gone."))
    _must_end(typed, steps)
    whole = tuple(step for step in steps if step is not None)
    return SetChain(key, whole) if typed.fits and len(whole) == count else None


def _must_end(typed: Typed, steps: list[Step | None]) -> None:
    """Follow the steps from the first: none may come twice."""
    if None in steps or not steps or not typed.fits:
        return
    places = {step.key: place for place, step in enumerate(steps) if step}
    place: int | None = 0
    seen: list[int] = []
    while place is not None and place < len(steps):
        if place in seen:
            typed.error(f"next-{seen[-1]}", Text("这样会绕回来，永远不会结束。", "This comes back to a step before and never ends."))
            return
        seen.append(place)
        step = steps[place]
        following = step.next if step else END
        place = None if following == END else places[following] if following else place + 1


def _read_step(place: int, regulation: Regulation, typed: Typed) -> Step | None:
    title = _title(typed, place)
    who = read_choice(typed, f"who-{place}", who_choices(regulation))
    days = read_whole(typed, f"days-{place}", least=0, most=MOST_DAYS) if typed.has(f"days-{place}") else 0
    working = read_choice(typed, f"working-{place}", WORKING)
    late = read_choice(typed, f"late-{place}", post_choices(outside=True))
    over, enough = _amount(typed, f"over-{place}"), _amount(typed, f"enough-{place}")
    if late and not days:
        typed.error(f"days-{place}", Text("写了逾时由谁，就要写时限天数。", "Who takes over when it is late needs a number of days."))
    if late and who == f"post:{late}":
        typed.error(f"late-{place}", Text("须是另一个岗位。", "This must be another post."))
    if title is None or days is None or f"who-{place}" in typed.errors:
        return None
    kind, _, name = who.partition(":")
    return Step(
        key=typed.texts.get(f"key-{place}") or f"step-{place + 1}", title=title, who=Who(**{kind: name}),
        kind=StepKind.VOTE if kind == "committee" else StepKind.SIGN, over=over, enough_up_to=enough, days=days,
        working_days=working != "no", late_to=late, next=typed.texts.get(f"next-{place}", ""),
    )  # fmt: skip


def _title(typed: Typed, place: int) -> Text | None:
    halves = {}
    for language in ("zh", "en"):
        field = f"title-{language}-{place}"
        words = typed.texts.get(field, "")
        if not words:
            typed.error(field, Text("两种语言都要填写。", "Both languages are needed."))
        elif len(words) > LONGEST_TITLE:
            typed.error(field, Text(f"最多 {LONGEST_TITLE} 个字。", f"At most {LONGEST_TITLE} characters."))
        halves[language] = words
    return Text(halves["zh"], halves["en"]) if all(halves.values()) else None


def _amount(typed: Typed, field: str) -> Decimal | None:
    return read_number(typed, field, least=0) if typed.has(field) else None


def _who_text(who: Who) -> str:
    if who.committee:
        return f"committee:{who.committee}"
    return f"relation:{who.relation}" if who.relation else f"post:{who.post}"


def _with_new(typed: Typed, count: int) -> Typed:
    taken = {typed.texts.get(f"key-{place}", "") for place in range(count)}
    key = next(f"step-{number}" for number in range(count + 1, 2 * count + 3) if f"step-{number}" not in taken)
    fresh = {f"{field}-{count}": "" for field in FIELDS} | {f"key-{count}": key, f"days-{count}": "3", f"working-{count}": "yes"}
    return msgspec.structs.replace(typed, texts=typed.texts | fresh | {"steps": str(count + 1)})
