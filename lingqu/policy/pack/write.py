"""Write a regulation as a folder of YAML files, one for each chapter, that reads back to the same content."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import yaml

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.policy.pack.read import ENTRIES, HEAD, KEEP_KEY
from lingqu.policy.rules import Chapter, Regulation, parameter_value

WIDTH = 140
_LISTS = ("laws", "gaps", "committees", "chains", "duties", "accounts", "scorecards")


def write_pack(regulation: Regulation, folder: Path) -> list[Path]:
    """Write the files of a regulation into a folder and return them. Refuses a folder that holds something already, or cannot be made."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(
            "folder_not_empty",
            Text(f"文件夹 {folder} 已有内容，请另选空文件夹。", f"The folder {folder} is not empty; choose another one."),
            status=409,
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise Refusal(
            "folder_unwritable",
            Text(f"文件夹 {folder} 无法建立：{wrong.strerror}。", f"The folder {folder} cannot be made: {wrong.strerror}."),
            status=409,
        ) from wrong
    head: dict[str, Any] = {
        "pack": regulation.pack, "title": _plain(regulation.title), "in_force_from": regulation.in_force_from.isoformat(),
    }  # fmt: skip
    if regulation.number > 1:
        head["number"] = regulation.number
    written = [_write(folder / HEAD, head)]
    chapters = regulation.chapters or (None,)
    owner = _owners(regulation, chapters)
    for position, chapter in enumerate(chapters):
        content = _chapter(regulation, chapter, [key for key, where in owner.items() if where == position])
        written.append(_write(folder / f"{position + 1:02}-{_slug(chapter)}.yaml", content))
    return written


def _owners(regulation: Regulation, chapters: tuple[Chapter | None, ...]) -> dict[tuple[str, str], int]:
    """Return in which chapter each part of the regulation is written: that of the clause that it cites, else the first."""
    of_clause: dict[str, int] = {}
    for position, chapter in enumerate(chapters):
        for article in chapter.articles if chapter else ():
            of_clause |= dict.fromkeys(regulation.articles[article].clauses, position)
    found = {("clauses", key): of_clause.get(key, 0) for key in regulation.clauses}
    for key, note in regulation.notes.items():
        found["parameters", key] = of_clause.get(note.clause, 0)
    for part in _LISTS:
        for key, one in getattr(regulation, part).items():
            found[part, key] = of_clause.get(_clause_of(regulation, part, key, one), 0)
    return found


def _clause_of(regulation: Regulation, part: str, key: str, one: Any) -> str:  # noqa: ANN401 - of several kinds
    if part != "gaps":
        return str(one.clause)
    laws = [law.clause for law in regulation.laws.values() if key in law.gaps]
    return next(iter((*one.clauses, *laws)), "")


def _chapter(regulation: Regulation, chapter: Chapter | None, mine: list[tuple[str, str]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    order = [key for part, key in mine if part == "clauses"]
    if chapter:
        content["chapter"] = {"id": chapter.id, "title": _plain(chapter.title)}
        articles = [(key, regulation.articles[key]) for key in chapter.articles]
        content["articles"] = [{"id": key, "title": _plain(article.title)} for key, article in articles]
        listed = [clause for _, article in articles for clause in article.clauses]
        order = [*listed, *(key for key in order if key not in listed)]
    content["clauses"] = [_plain(regulation.clauses[key]) for key in order]
    content["parameters"] = [_parameter(regulation, key) for part, key in mine if part == "parameters"]
    for part in _LISTS:
        entries = [(key, _plain(getattr(regulation, part)[key])) for name, key in mine if name == part]
        content[part] = [entry if part == "gaps" or part in KEEP_KEY else {"key": key, **entry} for key, entry in entries]
    return {part: content[part] for part in ("chapter", *ENTRIES) if content.get(part)}


def _parameter(regulation: Regulation, key: str) -> dict[str, Any]:
    return {"key": key, **_plain(regulation.notes[key]), "value": parameter_value(regulation, key)}


def _plain(part: msgspec.Struct) -> Any:  # noqa: ANN401 - keys with values
    """Return a part as plain data without what is empty: the reader fills that in again."""
    return _without_empty(msgspec.to_builtins(part))


def _without_empty(value: Any) -> Any:  # noqa: ANN401 - plain data
    if isinstance(value, dict):
        kept = {key: _without_empty(one) for key, one in value.items() if one is not None and one != {"zh": "", "en": ""}}
        return kept if "unit" in kept or "unit" not in value else kept | {"unit": value["unit"]}
    return [_without_empty(one) for one in value] if isinstance(value, list) else value


def _slug(chapter: Chapter | None) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", chapter.title.en.lower()).strip("-") if chapter else ""
    return words[:40].strip("-") or "regulation"


def _write(path: Path, content: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=WIDTH), "utf-8")
    return path
