"""Cutting one kelurahan along lines into one polygon per site."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.tessellate.borders import Borders, Geometries, Meetings, chains, shared_lengths
from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints, Lines

_NONE: Final = -1


def pieces_inside(polygon: shapely.Geometry, lines: Lines, met: Meetings) -> Geometries:
    """Lines split where they meet the border; the pieces inside the polygon."""
    vertex = np.arange(len(lines.xy), dtype=np.float64)
    place = np.concatenate([vertex, met.piece + met.along_piece])
    xy = np.concatenate([lines.xy, met.xy])
    is_node = np.arange(len(place)) >= len(vertex)
    order = np.argsort(place, kind="stable")
    xy, is_node = xy[order], is_node[order]
    is_start = np.isin(order, lines.start[:-1])
    # A node ends one piece and starts the next.
    twice = np.repeat(np.arange(len(xy)), np.where(is_node, 2, 1))
    starts = is_start[twice].copy()
    starts[1:] |= twice[1:] == twice[:-1]
    number = np.cumsum(starts) - 1
    pieces = chains(xy[twice], number)
    middle = np.flatnonzero(starts)
    middle = middle + (np.bincount(number) - 2) // 2
    between = (xy[twice[middle]] + xy[twice[middle + 1]]) / 2
    shapely.prepare(polygon)
    inside: Geometries = pieces[shapely.contains_xy(polygon, between[:, 0], between[:, 1])]
    return inside


def cut(
    polygon: shapely.Geometry, sites: Floats, pieces: Geometries, borders: Borders, number: int
) -> Geometries | None:
    """One geometry per site: the face that holds it and the strays given to it.

    Parameters
    ----------
    polygon
        In degrees; polygon ``number`` of ``borders``, which have their nodes.
    sites
        ``(n, 2)`` in degrees.
    pieces
        From `pieces_inside`.

    Returns
    -------
    Geometries | None
        ``(n,)``, or None where two lines or a line and a corner are so close that a site shares
        its face with another: try other lines.
    """
    edges = chains(borders.ends[borders.of[number]])
    faces = shapely.get_parts(shapely.polygonize(np.concatenate([edges, pieces])))
    points = shapely.points(sites)
    site, face = shapely.STRtree(faces).query(points, predicate="within")
    if len(site) != len(sites) or len(np.unique(face)) != len(sites):
        return None
    owner = np.full(len(faces), _NONE, np.int64)
    owner[face] = site
    strays = np.flatnonzero(owner == _NONE)
    inside = shapely.within(shapely.point_on_surface(faces[strays]), polygon)
    kept = np.sort(np.concatenate([face, strays[inside]]))
    return _gathered(faces[kept], owner[kept], len(sites))


def _gathered(faces: Geometries, owner: Ints, number: int) -> Geometries:
    if (owner == _NONE).any():
        owner = _adopted(faces, owner)
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=number)
    split = np.split(faces[order], np.cumsum(counts)[:-1])
    whole = [own[0] if len(own) == 1 else shapely.coverage_union_all(own) for own in split]
    return np.array(whole, dtype=np.object_)


def _adopted(faces: Geometries, owner: Ints) -> Ints:
    """Strays go to the neighbour with the longest shared border; islands to the nearest RT."""
    i, j, length = shared_lengths(faces)
    owner = owner.copy()
    while (owner == _NONE).any():
        stray = (owner[i] == _NONE) != (owner[j] == _NONE)
        if not stray.any():
            break
        best = np.flatnonzero(stray)[np.argmax(length[stray])]
        a, b = int(i[best]), int(j[best])
        owner[a] = owner[b] = max(owner[a], owner[b])
    return _nearest(faces, owner)


def _nearest(faces: Geometries, owner: Ints) -> Ints:
    alone = np.flatnonzero(owner == _NONE)
    if len(alone):
        settled = np.flatnonzero(owner != _NONE)
        tree = shapely.STRtree(faces[settled])
        near: NDArray[np.int64] = np.array([tree.nearest(face) for face in faces[alone]], np.int64)
        owner[alone] = owner[settled[near]]
    return owner
