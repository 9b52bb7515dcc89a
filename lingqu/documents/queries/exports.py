"""Lists that go out as workbooks: each module declares its own once, and one page and one job serve them all (P15)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final, TypeVar

import msgspec

from lingqu.base.refusal import Refusal, not_found
from lingqu.base.sheets import Cell, Column, SheetOut
from lingqu.base.text import Text
from lingqu.documents.models import Export
from lingqu.organisation.queries import Acting

MOST_AT_ONCE: Final = 2_000
"""Rows of a list that are answered while somebody waits; a longer one is made by a job."""

MOST_OUT: Final = 50_000
A_PAGE: Final = 1_000
"""Rows that a list reads at once while it goes out."""

MOST_KEPT: Final = 20
"""Exports of one person that are shown."""

RowOut = Mapping[str, Cell | Text]


class Ask(msgspec.Struct, frozen=True):
    """Who asks for a list, by which filters of its address, on which day, at which moment."""

    who: Acting
    given: Mapping[str, str]
    on: date
    at: datetime


class Beside(msgspec.Struct, frozen=True):
    """What else is in the workbook of a list: what should be known of it, on its last sheet, and further sheets, such as sums."""

    notes: Sequence[Text] = ()
    sheets: Sequence[SheetOut] = ()


def nothing_beside(ask: Ask) -> Beside:
    """Return nothing: most lists are one sheet without a note."""
    del ask
    return Beside()


class ListOut(msgspec.Struct, frozen=True):
    """A list as a workbook: its key, the name of its page's address, its title, its columns, and what finds its rows.

    `rows` finds exactly what the page shows to the same person with the same filters, on however many pages, and refuses whom the page
    refuses. Who may come to the page at all is declared for its address, and holds here too. `named` is the title with what the address
    asks for, such as its month; it and `beside` are asked only after the first row was.
    """

    key: str
    route: str
    title: Text
    columns: tuple[Column, ...]
    rows: Callable[[Ask], Iterable[RowOut]]
    beside: Callable[[Ask], Beside] = nothing_beside
    named: Callable[[Ask], Text] | None = None

    def title_for(self, ask: Ask) -> Text:
        """Return the title of the list for who asks."""
        return self.named(ask) if self.named else self.title


_lists: dict[str, ListOut] = {}


def register_list(made: ListOut) -> None:
    """Make a list known; called once for each when Django is ready."""
    _lists[made.key] = made


def list_called(key: str) -> ListOut:
    """Return a list by its key; refuses (404) an unknown one."""
    found = _lists.get(key)
    if found is None:
        raise not_found()
    return found


def rows_out(made: ListOut, ask: Ask) -> Iterator[RowOut]:
    """Yield the rows of a list; refuses (422), with what to do, when there are more than 50,000."""
    for number, row in enumerate(made.rows(ask), 1):
        if number > MOST_OUT:
            words = Text(
                f"“{made.title.zh}”超过 {MOST_OUT:,} 行，请用筛选条件分几次导出。",
                f"“{made.title.en}” has more than {MOST_OUT:,} rows; narrow it by its filters and take it out in parts.",
            )
            raise Refusal("too_many_rows", words, status=422)
        yield row


def sheets_out(made: ListOut, ask: Ask, rows: Iterable[RowOut]) -> list[SheetOut]:
    """Return the sheets of a list's workbook: its rows, and what stands beside them."""
    beside = made.beside(ask)
    return [SheetOut(made.title_for(ask), made.columns, rows, beside.notes), *beside.sheets]


Row = TypeVar("Row")


def paged(find: Callable[[Row | None], Sequence[Row]]) -> Iterator[Row]:
    """Yield all rows of a list that is read page by page: `find` gives the rows behind the last one, none when there are no more."""
    last: Row | None = None
    while page := find(last):
        yield from page
        last = page[-1]


def exports_of(person: int, *, at: datetime) -> list[Export]:
    """Return a person's newest 20 exports that have not expired, without their bytes."""
    return list(Export.objects.filter(owner_id=person, expires_at__gt=at).defer("content").order_by("-pk")[:MOST_KEPT])


def export_of(export: int, *, person: int, at: datetime) -> Export:
    """Return an export of the person's own without its bytes; refuses (404) one of somebody else's, and one that has expired."""
    found = Export.objects.filter(pk=export, owner_id=person, expires_at__gt=at).defer("content").first()
    if found is None:
        raise not_found()
    return found


def content_of(export: int) -> bytes:
    """Return the bytes of a ready export; the caller has asked whose it is."""
    content = Export.objects.values_list("content", flat=True).get(pk=export)
    return bytes(content or b"")


def may_still_see(export: Export, who: Acting) -> bool:
    """Return whether the person still has the firm and every post with which they asked for the export."""
    held = {(post.value, firm) for post, firm in who.posts}
    return export.firm_id == who.firm and all((post, firm) in held for post, firm in export.posts)
