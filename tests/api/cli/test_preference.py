"""``MIKROZONASI_PREFER`` through the command line: which RT gets a record that names two."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from api.cli import main
from geodata.boundaries import save_boundaries
from geodata.settings import PREFER, SECRET
from geodata.store import open_store
from tests.cities.small_city import TEMBALANG, code, middle, small_city

BY_POINT, BY_ADDRESS = code(TEMBALANG, 1, 2), code(TEMBALANG, 1, 3)
DAY = "2021-07-01"


def call(*words: object) -> Result:
    return CliRunner().invoke(main, list(map(str, words)))


def answer(*words: object) -> dict[str, Any]:
    result = call(*words, "--json")
    assert result.exit_code == 0, result.output
    summary: dict[str, Any] = json.loads(result.stdout)
    return summary


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with one case: the point lies in another RT than the address."""
    url = f"duckdb:///{tmp_path}/city.duckdb"
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    monkeypatch.setenv("MIKROZONASI_DATABASE", url)
    with open_store(url, create=True) as store:
        save_boundaries(store, small_city(), "small.geojson", {})
    lon, lat = middle(TEMBALANG, 1, 2)
    row = {
        "id kasus": "A-1",
        "status": "Konfirmasi",
        "tanggal konfirmasi": DAY,
        "bujur": lon,
        "lintang": lat,
        "rt": 3,
        "rw": 1,
        "kelurahan": "Tembalang",
    }
    path = tmp_path / "cases.csv"
    pd.DataFrame([row]).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("preference", "expected", "method"),
    [
        (None, BY_POINT, "coordinates"),
        ("coordinates", BY_POINT, "coordinates"),
        ("address", BY_ADDRESS, "address"),
    ],
)
def test_the_preference_decides_the_rt_in_every_command(
    cases: Path,
    monkeypatch: pytest.MonkeyPatch,
    preference: str | None,
    expected: str,
    method: str,
) -> None:
    monkeypatch.delenv(PREFER, raising=False)
    if preference is not None:
        monkeypatch.setenv(PREFER, preference)
    report = answer("records", "load", "cases", cases)
    assert (report["placed"][method], report["disagreeing"]) == (1, 1)
    [disagreement] = answer("records", "disagreements")["rows"]
    assert (disagreement["point"], disagreement["address"]) == (BY_POINT, BY_ADDRESS)
    assert (disagreement["believed"], disagreement["how"]) == (expected, method)
    [record] = answer("records", "list", "cases")["records"]
    assert (record["area"], record["placed"]) == (expected, method)
    assert answer("zones", "run", "--date", DAY)["published"] == 1
    output = cases.with_name("zones.csv")
    answer("zones", "export", "--date", DAY, "--format", "csv", "--output", output)
    zones = pd.read_csv(output).set_index("code")["risk"]
    assert zones[zones > 0].index.tolist() == [expected]


def test_a_changed_preference_moves_a_known_record(
    cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFER, "coordinates")
    answer("records", "load", "cases", cases)
    first = answer("zones", "run", "--date", DAY)["days"][0]
    monkeypatch.setenv(PREFER, "address")
    [record] = answer("records", "list", "cases")["records"]
    assert record["area"] == BY_ADDRESS
    second = answer("zones", "run", "--date", DAY)["days"][0]
    assert second["run"] != first["run"]


def test_an_unknown_preference_is_one_sentence(
    cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFER, "KTP")
    result = call("records", "load", "cases", cases)
    assert result.exit_code == 1
    assert result.stderr.strip().endswith("[unknown-preference]")
