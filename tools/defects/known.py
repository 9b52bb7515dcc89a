"""The list of known defects, read from `known.yaml` beside it."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Defect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong in words, in which file of `lingqu/`, the text that stands there once, what stands there instead, and the tests."""

    words: str
    path: str
    right: str
    wrong: str
    tests: tuple[str, ...]

    def planted(self, text: str) -> str:
        """Return the text of the file with the defect; ValueError when what it replaces does not stand there exactly once."""
        if text.count(self.right) != 1:
            message = f"{self.path}: the text of “{self.words}” stands there {text.count(self.right)} times; mend tools/defects/known.yaml"
            raise ValueError(message)
        return text.replace(self.right, self.wrong)


def known_defects() -> list[Defect]:
    """Return all defects of the list."""
    return msgspec.yaml.decode((Path(__file__).parent / "known.yaml").read_bytes(), type=list[Defect])
