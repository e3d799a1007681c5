"""Places: their position, the nearest, and room."""

import math
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geodata.boundaries import Boundaries, save_boundaries
from geodata.errors import InputError, NotFoundError
from geodata.ledger.withdrawing import withdraw
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import sheet_from_frame
from tests.databases import NewDatabase
from zoning import City
from zoning.placing.indexed_boundaries import BBox
from zoning.portal.places import Places
from zoning.records.intake import IntakeReport, load_sheet

KELURAHAN = "33.74.01.1003"


@pytest.fixture(scope="module")
def store(small_boundaries: Boundaries, new_database: NewDatabase) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SECRET, "a secret of sixteen and more")
        with open_store(new_database()) as opened:
            save_boundaries(opened, small_boundaries, "sample", {})
            yield opened


def load_rows(store: Store, *rows: dict[str, Any]) -> IntakeReport:
    frame = pd.DataFrame(list(rows)).astype(object)
    return load_sheet(store, "places", sheet_from_frame(frame.where(frame.notna(), None)))


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
    report = load_rows(store, *scattered())
    assert report.new == 60
    return City(store)


def test_a_coarse_point_is_used_only_without_an_address(
    store: Store,
) -> None:
    coarse = {"jenis": "posko", "lon": "110.42", "lat": "-6.98"}
    load_rows(
        store,
        {"id": "C-1", "nama": "Posko kasar", **coarse},
        {"id": "C-2", "nama": "Posko beralamat", "kelurahan": KELURAHAN, **coarse},
    )
    places = City(store).places("post").set_index("place_id")
    assert places["position"][["C-1", "C-2"]].tolist() == ["coordinates", "area"]
    assert places["area"][["C-1", "C-2"]].tolist() == ["33.74", KELURAHAN]
    assert places.geometry["C-1"].coords[0] == (110.42, -6.98)
    withdraw(store, "places", ["C-1", "C-2"], "of this test alone")


def test_a_place_without_coordinates_is_in_the_area_of_its_address(store: Store) -> None:
    rt = {"rt": "1", "rw": "1", "kelurahan": KELURAHAN}
    report = load_rows(
        store,
        {"id": "A-1", "jenis": "posko", "nama": "Posko", "kelurahan": KELURAHAN},
        {"id": "A-2", "jenis": "posko", "nama": "Posko RT", **rt},
        {"id": "A-3", "jenis": "posko", "nama": "Posko entah", "kelurahan": "Entah"},
    )
    assert report.placed["unplaced"] == 2
    city = City(store)
    places = city.places("post").set_index("place_id")
    boundaries = city.ground().boundaries
    for place, code in (("A-1", KELURAHAN), ("A-2", f"{KELURAHAN}-001-001")):
        assert (places["area"][place], places["position"][place]) == (code, "area")
        assert places.geometry[place].within(boundaries.area(code).geometry)
    assert pd.isna(places["area"]["A-3"])
    assert places.geometry["A-3"] is None


@settings(max_examples=60, deadline=None)
@given(
    lon=st.floats(110.3, 110.5) | st.floats(-180, 180),
    lat=st.floats(-7.1, -6.9) | st.floats(-90, 90),
    limit=st.none() | st.integers(1, 70),
    kind=st.sampled_from([None, "hospital", "post"]),
    room=st.booleans(),
)
def test_the_nearest_places_equal_a_search_over_all(
    city: City, lon: float, lat: float, limit: int | None, kind: Any, *, room: bool
) -> None:
    index = city.place_index()
    rows, metres = index.nearest(lon, lat, index.matching_rows(kind=kind, room=room), limit)
    geod = pyproj.Geod(ellps="WGS84")
    all_distances = sorted(
        geod.inv(lon, lat, float(place["lon"]), float(place["lat"]))[2]
        for n, place in enumerate(scattered())
        if kind in {None, place["jenis"]} and (not room or n % 5 > n % 2)
    )
    # Places of other tests are in the table too: select ours by their ids.
    is_scattered = index.table["place_id"].iloc[rows].str.startswith("P-").to_numpy()
    expected = all_distances[: int(is_scattered.sum())]
    assert metres[is_scattered].tolist() == pytest.approx(expected, abs=1e-6)
    assert (np.diff(metres) >= 0).all()


def test_room_is_capacity_minus_use_and_unknown_without_either(store: Store) -> None:
    base = {"jenis": "isolasi", "kelurahan": KELURAHAN}
    load_rows(
        store,
        base | {"id": "R-1", "nama": "A", "kapasitas": "10", "terisi": "4"},
        base | {"id": "R-2", "nama": "B", "kapasitas": "10", "terisi": "12"},
        base | {"id": "R-3", "nama": "C", "kapasitas": "10"},
    )
    table = City(store).places("isolation").set_index("place_id")
    assert table["room"].to_dict() == {"R-1": 6, "R-2": 0, "R-3": None}
    index = City(store).place_index()
    ids = index.table["place_id"].iloc[index.matching_rows(kind="isolation", room=True)]
    assert ids.tolist() == ["R-1"]


def test_an_open_city_sees_a_later_file(store: Store, city: City) -> None:
    base = {"id": "V-1", "jenis": "vaksinasi", "nama": "Sentra", "kelurahan": KELURAHAN}
    load_rows(store, base | {"stok": "vaksin: 100"})
    assert city.places("vaccination")["stock"].tolist() == [{"vaksin": 100}]
    load_rows(store, base | {"stok": "vaksin: 40"})
    assert city.places("vaccination")["stock"].tolist() == [{"vaksin": 40}]


def test_an_unknown_area_gives_an_error(city: City) -> None:
    with pytest.raises(NotFoundError):
        city.place_index().matching_rows(area="33.99")


def test_places_are_filtered_by_an_area_of_any_level(city: City) -> None:
    index = city.place_index()
    boundaries = city.ground().boundaries
    shape = boundaries.area(KELURAHAN).geometry
    inside = {
        f"P-{n:03}"
        for n, place in enumerate(scattered())
        if shape.buffer(-1e-4).contains(_point(place))
    }
    ids = set(index.table["place_id"].iloc[index.matching_rows(area=KELURAHAN)])
    assert inside <= ids
    city_ids = set(index.table["place_id"].iloc[index.matching_rows(area="33.74")])
    assert ids < city_ids


def _point(place: dict[str, Any]) -> Any:
    return shapely.Point(float(place["lon"]), float(place["lat"]))


def test_distances_are_metres(city: City, tmp_path: Path) -> None:
    index = city.place_index()
    [(x, y)] = shapely.get_coordinates(index.table.geometry.iloc[int(index.matching_rows()[0])])
    rows, metres = index.nearest(x, y + 0.001, index.matching_rows(), 1)
    assert len(rows) == 1
    # A thousandth of a degree of latitude, near the equator.
    assert metres[0] <= 110.6
    assert not math.isnan(metres[0])


def test_a_withdrawn_place_is_not_listed(store: Store, city: City) -> None:
    base = {"id": "W-1", "jenis": "vaksinasi", "nama": "Salah", "kelurahan": KELURAHAN}
    load_rows(store, base)
    assert "W-1" in set(city.places()["place_id"])
    assert withdraw(store, "places", ["W-1"], "typed twice") == 1
    assert "W-1" not in set(city.places()["place_id"])


# --- Points outside the Earth, and searches that end


class CountedPlaces(Places):
    """Places that count the searches in a box."""

    def __init__(self, points: list[tuple[float, float] | None]) -> None:
        places = [None if point is None else shapely.Point(*point) for point in points]
        self.table = gpd.GeoDataFrame(
            {"place_id": [f"P-{n}" for n in range(len(points))]},
            geometry=gpd.GeoSeries(np.array(places, dtype=object), crs="EPSG:4326"),
        )
        self._search_lock = Lock()
        self._geod = pyproj.Geod(ellps="WGS84")
        self.steps = 0

    def _in_box(self, box: BBox) -> NDArray[np.intp]:
        self.steps += 1
        return super()._in_box(box)


POINT_SETS: dict[str, list[tuple[float, float] | None]] = {
    "nowhere": [],
    "without a point": [None, None],
    "one": [(110.42, -6.98)],
    "all at one point": [(110.42, -6.98)] * 50,
    "antimeridian": [(179.999, -6.98), (-179.999, -6.98), (0.0, -6.98)],
    "poles": [(12.0, 90.0), (-170.0, -90.0), (30.0, 89.99)],
    "stored before such points were rejected": [(210.4, 99.5), (math.inf, -6.9), (110.42, -6.98)],
}
CENTRES = [(110.42, -6.98), (180.0, 0.0), (-180.0, 0.0), (0.0, 90.0), (55.0, -90.0), (-69.6, 7.0)]


@pytest.mark.parametrize("name", POINT_SETS)
@pytest.mark.parametrize("limit", [None, 1, 2, 1000])
def test_a_search_for_the_nearest_ends_after_few_steps_for_any_points(
    name: str, limit: int | None
) -> None:
    places = CountedPlaces(POINT_SETS[name])
    geod = pyproj.Geod(ellps="WGS84")
    all_rows = np.arange(len(POINT_SETS[name]))
    for lon, lat in CENTRES:
        places.steps = 0
        rows, metres = places.nearest(lon, lat, all_rows, limit)
        assert places.steps <= 9
        distances = [
            geod.inv(lon, lat, *point)[2] for point in POINT_SETS[name] if point is not None
        ]
        distances = sorted(distances, key=lambda distance: (math.isnan(distance), distance))[:limit]
        np.testing.assert_allclose(metres, distances, atol=1e-6)
        assert len(rows) == len(distances)


@pytest.mark.parametrize(
    "point", [(210.4, 99.5), (math.nan, 0.0), (0.0, math.inf), (-180.5, 0.0), (0.0, 90.5)]
)
def test_a_search_around_a_point_outside_the_earth_is_rejected(
    city: City, point: tuple[float, float]
) -> None:
    index = city.place_index()
    with pytest.raises(InputError, match="no place on Earth"):
        index.nearest(*point, index.matching_rows())


def test_a_place_outside_the_earth_is_rejected_and_changes_nothing(store: Store) -> None:
    good = {"id": "N-1", "jenis": "posko", "nama": "Posko", "lon": "110.4212", "lat": "-6.9812"}
    assert load_rows(store, good).new == 1
    report = load_rows(
        store,
        good | {"lon": "210.4", "lat": "99.5"},
        good | {"id": "N-2", "lon": "210.4", "lat": "99.5", "kelurahan": KELURAHAN},
    )
    assert (report.rejected, report.corrected, report.new) == (2, 0, 0)
    assert report.rejected_by_reason == {"coordinates-impossible": 2}
    places = City(store).places("post").set_index("place_id")
    assert places.geometry["N-1"].coords[0] == (110.4212, -6.9812)
    assert "N-2" not in places.index
    withdraw(store, "places", ["N-1"], "of this test alone")


def test_stored_places_outside_the_earth_use_their_address_and_are_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    base = {"jenis": "posko", "nama": "Posko", "lon": "110.4212", "lat": "-6.9812"}
    load_rows(store, base | {"id": "O-1"}, base | {"id": "O-2", "kelurahan": KELURAHAN})
    with store.transaction() as transaction:
        transaction.execute(
            "update place_version set lon = 210.4, lat = 99.5, point_reading = 'outside' "
            "where place_id in ('O-1', 'O-2')"
        )
    index = City(store).place_index()
    places = index.table.set_index("place_id")
    assert places.geometry.isna()["O-1"]
    assert places.geometry["O-2"].within(City(store).ground().boundaries.area(KELURAHAN).geometry)
    [line] = [record.getMessage() for record in caplog.records if "Earth" in record.getMessage()]
    assert "O-1, O-2" in line
    rows, _ = index.nearest(110.4212, -6.9812, index.matching_rows())
    assert "O-1" not in set(index.table["place_id"].iloc[rows])
    withdraw(store, "places", ["O-1", "O-2"], "of this test alone")
