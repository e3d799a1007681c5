"""The command demo: makes the sample city with its past and its days, never over another city."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli.main import main
from geodata import sample_city
from geodata.boundaries import save_boundaries
from geodata.sample_city import FIRST_DAY, LAST_DAY, REDIVIDED, SampleCity
from geodata.store import open_store
from tests.cities.small_city import small_city
from zoning import open_city

DAYS = (LAST_DAY - FIRST_DAY).days + 1


@pytest.fixture
def url(tmp_path: Path, small_sample: SampleCity, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL for one kecamatan of the sample city: the whole city takes half a minute."""
    monkeypatch.setattr(sample_city, "build", lambda *_, **__: small_sample)
    return f"duckdb:///{tmp_path}/sample.duckdb"


def demo(url: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["demo", "--no-serve", "--database", url, *words])


def answer(url: str) -> dict[str, Any]:
    result = demo(url, "--json")
    assert result.exit_code == 0, result.output
    summary: dict[str, Any] = json.loads(result.stdout)
    return summary


def test_the_sample_city_has_a_past_on_two_boundaries_and_a_second_run_changes_nothing(
    url: str, small_sample: SampleCity
) -> None:
    first = answer(url)
    assert [version["in_force"] for version in first["boundaries"]] == ["2020-01-01", "2021-01-01"]
    assert first["boundaries"][1]["areas"]["rt"] == len(small_sample.rt)
    assert first["days"] == DAYS
    assert first["cases"]["new"] > 2_000
    assert first["cases"]["corrected"] > 1_000
    assert first["cases"]["withdrawn"] == len(small_sample.withdrawals)
    assert first["places"]["new"] == len(small_sample.places)
    with open_city(url) as city:
        runs = city.public().published_runs()
        assert len(runs) == DAYS
        by_day = runs.set_index("date")["boundaries"]
        assert by_day[by_day.index < REDIVIDED].nunique() == 1
        assert by_day[by_day.index >= REDIVIDED].nunique() == 1
        assert by_day.nunique() == 2
    second = answer(url)
    assert second["boundaries"] == first["boundaries"]
    assert {
        second[kind][count] for kind in ("cases", "newcomers") for count in ("new", "corrected")
    } == {0}
    with open_city(url) as city:
        assert city.public().published_runs().equals(runs)


def test_demo_prints_a_summary(url: str) -> None:
    output = demo(url).stdout
    for words in ("areas from 2020-01-01", "withdrawn", "days published", str(DAYS)):
        assert words in output


def test_demo_refuses_the_database_of_another_city(url: str) -> None:
    with open_store(url, create=True) as store:
        save_boundaries(store, small_city(), "by hand", {})
    result = demo(url)
    assert result.exit_code != 0
    assert "holds-records" in result.stderr
    assert "--database" in result.stderr
    with open_store(url) as store:
        assert store.read("select * from case_version").num_rows == 0
        assert store.read("select * from boundary_version").num_rows == 1
