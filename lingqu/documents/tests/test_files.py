"""What may be attached: told by the content; hostile names and contents."""

from __future__ import annotations

import io
import zipfile

import pytest

from lingqu.base.refusal import Refusal
from lingqu.documents.rules import MOST_BYTES, MOST_MEMBERS, check_file, plain_name

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
PDF = b"%PDF-1.7\n" + bytes(20)


def packed(*parts: str) -> bytes:
    """A zip file with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    return file.getvalue()


XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
DOCX = packed("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("报告.pdf", PDF, "application/pdf"),
        ("a.PNG", PNG, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.csv", "品种,册数\nQH26-101,12\n".encode(), "text/csv"),
        ("a.csv", "品种,册数\n".encode("gb18030"), "text/csv"),
        ("a.txt", "说明\r\n".encode("utf-8-sig"), "text/plain"),
    ],
)
def test_what_is_what_it_says_is_taken(name: str, content: bytes, media_type: str) -> None:
    assert check_file(name, content).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""),
        ("a.pdf", PNG),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.jpg", PDF),
        ("a.xlsx", packed("mimetype", "content.xml")),
        ("a.xlsx", DOCX),
        ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("a.docx", packed("[Content_Types].xml", "word/document.xml", *map(str, range(MOST_MEMBERS)), "word/vbaProject.bin")),
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("a.docx", XLSX),
        ("a.csv", b"a,b\x00c"),
        ("a.csv", XLSX),
        ("a.txt", b"\x1b[31m"),
        ("a.txt", b"\x81"),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.svg", b"<svg/>"),
        ("a.exe", b"MZ"),
        ("a.zip", XLSX),
        ("a.pdf.exe", PDF),
        ("pdf", PDF),
        (".pdf", PDF),
        ("", PDF),
        ("a.pdf", PDF + bytes(MOST_BYTES)),
    ],
)
def test_what_is_not_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        check_file(name, content)
    assert (refused.value.status, refused.value.field) == (422, "files")


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "IMG_0001.heif", "IMG_0001.jpg", "照片.png"])
@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"hevx"])
def test_a_photo_of_an_iphone_is_refused_with_what_to_do(name: str, brand: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        check_file(name, b"\x00\x00\x00\x18ftyp" + brand + bytes(20), field="evidence")
    assert (refused.value.field, "JPEG" in refused.value.text.zh, "Most Compatible" in refused.value.text.en) == ("evidence", True, True)


def test_exactly_ten_megabytes_are_taken() -> None:
    assert check_file("a.pdf", PDF + bytes(MOST_BYTES - len(PDF))).name == "a.pdf"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\报告.pdf", "报告.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("invoice\u202efdp.txt", "invoicefdp.txt"),
        ("a\u200b\ufeff.pdf", "a.pdf"),
        ('a";filename="b.pdf', 'a";filename="b.pdf'),
        ("  . .pdf. ", "pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(name: str, plain: str) -> None:
    assert plain_name(name) == plain
