"""Run the benchmarks of join and counts: ``python -m benchmarks [--quick | --full]``.

Prints a table and plots a picture.
"""

import argparse
import os
from pathlib import Path

from benchmarks import counts, join
from benchmarks.measuring import EFFORTS
from benchmarks.report import plot, table, versions

_PICTURE = Path(__file__).parent.parent / "docs" / "benchmarks.svg"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="effort", action="store_const", const="quick")
    size.add_argument("--full", dest="effort", action="store_const", const="full")
    parser.add_argument("--only", choices=("join", "counts"), help="one of the two")
    parser.add_argument("--picture", type=Path, default=_PICTURE, help="where the plot goes")
    arguments = parser.parse_args()
    effort = EFFORTS[arguments.effort or "default"]
    print(f"{os.cpu_count()} cores; {versions()}", flush=True)
    timings = []
    for name, benchmark in (("join", join), ("counts", counts)):
        if arguments.only in {None, name}:
            measured = list(benchmark.measure(effort))
            print(table(measured), flush=True)
            timings += measured
    try:
        plot(timings, arguments.picture)
    except ImportError:
        print("No picture: matplotlib is not installed.")


if __name__ == "__main__":
    main()
