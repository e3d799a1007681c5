"""Two offices at once: the same records in the end as from one after the other."""

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
_WHO_AND_WHEN = ["batch", "recorded_at"]


def listed(first: int, last: int) -> pd.DataFrame:
    """Cases by their numbers; a number says everything of its case, whoever reports it."""
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


# Each office reports 5,800 of 10,000 cases in files that overlap; 1,600 are reported by both.
ONE = [listed(max(0, first - 100), first + 580) for first in range(0, 5800, 580)]
OTHER = [listed(first - 100, first + 580) for first in range(4200, 10000, 580)]


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


def kept(store: Store) -> list[Any]:
    """Every version and every row turned away, but for which office brought it, and when."""
    cases = store.read("select * from case_version order by case_id, version")
    turned_away = store.read("select kind, digest, reasons, record from rejected order by digest")
    batches = store.read("select batch, kind from batch order by batch")
    return [cases.drop_columns(_WHO_AND_WHEN), turned_away, batches]


def test_two_offices_at_once_end_as_one_after_the_other(
    postgres_server: Server, tmp_path: Path
) -> None:
    at_once, in_turn = postgres_server.new(), postgres_server.new()
    for url in (at_once, in_turn):
        with open_store(url) as store:
            save_boundaries(store, small_city(), "small.geojson", {})
    settings = {"MIKROZONASI_TOKEN": TOKEN, "MIKROZONASI_SECRET": SECRET}
    with (
        served(at_once, **settings) as one,
        served(at_once, **settings) as other,
        ThreadPoolExecutor(2) as offices,
    ):
        both = [offices.submit(post, one, ONE), offices.submit(post, other, OTHER)]
        reports = [report for office in both for report in office.result()]
    with open_store(in_turn) as store:
        for number, frame in enumerate([*ONE, *OTHER]):
            frame.to_csv(tmp_path / f"{number}.csv", index=False)
            load_records(
                *(store, "cases", tmp_path / f"{number}.csv"),
                pseudonymiser=Pseudonymiser(SECRET.encode()),
            )
        wanted = kept(store)
    with open_store(at_once) as store:
        found = kept(store)
    assert found == wanted
    assert found[0]["case_id"].to_pylist() == [f"K-{n:05}" for n in range(10_000) if n % 50]
    assert sum(report["new"] for report in reports) == 9_800
    assert sum(report["corrected"] for report in reports) == 0
