"""What a price cut is, for which copies it is made good, and by how much (M-17.1). Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

import msgspec

from lingqu.base.money import WHOLE_BP, ZERO, check_copies, half_up, total
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text

CHAIN: Final = "price_claim"
BRANCH_CHAIN: Final = "branch_price_claim"
"""By which an agent's owner decides on the claims of its retailers."""

MOST_LINES: Final = 200
MOST_NOTE: Final = 400
MOST_FILES: Final = 5
WHOLE: Final = 100


class Terms(msgspec.Struct, frozen=True):
    """What the regulation says: days before a cut in which copies were shipped, days after it in which one may claim, share in percent."""

    window_days: int
    claim_days: int
    share: Decimal


class Price(msgspec.Struct, frozen=True):
    """A list price of a title (its id) from a day on, in yuan."""

    id: int
    since: date
    amount: Decimal


class Cut(msgspec.Struct, frozen=True):
    """A list price that was lowered on a day: the id of the new price, both amounts in yuan."""

    id: int
    on: date
    old: Decimal
    new: Decimal


class Shipment(msgspec.Struct, frozen=True):
    """Copies of a line of a request that left on a day."""

    on: date
    copies: int


class Bought(msgspec.Struct, frozen=True):
    """A line of a request as it was shipped to the partner: prices in yuan, copies that came back.

    `claimed` are its copies that other claims name, by cut (the id of the new price), but for those that came back since and of which
    the relief was taken back: these are `back`.
    """

    order_line: int
    number: str
    list_price: Decimal
    discount_bp: int
    returned: int
    shipments: tuple[Shipment, ...]
    claimed: dict[int, int] = {}
    back: dict[int, int] = {}


class Source(msgspec.Struct, frozen=True):
    """Copies of one line of a request that are made good, and by how much a copy of it lost at list price, in yuan."""

    order_line: int
    number: str
    copies: int
    drop: Decimal
    discount_bp: int


class AskedLine(msgspec.Struct, frozen=True):
    """A title (Product id), all copies of it that the partner has in stock, and the day of the cut; None for the latest.

    `row` is the row of the form in which it stands, from 1; 0 for its place in the list.
    """

    product: int
    stock: int
    cut_on: date | None = None
    row: int = 0


class Relieved(msgspec.Struct, frozen=True):
    """Copies of a line of a request that a credited claim made good (PriceClaimSource id): its number, its cut, copies and yuan.

    `back` are those that came back since, `taken` is the yuan taken back for them.
    """

    source: int
    number: str
    order_line: int
    cut: int
    copies: int
    amount: Decimal
    back: int = 0
    taken: Decimal = ZERO


class TakenBack(msgspec.Struct, frozen=True):
    """Copies that come back and that a claim made good (PriceClaimSource id, number), and the yuan that were credited for them."""

    source: int
    number: str
    copies: int
    amount: Decimal


class NewClaim(msgspec.Struct, frozen=True):
    """A claim of a partner at its seller (Firm ids). The same key, made before sending, is the same claim."""

    key: str
    seller: int
    buyer: int
    lines: tuple[AskedLine, ...]
    note: str = ""


class Judged(msgspec.Struct, frozen=True):
    """A line with all that its compensation follows from; `why` says, where nothing is made good, why not, and at which field.

    `shipped` are copies that were shipped in the window at a higher price and did not come back, `claimed` those that claims name already.
    """

    row: int
    product: int
    stock: int
    cut: Cut | None = None
    shipped: int = 0
    claimed: int = 0
    sources: tuple[Source, ...] = ()
    amount: Decimal = ZERO
    why: Text | None = None
    field: str = ""

    @property
    def copies(self) -> int:
        """Return the copies that are made good."""
        return sum(one.copies for one in self.sources)


def check_new(new: NewClaim) -> NewClaim:
    """Return a claim with its note trimmed; refuses no line or over 200, a title twice with the same day, copies outside 1 to 1,000,000.

    Two lines that mean one cut, by its day and as the latest, are found when they are judged (`once_each`).
    """
    if not new.lines:
        raise bad_input("lines", Text("请至少填写一个品种和库存册数。", "Name one title with its copies at least."))
    if len(new.lines) > MOST_LINES:
        raise bad_input("lines", Text(f"一份最多 {MOST_LINES} 个品种。", f"A claim has at most {MOST_LINES} titles."))
    seen: set[tuple[int, date | None]] = set()
    for place, line in enumerate(new.lines, 1):
        at = f"lines.{line.row or place}"
        check_copies(line.stock, field=f"{at}.copies")
        if (line.product, line.cut_on) in seen:
            raise bad_input(f"{at}.title", Text("同一品种只能填写一行。", "A title stands on one line."))
        seen.add((line.product, line.cut_on))
    note = new.note.strip()
    if len(note) > MOST_NOTE:
        raise bad_input("note", Text(f"最多 {MOST_NOTE} 字。", f"At most {MOST_NOTE} characters."))
    return msgspec.structs.replace(new, note=note)


def find_cut(prices: Sequence[Price], named: date | None, *, on: date, days: int) -> Cut | Text:
    """Return the cut that a claim of the day is about, or why there is none: the latest, or the one of the day `named`.

    A price that has risen again above the new one is no loss any more, and `days` after the cut it is too late.
    """
    known = sorted((one for one in prices if one.since <= on), key=lambda one: one.since)
    cuts = [
        Cut(new.id, new.since, old.amount, new.amount) for old, new in pairwise(known) if new.amount < old.amount
    ]  # fmt: skip
    cut = next((one for one in reversed(cuts) if named in (None, one.on)), None)
    if cut is None and named:
        return Text(f"{named} 没有降价。", f"its list price did not fall on {named}.")
    if cut is None:
        return Text("没有降过价。", "its list price never fell.")
    last = cut.on + timedelta(days=days)
    if on > last:
        return Text(f"{cut.on} 降价，申请截止 {last}，已过期。", f"the price fell on {cut.on}; claims had to come by {last}.")
    if any(one.since > cut.on and one.amount > cut.new for one in known):
        return Text(f"{cut.on} 降价后定价又上调。", f"the price fell on {cut.on} and has risen again since.")
    return cut


def in_window(bought: Bought, cut: Cut, days: int) -> int:
    """Return the copies of a line that left within the days before a cut and did not come back.

    What came back is taken from the last shipped, but for copies that a claim had made good: these had left within the days.
    """
    back = bought.back.get(cut.id, 0)
    gone, found = bought.returned - back, -back
    for one in sorted(bought.shipments, key=lambda shipment: shipment.on, reverse=True):
        off = min(gone, one.copies)
        gone -= off
        if cut.on - timedelta(days=days) <= one.on < cut.on:
            found += one.copies - off
    return max(found, 0)


def judge(row: int, asked: AskedLine, prices: Sequence[Price], bought: Iterable[Bought], terms: Terms, *, on: date) -> Judged:
    """Return what is made good of a line, the last shipped copies first.

    It is the least of the stock named and the copies shipped, less those that claims name already; each at the original discount by what
    its list price lost, times the share, the line rounded once, half up to the cent.
    """
    cut = find_cut(prices, asked.cut_on, on=on, days=terms.claim_days)
    if isinstance(cut, Text):
        return Judged(row, asked.product, asked.stock, why=cut, field="title")
    higher = [one for one in bought if one.list_price > cut.new]
    there = [(one, in_window(one, cut, terms.window_days)) for one in higher]
    shipped, claimed = sum(copies for _, copies in there), sum(one.claimed.get(cut.id, 0) for one in higher)
    left = min(asked.stock, shipped) - claimed
    sources: list[Source] = []
    for one, copies in sorted(there, key=lambda pair: (_last_shipped(pair[0]), pair[0].order_line), reverse=True):
        part = min(copies - one.claimed.get(cut.id, 0), left)
        if part > 0:
            left -= part
            sources.append(Source(one.order_line, one.number, part, min(one.list_price, cut.old) - cut.new, one.discount_bp))
    amount = compensation(sources, terms.share)
    why, field = (None, "") if amount else _nothing(asked, cut, terms, shipped=shipped, claimed=claimed)
    return Judged(row, asked.product, asked.stock, cut, shipped, claimed, tuple(sources), amount, why, field)


def _last_shipped(bought: Bought) -> date:
    return max((one.on for one in bought.shipments), default=date.min)


def once_each(lines: Iterable[Judged]) -> list[Judged]:
    """Return lines as they were judged, but each cut of a title once: of a second line about it nothing is made good, and it says why."""
    seen: set[int] = set()
    found: list[Judged] = []
    for one in lines:
        if one.cut is None or one.cut.id not in seen:
            seen |= {one.cut.id} if one.cut else set()
            found.append(one)
            continue
        why = Text("前面已有一行是同一次降价，请并为一行。", "a line before is about the same cut; put both on one line.")
        found.append(msgspec.structs.replace(one, sources=(), amount=ZERO, why=why, field="title"))
    return found


def compensation(sources: Iterable[Source], share: Decimal) -> Decimal:
    """Return what a line is made good with, in yuan: copies × drop × discount × share, rounded once, half up to the cent."""
    whole = sum((one.drop * one.copies * one.discount_bp for one in sources), ZERO)
    return half_up(whole * share / (WHOLE_BP * WHOLE))


def _nothing(asked: AskedLine, cut: Cut, terms: Terms, *, shipped: int, claimed: int) -> tuple[Text, str]:
    since = cut.on - timedelta(days=terms.window_days)
    if not shipped:
        return Text(
            f"{cut.on} 降价前 {terms.window_days} 天内（{since} 起）没有按原价发货而未退的册数。",
            f"no copies that were shipped at the old price in the {terms.window_days} days before {cut.on} (from {since} on) are left.",
        ), "title"
    if claimed:
        return Text(
            f"{claimed:,} 册已申请过；库存 {asked.stock:,} 册、发货 {shipped:,} 册，没有未申请的。",
            f"{claimed:,} copies are claimed already; of {asked.stock:,} in stock and {shipped:,} shipped none is left.",
        ), "copies"
    return Text("补差不足一分。", "the compensation is less than a cent."), "copies"


def claim_sums(lines: Iterable[Judged]) -> tuple[int, Decimal]:
    """Return the copies of all lines that are made good, and the yuan."""
    found = list(lines)
    return sum(one.copies for one in found), total(one.amount for one in found)


def fingerprint(claim: int, amount: Decimal, lines: Iterable[tuple[int, int, int, Decimal]]) -> str:
    """Return the fingerprint of what is decided: lines as (order line, cut, copies, the line's yuan)."""
    return hashlib.sha256(msgspec.json.encode([claim, str(amount), [(*line[:3], str(line[3])) for line in lines]])).hexdigest()


def take_back(relieved: Sequence[Relieved], copies: int, net: Decimal, *, before: int = 0) -> list[TakenBack]:
    """Return what was credited for copies of a line that come back: first those that claims made good, of each cut the first claimed.

    `before` other copies of the line come back first. Of all copies of a source that are back it is their share of what was credited,
    half up to the cent, less what was taken before: all together come to exactly what was credited, however often they come. Never more
    than `net`, the yuan at which the copies are credited; what is left over is taken from the next.
    """
    found: list[TakenBack] = []
    for cut in sorted({one.cut for one in relieved}):
        gone, left = before, copies
        for one in sorted((one for one in relieved if one.cut == cut), key=lambda one: one.source):
            off = min(gone, one.copies - one.back)
            part = min(left, one.copies - one.back - off)
            gone, left = gone - off, left - part
            if not part:
                continue
            behind = one.back + off
            taken = half_up(one.amount * behind / one.copies) if off else one.taken
            amount = max(min(half_up(one.amount * (behind + part) / one.copies) - taken, net), ZERO)
            net -= amount
            found.append(TakenBack(one.source, one.number, part, amount))
    return found
