"""A bank's table read as movements: every row is a movement, a total, words, or a problem told with its number. None is dropped unsaid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from lingqu.base.money import ZERO, total
from lingqu.base.refusal import Refusal
from lingqu.base.sheets import Cell, SheetIn
from lingqu.base.text import Text
from lingqu.settlement.rules.cells import code_in, day_in, is_empty, is_incoming, money_in, words_in
from lingqu.settlement.rules.checks import BalanceCheck, Movement, Totals, check_balances, check_totals
from lingqu.settlement.rules.columns import MONEY_FIELDS, Field, Header, find_header, own_account_of, plain_heading, remap

MOST_ROWS: Final = 10_000
MOST_COLUMNS: Final = 60
MOST_PROBLEMS: Final = 50
LONGEST: Final = {"payer": 120, "payer_account": 40, "payer_bank": 120, "remark": 400, "serial": 60}
_TOTAL: Final = re.compile(
    r"(本页|本日|本月|累计|期间|借方|贷方)?(合计|总计|小计|累计|汇总|总额)(金额|笔数)?.*|(grand|sub)?total.*", re.IGNORECASE
)

Row = Sequence[Cell]


class ReadLine(msgspec.Struct, frozen=True):
    """A movement as it stands in a file: its row (from 1), its day, and the amount in yuan, more than nothing for money that came in.

    `serial` is empty where the bank gives none, or Excel lost digits of it.
    """

    row: int
    on: date
    amount: Decimal
    balance: Decimal | None
    payer: str
    payer_account: str
    payer_bank: str
    remark: str
    serial: str


class RowProblem(msgspec.Struct, frozen=True):
    """What is wrong in a row, in words that name it."""

    row: int
    text: Text


class FileRead(msgspec.Struct, frozen=True):
    """What a file says: its head, its movements in the order of the file, and whatever is wrong with it.

    `problems` keep it from being taken in. `remarks` are told only: rows without an amount, numbers that Excel cut. `doubts` (balances
    and totals that do not add up) must be confirmed by a person. `balances` has one check for each of our accounts in the file.
    """

    sheet: str
    header: Header
    own_account: str
    lines: tuple[ReadLine, ...]
    problems: tuple[RowProblem, ...]
    remarks: tuple[Text, ...]
    doubts: tuple[Text, ...]
    balances: tuple[BalanceCheck, ...]
    more_problems: int = 0
    checked_totals: int = 0

    @property
    def money_in(self) -> Decimal:
        """Return what came in, yuan."""
        return total(line.amount for line in self.lines if line.amount > 0)

    @property
    def money_out(self) -> Decimal:
        """Return what went out, yuan, without a sign."""
        return -total(line.amount for line in self.lines if line.amount < 0)


def read_sheets(
    sheets: Sequence[SheetIn], *, today: date, mappings: Sequence[Mapping[str, Sequence[str]]] = (),
    chosen: Mapping[Field, Sequence[int]] | None = None,
) -> FileRead:  # fmt: skip
    """Return what the sheets of a file say: of the one whose head names most.

    `mappings` are those of saved profiles, newest first: the first whose headings all stand in the file is used. `chosen` are the columns
    that a person chose, which come before both. Refuses (422) `no_header` and `no_movements`.
    """
    found = [(sheet, header) for sheet in sheets if (header := _header(sheet.rows, mappings))]
    if not found:
        raise Refusal(
            "no_header",
            Text(
                "没有找到表头：应有一行写明交易日期、金额和对方户名等。请确认这是网银导出的账户明细。",
                "No head was found: one row should name the day, the amount, the payer and so on. Is this the bank's list of movements?",
            ),
            status=422,
            field="file",
        )
    sheet, header = max(found, key=lambda one: len(one[1].columns))
    header = remap(header, chosen) if chosen else header
    return _read(sheet, header, today=today)


def _header(rows: Sequence[Row], mappings: Sequence[Mapping[str, Sequence[str]]]) -> Header | None:
    return next((known for mapping in mappings if (known := find_header(rows, mapping))), None) or find_header(rows)


class _Table:
    """Collects what the rows below a head say."""

    def __init__(self, header: Header, *, today: date) -> None:
        self.header = header
        self.today = today
        self.lines: list[tuple[ReadLine, str]] = []
        self.problems: list[RowProblem] = []
        self.totals: list[Totals] = []
        self.without_amount: list[int] = []
        self.cut: list[int] = []
        self.is_signed = False

    def cell(self, row: Row, field: Field) -> Cell:
        places = self.header.columns.get(field, ())
        return row[places[0]] if places and places[0] < len(row) else None

    def words(self, row: Row, field: Field) -> str:
        found = [words_in(row[place]) for place in self.header.columns.get(field, ()) if place < len(row)]
        return " ".join(dict.fromkeys(part for part in found if part and part not in {"-", "--", "/"}))

    def code(self, number: int, row: Row, field: Field) -> str:
        code, cut = code_in(self.cell(row, field))
        if cut and number not in self.cut:
            self.cut.append(number)
        return code

    def problem(self, row: int, zh: str, en: str) -> None:
        self.problems.append(RowProblem(row, Text(f"第 {row} 行：{zh}", f"Row {row}: {en}")))

    def read(self, number: int, row: Row) -> None:
        """Read one row."""
        if all(is_empty(cell) for cell in row) or self.is_head_again(row):
            return
        if _is_total(row, self.header):
            self.totals.append(self.total(number, row))
            return
        day_cell = self.cell(row, Field.DAY)
        on = day_in(day_cell)
        amounts = [cell for field in MONEY_FIELDS if not is_empty(cell := self.cell(row, field))]
        if not amounts and on is not None:
            self.without_amount.append(number)
        elif on is None:
            # Words below or between the movements (printed by whom, page 1 of 3) have no amount and no day.
            if amounts and not (is_empty(day_cell) and all(money_in(cell) is None for cell in amounts)):
                shown = words_in(day_cell)[:40]
                self.problem(number, f"“{shown}”不是日期。", f"“{shown}” is no day.")
        elif on > self.today:
            self.problem(number, f"日期 {on} 晚于今天。", f"the day {on} lies in the future.")
        else:
            self.movement(number, row, on)

    def movement(self, number: int, row: Row, on: date) -> None:
        amount = self.amount(number, row)
        if amount == ZERO:
            self.without_amount.append(number)
        elif amount is not None:
            self.line(number, row, on, amount)

    def is_head_again(self, row: Row) -> bool:
        """Return whether the head is repeated, as on every page of a printout."""
        places = self.header.columns[Field.DAY]
        return places[0] < len(row) and plain_heading(row[places[0]]) == self.header.headings[places[0]] != ""

    def total(self, number: int, row: Row) -> Totals:
        came, went = self.cell(row, Field.MONEY_IN), self.cell(row, Field.MONEY_OUT)
        return Totals(number, money_in(came), money_in(went))

    def amount(self, number: int, row: Row) -> Decimal | None:
        """Return the signed amount of a row; None when it was noted what is wrong with it."""
        if Field.AMOUNT in self.header.columns:
            return self.single_amount(number, row)
        came, went = self.side(number, row, Field.MONEY_IN), self.side(number, row, Field.MONEY_OUT)
        if came is None or went is None:
            return None
        if came and went:
            self.problem(number, "收入和支出两列都有金额。", "both money in and money out have an amount.")
            return None
        return came - (-went if self.is_signed and went < 0 else went)

    def side(self, number: int, row: Row, field: Field) -> Decimal | None:
        cell = self.cell(row, field)
        if is_empty(cell):
            return ZERO
        value = money_in(cell)
        if value is None:
            shown = words_in(cell)[:40]
            self.problem(number, f"“{shown}”不是到分的金额。", f"“{shown}” is no amount to the cent.")
        return value

    def single_amount(self, number: int, row: Row) -> Decimal | None:
        value = self.side(number, row, Field.AMOUNT)
        if value is None or Field.MARKER not in self.header.columns:
            return value
        incoming = is_incoming(self.cell(row, Field.MARKER))
        if incoming is None:
            shown = words_in(self.cell(row, Field.MARKER))[:40]
            self.problem(number, f"“{shown}”不是借或贷。", f"“{shown}” is neither debit nor credit.")
            return None
        return value if incoming or self.is_signed else -value

    def line(self, number: int, row: Row, on: date, amount: Decimal) -> None:
        balance_cell = self.cell(row, Field.BALANCE)
        balance = None if is_empty(balance_cell) else money_in(balance_cell)
        if balance is None and not is_empty(balance_cell):
            shown = words_in(balance_cell)[:40]
            self.problem(number, f"余额“{shown}”不是金额。", f"the balance “{shown}” is no amount.")
            return
        read = ReadLine(
            row=number, on=on, amount=amount, balance=balance,
            payer=self.words(row, Field.PAYER)[: LONGEST["payer"]],
            payer_account=self.code(number, row, Field.PAYER_ACCOUNT)[: LONGEST["payer_account"]],
            payer_bank=self.words(row, Field.PAYER_BANK)[: LONGEST["payer_bank"]],
            remark=self.words(row, Field.REMARK)[: LONGEST["remark"]],
            serial=self.code(number, row, Field.SERIAL)[: LONGEST["serial"]],
        )  # fmt: skip
        self.lines.append((read, self.code(number, row, Field.OWN_ACCOUNT)))


def _is_total(row: Row, header: Header) -> bool:
    """Return whether a row holds totals: its first words say so, and its day is none."""
    places = header.columns[Field.DAY]
    if places[0] < len(row) and day_in(row[places[0]]) is not None:
        return False
    first = next((words for cell in row if (words := words_in(cell)) and not is_empty(cell)), "")
    return bool(_TOTAL.fullmatch(first.replace(" ", "")))


def _signed_by_marker(table: _Table, rows: Sequence[Row]) -> bool:
    """Return whether what went out is below nothing already: then every such amount of the file is, and the marker repeats it."""
    column = Field.AMOUNT if Field.AMOUNT in table.header.columns else Field.MONEY_OUT
    out = [
        value
        for row in rows
        if column is Field.MONEY_OUT or is_incoming(table.cell(row, Field.MARKER)) is False
        if (value := money_in(table.cell(row, column))) and day_in(table.cell(row, Field.DAY))
    ]
    return bool(out) and all(value < 0 for value in out)


def _read(sheet: SheetIn, header: Header, *, today: date) -> FileRead:
    table = _Table(header, today=today)
    below = sheet.rows[header.last_row :]
    table.is_signed = _signed_by_marker(table, below)
    for number, row in enumerate(below, header.last_row + 1):
        table.read(number, row)
    if not table.lines and not table.problems:
        raise Refusal(
            "no_movements",
            Text("表头以下没有任何交易。", "Below the head there is no movement."),
            status=422,
            field="file",
        )
    accounts = {own for _, own in table.lines if own}
    balances = tuple(
        check_balances([Movement(line.row, line.amount, line.balance) for line, own in table.lines if own == account])
        for account in dict.fromkeys(own for _, own in table.lines)
    )
    lines = tuple(line for line, _ in table.lines)
    came, went = total(one.amount for one in lines if one.amount > 0), -total(one.amount for one in lines if one.amount < 0)
    wrong_totals = () if table.problems else check_totals(table.totals, came, went)
    doubts = [broken.text for check in balances for broken in check.breaks]
    return FileRead(
        sheet=sheet.name, header=header, own_account=accounts.pop() if len(accounts) == 1 else own_account_of(sheet.rows, header),
        lines=lines, problems=tuple(table.problems[:MOST_PROBLEMS]), remarks=_remarks(table), doubts=(*doubts, *wrong_totals),
        balances=balances, more_problems=max(0, len(table.problems) - MOST_PROBLEMS),
        checked_totals=sum(one.money_in is not None or one.money_out is not None for one in table.totals),
    )  # fmt: skip


def _remarks(table: _Table) -> tuple[Text, ...]:
    told = []
    if table.without_amount:
        rows = _rows(table.without_amount)
        told.append(Text(f"没有金额、已略过的行：{rows.zh}。", f"Rows without an amount, left out: {rows.en}."))
    if table.cut:
        rows = _rows(table.cut)
        told.append(
            Text(
                f"账号或流水号被 Excel 存成数字、末几位已丢失的行：{rows.zh}。这些号码不用于认领；请改传网银的原始文件。",
                f"Rows in which Excel turned an account or serial number into a number and lost its last digits: {rows.en}. "
                "Nothing is matched by them; the bank's own file would have them.",
            )
        )
    one_column = Field.AMOUNT in table.header.columns and Field.MARKER not in table.header.columns
    if one_column and all(line.amount > 0 for line, _ in table.lines):
        told.append(
            Text(
                "金额没有正负，也没有借贷标志：全部当作收入。请核对。",
                "The amounts have neither a sign nor a marker: all are taken as money in. Please check.",
            )
        )
    return tuple(told)


def _rows(numbers: Sequence[int]) -> Text:
    shown = ", ".join(str(number) for number in numbers[:10])
    more = len(numbers) - 10
    return Text(f"{shown} 等 {len(numbers)} 行", f"{shown} and {more} more") if more > 0 else Text(shown, shown)
