"""What a change of a request changes: its new content before and after acceptance, parts of it, and what goods sent back are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from lingqu.base.money import WHOLE_BP, ZERO, check_copies, line_list_value, line_net
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.catalogue.rules import PricedLine
from lingqu.policy.states import Law

NAMED_BY_NUMBER = (Law.CREDIT.value, Law.BATCHES.value)
"""What a signature lets through of these is an amount or a count: a request that grows is measured by it again."""


class Agreed(msgspec.Struct, frozen=True):
    """A line as it stands: copies asked, shipped and sent back, list price in yuan, discount in basis points.

    `credited` is what copies of it that were sent back were credited at, yuan.
    """

    line: int
    product: int
    copies: int
    list_price: Decimal
    discount_bp: int
    shipped: int = 0
    returned: int = 0
    credited: Decimal = ZERO


class Wanted(msgspec.Struct, frozen=True):
    """A title as it is wanted from now on: 0 copies take it out; a discount only where the seller's people offer one."""

    product: int
    copies: int
    discount_bp: int | None = None


class Piece(msgspec.Struct, frozen=True):
    """A line of the new content: `line` is the number of the line that goes on, 0 for a new one; None is priced by today's rule."""

    line: int
    product: int
    copies: int
    discount_bp: int | None = None
    list_price: Decimal | None = None


class Price(msgspec.Struct, frozen=True):
    """What a title costs today: list price in yuan, and the discount of the rule in basis points."""

    list_price: Decimal | None
    discount_bp: int


class Priced(msgspec.Struct, frozen=True):
    """A line with its money in yuan. `special` is the special price it is sold by, 0 for none; None leaves what stands."""

    line: int
    product: int
    copies: int
    list_price: Decimal
    list_value: Decimal
    discount_bp: int
    net: Decimal
    special: int | None = None


def check_wanted(wanted: Sequence[Wanted], *, most: int) -> None:
    """Refuse a content of nothing, one of more than `most` lines, copies outside 0 to 1,000,000, and discounts outside 0 to 100 %."""
    if not any(one.copies for one in wanted):
        raise bad_input("lines", Text("请至少填写一个品种的册数。", "Enter the copies of at least one title."))
    if len(wanted) > most:
        raise bad_input("lines", Text(f"一份申请最多 {most} 行。", f"A request has at most {most} lines."))
    for number, one in enumerate(wanted, 1):
        if one.copies:
            check_copies(one.copies, field=f"lines.{number}.copies")
        if one.discount_bp is not None and not 0 <= one.discount_bp <= WHOLE_BP:
            raise bad_input(f"lines.{number}.discount", Text("折扣须在 0 与 100% 之间。", "A discount lies between 0 and 100 %."))


def pair_up(agreed: Sequence[Agreed], wanted: Sequence[Wanted]) -> list[tuple[Agreed | None, Wanted]]:
    """Return what is wanted beside the line that it goes on from: by title, in the order of the lines. What is not named is taken out."""
    left = list(agreed)
    pairs: list[tuple[Agreed | None, Wanted]] = []
    for one in wanted:
        line = next((line for line in left if line.product == one.product), None)
        if line:
            left.remove(line)
        pairs.append((line, one))
    return pairs + [(line, Wanted(line.product, 0)) for line in left]


def new_content(agreed: Sequence[Agreed], wanted: Sequence[Wanted]) -> tuple[Piece, ...]:
    """Return the content of a request that nobody has accepted yet, to be judged from the beginning.

    As many copies or fewer keep the price that they were entered with; a line that grows, and a new one, is priced by today's rule,
    unless the seller's people offer a discount.
    """
    pieces = []
    for line, one in pair_up(agreed, wanted):
        if not one.copies:
            continue
        if line is None or one.copies > line.copies:
            pieces.append(Piece(line.line if line else 0, one.product, one.copies, one.discount_bp))
        else:
            discount = line.discount_bp if one.discount_bp is None else one.discount_bp
            pieces.append(Piece(line.line, one.product, one.copies, discount, line.list_price))
    return tuple(pieces)


def accepted_content(agreed: Sequence[Agreed], wanted: Sequence[Wanted], today: Mapping[int, Price]) -> tuple[Piece, ...]:
    """Return the content of an accepted request: what was agreed keeps its price, what comes to it is priced as of today.

    Where both cost the same it is one line; else the added copies stand on a line of their own. Lines of 0 copies stay, so that what was
    agreed can be read. Refuses fewer copies than were shipped.
    """
    pieces: list[Piece] = []
    added: list[Piece] = []
    for line, one in pair_up(agreed, wanted):
        if line is None:
            if one.copies:
                added.append(Piece(0, one.product, one.copies, one.discount_bp))
            continue
        _not_below_shipped(line, one.copies)
        discount = line.discount_bp if one.discount_bp is None else one.discount_bp
        _same_price_after_return(line, discount)
        more = one.copies - line.copies
        if more > 0 and not _costs_the_same(line, discount, one, today.get(line.product)):
            pieces.append(Piece(line.line, line.product, line.copies, line.discount_bp, line.list_price))
            added.append(Piece(0, one.product, more, one.discount_bp))
        else:
            pieces.append(Piece(line.line, line.product, one.copies, discount, line.list_price))
    return (*sorted(pieces, key=lambda piece: piece.line), *added)


def _costs_the_same(line: Agreed, discount: int, one: Wanted, today: Price | None) -> bool:
    if today is None or line.list_price != today.list_price:
        return False
    return discount == line.discount_bp and (one.discount_bp is not None or line.discount_bp == today.discount_bp)


def _not_below_shipped(line: Agreed, copies: int) -> None:
    if copies < line.shipped:
        raise bad_input(
            f"lines.{line.line}.copies",
            Text(
                f"第 {line.line} 行已发 {line.shipped} 册，不能少于已发；已发的请走退货。",
                f"{line.shipped} copies of line {line.line} were shipped; it cannot have fewer. Goods that left come back as a return.",
            ),
        )


def _same_price_after_return(line: Agreed, discount: int) -> None:
    if line.returned and discount != line.discount_bp:
        raise bad_input(
            f"lines.{line.line}.discount",
            Text(
                f"第 {line.line} 行已有退货，按原价退过款，折扣不能再改。",
                f"Copies of line {line.line} were sent back and credited at its price; its discount cannot change any more.",
            ),
        )


def is_lowering(agreed: Sequence[Agreed], pieces: Sequence[Piece]) -> bool:
    """Return whether a change of an accepted request only takes copies out: nothing new, nothing more, no other price."""
    before = {line.line: line for line in agreed}
    return all(
        piece.line in before and piece.copies <= before[piece.line].copies and piece.discount_bp == before[piece.line].discount_bp
        for piece in pieces
    )


def reservations(open_copies: Sequence[tuple[int, int]], free: Mapping[int, int]) -> list[int]:
    """Return how many copies each line keeps in stock, of (product, copies to be shipped yet) in their order and the free copies."""
    left = dict(free)
    kept = []
    for product, copies in open_copies:
        there = max(min(copies, left.get(product, 0)), 0)
        left[product] = left.get(product, 0) - there
        kept.append(there)
    return kept


def priced(piece: Piece, discount_bp: int, list_price: Decimal) -> Priced:
    """Return a piece with its money, each value rounded once, half-up to 0.01 yuan."""
    value, net = line_list_value(list_price, piece.copies), line_net(list_price, piece.copies, discount_bp)
    return Priced(piece.line, piece.product, piece.copies, list_price, value, discount_bp, net)


def parted(agreed: Sequence[Agreed], out: Mapping[int, int]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return what stays and what goes when copies by line number are split off, both at the prices that stand.

    Refuses a line that is not there, more copies than it has, nothing at all, and everything.
    """
    _known_lines(agreed, out)
    stays, goes = [], []
    for line in agreed:
        moved = out.get(line.line, 0)
        if not 0 <= moved <= line.copies:
            raise bad_input(
                f"lines.{line.line}.copies",
                Text(f"第 {line.line} 行可拆 0 至 {line.copies} 册。", f"Of line {line.line}, 0 to {line.copies} copies can be split off."),
            )
        if moved:
            goes.append(Piece(line.line, line.product, moved, line.discount_bp, line.list_price))
        if line.copies > moved:
            stays.append(Piece(line.line, line.product, line.copies - moved, line.discount_bp, line.list_price))
    if not goes:
        raise bad_input("lines", Text("请至少填写一行要拆出的册数。", "Enter the copies that go into the new request."))
    if not stays:
        raise bad_input("lines", Text("全部拆出等于没有拆，请至少留一册。", "Splitting all of it off splits nothing; leave one copy."))
    return tuple(stays), tuple(goes)


def joined(contents: Sequence[Sequence[Agreed]]) -> tuple[Piece, ...]:
    """Return the content of several requests as one: copies of a title at one price stand on one line."""
    found: dict[tuple[int, Decimal, int], int] = {}
    for lines in contents:
        for line in lines:
            if line.copies:
                name = (line.product, line.list_price, line.discount_bp)
                found[name] = found.get(name, 0) + line.copies
    return tuple(
        Piece(number, product, copies, discount, price) for number, ((product, price, discount), copies) in enumerate(found.items(), 1)
    )


def check_parts(agreed: Sequence[Agreed], out: Mapping[int, int]) -> dict[int, int]:
    """Return the copies to be shipped by line number, those above nothing. Refuses a line that is not there, and more than was agreed."""
    _known_lines(agreed, out)
    for line in agreed:
        if out.get(line.line, 0) > line.copies - line.shipped:
            raise Refusal(
                "more_than_agreed",
                Text(
                    f"第 {line.line} 行只剩 {line.copies - line.shipped} 册未发。要多发，请先修改申请。",
                    f"Line {line.line} has {line.copies - line.shipped} copies left to ship. To ship more, change the request first.",
                ),
                field=f"lines.{line.line}.copies",
            )
    return _some(out)


def check_return(agreed: Sequence[Agreed], back: Mapping[int, int]) -> dict[int, int]:
    """Return the copies that came back by line number, those above nothing. Refuses a line that is not there, and more than left."""
    _known_lines(agreed, back)
    for line in agreed:
        if back.get(line.line, 0) > line.shipped - line.returned:
            raise bad_input(
                f"lines.{line.line}.copies",
                Text(
                    f"第 {line.line} 行已发未退 {line.shipped - line.returned} 册，不能多退。",
                    f"{line.shipped - line.returned} copies of line {line.line} left and did not come back; no more can.",
                ),
            )
    return _some(back)


def check_lost(back: Mapping[int, int], lost: Mapping[int, int]) -> dict[int, int]:
    """Return the copies that came back unfit for stock by line number, those above nothing. Refuses more of a line than came back."""
    for number, copies in lost.items():
        if not 0 <= copies <= back.get(number, 0):
            raise bad_input(
                f"lines.{number}.copies",
                Text("损毁册数不能多于退回册数。", "No more copies can be lost than came back."),
            )
    return {number: copies for number, copies in lost.items() if copies}


def return_value(line: Agreed, copies: int) -> Decimal:
    """Return what copies that come back are credited at, in yuan, at the price that was paid for them.

    It is the net of all copies that are back, less what was credited before: so all returns of a line together come to exactly the net of
    the copies that came back, to the cent, however many times they come.
    """
    return max(line_net(line.list_price, line.returned + copies, line.discount_bp) - line.credited, ZERO)


def is_another(agreed: Sequence[Agreed], lines: Sequence[PricedLine]) -> bool:
    """Return whether a changed request is another than the one that was signed for: worth more, or cheaper in a line than all before."""
    before = sum((line_net(line.list_price, line.copies, line.discount_bp) for line in agreed), ZERO)
    lowest = min((line.discount_bp for line in agreed if line.copies), default=WHOLE_BP)
    return sum((line.net for line in lines), ZERO) > before or any(line.discount_bp < lowest for line in lines)


def still_signed(laws: Sequence[str], *, grew: bool, price_named: bool) -> tuple[str, ...]:
    """Return which laws a signature still names after the request changed: one that grew is another request than the one signed for.

    What was signed as an amount or a count stays: it lets through what it named, and no more.
    """
    if not grew:
        return tuple(laws)
    return tuple(law for law in laws if law in NAMED_BY_NUMBER or (law == Law.PRICE.value and price_named))


def _known_lines(agreed: Sequence[Agreed], out: Mapping[int, int]) -> None:
    there = {line.line for line in agreed}
    for number, copies in out.items():
        if number not in there:
            raise bad_input("lines", Text(f"没有第 {number} 行。", f"There is no line {number}."))
        if copies < 0:
            raise bad_input(f"lines.{number}.copies", Text("册数不能小于零。", "Copies cannot be fewer than none."))


def _some(out: Mapping[int, int]) -> dict[int, int]:
    some = {number: copies for number, copies in out.items() if copies}
    if not some:
        raise bad_input("lines", Text("请至少填写一行的册数。", "Enter the copies of at least one line."))
    return some
