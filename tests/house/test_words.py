"""The glossary is the one list of our words: models stand in it, names are whole words, texts come in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.house import source
from tests.house.test_floors import house_models

GLOSSARY = PurePosixPath("docs/words.md")
SHORT_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    acct addr amt arr attr btn calc cfg cnt conf cust desc dest dict dst elem err errs exc fmt func idx impl inv lbl len lst
    mgr msg msgs num obj objs opt opts ord param params pct pos prev prod pwd qty rec recs rect ref refs repr req res resp
    ret sel src str tbl tmp txt usr util utils val vals var vars wh
    """,
    )
)
"""Short forms that people reach for; one that is wanted goes into the list of abbreviations in the glossary."""

NUMBERED = re.compile(r"[A-Za-z_]\d+$")
NUMBERED_WORDS = {"sha256", "utf8", "base64", "blake2b"}
"""Names of other people's things that end in a figure."""

FOREIGN = {"tmp_path", "tmp_path_factory"}
"""Names that pytest asks for."""

CHINESE = re.compile(r"[\u3400-\u9fff]")


@cache
def glossary_names() -> frozenset[str]:
    """Return the names in code that the glossary explains: the third column of its tables."""
    rows = [line.split("|") for line in source.text(GLOSSARY).splitlines() if line.startswith("|")]
    return frozenset(name for row in rows if len(row) > 4 for name in re.findall(r"`(\w+)`", row[3]))


@cache
def abbreviations() -> frozenset[str]:
    """Return the abbreviations that the glossary allows."""
    part = source.text(GLOSSARY).split("## Abbreviations", 1)[1]
    return frozenset(re.findall(r"`(\w+)`", part))


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Return the names that a file gives: functions, classes, arguments, and what it assigns at its top or in a class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        if isinstance(node, ast.Module | ast.ClassDef):
            for part in node.body:
                targets = part.targets if isinstance(part, ast.Assign) else [part.target] if isinstance(part, ast.AnnAssign) else []
                yield from ((part.lineno, target.id) for target in targets if isinstance(target, ast.Name))


def words_of(name: str) -> list[str]:
    """Return the words of a name in either spelling: `open_batches` and `OpenBatches` are open, batches."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def short_names(name: str, tree: ast.Module, allowed: frozenset[str]) -> list[str]:
    """Return the complaints about abbreviated names."""
    own_names = [(line, given) for line, given in names(tree) if not given.startswith("__") and given not in FOREIGN]
    found = [(line, given, word) for line, given in own_names for word in words_of(given) if word in SHORT_WORDS - allowed]
    return [f"{name}:{line}: {given}: write {word} out" for line, given, word in found]


def numbered_names(name: str, tree: ast.Module) -> list[str]:
    """Return the complaints about functions and classes told apart by a figure only."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, kinds) and NUMBERED.search(node.name)]
    return [f"{name}:{node.lineno}: {node.name} is numbered, not named" for node in nodes if words_end(node.name) not in NUMBERED_WORDS]


def words_end(name: str) -> str:
    """Return the last word of a name, its figure included."""
    return name.rsplit("_", 1)[-1].lower()


def literal(node: ast.expr) -> str | None:
    """Return the fixed letters of a string or f-string, or None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return None


def half_texts(name: str, tree: ast.Module) -> list[str]:
    """Return the complaints about texts whose halves are not one Chinese and one English."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "Text"):
            continue
        by_name = {keyword.arg: keyword.value for keyword in node.keywords}
        given = [*node.args, *(by_name[word] for word in ("zh", "en") if word in by_name)]
        zh, en = ([*map(literal, given), None, None])[:2]
        if en is not None and CHINESE.search(en):
            found.append(f"{name}:{node.lineno}: Chinese in the English half: {en}")
        if zh is not None and zh != en and re.search(r"[A-Za-z]{3}", re.sub(r"\{.*?\}", "", zh)) and not CHINESE.search(zh):
            found.append(f"{name}:{node.lineno}: no Chinese in the Chinese half: {zh}")
    return found


def test_every_model_stands_in_the_glossary() -> None:
    missing = [f"{model.__module__}.{model.__name__}" for model in house_models() if model.__name__ not in glossary_names()]
    source.refuse([f"{name} is not in {GLOSSARY}" for name in missing])


def unused_names(names: frozenset[str], code: str) -> list[str]:
    """Return the names of the glossary that no code bears: a glossary that runs ahead or lags behind misleads."""
    return sorted(names.difference(re.findall(r"\w+", code)))


def test_every_name_of_the_glossary_exists() -> None:
    code = "\n".join(source.text(path) for path in source.own(".py", under="lingqu/"))
    source.refuse([f"{GLOSSARY}: nothing in the code is called {name}" for name in unused_names(glossary_names(), code)])


def test_a_name_that_nothing_bears_is_found() -> None:
    assert unused_names(frozenset({"Order", "Ordre"}), "class Order: ...") == ["Ordre"]


def test_names_are_whole_words() -> None:
    paths = [path for path in source.own(".py") if "migrations" not in path.parts]
    source.refuse([complaint for path in paths for complaint in short_names(str(path), source.tree(path), abbreviations())])


def test_names_are_not_numbered() -> None:
    source.refuse([complaint for path in source.own(".py") for complaint in numbered_names(str(path), source.tree(path))])


def test_texts_come_in_both_languages() -> None:
    paths = [path for path in source.own(".py", under="lingqu/") if "tests" not in path.parts]
    source.refuse([complaint for path in paths for complaint in half_texts(str(path), source.tree(path))])


def test_a_model_without_an_entry_would_be_found() -> None:
    assert "Order" in glossary_names()
    assert "Invented" not in glossary_names()


@pytest.mark.parametrize(
    "line", ["def add(qty): ...", "class CfgReader: ...", "max_amt = 3", "class A:\n  tmp: int = 3", "def get_val(): ..."]
)
def test_an_abbreviated_name_is_found(line: str) -> None:
    assert len(short_names("made_up.py", ast.parse(line), frozenset())) == 1


def test_an_abbreviation_of_the_glossary_is_not_found() -> None:
    assert short_names("made_up.py", ast.parse("def add(qty): ..."), frozenset({"qty"})) == []


@pytest.mark.parametrize(
    ("name", "found"), [("decide2", True), ("Order2", True), ("price_3", True), ("decide", False), ("of_sha256", False)]
)
def test_a_numbered_name_is_found(name: str, found: bool) -> None:
    assert bool(numbered_names("made_up.py", ast.parse(f"def {name}(): ..."))) is found


@pytest.mark.parametrize(
    "line", ['Text("Order", "Order it")', 'Text("订单", "订单")', 'Text(zh="Only", en="Only this")', 'Text("册数", f"共 {n}")']
)
def test_a_text_with_a_missing_half_is_found(line: str) -> None:
    assert len(half_texts("made_up.py", ast.parse(line))) == 1


@pytest.mark.parametrize("line", ['Text("订单", "Order")', 'Text("Excel", "Excel")', 'Text("{a} / {b}", "{a} of {b}")', "Text(zh, en)"])
def test_a_whole_text_is_not_found(line: str) -> None:
    assert half_texts("made_up.py", ast.parse(line)) == []
