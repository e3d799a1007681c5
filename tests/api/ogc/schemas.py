"""What the tests of the OGC API share: asking it, and OGC's own schemas to hold answers against."""

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
    answer = client.get(f"/ogc{path}", params=_named(query) or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(client: TestClient, path: str, **query: Any) -> tuple[int, str]:
    answer = client.get(f"/ogc{path}", params=_named(query) or None)
    said = answer.json()
    assert set(said) == {"code", "message"}
    return answer.status_code, said["code"]


def _named(query: dict[str, Any]) -> dict[str, Any]:
    hyphened = {"bbox_crs", "filter_crs", "filter_lang"}
    return {
        name.replace("_", "-") if name in hyphened else name: value for name, value in query.items()
    }


def ids(found: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in found["features"]]


def links(found: dict[str, Any]) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in found["links"]}


def validator(shared_data: Callable[[str], Path], name: str) -> Draft7Validator:
    """Of one of OGC's schemas; they are written with `type: null` where "null" is meant."""
    folder = shared_data("ogc/features")

    def read(uri: str) -> Resource[Any]:
        path = folder / uri.rpartition("/")[2]
        return DRAFT7.create_resource(_mended(yaml.safe_load(path.read_text())))

    registry: Registry[Any] = Registry(retrieve=read)  # type: ignore[call-arg]  # attrs' alias
    return Draft7Validator({"$ref": f"http://schemas/{name}.yaml"}, registry=registry)


def _mended(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_mended(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    mended = {name: _mended(one) for name, one in schema.items()}
    kind = schema.get("type", "")
    if kind is None:
        mended["type"] = "null"
    elif isinstance(kind, list):
        mended["type"] = ["null" if one is None else one for one in kind]
    return mended
