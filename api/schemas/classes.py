"""How classes of risk stand in the schemas of answers: a city's rules may name others than four."""

from copy import deepcopy
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import JsonSchemaValue

from zoning.risk import FOUR_COLOURS, Classes, keys_of


def numbered(classes: Classes) -> str:
    """Numbers and names of classes: ``0 hijau, 1 kuning``."""
    return ", ".join(f"{risk} {one.name.id}" for risk, one in enumerate(classes))


def risk_schema(classes: Classes) -> JsonSchemaValue:
    """Schema of the number of a class."""
    return {"enum": list(range(len(classes))), "type": "integer"}


def colour_schema(classes: Classes) -> JsonSchemaValue:
    """Schema of the Indonesian name of a class."""
    return {"enum": [one.name.id for one in classes], "type": "string"}


def _with_four(schema: JsonSchemaValue) -> None:
    """Describe the counts of classes, which are no fields of a model."""
    _with_counts(schema, FOUR_COLOURS)


def _with_counts(schema: JsonSchemaValue, classes: Classes) -> None:
    schema.pop("additionalProperties", None)
    for key in keys_of(classes):
        schema["properties"][key] = {"title": key.capitalize(), "type": "integer"}
        schema["required"].append(key)


class Counted(BaseModel):
    """Something with how many RT have each class, by the key of the class."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_with_four)
    __pydantic_extra__: dict[str, int] = Field(init=False)


_COUNTED: Final = ("PublishedRun", "AreaSummary")


def with_classes(openapi: dict[str, Any], classes: Classes) -> dict[str, Any]:
    """The description of the interface for a city whose rules have these classes.

    Parameters
    ----------
    openapi
        For the four colours; left as it is.
    """
    if classes == FOUR_COLOURS:
        return openapi
    found: dict[str, Any] = _replaced(
        deepcopy(openapi),
        {numbered(FOUR_COLOURS): numbered(classes)},
        [
            (risk_schema(FOUR_COLOURS), risk_schema(classes)),
            (colour_schema(FOUR_COLOURS), colour_schema(classes)),
        ],
    )
    for name in _COUNTED:
        schema = found["components"]["schemas"][name]
        for key in keys_of(FOUR_COLOURS):
            del schema["properties"][key]
            schema["required"].remove(key)
        _with_counts(schema, classes)
    return found


def _replaced(
    value: Any,  # noqa: ANN401  (any part of a JSON document)
    texts: dict[str, str],
    schemas: list[tuple[JsonSchemaValue, JsonSchemaValue]],
) -> Any:  # noqa: ANN401
    """A JSON document with other texts, and other schemas of risks and colours."""
    if isinstance(value, str):
        said = value
        for old, new in texts.items():
            said = said.replace(old, new)
        return said
    if isinstance(value, list):
        return [_replaced(one, texts, schemas) for one in value]
    if isinstance(value, dict):
        for sought, given in schemas:
            if all(value.get(name) == said for name, said in sought.items()):
                value = value | given
        return {key: _replaced(one, texts, schemas) for key, one in value.items()}
    return value
