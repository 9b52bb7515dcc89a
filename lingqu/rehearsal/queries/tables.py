"""Read comma-separated files of others: every refusal names the file and the line."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text

FIRST_YEAR, LAST_YEAR = 2001, 2099


class Row:
    """One line of a file, its fields by name. `number` counts from 1, the head being line 1."""

    def __init__(self, file: str, number: int, fields: dict[str, str]) -> None:
        """Keep the fields with the place that they come from."""
        self.file = file
        self.number = number
        self.fields = fields

    def word(self, name: str) -> str:
        """Return a field that may not be empty."""
        value = self.fields[name].strip()
        if not value:
            raise self.wrong(Text(f"{name} 为空。", f"{name} is empty."))
        return value

    def whole(self, name: str) -> int:
        """Return a field that is a whole number of 1 to 1,000,000."""
        value = self.fields[name].strip()
        if not value.isascii() or not value.isdigit() or len(value) > 7 or not 1 <= int(value) <= 1_000_000:  # noqa: PLR2004 - said above
            raise self.wrong(
                Text(
                    f"{name} 应为 1 至 1,000,000 的整数，实为“{value[:40]}”。",
                    f"{name} must be a whole number of 1 to 1,000,000, not “{value[:40]}”.",
                )
            )
        return int(value)

    def amount(self, name: str, *, if_empty: Decimal | None = None) -> Decimal:
        """Return a field that is an amount of 0 to 10^9 with at most four decimals; an empty one is `if_empty` where that is given."""
        value = self.fields[name].strip()
        if not value and if_empty is not None:
            return if_empty
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not (amount.is_finite() and 0 <= amount < Decimal(10) ** 9 and amount == round(amount, 4)):
            raise self.wrong(
                Text(
                    f"{name} 应为非负金额，至多四位小数，实为“{value[:40]}”。",
                    f"{name} must be an amount of at most four decimals, not “{value[:40]}”.",
                )
            )
        return amount

    def day(self, name: str) -> date:
        """Return a field that is a day of this century, written 2013-11-29."""
        value = self.fields[name].strip()
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.min
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.wrong(
                Text(
                    f"{name} 应为 2013-11-29 这样的本世纪日期，实为“{value[:40]}”。",
                    f"{name} must be a day of this century like 2013-11-29, not “{value[:40]}”.",
                )
            )
        return day

    def wrong(self, text: Text) -> Refusal:
        """Return the refusal of this line for a reason."""
        return bad_source(self.file, self.number, text)


def bad_source(file: str, line: int, text: Text) -> Refusal:
    """Return the refusal of a file of the source; line 0 means the file as a whole."""
    zh, en = (f"，第 {line} 行", f", line {line}") if line else ("", "")
    return Refusal("bad_source", Text(f"{file}{zh}：{text.zh}", f"{file}{en}: {text.en}"), status=422)


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a UTF-8 file with a head line; `.gz` is unpacked on the way.

    Refuses (`bad_source`) a missing file, missing columns, a line with too few or too many fields, and broken compression or encoding.
    """
    number = 1
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8", newline="") if path.suffix == ".gz" else path.open(encoding="utf-8", newline="") as file
        ):
            reader = csv.reader(file, strict=True)
            head = next(reader, [])
            missing = [column for column in columns if column not in head]
            if missing:
                names = ", ".join(missing)
                raise bad_source(path.name, 1, Text(f"缺少列：{names}。", f"These columns are missing: {names}."))
            for fields in reader:
                number = reader.line_num
                if len(fields) != len(head):
                    many, wanted = len(fields), len(head)
                    raise bad_source(
                        path.name, number, Text(f"有 {many} 个字段，应为 {wanted} 个。", f"It has {many} fields, not {wanted}.")
                    )
                yield Row(path.name, number, dict(zip(head, fields, strict=True)))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise bad_source(path.name, 0, Text(f"文件夹 {path.parent} 中没有这个文件。", f"There is no such file in {path.parent}.")) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as broken:
        raise bad_source(
            path.name, number, Text(f"此行之后压缩数据损坏（{broken}）。", f"The compressed data is broken after it ({broken}).")
        ) from None
    except (UnicodeDecodeError, csv.Error) as broken:
        raise bad_source(path.name, number, Text(f"此行之后无法读取（{broken}）。", f"It cannot be read after it ({broken}).")) from None
