"""Markdown of every HTTP path, made from the OpenAPI description of the application."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.app import create_app
from api.http.access import LISTED
from api.settings import Settings

Json = Mapping[str, Any]


def http_pages() -> str:
    """Describe every path: who may ask, parameters, bodies and answers."""
    description = create_app(Settings()).openapi()
    lines = [line for part in _sections(description) for line in (*part, "")]
    return "\n".join(lines)


def _sections(description: Json) -> Iterator[list[str]]:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            yield _heading(f"{method.upper()} {path}", operation)
            if operation.get("parameters"):
                yield _parameters(operation["parameters"])
            if "requestBody" in operation:
                yield [f"Body: {_body(operation['requestBody']['content'])}."]
            yield _answers(operation["responses"])
    yield ["## Answers by name"]
    for name, schema in description["components"]["schemas"].items():
        yield _schema(name, schema)


def _heading(name: str, operation: Json) -> list[str]:
    who = "everyone" if name in LISTED else "officials, with the token"
    summary = operation.get("summary", "")
    return [f"## {name}", "", f"**{summary}** (for {who})", "", operation.get("description", "")]


def _parameters(parameters: list[dict[str, Any]]) -> list[str]:
    rows = [
        (
            f"`{one['name']}`",
            one["in"] + (", needed" if one.get("required") else ""),
            _kind(one["schema"]),
            one.get("description", one["schema"].get("description", "")),
        )
        for one in parameters
    ]
    return _table(("parameter", "where", "type", "meaning"), rows)


def _answers(responses: Json) -> list[str]:
    rows = [
        (status, answer.get("description", ""), _body(answer.get("content", {})))
        for status, answer in responses.items()
    ]
    return _table(("status", "meaning", "content"), rows)


def _schema(name: str, schema: Json) -> list[str]:
    rows = [
        (f"`{field}`", _kind(kind), kind.get("description", ""))
        for field, kind in schema.get("properties", {}).items()
    ]
    head = [f"### {name}", "", schema.get("description", ""), ""]
    return head + (_table(("field", "type", "meaning"), rows) if rows else [_kind(schema)])


def _body(content: Json) -> str:
    kinds = (
        f"`{kind}`" + (f" {_kind(what['schema'])}" if what.get("schema") else "")
        for kind, what in content.items()
    )
    return "; ".join(kinds)


def _kind(schema: Json) -> str:
    """Name the type of a JSON schema in a few words; a named schema is a link to its section."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(dict.fromkeys(_kind(one) for one in schema[choice]))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    said: str = schema.get("format") or schema.get("type") or "any"
    bounds = (
        ("from", "minimum"),
        ("to", "maximum"),
        ("default", "default"),
    )
    more = [f"{word} {schema[name]}" for word, name in bounds if schema.get(name) is not None]
    return ", ".join((said, *more))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [_row(head), _row(("---",) * len(head))]
    return lines + [_row(row) for row in rows]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"
