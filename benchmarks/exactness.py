"""How many of a million hard points the locator judges otherwise than exact integers do.

``python -m benchmarks.exactness`` asks it of the sample city's RT and, where they lie beside the
checkout, of Surakarta's: points on vertices, on edges, up to four ulp and up to three quanta off
them, on the lines of the index's own grid, on the row or column of a vertex. Exits with 1 where
one differs.
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
    """How many of ``n`` hard points the locator places otherwise than exact integers do."""
    points = hard_points(geometries, seed, n)
    found = Locator(geometries).locate(points[:, 0], points[:, 1])
    return int(np.count_nonzero(found != integer_oracle.locate(geometries, points)))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--points", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    cities = {"sample city": list(sample_city.build(7).rt.geometry)}
    if SURAKARTA.exists():
        cities["Surakarta"] = list(gpd.read_file(SURAKARTA).geometry)
    wrong = 0
    for name, geometries in cities.items():
        start = time.perf_counter()
        differ = disagreements(geometries, given.points, given.seed)
        seconds = time.perf_counter() - start
        print(f"{name}: {given.points:,} points, {differ} judged otherwise ({seconds:.0f} s)")
        wrong += differ
    sys.exit(min(wrong, 1))


if __name__ == "__main__":
    main()
