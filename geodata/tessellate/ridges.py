"""Rough lines between neighbouring sites that never cross.

Midpoint displacement (Fournier, Fussell and Carpenter 1982) inside quadrilaterals (Patel, noisy
edges). The kite of a Voronoi ridge from ``a`` to ``b`` between the sites ``L`` and ``R`` is
``a L b R``; kites of different ridges do not overlap. The middle of the line moves to a point on
a median of one of the two triangles. Each half then has a smaller kite inside the first kite. So a
line stays in its kite after any number of bends, lines do not cross, and every site stays in its
cell. A ridge much longer than the distance of its sites is first split without a bend; otherwise
its far end keeps the near end straight.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Voronoi

from geodata.tessellate.frame import Floats

Ints = NDArray[np.int64]

_MAX_DEPTH: Final = 12
_ROUGHNESS: Final = 0.34
"""Largest bend of the longest bent line, as a share of half its length."""
_SMOOTHING: Final = 0.25
"""Exponent that makes bends of short lines smaller: borders look smoother from near."""

_MAX_PIECES: Final = 20
"""A ridge with more pieces than this is split without a bend."""


class Lines(NamedTuple):
    """Lines between sites: ``xy[start[i]:start[i + 1]]`` divides ``left[i]`` from ``right[i]``."""

    xy: Floats
    start: Ints
    left: Ints
    right: Ints


class _Kites(NamedTuple):
    ridge: Ints
    key: Floats
    a: Floats
    b: Floats
    left: Floats
    right: Floats

    def select(self, mask: NDArray[np.bool_]) -> "_Kites":
        return _Kites._make(column[mask] for column in self)


def rough_ridges(sites: Floats, step: Floats, box: Floats, rng: np.random.Generator) -> Lines:
    """Lines between neighbouring sites.

    Parameters
    ----------
    sites
        ``(n, 2)`` in metres, all different.
    step
        ``(n,)`` maximum length in metres of the pieces of a line around each site.
    box
        ``(min_x, min_y, max_x, max_y)`` in metres; lines outside stay straight.
    rng
        Random numbers for the bends.
    """
    ridges, corners = _ridges(sites, box)
    max_length = (step[ridges[:, 0]] + step[ridges[:, 1]]) / 2
    kites = _Kites(
        np.arange(len(ridges)),
        np.zeros(len(ridges)),
        corners[:, 0],
        corners[:, 1],
        sites[ridges[:, 0]],
        sites[ridges[:, 1]],
    )
    return _join_pieces(_bend_lines(kites, max_length, box, rng), ridges)


def _ridges(sites: Floats, box: Floats) -> tuple[Ints, Floats]:
    """Pairs of neighbouring sites ``(m, 2)`` and the ends of their ridges ``(m, 2, 2)``."""
    if len(sites) < 2:
        return np.empty((0, 2), np.int64), np.empty((0, 2, 2))
    middle = (box[:2] + box[2:]) / 2
    diagonal = float(np.hypot(*(box[2:] - box[:2]))) + 1e-9
    angles = np.arange(8) * np.pi / 4
    # A far ring of extra sites closes every cell; the ridges of the ring are far outside the box.
    ring = middle + 6 * diagonal * np.column_stack([np.cos(angles), np.sin(angles)])
    diagram = Voronoi(np.vstack([sites, ring]))
    pairs = np.asarray(diagram.ridge_points, np.int64)
    ends = np.asarray(diagram.ridge_vertices, np.int64)
    is_real = (pairs < len(sites)).all(axis=1) & (ends >= 0).all(axis=1)
    pairs, ends = pairs[is_real], ends[is_real]
    # Sort explicitly: equal input must give equal order in every version of Qhull.
    order = np.lexsort((ends[:, 1], ends[:, 0], pairs[:, 1], pairs[:, 0]))
    return pairs[order], np.asarray(diagram.vertices)[ends[order]]


def _bend_lines(kites: _Kites, max_length: Floats, box: Floats, rng: np.random.Generator) -> _Kites:
    finished: list[_Kites] = []
    for level in range(_MAX_DEPTH):
        low, high = np.minimum(kites.a, kites.b), np.maximum(kites.a, kites.b)
        is_visible = ((high >= box[:2]) & (low <= box[2:])).all(axis=1)
        length = np.hypot(*(kites.b - kites.a).T)
        is_long = is_visible & (length > max_length[kites.ridge])
        finished.append(kites.select(~is_long))
        kites = kites.select(is_long)
        if not len(kites.ridge):
            break
        ratio = length[is_long] / max_length[kites.ridge]
        kites = _halve(kites, ratio, 0.5 ** (level + 1), rng)
    finished.append(kites)
    return _Kites(*(np.concatenate(columns) for columns in zip(*finished, strict=True)))


def _halve(kites: _Kites, ratio: Floats, key_step: float, rng: np.random.Generator) -> _Kites:
    """Split each line into halves; bend the middle of a line that is not long."""
    is_bent = (ratio <= _MAX_PIECES)[:, None]
    roughness = _ROUGHNESS * np.minimum(1.0, ratio / _MAX_PIECES) ** _SMOOTHING
    middle = np.where(is_bent, _bend_points(kites, roughness, rng), (kites.a + kites.b) / 2)
    first = _Kites(
        kites.ridge,
        kites.key,
        kites.a,
        middle,
        np.where(is_bent, (kites.a + kites.left) / 2, kites.left),
        np.where(is_bent, (kites.a + kites.right) / 2, kites.right),
    )
    second = _Kites(
        kites.ridge,
        kites.key + key_step,
        middle,
        kites.b,
        np.where(is_bent, (kites.b + kites.left) / 2, kites.left),
        np.where(is_bent, (kites.b + kites.right) / 2, kites.right),
    )
    return _Kites(*(np.concatenate(columns) for columns in zip(first, second, strict=True)))


def _bend_points(kites: _Kites, roughness: Floats, rng: np.random.Generator) -> Floats:
    """Point on the median from the middle of ``ab`` to one of the two sites.

    In units of half of ``ab``, the drawn site is at ``(f, h)`` and the other site at ``(g, -k)``.
    The kites of the halves do not overlap if the line from the other site to the bend
    ``u * (f, h)`` crosses ``ab`` between its ends, at ``u (g h + f k) / (k + u h)``.
    """
    draw = rng.uniform(-1.0, 1.0, len(kites.ridge))
    middle, half = (kites.a + kites.b) / 2, (kites.b - kites.a) / 2
    drawn_site = np.where((draw > 0)[:, None], kites.left, kites.right) - middle
    other_site = np.where((draw > 0)[:, None], kites.right, kites.left) - middle
    square = np.einsum("ij,ij->i", half, half)
    f, g = (np.einsum("ij,ij->i", half, vector) / square for vector in (drawn_site, other_site))
    h, k = (
        np.abs(half[:, 0] * vector[:, 1] - half[:, 1] * vector[:, 0]) / square
        for vector in (drawn_site, other_site)
    )
    tiny = 1e-12
    crossing = np.abs(g * h + f * k)
    limit = np.minimum(0.45, roughness / np.maximum(h, tiny))
    limit = np.minimum(limit, 0.4 / np.maximum(np.abs(f), tiny))
    limit = np.minimum(limit, 0.7 * k / np.maximum(crossing - 0.7 * h, tiny))
    bends: Floats = middle + (np.abs(draw) * limit)[:, None] * drawn_site
    return bends


def _join_pieces(kites: _Kites, ridges: Ints) -> Lines:
    order = np.lexsort((kites.key, kites.ridge))
    ridge = kites.ridge[order]
    pieces = np.bincount(ridge, minlength=len(ridges))
    start = np.concatenate([[0], np.cumsum(pieces + 1)])
    xy = np.empty((int(start[-1]), 2))
    last = start[1:] - 1
    inner = np.ones(len(xy), np.bool_)
    inner[last] = False
    xy[inner] = kites.a[order]
    xy[last] = kites.b[order][np.cumsum(pieces) - 1]
    return Lines(xy, start, ridges[:, 0], ridges[:, 1])
