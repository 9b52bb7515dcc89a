"""What is typed to claim for price cuts: for whom, titles with the copies in stock, a list that is pasted or sent; and to take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from lingqu.base.text import Text
from lingqu.claims.queries import firms_to_claim_for
from lingqu.claims.rules import MOST_NOTE
from lingqu.documents.registry import ChosenField, CopiesField, DayField, DocumentForm, WordsField
from lingqu.orders.queries import read_booklist
from lingqu.orders.rules import ListedLine, read_listed, rows_of_text

MOST_TITLE: Final = 120
LEAST_WORDS: Final = 2


class ClaimForm(DocumentForm):
    """For whom, and what there is to say."""

    partner = ChosenField(label=Text("客户", "Partner"))
    note = WordsField(label=Text("说明", "Remark"), most=MOST_NOTE, several=True, required=False)

    def prepare(self) -> None:
        """Offer the firms for which the person may claim; where there is one alone it is chosen."""
        firms = firms_to_claim_for(self.who)
        self.offer("partner", ((str(firm.pk), firm.name) for firm in firms))
        if len(firms) == 1 or (firms and firms[0].pk == self.who.firm):
            self.initial.setdefault("partner", str(firms[0].pk))


class ReviseForm(DocumentForm):
    """What there is to say."""

    note = WordsField(label=Text("说明", "Remark"), most=MOST_NOTE, several=True, required=False)


class StockForm(DocumentForm):
    """A title, all its copies in stock, and which cut is meant."""

    title = WordsField(label=Text("品种编号或书号", "Title: number or ISBN"), most=MOST_TITLE)
    copies = CopiesField(label=Text("现有库存", "Copies in stock"))
    cut_on = DayField(label=Text("降价日（不填为最近一次）", "Day of the cut (the latest if empty)"), required=False)


class ReasonForm(DocumentForm):
    """Why it is taken back."""

    reason = WordsField(label=Text("原因", "Reason"), required=False)


def rows_of_list(name: str, content: bytes) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a list as they are typed, right or wrong; refuses a file that is no table (`read_booklist`)."""
    listed = read_booklist(name, content) if name else read_listed(rows_of_text(content.decode()))
    # Words alone, such as heads that nobody knows, are no line.
    return [_row(line) for line in listed.lines if not line.parts or any(one.isdigit() for one in "".join(line.parts))]


def _row(line: ListedLine) -> dict[str, str]:
    title, copies = line.number or line.isbn or line.name, line.copies
    if line.parts:
        title = line.parts[0]
        copies = line.parts[-1] if len(line.parts) >= LEAST_WORDS else ""
    return {"title": title[:MOST_TITLE], "copies": copies.rstrip("册本套 ")}
