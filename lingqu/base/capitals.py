"""An amount in Chinese capitals (大写), as contracts, statements and cheques carry it beside the digits."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from lingqu.base.money import MAX_AMOUNT, half_up

DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
PLACES: Final = ("仟", "佰", "拾", "")
GROUPS: Final = ("亿", "万", "")
THOUSAND: Final = 1_000
ZERO: Final = DIGITS[0]


def in_capitals(amount: Decimal) -> str:
    """Return an amount of yuan in capitals, half-up to the cent: 6007.14 is 陆仟零柒元壹角肆分; a negative one begins with 负.

    By rules 2 and 5 of annex 1 of the 支付结算办法 (正确填写票据和结算凭证的基本规定; People's Bank, 银发〔1997〕393号) and article 52
    of the 会计基础工作规范 of the Ministry of Finance: 整 after 元, none after 分 and, as they allow, none after 角. 零 stands once for
    zeros in the middle, and after 元 when jiao is 0 and fen is not. Where they leave the choice (the digit before 万 or before 元 is 0
    and one of thousands or jiao follows) one 零 is written, in the place of their first example: 1680.32 is 壹仟陆佰捌拾元零叁角贰分,
    107000.53 is 壹拾万柒仟元零伍角叁分, and 107000 is 壹拾万零柒仟元整. No amount is 零元整; below one yuan no 元 is written.

    Raises ValueError for more than 99,999,999,999.99 either way, and for what is no number.
    """
    if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
        message = f"{amount} is no amount up to {MAX_AMOUNT}"
        raise ValueError(message)
    cents = int(half_up(abs(amount)) * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    sign = "负" if amount < 0 and cents else ""
    if not jiao and not fen:
        return f"{sign}{_whole(yuan, spare=False) or ZERO}元整"
    after_yuan = bool(yuan) and (not jiao or yuan % 10 == 0)
    tail = (ZERO if after_yuan else "") + (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[fen]}分" if fen else "")
    return f"{sign}{_whole(yuan, spare=after_yuan and bool(jiao))}元{tail}" if yuan else f"{sign}{tail}"


def _whole(yuan: int, *, spare: bool) -> str:
    """Return the whole yuan without 元. `spare`: the one 零 that may stand after 万 or after 元 stands after 元."""
    words, zeros = "", False
    for power, name in zip((8, 4, 0), GROUPS, strict=True):
        group = yuan // 10**power % 10_000
        if not group:
            zeros = zeros or bool(words)
            continue
        skipped = zeros or group < THOUSAND
        after_zero = yuan // 10 ** (power + 4) % 10 == 0
        # Between 万 and the thousands the 零 is one of choice; elsewhere it is not.
        if words and (skipped or (after_zero and (power > 0 or not spare))):
            words += ZERO
        words += _group(group) + name
        zeros = False
    return words


def _group(group: int) -> str:
    """Return four digits, 1 to 9999, with one 零 for zeros in their middle: 1080 is 壹仟零捌拾."""
    words, zeros = "", False
    for place, digit in zip(PLACES, f"{group:04}", strict=True):
        if digit == "0":
            zeros = bool(words)
            continue
        words += (ZERO if zeros else "") + DIGITS[int(digit)] + place
        zeros = False
    return words
