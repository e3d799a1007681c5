"""Group RT into RW, and number RT and RW."""

from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from geodata.tessellate.borders import Geometries, shared_lengths
from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints

RT_PER_RW: Final = 10628 / 1530
"""Mean number of RT per RW in Semarang, 2025: 10,628 RT in 1,530 RW (Berita Jateng)."""
_ITERATIONS: Final = 12


def group_rw(rt: Geometries, sites: Floats) -> Ints:
    """Number of the RW of each RT, from 1: compact and connected groups of RT.

    Parameters
    ----------
    rt
        ``(n,)`` polygons of one kelurahan, a coverage.
    sites
        ``(n, 2)`` in metres.
    """
    number = max(1, round(len(rt) / RT_PER_RW))
    return _number_groups(_connect(rt, _cluster(sites, number)), sites)


def number_rt(rw: Ints, sites: Floats) -> Ints:
    """Number of each RT within its RW, from 1: north to south, then west to east."""
    order = np.lexsort((sites[:, 0], -sites[:, 1], rw))
    numbers = np.empty(len(rw), np.int64)
    ordered = rw[order]
    numbers[order] = np.arange(len(rw)) - np.searchsorted(ordered, ordered) + 1
    return numbers


def _cluster(sites: Floats, number: int) -> Ints:
    """Cluster sites by k-means (Lloyd), from ``number`` centres by farthest-point traversal."""
    centre_rows = [int(np.argmax(sites[:, 1]))]
    distance = cdist(sites, sites[centre_rows])[:, 0]
    while len(centre_rows) < number:
        centre_rows.append(int(np.argmax(distance)))
        distance = np.minimum(distance, cdist(sites, sites[centre_rows[-1:]])[:, 0])
    centres = sites[centre_rows]
    for _ in range(_ITERATIONS):
        group = np.argmin(cdist(sites, centres), axis=1)
        size = np.bincount(group, minlength=number)
        sums = np.column_stack([np.bincount(group, axis, minlength=number) for axis in sites.T])
        centres = np.where(size[:, None] > 0, sums / np.maximum(size, 1)[:, None], centres)
    nearest: Ints = np.argmin(cdist(sites, centres), axis=1)
    return nearest


def _number_groups(group: Ints, sites: Floats) -> Ints:
    """Number groups from 1, from north to south."""
    names, group = np.unique(group, return_inverse=True)
    north = np.bincount(group, sites[:, 1]) / np.bincount(group)
    rank = np.empty(len(names), np.int64)
    rank[np.argsort(-north, kind="stable")] = np.arange(1, len(names) + 1)
    numbers: Ints = rank[group]
    return numbers


def _connect(rt: Geometries, group: Ints) -> Ints:
    """Move each RT that is disconnected from its group to the neighbouring group."""
    i, j, length = shared_lengths(rt)
    for _ in range(len(rt)):
        is_stray = _find_strays(group, i, j)
        is_movable = is_stray[i] != is_stray[j]
        if not is_movable.any():
            break
        longest = np.flatnonzero(is_movable)[np.argmax(length[is_movable])]
        moved, target = (
            (i[longest], j[longest]) if is_stray[i[longest]] else (j[longest], i[longest])
        )
        group[moved] = group[target]
    return group


def _find_strays(group: Ints, i: Ints, j: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each RT is outside the largest connected component of its group."""
    is_inside = group[i] == group[j]
    graph = coo_array(
        (np.ones(int(is_inside.sum())), (i[is_inside], j[is_inside])), shape=(len(group),) * 2
    )
    component = connected_components(graph, directed=False)[1]
    size = np.bincount(component)[component]
    # The largest component of each group; the first of equal components.
    order = np.lexsort((component, -size, group))
    largest = order[np.unique(group[order], return_index=True)[1]]
    main_component = np.zeros(group.max() + 1, np.int64)
    main_component[group[largest]] = component[largest]
    strays: np.ndarray[tuple[int], np.dtype[np.bool_]] = component != main_component[group]
    return strays
