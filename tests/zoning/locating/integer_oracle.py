"""Point in polygon in exact integers, for millions of points; shares no code with the engine.

Coordinates in degrees times 2^50 are integers. A product of two differences is kept as three limbs
of 26 bits, so no step rounds. A test compares this oracle with ``oracle``, which computes the same
in fractions, slowly.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

ScaledIntegers = NDArray[np.int64]
Points = NDArray[np.float64]
LIMB = 26
PAIRS = 20_000_000
"""Pairs of an edge and a point in one batch."""
NO_POLYGON = np.iinfo(np.int32).max


class Edges(NamedTuple):
    """Edges of polygon parts, as scaled integers."""

    ax: ScaledIntegers
    ay: ScaledIntegers
    bx: ScaledIntegers
    by: ScaledIntegers

    def at(self, k: NDArray[np.intp]) -> "Edges":
        return Edges(*(ends[k] for ends in self))


def scaled_integers(values: Points) -> ScaledIntegers:
    scaled = values * 2.0**50
    assert (np.abs(scaled) < 2.0**62).all(), "beyond the oracle's range"
    assert (scaled == np.rint(scaled)).all(), "finer than the oracle's grain"
    return scaled.astype(np.int64)


def product_limbs(
    a: ScaledIntegers, b: ScaledIntegers
) -> tuple[ScaledIntegers, ScaledIntegers, ScaledIntegers]:
    """Limbs of a b, low first, for factors under 2^52."""
    a1, a0 = a >> LIMB, a & ((1 << LIMB) - 1)
    b1, b0 = b >> LIMB, b & ((1 << LIMB) - 1)
    return a0 * b0, a1 * b0 + a0 * b1, a1 * b1


def side(e: Edges, px: ScaledIntegers, py: ScaledIntegers) -> ScaledIntegers:
    """Sign of (b - a) x (p - a): 1 where the point is left of the line from a to b."""
    factors = (e.bx - e.ax, py - e.ay, e.by - e.ay, px - e.ax)
    assert all((np.abs(f) < 2**51).all() for f in factors), "beyond the oracle's range"
    rising, falling = product_limbs(*factors[:2]), product_limbs(*factors[2:])
    low, middle, high = (r - f for r, f in zip(rising, falling, strict=True))
    middle += low >> LIMB
    high += middle >> LIMB
    has_low_bits = ((middle & ((1 << LIMB) - 1)) | (low & ((1 << LIMB) - 1))) != 0
    sign: ScaledIntegers = np.where(high != 0, np.sign(high), has_low_bits.astype(np.int64))
    return sign


def locate(geometries: Sequence[BaseGeometry | None], points: Points) -> NDArray[np.int32]:
    """Row number of the polygon each point belongs to, -1 for none."""
    parts, owner = shapely.get_parts(np.array(geometries, dtype=object), return_index=True)
    edges, first = extract_edges(parts)
    x, y = scaled_integers(points[:, 0]), scaled_integers(points[:, 1])
    boxes: NDArray[np.object_] = np.asarray(shapely.box(*shapely.bounds(parts).T))
    point, part = shapely.STRtree(boxes).query(shapely.points(points))
    holding_row = np.full(len(points), NO_POLYGON, dtype=np.int64)
    touching_row = holding_row.copy()
    for query, edge in pairs(first, part):
        k = point[query]
        # Only edges at the height of the point can be west of the point or touch it.
        at_height = (np.minimum(edges.ay[edge], edges.by[edge]) <= y[k]) & (
            y[k] <= np.maximum(edges.ay[edge], edges.by[edge])
        )
        pair, k = query[at_height], k[at_height]
        e = edges.at(edge[at_height])
        px, py = x[k], y[k]
        side_of_edge = side(e, px, py)
        crossed = (e.ay <= py) != (e.by <= py)
        west = crossed & np.where(e.by > e.ay, side_of_edge <= 0, side_of_edge >= 0)
        inside = np.bincount(pair[west], minlength=len(part)) % 2 == 1
        np.minimum.at(holding_row, point[inside], owner[part[inside]])
        under = (
            (side_of_edge == 0) & (np.minimum(e.ax, e.bx) <= px) & (px <= np.maximum(e.ax, e.bx))
        )
        np.minimum.at(touching_row, k[under], owner[part[pair[under]]])
    rows = np.where(
        holding_row < NO_POLYGON, holding_row, np.where(touching_row < NO_POLYGON, touching_row, -1)
    )
    return rows.astype(np.int32)


def extract_edges(parts: NDArray[np.object_]) -> tuple[Edges, ScaledIntegers]:
    """Edges of all parts one after another, and the first edge of each part."""
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    joined = np.flatnonzero(ring[1:] == ring[:-1])
    x, y = scaled_integers(vertices[:, 0]), scaled_integers(vertices[:, 1])
    counts = np.bincount(part_of_ring[ring[joined]], minlength=len(parts))
    first = np.concatenate(([0], np.cumsum(counts)))
    return Edges(x[joined], y[joined], x[joined + 1], y[joined + 1]), first


def pairs(
    first: ScaledIntegers, part: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], ScaledIntegers]]:
    """Each pair of a point and a part with each edge of the part; a batch holds complete pairs."""
    counts = np.diff(first)[part]
    ends = np.cumsum(counts)
    start = 0
    while start < len(part):
        n_done = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, n_done + PAIRS, side="right")), start + 1)
        pair = np.repeat(np.arange(start, stop), counts[start:stop])
        position = np.arange(len(pair)) - np.repeat(
            ends[start:stop] - counts[start:stop] - n_done, counts[start:stop]
        )
        yield pair, first[part[pair]] + position
        start = stop
