"""What a file that somebody hands in really is: told by its first bytes, never by its name alone. And which forms hold a secret."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.documents.states import MEDIA_TYPES, FileKind

SCANS: Final = frozenset(MEDIA_TYPES[kind] for kind in (FileKind.PDF, FileKind.PNG, FileKind.JPEG))

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 5
"""How many files come at once."""

MOST_ATTACHMENTS = 50
"""How many files one document has at most."""

LONGEST_NAME = 120
MOST_MEMBERS = 5_000
FIELD = "files"
SUFFIXES = {
    "pdf": FileKind.PDF, "png": FileKind.PNG, "jpg": FileKind.JPEG, "jpeg": FileKind.JPEG, "xlsx": FileKind.XLSX, "docx": FileKind.DOCX,
    "csv": FileKind.CSV, "txt": FileKind.TEXT,
}  # fmt: skip
SIGNATURES = {b"%PDF-": FileKind.PDF, b"\x89PNG\r\n\x1a\n": FileKind.PNG, b"\xff\xd8\xff": FileKind.JPEG}
OFFICE = {"xl/workbook.xml": FileKind.XLSX, "word/document.xml": FileKind.DOCX}
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
SECRET_PAGES: Final = ("/accounts/login/", "/accounts/security/", "/accounts/invitation/", "/accounts/reset/")
SECRET_FIELDS: Final = frozenset(("password", "old", "again", "code", "secret", "token"))
CONTROL = frozenset(map(chr, range(32))) - {"\t", "\n", "\r"}


class NewFile(msgspec.Struct, frozen=True):
    """A file as it was sent: its name and its bytes."""

    name: str
    content: bytes


class Checked(msgspec.Struct, frozen=True):
    """A file that may be kept: its name without path and hidden characters, and its media type."""

    name: str
    media_type: str


def plain_name(name: str) -> str:
    """Return a file's name without path, control and direction characters, at most 120 long with its ending; empty when nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one)[0] not in "CZ" or one == " ")
    kept = kept.strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < LONGEST_NAME else kept[:LONGEST_NAME]


def text_of(content: bytes) -> str | None:
    """Return the text of a file in UTF-8 or GB18030, None for anything that is no plain text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if CONTROL.intersection(text) else text
    return None


def check_file(name: str, content: bytes, *, field: str = FIELD) -> Checked:
    """Return what may be kept of a file; refuses an empty or too large one, a kind that is not taken, and content of another kind."""
    shown = plain_name(name)
    if not content:
        raise _refused(field, shown, Text("是空文件。", "is empty."))
    if len(content) > MOST_BYTES:
        raise too_large(shown, field=field)
    suffix = shown.rpartition(".")[2].lower() if "." in shown else ""
    if suffix in {"heic", "heif"} or (content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS):
        raise _refused(
            field,
            shown,
            Text(
                "是 HEIC 照片，电脑大多打不开。请在手机上存为 JPEG 再交（iPhone：设置—相机—格式—兼容性最佳）。",
                "is a HEIC photo, which most computers cannot open. Save it as JPEG and try again "
                "(iPhone: Settings, Camera, Formats, Most Compatible).",
            ),
        )
    wanted = SUFFIXES.get(suffix)
    if wanted is None:
        raise _refused(
            field,
            shown,
            Text(
                "类型不收。可收 PDF、PNG、JPEG、XLSX、DOCX、CSV、TXT。",
                "is of a kind that is not taken; PDF, PNG, JPEG, XLSX, DOCX, CSV and TXT are.",
            ),
        )
    if not _is_of(wanted, content):
        raise _refused(
            field,
            shown,
            Text(
                f"的内容不是 {wanted.value.upper()}，请另存为该格式后再交。",
                f"is no {wanted.value.upper()} inside; save it as one and try again.",
            ),
        )
    return Checked(shown, MEDIA_TYPES[wanted])


def too_large(name: str, *, field: str = FIELD) -> Refusal:
    """Return the refusal of a file of more than 10 MB."""
    why = Text("超过 10 MB，请压缩或拆分后再交。", "is larger than 10 MB; make it smaller or send it in parts.")
    return _refused(field, plain_name(name), why)


def check_many(many: int, *, field: str = FIELD) -> None:
    """Refuse more than 5 files at once."""
    if many > MOST_FILES:
        raise bad_input(field, Text(f"最多 {MOST_FILES} 个附件。", f"At most {MOST_FILES} files."))


def _is_of(kind: FileKind, content: bytes) -> bool:
    if kind in {FileKind.CSV, FileKind.TEXT}:
        return text_of(content) is not None
    if kind in OFFICE.values():
        return _office_kind(content) is kind
    return any(content.startswith(start) for start, found in SIGNATURES.items() if found is kind)


def _office_kind(content: bytes) -> FileKind | None:
    """Return what an Office file is, by the list of its parts; nothing is unpacked, and one with macros is none."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = {part.filename for part in packed.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if len(parts) > MOST_MEMBERS or "[Content_Types].xml" not in parts or any(part.lower().endswith("vbaproject.bin") for part in parts):
        return None
    return next((kind for part, kind in OFFICE.items() if part in parts), None)


def _refused(field: str, name: str, why: Text) -> Refusal:
    shown = name or "?"
    return bad_input(field, Text(f"“{shown}”{why.zh}", f"“{shown}” {why.en}"))


def check_scans(files: Sequence[NewFile], *, field: str) -> None:
    """Refuse (422, at `field`) a file that is no scan or photo: PDF, PNG and JPEG are, whatever their names say."""
    for file in files:
        checked = check_file(file.name, file.content, field=field)
        if checked.media_type not in SCANS:
            raise bad_input(
                field,
                Text(
                    f"“{checked.name}”不是扫描件或照片，请交 PDF、PNG 或 JPEG。",
                    f"“{checked.name}” is no scan or photo; hand in PDF, PNG or JPEG.",
                ),
            )


def holds_secret(path: str, fields: Iterable[str]) -> bool:
    """Return whether a form that is sent to an address holds a password, a code of a second factor, or the secret of a channel.

    What is typed there is kept in no session and stands in no page again, not even hidden: browsers and databases keep both.
    """
    return path.startswith(SECRET_PAGES) or not SECRET_FIELDS.isdisjoint(fields)
