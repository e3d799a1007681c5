"""The areas at one zoom, simplified as a coverage, so that no gap or overlap appears.

Coordinates are whole units of the zoom's grid in Web Mercator (EPSG:3857): `EXTENT` units per tile,
x to the east and y to the south. Two neighbours and the areas above them share the same border.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.areas import OTHER, Level
from geodata.boundaries import Boundaries
from geodata.boundaries.coverage.topology import union_coverage
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, to_tiles

EXTENT: Final = 4096
"""Units per side of a tile."""
_TOLERANCE: Final = 4.0
"""Tolerance of `shapely.coverage_simplify`, in units (Visvalingam and Whyatt 1993).

A corner is removed if its triangle with its neighbours has an area of less than the tolerance
squared: half a pixel of a tile of 512 pixels.
"""
_FINE_FROM_ZOOM: Final = 14
_FINE_TOLERANCE: Final = 2.5
"""Tolerance from `_FINE_FROM_ZOOM` on: every RT keeps its area within one percent."""
_UNSIMPLIFIED_ZOOM: Final = 16
"""From this zoom on borders are not simplified."""
FIRST_ZOOM: Final[dict[str, int]] = {
    "kecamatan": MIN_ZOOM,
    "kelurahan": MIN_ZOOM,
    "rw": 12,
    "rt": 10,
    "other": 10,
}
"""The layers, from the largest areas to the smallest, and the lowest zoom of each."""
ZOOMS: Final = range(MIN_ZOOM, MAX_ZOOM + 1)
Shapes = NDArray[np.object_]


class Layer(NamedTuple):
    """Areas of one kind at one zoom.

    Attributes
    ----------
    rows
        Row numbers of the areas in `Boundaries.areas`, shape ``(n,)``.
    shapes
        Polygons of the areas, shape ``(n,)``; empty if an area is too small at this zoom.
    """

    name: str
    rows: NDArray[np.int32]
    shapes: Shapes


def layers_by_zoom(
    boundaries: Boundaries, zooms: Sequence[int] = ZOOMS
) -> Iterator[tuple[int, list[Layer]]]:
    """The layers of some zooms, from the lowest zoom on."""
    rows = smallest_zone_rows(boundaries)
    zones = _zones_by_zoom(boundaries.areas.geometry.to_numpy()[rows])
    groups = {level: _AreaGroup.of(boundaries, level) for level in ("rw", "kelurahan", "kecamatan")}
    for zoom in sorted(zooms):
        shapes = (
            _scale(zones[_UNSIMPLIFIED_ZOOM], zoom) if zoom > _UNSIMPLIFIED_ZOOM else zones[zoom]
        )
        layers = [groups[name].layer(shapes) for name in groups if FIRST_ZOOM[name] <= zoom]
        layers = [*layers[::-1], *_smallest_layers(boundaries, rows, shapes, zoom)]
        yield zoom, [layer for layer in layers if len(layer.rows)]


def _zones_by_zoom(degrees: Shapes) -> dict[int, Shapes]:
    """The smallest zones at each zoom up to `_UNSIMPLIFIED_ZOOM`.

    The shapes of a zoom are simplified from those of the next higher zoom.
    """
    shapes_by_zoom = {_UNSIMPLIFIED_ZOOM: _to_units(degrees, _UNSIMPLIFIED_ZOOM)}
    for zoom in range(_UNSIMPLIFIED_ZOOM - 1, MIN_ZOOM - 1, -1):
        halved = shapely.transform(shapes_by_zoom[zoom + 1], lambda xy: xy / 2)
        shapes_by_zoom[zoom] = _simplify(
            halved, _FINE_TOLERANCE if zoom >= _FINE_FROM_ZOOM else _TOLERANCE
        )
    return shapes_by_zoom


def _scale(shapes: Shapes, zoom: int) -> Shapes:
    """Scale shapes of `_UNSIMPLIFIED_ZOOM` to a higher zoom: a power of two, without rounding."""
    scaled: Shapes = shapely.transform(shapes, lambda xy: xy * (1 << (zoom - _UNSIMPLIFIED_ZOOM)))
    return scaled


def smallest_zone_rows(boundaries: Boundaries) -> NDArray[np.int32]:
    """Row numbers of the smallest zones in `Boundaries.areas`, in the order of the zones."""
    codes = boundaries.smallest_zones["code"].tolist()
    return np.array([boundaries.row_of[code] for code in codes], dtype=np.int32)


def snap_to_units(shapes: Shapes) -> Shapes:
    """Round the corners of polygons to whole units; the results are valid and may be empty."""
    rounded: Shapes = shapely.transform(shapes, np.rint)
    # Rounding each corner keeps shared borders equal, but may rarely make a ring cross itself.
    invalid = ~shapely.is_valid(rounded)
    repaired = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    rounded[invalid] = shapely.set_precision(repaired, 1.0)
    return rounded


class _AreaGroup(NamedTuple):
    """The smallest zones of each area of a higher level."""

    level: Level
    rows: NDArray[np.int32]
    members: list[NDArray[np.intp]]

    @classmethod
    def of(cls, boundaries: Boundaries, level: Level) -> "_AreaGroup":
        # -1 where a zone (a market) belongs to no RW.
        ancestor_rows = np.array(
            [boundaries.row_of.get(code, -1) for code in boundaries.ancestors(level)]
        )
        order = np.argsort(ancestor_rows, kind="stable")
        rows, starts = np.unique(ancestor_rows[order], return_index=True)
        members = np.split(order, starts[1:])
        first = int(np.searchsorted(rows, 0))
        return cls(level, rows[first:].astype(np.int32), members[first:])

    def layer(self, zones: Shapes) -> Layer:
        unions = [union_coverage(zones[member_rows]) for member_rows in self.members]
        return Layer(self.level, self.rows, snap_to_units(np.array(unions, dtype=object)))


def _smallest_layers(
    boundaries: Boundaries, rows: NDArray[np.int32], shapes: Shapes, zoom: int
) -> list[Layer]:
    if zoom < FIRST_ZOOM["rt"]:
        return []
    is_rt = np.asarray(boundaries.smallest_zones["kind"] != OTHER)
    rounded = snap_to_units(shapes)
    return [
        Layer("rt", rows[is_rt], rounded[is_rt]),
        Layer("other", rows[~is_rt], rounded[~is_rt]),
    ]


def _to_units(shapes: Shapes, zoom: int) -> Shapes:
    shapes_in_units: Shapes = shapely.transform(
        shapes, lambda xy: to_tiles(xy[:, 0], xy[:, 1], zoom).T * EXTENT
    )
    return shapes_in_units


def _simplify(shapes: Shapes, tolerance: float) -> Shapes:
    simplified: Shapes = shapely.coverage_simplify(shapes, tolerance)
    # A shape smaller than the tolerance may become empty: keep its original shape then.
    return np.where(shapely.is_empty(simplified), shapes, simplified)
