"""`python -m tools.limits`: write docs/limits.md, every bound with its number as the code has it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final, NamedTuple

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "limits.md"
HEAD: Final = """# Limits

Every list, upload, batch, text and time has a number. This page is written from the code (`python -m tools.limits`); a test compares.

| 上限 | limit | number | beyond it |
|---|---|---|---|
"""
FOOT: Final = """
- **Rates** are kept in the memory of each web process ({processes} of them), each with its part of the number, so that an ordinary page
  costs no statement more. A connection that is kept open stays with one process and has that process's part. People are told by their
  session or token, addresses by the connection, or by a proxy that `LINGQU_PROXIES` lists. 429 comes as a page or as a problem with
  `Retry-After`. `LINGQU_RATES=off` turns them off, for measuring.
- **Sign-in** has limits of its own, for each account and address (module organisation).
- **Texts** have their lengths in the columns and forms; a form that is too long comes back filled in, with the sentence at its field.
- Whatever is sent to whichever address is answered, never with a 500: `tests/promises/test_hostile_pages.py`.
"""


class Limit(NamedTuple):
    """A bound: what it bounds in both languages, the number with its unit, and what is answered beyond it."""

    zh: str
    en: str
    number: str
    beyond: str


def _mib(number: int) -> str:
    return f"{number // 1024 // 1024} MiB"


def _of_modules() -> list[Limit]:
    from lingqu.base.sheets import read, write  # noqa: PLC0415 - after Django is ready
    from lingqu.documents import rules as files  # noqa: PLC0415 - the same
    from lingqu.documents.api import MOST_ROWS, gate  # noqa: PLC0415 - the same
    from lingqu.documents.queries import exports  # noqa: PLC0415 - the same
    from lingqu.orders.actions import requests as entered  # noqa: PLC0415 - the same
    from lingqu.orders.api import shapes as orders  # noqa: PLC0415 - the same

    field = "422, told at its field"
    return [
        Limit("接口列表一页的行数", "rows of a page of a list, interface", f"{MOST_ROWS}", "422"),
        Limit("接口一批的要货数", "requests of a batch, interface", f"{orders.MOST_BATCH:,}", "422"),
        Limit("网页一批的要货数", "requests sent together, page and workbook", f"{entered.MOST_ORDERS}", field),
        Limit("一张要货单的行数", "lines of a request", f"{entered.MOST_LINES}", field),
        Limit("接口内容的嵌套层数", "depth of JSON, interface", f"{gate.MOST_DEPTH}", "400"),
        Limit("接口一次发送的内容", "what is sent at a time, interface", _mib(gate.MOST_BYTES), "413"),
        Limit("接口网址长度", "letters of an address, interface", f"{gate.MOST_ADDRESS:,}", "422"),
        Limit("一个附件", "one file of a paper", _mib(files.MOST_BYTES), field),
        Limit("一次附几个文件", "files attached at a time", f"{files.MOST_FILES}", field),
        Limit("一份单据的附件", "files of one paper", f"{files.MOST_ATTACHMENTS}", field),
        Limit("读入的表格", "a table that comes in", _mib(read.MOST_BYTES), field),
        Limit("导出的表格行数", "rows of a workbook that goes out", f"{write.MOST_ROWS:,}", "422"),
        Limit("导出的列表行数", "rows of a list that goes out", f"{exports.MOST_OUT:,}", "the export says so"),
    ]


def _before_modules() -> list[Limit]:
    from lingqu.config import limits  # noqa: PLC0415 - beside the others

    slowly = "429 with `Retry-After`"
    undone = "undone as a whole, 503"
    return [
        Limit("一次发送的内容（文件除外）", "what is sent at a time, files aside", _mib(limits.BODY_BYTES), "413"),
        Limit("一次发送的内容（含文件）", "what is sent at a time, with files", _mib(limits.UPLOAD_BYTES), "413"),
        Limit("一张表单的字段数", "fields of a form", f"{limits.FIELDS:,}", "400"),
        Limit("一张表单的文件数", "files of a form", f"{limits.FILES}", "400"),
        Limit("网址长度", "letters of an address", f"{limits.ADDRESS_LENGTH:,}", "414"),
        Limit("一个请求头", "letters of one header", f"{limits.HEADER_LENGTH:,}", "431"),
        Limit("全部请求头", "letters of all headers", f"{limits.HEAD_LENGTH:,}", "431"),
        Limit("网页的一条语句", "one statement of a page", f"{limits.WEB_STATEMENT_SECONDS} s", undone),
        Limit("任务的一条语句", "one statement of a job", f"{limits.JOB_STATEMENT_SECONDS} s", "the job is tried again"),
        Limit("等待一把锁", "waiting for a lock", f"{limits.LOCK_SECONDS} s", undone),
        Limit("空闲的事务", "a transaction that does nothing", f"{limits.IDLE_SECONDS} s", "cut off, undone"),
        Limit("一个人每秒的请求", "requests of a person a second", f"{limits.PERSON.a_second}", slowly),
        Limit("一个人歇后一次的请求", "requests of a person at once, after a rest", f"{limits.PERSON.at_once}", slowly),
        Limit("一个地址每秒的请求", "requests of an address a second", f"{limits.ADDRESS.a_second}", slowly),
        Limit("一个地址歇后一次的请求", "requests of an address at once, after a rest", f"{limits.ADDRESS.at_once:,}", slowly),
        Limit("一个地址每秒的探测", "probes of an address a second (`/ready`, `/metrics`)", f"{limits.PROBE.a_second}", slowly),
        Limit("一个地址歇后一次的探测", "probes of an address at once, after a rest", f"{limits.PROBE.at_once}", slowly),
    ]


def page() -> str:
    """Return the page; Django must be ready."""
    from lingqu.config.limits import PROCESSES  # noqa: PLC0415 - beside the others

    rows = "".join(f"| {one.zh} | {one.en} | {one.number} | {one.beyond} |\n" for one in [*_before_modules(), *_of_modules()])
    return HEAD + rows + FOOT.format(processes=PROCESSES)


def main() -> None:
    """Write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingqu.config.settings")
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE}\n")


if __name__ == "__main__":
    main()
