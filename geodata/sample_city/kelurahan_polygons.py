"""Kelurahan polygons of the sample city, grown around real centroids.

The plane is covered with grains (small Voronoi cells with rough borders). Each grain belongs to
the kelurahan with the smallest power distance (a weighted power diagram); the weights are fitted
to the real areas. Grains far from all centroids are sea or another regency. Imitated: positions,
neighbours, areas. Not imitated: any real border or coast.
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
from geodata.tessellate.borders import make_lines
from geodata.tessellate.frame import Floats, frame_around
from geodata.tessellate.ridges import Ints, Lines, rough_ridges

_OUTSIDE: Final = -1
_GRAIN: Final = 0.14
"""Width of a grain as a share of the width of its kelurahan."""
_MIN_BORDER_SHARE: Final = 0.3
_BORDER_PIECE: Final = 0.13
"""Longest piece of a border as a share of the width of an RT along it."""
_MARGIN: Final = 2_500.0
_FITTING_STEPS: Final = 60


class _Grains(NamedTuple):
    """Cells: sites ``(n, 2)`` in metres, areas in square metres, lines between neighbours."""

    xy: Floats
    area: Floats
    lines: Lines
    length: Floats


def grow_kelurahan(facts: pd.DataFrame, seed: int) -> gpd.GeoDataFrame:
    """Kelurahan polygons for `tessellate.divide`: a valid coverage, one polygon each.

    Parameters
    ----------
    facts
        From `kelurahan_facts`, all rows or some.

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
    grains = _place_grains(centres, areas, np.sqrt(areas / facts["rt"].to_numpy()), rng)
    owner = _connect(grains, _owners(grains, centres, areas, rng), len(facts))
    polygons = _make_polygons(grains, owner, len(facts), frame.degrees(grains.lines.xy), lonlat)
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
        geometry=polygons,
        crs=4326,
    )


def _place_grains(
    centres: Floats, areas: Floats, rt_width: Floats, rng: np.random.Generator
) -> _Grains:
    """Place grains, smaller in small kelurahan; each centroid is a grain."""
    widths = np.sqrt(areas)
    low = (centres - widths[:, None]).min(axis=0) - _MARGIN
    high = (centres + widths[:, None]).max(axis=0) + _MARGIN
    finest = float(widths.min()) * _GRAIN
    steps = np.ceil((high - low) / finest).astype(int)
    grid = np.stack(np.meshgrid(*map(np.arange, steps), indexing="ij"), axis=-1).reshape(-1, 2)
    xy = low + (grid + rng.random(grid.shape)) * finest
    nearest = _nearest_by_width(centres, widths, xy)
    # Thin the uniform grid to the grain size of each position.
    xy = xy[rng.random(len(xy)) < (finest / (widths[nearest] * _GRAIN)) ** 2]
    is_far_from_centre = cKDTree(centres).query(xy)[0] > 0.5 * finest
    xy = np.vstack([centres, xy[is_far_from_centre]])
    nearest = _nearest_by_width(centres, widths, xy)
    xy = _relax(xy, len(centres), low, high)
    box = np.concatenate([low, high])
    lines = rough_ridges(xy, _BORDER_PIECE * rt_width[nearest], box, rng)
    return _Grains(xy, *_measure(xy, lines))


def _nearest_by_width(centres: Floats, widths: Floats, xy: Floats) -> Ints:
    """Nearest centre of each position; distances are divided by the width of the kelurahan."""
    distances, centre_rows = cKDTree(centres).query(xy, k=min(8, len(centres)))
    distances, centre_rows = distances.reshape(len(xy), -1), centre_rows.reshape(len(xy), -1)
    nearest: Ints = centre_rows[
        np.arange(len(xy)), np.argmin(distances / widths[centre_rows], axis=1)
    ]
    return nearest


def _relax(xy: Floats, fixed: int, low: Floats, high: Floats) -> Floats:
    """Push grains away from their nearest neighbour; the first ``fixed`` do not move."""
    for _ in range(3):
        distances, neighbours = cKDTree(xy).query(xy, k=4)
        mean_distance = distances[:, 1:].mean(axis=1)
        push = (xy - xy[neighbours[:, 1]]) / np.maximum(distances[:, 1:2], 1.0)
        step = push * np.maximum(0.0, mean_distance - distances[:, 1])[:, None] * 0.5
        step[:fixed] = 0.0
        xy = np.clip(xy + step, low, high)
    return xy


def _measure(xy: Floats, lines: Lines) -> tuple[Floats, Lines, Floats]:
    """Area of each grain, by triangles over its straight ridges; lengths of ridges in metres."""
    a, b = lines.xy[lines.start[:-1]], lines.xy[lines.start[1:] - 1]
    length = np.hypot(*(b - a).T)
    area = np.zeros(len(xy))
    for side in (lines.left, lines.right):
        p, q = a - xy[side], b - xy[side]
        np.add.at(area, side, np.abs(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]) / 2)
    return area, lines, length


def _owners(grains: _Grains, centres: Floats, areas: Floats, rng: np.random.Generator) -> Ints:
    """Kelurahan of each grain, or `_OUTSIDE`; fits the weights of the power diagram."""
    widths = np.sqrt(areas)
    local_widths = widths[_nearest_by_width(centres, widths, grains.xy)]
    positions = (
        grains.xy + _wave_offsets(grains.xy, float(np.median(widths)), rng) * local_widths[:, None]
    )
    positions[: len(centres)] = centres
    distances, centre_rows = cKDTree(centres).query(positions, k=min(16, len(centres)))
    distances, centre_rows = (
        distances.reshape(len(positions), -1),
        centre_rows.reshape(len(positions), -1),
    )
    weight = 0.3 * areas / np.pi
    # With weights below this limit, every centroid stays in its own kelurahan.
    limit = (
        0.7 * cKDTree(centres).query(centres, k=2)[0][:, -1] ** 2 if len(centres) > 1 else weight
    )
    border = 1.35
    owner = np.zeros(len(positions), np.int64)
    for _ in range(_FITTING_STEPS):
        power = distances**2 - weight[centre_rows]
        nearest = np.argmin(power, axis=1)
        rows = np.arange(len(positions))
        owner = centre_rows[rows, nearest]
        inside = _is_inside(grains, distances / np.sqrt(areas / np.pi)[centre_rows], border)
        owner[~inside] = _OUTSIDE
        owner[: len(centres)] = np.arange(len(centres))
        fitted_areas = np.bincount(owner[inside], grains.area[inside], minlength=len(centres))
        border *= float(np.clip((areas.sum() / fitted_areas.sum()) ** 0.5, 0.9, 1.1))
        weight = weight + 0.25 * (areas - fitted_areas) / np.pi
        weight = np.clip(weight - weight.mean(), -limit, limit)
    return owner


def _is_inside(grains: _Grains, relative_distances: Floats, border: float) -> NDArray[np.bool_]:
    """Whether grains are near the centroids, by a smooth minimum of distances; without lakes."""
    smooth_minimum = -np.log(np.exp(-2.0 * np.minimum(relative_distances, 30.0)).sum(axis=1)) / 2.0
    inside: NDArray[np.bool_] = smooth_minimum < border - 0.6
    low, high = grains.xy.min(axis=0), grains.xy.max(axis=0)
    is_edge = ((grains.xy < low + _MARGIN / 4) | (grains.xy > high - _MARGIN / 4)).any(axis=1)
    inside &= ~is_edge
    component = _components(grains, inside.astype(np.int64))
    outer_components = np.unique(component[is_edge])
    return inside | ~np.isin(component, outer_components)


def _wave_offsets(xy: Floats, size: float, rng: np.random.Generator) -> Floats:
    """Displacements ``(n, 2)`` by long waves, so that borders are not straight."""
    waves = np.zeros_like(xy)
    for wave in (2.2, 1.1, 0.55, 0.3):
        for axis in (0, 1):
            for _ in range(3):
                angle, phase = rng.uniform(0, 2 * np.pi, 2)
                wave_phase = xy @ (np.cos(angle), np.sin(angle)) * (2 * np.pi / (wave * size))
                waves[:, axis] += 0.04 * min(wave, 1.2) ** 0.6 * np.sin(wave_phase + phase)
    return waves


def _components(grains: _Grains, owner: Ints) -> Ints:
    """Number of the connected component of grains with the same owner."""
    i, j = grains.lines.left, grains.lines.right
    # A border much shorter than a grain is no connection.
    min_length = _MIN_BORDER_SHARE * np.sqrt(np.minimum(grains.area[i], grains.area[j]))
    is_connected = (owner[i] == owner[j]) & (grains.length > min_length)
    graph = coo_array(
        (np.ones(int(is_connected.sum())), (i[is_connected], j[is_connected])),
        shape=(len(owner),) * 2,
    )
    components: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return components


def _connect(grains: _Grains, owner: Ints, number: int) -> Ints:
    """Make every kelurahan one component around its centroid, and the outside one component."""
    i, j = grains.lines.left, grains.lines.right
    owner = owner.copy()
    for _ in range(50):
        component = _components(grains, owner)
        outer_grain = np.argmin(grains.xy[:, 0] + grains.xy[:, 1])
        main_components = np.concatenate([component[:number], [component[outer_grain]]])
        is_stray = component != main_components[owner]
        if not is_stray.any():
            break
        # A stray component goes to the connected neighbour with the longest border.
        is_boundary = is_stray[i] != is_stray[j]
        stray_grains = np.where(is_stray[i[is_boundary]], i[is_boundary], j[is_boundary])
        neighbour_grains = np.where(is_stray[i[is_boundary]], j[is_boundary], i[is_boundary])
        shared_lengths = coo_array(
            (grains.length[is_boundary], (component[stray_grains], owner[neighbour_grains] + 1)),
            shape=(component.max() + 1, number + 1),
        ).toarray()
        new_owner = shared_lengths.argmax(axis=1) - 1
        is_moved = is_stray & (shared_lengths.max(axis=1)[component] > 0)
        owner[is_moved] = new_owner[component[is_moved]]
    return owner


def _make_polygons(
    grains: _Grains, owner: Ints, number: int, lonlat: Floats, centres: Floats
) -> NDArray[np.object_]:
    lines = grains.lines
    border = np.flatnonzero(owner[lines.left] != owner[lines.right])
    edges = [lonlat[lines.start[ridge] : lines.start[ridge + 1]] for ridge in border]
    edge_numbers = np.repeat(np.arange(len(edges)), [len(edge) for edge in edges])
    border_lines = make_lines(np.concatenate(edges), edge_numbers)
    faces = shapely.get_parts(shapely.polygonize(border_lines))
    centre, face = shapely.STRtree(faces).query(shapely.points(centres), predicate="within")
    polygons = np.empty(number, dtype=np.object_)
    polygons[centre] = faces[face]
    return polygons
