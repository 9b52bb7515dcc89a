"""Read a policy pack: a folder of YAML files, one for each chapter. Everything that is not right is found at once, with file and line."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec
from pydantic import BaseModel, ValidationError

from lingqu.base.calendar import OFFICIAL
from lingqu.base.decision import encode
from lingqu.policy.pack import schema
from lingqu.policy.pack.finding import BadPack, Finding
from lingqu.policy.pack.source import Keys, Source, read_source
from lingqu.policy.pack.words import schema_words
from lingqu.policy.rules import ParameterNote, Parameters, Problem, Regulation, in_words, problems_of, value_problems

PACKS = Path(__file__).resolve().parents[2] / "packs"
HEAD = "pack.yaml"
HASH_LENGTH = 12
MOST_FILES = 60
MOST_FINDINGS = 500

ENTRIES: dict[str, type[BaseModel]] = {
    "articles": schema.ArticleFile, "clauses": schema.ClauseFile, "parameters": schema.ParameterFile, "laws": schema.LawFile,
    "gaps": schema.GapFile, "committees": schema.CommitteeFile, "chains": schema.ChainFile, "duties": schema.DutyFile,
    "accounts": schema.AccountFile, "scorecards": schema.ScorecardFile,
}  # fmt: skip
"""What may stand in a chapter's file beside its head, in this order."""

KEEP_KEY = {"committees", "chains", "duties"}
_BY_ID = {"articles", "clauses", "gaps"}
_NO_HEAD = schema.HeadFile(pack="unnamed", title=schema.Words(zh="—", en="—"), in_force_from="2000-01-01")
_MUST_STAND = tuple(field.name for field in msgspec.structs.fields(Parameters) if field.required)
_KINDS = {field.name: field.type for field in msgspec.structs.fields(Parameters)}


class Checked(msgspec.Struct, frozen=True):
    """What a folder holds: the regulation where it can be read, and everything that is not right."""

    regulation: Regulation
    findings: tuple[Finding, ...]


def read_pack(folder: Path, *, number: int | None = None) -> Regulation:
    """Return the regulation that a folder describes, as version `number` or the one that it names.

    Refuses (`BadPack`, code `bad_pack`) a folder with anything that is not right: everything found stands in the refusal.
    """
    checked = check_pack(folder)
    if checked.findings:
        raise BadPack(folder.name, checked.findings)
    regulation = checked.regulation if number is None else msgspec.structs.replace(checked.regulation, number=number)
    return msgspec.structs.replace(regulation, reference=reference_of(regulation))


def check_pack(folder: Path) -> Checked:
    """Return what a folder describes with everything that is not right in it, in the order of files and lines."""
    return _Folder(folder).check()


def stored_form(regulation: Regulation) -> Regulation:
    """Return the regulation as it is stored and hashed: without what is added when it is looked up."""
    return msgspec.structs.replace(regulation, reference="", calendar=OFFICIAL)


def content_hash(regulation: Regulation) -> str:
    """Return the SHA-256 of the regulation's canonical JSON, its own reference left out."""
    return hashlib.sha256(encode(stored_form(regulation)).encode()).hexdigest()


def reference_of(regulation: Regulation) -> str:
    """Return `pack/number/hash`, which names a version for ever."""
    return f"{regulation.pack}/{regulation.number}/{content_hash(regulation)[:HASH_LENGTH]}"


class _Folder:
    """One folder on its way to a regulation. What cannot be read is left out and noted, so that the rest is checked all the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.places: dict[str, tuple[Source, Keys]] = {}
        self.broken: set[str] = set()
        self.told: list[Problem] = []
        self.parts: dict[str, dict[str, Any]] = {part: {} for part in (*ENTRIES, "declared", "notes")}
        self.chapters: list[dict[str, Any]] = []

    def check(self) -> Checked:
        head_source = read_source(self.folder / HEAD)
        self.findings += head_source.findings
        self.places[""] = (head_source, ())
        head = self._entry(schema.HeadFile, head_source, (), head_source.data) if head_source.data is not None else None
        for source in self._chapter_sources():
            self._chapter(source)
        regulation = self._regulation(head or _NO_HEAD)
        self.findings += [self._located(in_words(problem, regulation)) for problem in self.told]
        self.findings += [self._located(problem) for problem in problems_of(regulation) if not self._is_echo(problem)]
        return Checked(regulation, tuple(sorted(set(self.findings)))[:MOST_FINDINGS])

    def _chapter_sources(self) -> list[Source]:
        if not self.folder.is_dir():
            return []
        paths = sorted(path for path in self.folder.iterdir() if path.is_file())
        for path in paths:
            if path.suffix.lower() in {".yml", ".yaml"} and path.suffix != ".yaml":
                self._find(path.name, 0, "请将文件改名为 .yaml。", "rename the file to end in .yaml")
        chapters = [path for path in paths if path.suffix == ".yaml" and path.name != HEAD]
        if len(chapters) >= MOST_FILES:
            self._find(HEAD, 0, f"文件夹最多 {MOST_FILES} 个文件。", f"the folder has more than {MOST_FILES} files; merge some")
        sources = [read_source(path) for path in chapters[:MOST_FILES]]
        self.findings += [finding for source in sources for finding in source.findings]
        return [source for source in sources if source.data is not None]

    def _chapter(self, source: Source) -> None:
        if not isinstance(source.data, dict):
            self._find(source.file, 1, "须为键和值，如 clauses:。", "it must hold keys with values, such as clauses:")
            return
        for key in source.data:
            if key not in ENTRIES and key != "chapter":
                words = schema_words({"type": "extra_forbidden", "loc": (key,)})
                self._find(source.file, source.line((key,)), *words)
        for part, model in ENTRIES.items():
            entries = source.data.get(part)
            if entries is None:
                continue
            if not isinstance(entries, list):
                self._find(source.file, source.line((part,)), f"{part} 须为列表。", f"{part} must be a list, with - before each entry")
                continue
            for number, raw in enumerate(entries):
                self._put(part, self._entry(model, source, (part, number), raw), source, number, raw)
        self._head_of_chapter(source)

    def _entry(self, model: type[BaseModel], source: Source, path: Keys, raw: Any) -> Any:  # noqa: ANN401 - of the model's kind
        try:
            return model.model_validate(raw)
        except ValidationError as wrong:
            for error in wrong.errors():
                self._find(source.file, source.line((*path, *error["loc"])), *schema_words(error))
            return None

    def _put(self, part: str, entry: Any, source: Source, number: int, raw: Any) -> None:  # noqa: ANN401 - of several kinds
        name = "id" if part in _BY_ID else "key"
        key = str(raw.get(name, "")) if isinstance(raw, dict) else ""
        place = f"{part}/{key}"
        if place in self.places:
            first, path = self.places[place]
            where = f"{first.file}:{first.line(path)}"
            line = source.line((part, number))
            self._find(
                source.file, line, f"{key} 写了两次（{where} 已有）。", f"{key} stands twice (first in {where}); take one out or rename it"
            )
            return
        self.places[place] = (source, (part, number))
        if entry is None:
            self.broken.add(key)
            return
        if part == "parameters":
            self._parameter(entry, source, number)
            return
        keep = set() if part in _BY_ID or part in KEEP_KEY else {"key"}
        self.parts[part][key] = entry.model_dump(exclude_none=True, exclude=keep)

    def _parameter(self, entry: schema.ParameterFile, source: Source, number: int) -> None:
        self.parts["notes"][entry.key] = entry.model_dump(exclude={"key", "value"}, exclude_none=True)
        if entry.key not in _KINDS:
            self.parts["declared"][entry.key] = entry.value
            return
        try:
            self.parts["parameters"][entry.key] = msgspec.convert(entry.value, _KINDS[entry.key], strict=False)
        except msgspec.ValidationError as wrong:
            self.broken.add(entry.key)
            note = msgspec.convert(self.parts["notes"][entry.key], ParameterNote, strict=False)
            told = list(value_problems(entry.key, note, entry.value))
            self.told += told
            if not told:
                line = source.line(("parameters", number, "value"))
                self._find(source.file, line, f"参数 {entry.key} 的值不合要求：{wrong}", f"the value of {entry.key} does not fit: {wrong}")

    def _head_of_chapter(self, source: Source) -> None:
        raw = source.data.get("chapter")
        head = self._entry(schema.ChapterHead, source, ("chapter",), raw) if raw is not None else None
        articles, clauses = _ids(source.data.get("articles")), _ids(source.data.get("clauses"))
        for article in articles:
            if article in self.parts["articles"]:
                mine = dict.fromkeys(clause for clause in clauses if clause.split(".")[0] == article)
                self.parts["articles"][article]["clauses"] = list(mine)
        if head is not None:
            self.places[f"chapter/{head.id}"] = (source, ("chapter",))
            self.chapters.append(head.model_dump() | {"articles": [one for one in articles if one in self.parts["articles"]]})

    def _regulation(self, head: schema.HeadFile) -> Regulation:
        parts = dict(self.parts)
        values = parts.pop("parameters")
        for key in _MUST_STAND:
            if key not in values and key not in self.broken:
                self._find(
                    HEAD, 0, f"缺参数 {key}，请在某章的 parameters 中写上。", f"the parameter {key} is missing; write it in a chapter"
                )
                self.broken.add(key)
        raw = {
            "pack": head.pack, "number": head.number, "title": head.title.model_dump(), "in_force_from": head.in_force_from,
            "parameters": None,
            "chapters": self.chapters, **parts,
        }  # fmt: skip
        shaped: Any = msgspec.convert(raw, _Shape, strict=False)
        fields = {name: getattr(shaped, name) for name in _Shape.__struct_fields__}
        read: dict[str, Any] = {key: values.get(key) for key in _KINDS if key in values or key in _MUST_STAND}
        return Regulation(**fields | {"parameters": Parameters(**read)})

    def _is_echo(self, problem: Problem) -> bool:
        """Return whether a problem follows from an entry that could not be read: that one is told already."""
        parts = problem.place.split("/")
        if any(part in self.broken for part in parts):
            return True
        return any(re.search(rf"(?<![\w.-]){re.escape(key)}(?![\w.-])", problem.text.en) for key in self.broken if key)

    def _located(self, problem: Problem) -> Finding:
        parts = problem.place.split("/")
        for length in range(min(2, len(parts)), 0, -1):
            known = self.places.get("/".join(parts[:length]))
            if known:
                source, path = known
                line = source.line(_deep(source.data, path, parts[length:]))
                return Finding(source.file, line, problem.text.zh, problem.text.en)
        source, _ = self.places[""]
        return Finding(source.file, source.line((parts[0],)) if source.data else 0, problem.text.zh, problem.text.en)

    def _find(self, file: str, line: int, zh: str, en: str) -> None:
        self.findings.append(Finding(file, line, zh, en))


_Shape = msgspec.defstruct(
    "_Shape",
    [
        (field.name, Any if field.name == "parameters" else field.type)
        for field in msgspec.structs.fields(Regulation)
        if field.name not in {"reference", "calendar"}
    ],
)
"""A regulation whose parameters are read one by one, so that a wrong one hides nothing else."""


def _ids(entries: object) -> list[str]:
    """Return the ids of a list of entries, whatever stands in their place."""
    return [str(one.get("id")) for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []


def _deep(data: Any, path: Keys, rest: list[str]) -> Keys:  # noqa: ANN401 - plain data
    """Return the path of a place below an entry: lists of steps are entered by key, other lists by number."""
    for part in rest:
        below = _at(data, path)
        if isinstance(below, list):
            by_key = [number for number, one in enumerate(below) if isinstance(one, dict) and one.get("key") == part]
            if by_key:
                path = (*path, by_key[-1])
            elif part.isdigit() and int(part) < len(below):
                path = (*path, int(part))
            else:
                return path
        elif isinstance(below, dict) and part in below:
            path = (*path, part)
        else:
            return path
    return path


def _at(data: Any, path: Keys) -> Any:  # noqa: ANN401 - plain data
    for part in path:
        data = data[part]
    return data
