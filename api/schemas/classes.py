"""JSON schemas of risks, colours and counts, which depend on the classes of a city's rules.

FastAPI makes the OpenAPI description once, for the four colours of the project's rules. For other
classes, `with_classes` makes the schemas of the class models again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from zoning.risk import FOUR_COLOURS, Classes, class_keys

ModelT = TypeVar("ModelT", bound=BaseModel)
_SCHEMA_CLASSES: Final[ContextVar[Classes]] = ContextVar("classes", default=FOUR_COLOURS)
_CLASS_MODELS: Final[list[type[BaseModel]]] = []
_REFERENCE: Final = "#/components/schemas/{model}"


class _RiskSchema:
    """Makes the schema of the number of a class."""

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"enum": list(range(len(_SCHEMA_CLASSES.get()))), "type": "integer"}


class _ColourSchema:
    """Makes the schema of the Indonesian name of a class."""

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"enum": [cls.name.id for cls in _SCHEMA_CLASSES.get()], "type": "string"}


Risk = Annotated[int, _RiskSchema()]
"""Number of a class."""
Colour = Annotated[str, _ColourSchema()]
"""Indonesian name of a class."""


def class_model(model: type[ModelT]) -> type[ModelT]:
    """Register a model whose schema depends on the classes; see `with_classes`."""
    _CLASS_MODELS.append(model)
    return model


def describe_risk(schema: JsonSchemaValue) -> None:
    """Describe a risk by the numbers and names of the classes."""
    names = ", ".join(f"{risk} {cls.name.id}" for risk, cls in enumerate(_SCHEMA_CLASSES.get()))
    schema["description"] = f"{names}; above the RT the highest."


def _describe_counts(schema: JsonSchemaValue) -> None:
    schema.pop("additionalProperties", None)
    for key in class_keys(_SCHEMA_CLASSES.get()):
        schema["properties"][key] = {"title": key.capitalize(), "type": "integer"}
        schema["required"].append(key)


class ClassCounts(BaseModel):
    """Base of a model with the number of RT of each class, by the key of the class."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_describe_counts)
    __pydantic_extra__: dict[str, int] = Field(init=False)


def with_classes(openapi: dict[str, Any], classes: Classes) -> dict[str, Any]:
    """The OpenAPI description for a city whose rules have these classes.

    Parameters
    ----------
    openapi
        The description for the four colours; not changed.

    Raises
    ------
    LookupError
        If the description lacks the schema of a class model.
    """
    if classes == FOUR_COLOURS:
        return openapi
    description = deepcopy(openapi)
    schemas = description["components"]["schemas"]
    missing = [model.__name__ for model in _CLASS_MODELS if model.__name__ not in schemas]
    if missing:
        raise LookupError(f"The OpenAPI description has no schema of {', '.join(missing)}.")
    with _classes_in_schemas(classes):
        schemas |= {model.__name__: _component(model) for model in _CLASS_MODELS}
    return description


@contextmanager
def _classes_in_schemas(classes: Classes) -> Iterator[None]:
    token = _SCHEMA_CLASSES.set(classes)
    try:
        yield
    finally:
        _SCHEMA_CLASSES.reset(token)


def _component(model: type[BaseModel]) -> JsonSchemaValue:
    """The schema of a model as FastAPI writes it: references to components, no null defaults."""
    schema = model.model_json_schema(ref_template=_REFERENCE, mode="serialization")
    schema.pop("$defs", None)
    for field in schema["properties"].values():
        if "default" in field and field["default"] is None:
            del field["default"]
    return schema
