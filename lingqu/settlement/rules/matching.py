"""Whose money it is: signs on a bank line that point to a partner, and how sure they are together. A person books, never this."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

import msgspec

from lingqu.base.money import ZERO, total
from lingqu.base.text import Text
from lingqu.credit.rules import OpenBatch
from lingqu.settlement.rules.names import core_name, is_cut, plain_name

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")
MOST_CANDIDATES: Final = 5
LEAST_CODE: Final = 3
"""A shorter partner code may stand in any remark by chance."""

_REQUEST: Final = re.compile(r"(?<![A-Z0-9])([A-Z]{2})[-_ ]?(\d{4})[-_ ]?(\d{4,})(?!\d)")
_WORD: Final = re.compile(r"[A-Z0-9][A-Z0-9_.-]*")
_CAUTION: Final = re.compile(r"保证金|押金|借款|贷款|利息|结息|退款|退票|退回|冲正|冲销|工资|报销|手续费|投标|退税|税款")


class Sign(StrEnum):
    """What on a bank line points to a partner."""

    REQUEST = "request"
    ACCOUNT = "account"
    CODE = "code"
    NAME = "name"
    ALIAS = "alias"
    LIKE = "like"
    BATCH = "batch"
    OLDEST = "oldest"
    OVERDUE = "overdue"


POINTS: Final = {
    Sign.REQUEST: 60, Sign.ACCOUNT: 50, Sign.CODE: 50, Sign.NAME: 45, Sign.ALIAS: 25, Sign.LIKE: 20, Sign.BATCH: 15, Sign.OLDEST: 12,
    Sign.OVERDUE: 10,
}  # fmt: skip
"""Only the order of the candidates comes from these; whether one is certain does not."""

STRONG: Final = frozenset({Sign.REQUEST, Sign.ACCOUNT, Sign.CODE, Sign.NAME})
OF_IDENTITY: Final = STRONG | {Sign.ALIAS}
OF_AMOUNT: Final = frozenset({Sign.BATCH, Sign.OLDEST, Sign.OVERDUE})


class Level(StrEnum):
    """How sure a match is: certain may be booked with others in one go; likely has one partner ahead; possible several or an amount."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


LEVEL_WORDS: Final = {
    Level.CERTAIN: Text("可直接入账", "Ready to book"),
    Level.LIKELY: Text("基本确定", "Likely"),
    Level.POSSIBLE: Text("有线索", "Some signs"),
    Level.UNKNOWN: Text("无线索", "No sign"),
}


class Paid(msgspec.Struct, frozen=True):
    """Money that came in, yuan, as the bank tells it. `doubled`: another line has the same day, amount and payer."""

    amount: Decimal
    payer: str = ""
    payer_account: str = ""
    remark: str = ""
    doubled: bool = False


class Owing(msgspec.Struct, frozen=True):
    """A partner by its credit line: code, names, open batches (oldest first), and what of them is overdue, in yuan."""

    line: int
    code: str
    name: str
    short_name: str = ""
    batches: tuple[OpenBatch, ...] = ()
    overdue: Decimal = ZERO

    @property
    def owed(self) -> Decimal:
        """Return everything that is owed, yuan."""
        return total(batch.remaining for batch in self.batches)


class KnownPayer(msgspec.Struct, frozen=True):
    """Who has paid for a partner before: account (may be empty), name, and how often."""

    line: int
    account: str
    name: str
    times: int = 1


class Reason(msgspec.Struct, frozen=True):
    """A sign with the sentence that tells it."""

    sign: Sign
    text: Text


class Candidate(msgspec.Struct, frozen=True):
    """A partner to whom signs point, the strongest sign first; `detail` is yuan per batch (id) where the payer named batches."""

    line: int
    code: str
    name: str
    reasons: tuple[Reason, ...]
    detail: dict[int, Decimal] = {}

    @property
    def signs(self) -> frozenset[Sign]:
        """Return the signs."""
        return frozenset(reason.sign for reason in self.reasons)

    @property
    def why(self) -> str:
        """Return the signs as codes, as a booking keeps them."""
        return ",".join(reason.sign.value for reason in self.reasons)


class Match(msgspec.Struct, frozen=True):
    """What was found for a bank line: the candidates, best first; `hindrance` says why the best is not certain."""

    level: Level
    candidates: tuple[Candidate, ...] = ()
    hindrance: Text | None = None


class Matcher:
    """Looks bank lines up among the partners of a seller: made once for many lines."""

    def __init__(self, owing: Sequence[Owing], known: Sequence[KnownPayer]) -> None:
        """Prepare the look-ups."""
        self._owing = {one.line: one for one in owing}
        self._names = _index((plain_name(one.name), one.line) for one in owing)
        self._cores = _index((core_name(name), one.line) for one in owing for name in {one.name, one.short_name})
        self._codes = _index((one.code.upper(), one.line) for one in owing if len(one.code) >= LEAST_CODE)
        self._requests = _index(
            (_joined(batch.request), (one.line, batch)) for one in owing for batch in one.batches if _joined(batch.request)
        )
        self._accounts = _index((one.account, one) for one in known if one.account and one.line in self._owing)
        self._aliases = _index((plain_name(one.name), one) for one in known if one.name and one.line in self._owing)
        self._amounts = _index((amount, (one.line, reason)) for one in owing for amount, reason in _amounts_of(one))

    def match(self, paid: Paid) -> Match:
        """Return whose money this may be, with reasons.

        Certain is what points by a strong sign (request, account, code, name) to one partner alone, and has a second sign of who paid or
        an amount that fits; never a line that may be doubled, whose remark speaks of something else (deposit, interest, refund), or that
        is more than the partner owes.
        """
        reasons: dict[int, list[Reason]] = defaultdict(list)
        detail = self._by_remark(paid, reasons)
        self._by_payer(paid, reasons)
        of_payer = set(reasons)
        for line, reason in self._amounts.get(paid.amount, []):
            reasons[line].append(reason)
        candidates = [
            Candidate(
                line, self._owing[line].code, self._owing[line].name,
                tuple(sorted(found, key=lambda reason: -POINTS[reason.sign])), detail.get(line, {}),
            )
            for line, found in reasons.items()
        ]  # fmt: skip
        candidates.sort(key=lambda one: (not one.signs & STRONG, -sum(POINTS[sign] for sign in one.signs), one.code))
        if not candidates:
            return Match(Level.UNKNOWN)
        return self._judged(paid, candidates, of_payer)

    def _by_remark(self, paid: Paid, reasons: dict[int, list[Reason]]) -> dict[int, dict[int, Decimal]]:
        """Note requests and codes that the remark names; return what goes to the batches named."""
        words = unicodedata.normalize("NFKC", paid.remark).upper()
        tokens = {_joined(token.strip("-_.")) for token in _WORD.findall(words)}
        tokens |= {"".join(found) for found in _REQUEST.findall(words)}
        named: dict[int, list[OpenBatch]] = defaultdict(list)
        for token in sorted(tokens):
            for line, batch in self._requests.get(token, []):
                named[line].append(batch)
        detail: dict[int, dict[int, Decimal]] = {}
        for line, batches in named.items():
            left = paid.amount
            for batch in sorted(batches, key=lambda one: one.number):
                part = min(left, batch.remaining)
                if part > 0:
                    detail.setdefault(line, {})[batch.batch] = part
                left -= part
                reasons[line].append(_request_reason(batch))
        for word in dict.fromkeys(token.strip("-_.") for token in _WORD.findall(words)):
            for line in self._codes.get(word, []):
                reasons[line].append(Reason(Sign.CODE, Text(f"附言写明客户编码 {word}", f"the remark names the partner code {word}")))
        return detail

    def _by_payer(self, paid: Paid, reasons: dict[int, list[Reason]]) -> None:
        accounts = self._accounts.get(paid.payer_account, []) if paid.payer_account else []
        alone = len({one.line for one in accounts}) == 1
        for one in {known.line: known for known in accounts}.values():
            times = sum(known.times for known in accounts if known.line == one.line)
            ending = paid.payer_account[-4:]
            text = Text(f"账号尾号 {ending} 曾为该客户付款 {times} 次", f"account …{ending} has paid for this partner {times} times before")
            reasons[one.line].append(Reason(Sign.ACCOUNT if alone else Sign.ALIAS, text))
        name = plain_name(paid.payer)
        if not name:
            return
        same = self._names.get(name, [])
        for line in same:
            sign = Sign.NAME if len(same) == 1 else Sign.LIKE
            reasons[line].append(Reason(sign, Text("付款户名就是客户名称", "the payer's name is the partner's")))
        for line in {known.line for known in self._aliases.get(name, [])} - set(same):
            reasons[line].append(Reason(Sign.ALIAS, Text("该户名曾为该客户付款", "this name has paid for this partner before")))
        if same:
            return
        cut = (line for other, lines in self._names.items() if is_cut(name, other) for line in lines)
        like = self._cores.get(core_name(name), []) or list(cut)
        for line in dict.fromkeys(like):
            reasons[line].append(Reason(Sign.LIKE, Text("付款户名与客户名称相近", "the payer's name is like the partner's")))

    def _judged(self, paid: Paid, candidates: list[Candidate], of_payer: set[int]) -> Match:
        best = candidates[0]
        shown = tuple(candidates[:MOST_CANDIDATES])
        strong = [one for one in candidates if one.signs & STRONG]
        if best.line not in of_payer:
            return Match(Level.POSSIBLE, shown, Text("只有金额相符", "only the amount agrees"))
        if len(strong) > 1:
            return Match(Level.POSSIBLE, shown, Text("线索指向几个客户", "the signs point to several partners"))
        if not strong:
            level = Level.LIKELY if len(of_payer) == 1 else Level.POSSIBLE
            return Match(level, shown, Text("付款人未确认", "who paid is not confirmed"))
        if any(Sign.ALIAS in one.signs for one in candidates[1:]):
            return Match(Level.LIKELY, shown, Text("付款人也曾为其他客户付款", "the payer has paid for another partner, too"))
        hindrance = self._hindrance(paid, best)
        return Match(Level.LIKELY if hindrance else Level.CERTAIN, shown, hindrance)

    def _hindrance(self, paid: Paid, best: Candidate) -> Text | None:
        if paid.doubled:
            return Text("另有一笔同日、同额、同户名，可能重复", "another line has the same day, amount and payer: it may be doubled")
        found = _CAUTION.search(paid.remark)
        if found:
            return Text(f"附言含“{found[0]}”", f"the remark says “{found[0]}”")
        owed = self._owing[best.line].owed
        if not owed:
            return Text("该客户没有未结批次", "this partner owes nothing now")
        if paid.amount > owed:
            return Text(f"大于该客户尚欠的 {owed:,}", f"more than the {owed:,} that this partner owes")
        if not best.signs & OF_AMOUNT and len(best.signs & OF_IDENTITY) < 2 and not best.detail:  # noqa: PLR2004 - one sign and another
            return Text("只有一个线索，金额也不对应批次", "only one sign, and the amount fits no batch")
        return None


def _index(pairs: Iterable[tuple[KeyT, ValueT]]) -> dict[KeyT, list[ValueT]]:
    found: dict[KeyT, list[ValueT]] = defaultdict(list)
    for key, value in pairs:
        if key and value not in found[key]:
            found[key].append(value)
    return found


def _joined(number: str) -> str:
    return re.sub(r"[-_ ]", "", number.upper())


def _request_reason(batch: OpenBatch) -> Reason:
    left = f"{batch.remaining:,}"
    return Reason(
        Sign.REQUEST,
        Text(
            f"附言写明 {batch.request}（第{batch.number}批，尚欠 {left}）",
            f"the remark names {batch.request} (batch {batch.number}, {left} owed)",
        ),
    )


def _amounts_of(owing: Owing) -> list[tuple[Decimal, Reason]]:
    """Return the amounts by which a partner may be known: each open batch, the oldest together, what is overdue."""
    found = [
        (
            batch.remaining,
            Reason(Sign.BATCH, Text(f"金额等于第{batch.number}批尚欠", f"the amount is what is owed on batch {batch.number}")),
        )
        for batch in owing.batches
    ]
    together = ZERO
    for place, batch in enumerate(owing.batches, 1):
        together += batch.remaining
        if place > 1:
            text = Text(f"金额等于最早 {place} 批之和", f"the amount is that of the {place} oldest batches together")
            found.append((together, Reason(Sign.OLDEST, text)))
    if owing.overdue > 0:
        found.append((owing.overdue, Reason(Sign.OVERDUE, Text("金额等于全部逾期", "the amount is all that is overdue"))))
    return found
