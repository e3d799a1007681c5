"""RT polygons of a coverage of kelurahan: draw lines, add nodes to borders, cut the kelurahan."""

import hashlib
from typing import Final, NamedTuple

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geodata.errors import BoundaryError
from geodata.language import Bilingual, Progress
from geodata.tessellate.borders import (
    Borders,
    Crossings,
    Geometries,
    add_nodes,
    border_segments,
    find_crossings,
)
from geodata.tessellate.checked_kelurahan import CheckedKelurahan, RtRequest
from geodata.tessellate.cut import cut, pieces_inside
from geodata.tessellate.frame import Floats, Frame
from geodata.tessellate.ridges import rough_ridges
from geodata.tessellate.sites import Sites, scale_around, spread

_PIECE_SHARE: Final = 0.066
"""Longest piece of a line as a share of the width of an RT: about 85 vertices per RT."""
_ATTEMPTS: Final = 6
DRAWING: Final = Bilingual("Menggambar garis", "Drawing lines")
CUTTING: Final = Bilingual("Membagi menjadi RT", "Cutting RT")


class Tiles(NamedTuple):
    """RT of one kelurahan ``(n,)`` in degrees and their sites ``(n, 2)`` in metres."""

    polygons: Geometries
    sites: Floats


class _Drawing(NamedTuple):
    """Sites of one kelurahan in metres, pieces of lines inside, and crossings with the border."""

    sites: Floats
    pieces: Geometries
    crossings: Crossings


def make_tiles(
    kelurahan: CheckedKelurahan, requests: list[RtRequest], seed: int, report: Progress
) -> list[Tiles]:
    """RT of all kelurahan; together they are a valid coverage.

    Raises
    ------
    BoundaryError
        ``not-divisible`` for a kelurahan that is too narrow for its number of RT.
    """
    borders = border_segments(kelurahan.polygons)
    count = len(kelurahan.polygons)
    drawings: dict[int, _Drawing] = {}
    failed_rows: list[int] = []
    for attempt in range(_ATTEMPTS):
        for row in range(count):
            if row not in drawings:
                rng = np.random.default_rng(
                    [seed, attempt, *_seed_numbers(kelurahan.rows["code"].iloc[row])]
                )
                drawings[row] = _draw_lines(kelurahan, row, requests[row], borders, rng)
                report(DRAWING, row + 1, count)
        tiles = _cut_kelurahan(kelurahan, drawings, borders, report)
        failed_rows = [row for row in range(count) if row not in tiles] or _invalid_rows(tiles)
        if not failed_rows:
            return [tiles[row] for row in range(count)]
        # Two lines are too close for float64: draw new lines in these kelurahan.
        drawings = {row: drawing for row, drawing in drawings.items() if row not in failed_rows}
    raise BoundaryError(
        "not-divisible",
        f"The area {kelurahan.rows['code'].iloc[failed_rows[0]]} cannot be divided into "
        f"{requests[failed_rows[0]].number} RT: it is too narrow or too small. Ask for fewer RT, "
        "or check its shape.",
        indonesian=f"Wilayah {kelurahan.rows['code'].iloc[failed_rows[0]]} tidak dapat dibagi "
        f"menjadi {requests[failed_rows[0]].number} RT: wilayah itu terlalu sempit atau terlalu "
        "kecil. Mintalah lebih sedikit RT, atau periksa bentuknya.",
    )


def _seed_numbers(code: str) -> list[int]:
    """Numbers of a code for a seed; the hash of Python differs between processes."""
    digest = hashlib.sha256(code.encode()).digest()
    return [int.from_bytes(digest[start : start + 4], "little") for start in range(0, 16, 4)]


def _draw_lines(
    kelurahan: CheckedKelurahan,
    row: int,
    request: RtRequest,
    borders: Borders,
    rng: np.random.Generator,
) -> _Drawing:
    polygon, frame = kelurahan.polygons[row], kelurahan.frames[row]
    sites = _make_sites(polygon, frame, request, rng)
    box = frame.metres(shapely.bounds(polygon).reshape(2, 2)).ravel()
    lines = rough_ridges(sites.xy, _PIECE_SHARE * sites.scale, box, rng)
    lines = lines._replace(xy=frame.degrees(lines.xy))
    crossings = find_crossings(lines, borders, row)
    return _Drawing(sites.xy, pieces_inside(polygon, lines, crossings), crossings)


def _make_sites(
    polygon: shapely.Geometry, frame: Frame, request: RtRequest, rng: np.random.Generator
) -> Sites:
    if request.points is None:
        return spread(polygon, request.number, frame, rng)
    points = frame.metres(request.points)
    return Sites(_jitter(points, polygon, frame, rng), scale_around(points, polygon, frame))


def _jitter(
    sites: Floats, polygon: shapely.Geometry, frame: Frame, rng: np.random.Generator
) -> Floats:
    """Move sites slightly at random inside the polygon, so that no four are on one circle.

    Points often lie on a grid. The Voronoi diagram of four points on one circle is degenerate.
    """
    distance = np.full(len(sites), np.sqrt(frame.areas(np.array([polygon]))[0]))
    if len(sites) > 1:
        distance = cKDTree(sites).query(sites, k=2)[0][:, 1]
    moved = sites.copy()
    open_rows = np.arange(len(sites))
    for _ in range(60):
        offsets = rng.uniform(-1.0, 1.0, (len(open_rows), 2)) * distance[open_rows, None] * 2e-3
        moved[open_rows] = sites[open_rows] + offsets
        lonlat = frame.degrees(moved[open_rows])
        open_rows = open_rows[~shapely.contains_xy(polygon, lonlat[:, 0], lonlat[:, 1])]
        if not len(open_rows):
            break
    return moved


def _cut_kelurahan(
    kelurahan: CheckedKelurahan, drawings: dict[int, _Drawing], borders: Borders, report: Progress
) -> dict[int, Tiles]:
    """RT of every kelurahan for which the cut succeeds."""
    count = len(kelurahan.polygons)
    with_nodes = add_nodes(borders, [drawings[row].crossings for row in range(count)])
    tiles = {}
    for row, (polygon, frame) in enumerate(zip(kelurahan.polygons, kelurahan.frames, strict=True)):
        sites = drawings[row].sites
        geometries = cut(polygon, frame.degrees(sites), drawings[row].pieces, with_nodes, row)
        if geometries is not None:
            tiles[row] = Tiles(geometries, sites)
        report(CUTTING, row + 1, count)
    return tiles


def _invalid_rows(tiles: dict[int, Tiles]) -> list[int]:
    """Kelurahan with an invalid RT, or with an RT that overlaps or misses its neighbour."""
    polygons = np.concatenate([tiles[row].polygons for row in range(len(tiles))])
    owner = np.repeat(
        np.arange(len(tiles)), [len(tiles[row].polygons) for row in range(len(tiles))]
    )
    is_invalid = ~shapely.is_valid(polygons)
    if not is_invalid.any() and not shapely.coverage_is_valid(polygons):
        is_invalid = ~shapely.is_empty(shapely.coverage_invalid_edges(polygons))
    return [int(row) for row in np.unique(owner[is_invalid])]
