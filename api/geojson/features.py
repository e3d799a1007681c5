"""Zones as GeoJSON, joined from encoded parts: each geometry is encoded once.

Only the colour of a feature changes with the day: every class of risk has one ending.
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
from zoning.public.areas import area_remarks
from zoning.public.day import PublicDay
from zoning.risk import Classes

_DECIMALS: Final = 7
"""Of a degree: a centimetre."""
_FEATURES_PER_PIECE: Final = 256
_BYTES_PER_VERTEX: Final = 26
"""Length of a vertex with `_DECIMALS` decimals."""
_BYTES_PER_AREA: Final = 900


class LevelFeatures:
    """Areas of one level on one version of the boundaries, encoded except for their colour."""

    def __init__(self, boundaries: Boundaries, level: Level, classes: Classes) -> None:
        self._classes = classes
        self._boundaries = boundaries
        self._level = level
        self._areas = boundaries.level(level)
        # At most one row number for each area and each level above the area.
        self._rows_by_parent: dict[str, NDArray[np.intp]] = {}

    def __len__(self) -> int:
        return len(self._areas)

    @once
    def geometries(self) -> list[bytes]:
        """The geometry of each area as GeoJSON."""
        shapes = shapely.transform(
            self._areas.geometry.to_numpy(), lambda xy: np.round(xy, _DECIMALS)
        )
        return [text.encode() for text in shapely.to_geojson(shapes)]

    @once
    def _heads(self) -> list[tuple[bytes, bytes]]:
        """The texts before the geometry and between geometry and colour, for each area."""
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
        """The property ``remark`` of each area, where the smallest zones of the city are no RT."""
        if self._boundaries.smallest_zone == "rt":
            return [""] * len(self._areas)
        remarks = area_remarks(self._boundaries, self._areas["kind"])
        return [f',"remark":{json.dumps(remark)}' for remark in remarks]

    @property
    def nbytes(self) -> int:
        """Memory in bytes, approximately, after every part is encoded."""
        vertices = int(shapely.get_num_coordinates(self._areas.geometry.to_numpy()).sum())
        return vertices * _BYTES_PER_VERTEX + len(self) * _BYTES_PER_AREA

    def rows_within(self, parent: str) -> NDArray[np.intp]:
        """Rows of the areas within a parent area, at any depth.

        Raises
        ------
        NotFoundError
            ``no-area`` if there is no such area.
        """
        rows = self._rows_by_parent.get(parent)
        if rows is None:
            rows = self._rows_by_parent[parent] = self._find_rows(parent)
        return rows

    def _find_rows(self, parent: str) -> NDArray[np.intp]:
        parent_level = self._boundaries.area(parent).level
        areas = self._boundaries.areas
        parents = dict(zip(areas["code"], areas["parent"], strict=True))
        depth = LEVELS.index(self._level) - LEVELS.index(parent_level)
        if depth <= 0:
            return np.empty(0, dtype=np.intp)
        codes = self._areas["code"].to_numpy().astype(object)
        is_within = np.zeros(len(codes), dtype=np.bool_)
        for _ in range(depth):
            codes = np.array([parents.get(code) for code in codes], dtype=object)
            is_within |= codes == parent
        return np.flatnonzero(is_within)

    def write(
        self, rows: NDArray[np.intp], risks: NDArray[np.uint8], day: PublicDay
    ) -> Iterator[bytes]:
        """Write the features of some rows, separated by commas, in pieces of many features.

        Parameters
        ----------
        risks
            Risk of every area of the level.
        """
        tails = _tails(day, self._classes)
        heads, shapes = self._heads, self.geometries
        is_first = True
        for batch in batched_rows(rows, _FEATURES_PER_PIECE):
            text = b",".join(
                [heads[row][0] + shapes[row] + heads[row][1] + tails[risks[row]] for row in batch]
            )
            yield text if is_first else b"," + text
            is_first = False


def batched_rows(rows: NDArray[np.intp], size: int) -> Iterator[Sequence[int]]:
    """Split rows into batches of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size].tolist()


def _tails(day: PublicDay, classes: Classes) -> list[bytes]:
    constant = (
        f',"date":"{day.date.isoformat()}","rule":{json.dumps(day.rule)},'
        f'"run":{json.dumps(day.run)}}}}}'
    )
    return [
        f',"risk":{risk},"colour":{json.dumps(cls.name.id)}{constant}'.encode()
        for risk, cls in enumerate(classes)
    ]
