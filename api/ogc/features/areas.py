"""Areas of one level as columns, and the zones of a day for every possible risk."""

import json
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from api.ogc.columns import Column, constant_column, text_column
from api.ogc.features.collection import GEOMETRY, geometry_column
from api.ogc.shapes import Shapes
from geodata.areas import LEVELS, Level
from geodata.boundaries import Boundaries
from geodata.calendar import day_number
from geodata.once import once
from zoning.caching import Cache, Key
from zoning.risk import Classes

_BYTES_PER_VALUE: Final = 160
"""Memory of a value in a column and in the first text of its feature."""


class AreaColumns:
    """Columns and geometries of the areas of a level: they are the same on every day.

    Parameters
    ----------
    encode
        Gives the geometries as GeoJSON.
    cache, key
        The cache for projected and encoded geometries, and the key of this object in the cache.
    """

    def __init__(
        self,
        boundaries: Boundaries,
        level: Level,
        encode: Callable[[], list[bytes]],
        cache: Cache,
        key: Key,
    ) -> None:
        self._areas = boundaries.level(level)
        self.shapes = Shapes(self._areas.geometry.to_numpy(), cache, key, encode)
        self.columns = self._columns(boundaries, level)

    def __len__(self) -> int:
        return len(self._areas)

    @property
    def nbytes(self) -> int:
        """Memory in bytes, approximately."""
        return len(self) * len(self.columns) * _BYTES_PER_VALUE

    @once
    def row_by_code(self) -> dict[str, int]:
        """Row numbers by code."""
        return {code: row for row, code in enumerate(self._areas["code"])}

    @once
    def heads(self) -> list[tuple[bytes, bytes]]:
        """For each feature, the text up to its id, and the text of its static properties."""
        names = list(self.columns)
        rows = zip(
            *(_json_values(column, len(self)) for column in self.columns.values()), strict=True
        )
        return [
            (
                f'{{"type":"Feature","id":{json.dumps(row[0])[:-1]}'.encode(),
                f',"properties":{json.dumps(dict(zip(names, row, strict=True)))[:-1]},'.encode(),
            )
            for row in rows
        ]

    def _columns(self, boundaries: Boundaries, level: Level) -> dict[str, Column]:
        areas = boundaries.areas
        parents = dict(zip(areas["code"], areas["parent"], strict=True))
        names = dict(zip(areas["code"], areas["name"], strict=True))
        levels = dict(zip(areas["code"], areas["level"], strict=True))
        columns = {
            "code": text_column(self._areas["code"]),
            "name": text_column(self._areas["name"]),
            "level": text_column(self._areas["level"]),
            "parent": text_column(self._areas["parent"]),
        }
        codes: list[Any] = self._areas["parent"].tolist()
        for upper in reversed(LEVELS[1 : LEVELS.index(level)]):
            # An area may lie in no area of a level: a dusun in no RW.
            upper_codes = [code if levels.get(code) == upper else None for code in codes]
            codes = [parents.get(code) if levels.get(code) == upper else code for code in codes]
            columns[upper] = text_column(upper_codes)
            if upper != "rw":
                columns[f"{upper}_name"] = text_column([names.get(code) for code in upper_codes])
        return columns


class ZonesByRisk:
    """Zones of one day for every possible risk: an array with a row for each risk.

    Parameters
    ----------
    classes
        Classes of risk.
    run
        The day, the rule and the public id of the run.
    """

    per_day_properties = frozenset({"date", "rule", "run"})

    def __init__(self, areas: AreaColumns, classes: Classes, run: tuple[date, str, str]) -> None:
        day, rule, run_id = run
        colours = np.array([cls.name.id for cls in classes], dtype=object)
        # The classes of a city do not change, so the areas alone identify the static columns.
        self.static_key: Hashable = areas
        self._areas = areas
        self._n_classes = len(classes)
        self._risk_columns = {
            "risk": Column("number", np.arange(len(classes), dtype=float)[:, None], np.array(True)),
            "colour": Column("text", colours[:, None], np.array(True)),
        }
        self._day_columns = {
            "date": constant_column("day", day_number(day)),
            "rule": constant_column("text", rule),
            "run": constant_column("text", run_id),
        }

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of risks, number of zones."""
        return self._n_classes, len(self._areas)

    def column(self, name: str, plane: str) -> Column:
        """Values of a property."""
        if name == GEOMETRY:
            return geometry_column(self._areas.shapes, plane)
        if name in self._areas.columns:
            return self._areas.columns[name]
        return self._risk_columns.get(name) or self._day_columns[name]


def _json_values(column: Column, count: int) -> list[Any]:
    values: NDArray[Any] = np.full(count, None, dtype=object)
    np.copyto(values, column.values, where=column.known, casting="unsafe")
    return list(values.tolist())
