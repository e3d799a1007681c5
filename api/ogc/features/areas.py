"""Areas of one level as columns, and the zones they are on a day, whatever their risk."""

import json
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from api.ogc.columns import Column, same, texts
from api.ogc.features.collection import GEOMETRY, geometry_column
from api.ogc.shapes import Shapes
from geodata.areas import LEVELS, Level
from geodata.boundaries import Boundaries
from geodata.calendar import day_number
from geodata.once import once
from zoning.caching import Cache, Key
from zoning.risk import Classes

_BYTES_A_VALUE: Final = 160
"""Of a column, and of the text that each feature begins with."""


class Areas:
    """What of the areas of a level stays the same from day to day.

    Parameters
    ----------
    encoded
        Gives their geometries as GeoJSON.
    cache, key
        What keeps what is derived from them, and the key they are kept under themselves.
    """

    def __init__(
        self,
        boundaries: Boundaries,
        level: Level,
        encoded: Callable[[], list[bytes]],
        cache: Cache,
        key: Key,
    ) -> None:
        self._areas = boundaries.level(level)
        self.shapes = Shapes(self._areas.geometry.to_numpy(), cache, key, encoded)
        self.columns = self._columns(boundaries, level)

    def __len__(self) -> int:
        return len(self._areas)

    @property
    def nbytes(self) -> int:
        """Memory, in bytes, about."""
        return len(self) * len(self.columns) * _BYTES_A_VALUE

    @once
    def row_of(self) -> dict[str, int]:
        """Row of a code."""
        return {code: row for row, code in enumerate(self._areas["code"])}

    @once
    def heads(self) -> list[tuple[bytes, bytes]]:
        """Of each feature, what comes before the end of its id, and its lasting properties."""
        names = list(self.columns)
        rows = zip(*(_plain(column, len(self)) for column in self.columns.values()), strict=True)
        return [
            (
                f'{{"type":"Feature","id":{json.dumps(row[0])[:-1]}'.encode(),
                f',"properties":{json.dumps(dict(zip(names, row, strict=True)))[:-1]},'.encode(),
            )
            for row in rows
        ]

    def _columns(self, boundaries: Boundaries, level: Level) -> dict[str, Column]:
        areas = boundaries.areas
        up = dict(zip(areas["code"], areas["parent"], strict=True))
        name = dict(zip(areas["code"], areas["name"], strict=True))
        columns = {
            "code": texts(self._areas["code"]),
            "name": texts(self._areas["name"]),
            "level": texts(self._areas["level"]),
            "parent": texts(self._areas["parent"]),
        }
        at = dict(zip(areas["code"], areas["level"], strict=True))
        codes: list[Any] = self._areas["parent"].tolist()
        for above in reversed(LEVELS[1 : LEVELS.index(level)]):
            # An area may lie in none of a level: a dusun in no RW.
            found = [code if at.get(code) == above else None for code in codes]
            codes = [up.get(code) if at.get(code) == above else code for code in codes]
            columns[above] = texts(found)
            if above != "rw":
                columns[f"{above}_name"] = texts([name.get(code) for code in found])
        return columns


class OfEveryRisk:
    """Zones of one day, once for each risk they might have: rows are risks, columns zones.

    Parameters
    ----------
    classes
        Of the risks.
    of
        The day, the rule and the run.
    """

    per_day_properties = frozenset({"date", "rule", "run"})

    def __init__(self, areas: Areas, classes: Classes, of: tuple[date, str, str]) -> None:
        day, rule, run = of
        colours = np.array([one.name.id for one in classes], dtype=object)
        # The classes are the city's, and stay the same as long as its areas are kept.
        self.static_key: Hashable = areas
        self._areas = areas
        self._count = len(classes)
        self._each = {
            "risk": Column("number", np.arange(len(classes), dtype=float)[:, None], np.array(True)),
            "colour": Column("text", colours[:, None], np.array(True)),
        }
        self._of_day = {
            "date": same("day", day_number(day)),
            "rule": same("text", rule),
            "run": same("text", run),
        }

    @property
    def shape(self) -> tuple[int, ...]:
        """Risks, zones."""
        return self._count, len(self._areas)

    def column(self, name: str, plane: str) -> Column:
        """Values of a property."""
        if name == GEOMETRY:
            return geometry_column(self._areas.shapes, plane)
        if name in self._areas.columns:
            return self._areas.columns[name]
        return self._each[name] if name in self._each else self._of_day[name]


def _plain(column: Column, count: int) -> list[Any]:
    values: NDArray[Any] = np.full(count, None, dtype=object)
    np.copyto(values, column.values, where=column.known, casting="unsafe")
    return list(values.tolist())
