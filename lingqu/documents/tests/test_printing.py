"""Papers as PDF: what they say, that data are never markup, that no character becomes blank, and the limits."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from lingqu.base.child import Child, ChildFailed
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text, use_language
from lingqu.documents import printer, printing
from lingqu.documents.printer import Job, set_paper
from lingqu.documents.printing import print_pdf

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
PAPER: Mapping[str, object] = {
    "firm": "北京样板出版社",
    "number": "DZ-2026-0001",
    "title": Text("对账单", "Statement"),
    "facts": [[Text("客户", "Customer"), "上海书店"], [Text("期末", "Closing"), Decimal("1234.5"), "money"], [Text("备注", "Note"), None]],
    "tables": [
        {
            "title": Text("明细", "Lines"),
            "columns": [
                {"head": Text("日期", "Day"), "kind": "day"}, {"head": Text("摘要", "What"), "wide": True},
                {"head": Text("折扣", "Discount"), "kind": "percent"}, {"head": Text("册", "Copies"), "kind": "count"},
                {"head": Text("金额", "Amount"), "kind": "money"},
            ],
            "rows": [[date(2026, 10, 1), "PS-2026-0034", 6465, 1153, Decimal("-107000.5")], [AT, "x", 6500, 0, Decimal("999999.99")]],
            "total": [None, Text("合计", "Total"), None, None, Decimal("892999.49")],
        }
    ],
    "notes": [Text("请核对。", "Please check.")],
    "signatures": [Text("供方", "Seller"), Text("客户", "Customer")],
}  # fmt: skip
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
RARE = "䶮㛃𬭎龘鿯"


def streams(pdf: bytes) -> list[bytes]:
    """The unpacked streams of a PDF."""
    found = []
    for start in re.finditer(rb"(?<!end)stream\r?\n", pdf):
        try:
            found.append(zlib.decompressobj().decompress(pdf[start.end() :]))
        except zlib.error:
            continue
    return found


def letters(pdf: bytes) -> dict[str, int]:
    """The characters that are drawn with a glyph of a face, and the number of that glyph; one without a glyph is not among them."""
    found: dict[str, int] = {}
    for stream in streams(pdf):
        if b"beginbfchar" in stream:
            pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", stream)
            found |= {bytes.fromhex(code.decode()).decode("utf-16-be"): int(glyph, 16) for glyph, code in pairs}
    return {letter: glyph for word, glyph in found.items() for letter in word}


def words(pdf: bytes) -> str:
    """The words of a PDF in the order in which they were drawn, blanks left out: read from its glyphs, face by face."""
    maps, drawn = [], []
    for stream in streams(pdf):
        if b"beginbfchar" in stream:
            pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", stream)
            maps.append({int(glyph, 16): bytes.fromhex(code.decode()).decode("utf-16-be") for glyph, code in pairs})
        elif b" Tf" in stream:
            drawn.append(stream)
    assert len(maps) == 1, "one face is read here"
    said = "".join(maps[0].get(glyph, "?") for stream in drawn for glyph in glyphs(stream))
    return re.sub(r"\s", "", said)


def glyphs(stream: bytes) -> list[int]:
    """The numbers of the glyphs that a content stream shows: two bytes each, in strings that nest and escape by the rules of PDF."""
    found, deep, plain, place = [], 0, b"", 0
    while place < len(stream):
        one = stream[place : place + 1]
        escape = re.match(rb"\\([0-7]{1,3}|.)", stream[place : place + 4], re.DOTALL) if deep and one == b"\\" else None
        place += escape.end() if escape else 1
        if escape:
            plain += bytes([int(escape[1], 8)]) if escape[1].isdigit() else ESCAPES.get(escape[1], escape[1])
            continue
        deep += {b"(": 1, b")": -1 if deep else 0}.get(one, 0)
        if deep > 1 or (deep == 1 and one != b"("):
            plain += one
        elif not deep and plain:
            found += (
                [int.from_bytes(plain[start : start + 2], "big") for start in range(0, len(plain) - 1, 2)] if plain[:1] == b"\x00" else []
            )
            plain = b""
    return found


def paper(language: str = "zh", **more: object) -> bytes:
    return print_pdf("documents/paper", {**PAPER, **more}, at=AT, language="zh" if language == "zh" else "en")


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "zh",
            [
                "对账单",
                "北京样板出版社",
                "DZ-2026-0001",
                "第1页，共1页",
                "客户上海书店",
                "期末1,234.50",
                "备注—",
                "合计",
                "请核对。",
                "供方",
            ],
        ),
        (
            "en",
            ["Statement", "北京样板出版社", "DZ-2026-0001", "Page1of1", "Customer上海书店", "Closing1,234.50", "Note—", "Total", "Seller"],
        ),
    ],
)
def test_a_paper_says_what_it_was_given(language: str, wanted: list[str]) -> None:
    said = words(paper(language))
    assert [one for one in wanted if one not in said] == []
    figures = ["2026-10-01", "2026-11-22", "64.65%", "65%", "1,153", "−107,000.50", "999,999.99", "892,999.49"]
    assert [one for one in figures if one not in said] == []


def test_the_active_language_is_used_when_none_is_named() -> None:
    use_language("en")
    try:
        assert "Statement" in words(print_pdf("documents/paper", PAPER, at=AT))
    finally:
        use_language("zh")


def test_the_same_paper_is_the_same_bytes_and_bears_its_moment() -> None:
    made = paper()
    assert made == paper()
    assert made.startswith(b"%PDF-")
    assert b"(D:20261122030405Z)" in made
    assert made != print_pdf("documents/paper", PAPER, at=AT.replace(year=2027), language="zh")


def test_a_long_table_goes_over_pages_and_repeats_its_head() -> None:
    table = {"columns": [{"head": "货号"}, {"head": "金额", "kind": "money"}], "rows": [[f"A-{n}", n] for n in range(200)]}
    said = words(paper(tables=[table], facts=[], signatures=[]))
    pages = int(re.findall(r"第1页，共(\d+)页", said)[0])
    assert (pages >= 4, said.count("货号金额"), "A-199199.00" in said) == (True, pages, True)


def test_data_are_never_markup() -> None:
    hostile = [
        "#panic()",
        "*强*",
        "$x$",
        '#read("/base/money.py")',
        "= 标题",
        '"]; #(1)',
        "\\",
        "<a>",
        "@b",
        "#{1+1}",
        "// 注",
        "`raw`",
    ]
    said = words(paper(facts=[[one, one] for one in hostile], notes=hostile))
    assert [one for one in hostile if said.count(one.replace(" ", "")) != 3] == []


def test_a_template_that_took_data_for_markup_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "naive.typ").write_text('#eval(json(bytes(sys.inputs.data)).note, mode: "markup")')
    monkeypatch.setattr(printer, "ROOT", tmp_path)
    assert "*强*" not in words(set_paper(Job("naive.typ", '{"note": "*强*"}', "zh", 0)))


def test_rare_characters_are_drawn() -> None:
    found = letters(paper(title=RARE, facts=[[RARE, RARE]]))
    assert [letter for letter in RARE if not found.get(letter)] == []


def test_a_character_that_no_face_has_would_be_found() -> None:
    assert "\U0010fffd" not in letters(paper(notes=["\U0010fffd"]))


def test_a_machine_without_the_faces_prints_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pylopdf_fonts_zh_cn.sans_path", lambda: tmp_path / "a.otf")
    monkeypatch.setattr("pylopdf_fonts_zh_cn.serif_path", lambda: tmp_path / "b.otf")
    with pytest.raises(RuntimeError, match="Noto Sans SC"):
        set_paper(Job("documents/print/paper.typ", msgspec.json.encode(PAPER).decode(), "zh", 0))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("0.00"), "0.00"), (Decimal("-0.00"), "0.00"),
        (Decimal("-0.05"), "−0.05"), (Decimal("999.9"), "999.90"), (Decimal(1000), "1,000.00"),
        (Decimal("99999999999.99"), "99,999,999,999.99"), (Decimal("-1234567.89"), "−1,234,567.89"), (None, "—"), (12, "12.00"),
    ],
)  # fmt: skip
def test_an_amount_is_shown_in_full(amount: Decimal | int | None, shown: str) -> None:
    table = {"columns": [{"head": "元", "kind": "money"}], "rows": [[amount]]}
    assert f"元{shown}第" in words(print_pdf("documents/paper", {"title": "账", "tables": [table]}, at=AT, language="zh"))


@pytest.mark.parametrize("amount", [Decimal("12.345"), Decimal("1E+3"), "NaN", "12,00", ""])
def test_what_is_no_amount_is_told_and_not_cut(amount: object) -> None:
    with pytest.raises(ChildFailed, match="no amount of whole cents"):
        print_pdf("documents/paper", {"title": "账", "facts": [["元", amount, "money"]]}, at=AT, language="zh")


@pytest.mark.parametrize("template", ["documents/base.typ", "documents/none", "../etc/passwd", "documents/../x", "", "/documents/paper"])
def test_a_template_that_is_none_is_a_defect(template: str) -> None:
    with pytest.raises(ValueError, match="no template"):
        print_pdf(template, PAPER, at=AT)


def test_a_defect_of_a_template_is_told_with_its_words() -> None:
    with pytest.raises(ChildFailed, match="title"):
        print_pdf("documents/paper", {"number": "1"}, at=AT)


def test_too_much_for_one_paper_is_refused() -> None:
    with pytest.raises(Refusal) as told:
        paper(notes=["长" * printing.MOST_DATA])
    assert (told.value.code, told.value.status) == ("paper_too_large", 422)


def test_what_is_not_set_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_printer", Child("lingqu.documents.printer", at_once=1, seconds=0.01))
    with pytest.raises(Refusal) as told:
        paper()
    assert (told.value.code, told.value.status) == ("paper_too_large", 422)


def test_a_third_who_prints_at_once_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_printer", Child("lingqu.documents.printer", at_once=0, seconds=20, wait=0.01))
    with pytest.raises(Refusal) as told:
        paper()
    assert (told.value.code, told.value.status) == ("busy", 503)


def test_who_answers_pages_does_not_load_the_printer() -> None:
    code = "import sys, lingqu.documents.printing, lingqu.base.sheets; print({'typst', 'python_calamine'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
