"""RT gathered into RW, and the numbers both are known by."""

from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from geodata.tessellate.borders import Geometries, shared_lengths
from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints

RT_PER_RW: Final = 10628 / 1530
"""Of Semarang in 2025 (Berita Jateng): 10,628 RT in 1,530 RW."""
_ROUNDS: Final = 12


def gather_rw(rt: Geometries, sites: Floats) -> Ints:
    """Number of the RW of each RT, from 1: compact groups whose RT hang together.

    Parameters
    ----------
    rt
        ``(n,)`` polygons of one kelurahan, a coverage.
    sites
        ``(n, 2)`` in metres.
    """
    number = max(1, round(len(rt) / RT_PER_RW))
    return _renumbered(_connected(rt, _clustered(sites, number)), sites)


def number_rt(rw: Ints, sites: Floats) -> Ints:
    """Number of each RT within its RW, from 1: from north to south, then west to east."""
    order = np.lexsort((sites[:, 0], -sites[:, 1], rw))
    numbers = np.empty(len(rw), np.int64)
    ordered = rw[order]
    numbers[order] = np.arange(len(rw)) - np.searchsorted(ordered, ordered) + 1
    return numbers


def _clustered(sites: Floats, number: int) -> Ints:
    """Groups around ``number`` centres, by k-means from centres far apart."""
    chosen = [int(np.argmax(sites[:, 1]))]
    reach = cdist(sites, sites[chosen])[:, 0]
    while len(chosen) < number:
        chosen.append(int(np.argmax(reach)))
        reach = np.minimum(reach, cdist(sites, sites[chosen[-1:]])[:, 0])
    centres = sites[chosen]
    for _ in range(_ROUNDS):
        group = np.argmin(cdist(sites, centres), axis=1)
        size = np.bincount(group, minlength=number)
        sums = np.column_stack([np.bincount(group, axis, minlength=number) for axis in sites.T])
        centres = np.where(size[:, None] > 0, sums / np.maximum(size, 1)[:, None], centres)
    nearest: Ints = np.argmin(cdist(sites, centres), axis=1)
    return nearest


def _renumbered(group: Ints, sites: Floats) -> Ints:
    """Groups numbered from 1, from north to south."""
    names, group = np.unique(group, return_inverse=True)
    north = np.bincount(group, sites[:, 1]) / np.bincount(group)
    rank = np.empty(len(names), np.int64)
    rank[np.argsort(-north, kind="stable")] = np.arange(1, len(names) + 1)
    numbers: Ints = rank[group]
    return numbers


def _connected(rt: Geometries, group: Ints) -> Ints:
    """Move RT that are cut off from the rest of their group to the group around them."""
    i, j, length = shared_lengths(rt)
    for _ in range(len(rt)):
        stray = _strays(group, i, j)
        out = stray[i] != stray[j]
        if not out.any():
            break
        best = np.flatnonzero(out)[np.argmax(length[out])]
        lost, home = (i[best], j[best]) if stray[i[best]] else (j[best], i[best])
        group[lost] = group[home]
    return group


def _strays(group: Ints, i: Ints, j: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each RT stands outside the largest connected piece of its group."""
    same = group[i] == group[j]
    graph = coo_array((np.ones(int(same.sum())), (i[same], j[same])), shape=(len(group),) * 2)
    piece = connected_components(graph, directed=False)[1]
    size = np.bincount(piece)[piece]
    # The largest piece of each group, the first of equals.
    order = np.lexsort((piece, -size, group))
    first = order[np.unique(group[order], return_index=True)[1]]
    main = np.zeros(group.max() + 1, np.int64)
    main[group[first]] = piece[first]
    strays: np.ndarray[tuple[int], np.dtype[np.bool_]] = piece != main[group]
    return strays
