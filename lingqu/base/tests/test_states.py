"""Tables of states: a verb leads where the table says, and nowhere else."""

from __future__ import annotations

from enum import StrEnum

import pytest

from lingqu.base.refusal import Refusal
from lingqu.base.states import StateTable
from lingqu.base.text import Text


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class Turn(StrEnum):
    GO = "go"
    STOP = "stop"


class Clash(StrEnum):
    SWITCH = "green"


WORDS: dict[Light | Turn, Text] = {
    Light.RED: Text("红", "red"),
    Light.GREEN: Text("绿", "green"),
    Turn.GO: Text("行", "go"),
    Turn.STOP: Text("停", "stop"),
}
TABLE: StateTable[Light, Turn] = StateTable({(Light.RED, Turn.GO): Light.GREEN, (Light.GREEN, Turn.STOP): Light.RED}, WORDS)


def test_a_verb_leads_where_the_table_says() -> None:
    assert (TABLE.next(Light.RED, Turn.GO), TABLE.verbs(Light.RED)) == (Light.GREEN, {Turn.GO})


def test_a_verb_that_the_state_does_not_allow_is_refused() -> None:
    with pytest.raises(Refusal) as told:
        TABLE.next(Light.RED, Turn.STOP)
    assert told.value.code == "wrong_state"


def test_a_state_and_a_verb_of_one_value_would_lose_a_word() -> None:
    with pytest.raises(ValueError, match="green names a state and a verb"):
        StateTable[Light, Clash]({(Light.RED, Clash.SWITCH): Light.GREEN}, {Light.GREEN: Text("绿", "green")})
