"""Papers as PDF, set by a process of its own (decision 23). A door of this module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from lingqu.base.child import Child, ChildFailed
from lingqu.base.refusal import Refusal
from lingqu.base.text import Language, Text, active_language
from lingqu.documents.printer import ROOT, SECONDS, Job

MOST_DATA: Final = 512 * 1024
"""Bytes of the data of one paper: about 7,000 lines of a table."""

_TEMPLATE = re.compile(r"([a-z_]+)/([a-z0-9-]+)", re.ASCII)
_printer: Final = Child("lingqu.documents.printer", at_once=2, seconds=SECONDS)


def print_pdf(template: str, data: Mapping[str, object], *, at: datetime, language: Language | None = None) -> bytes:
    """Return a paper as PDF: A4, the same bytes for the same template, data, language and moment.

    `template` is `<module>/<name>`: the file `lingqu/<module>/print/<name>.typ`, which gets `data` as a value (amounts as text with their
    digits, days as 2026-11-22, a Text in both languages). `at` is when the paper was made and stands in its properties; `language` is the
    active one when none is given. Refuses (503) when too much is printed at once, and (422) data too large for one paper: more than
    512 KB, 20 seconds or 1 GB of memory.
    Raises ValueError for a template that does not exist, ChildFailed for one with a defect.
    """
    found = _TEMPLATE.fullmatch(template)
    path = f"{found[1]}/print/{found[2]}.typ" if found else ""
    if not path or not (ROOT / path).is_file():
        message = f"no template {template!r}: it is <module>/<name>, the file lingqu/<module>/print/<name>.typ"
        raise ValueError(message)
    encoded = msgspec.json.encode(data, order="deterministic").decode()
    if len(encoded) > MOST_DATA:
        raise _too_much()
    job = Job(path, encoded, language or active_language(), int(at.timestamp()))
    try:
        return _printer.run(msgspec.json.encode(job))
    except ChildFailed as failed:
        if failed.slow or failed.starved:
            raise _too_much() from failed
        raise


def _too_much() -> Refusal:
    words = Text("内容太多，无法打印在一份文件中。请缩小范围后再试。", "There is too much for one paper; narrow it down and try again.")
    return Refusal("paper_too_large", words, status=422)
