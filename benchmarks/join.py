"""The join against what a user would pick instead, on the same points, agreement checked first.

``python -m benchmarks.join`` prints, for uniform and clustered points in random and in spatial
order: points a second of `zoning.Locator`, of each peer that is installed, in the same order, and
of the streaming limit, a kernel that only reads x and y and writes one int32. Then how long the
index takes to build, its size, and how the time per point grows to 1.2 million polygons.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from benchmarks.measuring import (
    EFFORTS,
    OURS,
    Disagreement,
    Effort,
    Timing,
    installed,
    median_seconds,
    medians_in_turn,
)
from benchmarks.peers.join import PEERS, Float64s, Int32s, Points
from geodata import sample_city
from zoning import Locator

STREAM: Final = "streaming limit"
REUSING: Final = "zoning, out= given"
_CHUNK: Final = 1 << 20
_MOST_FOR_PEERS: Final = 1_000_000


def uniform(areas: gpd.GeoDataFrame, n: int, random: np.random.Generator) -> Points:
    """Anywhere in the city's box, so some in no polygon."""
    west, south, east, north = areas.total_bounds
    return Points(random.uniform(west, east, n), random.uniform(south, north, n))


def clustered(areas: gpd.GeoDataFrame, n: int, random: np.random.Generator) -> Points:
    """As people live: around 500 centres, most of them near one of them."""
    inside = shapely.point_on_surface(areas.geometry.to_numpy())
    centres = shapely.get_coordinates(random.choice(inside, 500))
    chosen = centres[random.integers(0, len(centres), n)].T + random.laplace(0.0, 0.002, (2, n))
    return Points(*np.ascontiguousarray(chosen))


def in_spatial_order(points: Points) -> Points:
    """The same points along a Z-order curve of 4096 steps a side."""
    place = np.zeros(len(points.x), dtype=np.int64)
    for shift, at in enumerate(points):
        step = ((at - at.min()) / (np.ptp(at) or 1.0) * 4095.0).astype(np.int64)
        for bit in range(12):
            place |= (step >> bit & 1) << (2 * bit + shift)
    order = np.argsort(place, kind="stable")
    return Points(points.x[order], points.y[order])


@njit(nogil=True)
def _stream(x: Float64s, y: Float64s, found: Int32s) -> None:
    for k in range(len(x)):
        found[k] = np.int32(x[k] > y[k])


def stream(points: Points, found: Int32s) -> None:
    """Read every coordinate and write one number a point, on all cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:

        def chunk(at: int) -> None:
            _stream(points.x[at : at + _CHUNK], points.y[at : at + _CHUNK], found[at : at + _CHUNK])

        list(pool.map(chunk, range(0, len(points.x), _CHUNK)))


def check(areas: gpd.GeoDataFrame, points: Points, found: Int32s, joined: Int32s) -> None:
    """Raise unless each point placed differently lies on a boundary.

    Others count a boundary to both sides or to neither; the locator gives each point to one.
    """
    differ = np.flatnonzero(found != joined)
    if len(differ):
        rings = shapely.STRtree(shapely.boundary(areas.geometry.to_numpy()))
        asked = shapely.points(points.x[differ], points.y[differ])
        on_some = np.unique(rings.query(asked, predicate="intersects")[0])
        if len(on_some) < len(differ):
            raise Disagreement(f"{len(differ) - len(on_some)} points off every boundary")


def measure(effort: Effort) -> Iterator[Timing]:
    """Check, then time, size by size; others at the sizes meant for them."""
    areas = sample_city.build(7).rt[["geometry"]].reset_index(drop=True)
    locator = Locator(areas.geometry)
    for kind, make in (("uniform", uniform), ("clustered", clustered)):
        for n in effort.points:
            points = make(areas, n, np.random.default_rng(7))
            for order, asked in (("random", points), ("spatial", in_spatial_order(points))):
                work = f"{kind} points in {order} order into {len(areas):,} polygons"
                yield from _ours(work, locator, asked, effort.repeats)
                if n <= min(effort.most_for_peers, _MOST_FOR_PEERS):
                    yield from _peers(work, areas, locator, asked, effort.repeats)


def _ours(work: str, locator: Locator, points: Points, repeats: int) -> Iterator[Timing]:
    n = len(points.x)
    found = np.empty(n, dtype=np.int32)
    calls: dict[str, Callable[[], object]] = {
        OURS: partial(locator.locate, *points),
        # Like the limit, it writes to memory that is there already.
        REUSING: partial(locator.locate, *points, out=found),
        STREAM: partial(stream, points, found),
    }
    timed = medians_in_turn(calls, max(repeats, 5))
    for who, seconds in timed.items():
        share = "" if who == STREAM else f"{timed[STREAM] / seconds:.1%} of the streaming limit"
        yield Timing(work, n, who, seconds, share)


def _peers(
    work: str, areas: gpd.GeoDataFrame, locator: Locator, points: Points, repeats: int
) -> Iterator[Timing]:
    found = locator.locate(*points)
    for name, (package, hold) in PEERS.items():
        if installed(package) is None:
            yield Timing(work, len(points.x), name, None, "not installed")
            continue
        join = hold(areas)
        check(areas, points, found, join(points))
        seconds = median_seconds(partial(join, points), repeats)
        yield Timing(work, len(points.x), name, seconds)


def nation(columns: int, rows: int, random: np.random.Generator) -> NDArray[np.object_]:
    """A coverage of ``columns * rows`` polygons of 16 vertices, all jittered, in degrees."""
    at = np.moveaxis(np.mgrid[: 4 * rows + 1, : 4 * columns + 1][::-1].astype(float), 0, -1)
    at += random.uniform(-0.3, 0.3, at.shape)
    along = np.array([0, 1, 2, 3, 4, 4, 4, 4, 4, 3, 2, 1, 0, 0, 0, 0, 0])
    up = np.roll(along[:-1], 4)[np.arange(17) % 16]
    row, column = np.divmod(np.arange(columns * rows)[:, None], columns)
    rings = at[4 * row + up, 4 * column + along] * 0.0025 + (95.0, -11.0)
    polygons: NDArray[np.object_] = shapely.polygons(rings)
    return polygons


def growth(n: int) -> Iterator[str]:
    """How time per point and memory grow with polygons."""
    for columns, rows in ((103, 103), (1200, 1000)):
        random = np.random.default_rng(3)
        polygons = nation(columns, rows, random)
        start = time.perf_counter()
        locator = Locator(polygons)
        built = time.perf_counter() - start
        west, south, east, north = shapely.total_bounds(polygons)
        x, y = random.uniform(west, east, n), random.uniform(south, north, n)
        seconds = median_seconds(partial(locator.locate, x, y), 5)
        yield (
            f"{len(polygons):>9,} polygons: {seconds / n * 1e9:.1f} ns a point, "
            f"index {locator.nbytes / 1e6:,.0f} MB in {built:.1f} s"
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--effort", choices=tuple(EFFORTS), default="default")
    given = asked.parse_args()
    areas = sample_city.build(7).rt
    Locator(areas.geometry.iloc[:10]).locate(0.0, 0.0)  # compile
    built = median_seconds(lambda: Locator(areas.geometry), 3)
    print(f"index of {len(areas):,} polygons: {built:.2f} s", end=", ")
    print(f"{Locator(areas.geometry).nbytes / 1e6:.0f} MB")
    for of in measure(EFFORTS[given.effort]):
        rate = "" if of.seconds is None else f"{of.size / of.seconds / 1e6:9.2f} M/s"
        print(f"{of.work:<58}{of.size:>12,}  {of.who:<22}{rate:>14}  {of.remark}", flush=True)
    for line in growth(1_000_000):
        print(line)


if __name__ == "__main__":
    main()
