"""What rows of partner papers say about each other: days without any paper, papers that have ended, papers that count for nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from lingqu.base.sheets import Trouble
from lingqu.base.text import Text
from lingqu.opening.rules.found import RowRead
from lingqu.partners.rules import leaves_gap


def check_papers(
    rows: Sequence[RowRead], places: Mapping[str, int], lasting: Mapping[str, date], on: date
) -> tuple[list[Trouble], list[Trouble]]:
    """Return errors and warnings of the rows together. `lasting` has the last day of the present paper by partner and kind.

    An error is a paper that begins after the day of the books and leaves days without any. A warning is one that has ended by then, and one
    that does not last as long as the paper that stands there already.
    """
    errors, warnings = [], []
    until = dict(lasting)
    for row in sorted(rows, key=lambda one: str(one.values["valid_until"])):
        key = f"{row.values['partner']}|{row.values['paper']}"
        first, last, present = row.values.get("valid_from"), row.values["valid_until"], until.get(key)
        begins = first if isinstance(first, date) else None
        if not isinstance(last, date):
            continue
        if leaves_gap(valid_from=begins, until=present, on=on):
            words = Text(
                f"{begins} 才生效，此前有空档；请在起始日当天登记。", f"It holds from {begins}, with a gap before; enter it on that day."
            )
            errors.append(Trouble(row.row, places["valid_from"] + 1, words))
        elif present is not None and last < present:
            words = Text(f"现有证照到 {present}，更晚；本行只作记录。", f"The present one lasts until {present}; this is a record only.")
            warnings.append(Trouble(row.row, places["valid_until"] + 1, words))
        else:
            until[key] = last
            if last < on:
                words = Text(f"{last} 已到期：申请会不通过。", f"It ended on {last}: requests cannot pass.")
                warnings.append(Trouble(row.row, places["valid_until"] + 1, words))
    return errors, sorted(warnings, key=lambda one: one.row)
