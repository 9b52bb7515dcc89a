"""Read a policy pack: a folder of YAML files, one per chapter, checked by a schema whose messages name file and place."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.policy.rules import Regulation

PACKS = Path(__file__).resolve().parent.parent / "packs"
HASH_LENGTH = 12
ModelT = TypeVar("ModelT", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Words(_Strict):
    """A text in both languages."""

    zh: str
    en: str


class ClauseFile(_Strict):
    """A clause as written in a pack."""

    id: str
    title: Words
    text: Words
    responsible: str = ""
    appraiser: str = ""


class ParameterFile(_Strict):
    """A parameter as written in a pack: every one cites its clause."""

    key: str
    clause: str
    title: Words
    unit: Words
    value: Any


class LawFile(_Strict):
    """A law as written in a pack."""

    key: str
    clause: str
    waivable_by: str = ""
    gaps: list[str] = []


class GapFile(_Strict):
    """An open question as written in a pack."""

    id: str
    question: Words
    interim: Words
    owner: str


class ChapterFile(_Strict):
    """One YAML file."""

    clauses: list[ClauseFile] = []
    parameters: list[ParameterFile] = []
    laws: list[LawFile] = []
    gaps: list[GapFile] = []


class HeadFile(_Strict):
    """The file `pack.yaml`: what the pack is."""

    pack: str
    title: Words
    in_force_from: str


def read_pack(folder: Path, *, number: int = 1) -> Regulation:
    """Return the regulation that the folder's YAML files describe, as version `number`.

    Refuses (`bad_pack`) with file, place and reason: broken YAML, unknown keys, missing parameters, unknown clauses, double keys.
    """
    head = _read(folder / "pack.yaml", HeadFile)
    chapters = [(path, _read(path, ChapterFile)) for path in sorted(folder.glob("*.yaml")) if path.name != "pack.yaml"]
    parts: dict[str, dict[str, Any]] = {"clauses": {}, "parameters": {}, "laws": {}, "gaps": {}, "notes": {}}
    for path, chapter in chapters:
        _gather(parts, path, chapter)
    _check_references(folder, parts)
    raw = {"pack": head.pack, "number": number, "title": head.title.model_dump(), "in_force_from": head.in_force_from, **parts}
    try:
        regulation = msgspec.convert(raw, Regulation, strict=False)
    except msgspec.ValidationError as wrong:
        raise _bad_pack(folder, str(wrong)) from wrong
    return msgspec.structs.replace(regulation, reference=reference_of(regulation))


def content_hash(regulation: Regulation) -> str:
    """Return the SHA-256 of the regulation's canonical JSON, its own reference left out."""
    return hashlib.sha256(encode(msgspec.structs.replace(regulation, reference="")).encode()).hexdigest()


def reference_of(regulation: Regulation) -> str:
    """Return `pack/number/hash`, which names a version for ever."""
    return f"{regulation.pack}/{regulation.number}/{content_hash(regulation)[:HASH_LENGTH]}"


def _read(path: Path, model: type[ModelT]) -> ModelT:
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
        return model.model_validate(raw or {})
    except FileNotFoundError as missing:
        raise _bad_pack(path, "there is no such file") from missing
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else 1
        raise _bad_pack(path, f"line {line}: {broken.problem}") from broken
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _bad_pack(path, f"{place}: {first['msg']}") from wrong


def _gather(parts: dict[str, dict[str, Any]], path: Path, chapter: ChapterFile) -> None:
    for clause in chapter.clauses:
        _put(parts["clauses"], path, clause.id, clause.model_dump())
    for gap in chapter.gaps:
        _put(parts["gaps"], path, gap.id, gap.model_dump())
    for law in chapter.laws:
        _put(parts["laws"], path, law.key, law.model_dump(exclude={"key"}))
    for parameter in chapter.parameters:
        _put(parts["parameters"], path, parameter.key, parameter.value)
        parts["notes"][parameter.key] = parameter.model_dump(include={"title", "unit", "clause"})


def _put(where: dict[str, Any], path: Path, key: str, value: object) -> None:
    if key in where:
        raise _bad_pack(path, f"{key} stands twice")
    where[key] = value


def _check_references(folder: Path, parts: dict[str, dict[str, Any]]) -> None:
    for kind in ("notes", "laws"):
        for key, part in parts[kind].items():
            if part["clause"] not in parts["clauses"]:
                raise _bad_pack(folder, f"{key} cites clause {part['clause']}, which the pack does not have")
    for key, law in parts["laws"].items():
        for gap in law["gaps"]:
            if gap not in parts["gaps"]:
                raise _bad_pack(folder, f"law {key} uses gap {gap}, which the pack does not have")


def _bad_pack(path: Path, reason: str) -> Refusal:
    place = f"{path.parent.name}/{path.name}"
    return Refusal("bad_pack", Text(f"制度包 {place}：{reason}", f"Policy pack {place}: {reason}"), status=422)
