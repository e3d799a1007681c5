"""How long a large file takes to load: ``python -m benchmarks.intake [--quick]``.

The sample city's own records, repeated under other numbers, NIK and family cards, as CSV and as
XLSX; loaded by the command itself in a process of its own, into a database with the sample
city's 10,628 RT.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd
import pyarrow as pa

from benchmarks.report import versions
from geodata import sample_city
from geodata.boundaries import assemble, save_boundaries
from geodata.store import open_store
from geodata.tables import write_table

CSV_ROWS: Final = 1_000_000
XLSX_ROWS: Final = 100_000
_MOVED: Final = 1 << 20
_SOME: Final = ("33.74.01",)
_COMMAND: Final = "from api.cli import main; main()"


class Load(NamedTuple):
    """One load: what it took, and what became of the rows."""

    file: str
    rows: int
    seconds: float
    gigabytes: float
    """Most memory held by any load until then."""
    report: dict[str, object]


def multiplied(cases: pd.DataFrame, rows: int) -> pa.Table:
    """The first rows of cases repeated, each time other people.

    Parameters
    ----------
    cases
        As `geodata.sample_city.build` gives them.
    """
    parts = []
    for time_over in range(-(-rows // len(cases))):
        part = cases.copy()
        part["case_id"] = f"{time_over}-" + part["case_id"].astype(object)
        for column in ("nik", "kk"):
            part[column] = _other(part[column], time_over)
        parts.append(part)
    return pa.Table.from_pandas(pd.concat(parts).head(rows), preserve_index=False)


def measure(folder: Path, *, csv_rows: int, xlsx_rows: int, whole: bool) -> list[Load]:
    """Load a CSV and an XLSX, each into a fresh database.

    Parameters
    ----------
    whole
        The whole sample city, or one kecamatan of it.
    """
    city = sample_city.build(7, kecamatan=None if whole else _SOME)
    boundaries = assemble(city.rt)
    found = []
    for ending, rows in ((".xlsx", xlsx_rows), (".csv", csv_rows)):
        path = folder / f"cases{ending}"
        write_table(multiplied(city.cases, rows), path)
        url = f"duckdb:///{folder}/{ending[1:]}.duckdb"
        with open_store(url, create=True) as store:
            save_boundaries(store, boundaries, "sample", {})
        found.append(_load(path, rows, url))
    return found


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="a tenth of the rows, one kecamatan")
    quick = asked.parse_args().quick
    share = 10 if quick else 1
    print(versions(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for load in measure(
            Path(folder),
            csv_rows=CSV_ROWS // share,
            xlsx_rows=XLSX_ROWS // share,
            whole=not quick,
        ):
            counts = {name: load.report[name] for name in ("new", "unchanged", "rejected")}
            print(
                f"{load.rows:,} rows of {load.file}: {load.seconds:.1f} s, "
                f"{load.gigabytes:.2f} GB at most; {counts}",
                flush=True,
            )


def _load(path: Path, rows: int, url: str) -> Load:
    command = [sys.executable, "-c", _COMMAND, "records", "load", "cases", str(path)]
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603  (our own command on our own file)
        [*command, "--database", url, "--json"], check=True, stdout=subprocess.PIPE
    )
    seconds = time.perf_counter() - start
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Load(path.suffix[1:].upper(), rows, seconds, kilobytes / _MOVED, json.loads(done.stdout))


def _other(numbers: "pd.Series[str]", time_over: int) -> "pd.Series[str]":
    """Sixteen digits with other ones in front: another person's, in the same form."""
    texts = numbers.astype(object)
    known = texts.notna()
    moved = texts.copy()
    moved[known] = [f"{(int(text) + time_over * 10**12) % 10**16:016d}" for text in texts[known]]
    return moved


if __name__ == "__main__":
    main()
