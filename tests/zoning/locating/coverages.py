"""Strategies for hard polygons and hard points, for the tests of the join."""

from collections.abc import Sequence

import numpy as np
import shapely
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.kernels.leaf_nodes import SPAN
from zoning.locating.locator import Locator

Points = NDArray[np.float64]


@st.composite
def coverages(draw: st.DrawFn, *, tidy: bool = False) -> list[BaseGeometry | None]:
    """Quads with jittered corners on a dyadic grid, grouped at random.

    This makes multipolygons, holes, gaps, polygons that touch at a point, None and empty
    geometries. Unless `tidy`, a second coverage may overlap the first.
    """
    layers = 1 if tidy else draw(st.integers(1, 2))
    geometries: list[BaseGeometry | None] = []
    for _ in range(layers):
        geometries += _layer(draw)
    return geometries


def _layer(draw: st.DrawFn) -> list[BaseGeometry | None]:
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    n_corner = (columns + 1) * (rows + 1)
    jitter = st.lists(
        st.sampled_from((-2, -1, 0, 0, 0, 1, 2)), min_size=n_corner, max_size=n_corner
    )
    shape = (columns + 1, rows + 1)
    x = np.arange(columns + 1)[:, None] + np.reshape(draw(jitter), shape) / 8
    y = np.arange(rows + 1)[None, :] + np.reshape(draw(jitter), shape) / 8
    groups = draw(st.lists(st.integers(-1, 3), min_size=columns * rows, max_size=columns * rows))
    quads: dict[int, list[BaseGeometry]] = {group: [] for group in range(4)}
    for k, group in enumerate(groups):
        i, j = divmod(k, rows)
        corners = ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))
        if group >= 0:
            quads[group].append(shapely.Polygon([(x[c], y[c]) for c in corners]))
    blank = draw(st.sampled_from((None, shapely.Polygon())))
    return [shapely.union_all(quads[group]) if quads[group] else blank for group in range(4)]


def hard_points(geometries: Sequence[BaseGeometry | None], seed: int, n: int) -> Points:
    """Points on vertices, on edges, level with both, near edges, and on the lines of the grid.

    Near means within three quanta of the index. Every point may be moved by up to four ulp.

    Returns
    -------
    ndarray
        Shape ``(n, 2)``.
    """
    random = np.random.default_rng(seed)
    solid = np.array([g for g in geometries if g is not None and not g.is_empty], dtype=object)
    rings = shapely.get_rings(shapely.get_parts(solid))
    if not len(rings):
        return random.integers(-2, 6, (n, 2)).astype(np.float64)
    ends = [shapely.get_coordinates(ring) for ring in rings]
    first = np.concatenate([e[:-1] for e in ends])
    last = np.concatenate([e[1:] for e in ends])
    k = random.integers(0, len(first), n)
    part = random.choice([0.0, 0.25, 0.5, 0.75, random.random()], (n, 1))
    on_edge = first[k] + part * (last[k] - first[k])
    other = random.permutation(on_edge)
    mixed = np.column_stack((on_edge[:, 0], other[:, 1]))
    locator = Locator(geometries)
    borders = _cell_borders(locator, random, n)
    near_edges = on_edge + random.uniform(-3, 3, (n, 2)) * _quantum(locator)
    choice = random.integers(0, 5, n)[:, None]
    points: Points = np.select(
        [choice == 0, choice == 1, choice == 2, choice == 3],
        [first[k], on_edge, mixed, borders],
        near_edges,
    )
    for _ in range(4):
        toward = random.choice([-np.inf, np.nan, np.nan, np.inf], points.shape)
        points = np.where(np.isnan(toward), points, np.nextafter(points, toward))
    return points


def _per_unit(locator: Locator) -> Points:
    index = locator._index
    return np.array([index.columns_per_unit or 1.0, index.rows_per_unit or 1.0])


def _quantum(locator: Locator) -> Points:
    """The resolution at which the index keeps edges, in its largest squares."""
    quantum: Points = 1.0 / (_per_unit(locator) * SPAN)
    return quantum


def _cell_borders(locator: Locator, random: np.random.Generator, n: int) -> Points:
    """Points on lines between squares, lines that divide squares, and lines of thumbnails."""
    index = locator._index
    cells = np.array([index.columns, index.rows])
    parts = random.choice([1, 4, 8, 16, 32], (n, 1))
    line_number = random.integers(0, cells * parts + 1) / parts
    lines: Points = np.array([index.x0, index.y0]) + line_number / _per_unit(locator)
    return lines
