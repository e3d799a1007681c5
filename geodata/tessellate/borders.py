"""Borders of kelurahan as shared segments, with nodes where the lines between RT meet them.

A node that the RT of one side add to a border is added to the RT of the other side with the same
bits. So the RT of neighbouring kelurahan form one coverage.
"""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints, Lines

Geometries = NDArray[np.object_]


class Borders(NamedTuple):
    """Border segments of a coverage, each once, in degrees.

    ``ends (s, 2, 2)``: from the vertex with the lower number to the vertex with the higher number;
    ``segments_by_polygon``: row numbers of the segments of each polygon.
    """

    ends: Floats
    segments_by_polygon: list[Ints]


class Crossings(NamedTuple):
    """Crossings of lines and borders; ``along_*`` is the position on a piece or segment, 0 to 1."""

    piece: Ints
    along_piece: Floats
    segment: Ints
    along_segment: Floats
    xy: Floats


class Segments(NamedTuple):
    """Segments of polygons: polygon number, and vertex numbers ``(s, 2)``, the lower first."""

    polygon: Ints
    ends: Ints
    vertices: Floats


def ring_segments(polygons: Geometries) -> Segments:
    """All ring segments; vertices with equal bits have the same number."""
    parts, of_part = shapely.get_parts(polygons, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    vertices, vertex_numbers = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    is_segment = ring[1:] == ring[:-1]
    ends = np.sort(np.column_stack([vertex_numbers[:-1], vertex_numbers[1:]])[is_segment], axis=1)
    owner = of_part[of_ring[ring[:-1][is_segment]]]
    nonzero = ends[:, 0] != ends[:, 1]
    return Segments(owner[nonzero], ends[nonzero], np.column_stack([vertices.real, vertices.imag]))


def shared_lengths(polygons: Geometries) -> tuple[Ints, Ints, Floats]:
    """Neighbours ``i < j`` in a coverage and the length of their shared border."""
    owner, ends, vertices = ring_segments(polygons)
    order = np.lexsort((owner, ends[:, 1], ends[:, 0]))
    owner, ends = owner[order], ends[order]
    is_shared = (ends[1:] == ends[:-1]).all(axis=1) & (owner[1:] != owner[:-1])
    length = np.hypot(*(vertices[ends[1:][is_shared, 0]] - vertices[ends[1:][is_shared, 1]]).T)
    pairs, pair_of_segment = np.unique(
        np.column_stack([owner[:-1][is_shared], owner[1:][is_shared]]), axis=0, return_inverse=True
    )
    total = np.bincount(pair_of_segment.ravel(), length, minlength=len(pairs))
    return pairs[:, 0], pairs[:, 1], total.astype(np.float64)


def add_shared_nodes(polygons: Geometries, tolerance: float) -> Geometries:
    """Add the nodes of neighbours to borders that lack them.

    The node of a neighbour on a straight border is seldom exact to the last bit. The gap of one
    bit is valid, but the next node there can turn the gap into an overlap.

    Parameters
    ----------
    polygons
        ``(n,)``, valid.
    tolerance
        Maximum distance of a node from a border, in degrees.
    """
    owner, ends, vertices = ring_segments(polygons)
    _, segment_numbers, count = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    is_unshared = count[segment_numbers.ravel()] == 1
    owner, ends = owner[is_unshared], ends[is_unshared]
    tree = shapely.STRtree(make_lines(vertices[ends]))
    nodes = np.unique(ends)
    points = shapely.points(vertices[nodes])
    node, segment = tree.query(points, predicate="dwithin", distance=tolerance)
    is_missing = (nodes[node, None] != ends[segment]).all(axis=1)
    pairs = np.unique(np.column_stack([owner[segment[is_missing]], node[is_missing]]), axis=0)
    shared = polygons.copy()
    for polygon in np.unique(pairs[:, 0]):
        missing = shapely.multipoints(points[pairs[pairs[:, 0] == polygon, 1]])
        shared[polygon] = shapely.snap(polygons[polygon], missing, tolerance)
    return shared if shapely.is_valid(shared).all() else polygons


def make_lines(xy: Floats, line_numbers: Ints | None = None) -> Geometries:
    """Lines from vertices: ``(n, k, 2)``, or ``(v, 2)`` with the line number of each vertex."""
    return np.asarray(shapely.linestrings(xy, indices=line_numbers), dtype=np.object_)


def border_segments(polygons: Geometries) -> Borders:
    """Border segments of a coverage, each once."""
    owner, ends, vertices = ring_segments(polygons)
    unique, segment_numbers = np.unique(ends, axis=0, return_inverse=True)
    split = np.flatnonzero(np.diff(owner)) + 1
    # Polygons are in order and not empty, so each part of the split is one polygon.
    return Borders(vertices[unique], np.split(segment_numbers.ravel(), split))


def find_crossings(lines: Lines, borders: Borders, polygon: int) -> Crossings:
    """Crossings of lines (in degrees) and the border of a polygon, in order along the lines."""
    is_piece_start = np.ones(len(lines.xy), np.bool_)
    is_piece_start[lines.start[1:] - 1] = False
    pieces = np.flatnonzero(is_piece_start)
    p, q = lines.xy[pieces], lines.xy[pieces + 1]
    segments = borders.segments_by_polygon[polygon]
    a, b = borders.ends[segments, 0], borders.ends[segments, 1]
    tree = shapely.STRtree(make_lines(np.stack([a, b], axis=1)))
    piece_index, segment_index = tree.query(
        make_lines(np.stack([p, q], axis=1)), predicate="intersects"
    )
    p, q, a, b = p[piece_index], q[piece_index], a[segment_index], b[segment_index]
    piece_vectors, segment_vectors = q - p, b - a
    determinant = _cross_product(piece_vectors, segment_vectors)
    is_crossing = determinant != 0
    determinant = np.where(is_crossing, determinant, 1.0)
    t = np.clip(_cross_product(a - p, segment_vectors) / determinant, 0.0, 1.0)
    s = np.clip(_cross_product(a - p, piece_vectors) / determinant, 0.0, 1.0)
    xy = a + s[:, None] * segment_vectors
    order = np.lexsort((t, piece_index))
    order = order[is_crossing[order]]
    return Crossings(
        pieces[piece_index[order]], t[order], segments[segment_index[order]], s[order], xy[order]
    )


def add_nodes(borders: Borders, crossings: list[Crossings]) -> Borders:
    """Add a node to the borders at each crossing with a line of any polygon."""
    segment = np.concatenate([crossing.segment for crossing in crossings])
    along = np.concatenate([crossing.along_segment for crossing in crossings])
    xy = np.concatenate([crossing.xy for crossing in crossings])
    order = np.lexsort((along, segment))
    segment, xy = segment[order], xy[order]
    nodes = np.bincount(segment, minlength=len(borders.ends))
    start = np.concatenate([[0], np.cumsum(nodes + 1)])
    ends = np.empty((int(start[-1]), 2, 2))
    ends[start[:-1], 0] = borders.ends[:, 0]
    ends[start[1:] - 1, 1] = borders.ends[:, 1]
    rank = np.arange(len(segment)) - np.searchsorted(segment, segment)
    position = start[segment] + rank
    ends[position, 1] = xy
    ends[position + 1, 0] = xy
    segments_by_polygon = [
        np.repeat(start[segment_rows], nodes[segment_rows] + 1)
        + np.concatenate([np.arange(count) for count in nodes[segment_rows] + 1])
        for segment_rows in borders.segments_by_polygon
    ]
    return Borders(ends, segments_by_polygon)


def _cross_product(u: Floats, v: Floats) -> Floats:
    product: Floats = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    return product
