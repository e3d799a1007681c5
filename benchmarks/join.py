"""The join against what a user would pick instead, on the same points, agreement checked first.

``python -m benchmarks.join --points 1000000`` builds the sample city, then times
`zoning.Locator` and ``geopandas.sjoin`` with either predicate; medians of repeats.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.measuring import OURS, Effort, Timing, median_seconds
from geodata import sample_city
from zoning import Locator

Int32s = NDArray[np.int32]
Float64s = NDArray[np.float64]


class Points(NamedTuple):
    """``n`` points by their coordinates."""

    x: Float64s
    y: Float64s


def uniform(areas: gpd.GeoSeries, n: int, random: np.random.Generator) -> Points:
    """Anywhere in the city's box, so some in no polygon."""
    west, south, east, north = areas.total_bounds
    return Points(random.uniform(west, east, n), random.uniform(south, north, n))


def clustered(areas: gpd.GeoSeries, n: int, random: np.random.Generator) -> Points:
    """As people live: around 500 centres, most of them near one of them."""
    centres = shapely.get_coordinates(random.choice(areas.centroid.to_numpy(), 500))
    chosen = centres[random.integers(0, len(centres), n)]
    return Points(*(chosen + random.laplace(0.0, 0.002, (n, 2))).T)


def sjoin(areas: gpd.GeoDataFrame, points: Points, predicate: str) -> Int32s:
    """Lowest row number per point, -1 for none: the answer of a join, one a point."""
    left = gpd.GeoDataFrame(geometry=gpd.points_from_xy(points.x, points.y, crs=areas.crs))
    joined = gpd.sjoin(left, areas, how="left", predicate=predicate)
    lowest = joined["index_right"].groupby(level=0).min()
    return lowest.fillna(-1).to_numpy().astype(np.int32)


def timed(call: Callable[[], object], repeats: int) -> float:
    """Median of seconds."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def check(areas: gpd.GeoDataFrame, points: Points, found: Int32s, joined: Int32s) -> int:
    """How many points the two place differently; each must lie on a boundary.

    GEOS counts a boundary to both sides or to neither; the locator gives each point to one.
    """
    differ = np.flatnonzero(found != joined)
    rings = areas.geometry.boundary
    for k in differ:
        point = shapely.Point(points.x[k], points.y[k])
        if not rings.intersects(point).any():
            raise SystemExit(f"disagreement off every boundary at {point.wkt}")
    return len(differ)


def report(name: str, n: int, seconds: float, base: float) -> None:
    rate = n / seconds / 1e6
    print(f"  {name:<28}{seconds * 1e3:>12.1f} ms{rate:>10.2f} M/s{base / seconds:>10.1f} x")


def compare(areas: gpd.GeoDataFrame, locator: Locator, points: Points, repeats: int) -> None:
    n = len(points.x)
    found = locator.locate(*points)
    for predicate in ("intersects", "within"):
        differ = check(areas, points, found, sjoin(areas, points, predicate))
        print(f"  agrees with {predicate}: {n - differ:,} of {n:,}; the rest on boundaries")
    peers = {
        predicate: timed(partial(sjoin, areas, points, predicate), repeats)
        for predicate in ("intersects", "within")
    }
    base = min(peers.values())
    for predicate, seconds in peers.items():
        report(f"geopandas.sjoin {predicate}", n, seconds, base)
    report("zoning.Locator", n, timed(lambda: locator.locate(*points), max(repeats, 5)), base)


def measure(effort: Effort) -> Iterator[Timing]:
    """Check, then time, size by size; others at the sizes meant for them."""
    areas = sample_city.build(7).rt[["geometry"]]
    locator = Locator(areas.geometry)
    for kind, make in (("uniform", uniform), ("clustered", clustered)):
        for n in effort.points:
            points = make(areas.geometry, n, np.random.default_rng(7))
            work = f"{kind} points into {len(areas):,} polygons"
            seconds = median_seconds(partial(locator.locate, *points), effort.repeats)
            yield Timing(work, n, OURS, seconds)
            if n > min(effort.most_for_peers, 1_000_000):
                continue
            check(areas, points, locator.locate(*points), sjoin(areas, points, "within"))
            call = partial(sjoin, areas, points, "within")
            yield Timing(work, n, "geopandas", median_seconds(call, effort.repeats))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--points", type=int, default=1_000_000)
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    random = np.random.default_rng(given.seed)
    areas = sample_city.build(given.seed).rt[["geometry"]]
    Locator(areas.geometry.iloc[:10]).locate(0.0, 0.0)  # compile
    build = timed(lambda: Locator(areas.geometry), given.repeats)
    locator = Locator(areas.geometry)
    vertices = shapely.get_num_coordinates(areas.geometry.to_numpy()).sum()
    print(f"{len(areas):,} polygons, {vertices:,} vertices")
    print(f"index: {build * 1e3:.0f} ms, {locator.nbytes / 1e6:.0f} MB")
    for kind, make in (("uniform", uniform), ("clustered", clustered)):
        print(f"{given.points:,} {kind} points")
        compare(areas, locator, make(areas.geometry, given.points, random), given.repeats)


if __name__ == "__main__":
    main()
