"""Helpers of the tests of OGC API: requests, and the JSON schemas of OGC for the answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from fastapi.testclient import TestClient
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

ROOT = "http://testserver/ogc"


def ask(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(f"/ogc{path}", params=_parameters(query) or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def get_error(client: TestClient, path: str, **query: Any) -> tuple[int, str]:
    """Status and code of an answer that is an error."""
    answer = client.get(f"/ogc{path}", params=_parameters(query) or None)
    error = answer.json()
    assert set(error) == {"code", "message"}
    return answer.status_code, error["code"]


def _parameters(query: dict[str, Any]) -> dict[str, Any]:
    hyphenated = {"bbox_crs", "filter_crs", "filter_lang"}
    return {
        name.replace("_", "-") if name in hyphenated else name: value
        for name, value in query.items()
    }


def ids(collection: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in collection["features"]]


def links(document: dict[str, Any]) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in document["links"]}


def validator(shared_data: Callable[[str], Path], name: str) -> Draft7Validator:
    """A validator of a schema of OGC; the schemas contain `type: null` instead of "null"."""
    folder = shared_data("ogc/features")

    def read(uri: str) -> Resource[Any]:
        path = folder / uri.rpartition("/")[2]
        return DRAFT7.create_resource(_correct_null(yaml.safe_load(path.read_text())))

    registry: Registry[Any] = Registry(retrieve=read)  # type: ignore[call-arg]  # attrs' alias
    return Draft7Validator({"$ref": f"http://schemas/{name}.yaml"}, registry=registry)


def _correct_null(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_correct_null(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    corrected = {name: _correct_null(value) for name, value in schema.items()}
    json_type = schema.get("type", "")
    if json_type is None:
        corrected["type"] = "null"
    elif isinstance(json_type, list):
        corrected["type"] = ["null" if name is None else name for name in json_type]
    return corrected
