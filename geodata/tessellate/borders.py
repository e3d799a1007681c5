"""The borders of kelurahan as shared segments, and the nodes where lines of RT meet them.

A node put into a border by the RT on one side is put into the RT of the other side too, bit for
bit: that is what makes RT of neighbouring kelurahan one coverage.
"""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints, Lines

Geometries = NDArray[np.object_]


class Borders(NamedTuple):
    """Every border segment of a coverage once.

    ``ends (s, 2, 2)``: from the lower to the higher numbered vertex; ``of``: for each polygon
    the row numbers of its segments.
    """

    ends: Floats
    of: list[Ints]


class Meetings(NamedTuple):
    """Where lines meet borders: piece of line and place on it, segment and place on it, point."""

    piece: Ints
    along_piece: Floats
    segment: Ints
    along_segment: Floats
    xy: Floats


class Segments(NamedTuple):
    """Segments of polygons: polygon and vertex numbers ``(s, 2)``, low first."""

    polygon: Ints
    ends: Ints
    vertices: Floats


def segments_of(polygons: Geometries) -> Segments:
    """All ring segments, with vertices that are equal to the bit numbered alike."""
    parts, of_part = shapely.get_parts(polygons, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    vertices, number = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    inner = ring[1:] == ring[:-1]
    ends = np.sort(np.column_stack([number[:-1], number[1:]])[inner], axis=1)
    owner = of_part[of_ring[ring[:-1][inner]]]
    kept = ends[:, 0] != ends[:, 1]
    return Segments(owner[kept], ends[kept], np.column_stack([vertices.real, vertices.imag]))


def shared_lengths(polygons: Geometries) -> tuple[Ints, Ints, Floats]:
    """Neighbours ``i < j`` in a coverage and the length of the border they share."""
    owner, ends, vertices = segments_of(polygons)
    order = np.lexsort((owner, ends[:, 1], ends[:, 0]))
    owner, ends = owner[order], ends[order]
    same = (ends[1:] == ends[:-1]).all(axis=1) & (owner[1:] != owner[:-1])
    length = np.hypot(*(vertices[ends[1:][same, 0]] - vertices[ends[1:][same, 1]]).T)
    pairs, of = np.unique(
        np.column_stack([owner[:-1][same], owner[1:][same]]), axis=0, return_inverse=True
    )
    total = np.bincount(of.ravel(), length, minlength=len(pairs))
    return pairs[:, 0], pairs[:, 1], total.astype(np.float64)


def with_shared_nodes(polygons: Geometries, reach: float) -> Geometries:
    """Polygons with the nodes that a neighbour has on their borders and they have not.

    A neighbour's node on a straight border is seldom on it to the last bit. That leaves a gap
    of one bit, which is valid, but which the next node put there may turn into an overlap.

    Parameters
    ----------
    polygons
        ``(n,)``, valid.
    reach
        How far from a border a node may lie to be one of it, in degrees.
    """
    owner, ends, vertices = segments_of(polygons)
    _, which, count = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    alone = count[which.ravel()] == 1
    owner, ends = owner[alone], ends[alone]
    tree = shapely.STRtree(chains(vertices[ends]))
    nodes = np.unique(ends)
    points = shapely.points(vertices[nodes])
    node, segment = tree.query(points, predicate="dwithin", distance=reach)
    new = (nodes[node, None] != ends[segment]).all(axis=1)
    pairs = np.unique(np.column_stack([owner[segment[new]], node[new]]), axis=0)
    shared = polygons.copy()
    for polygon in np.unique(pairs[:, 0]):
        missing = shapely.multipoints(points[pairs[pairs[:, 0] == polygon, 1]])
        shared[polygon] = shapely.snap(polygons[polygon], missing, reach)
    return shared if shapely.is_valid(shared).all() else polygons


def chains(xy: Floats, of: Ints | None = None) -> Geometries:
    """Lines from vertices: ``(n, k, 2)``, or ``(v, 2)`` and the line that each belongs to."""
    return np.asarray(shapely.linestrings(xy, indices=of), dtype=np.object_)


def borders_of(polygons: Geometries) -> Borders:
    """Border segments of a coverage, each once."""
    owner, ends, vertices = segments_of(polygons)
    unique, of = np.unique(ends, axis=0, return_inverse=True)
    split = np.flatnonzero(np.diff(owner)) + 1
    # Polygons come in order and none is empty, so each split is one polygon's.
    return Borders(vertices[unique], np.split(of.ravel(), split))


def meetings(lines: Lines, borders: Borders, polygon: int) -> Meetings:
    """Where lines (in degrees) cross the border of a polygon, in order along the lines."""
    first = np.ones(len(lines.xy), np.bool_)
    first[lines.start[1:] - 1] = False
    pieces = np.flatnonzero(first)
    p, q = lines.xy[pieces], lines.xy[pieces + 1]
    segments = borders.of[polygon]
    a, b = borders.ends[segments, 0], borders.ends[segments, 1]
    tree = shapely.STRtree(chains(np.stack([a, b], axis=1)))
    near, hit = tree.query(chains(np.stack([p, q], axis=1)), predicate="intersects")
    p, q, a, b = p[near], q[near], a[hit], b[hit]
    line, border = q - p, b - a
    turn = _cross(line, border)
    slanted = turn != 0
    turn = np.where(slanted, turn, 1.0)
    t = np.clip(_cross(a - p, border) / turn, 0.0, 1.0)
    s = np.clip(_cross(a - p, line) / turn, 0.0, 1.0)
    xy = a + s[:, None] * border
    order = np.lexsort((t, near))
    order = order[slanted[order]]
    return Meetings(pieces[near[order]], t[order], segments[hit[order]], s[order], xy[order])


def noded(borders: Borders, met: list[Meetings]) -> Borders:
    """The borders again, with a node wherever a line of any polygon meets them."""
    segment = np.concatenate([m.segment for m in met])
    along = np.concatenate([m.along_segment for m in met])
    xy = np.concatenate([m.xy for m in met])
    order = np.lexsort((along, segment))
    segment, xy = segment[order], xy[order]
    nodes = np.bincount(segment, minlength=len(borders.ends))
    start = np.concatenate([[0], np.cumsum(nodes + 1)])
    ends = np.empty((int(start[-1]), 2, 2))
    ends[start[:-1], 0] = borders.ends[:, 0]
    ends[start[1:] - 1, 1] = borders.ends[:, 1]
    rank = np.arange(len(segment)) - np.searchsorted(segment, segment)
    at = start[segment] + rank
    ends[at, 1] = xy
    ends[at + 1, 0] = xy
    of = [
        np.repeat(start[own], nodes[own] + 1)
        + np.concatenate([np.arange(n) for n in nodes[own] + 1])
        for own in borders.of
    ]
    return Borders(ends, of)


def _cross(u: Floats, v: Floats) -> Floats:
    product: Floats = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    return product
