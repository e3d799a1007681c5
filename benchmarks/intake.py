"""Time to load a large file: ``python -m benchmarks.intake [--quick]``.

The records of the sample city, repeated with other record numbers, NIK and KK, as CSV and as XLSX.
The command loads them in a separate process into a database with the 10,628 RT of the sample city.
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
_KILOBYTES_PER_GIGABYTE: Final = 1 << 20
_ONE_KECAMATAN: Final = ("33.74.01",)
_COMMAND: Final = "from api.cli import main; main()"


class Load(NamedTuple):
    """The result of one load."""

    file: str
    rows: int
    seconds: float
    gigabytes: float
    """Peak memory of all loads so far."""
    report: dict[str, object]


def repeat_cases(cases: pd.DataFrame, rows: int) -> pa.Table:
    """Cases repeated up to a number of rows, each repetition with other people.

    Parameters
    ----------
    cases
        Cases of `geodata.sample_city.build`.
    """
    parts = []
    for repetition in range(-(-rows // len(cases))):
        repeated = cases.copy()
        repeated["case_id"] = f"{repetition}-" + repeated["case_id"].astype(object)
        for column in ("nik", "kk"):
            repeated[column] = _change_numbers(repeated[column], repetition)
        parts.append(repeated)
    return pa.Table.from_pandas(pd.concat(parts).head(rows), preserve_index=False)


def measure(folder: Path, *, csv_rows: int, xlsx_rows: int, whole_city: bool) -> list[Load]:
    """Load a CSV and an XLSX, each into a fresh database.

    Parameters
    ----------
    whole_city
        The whole sample city, or one kecamatan of it.
    """
    city = sample_city.build(7, kecamatan=None if whole_city else _ONE_KECAMATAN)
    boundaries = assemble(city.rt)
    loads = []
    for ending, rows in ((".xlsx", xlsx_rows), (".csv", csv_rows)):
        path = folder / f"cases{ending}"
        write_table(repeat_cases(city.cases, rows), path)
        url = f"duckdb:///{folder}/{ending[1:]}.duckdb"
        with open_store(url, create=True) as store:
            save_boundaries(store, boundaries, "sample", {})
        loads.append(_load(path, rows, url))
    return loads


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, one kecamatan")
    quick = parser.parse_args().quick
    share = 10 if quick else 1
    print(versions(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for load in measure(
            Path(folder),
            csv_rows=CSV_ROWS // share,
            xlsx_rows=XLSX_ROWS // share,
            whole_city=not quick,
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
    process = subprocess.run(  # noqa: S603  (our own command on our own file)
        [*command, "--database", url, "--json"], check=True, stdout=subprocess.PIPE
    )
    seconds = time.perf_counter() - start
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Load(
        path.suffix[1:].upper(),
        rows,
        seconds,
        kilobytes / _KILOBYTES_PER_GIGABYTE,
        json.loads(process.stdout),
    )


def _change_numbers(numbers: "pd.Series[str]", repetition: int) -> "pd.Series[str]":
    """Change the leading digits of numbers of sixteen digits, so that they name other people."""
    texts = numbers.astype(object)
    has_text = texts.notna()
    changed = texts.copy()
    changed[has_text] = [
        f"{(int(text) + repetition * 10**12) % 10**16:016d}" for text in texts[has_text]
    ]
    return changed


if __name__ == "__main__":
    main()
