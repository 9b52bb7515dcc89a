"""The log: one JSON object a line, by what it may hold. Names, words, addresses, forms and keys of people never come into it.

Our own lines (`lingqu.…`) are written as they are; of other libraries' lines only what stands in their code, and of an error its kinds
and places: its words could quote a row.
"""

from __future__ import annotations

import logging
import time
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Final

from pythonjsonlogger.msgspec import MsgspecFormatter

from lingqu.config.watch.metrics import observe_job

OURS: Final = "lingqu"
MOST_FRAMES: Final = 12
MOST_CAUSES: Final = 4
MOST_WORDS: Final = 300

request_id: ContextVar[str] = ContextVar("lingqu_request_id", default="")
job_lines = logging.getLogger("lingqu.job")

ExceptionParts = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(MsgspecFormatter):
    """Writes a record as one line. What is told beside the message comes under `facts` of the record, as a dictionary of plain values."""

    converter = time.gmtime  # type: ignore[assignment]

    def formatException(self, ei: ExceptionParts) -> str:  # noqa: ARG002, N802 - the library's signature
        """Leave out the words of the error; `add_fields` tells its kinds and places."""
        return ""

    def formatStack(self, stack_info: str) -> str:  # noqa: ARG002, N802 - the library's signature
        """Leave out the stack."""
        return ""

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, given: dict[str, Any]) -> None:  # noqa: ARG002
        """Put together what the line holds."""
        log_data["time"] = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03}Z"
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        words = spoken(record)
        if words:
            log_data["message"] = words
        number = request_id.get()
        if number:
            log_data["request"] = number
        log_data |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            log_data["errors"] = kinds_of(record.exc_info[1])


def spoken(record: logging.LogRecord) -> str:
    """Return the words of a record: our own as they are, of others' the text in their code, without the values."""
    if record.name == OURS or record.name.startswith(f"{OURS}."):
        return record.message[:MOST_WORDS]
    where = f"{record.module}:{record.lineno}"
    return f"{record.msg} ({where})"[:MOST_WORDS] if record.args and isinstance(record.msg, str) else where


def kinds_of(error: BaseException) -> list[dict[str, object]]:
    """Return the kinds of an error and of its causes, the database's code, and the last places that each passed."""
    told: list[dict[str, object]] = []
    found: BaseException | None = error
    while found is not None and len(told) < MOST_CAUSES:
        frames = traceback.extract_tb(found.__traceback__)[-MOST_FRAMES:]
        one: dict[str, object] = {"kind": f"{type(found).__module__}.{type(found).__qualname__}"}
        code = getattr(found, "sqlstate", None)
        if code:
            one["sqlstate"] = str(code)
        one["at"] = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        told.append(one)
        found = found.__cause__ or found.__context__
    return told


class JobLines(logging.Handler):
    """Turns what the worker tells of an ended job, which names all its arguments, into a line and a figure that do not."""

    ENDED: Final = {
        "job_success": "done", "job_error": "failed", "job_error_retry": "again", "job_aborted": "stopped", "job_aborted_retry": "again",
    }  # fmt: skip

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line of an ended job; everything else is passed over."""
        ended = self.ENDED.get(getattr(record, "action", ""))
        if ended is None:
            return
        job = getattr(record, "job", {})
        begun, over = getattr(record, "start_timestamp", None), getattr(record, "end_timestamp", None)
        seconds = over - begun if begun and over else 0.0
        task = str(job.get("task_name", ""))
        observe_job(task, ended, seconds)
        facts = {
            "job": job.get("id"), "task": task, "status": ended, "ms": round(seconds * 1_000, 1), "attempts": job.get("attempts"),
        }  # fmt: skip
        level = logging.ERROR if ended == "failed" else logging.INFO
        job_lines.log(level, "job", extra={"facts": facts}, exc_info=record.exc_info)
