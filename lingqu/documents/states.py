"""What kinds of files documents take, which media type each has, and where lists stand that go out and tables that come in."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class FileKind(StrEnum):
    """What may be attached to a document: told by the content, not by the name alone."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    XLSX = "xlsx"
    DOCX = "docx"
    CSV = "csv"
    TEXT = "txt"


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.CSV: "text/csv",
    FileKind.TEXT: "text/plain",
}


class ExportState(StrEnum):
    """Where a list stands that goes out as a workbook."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class ExportVerb(StrEnum):
    """What happens to it."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"


EXPORTS: StateTable[ExportState, ExportVerb] = StateTable(
    {
        (ExportState.WAITING, ExportVerb.START): ExportState.MAKING,
        (ExportState.MAKING, ExportVerb.START): ExportState.MAKING,
        (ExportState.MAKING, ExportVerb.FINISH): ExportState.READY,
        (ExportState.WAITING, ExportVerb.FAIL): ExportState.FAILED,
        (ExportState.MAKING, ExportVerb.FAIL): ExportState.FAILED,
    },
    {
        ExportState.WAITING: Text("排队中", "Waiting"),
        ExportState.MAKING: Text("生成中", "Being made"),
        ExportState.READY: Text("可下载", "Ready"),
        ExportState.FAILED: Text("未能生成", "Failed"),
        ExportVerb.START: Text("开始", "Start"),
        ExportVerb.FINISH: Text("完成", "Finish"),
        ExportVerb.FAIL: Text("失败", "Fail"),
    },
)


class ImportState(StrEnum):
    """Where a table stands that somebody sends to be taken over."""

    LOOKED_AT = "looked_at"
    TAKEN = "taken"
    DROPPED = "dropped"


class ImportVerb(StrEnum):
    """What happens to it."""

    TAKE = "take"
    DROP = "drop"


IMPORTS: StateTable[ImportState, ImportVerb] = StateTable(
    {
        (ImportState.LOOKED_AT, ImportVerb.TAKE): ImportState.TAKEN,
        (ImportState.LOOKED_AT, ImportVerb.DROP): ImportState.DROPPED,
    },
    {
        ImportState.LOOKED_AT: Text("待确认", "To be confirmed"),
        ImportState.TAKEN: Text("已导入", "Taken over"),
        ImportState.DROPPED: Text("已放弃", "Put away"),
        ImportVerb.TAKE: Text("导入", "Take over"),
        ImportVerb.DROP: Text("放弃", "Put away"),
    },
)
