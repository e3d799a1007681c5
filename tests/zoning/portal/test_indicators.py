"""Indicators: whose figure it is, what adds up, what was said last."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.boundaries import Boundaries, assemble, save_boundaries
from geodata.sample_city import SampleCity
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import sheet_of
from tests.databases import NewDatabase
from zoning import City
from zoning.portal.indicators import _upward
from zoning.records.area_names import AreaFinder
from zoning.records.intake import IntakeReport, load_sheet

DAY = date(2021, 9, 1)


@pytest.fixture
def store(
    small_sample: SampleCity, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(new_database()) as opened:
        save_boundaries(opened, assemble(small_sample.rt), "sample", {})
        yield opened


def take_in(store: Store, *rows: tuple[str, str, int], day: str = "2021-09-01") -> IntakeReport:
    frame = pd.DataFrame(list(rows), columns=["indikator", "wilayah", "nilai"]).astype(object)
    return load_sheet(store, "indicators", sheet_of(frame.assign(tanggal=day)))


def figures(found: pd.DataFrame) -> dict[str, tuple[float, int]]:
    values = zip(found["value"].tolist(), found["summed"].tolist(), strict=True)
    return dict(zip(found["code"].tolist(), values, strict=True))


def test_doses_add_up_to_areas_that_say_nothing_themselves(store: Store) -> None:
    take_in(store, ("dosis 1", "33.74.01.1003", 10), ("dosis 1", "33.74.01.1004", 5))
    city = City(store)
    assert figures(city.indicators(level="kecamatan")) == {"33.74.01": (15.0, 2)}
    assert figures(city.indicators(level="kota")) == {"33.74": (15.0, 1)}
    take_in(store, ("dosis 1", "33.74.01", 100))
    assert figures(city.indicators(level="kecamatan")) == {"33.74.01": (100.0, 0)}
    assert figures(city.indicators(level="kota")) == {"33.74": (100.0, 1)}
    assert len(city.indicators()) == 3


def test_occupancy_and_what_is_not_known_never_add_up(store: Store) -> None:
    take_in(store, ("BOR", "33.74.01.1003", 70), ("jumlah kucing", "33.74.01.1003", 4))
    city = City(store)
    assert city.indicators(level="kecamatan").empty
    assert set(city.indicators()["indicator"]) == {"bed-occupancy", "jumlah-kucing"}


def test_an_area_named_in_two_ways_has_the_figure_said_last(store: Store) -> None:
    name = City(store).ground().boundaries.area("33.74.01.1003").name
    take_in(store, ("dosis 1", "33.74.01.1003", 10))
    report = take_in(store, ("dosis 1", f"Kel. {name}", 12))
    assert (report.new, report.placed) == (1, {"address": 1, "unplaced": 0})
    assert figures(City(store).indicators()) == {"33.74.01.1003": (12.0, 0)}


def test_an_area_nobody_knows_is_kept_and_told(store: Store) -> None:
    report = take_in(store, ("dosis 1", "Entah Berantah", 10))
    assert (report.new, report.placed) == (1, {"address": 0, "unplaced": 1})
    assert City(store).indicators().empty


def test_days_and_names_and_areas_can_be_chosen(store: Store) -> None:
    take_in(store, ("dosis 1", "33.74.01.1003", 1), ("dosis 2", "33.74.01.1004", 2))
    take_in(store, ("dosis 1", "33.74.01.1003", 3), day="2021-09-05")
    city = City(store)
    assert city.indicators("vaccination-1")["value"].tolist() == [1.0, 3.0]
    assert city.indicators(start=date(2021, 9, 2))["value"].tolist() == [3.0]
    assert city.indicators(end=DAY)["value"].tolist() == [1.0, 2.0]
    assert city.indicators(area="33.74.01.1004")["value"].tolist() == [2.0]
    assert len(city.indicators(area="33.74")) == 3


def test_names_that_two_areas_bear_are_not_guessed(small_sample: SampleCity) -> None:
    whole = assemble(small_sample.rt)
    areas = whole.areas.copy()
    areas.loc[areas["code"] == "33.74.01.1004", "name"] = str(
        areas.loc[areas["code"] == "33.74.01", "name"].iloc[0]
    )
    boundaries = Boundaries("twins", areas)
    twin = str(areas.loc[areas["code"] == "33.74.01", "name"].iloc[0])
    import pyarrow as pa  # noqa: PLC0415

    found = AreaFinder(boundaries).find(
        pa.table(
            {
                "area": [twin, f"Kec. {twin}", f"Kelurahan {twin}", None, None, "Kota Semarang"],
                "kelurahan": pa.array([None, None, None, twin, None, None], pa.string()),
                "kecamatan": pa.array([None, None, None, twin, twin, None], pa.string()),
            }
        )
    )
    above, below = "33.74.01", "33.74.01.1004"
    assert found.tolist() == [None, above, below, below, above, "33.74"]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_sums_are_what_adding_area_by_area_gives(
    small_sample: SampleCity, data: st.DataObject
) -> None:
    boundaries = _boundaries(small_sample)
    areas = boundaries.areas
    codes = [*areas["code"].iloc[:30], *areas["code"].iloc[-30:]]
    given_values = data.draw(st.dictionaries(st.sampled_from(codes), st.integers(0, 9)))
    parent = dict(zip(areas["code"], areas["parent"], strict=True))
    children = defaultdict(list)
    for code, above in parent.items():
        children[above].append(code)

    def total(code: str) -> int | None:
        if code in given_values:
            return given_values[code]
        parts = [part for child in children[code] if (part := total(child)) is not None]
        return sum(parts) if parts else None

    frame = pd.DataFrame(
        [
            {"indicator": "tests", "code": code, "date": pd.Timestamp(DAY), "value": float(value)}
            for code, value in given_values.items()
        ],
        columns=["indicator", "code", "date", "value"],
    ).assign(unit="orang", summed=0)
    every = _upward(frame, boundaries)
    told: dict[str, Any] = dict(zip(every["code"], every["value"], strict=True))
    expected = {code: total(code) for code in areas["code"]}
    assert told == {code: value for code, value in expected.items() if value is not None}


_KNOWN: dict[int, Boundaries] = {}


def _boundaries(sample: SampleCity) -> Boundaries:
    return _KNOWN.setdefault(id(sample), assemble(sample.rt))
