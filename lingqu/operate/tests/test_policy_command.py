"""`lingqu policy …` as people use it: check a folder, install it, export it, compare, list clauses, copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lingqu.config.home import Home
from lingqu.operate.tests.test_cli import run, told
from lingqu.policy.pack import PACKS, content_hash, read_pack

SMALL = Path(__file__).parents[2] / "policy" / "tests" / "small"


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "mine"))


def spoil(folder: Path) -> None:
    path = folder / "2-order.yaml"
    text = path.read_text("utf-8").replace("responsible: warehouse", "responsible: chair").replace("weight: 40", "weight: 4")
    path.write_text(text, "utf-8")


def test_a_good_folder_checks_without_an_installation(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINGQU_HOME", str(tmp_path / "none"))
    assert told("policy", "check", str(folder)) == (0, {"ok": True, "pack": "small", "findings": []})
    assert not (tmp_path / "none").exists()


def test_a_bad_folder_is_named_line_by_line_in_the_language_of_the_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(folder)
    status, out, _ = run("policy", "check", str(folder))
    assert status == 1
    assert [line.split(" ")[0] for line in out.splitlines()[:2]] == ["2-order.yaml:59:", "2-order.yaml:75:"]
    assert "names the post “chair”" in out
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    status, out, _ = run("policy", "check", str(folder))
    assert "岗位“chair”不存在" in out
    assert "共 2 处须改正" in out
    status, said = told("policy", "check", str(folder))
    assert (status, [(one["file"], one["line"]) for one in said["findings"]]) == (1, [("2-order.yaml", 59), ("2-order.yaml", 75)])


def test_two_folders_are_compared_in_words(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    path = other / "1-trade.yaml"
    path.write_text(path.read_text("utf-8").replace('"30000.00"', '"50000.00"'), "utf-8")
    status, said = told("policy", "diff", str(folder), str(other))
    (change,) = said["changes"]
    assert (status, change["title"]["en"], change["before"]["en"]) == (0, "Credit table · C · Limit", "30,000.00 yuan")
    assert told("policy", "diff", str(folder), str(folder))[1]["changes"] == []
    status, said = told("policy", "diff", str(folder), "nowhere")
    assert (status, said["code"]) == (1, "no_such_pack")


def test_a_pack_is_copied_under_another_name(tmp_path: Path) -> None:
    status, _ = told("policy", "copy", str(PACKS / "publisher"), str(tmp_path / "ours"), "ours")
    copied = read_pack(tmp_path / "ours")
    assert (status, copied.pack, len(copied.clauses)) == (0, "ours", len(read_pack(PACKS / "publisher").clauses))
    assert told("policy", "copy", str(SMALL), str(tmp_path / "ours"), "ours")[1]["code"] == "folder_not_empty"
    assert told("policy", "copy", str(SMALL), str(tmp_path / "more"), "Our Own")[1]["code"] == "bad_name"


def test_packs_of_an_installation(demo_home: Home, folder: Path, tmp_path: Path) -> None:
    status, said = told("policy", "install", str(folder), "--adopt")
    assert (status, said["installed"], said["reference"]) == (0, True, read_pack(folder).reference)
    assert told("policy", "install", str(folder))[1]["installed"] is False
    status, said = told("policy", "clauses", "small")
    assert (status, set(said["clauses"]), said["clauses"]["S-2.1"]["gaps"]) == (0, {"S-1", "S-1.1", "S-2.1", "S-3.1"}, ["S-G1"])
    assert said["clauses"]["S-1.1"] == {
        "state": "part", "carriers": {"parameter:answer_days": True, "parameter:answer_mode": True, "record:partners": True,
                                      "record:letters": False}, "gaps": [],
    }  # fmt: skip
    assert told("policy", "export", "publisher", str(tmp_path / "out"), "--version", "1")[0] == 0
    assert content_hash(read_pack(tmp_path / "out")) == content_hash(read_pack(PACKS / "publisher"))
    assert told("policy", "diff", "publisher/1", str(tmp_path / "out"))[1]["changes"] == []
    assert told("policy", "export", "publisher", str(tmp_path / "more"), "--version", "9")[1]["code"] == "no_regulation"
    assert told("policy", "clauses", "nothing")[1]["code"] == "unknown_pack"
    spoil(folder)
    status, said = told("policy", "install", str(folder))
    assert (status, said["code"]) == (1, "bad_pack")
