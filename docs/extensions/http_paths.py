"""Markdown of every HTTP path, made from the OpenAPI description of the application."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.app import create_app
from api.http.access import PUBLIC_ROUTES
from api.settings import Settings

Json = Mapping[str, Any]


def http_pages() -> str:
    """Describe every path: who may use the path, parameters, bodies and answers."""
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
    users = "everyone" if name in PUBLIC_ROUTES else "officials, with the token"
    summary = operation.get("summary", "")
    return [f"## {name}", "", f"**{summary}** (for {users})", "", operation.get("description", "")]


def _parameters(parameters: list[dict[str, Any]]) -> list[str]:
    rows = [
        (
            f"`{parameter['name']}`",
            parameter["in"] + (", required" if parameter.get("required") else ""),
            _kind(parameter["schema"]),
            parameter.get("description", parameter["schema"].get("description", "")),
        )
        for parameter in parameters
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
        (f"`{field_name}`", _kind(field), field.get("description", ""))
        for field_name, field in schema.get("properties", {}).items()
    ]
    head = [f"### {name}", "", schema.get("description", ""), ""]
    return head + (_table(("field", "type", "meaning"), rows) if rows else [_kind(schema)])


def _body(content: Json) -> str:
    bodies = (
        f"`{media_type}`" + (f" {_kind(body['schema'])}" if body.get("schema") else "")
        for media_type, body in content.items()
    )
    return "; ".join(bodies)


def _kind(schema: Json) -> str:
    """Name the type of a JSON schema in a few words; a named schema is a link to its section."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(dict.fromkeys(_kind(option) for option in schema[choice]))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    name_of_type: str = schema.get("format") or schema.get("type") or "any"
    bounds = (
        ("from", "minimum"),
        ("to", "maximum"),
        ("default", "default"),
    )
    more = [f"{word} {schema[name]}" for word, name in bounds if schema.get(name) is not None]
    return ", ".join((name_of_type, *more))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [_row(head), _row(("---",) * len(head))]
    return lines + [_row(row) for row in rows]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"
