"""State tables: which verb leads from which state to which. Plain data; the tiny engine only reads it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text

StateT = TypeVar("StateT", bound=StrEnum)
VerbT = TypeVar("VerbT", bound=StrEnum)


class StateTable(Generic[StateT, VerbT]):
    """The transitions of one document type: `{(state, verb): next state}`, and the words of its states and verbs."""

    def __init__(self, moves: Mapping[tuple[StateT, VerbT], StateT], words: Mapping[StateT | VerbT, Text]) -> None:
        """Keep the table; every state and verb in it needs its words. Raises ValueError when a state and a verb have the same value."""
        states = {str(state) for state in (*(source for source, _ in moves), *moves.values())}
        both = states & {str(verb) for _, verb in moves}
        if both:
            message = f"{', '.join(sorted(both))} names a state and a verb; one of their words would be lost"
            raise ValueError(message)
        self.moves = dict(moves)
        self.words = dict(words)

    def next(self, state: StateT, verb: VerbT) -> StateT:
        """Return the state that the verb leads to; refuses a verb that the state does not allow."""
        after = self.moves.get((state, verb))
        if after is None:
            raise Refusal(
                "wrong_state",
                Text(
                    f"当前为“{self.words[state].zh}”，不能{self.words[verb].zh}。请刷新后再看。",
                    f"It is “{self.words[state].en}” now; “{self.words[verb].en}” is not possible. Reload and look again.",
                ),
            )
        return after

    def verbs(self, state: StateT) -> frozenset[VerbT]:
        """Return the verbs that the state allows."""
        return frozenset(verb for source, verb in self.moves if source == state)

    def without(self, *verbs: VerbT) -> StateTable[StateT, VerbT]:
        """Return the table of a type that knows all of this but these verbs and the states to which they alone lead."""
        return StateTable({move: after for move, after in self.moves.items() if move[1] not in verbs}, self.words)
