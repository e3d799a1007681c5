"""Sites of RT inside a kelurahan, spread by Lloyd's algorithm over random samples of the area."""

from typing import Final, NamedTuple

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geodata.tessellate.frame import Floats, Frame
from geodata.tessellate.shares import apportion

_SAMPLES_PER_SITE: Final = 48
_ITERATIONS: Final = 4
"""Few iterations: fully relaxed sites form a honeycomb."""
_UNEVENNESS: Final = 0.75


class Sites(NamedTuple):
    """``xy (n, 2)`` and ``scale (n,)`` in metres: sites, and root of the area around each site."""

    xy: Floats
    scale: Floats


def spread(polygon: shapely.Geometry, number: int, frame: Frame, rng: np.random.Generator) -> Sites:
    """Spread sites inside a polygon; a part whose share rounds to zero gets no site."""
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
    """Square root of the area nearest to each site, in metres, at least a fifth of the mean."""
    # A fixed seed: any uniform sample estimates the areas.
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
    # Stratified sampling, one draw per equal share of the weight: the first sites are spread out.
    cumulative = np.cumsum(weights) / weights.sum()
    targets = (np.arange(number) + rng.random(number)) / number
    sites = samples[np.unique(np.minimum(np.searchsorted(cumulative, targets), len(samples) - 1))]
    while len(sites) < number:
        farthest = cKDTree(sites).query(samples)[0].argmax()
        sites = np.vstack([sites, samples[farthest]])
    nearest = cKDTree(sites).query(samples)[1]
    for _ in range(_ITERATIONS):
        weight_sums = np.bincount(nearest, weights, minlength=number)
        centre = np.column_stack(
            [np.bincount(nearest, weights * samples[:, axis], minlength=number) for axis in (0, 1)]
        )
        sites = np.where(
            weight_sums[:, None] > 0, centre / np.maximum(weight_sums, 1e-300)[:, None], sites
        )
        nearest = cKDTree(sites).query(samples)[1]
    sites = _snap_to_samples(samples, sites)
    nearest = cKDTree(sites).query(samples)[1]
    areas = np.bincount(nearest, minlength=number) * (area / len(samples))
    return Sites(sites, np.sqrt(np.maximum(areas, area / number / 25)))


def _snap_to_samples(samples: Floats, sites: Floats) -> Floats:
    """Move each site to the nearest free sample, which is inside the polygon."""
    tree = cKDTree(samples)
    used_rows: dict[int, None] = {}
    for site in sites:
        neighbours = 1
        while True:
            nearest = np.atleast_1d(tree.query(site, k=neighbours)[1])
            free_rows = [int(row) for row in nearest if int(row) not in used_rows]
            if free_rows:
                used_rows[free_rows[0]] = None
                break
            neighbours *= 2
    return samples[list(used_rows)]


def _samples(
    polygon: shapely.Geometry, number: int, frame: Frame, rng: np.random.Generator
) -> tuple[Floats, float]:
    """Uniform samples inside a polygon, ``(number, 2)`` in metres, and the area of the polygon."""
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(polygon))
    corners = frame.metres(shapely.get_coordinates(triangles)).reshape(-1, 4, 2)[:, :3]
    corners = corners[np.lexsort(corners[:, :, 0].T)]
    side, other_side = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = np.abs(side[:, 0] * other_side[:, 1] - side[:, 1] * other_side[:, 0]) / 2
    cumulative = np.cumsum(areas) / areas.sum()
    targets = (np.arange(number) + rng.random(number)) / number
    triangle_rows = np.minimum(np.searchsorted(cumulative, targets), len(areas) - 1)
    u, v = np.sqrt(rng.random(number)), rng.random(number)
    weights = np.column_stack([1 - u, u * (1 - v), u * v])
    return np.einsum("ij,ijk->ik", weights, corners[triangle_rows]), float(areas.sum())


def _density(xy: Floats, size: float, rng: np.random.Generator) -> Floats:
    """Density of settlement: a few long waves over the area, as factors around 1."""
    waves = np.zeros(len(xy))
    for _ in range(4):
        angle = rng.uniform(0, 2 * np.pi)
        frequency = rng.uniform(0.4, 2.2) * 2 * np.pi / max(size, 1e-9)
        waves += np.sin(
            frequency * (xy @ (np.cos(angle), np.sin(angle))) + rng.uniform(0, 2 * np.pi)
        )
    density: Floats = np.exp(_UNEVENNESS * waves / 2)
    return density
