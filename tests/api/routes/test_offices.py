"""Two offices that load records at the same time give the records of two offices in turn."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pandas as pd

from geodata.boundaries import save_boundaries
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.store import Store, open_store
from tests.cities.small_city import small_city
from tests.databases import Server
from tests.servers import served
from zoning.records.intake import load_records

TOKEN = "an-official-token-of-some-length"
SECRET = "a secret of sixteen and more"
_INTAKE_COLUMNS = ["batch", "recorded_at"]


def make_cases(first: int, last: int) -> pd.DataFrame:
    """Cases by their numbers; the number decides all columns, so both offices report the same."""
    numbers = range(first, last)
    return pd.DataFrame(
        {
            "id_kasus": [f"K-{n:05}" for n in numbers],
            "alamat": [f"Jl. Contoh No. {n}" for n in numbers],
            "rt": [1 + n % 3 for n in numbers],
            "rw": [1] * len(numbers),
            "kelurahan": ["Tembalang"] * len(numbers),
            "kecamatan": ["Tembalang"] * len(numbers),
            "status": ["konfirmasi" if n % 50 else "?!" for n in numbers],
            "tgl_konfirmasi": ["2021-07-10"] * len(numbers),
        }
    )


# Each office reports about 3,000 of 5,000 cases in files that overlap; both report 900 of them.
FIRST_OFFICE = [make_cases(max(0, first - 100), first + 580) for first in range(0, 2900, 580)]
SECOND_OFFICE = [make_cases(first - 100, first + 580) for first in range(2100, 5000, 580)]


def post(client: httpx.Client, frames: list[pd.DataFrame]) -> list[dict[str, Any]]:
    answers = []
    for frame in frames:
        answer = client.post(
            "/records/cases",
            content=frame.to_csv(index=False),
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/csv"},
        )
        assert answer.status_code == 200, answer.text
        answers.append(answer.json())
    return answers


def stored_records(store: Store) -> list[Any]:
    """Every version and every rejected row, without their batch and moment."""
    cases = store.read("select * from case_version order by case_id, version")
    rejected = store.read("select kind, digest, reasons, record from rejected order by digest")
    batches = store.read("select batch, kind from batch order by batch")
    return [cases.drop_columns(_INTAKE_COLUMNS), rejected, batches]


def test_two_offices_at_the_same_time_store_the_records_of_two_offices_in_turn(
    postgres_server: Server, tmp_path: Path
) -> None:
    concurrent_url, sequential_url = postgres_server.new(), postgres_server.new()
    for url in (concurrent_url, sequential_url):
        with open_store(url) as store:
            save_boundaries(store, small_city(), "small.geojson", {})
    settings = {"MIKROZONASI_TOKEN": TOKEN, "MIKROZONASI_SECRET": SECRET}
    with (
        served(concurrent_url, **settings) as first,
        served(concurrent_url, **settings) as second,
        ThreadPoolExecutor(2) as pool,
    ):
        offices = [
            pool.submit(post, first, FIRST_OFFICE),
            pool.submit(post, second, SECOND_OFFICE),
        ]
        reports = [report for office in offices for report in office.result()]
    with open_store(sequential_url) as store:
        for number, frame in enumerate([*FIRST_OFFICE, *SECOND_OFFICE]):
            frame.to_csv(tmp_path / f"{number}.csv", index=False)
            load_records(
                *(store, "cases", tmp_path / f"{number}.csv"),
                pseudonymiser=Pseudonymiser(SECRET.encode()),
            )
        sequential = stored_records(store)
    with open_store(concurrent_url) as store:
        concurrent = stored_records(store)
    assert concurrent == sequential
    assert concurrent[0]["case_id"].to_pylist() == [f"K-{n:05}" for n in range(5_000) if n % 50]
    assert sum(report["new"] for report in reports) == 4_900
    assert sum(report["corrected"] for report in reports) == 0
