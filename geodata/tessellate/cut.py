"""Cut one kelurahan along lines into one polygon per site."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.tessellate.borders import Borders, Crossings, Geometries, make_lines, shared_lengths
from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints, Lines

_NO_SITE: Final = -1


def pieces_inside(polygon: shapely.Geometry, lines: Lines, crossings: Crossings) -> Geometries:
    """Split lines at their crossings with the border; return the pieces inside the polygon."""
    vertex = np.arange(len(lines.xy), dtype=np.float64)
    position = np.concatenate([vertex, crossings.piece + crossings.along_piece])
    xy = np.concatenate([lines.xy, crossings.xy])
    is_node = np.arange(len(position)) >= len(vertex)
    order = np.argsort(position, kind="stable")
    xy, is_node = xy[order], is_node[order]
    is_start = np.isin(order, lines.start[:-1])
    # A node ends one piece and starts the next.
    vertex_rows = np.repeat(np.arange(len(xy)), np.where(is_node, 2, 1))
    starts = is_start[vertex_rows].copy()
    starts[1:] |= vertex_rows[1:] == vertex_rows[:-1]
    piece_numbers = np.cumsum(starts) - 1
    pieces = make_lines(xy[vertex_rows], piece_numbers)
    middle_rows = np.flatnonzero(starts)
    middle_rows = middle_rows + (np.bincount(piece_numbers) - 2) // 2
    midpoints = (xy[vertex_rows[middle_rows]] + xy[vertex_rows[middle_rows + 1]]) / 2
    shapely.prepare(polygon)
    inside: Geometries = pieces[shapely.contains_xy(polygon, midpoints[:, 0], midpoints[:, 1])]
    return inside


def cut(
    polygon: shapely.Geometry,
    sites: Floats,
    pieces: Geometries,
    borders: Borders,
    polygon_number: int,
) -> Geometries | None:
    """One geometry per site: the face with the site, and the faces without a site next to it.

    Parameters
    ----------
    polygon
        In degrees; polygon ``polygon_number`` of ``borders``, which already have all nodes.
    sites
        ``(n, 2)`` in degrees.
    pieces
        From `pieces_inside`.

    Returns
    -------
    Geometries | None
        ``(n,)``, or None if two lines, or a line and a corner, are so close that two sites share
        a face: the caller tries other lines.
    """
    edges = make_lines(borders.ends[borders.segments_by_polygon[polygon_number]])
    faces = shapely.get_parts(shapely.polygonize(np.concatenate([edges, pieces])))
    points = shapely.points(sites)
    site, face = shapely.STRtree(faces).query(points, predicate="within")
    if len(site) != len(sites) or len(np.unique(face)) != len(sites):
        return None
    owner = np.full(len(faces), _NO_SITE, np.int64)
    owner[face] = site
    strays = np.flatnonzero(owner == _NO_SITE)
    inside = shapely.within(shapely.point_on_surface(faces[strays]), polygon)
    kept_faces = np.sort(np.concatenate([face, strays[inside]]))
    return _merge_faces(faces[kept_faces], owner[kept_faces], len(sites))


def _merge_faces(faces: Geometries, owner: Ints, site_count: int) -> Geometries:
    if (owner == _NO_SITE).any():
        owner = _assign_strays(faces, owner)
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=site_count)
    faces_by_site = np.split(faces[order], np.cumsum(counts)[:-1])
    polygons = [
        site_faces[0] if len(site_faces) == 1 else shapely.coverage_union_all(site_faces)
        for site_faces in faces_by_site
    ]
    return np.array(polygons, dtype=np.object_)


def _assign_strays(faces: Geometries, owner: Ints) -> Ints:
    """Assign faces without a site to the neighbour with the longest border, else the nearest."""
    i, j, length = shared_lengths(faces)
    owner = owner.copy()
    while (owner == _NO_SITE).any():
        is_stray_pair = (owner[i] == _NO_SITE) != (owner[j] == _NO_SITE)
        if not is_stray_pair.any():
            break
        longest = np.flatnonzero(is_stray_pair)[np.argmax(length[is_stray_pair])]
        a, b = int(i[longest]), int(j[longest])
        owner[a] = owner[b] = max(owner[a], owner[b])
    return _assign_to_nearest(faces, owner)


def _assign_to_nearest(faces: Geometries, owner: Ints) -> Ints:
    stray_faces = np.flatnonzero(owner == _NO_SITE)
    if len(stray_faces):
        owned_faces = np.flatnonzero(owner != _NO_SITE)
        tree = shapely.STRtree(faces[owned_faces])
        nearest: NDArray[np.int64] = np.array(
            [tree.nearest(face) for face in faces[stray_faces]], np.int64
        )
        owner[stray_faces] = owner[owned_faces[nearest]]
    return owner
