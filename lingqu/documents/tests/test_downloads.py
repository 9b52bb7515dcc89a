"""Files that come with a form and files that go out: limits before anything is read, and nothing that a browser would run."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from lingqu.base.refusal import Refusal
from lingqu.documents.pages import file_download, pdf_download, sent_files, workbook_download
from lingqu.documents.rules import MOST_BYTES

SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


@pytest.mark.parametrize(
    ("answer", "media_type", "disposition"),
    [
        (
            workbook_download("对账单 2026-10", b"x"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "attachment; filename*=utf-8''%E5%AF%B9%E8%B4%A6%E5%8D%95%202026-10.xlsx",
        ),
        (pdf_download("DZ-2026-0001", b"x"), "application/pdf", 'attachment; filename="DZ-2026-0001.pdf"'),
        (file_download("a\r\nSet-Cookie: b.pdf", "application/pdf", b"x"), "application/pdf", 'attachment; filename="aSet-Cookie: b.pdf"'),
        (file_download('a"; filename=b.pdf', "application/pdf", b"x"), "application/pdf", 'attachment; filename="a\\"; filename=b.pdf"'),
        (file_download("../../x.csv", "text/csv", b"x"), "text/csv", 'attachment; filename="x.csv"'),
        (file_download("", "text/csv", b"x"), "text/csv", "attachment"),
    ],
)
def test_a_file_is_kept_and_never_shown_in_place(answer: HttpResponse, media_type: str, disposition: str) -> None:
    assert (answer.content, answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == (b"x", media_type, disposition)
    assert {name: answer.headers[name] for name in SAFE} == SAFE


def test_files_of_a_form_are_read_in_their_order() -> None:
    files = [SimpleUploadedFile(f"{number}.pdf", bytes([number])) for number in range(1, 6)]
    request = RequestFactory().post("/", {"contract": files, "files": SimpleUploadedFile("other.pdf", b"x")})
    assert [(one.name, one.content) for one in sent_files(request, "contract")] == [(f"{n}.pdf", bytes([n])) for n in range(1, 6)]
    assert sent_files(RequestFactory().post("/", {})) == ()


@pytest.mark.parametrize("files", [[(f"{n}.pdf", 1) for n in range(6)], [("a.pdf", 1), ("b.pdf", MOST_BYTES + 1)]], ids=["many", "large"])
def test_too_many_and_too_large_ones_are_refused_at_their_field(files: list[tuple[str, int]]) -> None:
    request = RequestFactory().post("/", {"contract": [SimpleUploadedFile(name, bytes(size)) for name, size in files]})
    with pytest.raises(Refusal) as told:
        sent_files(request, "contract")
    assert (told.value.status, told.value.field) == (422, "contract")
