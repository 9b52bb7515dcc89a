"""Read the description of the interface into what a page shows: operations by area, their fields in rows, an example call."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from lingqu.base.text import Text
from lingqu.config.help.words import SUMMARIES

MOST_DEPTH: Final = 4
ADDRESS: Final = "https://lingqu.example.com"
GROUP_WORDS: Final = {
    "partners": Text("身份和客户", "Identity and partners"),
    "orders": Text("进货、配送、差异", "Requests, deliveries, differences"),
    "returns": Text("退货和调货", "Returns and transfers"),
    "price claims": Text("价格保护", "Price protection"),
    "reports of partners": Text("经销商报告", "Reports of partners"),
    "stock": Text("库存、入库、盘点", "Stock, goods in, counts"),
    "money": Text("回款、余额、对账", "Receipts, balances, statements"),
    "regulation": Text("制度", "Regulation"),
}
_TYPES: Final = {
    "string": Text("文本", "text"),
    "integer": Text("整数", "whole number"),
    "boolean": Text("是或否", "true or false"),
    "array": Text("列表", "list"),
    "object": Text("对象", "object"),
    "date": Text("日期", "day"),
    "date-time": Text("时刻", "moment"),
}
_ANY: Final = Text("任意", "any")
Schema = Mapping[str, Any]


class Field(msgspec.Struct, frozen=True):
    """A field in a row: its name with those above it, what it is, whether it must stand there, its limits, an example."""

    name: str
    depth: int
    type: Text
    needed: bool
    null: bool
    limits: Text | None
    example: str
    note: str


class Operation(msgspec.Struct, frozen=True):
    """An operation as its page shows it."""

    name: str
    method: str
    path: str
    group: str
    summary: Text
    more: str
    scope: str
    places: tuple[Field, ...]
    query: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    status: str
    key: bool
    call: str


class Group(msgspec.Struct, frozen=True):
    """The operations of an area."""

    key: str
    title: Text
    operations: tuple[Operation, ...]


def groups(described: Schema) -> tuple[Group, ...]:
    """Return all operations by area, in the order of the description."""
    found: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            one = _operation(described, path, method, told)
            found.setdefault(one.group, []).append(one)
    return tuple(Group(key, GROUP_WORDS.get(key) or Text(str(key), str(key)), tuple(some)) for key, some in found.items())


def operation_called(areas: Iterable[Group], name: str) -> Operation | None:
    """Return an operation by its name, None when there is none."""
    return next((one for area in areas for one in area.operations if one.name == name), None)


def _operation(described: Schema, path: str, method: str, told: Schema) -> Operation:
    asked = told.get("parameters", ())
    sent = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    status = next(one for one in told["responses"] if int(one) < 300)  # noqa: PLR2004 - the first statuses are the good ones
    answered = told["responses"][status]["content"]["application/json"]["schema"]
    more, _, scope = told["description"].rpartition("Scope: ")
    name: str = told["operationId"]
    summary: str = told["summary"]
    return Operation(
        name=name, method=method.upper(), path=path, group=told["tags"][0],
        summary=Text(SUMMARIES.get(name, summary), summary), more=more.strip(), scope=scope.strip("`. "),
        places=tuple(_parameter(described, one) for one in asked if one["in"] == "path"),
        query=tuple(_parameter(described, one) for one in asked if one["in"] == "query"),
        body=tuple(_fields(described, sent, "", 0)) if sent else (), answer=tuple(_fields(described, answered, "", 0)), status=status,
        key=any(one["name"] == "Idempotency-Key" for one in asked), call=_call(described, path, method.upper(), asked, sent),
    )  # fmt: skip


def _parameter(described: Schema, one: Schema) -> Field:
    return _field(described, one["name"], one["schema"], 0, needed=one.get("required", False))


def _fields(described: Schema, schema: Schema, above: str, depth: int) -> Iterator[Field]:
    """Go through the fields of an object, and below each through those of the objects that it holds."""
    shape, _ = _plain(described, schema)
    if depth > MOST_DEPTH:
        return
    for name, inner in shape.get("properties", {}).items():
        yield _field(described, f"{above}{name}", inner, depth, needed=name in shape.get("required", ()))
        held, _ = _plain(described, inner)
        below, marks = (held.get("items", {}), "[].") if held.get("type") == "array" else (held, ".")
        yield from _fields(described, below, f"{above}{name}{marks}", depth + 1)


def _field(described: Schema, name: str, schema: Schema, depth: int, *, needed: bool) -> Field:
    shape, null = _plain(described, schema)
    kind = _TYPES.get(shape.get("format") or shape.get("type", ""), _ANY)
    examples = schema.get("examples") or shape.get("examples") or ()
    example = str(examples[0]) if examples else ""
    note = schema.get("description") or ("" if "properties" in shape else shape.get("description", ""))
    return Field(name, depth, kind, needed, null, _limits(shape), example, note)


def _plain(described: Schema, schema: Schema) -> tuple[Schema, bool]:
    """Return a schema without references and without null, and whether it may be null."""
    null = False
    while True:
        if "$ref" in schema:
            schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema or "allOf" in schema:
            kinds = schema.get("anyOf") or schema["allOf"]
            null = null or {"type": "null"} in kinds
            schema = next((kind for kind in kinds if kind != {"type": "null"}), {})
        else:
            return schema, null


def _limits(shape: Schema) -> Text | None:
    if shape.get("enum"):
        words = " · ".join(str(one) for one in shape["enum"])
        return Text(words, words)
    told = [
        words for key, words in (
            ("minimum", Text("至少 {n}", "at least {n}")), ("maximum", Text("至多 {n}", "at most {n}")),
            ("minItems", Text("至少 {n} 项", "{n} or more")), ("maxItems", Text("至多 {n} 项", "up to {n}")),
            ("minLength", Text("至少 {n} 字", "{n} characters or more")), ("maxLength", Text("至多 {n} 字", "up to {n} characters")),
        )
        if key in shape
        for words in (Text(words.zh.format(n=f"{shape[key]:,}"), words.en.format(n=f"{shape[key]:,}")),)
    ]  # fmt: skip
    return Text("，".join(one.zh for one in told), ", ".join(one.en for one in told)) if told else None


def _call(described: Schema, path: str, method: str, asked: Any, sent: Schema | None) -> str:  # noqa: ANN401 - parameters as they are described
    """Return an example as one writes it in a terminal."""
    for one in asked:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str((one["schema"].get("examples") or ["…"])[0]))
    lines = [f"curl {ADDRESS}{path}", '-H "Authorization: Bearer $LINGQU_TOKEN"']
    if method == "POST":
        lines.insert(1, '-H "Content-Type: application/json"')
        if any(one["name"] == "Idempotency-Key" for one in asked):
            lines.append('-H "Idempotency-Key: $(uuidgen)"')
        lines.append(f"-d '{json.dumps(_example(described, sent or {}, 0), ensure_ascii=False)}'")
    return " \\\n  ".join(lines)


def _example(described: Schema, schema: Schema, depth: int) -> Any:  # noqa: ANN401 - whatever JSON it is
    """Return an example of what is sent: what must stand there, and whatever has an example of its own."""
    shape, _ = _plain(described, schema)
    examples = schema.get("examples") or shape.get("examples")
    if examples:
        return examples[0]
    if shape.get("enum"):
        return shape["enum"][0]
    if "properties" in shape:
        needed = shape.get("required", ())
        return {name: _example(described, inner, depth + 1) for name, inner in shape["properties"].items() if name in needed}
    if shape.get("type") == "array":
        return [_example(described, shape["items"], depth + 1)]
    return {"integer": shape.get("minimum", 1), "boolean": True}.get(shape.get("type", ""), "…")
