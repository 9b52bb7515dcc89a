"""Which row of a bank's table is its head, and which of its columns means what: banks agree on neither."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from lingqu.base.refusal import bad_input
from lingqu.base.sheets import Cell, as_day, as_money, as_text
from lingqu.base.text import Text


class Field(StrEnum):
    """What a column of a bank's table may mean to us. Credit 贷 on the bank's paper is money that came in."""

    DAY = "day"
    MONEY_IN = "money_in"
    MONEY_OUT = "money_out"
    AMOUNT = "amount"
    MARKER = "marker"
    BALANCE = "balance"
    PAYER = "payer"
    PAYER_ACCOUNT = "payer_account"
    PAYER_BANK = "payer_bank"
    REMARK = "remark"
    SERIAL = "serial"
    OWN_ACCOUNT = "own_account"


FIELD_WORDS: Final = {
    Field.DAY: Text("交易日期", "Day"),
    Field.MONEY_IN: Text("收入（贷方）", "Money in (credit)"),
    Field.MONEY_OUT: Text("支出（借方）", "Money out (debit)"),
    Field.AMOUNT: Text("金额（单列）", "Amount (one column)"),
    Field.MARKER: Text("借贷标志", "Debit or credit"),
    Field.BALANCE: Text("余额", "Balance"),
    Field.PAYER: Text("对方户名", "Payer"),
    Field.PAYER_ACCOUNT: Text("对方账号", "Payer's account"),
    Field.PAYER_BANK: Text("对方开户行", "Payer's bank"),
    Field.REMARK: Text("摘要、用途、附言", "Remark"),
    Field.SERIAL: Text("流水号", "Serial number"),
    Field.OWN_ACCOUNT: Text("本方账号", "Our account"),
}
MONEY_FIELDS: Final = (Field.MONEY_IN, Field.MONEY_OUT, Field.AMOUNT)
MOST_REMARKS: Final = 4
LONGEST_HEADING: Final = 30
LEAST_FIELDS: Final = 3
MOST_TITLE_ROWS: Final = 60
"""How far down a head is looked for."""

# For each field its names, the surer ones first; a heading is compared without blanks and in half width.
_NAMES: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.MARKER: (
        r"借贷(标志|标记|方向|标识|状态|类型)?",
        r"借/贷(标志|标记|方向|标识)?",
        r"收/?(支|付)(标志|方向|类型)?",
        r"收支.*",
        r"(交易)?方向",
        r"debit/credit|d/?c",
        r"(交易|资金)(方向|流向)",
    ),
    Field.DAY: (
        r"交易日期?",
        r"交易时间|交易日期时间",
        r"记账日期?|入账日期?",
        r"(记账|入账|到账)时间",
        r"日期|时间",
        r"(transaction|posting|booking)?date",
        r"会计日期|(交易|记账).*(日期|时间).*",
    ),
    Field.BALANCE: (r"(账户|本次|交易后|联机|当前)?余额(\(.*\)|/元)?", r".*余额.*", r"balance"),
    Field.PAYER_ACCOUNT: (
        r"对方(账号|帐号|账户|卡号)",
        r"付款(人|方|单位)?(账号|帐号|账户)",
        r"(交易)?对手(方)?(账号|帐号|账户)",
        r"对方.*(账号|帐号|卡号).*",
        r"收\(?/?付\)?方(账号|帐号)",
        r"(来账|汇款人)(账号|帐号)",
        r"(payer|counterparty|other)account(no\.?|number)?",
    ),
    Field.PAYER_BANK: (
        r"对方(开户行|开户机构|行名|开户银行|银行)(名称|名)?",
        r"付款(人|方)?(开户行|行名|开户银行)(名称|名)?",
        r"(交易)?对手(方)?(开户行|行名)(名称)?",
        r"对方.*行.*",
        r"收\(?/?付\)?方(开户行|行)名?",
        r"(payer|counterparty)bank",
    ),
    Field.PAYER: (
        r"对方(户名|名称|单位名称|单位|账户名称|账户名|公司名称)",
        r"付款(人|方|单位)?(名称|户名|姓名|账户名称)",
        r"(交易)?对手(方)?(户名|名称)",
        r"付款(人|方|单位)",
        r"收\(?/?付\)?方(名称|户名)",
        r"对方.*(名|单位).*",
        r"交易对(方|手)",
        r"来账户名|汇款人(名称)?|户名",
        r"(payer|counterparty)(name)?",
    ),
    Field.MONEY_IN: (
        r"(贷方|收入|存入|转入|贷记)(发生额|金额|额)?((\(.*\))|/元.*)?",
        r"(贷方|收入|存入|转入).*",
        r"credit(amount)?|deposit|moneyin",
    ),
    Field.MONEY_OUT: (
        r"(借方|支出|支取|转出|取出|借记)(发生额|金额|额)?((\(.*\))|/元.*)?",
        r"(借方|支出|支取|转出|取出).*",
        r"debit(amount)?|withdrawal|moneyout",
    ),
    Field.AMOUNT: (r"(交易|发生)(金额|额)((\(.*\))|/元)?", r"金额((\(.*\))|/元)?", r"(transaction)?amount"),
    Field.SERIAL: (
        r".*流水号.*",
        r"(交易|核心|银行|日志)(流水|序号|编号|参考号|号)",
        r"(日志号|参考号|业务编号|唯一标识|明细编号)",
        r"(serial|reference|transaction)(no\.?|number|id)?",
    ),
    Field.REMARK: (
        r"(交易|业务|扩展|客户|中文)?摘要",
        r"用途|资金用途|交易用途",
        r"(交易|客户)?附言|留言",
        r"备注\d?|个性化信息|说明|(remark|summary|purpose|description|memo)s?",
    ),
    Field.OWN_ACCOUNT: (r"(本方|我方|查询)(账号|帐号|账户)", r"账号|帐号|(our)?account(no\.?|number)?"),
}
_PATTERNS: Final = {field: tuple(re.compile(name, re.IGNORECASE) for name in names) for field, names in _NAMES.items()}
_TITLE_ACCOUNT: Final = re.compile(r"(?:账号|帐号|账户号?|account)[^0-9]{0,12}(\d[\d -]{6,38}\d)", re.IGNORECASE)

Row = Sequence[Cell]


class Header(msgspec.Struct, frozen=True):
    """The head of a table: the row below which the movements begin (counted from 1), its headings, and the columns of each field.

    Columns are counted from 0. A field has one column, the remark up to four.
    """

    last_row: int
    headings: tuple[str, ...]
    columns: dict[Field, tuple[int, ...]]

    @property
    def mapping(self) -> dict[str, list[str]]:
        """Return the headings per field, as a profile keeps them."""
        return {field.value: [self.headings[place] for place in places] for field, places in self.columns.items()}


def plain_heading(cell: Cell) -> str:
    """Return a heading in half width without blanks, stars and colons."""
    words = unicodedata.normalize("NFKC", as_text(cell)).replace(" ", "").strip("*:'=\"")
    return words.lower()


def field_of(heading: str) -> tuple[Field, int] | None:
    """Return what a plain heading means, and how sure its name is (0: surest); None for a heading that means nothing to us."""
    for field, patterns in _PATTERNS.items():
        for rank, pattern in enumerate(patterns):
            if pattern.fullmatch(heading):
                return field, rank
    return None


def find_header(rows: Sequence[Row], mapping: Mapping[str, Sequence[str]] | None = None) -> Header | None:
    """Return the head of a table: of its first 60 rows the one that names most; None when none names a day, an amount and one thing more.

    A head of two rows (发生额 above 借方 and 贷方) is found, too. With a `mapping` of a profile the row is searched that has its headings.
    """
    best: tuple[int, Header] | None = None
    for place, row in enumerate(rows[:MOST_TITLE_ROWS]):
        for header in (_one_row(place, row), _two_rows(place, rows)):
            if header is None:
                continue
            named = _mapped(header, mapping) if mapping else header
            if named is None or not _enough(named):
                continue
            score = sum(len(columns) for columns in named.columns.values())
            if best is None or score > best[0]:
                best = score, named
    return best[1] if best else None


def remap(header: Header, chosen: Mapping[Field, Sequence[int]]) -> Header:
    """Return the head with the columns that a person chose; refuses columns that do not exist, one for two fields, and too few of them."""
    columns: dict[Field, tuple[int, ...]] = {}
    taken: dict[int, Field] = {}
    for field, places in chosen.items():
        if len(places) > (MOST_REMARKS if field is Field.REMARK else 1):
            raise bad_input(field.value, Text("所选的列过多。", "Too many columns are chosen."))
        for place in places:
            if not 0 <= place < len(header.headings):
                raise bad_input(field.value, Text("文件没有这一列。", "The file has no such column."))
            if place in taken:
                other, this = FIELD_WORDS[taken[place]], FIELD_WORDS[field]
                raise bad_input(
                    field.value,
                    Text(
                        f"“{header.headings[place]}”已用作{other.zh}，不能再用作{this.zh}。",
                        f"“{header.headings[place]}” stands for {other.en} already and cannot be {this.en}, too.",
                    ),
                )
            taken[place] = field
        if places:
            columns[field] = tuple(places)
    if Field.DAY not in columns:
        raise bad_input(Field.DAY.value, Text("请指明交易日期是哪一列。", "Say which column is the day."))
    if not any(field in columns for field in MONEY_FIELDS):
        raise bad_input(Field.AMOUNT.value, Text("请指明金额是哪一列或哪两列。", "Say which column or columns hold the amount."))
    if Field.AMOUNT in columns and (Field.MONEY_IN in columns or Field.MONEY_OUT in columns):
        raise bad_input(
            Field.AMOUNT.value,
            Text("金额或用一列，或用收入、支出两列，不能并用。", "The amount stands in one column or in two, not in both ways."),
        )
    return Header(header.last_row, header.headings, columns)


def own_account_of(rows: Sequence[Row], header: Header) -> str:
    """Return our account number as the title rows above the head tell it; empty when they do not."""
    for row in rows[: header.last_row]:
        line = " ".join(plain for plain in (as_text(cell) for cell in row) if plain)
        found = _TITLE_ACCOUNT.search(unicodedata.normalize("NFKC", line))
        if found:
            return re.sub(r"\D", "", found[1])
    return ""


def _one_row(place: int, row: Row) -> Header:
    headings = tuple(plain_heading(cell)[:LONGEST_HEADING] if _may_name(cell) else "" for cell in row)
    return _named(place + 1, headings)


def _two_rows(place: int, rows: Sequence[Row]) -> Header | None:
    if place + 1 >= len(rows):
        return None
    upper, lower = rows[place], rows[place + 1]
    if any(cell is not None and not _may_name(cell) for cell in (*upper, *lower)):
        return None
    headings = []
    for column in range(max(len(upper), len(lower))):
        above = plain_heading(upper[column]) if column < len(upper) else ""
        below = plain_heading(lower[column]) if column < len(lower) else ""
        headings.append((below if below and field_of(below) else above or below)[:LONGEST_HEADING])
    if not any(plain_heading(cell) for cell in lower):
        return None
    return _named(place + 2, tuple(headings))


def _may_name(cell: Cell) -> bool:
    return isinstance(cell, str) and as_money(cell) is None and as_day(cell) is None


def _named(last_row: int, headings: tuple[str, ...]) -> Header:
    """Give each heading its field; of two headings for one field the surer name wins, the first of two alike."""
    found: dict[Field, list[tuple[int, int]]] = {}
    for place, heading in enumerate(headings):
        means = field_of(heading) if heading else None
        if means:
            found.setdefault(means[0], []).append((means[1], place))
    columns = {
        field: tuple(place for _, place in sorted(places)[: MOST_REMARKS if field is Field.REMARK else 1])
        for field, places in found.items()
    }
    if Field.MONEY_IN in columns and Field.MONEY_OUT in columns:
        columns.pop(Field.AMOUNT, None)
        columns.pop(Field.MARKER, None)
    elif Field.AMOUNT in columns:
        columns.pop(Field.MONEY_IN, None)
        columns.pop(Field.MONEY_OUT, None)
    return Header(last_row, headings, columns)


def _enough(header: Header) -> bool:
    has_money = any(field in header.columns for field in MONEY_FIELDS)
    return Field.DAY in header.columns and has_money and len(header.columns) >= LEAST_FIELDS


def _mapped(header: Header, mapping: Mapping[str, Sequence[str]]) -> Header | None:
    """Return the head with the columns of a profile, None when it does not have all its headings."""
    columns: dict[Field, tuple[int, ...]] = {}
    for name, headings in mapping.items():
        places = [header.headings.index(heading) for heading in headings if heading in header.headings]
        if len(places) != len(headings):
            return None
        if places:
            columns[Field(name)] = tuple(places)
    return Header(header.last_row, header.headings, columns)
