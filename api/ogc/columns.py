"""Properties of features, and their values as columns; a CQL2 filter compares columns."""

from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.language import Bilingual

Kind = Literal["text", "number", "day", "moment", "shape", "boolean"]
"""Type of values: a day is days since 1970-01-01, a moment microseconds (UTC) since 1970-01-01."""
_SCHEMA: Final[dict[Kind, dict[str, str]]] = {
    "text": {"type": "string"},
    "number": {"type": "integer"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "shape": {"format": "geometry-any", "x-ogc-role": "primary-geometry"},
    "boolean": {"type": "boolean"},
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Property(NamedTuple):
    """One property of the features of a collection."""

    name: str
    kind: Kind
    title: Bilingual
    values: tuple[str | int, ...] = ()
    """All possible values, if they are few; else empty."""

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the property."""
        schema: dict[str, Any] = {"title": f"{self.title.id} · {self.title.en}"}
        schema.update(_SCHEMA[self.kind])
        if self.values:
            schema["enum"] = list(self.values)
        return schema


class Column(NamedTuple):
    """Values of one property, as an array that can be broadcast: one value may stand for all."""

    kind: Kind
    values: NDArray[Any]
    known: NDArray[np.bool_]
    """False where the value is missing."""


def text_column(values: "pd.Series[Any] | list[Any] | NDArray[Any]") -> Column:
    """A column of texts; texts may be missing."""
    cells = pd.array(list(values), dtype=object)
    known = np.asarray(pd.notna(cells), dtype=np.bool_)
    return Column("text", np.where(known, np.asarray(cells, dtype=object), ""), known)


def number_column(values: "pd.Series[Any] | NDArray[Any]") -> Column:
    """A column of numbers; numbers may be missing."""
    cells = pd.Series(values).astype("Float64")
    known = cells.notna().to_numpy(dtype=np.bool_)
    return Column("number", cells.fillna(0).to_numpy(dtype=np.float64), known)


def moment_column(values: "pd.Series[Any]") -> Column:
    """A column of moments in UTC; moments may be missing."""
    known = values.notna().to_numpy(dtype=np.bool_)
    microseconds = values.to_numpy(dtype="datetime64[us]").astype(np.int64)
    return Column("moment", np.where(known, microseconds, 0), known)


def constant_column(kind: Kind, value: str | float) -> Column:
    """A column with the same value for every feature."""
    values = np.array(value, dtype=object if kind == "text" else None)
    return Column(kind, values, np.array(True))


def moment_number(moment: datetime) -> int:
    """Microseconds since 1970-01-01, UTC."""
    elapsed = moment - _EPOCH
    return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds
