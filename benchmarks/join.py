"""The point-in-polygon join compared with other libraries, on the same points.

The answers are compared before any timing. ``python -m benchmarks.join`` prints points per second
for uniform and clustered points in random and in spatial order: of `zoning.Locator`, of each
installed peer, and of the streaming limit, a kernel that only reads x and y and writes one int32.
Then it prints the build time and size of the index, and the time per point with 1.2 million
polygons.
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
WITH_OUT: Final = "zoning, out= given"
_CHUNK: Final = 1 << 20
_MOST_FOR_PEERS: Final = 1_000_000


def uniform(areas: gpd.GeoDataFrame, n: int, random: np.random.Generator) -> Points:
    """Uniform in the bounding box of the city; some points are in no polygon."""
    west, south, east, north = areas.total_bounds
    return Points(random.uniform(west, east, n), random.uniform(south, north, n))


def clustered(areas: gpd.GeoDataFrame, n: int, random: np.random.Generator) -> Points:
    """Clustered like people: around 500 centres (Laplace distribution)."""
    inside = shapely.point_on_surface(areas.geometry.to_numpy())
    centres = shapely.get_coordinates(random.choice(inside, 500))
    coordinates = centres[random.integers(0, len(centres), n)].T + random.laplace(
        0.0, 0.002, (2, n)
    )
    return Points(*np.ascontiguousarray(coordinates))


def order_by_z_curve(points: Points) -> Points:
    """The same points in the order of a Z-order (Morton) curve of 4096 steps per side."""
    code = np.zeros(len(points.x), dtype=np.int64)
    for shift, coordinate in enumerate(points):
        step = ((coordinate - coordinate.min()) / (np.ptp(coordinate) or 1.0) * 4095.0).astype(
            np.int64
        )
        for bit in range(12):
            code |= (step >> bit & 1) << (2 * bit + shift)
    order = np.argsort(code, kind="stable")
    return Points(points.x[order], points.y[order])


@njit(nogil=True)
def _stream(x: Float64s, y: Float64s, output: Int32s) -> None:
    for k in range(len(x)):
        output[k] = np.int32(x[k] > y[k])


def stream(points: Points, output: Int32s) -> None:
    """Read every coordinate and write one number per point, on all cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:

        def chunk(first: int) -> None:
            _stream(
                points.x[first : first + _CHUNK],
                points.y[first : first + _CHUNK],
                output[first : first + _CHUNK],
            )

        list(pool.map(chunk, range(0, len(points.x), _CHUNK)))


def check(areas: gpd.GeoDataFrame, points: Points, rows: Int32s, peer_rows: Int32s) -> None:
    """Raise `Disagreement` unless each point with different answers is on a boundary.

    Peers count a boundary to both sides or to neither; the locator to exactly one side.
    """
    different = np.flatnonzero(rows != peer_rows)
    if len(different):
        rings = shapely.STRtree(shapely.boundary(areas.geometry.to_numpy()))
        different_points = shapely.points(points.x[different], points.y[different])
        on_boundary = np.unique(rings.query(different_points, predicate="intersects")[0])
        if len(on_boundary) < len(different):
            raise Disagreement(f"{len(different) - len(on_boundary)} points off every boundary")


def measure(effort: Effort) -> Iterator[Timing]:
    """Compare the answers, then time, for each size; peers only up to their largest size."""
    areas = sample_city.build(7).rt[["geometry"]].reset_index(drop=True)
    locator = Locator(areas.geometry)
    for kind, make in (("uniform", uniform), ("clustered", clustered)):
        for n in effort.points:
            points = make(areas, n, np.random.default_rng(7))
            for order, ordered in (("random", points), ("spatial", order_by_z_curve(points))):
                task = f"{kind} points in {order} order into {len(areas):,} polygons"
                yield from _time_ours(task, locator, ordered, effort.repeats)
                if n <= min(effort.most_for_peers, _MOST_FOR_PEERS):
                    yield from _time_peers(task, areas, locator, ordered, effort.repeats)


def _time_ours(task: str, locator: Locator, points: Points, repeats: int) -> Iterator[Timing]:
    n = len(points.x)
    output = np.empty(n, dtype=np.int32)
    calls: dict[str, Callable[[], object]] = {
        OURS: partial(locator.locate, *points),
        # Like the streaming limit, this writes to memory that is already allocated.
        WITH_OUT: partial(locator.locate, *points, out=output),
        STREAM: partial(stream, points, output),
    }
    medians = medians_in_turn(calls, max(repeats, 5))
    for contender, seconds in medians.items():
        share = (
            "" if contender == STREAM else f"{medians[STREAM] / seconds:.1%} of the streaming limit"
        )
        yield Timing(task, n, contender, seconds, share)


def _time_peers(
    task: str, areas: gpd.GeoDataFrame, locator: Locator, points: Points, repeats: int
) -> Iterator[Timing]:
    rows = locator.locate(*points)
    for name, (package, prepare) in PEERS.items():
        if installed(package) is None:
            yield Timing(task, len(points.x), name, None, "not installed")
            continue
        join = prepare(areas)
        check(areas, points, rows, join(points))
        seconds = median_seconds(partial(join, points), repeats)
        yield Timing(task, len(points.x), name, seconds)


def nation(columns: int, rows: int, random: np.random.Generator) -> NDArray[np.object_]:
    """A coverage of ``columns * rows`` polygons of 16 vertices, all jittered, in degrees."""
    corners = np.moveaxis(np.mgrid[: 4 * rows + 1, : 4 * columns + 1][::-1].astype(float), 0, -1)
    corners += random.uniform(-0.3, 0.3, corners.shape)
    columns_of_ring = np.array([0, 1, 2, 3, 4, 4, 4, 4, 4, 3, 2, 1, 0, 0, 0, 0, 0])
    rows_of_ring = np.roll(columns_of_ring[:-1], 4)[np.arange(17) % 16]
    row, column = np.divmod(np.arange(columns * rows)[:, None], columns)
    rings = corners[4 * row + rows_of_ring, 4 * column + columns_of_ring] * 0.0025 + (95.0, -11.0)
    polygons: NDArray[np.object_] = shapely.polygons(rings)
    return polygons


def growth(n: int) -> Iterator[str]:
    """Time per point and memory for 10,609 and for 1.2 million polygons."""
    for columns, rows in ((103, 103), (1200, 1000)):
        random = np.random.default_rng(3)
        polygons = nation(columns, rows, random)
        start = time.perf_counter()
        locator = Locator(polygons)
        build_seconds = time.perf_counter() - start
        west, south, east, north = shapely.total_bounds(polygons)
        x, y = random.uniform(west, east, n), random.uniform(south, north, n)
        seconds = median_seconds(partial(locator.locate, x, y), 5)
        yield (
            f"{len(polygons):>9,} polygons: {seconds / n * 1e9:.1f} ns a point, "
            f"index {locator.nbytes / 1e6:,.0f} MB in {build_seconds:.1f} s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--effort", choices=tuple(EFFORTS), default="default")
    arguments = parser.parse_args()
    areas = sample_city.build(7).rt
    Locator(areas.geometry.iloc[:10]).locate(0.0, 0.0)  # compile
    build_seconds = median_seconds(lambda: Locator(areas.geometry), 3)
    print(f"index of {len(areas):,} polygons: {build_seconds:.2f} s", end=", ")
    print(f"{Locator(areas.geometry).nbytes / 1e6:.0f} MB")
    for timing in measure(EFFORTS[arguments.effort]):
        rate = "" if timing.seconds is None else f"{timing.size / timing.seconds / 1e6:9.2f} M/s"
        print(
            f"{timing.task:<58}{timing.size:>12,}  {timing.contender:<22}"
            f"{rate:>14}  {timing.remark}",
            flush=True,
        )
    for line in growth(1_000_000):
        print(line)


if __name__ == "__main__":
    main()
