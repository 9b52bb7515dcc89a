"""The checks of `lingqu verify` on the story's own database, for stories that move money and goods."""

from __future__ import annotations

from lingqu.operate.verify.run import CHECKS, _ask


def must_agree(*keys: str) -> None:
    """The checks of these keys find nothing wrong; an unknown key is an error."""
    known = {check.key: check for check in CHECKS}
    told = {key: _ask(known[key]) for key in keys}
    assert {key: found for key, found in told.items() if found[1]} == {}
