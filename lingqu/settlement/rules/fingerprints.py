"""What makes a movement the same one in another file of the bank."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from lingqu.settlement.rules.reading import ReadLine

LEAST_SERIAL: Final = 8
"""A shorter serial number counts within a day or a page only, and says too little by itself."""


def fingerprints(lines: Sequence[ReadLine]) -> list[str]:
    """Return the fingerprint of each movement of a file, 64 letters, in the order of the lines.

    With a serial number of at least 8 letters it is made of that, the day and the amount; without one of all fields. Movements that are
    alike in all this are told apart by how many the file had before: the second of two is the second in every file.
    """
    seen: Counter[str] = Counter()
    made = []
    for line in lines:
        key = _key(line)
        seen[key] += 1
        made.append(hashlib.sha256(f"{key}\x1f{seen[key]}".encode()).hexdigest())
    return made


def _key(line: ReadLine) -> str:
    what = [line.on.isoformat(), f"{line.amount:.2f}"]
    if len(line.serial) >= LEAST_SERIAL:
        return "\x1f".join(("serial", line.serial, *what))
    balance = "" if line.balance is None else f"{line.balance:.2f}"
    return "\x1f".join(("fields", *what, balance, line.serial, line.payer, line.payer_account, line.remark))
