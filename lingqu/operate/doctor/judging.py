"""The doctor's words: a verdict with its figures, and what to do when it is not well."""

from __future__ import annotations

from lingqu.base.text import Text
from lingqu.config.condition import NOTHING_TO_DO, Found, Verdict


def found(key: str, name: Text, verdict: Verdict, figure: Text, advice: Text) -> Found:
    """Return the result of a check; what is well needs no advice."""
    return Found(key, name, verdict, figure, NOTHING_TO_DO if verdict is Verdict.OK else advice)


def by_size(value: float, *, warn: float, bad: float) -> Verdict:
    """Return the verdict on a figure that is the worse the greater it is: bad beyond `bad`, to be looked at beyond `warn`."""
    return Verdict.BAD if value > bad else Verdict.WARN if value > warn else Verdict.OK


def worst(*verdicts: Verdict) -> Verdict:
    """Return the worst of several verdicts."""
    order = (Verdict.OK, Verdict.WARN, Verdict.BAD)
    return max(verdicts, key=order.index)


def duration(seconds: float) -> Text:
    """Return a length of time in the largest unit that fits: seconds, minutes, hours or days."""
    for unit, zh, en in ((86400, "天", "days"), (3600, "小时", "hours"), (60, "分钟", "minutes")):
        if seconds >= 2 * unit:
            return Text(f"{seconds / unit:.0f} {zh}", f"{seconds / unit:.0f} {en}")
    return Text(f"{seconds:.0f} 秒", f"{seconds:.0f} s")


def listed(names: tuple[str, ...], most: int = 5) -> str:
    """Return names in a row, the first few of many."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "") if names else "—"
