"""Places and indicators of the sample city: invented, plausible, accepted by the intake."""

from pathlib import Path

import pytest

from geodata.boundaries import assemble, save_boundaries
from geodata.sample_city import SampleCity
from geodata.settings import SECRET
from geodata.store import open_store
from zoning import City
from zoning.records.intake import load_records


def test_places_are_marked_as_invented_and_their_use_is_within_capacity(
    small_sample: SampleCity,
) -> None:
    places = small_sample.places
    assert places["name"].str.contains(" Contoh Semarang Tengah ").all()
    assert places["contact"].str.startswith("000-0000-").all()
    assert places["place_id"].is_unique
    assert {"puskesmas", "post"} <= set(places["place_kind"])
    assert (places["in_use"] <= places["capacity"]).all()


def test_indicators_are_plausible_for_the_population(small_sample: SampleCity) -> None:
    people = int(small_sample.rt["population"].sum())
    sums = small_sample.indicators.groupby("indicator")["value"].sum()
    assert 0.75 < sums["vaccination-1"] / people < 0.9
    assert sums["vaccination-2"] < sums["vaccination-1"]
    assert sums["tests-positive"] < 0.35 * sums["tests"]
    assert sums["beds-used"] < sums["beds"]
    table = small_sample.indicators
    doses = table[table["indicator"] == "vaccination-1"]
    assert doses["date"].min() >= "2021-01-14"
    assert not table.duplicated(["indicator", "area", "date"]).any()


def test_the_intake_accepts_every_row_of_both_files(
    small_sample: SampleCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        save_boundaries(store, assemble(small_sample.rt), "sample", {})
        for kind in ("places", "indicators"):
            records = getattr(small_sample, kind)
            path = tmp_path / f"{kind}.csv"
            records.to_csv(path, index=False)
            report = load_records(store, kind, path)
            assert (report.new, report.rejected) == (len(records), 0)
            assert report.warnings == {}
        city = City(store)
        assert city.places()["area"].notna().all()
        assert city.places()["contact"].notna().all()
        assert city.places()["stock"].notna().all()
        shown = city.indicators("vaccination-1", level="kota")
        table = small_sample.indicators
        expected = table[table["indicator"] == "vaccination-1"].groupby("date")["value"].sum()
        assert shown["value"].tolist() == expected.tolist()
