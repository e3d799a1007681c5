"""The join's meaning in exact integers, for millions of points; shares no code with the engine.

Coordinates times 2^50 are whole numbers for anything measured in degrees; products of their
differences are kept as three limbs of 26 bits, so nothing is ever rounded. Judged itself by
``oracle``, which says the same in fractions, slowly.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Whole = NDArray[np.int64]
Points = NDArray[np.float64]
LIMB = 26
PAIRS = 20_000_000
"""Edges against points looked at together."""
NOBODY = np.iinfo(np.int32).max


class Edges(NamedTuple):
    """Edges of polygon parts, all in whole numbers."""

    ax: Whole
    ay: Whole
    bx: Whole
    by: Whole

    def at(self, k: NDArray[np.intp]) -> "Edges":
        return Edges(*(ends[k] for ends in self))


def whole(values: Points) -> Whole:
    scaled = values * 2.0**50
    assert (np.abs(scaled) < 2.0**62).all(), "beyond the oracle's range"
    assert (scaled == np.rint(scaled)).all(), "finer than the oracle's grain"
    return scaled.astype(np.int64)


def product_limbs(a: Whole, b: Whole) -> tuple[Whole, Whole, Whole]:
    """Limbs of a b, low first, for factors under 2^52."""
    a1, a0 = a >> LIMB, a & ((1 << LIMB) - 1)
    b1, b0 = b >> LIMB, b & ((1 << LIMB) - 1)
    return a0 * b0, a1 * b0 + a0 * b1, a1 * b1


def side(e: Edges, px: Whole, py: Whole) -> Whole:
    """Sign of (b - a) x (p - a): 1 where the point is left of the line from a to b."""
    factors = (e.bx - e.ax, py - e.ay, e.by - e.ay, px - e.ax)
    assert all((np.abs(f) < 2**51).all() for f in factors), "beyond the oracle's range"
    rising, falling = product_limbs(*factors[:2]), product_limbs(*factors[2:])
    low, middle, high = (r - f for r, f in zip(rising, falling, strict=True))
    middle += low >> LIMB
    high += middle >> LIMB
    rest = ((middle & ((1 << LIMB) - 1)) | (low & ((1 << LIMB) - 1))) != 0
    sign: Whole = np.where(high != 0, np.sign(high), rest.astype(np.int64))
    return sign


def locate(geometries: Sequence[BaseGeometry | None], points: Points) -> NDArray[np.int32]:
    """Row number of the polygon each point belongs to, -1 for none."""
    parts, owner = shapely.get_parts(np.array(geometries, dtype=object), return_index=True)
    edges, first = edges_of(parts)
    x, y = whole(points[:, 0]), whole(points[:, 1])
    boxes: NDArray[np.object_] = np.asarray(shapely.box(*shapely.bounds(parts).T))
    point, part = shapely.STRtree(boxes).query(shapely.points(points))
    held = np.full(len(points), NOBODY, dtype=np.int64)
    touched = held.copy()
    for asked, edge in pairs(first, part):
        k = point[asked]
        # Only edges at the point's own height can be west of it or under it.
        level = (np.minimum(edges.ay[edge], edges.by[edge]) <= y[k]) & (
            y[k] <= np.maximum(edges.ay[edge], edges.by[edge])
        )
        pair, k = asked[level], k[level]
        e = edges.at(edge[level])
        px, py = x[k], y[k]
        of = side(e, px, py)
        crossed = (e.ay <= py) != (e.by <= py)
        west = crossed & np.where(e.by > e.ay, of <= 0, of >= 0)
        inside = np.bincount(pair[west], minlength=len(part)) % 2 == 1
        np.minimum.at(held, point[inside], owner[part[inside]])
        under = (of == 0) & (np.minimum(e.ax, e.bx) <= px) & (px <= np.maximum(e.ax, e.bx))
        np.minimum.at(touched, k[under], owner[part[pair[under]]])
    found = np.where(held < NOBODY, held, np.where(touched < NOBODY, touched, -1))
    return found.astype(np.int32)


def edges_of(parts: NDArray[np.object_]) -> tuple[Edges, Whole]:
    """Edges of all parts one after another, and where each part's begin."""
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    joined = np.flatnonzero(ring[1:] == ring[:-1])
    x, y = whole(vertices[:, 0]), whole(vertices[:, 1])
    counts = np.bincount(part_of_ring[ring[joined]], minlength=len(parts))
    first = np.concatenate(([0], np.cumsum(counts)))
    return Edges(x[joined], y[joined], x[joined + 1], y[joined + 1]), first


def pairs(first: Whole, part: NDArray[np.intp]) -> Iterator[tuple[NDArray[np.intp], Whole]]:
    """Every point-and-part pair beside each edge of the part, whole pairs at a time."""
    counts = np.diff(first)[part]
    ends = np.cumsum(counts)
    at = 0
    while at < len(part):
        done = ends[at - 1] if at else 0
        to = max(int(np.searchsorted(ends, done + PAIRS, side="right")), at + 1)
        pair = np.repeat(np.arange(at, to), counts[at:to])
        within = np.arange(len(pair)) - np.repeat(ends[at:to] - counts[at:to] - done, counts[at:to])
        yield pair, first[part[pair]] + within
        at = to
