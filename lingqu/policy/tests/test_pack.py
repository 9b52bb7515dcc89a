"""Reading a pack: what is wrong is named with file and place; the same content has the same hash."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from lingqu.base.refusal import Refusal
from lingqu.policy.pack import PACKS, content_hash, read_pack, reference_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKS / "publisher", tmp_path / "mine"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refused(folder: Path) -> str:
    with pytest.raises(Refusal) as refusal:
        read_pack(folder)
    assert refusal.value.code == "bad_pack"
    return refusal.value.text.en


def test_the_publisher_pack_reads() -> None:
    regulation = read_pack(PACKS / "publisher")
    assert regulation.parameters.grades["A"].limit == Decimal("300000.00")
    assert regulation.laws["credit"].clause == "M-19.5"
    assert set(regulation.notes) == set(type(regulation.parameters).__struct_fields__)
    assert all(note.clause in regulation.clauses for note in regulation.notes.values())


def test_the_hash_follows_the_content(folder: Path) -> None:
    before = read_pack(folder)
    assert content_hash(read_pack(folder)) == content_hash(before)
    change(folder, "19-credit.yaml", '"50000.00"', '"60000.00"')
    assert reference_of(read_pack(folder)) != before.reference


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("19-credit.yaml", "clauses:", "clauses: [", "line"),
        ("19-credit.yaml", "clause: M-19.5", "clause: M-99", "M-99"),
        ("19-credit.yaml", "key: grades", "key: grade", "grades"),
        ("19-credit.yaml", "max_open_batches: 2", "max_open_batches: two", "max_open_batches"),
        ("19-credit.yaml", "gaps: [G-02, G-03]", "gaps: [G-99]", "G-99"),
        ("19-credit.yaml", "key: overdue_tolerance_days", "key: answer_days", "stands twice"),
        ("16-measures.yaml", "value: calendar", "value: lunar", "answer_mode"),
        ("17-prices.yaml", "appraiser: deputy", "appraised: deputy", "appraised"),
        ("pack.yaml", 'in_force_from: "2026-01-01"', 'in_force_from: "soon"', "in_force_from"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, name: str, old: str, new: str, said: str) -> None:
    change(folder, name, old, new)
    assert said in refused(folder)


def test_a_text_needs_both_languages(folder: Path) -> None:
    text = (folder / "19-credit.yaml").read_text("utf-8")
    kept = [line for line in text.splitlines() if "en: " not in line]
    (folder / "19-credit.yaml").write_text("\n".join(kept), "utf-8")
    assert "en" in refused(folder)


def test_a_folder_without_a_head_is_refused(tmp_path: Path) -> None:
    assert "pack.yaml" in refused(tmp_path)
