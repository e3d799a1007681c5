"""Indicators: the area of a figure, sums, and the last figure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.boundaries import Boundaries, save_boundaries
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import sheet_from_frame
from tests.databases import NewDatabase
from zoning import City
from zoning.portal.indicators import _add_sums
from zoning.records.area_names import AreaFinder
from zoning.records.intake import IntakeReport, load_sheet

DAY = date(2021, 9, 1)


@pytest.fixture
def store(
    small_boundaries: Boundaries, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_boundaries, "sample", {})
        yield opened


def load_rows(store: Store, *rows: tuple[str, str, int], day: str = "2021-09-01") -> IntakeReport:
    frame = pd.DataFrame(list(rows), columns=["indikator", "wilayah", "nilai"]).astype(object)
    return load_sheet(store, "indicators", sheet_from_frame(frame.assign(tanggal=day)))


def values_by_code(frame: pd.DataFrame) -> dict[str, tuple[float, int]]:
    values = zip(frame["value"].tolist(), frame["summed"].tolist(), strict=True)
    return dict(zip(frame["code"].tolist(), values, strict=True))


def test_doses_are_summed_for_areas_without_a_reported_figure(store: Store) -> None:
    load_rows(store, ("dosis 1", "33.74.01.1003", 10), ("dosis 1", "33.74.01.1004", 5))
    city = City(store)
    assert values_by_code(city.indicators(level="kecamatan")) == {"33.74.01": (15.0, 2)}
    assert values_by_code(city.indicators(level="kota")) == {"33.74": (15.0, 1)}
    load_rows(store, ("dosis 1", "33.74.01", 100))
    assert values_by_code(city.indicators(level="kecamatan")) == {"33.74.01": (100.0, 0)}
    assert values_by_code(city.indicators(level="kota")) == {"33.74": (100.0, 1)}
    assert len(city.indicators()) == 3


def test_occupancy_and_unknown_indicators_are_not_summed(store: Store) -> None:
    load_rows(store, ("BOR", "33.74.01.1003", 70), ("jumlah kucing", "33.74.01.1003", 4))
    city = City(store)
    assert city.indicators(level="kecamatan").empty
    assert set(city.indicators()["indicator"]) == {"bed-occupancy", "jumlah-kucing"}


def test_an_area_named_in_two_ways_has_the_last_figure(store: Store) -> None:
    name = City(store).ground().boundaries.area("33.74.01.1003").name
    load_rows(store, ("dosis 1", "33.74.01.1003", 10))
    report = load_rows(store, ("dosis 1", f"Kel. {name}", 12))
    assert (report.new, report.placed) == (1, {"address": 1, "unplaced": 0})
    assert values_by_code(City(store).indicators()) == {"33.74.01.1003": (12.0, 0)}


def test_an_unknown_area_is_stored_and_reported(store: Store) -> None:
    report = load_rows(store, ("dosis 1", "Entah Berantah", 10))
    assert (report.new, report.placed) == (1, {"address": 0, "unplaced": 1})
    assert City(store).indicators().empty


def test_indicators_are_filtered_by_day_name_and_area(store: Store) -> None:
    load_rows(store, ("dosis 1", "33.74.01.1003", 1), ("dosis 2", "33.74.01.1004", 2))
    load_rows(store, ("dosis 1", "33.74.01.1003", 3), day="2021-09-05")
    city = City(store)
    assert city.indicators("vaccination-1")["value"].tolist() == [1.0, 3.0]
    assert city.indicators(start=date(2021, 9, 2))["value"].tolist() == [3.0]
    assert city.indicators(end=DAY)["value"].tolist() == [1.0, 2.0]
    assert city.indicators(area="33.74.01.1004")["value"].tolist() == [2.0]
    assert len(city.indicators(area="33.74")) == 3


def test_a_name_of_two_areas_is_not_guessed(small_boundaries: Boundaries) -> None:
    areas = small_boundaries.areas.copy()
    areas.loc[areas["code"] == "33.74.01.1004", "name"] = str(
        areas.loc[areas["code"] == "33.74.01", "name"].iloc[0]
    )
    boundaries = Boundaries("twins", areas)
    twin = str(areas.loc[areas["code"] == "33.74.01", "name"].iloc[0])
    import pyarrow as pa  # noqa: PLC0415

    codes = AreaFinder(boundaries).find(
        pa.table(
            {
                "area": [twin, f"Kec. {twin}", f"Kelurahan {twin}", None, None, "Kota Semarang"],
                "kelurahan": pa.array([None, None, None, twin, None, None], pa.string()),
                "kecamatan": pa.array([None, None, None, twin, twin, None], pa.string()),
            }
        )
    )
    kecamatan, kelurahan = "33.74.01", "33.74.01.1004"
    assert codes.tolist() == [None, kecamatan, kelurahan, kelurahan, kecamatan, "33.74"]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_sums_equal_a_recursive_sum_by_area(
    small_boundaries: Boundaries, data: st.DataObject
) -> None:
    areas = small_boundaries.areas
    codes = [*areas["code"].iloc[:30], *areas["code"].iloc[-30:]]
    reported = data.draw(st.dictionaries(st.sampled_from(codes), st.integers(0, 9)))
    parent = dict(zip(areas["code"], areas["parent"], strict=True))
    children = defaultdict(list)
    for code, parent_code in parent.items():
        children[parent_code].append(code)

    def total(code: str) -> int | None:
        if code in reported:
            return reported[code]
        parts = [part for child in children[code] if (part := total(child)) is not None]
        return sum(parts) if parts else None

    frame = pd.DataFrame(
        [
            {"indicator": "tests", "code": code, "date": pd.Timestamp(DAY), "value": float(value)}
            for code, value in reported.items()
        ],
        columns=["indicator", "code", "date", "value"],
    ).assign(unit="orang", summed=0)
    rows = _add_sums(frame, small_boundaries)
    sums: dict[str, Any] = dict(zip(rows["code"], rows["value"], strict=True))
    expected = {code: total(code) for code in areas["code"]}
    assert sums == {code: value for code, value in expected.items() if value is not None}
