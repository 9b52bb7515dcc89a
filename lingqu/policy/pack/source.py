"""Read one YAML file as plain data with the line of every part: no tags, no aliases, no key twice, no surprises of YAML's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import yaml

from lingqu.policy.pack.finding import Finding

MOST_BYTES = 1_000_000
MOST_NESTING = 20
Keys = tuple[str | int, ...]

_PLAIN = "tag:yaml.org,2002:"
_SCALARS = {f"{_PLAIN}{kind}" for kind in ("str", "int", "bool", "null", "float", "timestamp", "merge", "value")}
_BY_VALUE = {f"{_PLAIN}{kind}" for kind in ("int", "bool", "null", "float")}


class Source(msgspec.Struct, frozen=True):
    """What a file holds: plain data, the line of every path in it, and what could not be read."""

    file: str
    data: Any
    lines: dict[Keys, int]
    findings: tuple[Finding, ...]

    def line(self, path: Keys) -> int:
        """Return the line of a path, or of the nearest part above it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Loader(yaml.SafeLoader):
    """A loader that follows no alias: a file can mean no more than it says."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Return the next node; refuses an alias."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed; write the part out", event.start_mark)
        return super().compose_node(parent, index)


def read_source(path: Path) -> Source:
    """Return what a file holds. What is wrong stands in the findings; `data` is None where nothing could be read."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return _broken(path, 0, "不是普通文件，请放入文件本身。", "this is no plain file; put the file itself here")
    try:
        raw = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except FileNotFoundError:
        return _broken(path, 0, "没有这个文件，请写上。", "there is no such file; write it")
    except OSError as wrong:
        return _broken(path, 0, f"文件无法读取：{wrong.strerror}。", f"the file cannot be read: {wrong.strerror}")
    if raw is None:
        return _broken(path, 0, f"文件超过 {MOST_BYTES:,} 字节，请拆开。", f"the file has more than {MOST_BYTES:,} bytes; split it")
    try:
        words = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw[: wrong.start].count(b"\n") + 1
        return _broken(path, line, "不是 UTF-8 文字，请另存为 UTF-8。", "the text is not UTF-8; save it as UTF-8")
    return _composed(path, words)


def _composed(path: Path, words: str) -> Source:
    try:
        node = yaml.compose(words, Loader=_Loader)
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        return _broken(path, line, f"YAML 写法有误：{wrong.problem}。", f"the YAML cannot be read: {wrong.problem}")
    except yaml.reader.ReaderError as wrong:
        line = words[: wrong.position].count("\n") + 1
        return _broken(path, line, "有不允许的字符，请删去。", "the YAML cannot be read: there is a character that is not allowed")
    except RecursionError:
        return _broken(path, 0, "嵌套过深。", "the YAML cannot be read: it is nested too deeply")
    reader = _Reader(path.name)
    data = reader.read(node, ()) if node is not None else {}
    return Source(path.name, data, reader.lines, tuple(reader.findings))


def _broken(path: Path, line: int, zh: str, en: str) -> Source:
    return Source(path.name, None, {}, (Finding(path.name, line, zh, en),))


class _Reader:
    """Walks the nodes of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Keys, int] = {}
        self.findings: list[Finding] = []

    def read(self, node: yaml.Node, path: Keys) -> Any:  # noqa: ANN401 - plain data
        """Return the plain data of a node."""
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if len(path) > MOST_NESTING:
            self._find(line, "嵌套过深。", "this is nested too deeply")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            if node.tag != f"{_PLAIN}seq":
                self._tag(node)
            return [self.read(part, (*path, number)) for number, part in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Keys) -> dict[str, Any]:
        if node.tag != f"{_PLAIN}map":
            self._tag(node)
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._find(line, "键须为文字。", "a key must be a word")
                continue
            if key_node.tag != f"{_PLAIN}str" and not key_node.style:
                self._find(line, f"键 {key_node.value} 请加引号。", f"put the key {key_node.value} in quotes")
            key = str(key_node.value)
            if key in found:
                first = self.lines[(*path, key)]
                self._find(line, f"{key} 写了两次（第 {first} 行已有）。", f"{key} stands twice (first in line {first}); take one out")
                continue
            self.lines[(*path, key)] = line
            found[key] = self.read(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.Node) -> Any:  # noqa: ANN401 - plain data
        if node.tag not in _SCALARS:
            self._tag(node)
            return str(node.value)
        if node.tag not in _BY_VALUE:
            return str(node.value)
        try:
            return _constructor.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            self._find(node.start_mark.line + 1, "数过大或写法有误。", "this number cannot be read")
            return None

    def _tag(self, node: yaml.Node) -> None:
        self._find(node.start_mark.line + 1, f"不允许标签 {node.tag}，请删去。", f"tags such as {node.tag} are not allowed; take it out")

    def _find(self, line: int, zh: str, en: str) -> None:
        self.findings.append(Finding(self.file, line, zh, en))


_constructor = yaml.constructor.SafeConstructor()
