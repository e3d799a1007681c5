"""The ground of the sample city: kelurahan polygons grown around real centroids.

The plain is strewn with grains (small Voronoi cells with rough borders). Each grain goes to the
kelurahan whose centroid is nearest in a power distance whose weights are fitted so that areas
come out near the real ones; where all are far, it is sea or another regency. What it imitates:
positions, neighbourhoods, sizes. What it does not: the course of any real border or coast.
"""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geodata.sample_city.facts import KOTA_CODE, KOTA_NAME
from geodata.tessellate.borders import chains
from geodata.tessellate.frame import Floats, frame_around
from geodata.tessellate.ridges import Ints, Lines, rough_ridges

_OUTSIDE: Final = -1
_GRAIN: Final = 0.14
"""Width of a grain as a share of the width of the kelurahan it lies in."""
_NECK: Final = 0.3
_BORDER_PIECE: Final = 0.13
"""Longest piece of a border as a share of the width of an RT along it."""
_MARGIN: Final = 2_500.0
_FITTING: Final = 60


class _Grains(NamedTuple):
    """Cells: sites ``(n, 2)`` in metres, their ground, neighbours and the lines between them."""

    xy: Floats
    area: Floats
    lines: Lines
    length: Floats


def grow(facts: pd.DataFrame, seed: int) -> gpd.GeoDataFrame:
    """Kelurahan polygons for `tessellate.divide`: a valid coverage, one part each.

    Parameters
    ----------
    facts
        From `kelurahan_facts`; neighbours beyond the chosen kelurahan do not matter.

    Returns
    -------
    gpd.GeoDataFrame
        ``code, name, kecamatan_code, kecamatan_name, kota_code, kota_name, population,
        geometry`` in EPSG:4326.
    """
    rng = np.random.default_rng([seed, 1])
    lonlat = facts[["lon", "lat"]].to_numpy(np.float64)
    frame = frame_around(np.concatenate([lonlat.min(axis=0), lonlat.max(axis=0)]))
    centres, areas = frame.metres(lonlat), facts["km2"].to_numpy(np.float64) * 1e6
    grains = _strewn(centres, areas, np.sqrt(areas / facts["rt"].to_numpy()), rng)
    owner = _connected(grains, _owners(grains, centres, areas, rng), len(facts))
    shapes = _outlines(grains, owner, len(facts), frame.degrees(grains.lines.xy), lonlat)
    return gpd.GeoDataFrame(
        {
            "code": facts["code"],
            "name": facts["kelurahan"],
            "kecamatan_code": facts["kecamatan_code"],
            "kecamatan_name": facts["kecamatan"],
            "kota_code": KOTA_CODE,
            "kota_name": KOTA_NAME,
            "population": facts["population"],
        },
        geometry=shapes,
        crs=4326,
    )


def _strewn(centres: Floats, areas: Floats, rt_width: Floats, rng: np.random.Generator) -> _Grains:
    """Grains over the plain, finer where kelurahan are small; each centroid is a grain."""
    reach = np.sqrt(areas)
    low = (centres - reach[:, None]).min(axis=0) - _MARGIN
    high = (centres + reach[:, None]).max(axis=0) + _MARGIN
    finest = float(reach.min()) * _GRAIN
    steps = np.ceil((high - low) / finest).astype(int)
    grid = np.stack(np.meshgrid(*map(np.arange, steps), indexing="ij"), axis=-1).reshape(-1, 2)
    xy = low + (grid + rng.random(grid.shape)) * finest
    nearest = _by_size(centres, reach, xy)
    # Thin the even strewing out to the grain wanted at each place.
    xy = xy[rng.random(len(xy)) < (finest / (reach[nearest] * _GRAIN)) ** 2]
    far_off = cKDTree(centres).query(xy)[0] > 0.5 * finest
    xy = np.vstack([centres, xy[far_off]])
    nearest = _by_size(centres, reach, xy)
    xy = _relaxed(xy, len(centres), low, high)
    box = np.concatenate([low, high])
    lines = rough_ridges(xy, _BORDER_PIECE * rt_width[nearest], box, rng)
    return _Grains(xy, *_measured(xy, lines))


def _by_size(centres: Floats, reach: Floats, xy: Floats) -> Ints:
    """Number of the centre nearest to each place, measured in that kelurahan's own widths."""
    near, which = cKDTree(centres).query(xy, k=min(8, len(centres)))
    near, which = near.reshape(len(xy), -1), which.reshape(len(xy), -1)
    best: Ints = which[np.arange(len(xy)), np.argmin(near / reach[which], axis=1)]
    return best


def _relaxed(xy: Floats, fixed: int, low: Floats, high: Floats) -> Floats:
    """Grains pushed a little away from their nearest neighbour; the first ``fixed`` stay."""
    for _ in range(3):
        near, which = cKDTree(xy).query(xy, k=4)
        wanted = near[:, 1:].mean(axis=1)
        push = (xy - xy[which[:, 1]]) / np.maximum(near[:, 1:2], 1.0)
        step = push * np.maximum(0.0, wanted - near[:, 1])[:, None] * 0.5
        step[:fixed] = 0.0
        xy = np.clip(xy + step, low, high)
    return xy


def _measured(xy: Floats, lines: Lines) -> tuple[Floats, Lines, Floats]:
    """Ground of each grain, by the triangles over its straight ridges; lengths of ridges."""
    a, b = lines.xy[lines.start[:-1]], lines.xy[lines.start[1:] - 1]
    length = np.hypot(*(b - a).T)
    area = np.zeros(len(xy))
    for side in (lines.left, lines.right):
        p, q = a - xy[side], b - xy[side]
        np.add.at(area, side, np.abs(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]) / 2)
    return area, lines, length


def _owners(grains: _Grains, centres: Floats, areas: Floats, rng: np.random.Generator) -> Ints:
    """Kelurahan of each grain, or outside."""
    reach = np.sqrt(areas)
    local = reach[_by_size(centres, reach, grains.xy)]
    place = grains.xy + _waves(grains.xy, float(np.median(reach)), rng) * local[:, None]
    place[: len(centres)] = centres
    near, which = cKDTree(centres).query(place, k=min(16, len(centres)))
    near, which = near.reshape(len(place), -1), which.reshape(len(place), -1)
    weight = 0.3 * areas / np.pi
    # A centroid stays in its own kelurahan while no weight beats the way to the next one.
    limit = (
        0.7 * cKDTree(centres).query(centres, k=2)[0][:, -1] ** 2 if len(centres) > 1 else weight
    )
    border = 1.35
    owner = np.zeros(len(place), np.int64)
    for _ in range(_FITTING):
        power = near**2 - weight[which]
        best = np.argmin(power, axis=1)
        rows = np.arange(len(place))
        owner = which[rows, best]
        inside = _inside(grains, near / np.sqrt(areas / np.pi)[which], border)
        owner[~inside] = _OUTSIDE
        owner[: len(centres)] = np.arange(len(centres))
        land = np.bincount(owner[inside], grains.area[inside], minlength=len(centres))
        border *= float(np.clip((areas.sum() / land.sum()) ** 0.5, 0.9, 1.1))
        weight = weight + 0.25 * (areas - land) / np.pi
        weight = np.clip(weight - weight.mean(), -limit, limit)
    return owner


def _inside(grains: _Grains, relative: Floats, border: float) -> NDArray[np.bool_]:
    """Grains near enough to centroids, in radii; softly joined, and without lakes."""
    near = -np.log(np.exp(-2.0 * np.minimum(relative, 30.0)).sum(axis=1)) / 2.0
    inside: NDArray[np.bool_] = near < border - 0.6
    low, high = grains.xy.min(axis=0), grains.xy.max(axis=0)
    edge = ((grains.xy < low + _MARGIN / 4) | (grains.xy > high - _MARGIN / 4)).any(axis=1)
    inside &= ~edge
    piece = _pieces(grains, inside.astype(np.int64))
    open_water = np.unique(piece[edge])
    return inside | ~np.isin(piece, open_water)


def _waves(xy: Floats, size: float, rng: np.random.Generator) -> Floats:
    """Slow waves over the plain ``(n, 2)``, so that borders wander instead of running straight."""
    waves = np.zeros_like(xy)
    for wave in (2.2, 1.1, 0.55, 0.3):
        for axis in (0, 1):
            for _ in range(3):
                turn, phase = rng.uniform(0, 2 * np.pi, 2)
                along = xy @ (np.cos(turn), np.sin(turn)) * (2 * np.pi / (wave * size))
                waves[:, axis] += 0.04 * min(wave, 1.2) ** 0.6 * np.sin(along + phase)
    return waves


def _pieces(grains: _Grains, owner: Ints) -> Ints:
    """Number of the connected piece of equal owners that each grain belongs to."""
    i, j = grains.lines.left, grains.lines.right
    # A neck much narrower than a grain joins nothing.
    neck = _NECK * np.sqrt(np.minimum(grains.area[i], grains.area[j]))
    same = (owner[i] == owner[j]) & (grains.length > neck)
    graph = coo_array((np.ones(int(same.sum())), (i[same], j[same])), shape=(len(owner),) * 2)
    pieces: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return pieces


def _connected(grains: _Grains, owner: Ints, number: int) -> Ints:
    """Every kelurahan one piece around its centroid, the world outside one piece around all."""
    i, j = grains.lines.left, grains.lines.right
    owner = owner.copy()
    for _ in range(50):
        piece = _pieces(grains, owner)
        rim = np.argmin(grains.xy[:, 0] + grains.xy[:, 1])
        home = np.concatenate([piece[:number], [piece[rim]]])
        stray = piece != home[owner]
        if not stray.any():
            break
        # Whole stray pieces go to the settled neighbour with the longest border.
        out = stray[i] != stray[j]
        lost = np.where(stray[i[out]], i[out], j[out])
        host = np.where(stray[i[out]], j[out], i[out])
        total = coo_array(
            (grains.length[out], (piece[lost], owner[host] + 1)),
            shape=(piece.max() + 1, number + 1),
        ).toarray()
        new = total.argmax(axis=1) - 1
        moved = stray & (total.max(axis=1)[piece] > 0)
        owner[moved] = new[piece[moved]]
    return owner


def _outlines(
    grains: _Grains, owner: Ints, number: int, lonlat: Floats, centres: Floats
) -> NDArray[np.object_]:
    lines = grains.lines
    border = np.flatnonzero(owner[lines.left] != owner[lines.right])
    edges = [lonlat[lines.start[ridge] : lines.start[ridge + 1]] for ridge in border]
    of = np.repeat(np.arange(len(edges)), [len(edge) for edge in edges])
    drawn = chains(np.concatenate(edges), of)
    faces = shapely.get_parts(shapely.polygonize(drawn))
    centre, face = shapely.STRtree(faces).query(shapely.points(centres), predicate="within")
    shapes = np.empty(number, dtype=np.object_)
    shapes[centre] = faces[face]
    return shapes
