"""Compare the locator with exact integer arithmetic on a million hard points.

``python -m benchmarks.exactness`` uses the RT of the sample city and, if the file exists next to
the checkout, of Surakarta. The points are on vertices and edges, up to four ulp and three quanta
off them, on the lines of the index's grid, and on the row or column of a vertex. The exit status is
1 if any answer differs.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from geodata import sample_city
from tests.zoning.locating import integer_oracle
from tests.zoning.locating.coverages import hard_points
from zoning import Locator

SURAKARTA = Path(__file__).resolve().parents[2] / "shared" / "data" / "surakarta" / "rt.geojson"


def disagreements(geometries: Sequence[BaseGeometry], n: int, seed: int) -> int:
    """Number of ``n`` hard points whose row differs from that of exact integer arithmetic."""
    points = hard_points(geometries, seed, n)
    rows = Locator(geometries).locate(points[:, 0], points[:, 1])
    return int(np.count_nonzero(rows != integer_oracle.locate(geometries, points)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    cities = {"sample city": list(sample_city.build(7).rt.geometry)}
    if SURAKARTA.exists():
        cities["Surakarta"] = list(gpd.read_file(SURAKARTA).geometry)
    total = 0
    for name, geometries in cities.items():
        start = time.perf_counter()
        different = disagreements(geometries, arguments.points, arguments.seed)
        seconds = time.perf_counter() - start
        print(f"{name}: {arguments.points:,} points, {different} differ ({seconds:.0f} s)")
        total += different
    sys.exit(min(total, 1))


if __name__ == "__main__":
    main()
