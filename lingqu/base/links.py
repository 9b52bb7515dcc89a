"""Addresses that were kept with a paper or a notice: they lead into the product and nowhere else."""

from __future__ import annotations

import re
from typing import Final

HOME: Final = "/"
_INSIDE: Final = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*")


def inside(link: str) -> str:
    """Return a kept address when it is a path of ours, else the desk: what stands in a row is never a script or another site."""
    return link if not link or _INSIDE.fullmatch(link) else HOME
