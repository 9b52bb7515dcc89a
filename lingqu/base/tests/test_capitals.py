"""Amounts in capitals, worked out by hand from annex 1 of the 支付结算办法; the first six are its own examples."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from lingqu.base.capitals import in_capitals

TABLE = """
    1409.50         壹仟肆佰零玖元伍角
    6007.14         陆仟零柒元壹角肆分
    1680.32         壹仟陆佰捌拾元零叁角贰分
    107000.53       壹拾万柒仟元零伍角叁分
    16409.02        壹万陆仟肆佰零玖元零贰分
    325.04          叁佰贰拾伍元零肆分
    0               零元整
    0.00            零元整
    0.004           零元整
    -0.004          零元整
    0.005           壹分
    0.01            壹分
    0.10            壹角
    0.55            伍角伍分
    1               壹元整
    1.05            壹元零伍分
    1.50            壹元伍角
    10              壹拾元整
    10.05           壹拾元零伍分
    10.50           壹拾元零伍角
    11.11           壹拾壹元壹角壹分
    20.30           贰拾元零叁角
    100             壹佰元整
    101             壹佰零壹元整
    110             壹佰壹拾元整
    1000            壹仟元整
    1001            壹仟零壹元整
    1010            壹仟零壹拾元整
    1100            壹仟壹佰元整
    5000.60         伍仟元零陆角
    10000           壹万元整
    10001           壹万零壹元整
    10100           壹万零壹佰元整
    11000           壹万壹仟元整
    60000.01        陆万元零壹分
    100000          壹拾万元整
    105000          壹拾万零伍仟元整
    107000          壹拾万零柒仟元整
    107001.53       壹拾万零柒仟零壹元伍角叁分
    107010.53       壹拾万柒仟零壹拾元零伍角叁分
    107000.03       壹拾万零柒仟元零叁分
    110000          壹拾壹万元整
    300000          叁拾万元整
    1000100         壹佰万零壹佰元整
    1005000         壹佰万零伍仟元整
    2000500.07      贰佰万零伍佰元零柒分
    10000000.30     壹仟万元零叁角
    12340000.56     壹仟贰佰叁拾肆万元零伍角陆分
    20001000        贰仟万零壹仟元整
    12345678.90     壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角
    100000000       壹亿元整
    100000001.50    壹亿零壹元伍角
    100001000       壹亿零壹仟元整
    100010000       壹亿零壹万元整
    100100100.10    壹亿零壹拾万零壹佰元零壹角
    1010000000      壹拾亿零壹仟万元整
    1100000000      壹拾壹亿元整
    1000000000.50   壹拾亿元零伍角
    99999999999.99  玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分
    -0.01           负壹分
    -5              负伍元整
    -107000.53      负壹拾万柒仟元零伍角叁分
    2.675           贰元陆角捌分
"""
CASES = [tuple(line.split()) for line in TABLE.strip().splitlines()]
DIGITS = {word: digit for digit, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1_000}


@pytest.mark.parametrize(("amount", "words"), CASES)
def test_an_amount_in_capitals(amount: str, words: str) -> None:
    assert in_capitals(Decimal(amount)) == words


def read_back(words: str) -> Decimal:
    """The amount that capitals say, read by another way than they were written."""
    cents = whole = group = digit = 0
    for word in words.removeprefix("负").removesuffix("整"):
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in PLACES:
            group, digit = group + digit * PLACES[word], 0
        elif word in {"万", "亿"}:
            whole, group, digit = whole + (group + digit) * (10_000 if word == "万" else 10**8), 0, 0
        elif word == "元":
            whole, group, digit = whole + group + digit, 0, 0
        else:
            cents, digit = cents + digit * (10 if word == "角" else 1), 0
    return (Decimal(whole) + Decimal(cents) / 100) * (-1 if words.startswith("负") else 1)


def misread(write: Callable[[Decimal], str]) -> list[Decimal]:
    """The amounts of a wide sample that capitals do not say, or say with two 零 in a row or one at an end."""
    sample = [Decimal(n * n * 7919 % 10**13) / 100 for n in range(4_000)] + [
        Decimal(f"{a}{zeros}{b}{cents}") for a in (1, 20, 305) for zeros in ("", "0", "000", "0000") for b in (1, 70, 4000)
        for cents in (".00", ".05", ".50", ".55")
    ]  # fmt: skip
    wrong = []
    for amount in sample:
        words = write(amount)
        if read_back(words) != amount or "零零" in words or words.endswith("零") or words.startswith("零元零"):
            wrong.append(amount)
    return wrong


def test_capitals_say_their_amount_and_no_other() -> None:
    assert misread(in_capitals) == []


def test_capitals_without_their_zero_would_be_found() -> None:
    assert misread(lambda amount: in_capitals(amount).replace("仟", "仟零")) != []


@pytest.mark.parametrize("amount", ["100000000000", "-100000000000", "99999999999.995", "NaN", "Infinity"])
def test_what_is_no_amount_of_ours_is_no_words(amount: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        in_capitals(Decimal(amount))
