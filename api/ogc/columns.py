"""Properties of a collection's features as columns: what a filter compares."""

from datetime import UTC, date, datetime
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.language import Bilingual

Kind = Literal["text", "number", "day", "moment", "shape", "truth"]
"""What values are: days count from 1970-01-01, moments are microseconds of UTC since then."""
_SCHEMA: Final[dict[Kind, dict[str, str]]] = {
    "text": {"type": "string"},
    "number": {"type": "integer"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "shape": {"format": "geometry-any", "x-ogc-role": "primary-geometry"},
    "truth": {"type": "boolean"},
}
_EPOCH: Final = date(1970, 1, 1)
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Property(NamedTuple):
    """One property of a collection's features."""

    name: str
    kind: Kind
    title: Bilingual
    values: tuple[str | int, ...] = ()
    """All there are, where they are few."""

    @property
    def schema(self) -> dict[str, Any]:
        """What JSON Schema says of it."""
        schema: dict[str, Any] = {"title": f"{self.title.id} · {self.title.en}"}
        schema.update(_SCHEMA[self.kind])
        if self.values:
            schema["enum"] = list(self.values)
        return schema


class Column(NamedTuple):
    """Values of one property: an array to be broadcast, so that one alone holds for all."""

    kind: Kind
    values: NDArray[Any]
    known: NDArray[np.bool_]


def texts(values: "pd.Series[Any] | list[Any] | NDArray[Any]") -> Column:
    """A column of texts, some of them missing."""
    cells = pd.array(list(values), dtype=object)
    known = np.asarray(pd.notna(cells), dtype=np.bool_)
    return Column("text", np.where(known, np.asarray(cells, dtype=object), ""), known)


def numbers(values: "pd.Series[Any] | NDArray[Any]") -> Column:
    """A column of numbers, some of them missing."""
    cells = pd.Series(values).astype("Float64")
    known = cells.notna().to_numpy(dtype=np.bool_)
    return Column("number", cells.fillna(0).to_numpy(dtype=np.float64), known)


def moments(values: "pd.Series[Any]") -> Column:
    """A column of moments in UTC."""
    known = values.notna().to_numpy(dtype=np.bool_)
    since = values.to_numpy(dtype="datetime64[us]").astype(np.int64)
    return Column("moment", np.where(known, since, 0), known)


def same(kind: Kind, value: str | float) -> Column:
    """One value for every feature."""
    held = np.array(value, dtype=object if kind == "text" else None)
    return Column(kind, held, np.array(True))


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def moment_number(moment: datetime) -> int:
    """Microseconds since 1970-01-01, UTC."""
    since = moment - _BEGINNING
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
