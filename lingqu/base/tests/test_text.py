"""Words of both languages in one column come apart again; a person's words stay as they are."""

from __future__ import annotations

import pytest

from lingqu.base.text import Text, in_one_line, parted


def test_what_was_put_together_comes_apart() -> None:
    words = Text("已失效", "void")
    assert parted(in_one_line(words)) == words


@pytest.mark.parametrize("words", ["补充 / 说明", "either / or", "请看第 3 条", ""])
def test_a_person_s_words_stand_alike_in_both(words: str) -> None:
    assert parted(words) == Text(words, words)
