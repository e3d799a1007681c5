"""Zones as GeoJSON, put together from pieces that are ready: geometry is encoded once.

Only the colour of a feature changes with the day: there is one ending for each class.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.areas import LEVELS, Level
from geodata.boundaries import Boundaries
from geodata.once import once
from zoning.public.areas import remarks_of
from zoning.public.day import PublicDay
from zoning.risk import Classes

_DECIMALS: Final = 7
"""Of a degree: a centimetre."""
_FEATURES_AT_ONCE: Final = 256
_BYTES_A_CORNER: Final = 26
_BYTES_AN_AREA: Final = 900
"""Of the texts, for a corner as long as `_DECIMALS` makes it."""


class LevelFeatures:
    """Areas of one level of one version of the boundaries, encoded up to their colour."""

    def __init__(self, boundaries: Boundaries, level: Level, classes: Classes) -> None:
        self._classes = classes
        self._boundaries = boundaries
        self._level = level
        self._areas = boundaries.level(level)
        # At most a row number for each area and each level above it.
        self._inside: dict[str, NDArray[np.intp]] = {}

    def __len__(self) -> int:
        return len(self._areas)

    @once
    def geometries(self) -> list[bytes]:
        """Each area's geometry as GeoJSON."""
        shapes = shapely.transform(
            self._areas.geometry.to_numpy(), lambda xy: np.round(xy, _DECIMALS)
        )
        return [text.encode() for text in shapely.to_geojson(shapes)]

    @once
    def _heads(self) -> list[tuple[bytes, bytes]]:
        """What comes before an area's geometry, and between that and its colour."""
        areas = self._areas
        rows = zip(areas["code"], areas["name"], areas["level"], self._remarks(), strict=True)
        return [
            (
                f'{{"type":"Feature","id":{json.dumps(code)},"geometry":'.encode(),
                f',"properties":{{"code":{json.dumps(code)},"name":{json.dumps(name)},'
                f'"level":{json.dumps(level)}{remark}'.encode(),
            )
            for code, name, level, remark in rows
        ]

    def _remarks(self) -> list[str]:
        """What features say more where the smallest zones of the city are no RT."""
        if self._boundaries.smallest_zone == "rt":
            return [""] * len(self._areas)
        said = remarks_of(self._boundaries, self._areas["kind"])
        return [f',"remark":{json.dumps(remark)}' for remark in said]

    @property
    def nbytes(self) -> int:
        """Memory with all that is encoded at first use, in bytes, about."""
        corners = int(shapely.get_num_coordinates(self._areas.geometry.to_numpy()).sum())
        return corners * _BYTES_A_CORNER + len(self) * _BYTES_AN_AREA

    def inside(self, parent: str) -> NDArray[np.intp]:
        """Rows of the areas within another, at any depth.

        Raises
        ------
        NotFoundError
            ``no-area`` if there is no such area.
        """
        found = self._inside.get(parent)
        if found is None:
            found = self._inside[parent] = self._find_inside(parent)
        return found

    def _find_inside(self, parent: str) -> NDArray[np.intp]:
        above = self._boundaries.area(parent)
        areas = self._boundaries.areas
        up = dict(zip(areas["code"], areas["parent"], strict=True))
        depth = LEVELS.index(self._level) - LEVELS.index(above.level)
        if depth <= 0:
            return np.empty(0, dtype=np.intp)
        codes = self._areas["code"].to_numpy().astype(object)
        held = np.zeros(len(codes), dtype=np.bool_)
        for _ in range(depth):
            codes = np.array([up.get(code) for code in codes], dtype=object)
            held |= codes == parent
        return np.flatnonzero(held)

    def write(
        self, rows: NDArray[np.intp], risks: NDArray[np.uint8], day: PublicDay
    ) -> Iterator[bytes]:
        """Features of some rows, with commas between them, in pieces fit for sending.

        Parameters
        ----------
        risks
            Of every row of the level.
        """
        tails = _tails(day, self._classes)
        heads, shapes = self._heads, self.geometries
        first = True
        for part in batched_rows(rows, _FEATURES_AT_ONCE):
            text = b",".join(
                [heads[row][0] + shapes[row] + heads[row][1] + tails[risks[row]] for row in part]
            )
            yield text if first else b"," + text
            first = False


def batched_rows(rows: NDArray[np.intp], size: int) -> Iterator[Sequence[int]]:
    """Cut rows into runs of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size].tolist()


def _tails(day: PublicDay, classes: Classes) -> list[bytes]:
    same = (
        f',"date":"{day.date.isoformat()}","rule":{json.dumps(day.rule)},'
        f'"run":{json.dumps(day.run)}}}}}'
    )
    return [
        f',"risk":{number},"colour":{json.dumps(risk.name.id)}{same}'.encode()
        for number, risk in enumerate(classes)
    ]
