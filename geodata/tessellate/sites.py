"""Where RT stand inside a kelurahan: sites spread by Lloyd's method over samples of its ground."""

from typing import Final, NamedTuple

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geodata.tessellate.frame import Floats, Frame
from geodata.tessellate.shares import apportion

_SAMPLES_PER_SITE: Final = 48
_ROUNDS: Final = 4
"""Few rounds: fully relaxed sites would make a honeycomb."""
_UNEVENNESS: Final = 0.75


class Sites(NamedTuple):
    """``xy (n, 2)`` in metres and ``scale (n,)``: the root of the ground around each."""

    xy: Floats
    scale: Floats


def spread(polygon: shapely.Geometry, number: int, frame: Frame, rng: np.random.Generator) -> Sites:
    """Sites inside a polygon; a part whose share of the area rounds to none gets none."""
    parts = shapely.get_parts(polygon)
    areas = frame.areas(parts)
    numbers = apportion(areas, number)
    spreads = [
        _spread_in_part(part, int(n), frame, rng)
        for part, n in zip(parts, numbers, strict=True)
        if n
    ]
    return Sites(*(np.concatenate(columns) for columns in zip(*spreads, strict=True)))


def scale_around(sites: Floats, polygon: shapely.Geometry, frame: Frame) -> Floats:
    """Root of the ground nearest to each given site, never under a fifth of the mean."""
    # No draw matters here: any even sample tells the size, so its seed is fixed.
    rng = np.random.default_rng(0)
    samples, area = _samples(polygon, _SAMPLES_PER_SITE * len(sites), frame, rng)
    nearest = cKDTree(sites).query(samples)[1]
    counts = np.bincount(nearest, minlength=len(sites)) * (area / len(samples))
    scale: Floats = np.sqrt(np.maximum(counts, area / len(sites) / 25))
    return scale


def _spread_in_part(
    part: shapely.Geometry, number: int, frame: Frame, rng: np.random.Generator
) -> Sites:
    samples, area = _samples(part, _SAMPLES_PER_SITE * number, frame, rng)
    weights = _density(samples, np.sqrt(area), rng)
    # One draw per equal share of the weight: first sites come spread out already.
    cumulative = np.cumsum(weights) / weights.sum()
    drawn = (np.arange(number) + rng.random(number)) / number
    sites = samples[np.unique(np.minimum(np.searchsorted(cumulative, drawn), len(samples) - 1))]
    while len(sites) < number:
        far = cKDTree(sites).query(samples)[0].argmax()
        sites = np.vstack([sites, samples[far]])
    nearest = cKDTree(sites).query(samples)[1]
    for _ in range(_ROUNDS):
        mass = np.bincount(nearest, weights, minlength=number)
        centre = np.column_stack(
            [np.bincount(nearest, weights * samples[:, axis], minlength=number) for axis in (0, 1)]
        )
        sites = np.where(mass[:, None] > 0, centre / np.maximum(mass, 1e-300)[:, None], sites)
        nearest = cKDTree(sites).query(samples)[1]
    sites = _taken(samples, sites)
    nearest = cKDTree(sites).query(samples)[1]
    ground = np.bincount(nearest, minlength=number) * (area / len(samples))
    return Sites(sites, np.sqrt(np.maximum(ground, area / number / 25)))


def _taken(samples: Floats, sites: Floats) -> Floats:
    """For each site the nearest sample, which is inside, none taken twice."""
    tree = cKDTree(samples)
    taken: dict[int, None] = {}
    for site in sites:
        wanted = 1
        while True:
            found = np.atleast_1d(tree.query(site, k=wanted)[1])
            free = [int(i) for i in found if int(i) not in taken]
            if free:
                taken[free[0]] = None
                break
            wanted *= 2
    return samples[list(taken)]


def _samples(
    polygon: shapely.Geometry, number: int, frame: Frame, rng: np.random.Generator
) -> tuple[Floats, float]:
    """Even samples strictly inside a polygon, ``(number, 2)`` in metres, and its area."""
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(polygon))
    corners = frame.metres(shapely.get_coordinates(triangles)).reshape(-1, 4, 2)[:, :3]
    corners = corners[np.lexsort(corners[:, :, 0].T)]
    side, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = np.abs(side[:, 0] * other[:, 1] - side[:, 1] * other[:, 0]) / 2
    cumulative = np.cumsum(areas) / areas.sum()
    drawn = (np.arange(number) + rng.random(number)) / number
    picked = np.minimum(np.searchsorted(cumulative, drawn), len(areas) - 1)
    u, v = np.sqrt(rng.random(number)), rng.random(number)
    weights = np.column_stack([1 - u, u * (1 - v), u * v])
    return np.einsum("ij,ijk->ik", weights, corners[picked]), float(areas.sum())


def _density(xy: Floats, size: float, rng: np.random.Generator) -> Floats:
    """Uneven settlement: a few slow waves over the ground, as factors around one."""
    waves = np.zeros(len(xy))
    for _ in range(4):
        turn = rng.uniform(0, 2 * np.pi)
        count = rng.uniform(0.4, 2.2) * 2 * np.pi / max(size, 1e-9)
        waves += np.sin(count * (xy @ (np.cos(turn), np.sin(turn))) + rng.uniform(0, 2 * np.pi))
    density: Floats = np.exp(_UNEVENNESS * waves / 2)
    return density
