"""A list of holidays may come as an Excel workbook: dates as dates, words as words, and nothing that eats the memory."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lingqu.base.calendar import OFFICIAL
from lingqu.base.unpacking import MOST_UNPACKED
from lingqu.duties.queries import working_calendar
from lingqu.duties.sheets import lines_of
from tests.pages import SitDown
from tests.world import World

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NEW_YEAR = 46388
"""The serial number of 2027-01-01 in a workbook."""


def cell(value: object) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c s="1"><v>{value}</v></c>'


def workbook(rows: list[list[object]], filler: int = 0) -> bytes:
    """The smallest workbook that a reader takes; numbers are shown as dates."""
    sheet = "".join(f"<row>{''.join(cell(value) for value in row)}</row>" for row in rows)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" Type="{OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="s" sheetId="1" r:id="s"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="s" Type="{OFFICE}/worksheet"'
        f' Target="worksheets/sheet.xml"/><Relationship Id="t" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{SPREADSHEET}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
        "xl/worksheets/sheet.xml": f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, words in parts.items():
            packed.writestr(name, words)
        if filler:
            packed.writestr("xl/media/much.bin", b"0" * filler)
    return made.getvalue()


def test_dates_and_words_come_out_as_they_would_be_typed() -> None:
    found = lines_of(workbook([["日期", "班休"], [NEW_YEAR, "休"], [NEW_YEAR + 50, "班"]]))
    assert found == "日期,班休\n2027-01-01,休\n2027-02-20,班"


@pytest.mark.parametrize("content", [b"PK\x03\x04not a workbook", workbook([["x"]])[:200], b"\x00\x01\x02"])
def test_what_is_no_workbook_and_no_text_is_unreadable(content: bytes) -> None:
    assert lines_of(content) is None


def test_a_small_file_that_unpacks_to_a_very_large_one_is_not_opened() -> None:
    content = workbook([["x"]], filler=MOST_UNPACKED)
    assert (len(content) < 200_000, lines_of(content)) == (True, None)


def test_text_is_read_in_both_encodings() -> None:
    assert {lines_of("2027-01-01,休".encode(encoding)) for encoding in ("utf-8", "gb18030")} == {"2027-01-01,休"}


def test_the_finance_head_brings_in_a_workbook(world: World, at_desk: SitDown) -> None:
    statutory = [NEW_YEAR, *range(46509, 46512), *range(46661, 46668)]
    rows: list[list[object]] = [["日期", "班休"], *([day, "休"] for day in statutory)]
    browser = at_desk("finance")
    sent = {"year": "2027", "source": "国办通知", "text": "", "file": SimpleUploadedFile("放假.xlsx", workbook(rows))}
    seen = browser.post("/duties/working-calendar", sent)
    assert (seen.status_code, "2027-10-01" in seen.content.decode()) == (200, True)
    text = seen.context["typed"].text
    done = browser.post("/duties/working-calendar", {"year": "2027", "source": "国办通知", "text": text, "import": "1"})
    assert (done.status_code, working_calendar().is_published(2027), OFFICIAL.is_published(2027)) == (302, True, False)
