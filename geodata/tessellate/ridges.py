"""Rough lines between neighbouring sites that never cross.

A Voronoi ridge from ``a`` to ``b`` between the sites ``L`` and ``R`` owns the kite ``a L b R``,
and kites of different ridges do not overlap. The line is bent at its middle to a point on a
median of one of the two triangles; each half then owns a smaller kite inside the first. So
however often it is bent, a line stays in its own kite and crosses no other, and every site stays
in its own cell. A ridge much longer than its sites are apart is first parted without a bend, or
its far end would keep the near one straight. (Midpoint displacement after Fournier, Fussell and
Carpenter 1982; in quadrilaterals as in Patel's noisy edges.)
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Voronoi

from geodata.tessellate.frame import Floats

Ints = NDArray[np.int64]

_DEEPEST: Final = 12
_ROUGHNESS: Final = 0.34
"""Largest bend as a share of half the line's length, for the longest line bent."""
_CALMING: Final = 0.25
"""How fast bends get gentler with length: borders are smoother near to than from afar."""

_LONG: Final = 20
"""Wanted pieces in a ridge above which it is parted without a bend."""


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

    def pick(self, which: NDArray[np.bool_]) -> "_Kites":
        return _Kites._make(column[which] for column in self)


def rough_ridges(sites: Floats, step: Floats, box: Floats, rng: np.random.Generator) -> Lines:
    """Lines between neighbouring sites.

    Parameters
    ----------
    sites
        ``(n, 2)`` in metres, all different.
    step
        ``(n,)`` wanted length of a line's pieces around each site.
    box
        ``(min_x, min_y, max_x, max_y)``; outside it lines stay straight.
    rng
        Where the bends come from.
    """
    ridges, corners = _ridges(sites, box)
    wanted = (step[ridges[:, 0]] + step[ridges[:, 1]]) / 2
    kites = _Kites(
        np.arange(len(ridges)),
        np.zeros(len(ridges)),
        corners[:, 0],
        corners[:, 1],
        sites[ridges[:, 0]],
        sites[ridges[:, 1]],
    )
    return _joined(_bent(kites, wanted, box, rng), ridges)


def _ridges(sites: Floats, box: Floats) -> tuple[Ints, Floats]:
    """Pairs of neighbouring sites ``(m, 2)`` and the ends of their ridges ``(m, 2, 2)``."""
    if len(sites) < 2:
        return np.empty((0, 2), np.int64), np.empty((0, 2, 2))
    middle = (box[:2] + box[2:]) / 2
    reach = float(np.hypot(*(box[2:] - box[:2]))) + 1e-9
    around = np.arange(8) * np.pi / 4
    # A far ring of helpers closes every cell; its own ridges lie far outside the box.
    ring = middle + 6 * reach * np.column_stack([np.cos(around), np.sin(around)])
    diagram = Voronoi(np.vstack([sites, ring]))
    pairs = np.asarray(diagram.ridge_points, np.int64)
    ends = np.asarray(diagram.ridge_vertices, np.int64)
    real = (pairs < len(sites)).all(axis=1) & (ends >= 0).all(axis=1)
    pairs, ends = pairs[real], ends[real]
    # Qhull's order depends on nothing but its input, yet say the order here to be sure of it.
    order = np.lexsort((ends[:, 1], ends[:, 0], pairs[:, 1], pairs[:, 0]))
    return pairs[order], np.asarray(diagram.vertices)[ends[order]]


def _bent(kites: _Kites, wanted: Floats, box: Floats, rng: np.random.Generator) -> _Kites:
    done: list[_Kites] = []
    for level in range(_DEEPEST):
        low, high = np.minimum(kites.a, kites.b), np.maximum(kites.a, kites.b)
        seen = ((high >= box[:2]) & (low <= box[2:])).all(axis=1)
        length = np.hypot(*(kites.b - kites.a).T)
        coarse = seen & (length > wanted[kites.ridge])
        done.append(kites.pick(~coarse))
        kites = kites.pick(coarse)
        if not len(kites.ridge):
            break
        ratio = length[coarse] / wanted[kites.ridge]
        kites = _halved(kites, ratio, 0.5 ** (level + 1), rng)
    done.append(kites)
    return _Kites(*(np.concatenate(columns) for columns in zip(*done, strict=True)))


def _halved(kites: _Kites, ratio: Floats, half: float, rng: np.random.Generator) -> _Kites:
    """Both halves of each line, bent at its middle unless it is long."""
    bent = (ratio <= _LONG)[:, None]
    roughness = _ROUGHNESS * np.minimum(1.0, ratio / _LONG) ** _CALMING
    middle = np.where(bent, _bend(kites, roughness, rng), (kites.a + kites.b) / 2)
    first = _Kites(
        kites.ridge,
        kites.key,
        kites.a,
        middle,
        np.where(bent, (kites.a + kites.left) / 2, kites.left),
        np.where(bent, (kites.a + kites.right) / 2, kites.right),
    )
    second = _Kites(
        kites.ridge,
        kites.key + half,
        middle,
        kites.b,
        np.where(bent, (kites.b + kites.left) / 2, kites.left),
        np.where(bent, (kites.b + kites.right) / 2, kites.right),
    )
    return _Kites(*(np.concatenate(columns) for columns in zip(first, second, strict=True)))


def _bend(kites: _Kites, roughness: Floats, rng: np.random.Generator) -> Floats:
    """A point on the median from the middle of ``ab`` towards one of the two sites.

    In units of half of ``ab`` let the chosen site stand at ``(f, h)`` and the other at
    ``(g, -k)``. The halves' kites are apart if the line from the other site to the bend
    ``u * (f, h)`` crosses ``ab`` between its ends, at ``u (g h + f k) / (k + u h)``.
    """
    draw = rng.uniform(-1.0, 1.0, len(kites.ridge))
    middle, half = (kites.a + kites.b) / 2, (kites.b - kites.a) / 2
    towards = np.where((draw > 0)[:, None], kites.left, kites.right) - middle
    other = np.where((draw > 0)[:, None], kites.right, kites.left) - middle
    square = np.einsum("ij,ij->i", half, half)
    f, g = (np.einsum("ij,ij->i", half, way) / square for way in (towards, other))
    h, k = (
        np.abs(half[:, 0] * way[:, 1] - half[:, 1] * way[:, 0]) / square for way in (towards, other)
    )
    tiny = 1e-12
    crossing = np.abs(g * h + f * k)
    limit = np.minimum(0.45, roughness / np.maximum(h, tiny))
    limit = np.minimum(limit, 0.4 / np.maximum(np.abs(f), tiny))
    limit = np.minimum(limit, 0.7 * k / np.maximum(crossing - 0.7 * h, tiny))
    bends: Floats = middle + (np.abs(draw) * limit)[:, None] * towards
    return bends


def _joined(kites: _Kites, ridges: Ints) -> Lines:
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
