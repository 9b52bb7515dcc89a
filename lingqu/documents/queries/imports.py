"""Tables that come in: each module declares its own once, and the same pages look at them, mark them and take them over (P17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from lingqu.base.refusal import bad_input, not_found
from lingqu.base.sheets import ColumnIn, TableIn, Trouble, read_columns, read_table
from lingqu.base.text import Text
from lingqu.documents.models import ImportFile
from lingqu.documents.queries.exports import Ask

MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 60
MOST_ABOVE: Final = 20
FIELD: Final = "file"


class Looked(msgspec.Struct, frozen=True):
    """What a table would do: errors of its rows beside those of its cells, what it comes to by words, and what should be known."""

    errors: Sequence[Trouble]
    sums: Sequence[tuple[Text, int]]
    told: Sequence[Text] = ()


class ListIn(msgspec.Struct, frozen=True):
    """A table that may come in: key, name of the page's address it belongs to, title, how to fill it in, its columns.

    `may` says whether the person may send it; `known` gives the names that a column may hold; `look` says what it would do and changes
    nothing; `take` does it within the transaction of the import, all or nothing, and says what became of it. Its last argument names the
    file: the same file is the same paper.
    """

    key: str
    route: str
    title: Text
    told: Sequence[Text]
    columns: Sequence[ColumnIn]
    may: Callable[[Ask], bool]
    known: Callable[[Ask], Mapping[str, Mapping[str, object]]]
    look: Callable[[Ask, TableIn], Looked]
    take: Callable[[Ask, TableIn, str], Text]


_imports: dict[str, ListIn] = {}


def register_import(made: ListIn) -> None:
    """Make an import known; called once for each when Django is ready."""
    _imports[made.key] = made


def import_called(key: str) -> ListIn:
    """Return an import by its key; refuses (404) an unknown one."""
    found = _imports.get(key)
    if found is None:
        raise not_found()
    return found


def read_import(made: ListIn, name: str, content: bytes, *, ask: Ask) -> tuple[TableIn, Looked]:
    """Read a file by the columns of an import and look at it. Refuses at `file` what is no table, and more than 5,000 rows."""
    sheets = read_table(name, content, most_rows=MOST_ROWS + MOST_ABOVE, most_columns=MOST_COLUMNS, field=FIELD)
    table = read_columns(made.columns, sheets, made.known(ask))
    if len(table.rows) > MOST_ROWS:
        raise bad_input(FIELD, Text(f"最多 {MOST_ROWS:,} 行，请分成几份。", f"At most {MOST_ROWS:,} rows; send several files."))
    return table, made.look(ask, table)


def import_of(number: int, *, person: int) -> ImportFile:
    """Return a file that the person sent; refuses (404) any other."""
    found = ImportFile.objects.filter(pk=number, sent_by_id=person).first()
    if found is None:
        raise not_found()
    return found


def imports_of(kind: str, *, firm: int, person: int, since: datetime) -> list[ImportFile]:
    """Return the newest 20 files of a kind that the person sent since a moment, without their bytes."""
    found = ImportFile.objects.filter(kind=kind, firm_id=firm, sent_by_id=person, sent_at__gte=since)
    return list(found.defer("content").order_by("-pk")[:20])
