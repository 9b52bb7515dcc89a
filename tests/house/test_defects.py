"""The defects that `make defects` plants can all be planted: a list that rots would find nothing."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.defects.known import known_defects

ROOT = Path(__file__).resolve().parents[2]
LEAST = 50


def test_every_defect_can_be_planted_and_names_tests_that_there_are() -> None:
    defects = known_defects()
    assert len({defect.words for defect in defects}) == len(defects) >= LEAST
    for defect in defects:
        ast.parse(defect.planted((ROOT / "lingqu" / defect.path).read_text("utf-8")))
        assert [test for test in defect.tests if not (ROOT / test).exists()] == []
