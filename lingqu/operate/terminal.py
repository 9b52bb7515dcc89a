"""How the commands talk: words for people, one JSON object on the last line for scripts, and an exit status that can be trusted."""

from __future__ import annotations

import errno
import functools
import json
import sys
from collections.abc import Callable
from typing import Any, Final, NoReturn

import click
import psycopg
from django.db.utils import OperationalError as DjangoOperationalError
from rich.console import Console

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text, use_language
from lingqu.operate.said import language_of_terminal, words

# What the machine refuses, as opposed to a defect of ours: no right, no room, a read-only disk.
MACHINE_SAYS_NO: Final = frozenset({errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EROFS, errno.EDQUOT})

WIDE: Final = 160


class Terminal:
    """Where a command's words go: standard output, or standard error when that belongs to `--json`."""

    def __init__(self, *, as_json: bool) -> None:
        """Open the terminal; `as_json` keeps standard output for the JSON object."""
        self.as_json = as_json
        stream = sys.stderr if as_json else sys.stdout
        # Into a file or a pipe, tables are not cut to the width of a screen.
        width = None if stream.isatty() else WIDE
        self.console = Console(file=stream, highlight=False, markup=False, soft_wrap=True, width=width)

    def report(self, line: str) -> None:
        """Tell a line of progress."""
        self.console.print(line)

    def tell(self, zh: str, en: str, **values: object) -> None:
        """Tell a line in the language of the terminal."""
        self.report(str(Text(zh, en).fill(**values)))


def command(body: Callable[..., dict[str, Any]]) -> Callable[..., None]:
    """Make a click command of a function that takes a `Terminal` first and returns what `--json` shows; `ok` is true when it says nothing.

    Refusals, and a database or a machine that says no, become one sentence and exit status 1. Anything else is a defect and shows itself.
    """

    @click.option("--json", "as_json", is_flag=True, help=words("最后一行输出一个 JSON 对象。", "One JSON object on the last line."))
    @functools.wraps(body)
    def run(*args: object, as_json: bool, **options: object) -> None:
        use_language(language_of_terminal())
        terminal = Terminal(as_json=as_json)
        try:
            result = {"ok": True} | body(terminal, *args, **options)
        except Refusal as refused:
            _fail(terminal, refused.code, refused.text)
        except (DjangoOperationalError, psycopg.OperationalError, OSError) as error:
            _fail(terminal, *_expected(error))
        if as_json:
            sys.stdout.write(json.dumps(result, ensure_ascii=False, default=str) + "\n")
        if not result["ok"]:
            sys.exit(1)

    return run


def _expected(error: Exception) -> tuple[str, Text]:
    """Return code and sentence of an expected failure; raises the error again when it is none."""
    cause = error.__cause__ if isinstance(error.__cause__, psycopg.OperationalError) else error
    if isinstance(cause, psycopg.OperationalError):
        why = str(cause).strip()
        return "database_gone", Text("数据库没有回应：{why}", "The database did not answer: {why}").fill(why=why)
    if isinstance(error, OSError) and error.errno in MACHINE_SAYS_NO:
        values = {"why": error.strerror, "path": error.filename or "?"}
        return "machine_says_no", Text("系统不允许：{why}（{path}）", "The system does not allow it: {why} ({path})").fill(**values)
    raise error


def _fail(terminal: Terminal, code: str, text: Text) -> NoReturn:
    click.echo(str(text), err=True)
    if terminal.as_json:
        sys.stdout.write(json.dumps({"ok": False, "code": code, "error": {"zh": text.zh, "en": text.en}}, ensure_ascii=False) + "\n")
    sys.exit(1)
