"""Schemas of risks, colours and counts, for rules with other classes than the four colours."""

import json
from typing import Any

import pytest

from api.app import create_app
from api.schemas.classes import ClassCounts, with_classes
from api.settings import Settings
from zoning.risk import FOUR_COLOURS

THREE = (
    FOUR_COLOURS[0],
    *(cls._replace(key=f"k{n}", name=cls.name._replace(id=f"kelas {n}")) for n, cls in
      enumerate(FOUR_COLOURS[1:3], 1)),
)  # fmt: skip


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def enums(document: object) -> list[list[Any]]:
    """Every ``enum`` in a JSON document."""
    if isinstance(document, list):
        return [enum for item in document for enum in enums(item)]
    if not isinstance(document, dict):
        return []
    values = [document["enum"]] if isinstance(document.get("enum"), list) else []
    return values + [enum for value in document.values() for enum in enums(value)]


def test_the_description_has_the_numbers_names_and_keys_of_the_classes(
    openapi: dict[str, Any],
) -> None:
    before = json.dumps(openapi)
    schemas = with_classes(openapi, THREE)["components"]["schemas"]
    assert json.dumps(openapi) == before
    values = enums(schemas)
    assert [0, 1, 2] in values
    assert ["hijau", "kelas 1", "kelas 2"] in values
    assert not [enum for enum in values if enum == [0, 1, 2, 3] or "merah" in enum]
    risk = schemas["ZoneProperties"]["properties"]["risk"]
    assert risk["description"] == "0 hijau, 1 kelas 1, 2 kelas 2; above the RT the highest."
    for model in ClassCounts.__subclasses__():
        schema = schemas[model.__name__]
        assert {"green", "k1", "k2"} < set(schema["required"])
        assert not {"yellow", "orange", "red"} & schema["properties"].keys()


def test_other_schemas_and_the_references_stay(openapi: dict[str, Any]) -> None:
    before, after = (
        document["components"]["schemas"] for document in (openapi, with_classes(openapi, THREE))
    )
    assert before.keys() == after.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        name
        for name in before
        if [0, 1, 2, 3] in enums(before[name]) or "yellow" in str(before[name])
    }
    for name in changed:
        assert set(before[name]) == set(after[name]), name
        renamed = {"yellow": "k1", "orange": "k2"}
        keys = [renamed.get(key, key) for key in before[name]["properties"] if key != "red"]
        assert keys == list(after[name]["properties"]), name


def test_the_description_of_the_four_colours_stays(openapi: dict[str, Any]) -> None:
    assert with_classes(openapi, FOUR_COLOURS) is openapi


def test_a_missing_schema_is_an_error(openapi: dict[str, Any]) -> None:
    schemas = {**openapi["components"]["schemas"]}
    del schemas["DayColour"]
    with pytest.raises(LookupError, match="DayColour"):
        with_classes({**openapi, "components": {"schemas": schemas}}, THREE)
