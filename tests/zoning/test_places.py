"""Places: where they lie, which is nearest, which has room."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import assemble, save_boundaries
from geodata.city_secret import VARIABLE
from geodata.errors import NotFoundError
from geodata.sample_city import SampleCity
from geodata.store import Store, open_store
from geodata.tables import sheet_of
from tests.databases import NewDatabase
from zoning import City
from zoning.records.intake import IntakeReport, load_sheet
from zoning.records.withdrawing import withdraw

KELURAHAN = "33.74.01.1003"


@pytest.fixture(scope="module")
def store(small_sample: SampleCity, new_database: NewDatabase) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch, open_store(new_database()) as opened:
        patch.setenv(VARIABLE, "a secret of sixteen and more")
        save_boundaries(opened, assemble(small_sample.rt), "sample", {})
        yield opened


def take_in(store: Store, *rows: dict[str, Any]) -> IntakeReport:
    frame = pd.DataFrame(list(rows)).astype(object)
    return load_sheet(store, "places", sheet_of(frame.where(frame.notna(), None)))


def scattered(number: int = 60) -> list[dict[str, Any]]:
    rng = np.random.default_rng(7)
    return [
        {
            "id": f"P-{n:03}",
            "jenis": ("hospital", "puskesmas", "post")[n % 3],
            "nama": f"Tempat {n}",
            "lon": repr(110.40 + 0.04 * rng.random()),
            "lat": repr(-7.0 + 0.03 * rng.random()),
            "kapasitas": str(n % 5),
            "terisi": str(n % 2),
        }
        for n in range(number)
    ]


@pytest.fixture(scope="module")
def city(store: Store) -> City:
    report = take_in(store, *scattered())
    assert report.new == 60
    return City(store)


def test_a_place_whose_point_is_coarse_is_on_the_map_where_nothing_else_says_more(
    store: Store,
) -> None:
    coarse = {"jenis": "posko", "lon": "110.42", "lat": "-6.98"}
    take_in(
        store,
        {"id": "C-1", "nama": "Posko kasar", **coarse},
        {"id": "C-2", "nama": "Posko beralamat", "kelurahan": KELURAHAN, **coarse},
    )
    found = City(store).places("post").set_index("place_id")
    assert found["position"][["C-1", "C-2"]].tolist() == ["coordinates", "area"]
    assert found["area"][["C-1", "C-2"]].tolist() == ["33.74", KELURAHAN]
    assert found.geometry["C-1"].coords[0] == (110.42, -6.98)
    withdraw(store, "places", ["C-1", "C-2"], "of this test alone")


def test_a_place_without_coordinates_lies_in_the_area_its_address_names(store: Store) -> None:
    rt = {"rt": "1", "rw": "1", "kelurahan": KELURAHAN}
    report = take_in(
        store,
        {"id": "A-1", "jenis": "posko", "nama": "Posko", "kelurahan": KELURAHAN},
        {"id": "A-2", "jenis": "posko", "nama": "Posko RT", **rt},
        {"id": "A-3", "jenis": "posko", "nama": "Posko entah", "kelurahan": "Entah"},
    )
    assert report.placed["unplaced"] == 2
    city = City(store)
    found = city.places("post").set_index("place_id")
    boundaries = city.ground().boundaries
    for place, code in (("A-1", KELURAHAN), ("A-2", f"{KELURAHAN}-001-001")):
        assert (found["area"][place], found["position"][place]) == (code, "area")
        assert found.geometry[place].within(boundaries.area(code).geometry)
    assert pd.isna(found["area"]["A-3"])
    assert found.geometry["A-3"] is None


@settings(max_examples=60, deadline=None)
@given(
    lon=st.floats(110.3, 110.5) | st.floats(-180, 180),
    lat=st.floats(-7.1, -6.9) | st.floats(-90, 90),
    limit=st.none() | st.integers(1, 70),
    kind=st.sampled_from([None, "hospital", "post"]),
    room=st.booleans(),
)
def test_the_nearest_are_those_a_walk_over_all_would_find(
    city: City, lon: float, lat: float, limit: int | None, kind: Any, *, room: bool
) -> None:
    index = city.place_index()
    rows, metres = index.nearest(lon, lat, index.chosen(kind=kind, room=room), limit)
    geod = pyproj.Geod(ellps="WGS84")
    walked = sorted(
        geod.inv(lon, lat, float(place["lon"]), float(place["lat"]))[2]
        for n, place in enumerate(scattered())
        if kind in {None, place["jenis"]} and (not room or n % 5 > n % 2)
    )
    # Those that only their address places lie among the others: told apart by their numbers.
    own = index.table["place_id"].iloc[rows].str.startswith("P-").to_numpy()
    expected = walked[: int(own.sum())]
    assert metres[own].tolist() == pytest.approx(expected, abs=1e-6)
    assert (np.diff(metres) >= 0).all()


def test_room_is_what_is_left_and_unknown_where_either_is(store: Store) -> None:
    base = {"jenis": "isolasi", "kelurahan": KELURAHAN}
    take_in(
        store,
        base | {"id": "R-1", "nama": "A", "kapasitas": "10", "terisi": "4"},
        base | {"id": "R-2", "nama": "B", "kapasitas": "10", "terisi": "12"},
        base | {"id": "R-3", "nama": "C", "kapasitas": "10"},
    )
    table = City(store).places("isolation").set_index("place_id")
    assert table["room"].to_dict() == {"R-1": 6, "R-2": 0, "R-3": None}
    index = City(store).place_index()
    chosen = index.table["place_id"].iloc[index.chosen(kind="isolation", room=True)]
    assert chosen.tolist() == ["R-1"]


def test_a_later_file_says_what_is_known_now_and_an_open_city_sees_it(
    store: Store, city: City
) -> None:
    base = {"id": "V-1", "jenis": "vaksinasi", "nama": "Sentra", "kelurahan": KELURAHAN}
    take_in(store, base | {"stok": "vaksin: 100"})
    assert city.places("vaccination")["stock"].tolist() == [{"vaksin": 100}]
    take_in(store, base | {"stok": "vaksin: 40"})
    assert city.places("vaccination")["stock"].tolist() == [{"vaksin": 40}]


def test_an_area_that_is_not_there_is_said(city: City) -> None:
    with pytest.raises(NotFoundError):
        city.place_index().chosen(area="33.99")


def test_within_an_area_at_any_depth(city: City) -> None:
    index = city.place_index()
    boundaries = city.ground().boundaries
    shape = boundaries.area(KELURAHAN).geometry
    inside = {
        f"P-{n:03}"
        for n, place in enumerate(scattered())
        if shape.buffer(-1e-4).contains(_point(place))
    }
    found = set(index.table["place_id"].iloc[index.chosen(area=KELURAHAN)])
    assert inside <= found
    everywhere = set(index.table["place_id"].iloc[index.chosen(area="33.74")])
    assert found < everywhere


def _point(place: dict[str, Any]) -> Any:

    return shapely.Point(float(place["lon"]), float(place["lat"]))


def test_distances_are_metres(city: City, tmp_path: Path) -> None:
    index = city.place_index()
    [(x, y)] = shapely.get_coordinates(index.table.geometry.iloc[int(index.chosen()[0])])
    rows, metres = index.nearest(x, y + 0.001, index.chosen(), 1)
    assert len(rows) == 1
    # A thousandth of a degree of latitude, near the equator.
    assert metres[0] <= 110.6
    assert not math.isnan(metres[0])


def test_a_place_that_was_withdrawn_is_none(store: Store, city: City) -> None:
    base = {"id": "W-1", "jenis": "vaksinasi", "nama": "Salah", "kelurahan": KELURAHAN}
    take_in(store, base)
    assert "W-1" in set(city.places()["place_id"])
    assert withdraw(store, "places", ["W-1"], "typed twice") == 1
    assert "W-1" not in set(city.places()["place_id"])
