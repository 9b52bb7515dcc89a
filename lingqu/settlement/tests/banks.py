"""Bank files as banks lay them out, made from a plain list of movements: what is read must be that list again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

OPENING = Decimal("1250000.00")


@dataclass(frozen=True)
class Moved:
    """A movement, oldest first in every list: the truth that a file tells in its own way."""

    on: date
    amount: Decimal
    payer: str
    account: str
    bank: str = "中国建设银行济南分行"
    summary: str = "货款"
    remark: str = ""
    serial: str = ""


def balances(moved: Sequence[Moved], opening: Decimal = OPENING) -> list[Decimal]:
    """The balance behind each movement."""
    found = []
    for one in moved:
        opening += one.amount
        found.append(opening)
    return found


def amount_text(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def sides(one: Moved) -> tuple[str, str]:
    """Money out and money in, as text."""
    return (amount_text(-one.amount), "") if one.amount < 0 else ("", amount_text(one.amount))


def text_file(rows: Sequence[Sequence[str]], *, encoding: str = "gb18030", delimiter: str = ",") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode(encoding)


def workbook(rows: Sequence[Sequence[Any]], *, before: Sequence[Sequence[Any]] = ()) -> bytes:
    """An xlsx; `before` is a sheet of words in front of it."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    for name, content in (("说明", before), ("明细", rows)):
        if name == "说明" and not before:
            continue
        page = book.add_worksheet(name)
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate(content):
            for column, cell in enumerate(cells):
                if isinstance(cell, date | datetime):
                    page.write_datetime(row, column, cell if isinstance(cell, datetime) else datetime.combine(cell, time()), days)
                elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
                    page.write_number(row, column, float(cell))
                elif cell:
                    page.write_string(row, column, str(cell))
    book.close()
    return made.getvalue()


def totals(moved: Sequence[Moved]) -> tuple[Decimal, Decimal]:
    """Money out (without a sign) and in."""
    out = -sum((one.amount for one in moved if one.amount < 0), Decimal(0))
    return out, sum((one.amount for one in moved if one.amount > 0), Decimal(0))


def tabs_behind_cells(moved: Sequence[Moved]) -> bytes:
    """Commas, every cell with a tab behind it, title rows above, a row of totals below; two columns of amounts."""
    rows = [
        ["账户明细查询"], ["账号：1602023409024567890\t", "户名：青禾建筑标准设计所"], ["起始日期：20261101", "截止日期：20261123"], [],
        [f"{name}\t" for name in ("交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号", "摘要", "附言", "交易流水号")],
    ]  # fmt: skip
    for one, balance in zip(moved, balances(moved), strict=True):
        out, came = sides(one)
        cells = [f"{one.on:%Y%m%d}", out, came, amount_text(balance), one.payer, one.account, one.summary, one.remark, one.serial]
        rows.append([f"{cell}\t" for cell in cells])
    out_all, in_all = totals(moved)
    rows.append(["合计\t", f"{amount_text(out_all)}\t", f"{amount_text(in_all)}\t"])
    rows.append(["打印时间：2026-11-23 09:00"])
    return text_file(rows)


def two_columns_newest_first(moved: Sequence[Moved]) -> bytes:
    """A workbook, newest first, units in the headings, a stamp of time in one cell, numbers as text with commas."""
    head = [
        "账号", "账户名称", "交易时间", "借方发生额/元(支取)", "贷方发生额/元(收入)", "余额", "币种", "对方户名", "对方账号",
        "对方开户机构", "记账日期", "摘要", "备注", "账户明细编号-交易流水号", "凭证号",
    ]  # fmt: skip
    rows: list[list[Any]] = [["中国某银行企业网上银行活期账户明细"], head]
    pairs = list(zip(moved, balances(moved), strict=True))
    for place, (one, balance) in enumerate(reversed(pairs)):
        out, came = sides(one)
        rows.append(
            [
                "37001616608050123456", "青禾建筑标准设计所", f"{one.on:%Y%m%d} 10:{place % 60:02}:07", out, came, amount_text(balance),
                "人民币元", one.payer, one.account, one.bank, f"{one.on:%Y%m%d}", one.summary, one.remark, one.serial, "",
            ]
        )  # fmt: skip
    return workbook(rows, before=[["下载说明"], ["本文件仅供参考"]])


def one_signed_column(moved: Sequence[Moved]) -> bytes:
    """One column of amounts with a sign, dates of the workbook, amounts as numbers."""
    rows: list[list[Any]] = [["交易日", "交易金额", "交易后余额", "对方名称", "对方账号", "对方行名", "用途", "流水号"]]
    rows += [
        [one.on, one.amount, balance, one.payer, one.account, one.bank, f"{one.summary} {one.remark}".strip(), one.serial]
        for one, balance in zip(moved, balances(moved), strict=True)
    ]
    return workbook(rows)


def marker_and_amount(moved: Sequence[Moved]) -> bytes:
    """A column that says 借 or 贷 beside amounts without a sign; title rows; days with points."""
    rows = [
        ["查询账号", "6228480012345678901"], ["币种", "人民币"],
        ["序号", "记账日期", "借贷标志", "发生额", "账户余额", "对方户名", "对方账号", "摘要", "备注", "日志号"],
    ]  # fmt: skip
    for place, (one, balance) in enumerate(zip(moved, balances(moved), strict=True), 1):
        rows.append(
            [
                str(place), f"{one.on:%Y.%m.%d}", "借" if one.amount < 0 else "贷", amount_text(abs(one.amount)), amount_text(balance),
                one.payer, one.account, one.summary, one.remark, one.serial,
            ]
        )  # fmt: skip
    return text_file(rows, delimiter="\t")


def marker_and_signed_amount(moved: Sequence[Moved]) -> bytes:
    """Marker and sign say the same; English headings; UTF-8 with its mark; semicolons."""
    rows = [["Transaction Date", "D/C", "Amount", "Balance", "Counterparty Name", "Counterparty Account", "Remark", "Reference No"]]
    rows += [
        [
            one.on.isoformat(), "D" if one.amount < 0 else "C", f"{one.amount:.2f}", f"{balance:.2f}", one.payer, one.account,
            f"{one.summary} {one.remark}".strip(), one.serial,
        ]
        for one, balance in zip(moved, balances(moved), strict=True)
    ]  # fmt: skip
    return text_file(rows, encoding="utf-8-sig", delimiter=";")


def two_row_head(moved: Sequence[Moved]) -> bytes:
    """发生额 stands above 借方 and 贷方; days in Chinese; a total for each page."""
    rows: list[list[Any]] = [
        ["对公活期存款明细表"],
        ["交易日期", "发生额", "", "余额", "对方信息", "", "摘要", "流水号"],
        ["", "借方", "贷方", "", "对方户名", "对方账号", "", ""],
    ]
    for one, balance in zip(moved, balances(moved), strict=True):
        out, came = sides(one)
        rows.append(
            [
                f"{one.on.year}年{one.on.month}月{one.on.day}日", out or "-", came or "-", amount_text(balance), one.payer, one.account,
                f"{one.summary} {one.remark}".strip(), one.serial,
            ]
        )  # fmt: skip
    out_all, in_all = totals(moved)
    rows.append(["总 计", amount_text(out_all), amount_text(in_all)])
    return workbook(rows)


def formula_text(moved: Sequence[Moved]) -> bytes:
    """Numbers kept from Excel as ="…", days with strokes and a time behind, full-width words in the head."""
    rows = [["交易时间", "收入金额", "支出金额", "账户余额", "交易对方", "对方账户", "摘要", "留言", "交易流水号"]]
    for one, balance in zip(moved, balances(moved), strict=True):
        out, came = sides(one)
        rows.append(
            [
                f"{one.on.year}/{one.on.month}/{one.on.day} 9:05:00", came, out, amount_text(balance), one.payer, f'="{one.account}"',
                one.summary, one.remark, f'="{one.serial}"',
            ]
        )  # fmt: skip
    return text_file(rows)


def accounts_made_numbers(moved: Sequence[Moved]) -> bytes:
    """Excel made numbers of account and serial numbers: the last digits of the long ones are lost, and the file says so by being read."""
    rows: list[list[Any]] = [["日期", "贷方金额", "借方金额", "余额", "对方单位名称", "对方账号", "附言", "流水号"]]
    for one, balance in zip(moved, balances(moved), strict=True):
        came, out = (one.amount, "") if one.amount > 0 else ("", -one.amount)
        rows.append(
            [
                one.on, came, out, balance, one.payer, float(one.account), f"{one.summary} {one.remark}".strip(),
                float(one.serial) if one.serial else "",
            ]
        )  # fmt: skip
    return workbook(rows)


def pages_with_heads(moved: Sequence[Moved]) -> bytes:
    """A printout: the head again on every page of ten, sums of each page, words between, the whole at the end."""
    head = ["入账日期", "支出", "收入", "余额", "付款人名称", "付款人账号", "摘要", "业务编号"]
    rows: list[list[str]] = [["某某银行电子回单汇总，2026年11月"], head]
    for place, (one, balance) in enumerate(zip(moved, balances(moved), strict=True)):
        if place and place % 10 == 0:
            out_page, in_page = totals(moved[place - 10 : place])
            rows += [["本页合计", amount_text(out_page), amount_text(in_page)], [f"第 {place // 10} 页"], head]
        out, came = sides(one)
        words = f"{one.summary} {one.remark}".strip()
        rows.append([one.on.isoformat(), out, came, amount_text(balance), one.payer, one.account, words, one.serial])
    out_all, in_all = totals(moved)
    rows.append(["累计", amount_text(out_all), amount_text(in_all)])
    return text_file(rows)


LAYOUTS: dict[str, Callable[[Sequence[Moved]], bytes]] = {
    one.__name__: one
    for one in (
        tabs_behind_cells, two_columns_newest_first, one_signed_column, marker_and_amount, marker_and_signed_amount, two_row_head,
        formula_text, accounts_made_numbers, pages_with_heads,
    )
}  # fmt: skip
NEWEST_FIRST = {"two_columns_newest_first"}
CUT = {"accounts_made_numbers"}


def serials(moved: Sequence[Moved], start: int = 20261123000100) -> list[Moved]:
    """The movements with serial numbers of the bank."""
    return [replace(one, serial=str(start + place)) for place, one in enumerate(moved)]
