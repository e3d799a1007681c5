"""Every benchmark, a table and a picture: ``python -m benchmarks [--quick | --full]``."""

import argparse
import os
from pathlib import Path

from benchmarks import counts, join
from benchmarks.measuring import EFFORTS
from benchmarks.report import plot, table, versions

_PICTURE = Path(__file__).parent.parent / "docs" / "benchmarks.svg"


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    size = asked.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="effort", action="store_const", const="quick")
    size.add_argument("--full", dest="effort", action="store_const", const="full")
    asked.add_argument("--only", choices=("join", "counts"), help="one of the two")
    asked.add_argument("--picture", type=Path, default=_PICTURE, help="where the plot goes")
    given = asked.parse_args()
    effort = EFFORTS[given.effort or "default"]
    print(f"{os.cpu_count()} cores; {versions()}", flush=True)
    timings = []
    for name, benchmark in (("join", join), ("counts", counts)):
        if given.only in {None, name}:
            found = list(benchmark.measure(effort))
            print(table(found), flush=True)
            timings += found
    try:
        plot(timings, given.picture)
    except ImportError:
        print("No picture: matplotlib is not installed.")


if __name__ == "__main__":
    main()
