"""Reading a pack: whatever is wrong is named with file, line and what to do, all at once; the same content has the same hash."""

from __future__ import annotations

import os
import shutil
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from lingqu.base.refusal import Refusal
from lingqu.policy.pack import PACKS, BadPack, check_pack, content_hash, read_pack, reference_of, write_pack
from lingqu.policy.pack.source import MOST_BYTES
from lingqu.policy.rules import Parameters, differences, problems_of
from lingqu.policy.rules.check import LIMITS, LONGEST_TEXT

SMALL = Path(__file__).parent / "small"
TRADE, ORDER = "1-trade.yaml", "2-order.yaml"
LONGEST_ENTRY = 5
"""What is missing is named at the entry that lacks it, a few lines above."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "mine"))


def change(folder: Path, name: str, old: str, new: str) -> int:
    """Replace some text once; return the line where it stood."""
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def found(folder: Path) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.en) for one in check_pack(folder).findings]


@pytest.mark.parametrize("name", ["publisher", "general"])
def test_the_packs_of_the_product_check(name: str) -> None:
    regulation = read_pack(PACKS / name)
    assert problems_of(regulation) == ()
    assert set(Parameters.__struct_fields__) <= set(regulation.notes)
    assert regulation.pack == name


def test_the_publisher_pack_says_what_the_text_says() -> None:
    regulation = read_pack(PACKS / "publisher")
    assert regulation.parameters.grades["A"].limit == Decimal("300000.00")
    assert regulation.laws["credit"].clause == "M-19.5"


def test_the_small_pack_has_nothing_wrong() -> None:
    assert check_pack(SMALL).findings == ()


def test_the_hash_follows_the_content(folder: Path) -> None:
    before = read_pack(folder)
    assert content_hash(read_pack(folder)) == content_hash(before)
    change(folder, TRADE, '"30000.00"', '"60000.00"')
    assert reference_of(read_pack(folder)) != before.reference


WRONG = [
    # shape
    (TRADE, "clauses:", "clauses: [", "YAML cannot be read"),
    (TRADE, "appraiser: deputy", "appraised: deputy", "appraised is not known here"),
    (TRADE, "kind: choice", "kind: choose", "must be"),
    (TRADE, "most: 4\n", "most: four\n", "must be a number"),
    (TRADE, "most: 4\n", "most: 1e999999\n", "must be a number"),
    (ORDER, 'enough_up_to: "5000.00"', 'enough_up_to: "NaN"', "must be a number"),
    (TRADE, 'C: {limit: "30000.00"', 'C: {limit: "1e999999"', "ends at the cent"),
    (TRADE, "least: 2", "least: [2]", "must be"),
    (TRADE, "key: answer_days", "key: channel_levels", "stands twice"),
    (TRADE, 'title: {zh: "答复", en: "Answer"}', 'title: {zh: "答复"}', "title.en is missing"),
    (TRADE, 'title: {zh: "答复", en: "Answer"}', 'title: {zh: "答复", en: ""}', "is empty"),
    (TRADE, 'title: {zh: "答复", en: "Answer"}', 'title: {zh: "答复", en: "A", en: "B"}', "stands twice"),
    (TRADE, 'text: {zh: "两日内答复。"', "text: {zh: !!python/name:os.system x", "tags"),
    (ORDER, "days: 3\n        late_to", "days: three\n        late_to", "must be a whole number"),
    (ORDER, 'enough_up_to: "5000.00"', 'enough_up_to: "lots"', "must be a number"),
    (ORDER, "rhythm: quarterly", "rhythm: weekly", "must be"),
    # parameters
    (TRADE, "    value: 2\n", '    value: "two"\n', "“Answer time” is “two”; it must be a whole number"),
    (TRADE, "    value: 2\n", "    value: 31\n", "must not be more than 30"),
    (TRADE, "    value: calendar", "    value: lunar", "How days are counted"),
    (TRADE, 'value: "1.5"', 'value: "0.9"', "must not be less than 1.0"),
    (TRADE, 'value: "1.5"', "value: 1.5", "must be a number"),
    (TRADE, "value: true", 'value: "perhaps"', "must be true or false"),
    (TRADE, '"2026-05-02"', '"2026-02-30"', "is no day"),
    (TRADE, 'C: {limit: "30000.00"', 'C: {limit: "-1.00"', "must not be less than 0"),
    (TRADE, 'C: {limit: "30000.00"', 'C: {limit: "30000.005"', "ends at the cent"),
    (TRADE, 'C: {limit: "30000.00"', 'C: {limit: "2000000.00"', "must not be more than 1000000.00"),
    (TRADE, "C: {rule_bp: 6800, floor_bp: 6500}", "C: {rule_bp: 6800, floor_bp: 16500}", "basis points from 0 to 10000"),
    (TRADE, "C: {rule_bp: 6800, floor_bp: 6500}", "C: {rule_bp: 6800}", "floor_bp"),
    (TRADE, "{from: 30, to: 60, value: 60}", "{from: 20, to: 60, value: 60}", "overlaps the next rung"),
    (TRADE, "{from: 30, to: 60, value: 60}", "{from: 40, to: 60, value: 60}", "lies a hole from 30 to 40"),
    (TRADE, "{from: 30, to: 60, value: 60}", "{from: 30, to: 20, value: 60}", "must be greater than from"),
    (TRADE, "to: null, value: 0", "to: 90, value: 0", "is the top rung"),
    (TRADE, "{from: 30, to: 60, value: 60}", "{from: 30, to: 60, value: 160}", "must not be more than 100"),
    (TRADE, "{from: 30, to: 60, value: 60}", "{from: 30, to: 60}", "needs from, to"),
    # citations, posts, laws, gaps
    (TRADE, "clause: S-1.1\n", "clause: S-9\n", "S-9, which does not exist"),
    (TRADE, "responsible: finance", "responsible: banker", "names the post “banker”"),
    (TRADE, "owner: manager", "owner: nobody", "names the post “nobody”"),
    (TRADE, "gaps: [S-G1]", "gaps: [S-G9]", "gap S-G9, which does not exist"),
    (TRADE, "clauses: [S-2.1]", "clauses: [S-2.9]", "S-2.9, which does not exist"),
    (TRADE, "{key: certificate, clause: S-1}", "{key: certificate, clause: S-1, waivable_by: director}", "No special signature"),
    (TRADE, "waivable_by: manager", "waivable_by: warehouse", "cannot sign for the law price"),
    (TRADE, "{key: batches, clause: S-2.1, ", "{key: batches, clause: S-2.1, enabled: false, ", "kept by the ledger"),
    (TRADE, "    owner: manager\n", '    owner: manager\n    answer: {zh: "是", en: "Yes"}\n', "is answered"),
    # structure
    (TRADE, "- id: S-2.1\n", "- id: S-7.1\n", "S-7.1 must stand in exactly one article"),
    (TRADE, "articles:\n", "articles: 5\nothers:\n", "articles must be a list"),
    (TRADE, "articles:\n  - id: S-1\n", "articles:\n  - id: [S-1]\n", "must be text"),
    (TRADE, "articles:\n", 'articles:\n  - id: S-8\n    title: {zh: "空", en: "Empty"}\n', "S-8 has no clauses"),
    # committees and procedures
    (ORDER, "members: [director, deputy, manager]", "members: [director, chair]", "“chair”, which is no post"),
    (ORDER, "head: director", "head: chair", "“chair”, which is no post"),
    (ORDER, "quorum: 60", "quorum: 0", "must lie between 1 and 100"),
    (ORDER, "who: {post: deputy}", "who: {post: chair}", "“chair”, which is no post"),
    (ORDER, "who: {post: deputy}", "who: {post: deputy, relation: representative_of}", "exactly one of"),
    (ORDER, "who: {post: deputy}", "who: {}", "exactly one of"),
    (ORDER, "who: {relation: representative_of}", "who: {relation: cousin_of}", "“cousin_of”, which is unknown"),
    (ORDER, "who: {committee: meeting}", "who: {committee: council}", "“council”, which does not exist"),
    (ORDER, "        kind: vote\n", "", "a committee decides by vote only"),
    (ORDER, "late_to: director", "late_to: chair", "“chair”, which is no post"),
    (ORDER, "late_to: director", "late_to: deputy", "the very post that is late"),
    (ORDER, "        days: 3\n        late_to", "        late_to", "has no clock"),
    (ORDER, 'enough_up_to: "5000.00"', 'enough_up_to: "-5.00"', "an amount of 0 yuan or more"),
    (ORDER, "      - key: approve\n", "      - key: review\n", "“review” twice"),
    (ORDER, "        who: {post: deputy}\n", "        who: {post: deputy}\n        next: nowhere\n", "“nowhere”, which does not exist"),
    (ORDER, "        kind: vote\n", "        kind: vote\n        next: review\n", "never ends"),
    (ORDER, "        who: {post: deputy}\n", "        who: {post: deputy}\n        next: vote\n", "approve of the procedure"),
    (ORDER, "key: regulation_change", "key: regulation_changes", "regulation_change is missing"),
    # duties and scorecards
    (ORDER, "responsible: warehouse", "responsible: chair", "names the post “chair”"),
    (ORDER, "due_days: 5", "due_days: 5000", "between −366 and 366"),
    (ORDER, "due_days: 5", "due_days: 5\n    remind_days: [3, 3]", "may remind at most"),
    (ORDER, "due_days: 5", "due_days: 5\n    grace_days: -1", "between 0 and 366"),
    (ORDER, "weight: 40", "weight: 30", "add up to 90, not 100"),
    (ORDER, "judges: agent", "judges: customs", "which is unknown"),
    (ORDER, "measure: paying", "measure: sales", "names a measure twice"),
    (ORDER, "key: stock_count\n", "key: Stock Count\n", "must be small letters"),
    ("pack.yaml", 'in_force_from: "2026-01-01"', 'in_force_from: "soon"', "must be a day"),
    ("pack.yaml", 'in_force_from: "2026-01-01"', 'in_force_from: "20260101"', "must be a day"),
    ("pack.yaml", "pack: small", "pack: Small Pack", "small letters"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), WRONG)
def test_what_is_wrong_is_named_with_file_line_and_cure(folder: Path, name: str, old: str, new: str, said: str) -> None:
    line = change(folder, name, old, new)
    with pytest.raises(BadPack) as refusal:
        read_pack(folder)
    assert refusal.value.code == "bad_pack"
    named = [one for one in refusal.value.findings if said in one.en]
    assert named, refusal.value.text.en
    ending = line + old.count("\n") + new.count("\n") + 1
    about_the_whole = said == "regulation_change is missing"
    assert about_the_whole or any(one.file == name and line - LONGEST_ENTRY <= one.line <= ending for one in named), (line, named)
    assert all(one.zh and one.zh != one.en for one in refusal.value.findings)


def test_all_that_is_wrong_is_said_at_once(folder: Path) -> None:
    lines = [
        change(folder, TRADE, "responsible: finance", "responsible: banker"),
        change(folder, TRADE, "    value: 2\n", '    value: "two"\n'),
        change(folder, TRADE, "kind: flag", "kind: flags"),
        change(folder, ORDER, "late_to: director", "late_to: chair"),
        change(folder, ORDER, "weight: 40", "weight: 30"),
    ]
    assert sorted((file, line) for file, line, _ in found(folder)) == [
        *((TRADE, line) for line in sorted(lines[:3])), (ORDER, lines[3]), (ORDER, lines[4] - 2)
    ]  # fmt: skip


def test_what_follows_from_a_wrong_entry_is_not_told_twice(folder: Path) -> None:
    change(folder, TRADE, 'text: {zh: "各级客户有额度。", en: "Every grade has its limit."}', "texts: none")
    assert {message for _, _, message in found(folder)} == {
        "text is missing; write it", "texts is not known here; rename it or take it out"
    }  # fmt: skip


def test_a_missing_parameter_is_named(folder: Path) -> None:
    change(folder, TRADE, "key: grades", "key: grade")
    assert any("grades is missing" in message for _, _, message in found(folder))


def test_a_law_that_the_product_does_not_know_is_kept(folder: Path) -> None:
    change(folder, TRADE, "{key: area, clause: S-1}", "{key: area, clause: S-1}\n  - {key: people, clause: S-1}")
    assert read_pack(folder).laws["people"].clause == "S-1"


def test_a_folder_without_a_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPack) as refusal:
        read_pack(tmp_path)
    assert "pack.yaml" in refusal.value.text.en


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPack):
        read_pack(tmp_path / "nowhere")


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB.encode(), "aliases are not allowed"),
        (b"\xff\xfe", "not UTF-8"),
        (b"clauses: " + b"[" * 5_000, "cannot be read"),
        (b"# " + b"x" * MOST_BYTES, "more than 1,000,000 bytes"),
        (b"- one\n- two\n", "keys with values"),
        (b"clauses: {id: S-9}\n", "must be a list"),
        (b"poems: []\n", "poems is not known here"),
        (b"clauses: []\n---\nclauses: []\n", "cannot be read"),
        (b"clauses: []\x00\n", "cannot be read"),
        (b"laws:\n  - {key: 2026-01-01, clause: S-1}\n", "must be small letters"),
        (b"parameters:\n  - {key: n, value: " + b"9" * 5_000 + b"}\n", "cannot be read"),
        (b"parameters:\n  - {key: n, value: 1" + b":00" * 300 + b".0}\n", "cannot be read"),
    ],
)
def test_a_hostile_file_is_named_and_does_no_harm(folder: Path, content: bytes, said: str) -> None:
    (folder / "3-more.yaml").write_bytes(content)
    assert any(file == "3-more.yaml" and said in message for file, _, message in found(folder)), found(folder)


def test_a_link_to_a_file_elsewhere_is_named_and_not_read(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "secret"
    elsewhere.write_text("password-of-somebody: 1\n", "utf-8")
    (folder / "3-more.yaml").symlink_to(elsewhere)
    assert any(file == "3-more.yaml" and "no plain file" in message for file, _, message in found(folder))
    assert "password-of-somebody" not in str(found(folder))


@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_the_head_is_named_and_not_waited_for(folder: Path) -> None:
    (folder / "pack.yaml").unlink()
    os.mkfifo(folder / "pack.yaml")
    assert any(file == "pack.yaml" and "no plain file" in message for file, _, message in found(folder))


def test_too_many_files_are_refused(folder: Path) -> None:
    for number in range(60):
        (folder / f"z{number}.yaml").write_text("clauses: []\n", "utf-8")
    assert any("more than 60 files" in message for _, _, message in found(folder))


def test_a_file_with_the_other_ending_is_not_overlooked(folder: Path) -> None:
    (folder / ORDER).rename(folder / "2-order.yml")
    assert any(file == "2-order.yml" and "rename" in message for file, _, message in found(folder))


def test_a_text_that_is_too_long_is_named(folder: Path) -> None:
    line = change(folder, TRADE, "Every grade has its limit.", "x" * (LONGEST_TEXT + 1))
    assert [(file, at) for file, at, _ in found(folder)] == [(TRADE, line)]


def test_too_many_clauses_are_named() -> None:
    regulation = check_pack(SMALL).regulation
    many = {f"S-1.{number}": regulation.clauses["S-1.1"] for number in range(LIMITS["clauses"] + 1)}
    crowded = msgspec.structs.replace(regulation, clauses=regulation.clauses | many)
    assert any(one.place == "clauses" and "at most 500" in one.text.en for one in problems_of(crowded))


@pytest.mark.parametrize("source", [PACKS / "publisher", PACKS / "general", SMALL])
def test_what_is_written_reads_back_the_same(source: Path, tmp_path: Path) -> None:
    regulation = msgspec.structs.replace(read_pack(source), number=3)
    written = write_pack(regulation, tmp_path / "out")
    again = read_pack(tmp_path / "out")
    assert content_hash(again) == content_hash(regulation)
    assert differences(regulation, again) == ()
    assert len(written) == len(regulation.chapters) + 1


def test_nothing_is_written_over(folder: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        write_pack(read_pack(folder), folder)
    assert refusal.value.code == "folder_not_empty"


def test_a_folder_that_cannot_be_made_is_refused(folder: Path) -> None:
    with pytest.raises(Refusal) as told:
        write_pack(read_pack(folder), folder / "pack.yaml" / "below")
    assert told.value.code == "folder_unwritable"
