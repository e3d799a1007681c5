"""Areas as one zoom shows them: simplified together, so that no gap or overlap appears.

In whole units of the zoom's grid, `EXTENT` of them across a tile, y growing to the south. A line
between two areas is the same line for both, and for the areas above them.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.areas import OTHER, Level
from geodata.boundaries import Boundaries
from geodata.boundaries.coverage.topology import united
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, to_tiles

EXTENT: Final = 4096
"""Units across a tile."""
_TOLERANCE: Final = 4.0
"""A corner goes if the triangle it spans is smaller than this many units squared.

Half a pixel of a tile drawn 512 wide.
"""
_FINE_FROM: Final = 14
_FINE: Final = 2.5
"""From that zoom on, where every RT keeps its size within a hundredth."""
_AS_DRAWN: Final = 16
"""From this zoom on lines keep every bend they have."""
FIRST_ZOOM: Final[dict[str, int]] = {
    "kecamatan": MIN_ZOOM,
    "kelurahan": MIN_ZOOM,
    "rw": 12,
    "rt": 10,
    "other": 10,
}
"""Layers, from the largest areas to the smallest, and the first zoom that shows each."""
ZOOMS: Final = range(MIN_ZOOM, MAX_ZOOM + 1)
Shapes = NDArray[np.object_]


class Layer(NamedTuple):
    """Areas of one kind at one zoom.

    Attributes
    ----------
    rows
        Their row numbers in `Boundaries.areas`, shape ``(n,)``.
    shapes
        Their polygons, ``(n,)``; empty where an area is too small to be seen.
    """

    name: str
    rows: NDArray[np.int32]
    shapes: Shapes


def zooms(
    boundaries: Boundaries, wanted: Sequence[int] = ZOOMS
) -> Iterator[tuple[int, list[Layer]]]:
    """The layers of some zooms, the farthest first."""
    rows = leaf_rows(boundaries)
    leaves = _leaves_by_zoom(boundaries.areas.geometry.to_numpy()[rows])
    groups = {level: _Group.of(boundaries, level) for level in ("rw", "kelurahan", "kecamatan")}
    for zoom in sorted(wanted):
        shapes = _scaled(leaves[_AS_DRAWN], zoom) if zoom > _AS_DRAWN else leaves[zoom]
        layers = [groups[name].layer(shapes) for name in groups if FIRST_ZOOM[name] <= zoom]
        layers = [*layers[::-1], *_leaves(boundaries, rows, shapes, zoom)]
        yield zoom, [layer for layer in layers if len(layer.rows)]


def _leaves_by_zoom(degrees: Shapes) -> dict[int, Shapes]:
    """The leaves at each zoom up to `_AS_DRAWN`; each is simplified further from the closer one."""
    found = {_AS_DRAWN: _in_units(degrees, _AS_DRAWN)}
    for zoom in range(_AS_DRAWN - 1, MIN_ZOOM - 1, -1):
        halved = shapely.transform(found[zoom + 1], lambda xy: xy / 2)
        found[zoom] = _simplified(halved, _FINE if zoom >= _FINE_FROM else _TOLERANCE)
    return found


def _scaled(shapes: Shapes, zoom: int) -> Shapes:
    """Shapes of `_AS_DRAWN` in the units of a closer zoom: powers of two, nothing is rounded."""
    scaled: Shapes = shapely.transform(shapes, lambda xy: xy * (1 << (zoom - _AS_DRAWN)))
    return scaled


def leaf_rows(boundaries: Boundaries) -> NDArray[np.int32]:
    """Row numbers of the leaves in `Boundaries.areas`, in the leaves' own order."""
    codes = boundaries.leaves["code"].tolist()
    return np.array([boundaries.row_of[code] for code in codes], dtype=np.int32)


def whole(shapes: Shapes) -> Shapes:
    """Polygons with their corners on whole units: valid ones, without what has no area left."""
    rounded: Shapes = shapely.transform(shapes, np.rint)
    # Rounding each corner alone keeps neighbours together; rarely it makes a line cross itself.
    broken = ~shapely.is_valid(rounded)
    mended = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    rounded[broken] = shapely.set_precision(mended, 1.0)
    return rounded


class _Group(NamedTuple):
    """Which leaves make up each area of a level above them."""

    level: Level
    rows: NDArray[np.int32]
    members: list[NDArray[np.intp]]

    @classmethod
    def of(cls, boundaries: Boundaries, level: Level) -> "_Group":
        # A market belongs to no RW: -1.
        above = np.array([boundaries.row_of.get(code, -1) for code in boundaries.ancestors(level)])
        order = np.argsort(above, kind="stable")
        rows, starts = np.unique(above[order], return_index=True)
        members = np.split(order, starts[1:])
        first = int(np.searchsorted(rows, 0))
        return cls(level, rows[first:].astype(np.int32), members[first:])

    def layer(self, leaves: Shapes) -> Layer:
        unions = [united(leaves[part]) for part in self.members]
        return Layer(self.level, self.rows, whole(np.array(unions, dtype=object)))


def _leaves(
    boundaries: Boundaries, rows: NDArray[np.int32], shapes: Shapes, zoom: int
) -> list[Layer]:
    if zoom < FIRST_ZOOM["rt"]:
        return []
    is_rt = np.asarray(boundaries.leaves["kind"] != OTHER)
    rounded = whole(shapes)
    return [
        Layer("rt", rows[is_rt], rounded[is_rt]),
        Layer("other", rows[~is_rt], rounded[~is_rt]),
    ]


def _in_units(shapes: Shapes, zoom: int) -> Shapes:
    moved: Shapes = shapely.transform(
        shapes, lambda xy: to_tiles(xy[:, 0], xy[:, 1], zoom).T * EXTENT
    )
    return moved


def _simplified(shapes: Shapes, tolerance: float) -> Shapes:
    simple: Shapes = shapely.coverage_simplify(shapes, tolerance)
    # A shape smaller than the tolerance may vanish; better its own than none.
    return np.where(shapely.is_empty(simple), shapes, simple)
