"""Files that mean harm, or are merely broken: what people's programs and people themselves send as a table (P16)."""

from __future__ import annotations

import io
import json
import struct
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from lingqu.base.tests.workbooks import compound, old_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>'
BOOK_RELS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
LAUGHS = "".join(f'<!ENTITY l{level + 1} "{f"&l{level};" * 10}">' for level in range(9))
MERGED = '<mergeCell ref="A1:XFD1048576"/>'
ATTRIBUTES = " ".join(f'a{n}=""' for n in range(300_000))
NAMES = (
    *("../../etc/passwd", "..\\..\\boot.ini", "\u202efdp.xlsx", "a" * 5_000 + ".xlsx", "a\x00.xlsx", "con.xlsx", ""),
    "表\r\nX: y.xlsx",
)


def sheet(rows: str, *, before: str = "", head: str = "") -> str:
    return f'{head}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'


def xlsx(rows: str = ROW, *, xml: str = "", strings: str = "", parts: Mapping[str, bytes | str] | None = None, level: int = 9) -> bytes:
    """A workbook of one sheet, as small as one can be; `parts` are added or take the place of its own."""
    own: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES, "_rels/.rels": ROOT, "xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": BOOK_RELS,
        "xl/worksheets/sheet1.xml": xml or sheet(rows), "xl/sharedStrings.xml": strings or f'<sst xmlns="{MAIN}"/>',
    }  # fmt: skip
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as packed:
        for name, content in (own | dict(parts or {})).items():
            packed.writestr(name, content)
    return made.getvalue()


def flagged(content: bytes) -> bytes:
    """The same archive, every part of which says that it is encrypted."""
    return content.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    )


def nested(depth: int) -> bytes:
    """Archives in archives, the innermost with 10 MB of zeros."""
    inner = b"\x00" * 10_000_000
    for level in range(depth):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
            for copy in range(10 if level else 1):
                packed.writestr(f"{copy}.zip", inner)
        inner = made.getvalue()
    return inner


def overlapping() -> bytes:
    """An archive whose 900 entries all point to the same 5 MB of zeros: a few kilobytes that say 4.5 GB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", b"\x00" * 5_000_000)
    whole = made.getvalue()
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    entry = whole[start:end]
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 900, 900, 900 * len(entry), start, 0)
    return whole[:start] + entry * 900 + tail


def many_entries(many: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for number in range(many):
            packed.writestr(f"{number}", b"")
    return made.getvalue()


def cells(many: int, of: str = '<c r="A{r}" t="s"><v>0</v></c>') -> str:
    return "".join(f'<row r="{row}">{of.format(r=row)}</row>' for row in range(1, many + 1))


def one_text(many: int) -> bytes:
    """A workbook whose cells all point to the same 30,000 letters."""
    return xlsx(cells(many), strings=f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>')


def hostile() -> Iterator[tuple[str, str, bytes]]:
    """Yield what each is, the name under which it is sent, and its bytes."""
    yield from _bombs()
    yield from _sheets()
    yield from _markup()
    yield from _broken()
    yield from _texts()
    yield from _names()


def _bombs() -> Iterator[tuple[str, str, bytes]]:
    big = b" " * 150_000_000
    yield "a part of 150 MB of blanks", "a.xlsx", xlsx(parts={"docProps/app.xml": big})
    yield "a sheet of 150 MB of blanks", "a.xlsx", xlsx(parts={"xl/worksheets/sheet1.xml": b"<worksheet>" + big})
    yield "shared strings of 150 MB", "a.xlsx", xlsx(strings=f'<sst xmlns="{MAIN}"><si><t>{"x" * 150_000_000}</t></si></sst>')
    yield "900 parts of 1 MB", "a.xlsx", xlsx(parts=dict.fromkeys((f"x/{number}" for number in range(900)), b" " * 1_000_000))
    yield "entries that overlap", "a.xlsx", overlapping()
    yield "60,000 entries", "a.xlsx", many_entries(60_000)
    yield "archives in archives", "a.xlsx", nested(5)
    yield "a bomb called csv", "a.csv", xlsx(parts={"docProps/app.xml": big})
    lying = xlsx(parts={"docProps/app.xml": big})
    with zipfile.ZipFile(io.BytesIO(lying)) as packed:
        size = packed.getinfo("docProps/app.xml").file_size.to_bytes(4, "little")
    yield "a bomb that lies about its size", "a.xlsx", lying.replace(size, (100).to_bytes(4, "little"))
    yield "one text for 200,000 cells", "a.xlsx", one_text(200_000)
    yield "a shared text of 40 MB", "a.xlsx", xlsx(cells(5), strings=f'<sst xmlns="{MAIN}"><si><t>{"x" * 40_000_000}</t></si></sst>')
    yield "a million shared texts", "a.xlsx", xlsx(cells(1), strings=f'<sst xmlns="{MAIN}">{"<si><t>x</t></si>" * 1_000_000}</sst>')
    yield "an image bomb beside", "a.xlsx", xlsx(parts={"xl/media/a.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 120_000_000})


def _sheets() -> Iterator[tuple[str, str, bytes]]:
    corner = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield "two cells in opposite corners", "a.xlsx", xlsx(corner)
    yield "a dimension without end", "a.xlsx", xlsx(xml=sheet(ROW, before='<dimension ref="A1:XFD1048576"/>'))
    yield "a column far to the right", "a.xlsx", xlsx('<row r="1"><c r="XFD1"><v>1</v></c></row>')
    yield "16,384 columns", "a.xlsx", xlsx(f'<row r="1">{"<c><v>1</v></c>" * 16_384}</row>')
    yield "a million empty rows", "a.xlsx", xlsx("<row/>" * 1_000_000)
    yield "two million empty cells", "a.xlsx", xlsx(f'<row r="1">{"<c/>" * 2_000_000}</row>')
    yield "a million rows", "a.xlsx", xlsx("<row><c><v>1</v></c></row>" * 1_000_000)
    yield "rows beyond the last", "a.xlsx", xlsx('<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')
    yield "a cell called nonsense", "a.xlsx", xlsx('<row r="1"><c r="ZZZZZZZZZ9"><v>1</v></c></row>')
    yield "a negative row", "a.xlsx", xlsx('<row r="-1"><c r="A-1"><v>1</v></c></row>')
    yield "a shared text that is not there", "a.xlsx", xlsx('<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>')
    yield "a number without end", "a.xlsx", xlsx(f'<row r="1"><c r="A1"><v>{"9" * 1_000_000}</v></c></row>')
    yield (
        "numbers that are none",
        "a.xlsx",
        xlsx('<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>1e999</v></c><c r="C1"><v>-0</v></c></row>'),
    )
    yield "a day beyond all days", "a.xlsx", xlsx('<row r="1"><c r="A1" t="d"><v>999999-99-99T99:99:99</v></c></row>')
    yield "60 sheets", "a.xlsx", xlsx(parts=_sixty())
    yield (
        "a hundred thousand merged cells",
        "a.xlsx",
        xlsx(xml=sheet(ROW).replace("</worksheet>", f"<mergeCells>{MERGED * 100_000}</mergeCells></worksheet>")),
    )
    yield (
        "formulas and what they came to",
        "a.xlsx",
        xlsx('<row r="1"><c r="A1"><f>WEBSERVICE("http://192.0.2.1/")</f><v>1</v></c><c r="B1" t="str"><f>cmd|/c</f><v>=1+1</v></c></row>'),
    )
    yield "a formula for a million cells", "a.xlsx", xlsx('<row r="1"><c r="A1"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c></row>')


def _sixty() -> dict[str, str]:
    names = range(1, 61)
    book = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in names)
    ties = "".join(f'<Relationship Id="r{n}" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>' for n in names)
    return {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{book}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{ties}</Relationships>',
    }


def _markup() -> Iterator[tuple[str, str, bytes]]:
    laughs = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "lol">{LAUGHS}]>'
    said = '<row r="1"><c r="A1" t="inlineStr"><is><t>&{0};</t></is></c></row>'
    yield "a thousand million laughs", "a.xlsx", xlsx(xml=sheet(said.format("l9"), head=laughs))
    quadratic = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY q "{"x" * 50_000}">]>'
    yield (
        "one entity 50,000 times",
        "a.xlsx",
        xlsx(xml=sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"&q;" * 50_000}</t></is></c></row>', head=quadratic)),
    )
    outside = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield "a file of ours as an entity", "a.xlsx", xlsx(xml=sheet(said.format("x"), head=outside))
    away = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY % x SYSTEM "http://192.0.2.1/x.dtd"> %x;]>'
    yield "a page of the network as an entity", "a.xlsx", xlsx(xml=sheet(ROW, head=away))
    yield "shared strings with laughs", "a.xlsx", xlsx(cells(1), strings=f'{laughs}<sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>')
    yield "300,000 attributes", "a.xlsx", xlsx(xml=sheet(f'<row r="1" {ATTRIBUTES}/>'))
    yield "a tag 5 million letters long", "a.xlsx", xlsx(xml=sheet(f"<{'x' * 5_000_000}/>"))
    yield "100,000 tags deep", "a.xlsx", xlsx(xml=sheet("<a>" * 100_000 + "</a>" * 100_000))
    yield "a comment without end", "a.xlsx", xlsx(xml=sheet("<!-- " + "x" * 5_000_000))
    yield "markup that ends in the middle", "a.xlsx", xlsx(xml=sheet(ROW)[:-30])
    yield "a workbook that says UTF-32", "a.xlsx", xlsx(xml='<?xml version="1.0" encoding="UTF-32"?>' + sheet(ROW))
    yield "a link to a place outside", "a.xlsx", xlsx(
        parts={"xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r9" '
               f'Type="{REL}/hyperlink" Target="file://192.0.2.1/share" TargetMode="External"/></Relationships>'}
    )  # fmt: skip
    yield (
        "a sheet outside the archive",
        "a.xlsx",
        xlsx(parts={"xl/_rels/workbook.xml.rels": BOOK_RELS.replace("worksheets/sheet1.xml", "../../../../etc/passwd")}),
    )


def _broken() -> Iterator[tuple[str, str, bytes]]:
    good = xlsx()
    old = old_workbook([["a", 1.0], ["b", 2.0]])
    yield "half a workbook", "a.xlsx", good[: len(good) // 2]
    yield "the first 4 bytes", "a.xlsx", good[:4]
    yield "a workbook with a flipped middle", "a.xlsx", good[:300] + bytes(255 - byte for byte in good[300:400]) + good[400:]
    yield "encrypted parts", "a.xlsx", flagged(good)
    yield "a protected workbook", "a.xlsx", compound({"EncryptedPackage": b"x" * 5_000, "EncryptionInfo": b"x" * 5_000})
    yield "an old protected workbook", "a.xls", old_workbook([["a"]], locked=True)
    yield "an old workbook called xlsx", "a.xlsx", old
    yield "half an old workbook", "a.xls", old[: len(old) // 2]
    yield "an old workbook of noise", "a.xls", old[:600] + bytes(range(256)) * 40
    yield "a compound file that goes round", "a.xls", old[:512] + b"\x00" * 8_192
    yield "a workbook with macros", "a.xlsm", xlsx(parts={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"x" * 5_000})
    yield "an empty archive", "a.xlsx", b"PK\x05\x06" + b"\x00" * 18
    yield "a word document called xlsx", "a.xlsx", xlsx(parts={"word/document.xml": "<w/>", "xl/workbook.xml": ""})
    yield "a picture called xlsx", "a.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 1_000
    yield "a program called xlsx", "a.xlsx", b"MZ\x90\x00" + b"\x00" * 1_000
    yield "a pdf called csv", "a.csv", b"%PDF-1.7\n" + b"\x00\xff" * 500
    yield "nothing at all", "a.xlsx", b""
    yield "an OpenDocument without content", "a.ods", many_entries(3)


def _texts() -> Iterator[tuple[str, str, bytes]]:
    yield "one cell of 10 MB", "a.csv", b"x" * 10_000_000
    yield "one quoted cell of 10 MB", "a.csv", b'"' + b"x" * 9_999_999
    yield "10 million commas", "a.csv", b"," * 10_000_000
    yield "10 million lines", "a.csv", b"\n" * 10_000_000
    yield "10 million carriage returns", "a.csv", b"a" + b"\r" * 9_999_999
    yield "a million short lines", "a.csv", b"1,2\n" * 2_500_000
    yield "quotes that never end", "a.csv", b'"""' * 3_000_000
    yield "zero bytes", "a.csv", b"a,b\x00c\n" * 10
    yield "UTF-16 without its mark", "a.csv", "编号,册数\nQH26-100,3\n".encode("utf-16-le")
    yield "UTF-32", "a.csv", "编号,册数\n".encode("utf-32")
    yield "half a letter of GB18030", "a.csv", "编号".encode("gb18030")[:-1] + b"\x81"
    yield "every byte there is", "a.csv", bytes(range(256)) * 100
    yield "direction marks and hidden letters", "a.csv", "编号,册数\n\u202eQH26\u202c-100\u200b,3\n".encode()
    yield "formulas in a text", "a.csv", b"=1+1,@SUM(A1),+cmd|'/c calc'!A1\n"
    yield "a page with a script", "a.csv", b"<html><script>alert(1)</script></html>"
    yield "a picture with a script", "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def _names() -> Iterator[tuple[str, str, bytes]]:
    for name in NAMES:
        yield f"a good workbook called {name[:20]!r}", name, xlsx()
    yield "a workbook with names that climb", "a.xlsx", xlsx(parts={"../../evil.sh": b"x", "/etc/passwd": b"x"})


def main() -> None:
    """Write every file into the folder that is named, and what each is and is called into its list."""
    folder = Path(sys.argv[1])
    told = []
    for number, (what, name, content) in enumerate(hostile()):
        (folder / str(number)).write_bytes(content)
        told.append((what, name))
    (folder / "list.json").write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main()
