"""Refusals that name a line by its number tell it by the place where the line stood in what was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from lingqu.base.refusal import Refusal

_LINE: Final = re.compile(r"lines\.(\d{1,6})(\..{1,60})?", re.ASCII)


@contextmanager
def told_by_place(places: Mapping[int, int]) -> Iterator[None]:
    """Turn the field `lines.<number>` of a refusal into `lines.<place>`; `places` are the places by number, an unknown number stays."""
    try:
        yield
    except Refusal as refusal:
        found = _LINE.fullmatch(refusal.field)
        if found and int(found[1]) in places:
            refusal.field = f"lines.{places[int(found[1])]}{found[2] or ''}"
        raise
