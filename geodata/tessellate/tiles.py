"""RT polygons of a whole coverage of kelurahan: lines drawn, borders noded, kelurahan cut."""

import hashlib
from typing import Final, NamedTuple

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geodata.errors import BoundaryError
from geodata.language import Bilingual, Progress
from geodata.tessellate.borders import (
    Borders,
    Geometries,
    Meetings,
    borders_of,
    meetings,
    noded,
)
from geodata.tessellate.cut import cut, pieces_inside
from geodata.tessellate.frame import Floats, Frame
from geodata.tessellate.ground import Ground, Wish
from geodata.tessellate.ridges import rough_ridges
from geodata.tessellate.sites import Sites, scale_around, spread

PIECE: Final = 0.066
"""Longest piece of a line as a share of an RT's width: some 85 vertices per RT."""
_ATTEMPTS: Final = 6
DRAWING: Final = Bilingual("Menggambar garis", "Drawing lines")
CUTTING: Final = Bilingual("Membagi menjadi RT", "Cutting RT")


class Tiles(NamedTuple):
    """RT of one kelurahan ``(n,)`` in degrees and their sites ``(n, 2)`` in metres."""

    polygons: Geometries
    sites: Floats


class _Drawing(NamedTuple):
    """What divides one kelurahan: sites in metres, lines inside it, where they meet its border."""

    sites: Floats
    pieces: Geometries
    met: Meetings


def tiles_of(ground: Ground, wishes: list[Wish], seed: int, tell: Progress) -> list[Tiles]:
    """RT of each kelurahan, a valid coverage together.

    Raises
    ------
    BoundaryError
        ``not-divisible`` if a kelurahan is too narrow for its number of RT.
    """
    borders = borders_of(ground.polygons)
    count = len(ground.polygons)
    drawings: dict[int, _Drawing] = {}
    bad: list[int] = []
    for attempt in range(_ATTEMPTS):
        for k in range(count):
            if k not in drawings:
                rng = np.random.default_rng([seed, attempt, *_words(ground.areas["code"].iloc[k])])
                drawings[k] = _draw(ground, k, wishes[k], borders, rng)
                tell(DRAWING, k + 1, count)
        tiles = _cut_all(ground, drawings, borders, tell)
        bad = [k for k in range(count) if k not in tiles] or _unsound(tiles)
        if not bad:
            return [tiles[k] for k in range(count)]
        # Two lines met too closely for float64: draw these kelurahan anew.
        drawings = {k: drawing for k, drawing in drawings.items() if k not in bad}
    raise BoundaryError(
        "not-divisible",
        f"The area {ground.areas['code'].iloc[bad[0]]} cannot be divided into "
        f"{wishes[bad[0]].number} RT: it is too narrow or too small. Ask for fewer RT, or look at "
        "its shape.",
        indonesian=f"Wilayah {ground.areas['code'].iloc[bad[0]]} tidak dapat dibagi menjadi "
        f"{wishes[bad[0]].number} RT: wilayah itu terlalu sempit atau terlalu kecil. Mintalah "
        "lebih sedikit RT, atau periksa bentuknya.",
    )


def _words(code: str) -> list[int]:
    """A code as numbers for a seed; Python's own hash differs from process to process."""
    digest = hashlib.sha256(code.encode()).digest()
    return [int.from_bytes(digest[at : at + 4], "little") for at in range(0, 16, 4)]


def _draw(
    ground: Ground, k: int, wish: Wish, borders: Borders, rng: np.random.Generator
) -> _Drawing:
    polygon, frame = ground.polygons[k], ground.frames[k]
    sites = _sites(polygon, frame, wish, rng)
    box = frame.metres(shapely.bounds(polygon).reshape(2, 2)).ravel()
    lines = rough_ridges(sites.xy, PIECE * sites.scale, box, rng)
    lines = lines._replace(xy=frame.degrees(lines.xy))
    met = meetings(lines, borders, k)
    return _Drawing(sites.xy, pieces_inside(polygon, lines, met), met)


def _sites(polygon: shapely.Geometry, frame: Frame, wish: Wish, rng: np.random.Generator) -> Sites:
    if wish.points is None:
        return spread(polygon, wish.number, frame, rng)
    given = frame.metres(wish.points)
    return Sites(_shaken(given, polygon, frame, rng), scale_around(given, polygon, frame))


def _shaken(
    sites: Floats, polygon: shapely.Geometry, frame: Frame, rng: np.random.Generator
) -> Floats:
    """Sites a little off their places, inside the polygon, so that no four stand on a circle.

    Points are often read off a grid, and lines between such points run into each other's ends.
    """
    reach = np.full(len(sites), np.sqrt(frame.areas(np.array([polygon]))[0]))
    if len(sites) > 1:
        reach = cKDTree(sites).query(sites, k=2)[0][:, 1]
    moved = sites.copy()
    todo = np.arange(len(sites))
    for _ in range(60):
        by = rng.uniform(-1.0, 1.0, (len(todo), 2)) * reach[todo, None] * 2e-3
        moved[todo] = sites[todo] + by
        lonlat = frame.degrees(moved[todo])
        todo = todo[~shapely.contains_xy(polygon, lonlat[:, 0], lonlat[:, 1])]
        if not len(todo):
            break
    return moved


def _cut_all(
    ground: Ground, drawings: dict[int, _Drawing], borders: Borders, tell: Progress
) -> dict[int, Tiles]:
    """RT of every kelurahan that could be cut."""
    count = len(ground.polygons)
    with_nodes = noded(borders, [drawings[k].met for k in range(count)])
    tiles = {}
    for k, (polygon, frame) in enumerate(zip(ground.polygons, ground.frames, strict=True)):
        sites = drawings[k].sites
        found = cut(polygon, frame.degrees(sites), drawings[k].pieces, with_nodes, k)
        if found is not None:
            tiles[k] = Tiles(found, sites)
        tell(CUTTING, k + 1, count)
    return tiles


def _unsound(tiles: dict[int, Tiles]) -> list[int]:
    """Kelurahan with an RT that is invalid or does not fit its neighbours."""
    polygons = np.concatenate([tiles[k].polygons for k in range(len(tiles))])
    owner = np.repeat(np.arange(len(tiles)), [len(tiles[k].polygons) for k in range(len(tiles))])
    faulty = ~shapely.is_valid(polygons)
    if not faulty.any() and not shapely.coverage_is_valid(polygons):
        faulty = ~shapely.is_empty(shapely.coverage_invalid_edges(polygons))
    return [int(k) for k in np.unique(owner[faulty])]
